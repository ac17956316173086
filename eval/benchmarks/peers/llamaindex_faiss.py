"""LlamaIndex over a FAISS store; its best setting here is its fusion of that store and BM25."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from protocol import Text, main, threads


class _Store:
    """`VectorStoreIndex` over `FaissVectorStore` as the guide has it."""

    batch: int | None = None  # texts embedded at a time; its own choice is 10

    def load(self, model: str) -> None:
        import faiss
        import torch
        from llama_index.core import Settings
        from llama_index.embeddings.huggingface import HuggingFaceEmbedding

        torch.set_num_threads(threads())
        faiss.omp_set_num_threads(1)
        how = {} if self.batch is None else {"embed_batch_size": self.batch}
        Settings.embed_model = HuggingFaceEmbedding(model_name=model, device="cpu", normalize=True, **how)

    def build(self, passages: Sequence[Text], folder: str) -> None:
        import faiss
        from llama_index.core import StorageContext, VectorStoreIndex
        from llama_index.core.schema import TextNode
        from llama_index.vector_stores.faiss import FaissVectorStore

        self.nodes = [TextNode(id_=p.id, text=p.text) for p in passages]
        storage = StorageContext.from_defaults(vector_store=FaissVectorStore(faiss_index=faiss.IndexFlatIP(384)))
        self.index = VectorStoreIndex(self.nodes, storage_context=storage, show_progress=False)

    def save(self, folder: str) -> None:
        self.index.storage_context.persist(folder)

    def open(self, folder: str) -> None:
        from llama_index.core import StorageContext, load_index_from_storage
        from llama_index.vector_stores.faiss import FaissVectorStore

        store = FaissVectorStore.from_persist_dir(folder)
        self.index = load_index_from_storage(StorageContext.from_defaults(vector_store=store, persist_dir=folder))

    def search(self, query: str, k: int) -> list[str]:
        found: Any = self.index.as_retriever(similarity_top_k=k).retrieve(query)
        return [hit.node.node_id for hit in found]


class _Fusion(_Store):
    """Vectors and BM25 fused by rank, no queries made up by a language model."""

    batch = 32

    def build(self, passages: Sequence[Text], folder: str) -> None:
        super().build(passages, folder)
        from llama_index.retrievers.bm25 import BM25Retriever

        self.words = BM25Retriever.from_defaults(nodes=self.nodes, similarity_top_k=50)
        self._fuse()

    def save(self, folder: str) -> None:
        super().save(folder)
        self.words.persist(str(Path(folder) / "bm25"))

    def open(self, folder: str) -> None:
        super().open(folder)
        from llama_index.retrievers.bm25 import BM25Retriever

        self.words = BM25Retriever.from_persist_dir(str(Path(folder) / "bm25"))
        self._fuse()

    def _fuse(self) -> None:
        from llama_index.core.llms import MockLLM
        from llama_index.core.retrievers import QueryFusionRetriever

        self.both = QueryFusionRetriever(
            [self.index.as_retriever(similarity_top_k=50), self.words],
            llm=MockLLM(),
            mode="reciprocal_rerank",
            similarity_top_k=10,
            num_queries=1,
            use_async=False,
        )

    def search(self, query: str, k: int) -> list[str]:
        return [hit.node.node_id for hit in self.both.retrieve(query)[:k]]


if __name__ == "__main__":
    main(
        {"default": _Store, "with BM25": _Fusion},
        [
            "llama-index-core",
            "llama-index-embeddings-huggingface",
            "llama-index-vector-stores-faiss",
            "llama-index-retrievers-bm25",
            "faiss-cpu",
            "sentence-transformers",
            "torch",
        ],
    )
