"""The default writer with low-rank matrices beside its frozen linear layers. Knows nothing of rows or of training."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers import AutoModelForCausalLM, AutoTokenizer
from transformers.utils import logging as transformers_logging

from advisor.answer.adapted import ADAPTED
from advisor.answer.generate import is_ready, unpack, unpacked_place
from advisor.index.bert import halves_are_fast

RANK, SCALE = 8, 2.0


@dataclass(frozen=True)
class Opened:
    """The model, frozen, and whether it is in half precision."""

    model: Any
    tokenizer: Any
    halves: bool


class LowRank(nn.Module):
    """A frozen linear layer and what is learnt beside it: its output gains SCALE · up · down · input."""

    def __init__(self, linear: nn.Linear) -> None:
        super().__init__()
        self.linear = linear
        device = linear.weight.device
        self.down = nn.Parameter(torch.randn(RANK, linear.in_features, device=device) / math.sqrt(linear.in_features))
        self.up = nn.Parameter(torch.zeros(linear.out_features, RANK, device=device))

    def forward(self, x: Tensor) -> Tensor:
        """The layer's output."""
        down, up = self.down.to(x.dtype), self.up.to(x.dtype)
        return self.linear(x) + SCALE * functional.linear(functional.linear(x, down), up)


def open_model(folder: Path, unpacked_dir: Path, *, precision: str) -> Opened:
    """The model of this folder; in bfloat16 where that is asked for, or where the processor multiplies it itself."""
    transformers_logging.disable_progress_bar()
    ready = folder if is_ready(folder) else unpack(folder, unpacked_place(folder, unpacked_dir))
    halves = precision == "bf16" or (precision == "auto" and (torch.cuda.is_available() or halves_are_fast()))
    model = AutoModelForCausalLM.from_pretrained(
        str(ready), local_files_only=True, use_safetensors=True, dtype=torch.bfloat16 if halves else torch.float32
    )
    return Opened(model.eval().requires_grad_(False), AutoTokenizer.from_pretrained(str(ready)), halves)


def adapted(model: Any, start: Mapping[str, Tensor] | None = None) -> dict[str, LowRank]:
    """Put matrices beside each layer that an adapter may change; new ones change nothing yet. By the layer's name."""
    layers: dict[str, LowRank] = {}
    for name, module in list(model.named_modules()):
        parent, _, own = name.rpartition(".")
        if own in ADAPTED and isinstance(module, nn.Linear):
            layers[name] = LowRank(module)
            setattr(model.get_submodule(parent), own, layers[name])
            if start is not None:
                with torch.no_grad():
                    layers[name].down.copy_(start[f"{name}.down"].float())
                    layers[name].up.copy_(start[f"{name}.up"].float() / SCALE)
    return layers


def tensors_of(layers: Mapping[str, LowRank]) -> dict[str, Tensor]:
    """The matrices as the product merges them, in half precision."""
    return {
        f"{name}.{part}": matrix.detach().to("cpu", torch.float16).contiguous()
        for name, layer in layers.items()
        for part, matrix in (("down", layer.down), ("up", layer.up * SCALE))
    }
