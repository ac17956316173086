"""txtai's embeddings database; its best setting here is `hybrid`, its own BM25 beside the vectors."""

from collections.abc import Sequence

from protocol import Text, main, threads


class _Vectors:
    """`Embeddings(path=…)` as the guide has it: the index chooses itself by the number of rows."""

    hybrid = False

    def load(self, model: str) -> None:
        import torch
        from txtai import Embeddings

        torch.set_num_threads(threads())
        self.index = Embeddings(path=model, hybrid=self.hybrid, gpu=False)

    def build(self, passages: Sequence[Text], folder: str) -> None:
        self.index.index([(p.id, p.text) for p in passages])

    def save(self, folder: str) -> None:
        self.index.save(folder)

    def open(self, folder: str) -> None:
        self.index.load(folder)

    def search(self, query: str, k: int) -> list[str]:
        return [found for found, _score in self.index.search(query, k)]


class _Hybrid(_Vectors):
    """Vectors and BM25, half and half."""

    hybrid = True


if __name__ == "__main__":
    main(
        {"default": _Vectors, "hybrid": _Hybrid},
        ["txtai", "faiss-cpu", "transformers", "torch", "numpy"],
    )
