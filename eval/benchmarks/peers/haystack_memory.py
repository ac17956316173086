"""Haystack's document store in memory; its best setting here joins it with the store's own BM25."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from protocol import Text, main, threads

FILE = "store.json"


class _Store:
    """The embedders and the embedding retriever of the guide."""

    def load(self, model: str) -> None:
        import torch
        from haystack.utils import ComponentDevice
        from haystack_integrations.components.embedders.sentence_transformers import (
            SentenceTransformersDocumentEmbedder,
            SentenceTransformersTextEmbedder,
        )

        torch.set_num_threads(threads())
        how: dict[str, Any] = {
            "model": model,
            "device": ComponentDevice.from_str("cpu"),
            "progress_bar": False,
            "normalize_embeddings": True,
        }
        self.of_documents = SentenceTransformersDocumentEmbedder(**how)
        self.of_queries = SentenceTransformersTextEmbedder(**how)
        self.of_queries.warm_up()

    def build(self, passages: Sequence[Text], folder: str) -> None:
        from haystack import Document
        from haystack.document_stores.in_memory import InMemoryDocumentStore

        self.of_documents.warm_up()
        self.store = InMemoryDocumentStore(embedding_similarity_function="dot_product")
        documents = [Document(id=p.id, content=p.text) for p in passages]
        self.store.write_documents(self.of_documents.run(documents)["documents"])
        self._retrieve()

    def save(self, folder: str) -> None:
        self.store.save_to_disk(str(Path(folder) / FILE))

    def open(self, folder: str) -> None:
        from haystack.document_stores.in_memory import InMemoryDocumentStore

        self.store = InMemoryDocumentStore.load_from_disk(str(Path(folder) / FILE))
        self._retrieve()

    def _retrieve(self) -> None:
        from haystack.components.retrievers.in_memory import InMemoryEmbeddingRetriever

        self.near = InMemoryEmbeddingRetriever(self.store)

    def search(self, query: str, k: int) -> list[str]:
        vector = self.of_queries.run(query)["embedding"]
        return [found.id for found in self.near.run(query_embedding=vector, top_k=k)["documents"]]


class _Joined(_Store):
    """Vectors and BM25 fused by rank."""

    def _retrieve(self) -> None:
        from haystack.components.joiners import DocumentJoiner
        from haystack.components.retrievers.in_memory import InMemoryBM25Retriever

        super()._retrieve()
        self.words = InMemoryBM25Retriever(self.store)
        self.joiner = DocumentJoiner(join_mode="reciprocal_rank_fusion")

    def search(self, query: str, k: int) -> list[str]:
        vector = self.of_queries.run(query)["embedding"]
        near = self.near.run(query_embedding=vector, top_k=50)["documents"]
        words = self.words.run(query=query, top_k=50)["documents"]
        return [found.id for found in self.joiner.run([words, near], top_k=k)["documents"]]


if __name__ == "__main__":
    main(
        {"default": _Store, "with BM25": _Joined},
        ["haystack-ai", "sentence-transformers-haystack", "sentence-transformers", "torch", "numpy"],
    )
