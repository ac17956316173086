"""Files of adapters: small matrices trained over a model's weights, which they name by digest.

Knows nothing of what a model computes, or of how an adapter is applied.
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from advisor.errors import ModelError

ADAPTERS = Path(__file__).parent.parent / "adapters"


def read_adapter(adapter: Path, *, digest: str) -> dict[str, NDArray[np.float32]]:
    """The arrays of a safetensors file by name, in single precision; `digest` is of the weights they would change.

    Raises ModelError where the file cannot be read or was trained on other weights.
    """
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(str(adapter), framework="np") as file:
            base = (file.metadata() or {}).get("base_digest", "")
            arrays = {name: file.get_tensor(name).astype(np.float32) for name in file.keys()}  # noqa: SIM118
    except (OSError, SafetensorError) as error:
        raise ModelError(f"the adapter {str(adapter)!r} cannot be read ({error}); install the package again") from error
    if base != digest:
        raise ModelError(
            f"the adapter {adapter.name!r} was trained on other weights ({base[:12]}…) than those at hand "
            f"({digest[:12]}…); run: advisor models pull --force"
        )
    return arrays


def changes_of(arrays: Mapping[str, NDArray[np.float32]]) -> dict[str, NDArray[np.float32]]:
    """What an adapter adds to the weight of each layer it changes, by the layer's name: up @ down (Hu et al. 2021).

    Raises KeyError or ValueError where one of the two is missing or they do not fit.
    """
    layers = {name.rpartition(".")[0] for name in arrays}
    return {layer: arrays[f"{layer}.up"] @ arrays[f"{layer}.down"] for layer in sorted(layers)}
