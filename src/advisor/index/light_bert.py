"""The encoder of `bert` in numpy: for the few short texts of one question, where importing torch would take longer.

Single precision; hidden states equal those of `bert` to five digits. A question takes as long as in torch; many texts
take twice as long and more, so builds leave it alone. Knows nothing of what the means are used for.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits
from tokenizers import Tokenizer

from advisor.errors import ModelError
from advisor.index.bert import WEIGHTS, Shape, Texts, layer_name, open_tokenizer, padded, read_shape
from advisor.models.adapters import changes_of

Array = NDArray[np.float32]
_HALF, _ROOT_HALF = np.float32(0.5), np.float32(0.5**0.5)
# Abramowitz and Stegun, "Handbook of Mathematical Functions", 7.1.26: the error function within 1.5e-7.
_ERF_P = np.float32(0.3275911)
_ERF_A = tuple(np.float32(a) for a in (1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592))


@dataclass(frozen=True, slots=True)
class Joined:
    """The query, key and value weights of a layer side by side, so that one product does for three."""

    weight: Array  # (width, 3 * width)
    bias: Array  # (3 * width,)


@dataclass(frozen=True, slots=True)
class LightBert:
    """An encoder held open: its weights by their published names, and its tokenizer. Threads may share it."""

    shape: Shape
    weights: Mapping[str, Array]
    tokenizer: Tokenizer
    joined: Mapping[str, Joined]  # by layer

    def means(self, texts: Texts) -> Array:
        """The mean hidden state of each text or pair of texts, (texts, width)."""
        ids, mask, types = padded(self.tokenizer, texts)
        states = self.states(ids, mask, types)
        held = mask[..., None].astype(np.float32)
        means: Array = (states * held).sum(axis=1) / held.sum(axis=1)
        return means

    def states(self, ids: NDArray[np.int64], mask: NDArray[np.int64], types: NDArray[np.int64]) -> Array:
        """Hidden states of the last layer, (texts, longest, width), for three arrays of (texts, longest)."""
        word, position, kind = (
            self.weights[f"embeddings.{name}_embeddings.weight"] for name in ("word", "position", "token_type")
        )
        x = self._norm("embeddings.LayerNorm", word[ids] + position[: ids.shape[1]] + kind[types])
        unseen = np.where(mask, np.float32(0), np.float32(-1e9))[:, None, None, :]
        for layer in range(self.shape.layers):
            x = self._layer(layer_name(layer), x, unseen)
        return x

    def _layer(self, name: str, x: Array, unseen: Array) -> Array:
        mixed = self._attended(name, x, unseen)
        x = self._norm(f"{name}.attention.output.LayerNorm", x + self._linear(f"{name}.attention.output.dense", mixed))
        inner = _gelu(self._linear(f"{name}.intermediate.dense", x))
        return self._norm(f"{name}.output.LayerNorm", x + self._linear(f"{name}.output.dense", inner))

    def _attended(self, name: str, x: Array, unseen: Array) -> Array:
        batch, length, width = x.shape
        joined = self.joined[name]
        heads = (x.reshape(-1, width) @ joined.weight + joined.bias).reshape(batch, length, 3, self.shape.heads, -1)
        query, key, value = heads.transpose(2, 0, 3, 1, 4)
        scores = query @ key.transpose(0, 1, 3, 2) / np.float32(query.shape[-1] ** 0.5) + unseen
        shares = np.exp(scores - scores.max(axis=-1, keepdims=True))
        shares /= shares.sum(axis=-1, keepdims=True)
        mixed: Array = (shares @ value).transpose(0, 2, 1, 3).reshape(batch, length, width)
        return mixed

    def _linear(self, name: str, x: Array) -> Array:
        weight, bias = self.weights[f"{name}.weight"], self.weights[f"{name}.bias"]
        flat: Array = x.reshape(-1, x.shape[-1]) @ weight.T + bias  # one large product is faster than one a text
        return flat.reshape(*x.shape[:-1], -1)

    def _norm(self, name: str, x: Array) -> Array:
        apart = x - x.mean(axis=-1, keepdims=True)
        spread = np.sqrt((apart * apart).mean(axis=-1, keepdims=True) + np.float32(self.shape.epsilon))
        scaled: Array = apart / spread * self.weights[f"{name}.weight"] + self.weights[f"{name}.bias"]
        return scaled


def open_light_bert(
    folder: Path, *, longest: int, threads: int = 0, adapter: Mapping[str, Array] | None = None
) -> LightBert:
    """The encoder in this folder, the adapter merged into it, as `bert.open_bert` has it. Raises ModelError as that.

    From then on numpy computes with so many threads in this process; 0 are all cores. More than one spin on for a while
    when their work is done, which half undoes what torch gains by its own: one of the two is to be in use, not both.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    threadpool_limits(limits=threads or os.cpu_count(), user_api="blas")
    try:
        shape = read_shape(folder)
        loaded = load_file(str(folder / WEIGHTS))
        weights = {name.removeprefix("bert."): array.astype(np.float32, copy=False) for name, array in loaded.items()}
        for name, change in changes_of(adapter or {}).items():
            weights[f"{name}.weight"] = weights[f"{name}.weight"] + change
        joined = {name: _join(weights, name) for name in map(layer_name, range(shape.layers))}
        return LightBert(shape, weights, open_tokenizer(folder, shape, longest=longest), joined)
    except (OSError, KeyError, ValueError, SafetensorError) as error:
        raise ModelError(
            f"the encoder in {str(folder)!r} cannot be loaded ({error}); run: advisor models verify"
        ) from error


def _join(weights: Mapping[str, Array], layer: str) -> Joined:
    def side_by_side(kind: str) -> Array:
        parts = ("query", "key", "value")
        return np.concatenate([weights[f"{layer}.attention.self.{part}.{kind}"] for part in parts])

    return Joined(side_by_side("weight").T, side_by_side("bias"))


def _gelu(x: Array) -> Array:
    """Each x times the share of a normal distribution that lies below it (Hendrycks and Gimpel 2016)."""
    apart = np.abs(x * _ROOT_HALF)
    t = 1 / (1 + _ERF_P * apart)
    tail = np.zeros_like(t)
    for a in _ERF_A:
        tail = (tail + a) * t
    below = _HALF * tail * np.exp(-apart * apart)  # of -|x|
    share: Array = np.where(x < 0, below, 1 - below)
    return x * share
