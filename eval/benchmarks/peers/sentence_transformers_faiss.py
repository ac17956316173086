"""Plain sentence-transformers and a flat FAISS index: what one writes in twenty lines."""

import json
from collections.abc import Sequence
from pathlib import Path

from protocol import Text, main, threads


class _Plain:
    """Cosines of all passages, exactly."""

    halves = False

    def load(self, model: str) -> None:
        import faiss
        import torch
        from sentence_transformers import SentenceTransformer

        torch.set_num_threads(threads())
        faiss.omp_set_num_threads(1)
        how = {"dtype": torch.bfloat16} if self.halves else {}
        self.model = SentenceTransformer(model, device="cpu", local_files_only=True, model_kwargs=how)

    def build(self, passages: Sequence[Text], folder: str) -> None:
        import faiss

        vectors = self.model.encode([p.text for p in passages], normalize_embeddings=True, show_progress_bar=False)
        self.index = faiss.IndexFlatIP(vectors.shape[1])
        self.index.add(vectors)
        self.ids = [p.id for p in passages]

    def save(self, folder: str) -> None:
        import faiss

        faiss.write_index(self.index, str(Path(folder) / "vectors.faiss"))
        (Path(folder) / "ids.json").write_text(json.dumps(self.ids), encoding="utf-8")

    def open(self, folder: str) -> None:
        import faiss

        self.index = faiss.read_index(str(Path(folder) / "vectors.faiss"))
        self.ids = json.loads((Path(folder) / "ids.json").read_text(encoding="utf-8"))

    def search(self, query: str, k: int) -> list[str]:
        vector = self.model.encode([query], normalize_embeddings=True, show_progress_bar=False)
        return [self.ids[row] for row in self.index.search(vector, k)[1][0] if row >= 0]


class _Half(_Plain):
    """The same with the model in half precision, queries too."""

    halves = True


if __name__ == "__main__":
    main(
        {"default": _Plain, "bfloat16": _Half}, ["sentence-transformers", "faiss-cpu", "transformers", "torch", "numpy"]
    )
