"""LangChain's FAISS store; its best setting here is its ensemble of that store and BM25."""

import pickle
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from protocol import Text, main, threads


class _Store:
    """`FAISS.from_texts` as the guide has it."""

    def load(self, model: str) -> None:
        import torch
        from langchain_community.vectorstores import FAISS  # noqa: F401 - its import is part of what is timed
        from langchain_huggingface import HuggingFaceEmbeddings

        torch.set_num_threads(threads())
        self.embeddings = HuggingFaceEmbeddings(
            model_name=model, model_kwargs={"device": "cpu"}, encode_kwargs={"normalize_embeddings": True}
        )

    def build(self, passages: Sequence[Text], folder: str) -> None:
        from langchain_community.vectorstores import FAISS

        self.store = FAISS.from_texts(
            [p.text for p in passages], self.embeddings, metadatas=[{"id": p.id} for p in passages]
        )

    def save(self, folder: str) -> None:
        self.store.save_local(folder)

    def open(self, folder: str) -> None:
        from langchain_community.vectorstores import FAISS

        self.store = FAISS.load_local(folder, self.embeddings, allow_dangerous_deserialization=True)

    def search(self, query: str, k: int) -> list[str]:
        return [found.metadata["id"] for found in self.store.similarity_search(query, k=k)]


class _Ensemble(_Store):
    """Vectors and BM25 fused by rank, half and half, as the guide has it."""

    def build(self, passages: Sequence[Text], folder: str) -> None:
        from langchain_community.retrievers import BM25Retriever

        super().build(passages, folder)
        self.words = BM25Retriever.from_texts([p.text for p in passages], metadatas=[{"id": p.id} for p in passages])
        self._fuse()

    def save(self, folder: str) -> None:
        super().save(folder)
        with (Path(folder) / "bm25.pickle").open("wb") as file:
            pickle.dump(self.words, file)

    def open(self, folder: str) -> None:
        super().open(folder)
        with (Path(folder) / "bm25.pickle").open("rb") as file:
            self.words = pickle.load(file)  # it has no format of its own
        self._fuse()

    def _fuse(self) -> None:
        from langchain_classic.retrievers import EnsembleRetriever

        depth = 50
        self.words.k = depth
        near: Any = self.store.as_retriever(search_kwargs={"k": depth})
        self.both = EnsembleRetriever(retrievers=[self.words, near], weights=[0.5, 0.5], id_key="id")

    def search(self, query: str, k: int) -> list[str]:
        return [found.metadata["id"] for found in self.both.invoke(query)[:k]]


if __name__ == "__main__":
    main(
        {"default": _Store, "with BM25": _Ensemble},
        [
            "langchain",
            "langchain-core",
            "langchain-classic",
            "langchain-community",
            "langchain-huggingface",
            "faiss-cpu",
            "rank-bm25",
            "sentence-transformers",
            "torch",
        ],
    )
