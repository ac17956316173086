"""The adapter of the default writer: low-rank matrices, trained to word evidence, merged into the model's weights.

Owns the form of the file and which layers an adapter may change (Hu et al. 2021, "LoRA"). Knows nothing of prompts or
of how a model is run; eval/training/writer.py trains it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from advisor.errors import ModelError
from advisor.models.adapters import ADAPTERS, changes_of

ADAPTER = ADAPTERS / "writer.safetensors"
BASE = "SmolLM2-135M-Instruct"  # the catalogue's name of the model that the adapter belongs to
ADAPTED = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")  # of each layer


@dataclass(frozen=True, slots=True)
class Tuning:
    """An adapter's file, and the digest of the weights into which it would be merged."""

    adapter: Path
    digest: str


def merge(model: Any, matrices: Mapping[str, NDArray[np.float32]]) -> None:
    """Add up @ down to the weight of each layer that the adapter names, at no later cost.

    All or nothing: raises ModelError where a layer or a shape does not fit, and the model is as it was.
    """
    import torch

    try:
        changes = changes_of(matrices)
        weights = {name: model.get_submodule(name).weight for name in changes}
    except (KeyError, AttributeError, ValueError) as error:
        raise ModelError(f"the writer's adapter does not fit the model ({error}); install the package again") from error
    unlike = [name for name, change in changes.items() if change.shape != weights[name].shape]
    if unlike:
        raise ModelError(f"the writer's adapter does not fit the model at {unlike[0]}; install the package again")
    with torch.no_grad():
        for name, change in changes.items():
            weights[name] += torch.from_numpy(change).to(weights[name].dtype)
