"""Texts to unit vectors, and how the embedder counts the pieces of a text.

Knows nothing of passages or files of the index. Anything that satisfies `Embedder` can stand in.
"""

import json
import os
from collections import OrderedDict
from collections.abc import Callable, Sequence
from functools import cache, partial
from pathlib import Path
from threading import Lock
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from advisor.errors import ModelError
from advisor.index.bert import in_half_precision, is_bert, open_bert, use_threads
from advisor.index.light_bert import open_light_bert
from advisor.index.sentence_models import open_sentence_encoder
from advisor.text import visible

Vectors = NDArray[np.float32]  # (n, dimension), rows of length one

CACHED_TEXTS = 4096  # about 6 MB of vectors: questions asked again and snippets weighed again cost nothing
ENCODE_BATCH = 8  # texts of like length; of 4 to 64 the fastest
LONGEST_PIECES = 256  # where the folder does not say
FEW_TEXTS = 2  # that a light embedder has in numpy


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


Encode = Callable[[Sequence[str]], Vectors]


class TextEmbedder:
    """A model held open, however it was loaded. Safe to share between threads; remembers recent texts."""

    def __init__(self, encode: Encode, *, name: str, digest: str, dimension: int) -> None:
        self.name = name
        self.digest = digest
        self.dimension = dimension
        self._encode = encode
        self._recent: OrderedDict[str, Vectors] = OrderedDict()
        self._lock = Lock()

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One unit row per text; a text seen lately is not computed again."""
        clean = [visible(text) for text in texts]
        with self._lock:
            known = {text: self._recent[text] for text in clean if text in self._recent}
        fresh = sorted({text for text in clean if text not in known}, key=lambda text: (len(text), text))
        if fresh:
            rows = self._encode(fresh)
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


def open_embedder(
    folder: Path, *, name: str, digest: str, threads: int = 0, halves: bool = False, light: bool = False
) -> TextEmbedder:
    """Load the model in this folder: in a second where it is a BERT encoder with mean pooling, as the default is.

    Other models are loaded by sentence-transformers, whose import alone takes some seconds; the vectors are the same.
    With `halves` such an encoder computes in bfloat16: cosines change in the fourth digit, see docs/decisions/009.
    A `light` one embeds a question in numpy, and torch is not imported before many texts come: docs/decisions/012.
    Raises ModelError where the folder does not hold a loadable model.
    """
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    try:
        if not is_bert(folder) or not _is_mean_pooled(folder):
            encode = open_sentence_encoder(folder)
            use_threads(threads)
        elif light:
            encode = _light_encode(folder, threads=threads, halves=halves)
        else:
            encode = _bert_encode(folder, threads=threads, halves=halves)
        dimension = encode(["dimension"]).shape[1]
    except (OSError, ValueError, KeyError, ModelError) as error:
        raise ModelError(
            f"the embedder in {str(folder)!r} cannot be loaded ({error}); "
            f"run: advisor models verify {name}, then: advisor models pull {name} --force"
        ) from error
    return TextEmbedder(encode, name=name, digest=digest, dimension=dimension)


def _bert_encode(folder: Path, *, threads: int, halves: bool) -> Encode:
    """Mean of the hidden states, brought to length one: what sentence-transformers computes for such a folder."""
    use_threads(threads)
    bert = open_bert(folder, longest=_longest(folder))
    bert = in_half_precision(bert) if halves else bert

    def encode(texts: Sequence[str]) -> Vectors:
        batches = (texts[at : at + ENCODE_BATCH] for at in range(0, len(texts), ENCODE_BATCH))
        return _unit(np.concatenate([bert.means(batch) for batch in batches]))

    return encode


def _light_encode(folder: Path, *, threads: int, halves: bool) -> Encode:
    """The same; a text or two in numpy, more in torch, once they come."""
    light = open_light_bert(folder, longest=_longest(folder), threads=threads)
    heavy = cache(partial(_bert_encode, folder, threads=threads, halves=halves))

    def encode(texts: Sequence[str]) -> Vectors:
        return _unit(light.means(texts)) if len(texts) <= FEW_TEXTS else heavy()(texts)

    return encode


def _unit(vectors: Vectors) -> Vectors:
    unit: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit


def _is_mean_pooled(folder: Path) -> bool:
    """Whether the folder says: transformer, mean pooling, length one; and nothing else."""
    modules = [module["type"].rpartition(".")[2] for module in _read_json(folder / "modules.json", [])]
    pooling = _read_json(folder / "1_Pooling" / "config.json", {})
    modes = {key for key, value in pooling.items() if key.startswith("pooling_mode_") and value}
    return modules == ["Transformer", "Pooling", "Normalize"] and modes == {"pooling_mode_mean_tokens"}


def _longest(folder: Path) -> int:
    """The most word pieces of a text that are read, start and end marks included."""
    return int(_read_json(folder / "sentence_bert_config.json", {}).get("max_seq_length") or LONGEST_PIECES)


def _read_json(path: Path, missing: Any) -> Any:
    return json.loads(path.read_text("utf-8")) if path.is_file() else missing


def whole_words(folder: Path) -> frozenset[str]:
    """The words that the tokenizer of this folder knows as one piece: a few ten thousand, common ones.

    Empty where its pieces are none of words. Source: the WordPiece vocabulary of BERT, whose pieces inside a word are
    marked by ##.
    """
    pieces = _read_json(folder / "tokenizer.json", {}).get("model", {}).get("vocab", {})
    marked = any(piece.startswith("##") for piece in pieces) if isinstance(pieces, dict) else False
    return frozenset(piece for piece in pieces if piece.isalpha()) if marked else frozenset()


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
