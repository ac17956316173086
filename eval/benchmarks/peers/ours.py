"""The project's own search, through the parts that the product uses: as it is, and its vectors alone."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from protocol import Text, main, threads


class _Hybrid:
    """Vectors and BM25 as `advisor search` has them, over a build that is published and verified.

    As the product does, passages are embedded in half precision where the processor has it, and queries in single; by
    numpy, as `advisor search` does for one query.
    """

    halves = True

    def load(self, model: str) -> None:
        from advisor.index.embedding import open_embedder
        from advisor.models import weights_digest

        self.folder = Path(model)
        self.digest = weights_digest(self.folder)
        self.embedder = open_embedder(
            self.folder, name=self.folder.name, digest=self.digest, threads=threads(), light=True
        )

    def build(self, passages: Sequence[Text], folder: str) -> None:
        from advisor.index.dense import DenseIndex
        from advisor.index.lexical import build_lexical
        from advisor.index.publish import Contents, Lines
        from advisor.records import Document, Passage, Section
        from advisor.text import content_hash

        documents = tuple(
            Document(p.id, "", p.text, (Section((), 0, len(p.text)),), content_hash(p.text)) for p in passages
        )
        cut = tuple(Passage(p.id, p.id, "", (), 0, len(p.text), p.text) for p in passages)
        vectors = self._embedded([p.text for p in passages])
        rows = np.arange(len(cut), dtype=np.int32)
        lines = Lines({p.id: row for row, p in enumerate(passages)}, vectors, rows, DenseIndex(vectors))
        lexical = build_lexical([p.text for p in passages])
        self.contents = Contents(documents, cut, vectors, lexical, lines, DenseIndex(vectors).graph)

    def _embedded(self, texts: Sequence[str]) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
        """Texts of one length together, as a build of the product has them."""
        from advisor.index.bert import halves_are_fast
        from advisor.index.build import EMBED_STRIDE
        from advisor.index.embedding import open_embedder

        halves = self.halves and halves_are_fast()
        builder = open_embedder(
            self.folder, name=self.folder.name, digest=self.digest, threads=threads(), halves=halves
        )
        vectors = np.zeros((len(texts), self.embedder.dimension), dtype=np.float32)
        order = sorted(range(len(texts)), key=lambda row: len(texts[row]))
        for at in range(0, len(order), EMBED_STRIDE):
            rows = order[at : at + EMBED_STRIDE]
            vectors[rows] = builder.embed([texts[row] for row in rows])
        return vectors

    def save(self, folder: str) -> None:
        from advisor.corpus.chunking import CHUNKER_VERSION
        from advisor.index import publish

        manifest = publish.Manifest(
            format=publish.FORMAT,
            build="benchmark",
            created_at="",
            embedder=self.embedder.name,
            embedder_digest=self.embedder.digest,
            dimension=self.embedder.dimension,
            chunker_version=CHUNKER_VERSION,
            documents={document.key: document.digest for document in self.contents.documents},
            passages=len(self.contents.passages),
            files={},
        )
        staged = Path(folder) / "builds" / ".staged"
        publish.write_build(staged, manifest, self.contents)
        publish.publish(Path(folder), staged, manifest.build)
        self.open(folder)

    def open(self, folder: str) -> None:
        from advisor.index.publish import open_snapshot

        self.snapshot = open_snapshot(Path(folder))
        self.vocabulary = self.snapshot.lexical.rarity().keys()

    def search(self, query: str, k: int) -> list[str]:
        from advisor.search.hybrid import search
        from advisor.search.query import read_question, understand

        asked = understand(read_question(query, max_chars=len(query)), (), vocabulary=self.vocabulary)
        vector = self.embedder.embed([asked.standalone])[0]
        return [hit.passage.document for hit in search(self.snapshot, asked, vector=vector, k=k)]


class _Vectors(_Hybrid):
    """The vectors alone, in single precision throughout."""

    halves = False

    def search(self, query: str, k: int) -> list[str]:
        vector = self.embedder.embed([query])[0]
        return [self.snapshot.passages[hit.row].document for hit in self.snapshot.dense.search(vector, k)]


if __name__ == "__main__":
    main(
        {"default": _Hybrid, "vectors alone": _Vectors},
        ["career-advisor", "torch", "faiss-cpu", "bm25s", "tokenizers", "numpy"],
    )
