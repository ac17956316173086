"""Texts to unit vectors: the door of sentence-transformers, and of the embedder's own tokenizer.

Knows nothing of passages or files of the index. Anything that satisfies `Embedder` can stand in.
"""

import os
from collections import OrderedDict
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Lock
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from advisor.errors import ModelError
from advisor.text import visible

Vectors = NDArray[np.float32]  # (n, dimension), rows of length one

CACHED_TEXTS = 4096  # about 6 MB of vectors: questions asked again and snippets weighed again cost nothing
ENCODE_BATCH = 32


class Embedder(Protocol):
    """What turns texts into vectors whose inner product is their cosine."""

    @property
    def name(self) -> str:
        """Name of the model, as the catalogue or the user calls it."""

    @property
    def digest(self) -> str:
        """Identifies the weights: vectors of two digests must never meet."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One unit row per text, in order."""


class SentenceEmbedder:
    """A sentence-transformers model held open. Safe to share between threads; remembers recent texts."""

    def __init__(self, folder: Path, *, name: str, digest: str, threads: int = 0) -> None:
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        import torch
        from sentence_transformers import SentenceTransformer

        torch.set_num_threads(threads or os.cpu_count() or 1)
        try:
            # str(): a Path raises TypeError in sentence-transformers 6
            self._model = SentenceTransformer(
                str(folder),
                device="cpu",
                local_files_only=True,
                trust_remote_code=False,
                model_kwargs={"use_safetensors": True},
            )
        except (OSError, ValueError, KeyError) as error:
            raise ModelError(
                f"the embedder in {str(folder)!r} cannot be loaded ({error}); "
                f"run: advisor models verify {name}, then: advisor models pull {name} --force"
            ) from error
        self.name = name
        self.digest = digest
        self.dimension = int(self._model.get_embedding_dimension())
        self._recent: OrderedDict[str, Vectors] = OrderedDict()
        self._lock = Lock()

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One unit row per text; a text seen lately is not computed again."""
        clean = [visible(text) for text in texts]
        with self._lock:
            known = {text: self._recent[text] for text in clean if text in self._recent}
        fresh = sorted({text for text in clean if text not in known}, key=lambda text: (len(text), text))
        if fresh:
            rows = self._model.encode(
                fresh, batch_size=ENCODE_BATCH, normalize_embeddings=True, show_progress_bar=False
            ).astype(np.float32)
            known |= dict(zip(fresh, rows, strict=True))
            self._remember(fresh, rows)
        if not clean:
            return np.zeros((0, self.dimension), dtype=np.float32)
        return np.stack([known[text] for text in clean])

    def _remember(self, texts: Sequence[str], rows: Vectors) -> None:
        with self._lock:
            self._recent.update(zip(texts, rows, strict=True))
            while len(self._recent) > CACHED_TEXTS:
                self._recent.popitem(last=False)


def open_embedder(folder: Path, *, name: str, digest: str, threads: int = 0) -> SentenceEmbedder:
    """Load the model in this folder; takes seconds the first time, mostly for the library's own import.

    Raises ModelError where the folder does not hold a loadable model.
    """
    return SentenceEmbedder(folder, name=name, digest=digest, threads=threads)


def piece_counter(folder: Path) -> Callable[[str], int]:
    """Count word pieces, start and end marks included, as the model in this folder will."""
    from tokenizers import Tokenizer

    path = folder / "tokenizer.json"
    if not path.is_file():
        raise ModelError(f"{str(path)!r} is missing: an embedder needs its tokenizer; run: advisor models verify")
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return lambda text: len(tokenizer.encode(visible(text)).ids)
