"""Chroma on disk; its best setting here walks its graph more broadly. It has no BM25 of its own on one machine."""

from collections.abc import Sequence

from protocol import Text, main, threads

NAME = "passages"
MOST = 1000  # passages it is given at a time


class _Store:
    """A collection with cosine distances, otherwise as it comes."""

    graph: dict[str, object] = {"space": "cosine"}  # noqa: RUF012 - a setting, not state

    def load(self, model: str) -> None:
        import torch
        from chromadb.utils.embedding_functions import SentenceTransformerEmbeddingFunction

        torch.set_num_threads(threads())
        self.embed = SentenceTransformerEmbeddingFunction(model_name=model, device="cpu", normalize_embeddings=True)

    def build(self, passages: Sequence[Text], folder: str) -> None:
        self._connect(folder)
        self.collection = self.client.create_collection(
            NAME, embedding_function=self.embed, configuration={"hnsw": self.graph}
        )
        for at in range(0, len(passages), MOST):
            some = passages[at : at + MOST]
            self.collection.add(ids=[p.id for p in some], documents=[p.text for p in some])

    def save(self, folder: str) -> None:
        """Chroma writes as it goes."""

    def open(self, folder: str) -> None:
        self._connect(folder)
        self.collection = self.client.get_collection(NAME, embedding_function=self.embed)

    def _connect(self, folder: str) -> None:
        import chromadb
        from chromadb.config import Settings

        self.client = chromadb.PersistentClient(folder, settings=Settings(anonymized_telemetry=False))

    def search(self, query: str, k: int) -> list[str]:
        found: list[str] = self.collection.query(query_texts=[query], n_results=k)["ids"][0]
        return found


class _Broad(_Store):
    """The same with a broader walk, in building and in searching."""

    graph = {"space": "cosine", "ef_construction": 200, "ef_search": 256, "max_neighbors": 32}  # noqa: RUF012


if __name__ == "__main__":
    main({"default": _Store, "broader graph": _Broad}, ["chromadb", "sentence-transformers", "torch", "numpy"])
