"""A BERT encoder in plain torch: token ids to hidden states, and the reading of its folder.

The two libraries that usually do this take four seconds to import; torch takes one, and `light_bert` none. Owns the
architecture of Devlin et al. 2018 ("BERT: Pre-training of Deep Bidirectional Transformers"), as post-norm with absolute
positions, and low-rank adapters merged into its weights (Hu et al. 2021, "LoRA"). Knows nothing of what hidden states
are used for.
"""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from advisor.errors import ModelError
from advisor.index.attention import attend
from advisor.models.adapters import changes_of

if TYPE_CHECKING:
    from tokenizers import Tokenizer
    from torch import Tensor

Texts = Sequence[str | tuple[str, str]]  # single ones, or pairs

WEIGHTS, CONFIG, TOKENIZER = "model.safetensors", "config.json", "tokenizer.json"
_WORDS = "embeddings.word_embeddings.weight"
_LINEARS = (
    "attention.self.query",
    "attention.self.key",
    "attention.self.value",
    "attention.output.dense",
    "intermediate.dense",
    "output.dense",
)


@dataclass(frozen=True, slots=True)
class Shape:
    """What the configuration says of an encoder."""

    layers: int
    heads: int
    epsilon: float  # of the layer norms
    positions: int


@dataclass(frozen=True, slots=True)
class Tokens:
    """A batch of token ids, each (texts, longest); `mask` is 1 where a token is one, `types` 1 in a second text."""

    ids: "Tensor"
    mask: "Tensor"
    types: "Tensor"


@dataclass(frozen=True, slots=True)
class Joined:
    """The query, key and value weights of a layer, one below the other: a third of the calls, and a third faster."""

    weight: "Tensor"  # (3 * width, width)
    bias: "Tensor"  # (3 * width,)


@dataclass(frozen=True, slots=True)
class Bert:
    """An encoder held open: its weights by their published names, and its tokenizer. Threads may share it."""

    shape: Shape
    weights: "Mapping[str, Tensor]"
    tokenizer: "Tokenizer"
    joined: "Mapping[str, Joined]" = field(default_factory=dict)  # by layer; made anew each time where it is missing

    def means(self, texts: Texts) -> NDArray[np.float32]:
        """The mean hidden state of each text or pair of texts, (texts, width)."""
        import torch

        with torch.inference_mode():
            tokens = self.tokens(texts)
            mask = tokens.mask[..., None].float()
            means: NDArray[np.float32] = ((self.states(tokens).float() * mask).sum(1) / mask.sum(1)).numpy()
        return means

    def tokens(self, texts: Texts) -> Tokens:
        """The texts, or pairs of texts, as one padded batch; what is too long is cut, of a pair from the longer."""
        import torch

        return Tokens(*map(torch.from_numpy, padded(self.tokenizer, texts)))

    def states(self, tokens: Tokens) -> "Tensor":
        """Hidden states of the last layer, (texts, longest, width)."""
        x = self._embedded(tokens)
        attended = tokens.mask[:, None, None, :].bool()
        for layer in range(self.shape.layers):
            x = self._layer(layer_name(layer), x, attended)
        return x

    def _embedded(self, tokens: Tokens) -> "Tensor":
        from torch.nn import functional

        words = self.weights[_WORDS]
        positions = self.weights["embeddings.position_embeddings.weight"]
        types = self.weights["embeddings.token_type_embeddings.weight"]
        own = words[tokens.ids].to(types.dtype)
        x = own + positions[: tokens.ids.shape[1]] + functional.embedding(tokens.types, types)
        return self._norm("embeddings.LayerNorm", x)

    def _layer(self, name: str, x: "Tensor", attended: "Tensor") -> "Tensor":
        from torch.nn import functional

        batch, length, width = x.shape
        joined = self.joined.get(name) or join(self.weights, name)
        heads = functional.linear(x, joined.weight, joined.bias).view(batch, length, 3, self.shape.heads, -1)
        query, key, value = heads.permute(2, 0, 3, 1, 4)
        mixed = attend(query, key, value, attended).transpose(1, 2).reshape(batch, length, width)
        x = self._norm(f"{name}.attention.output.LayerNorm", x + self._linear(f"{name}.attention.output.dense", mixed))
        inner = functional.gelu(self._linear(f"{name}.intermediate.dense", x))
        return self._norm(f"{name}.output.LayerNorm", x + self._linear(f"{name}.output.dense", inner))

    def _linear(self, name: str, x: "Tensor") -> "Tensor":
        from torch.nn import functional

        return functional.linear(x, self.weights[f"{name}.weight"], self.weights[f"{name}.bias"])

    def _norm(self, name: str, x: "Tensor") -> "Tensor":
        from torch.nn import functional

        weight, bias = self.weights[f"{name}.weight"], self.weights[f"{name}.bias"]
        return functional.layer_norm(x, weight.shape, weight, bias, self.shape.epsilon)


def join(weights: "Mapping[str, Tensor]", layer: str) -> Joined:
    """The three weights through which a layer attends, as one."""
    import torch

    parts = [f"{layer}.attention.self.{part}" for part in ("query", "key", "value")]
    return Joined(*(torch.cat([weights[f"{part}.{kind}"] for part in parts]) for kind in ("weight", "bias")))


def _joined(bert: Bert) -> Bert:
    layers = (layer_name(layer) for layer in range(bert.shape.layers))
    return replace(bert, joined={layer: join(bert.weights, layer) for layer in layers})


def is_bert(folder: Path) -> bool:
    """Whether the folder holds an encoder that this module reads: BERT, GELU, absolute positions, safetensors."""
    if not all((folder / name).is_file() for name in (WEIGHTS, CONFIG, TOKENIZER)):
        return False
    config = _config(folder)
    plain = config.get("model_type") == "bert" and config.get("hidden_act") == "gelu"
    return plain and config.get("position_embedding_type", "absolute") == "absolute"


def layer_name(layer: int) -> str:
    """What a layer's weights are called, up to its parts."""
    return f"encoder.layer.{layer}"


def read_shape(folder: Path) -> Shape:
    """What the folder's configuration says. Raises OSError, KeyError or ValueError."""
    config = _config(folder)
    return Shape(
        layers=int(config["num_hidden_layers"]),
        heads=int(config["num_attention_heads"]),
        epsilon=float(config["layer_norm_eps"]),
        positions=int(config["max_position_embeddings"]),
    )


def open_tokenizer(folder: Path, shape: Shape, *, longest: int) -> "Tokenizer":
    """The tokenizer of the folder, which cuts what is too long, of a pair from the longer."""
    from tokenizers import Tokenizer

    tokenizer: Tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
    tokenizer.no_padding()
    # once, and not for each batch: threads share the tokenizer, and one may not change it while another reads
    tokenizer.enable_truncation(min(longest, shape.positions), strategy="longest_first")
    return tokenizer


def padded(tokenizer: "Tokenizer", texts: Texts) -> tuple[NDArray[np.int64], ...]:
    """Ids, mask and types of the texts, or pairs of texts, each (texts, longest); what is too long is cut."""
    encoded = tokenizer.encode_batch(list(texts))
    longest = max(len(one.ids) for one in encoded)
    found = np.zeros((3, len(encoded), longest), dtype=np.int64)
    for row, one in enumerate(encoded):
        found[:, row, : len(one.ids)] = one.ids, one.attention_mask, one.type_ids
    return tuple(found)


def open_bert(folder: Path, *, longest: int, adapter: Mapping[str, NDArray[np.float32]] | None = None) -> Bert:
    """The encoder in this folder, with the adapter's low-rank matrices merged into its weights at no later cost.

    It reads at most `longest` pieces of a text, or of a pair, start and end marks included.

    An adapter holds, for linear layers of the encoder, NAME.down (rank, in) and NAME.up (out, rank): up @ down is
    added to its weight. Raises ModelError where a file is missing or does not fit.
    """
    import torch
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        shape = read_shape(folder)
        weights = {name.removeprefix("bert."): tensor.float() for name, tensor in _weights(load_file, folder).items()}
        for name, change in changes_of(adapter or {}).items():
            weights[f"{name}.weight"] = weights[f"{name}.weight"] + torch.from_numpy(change)
        return _joined(Bert(shape, weights, open_tokenizer(folder, shape, longest=longest)))
    except (OSError, KeyError, ValueError, RuntimeError, SafetensorError) as error:
        raise ModelError(
            f"the encoder in {str(folder)!r} cannot be loaded ({error}); run: advisor models verify"
        ) from error


def use_threads(threads: int) -> None:
    """How many threads torch computes with in this process; 0 are all cores."""
    import torch

    torch.set_num_threads(threads or os.cpu_count() or 1)


def halves_are_fast() -> bool:
    """Whether this processor multiplies bfloat16 itself; on others it is slower than single precision."""
    import torch

    able = torch.cpu.get_capabilities()
    return bool(able.get("avx512_bf16") or able.get("amx_bf16"))


def in_half_precision(bert: Bert) -> Bert:
    """The encoder in bfloat16: two to three times as fast where `halves_are_fast`, equal to two or three digits.

    The table of words, half of all weights, stays as it is: the few rows that a text needs are rounded as it is read.
    """
    import torch

    halves = {name: tensor.to(torch.bfloat16) for name, tensor in bert.weights.items() if name != _WORDS}
    return _joined(replace(bert, weights=halves | {_WORDS: bert.weights[_WORDS]}))


def linear_names(shape: Shape) -> tuple[str, ...]:
    """The linear layers of an encoder, as an adapter names them."""
    return tuple(f"encoder.layer.{layer}.{part}" for layer in range(shape.layers) for part in _LINEARS)


def _weights(load: Any, folder: Path) -> "dict[str, Tensor]":
    loaded: dict[str, Tensor] = load(folder / WEIGHTS)
    return loaded


def _config(folder: Path) -> dict[str, Any]:
    config: dict[str, Any] = json.loads((folder / CONFIG).read_text("utf-8"))
    return config
