"""The door of sentence-transformers: models that code of our own cannot read. Its import alone takes some seconds.

Models run on the processor, from safetensors, without remote code or network. Knows nothing of what they are for.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from advisor.errors import ModelError

Numbers = NDArray[np.float32]
BATCH = 16
_LOCAL: dict[str, Any] = {
    "device": "cpu",
    "local_files_only": True,
    "trust_remote_code": False,
    "model_kwargs": {"use_safetensors": True},
}


def open_sentence_encoder(folder: Path) -> Callable[[Sequence[str]], Numbers]:
    """What turns texts into unit rows, (texts, dimension). Raises OSError, ValueError or KeyError."""
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(folder), **_LOCAL)  # str(): a Path raises TypeError in sentence-transformers 6

    def encode(texts: Sequence[str]) -> Numbers:
        rows = model.encode(list(texts), batch_size=BATCH, normalize_embeddings=True, show_progress_bar=False)
        found: Numbers = rows.astype(np.float32)
        return found

    return encode


def open_cross_encoder(folder: Path, *, name: str) -> Callable[[Sequence[tuple[str, str]]], Numbers]:
    """What scores pairs of a question and a passage, (pairs,); higher is better.

    Raises ModelError where the folder holds no loadable cross-encoder, or one that tells several numbers of a pair.
    """
    from safetensors import SafetensorError
    from sentence_transformers import CrossEncoder

    try:
        model = CrossEncoder(str(folder), **_LOCAL)
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
        raise ModelError(
            f"the cross-encoder in {str(folder)!r} cannot be loaded ({error}); run: advisor models verify {name}"
        ) from error
    if model.num_labels != 1:
        raise ModelError(
            f"the cross-encoder in {str(folder)!r} sorts pairs into {model.num_labels} classes; "
            "give one with a single score, such as ms-marco-MiniLM-L6-v2"
        )

    def score(pairs: Sequence[tuple[str, str]]) -> Numbers:
        told = model.predict(list(pairs), batch_size=BATCH, show_progress_bar=False, convert_to_numpy=True)
        return np.asarray(told, dtype=np.float32)

    return score
