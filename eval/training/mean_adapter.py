"""The mean of two adapters of one encoder: `python eval/training/mean_adapter.py FIRST SECOND --out ADAPTER`.

What each changes in a weight is averaged, and cut to the rank of the first by a singular value decomposition; so are
the heads. A weight that the second leaves alone gets half of what the first does. After Wortsman et al. 2022, "Model
soups": one that was trained on with other data and the one it came from, averaged, do well on both kinds of data.
"""

import argparse
import sys
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor


def read(adapter: Path) -> tuple[dict[str, Tensor], dict[str, str]]:
    """The tensors of an adapter in single precision, and its metadata."""
    with safe_open(str(adapter), framework="pt") as file:
        return {name: file.get_tensor(name).float() for name in file.keys()}, file.metadata()  # noqa: SIM118


def mean_of(first: dict[str, Tensor], second: dict[str, Tensor]) -> dict[str, Tensor]:
    """The mean, weight by weight, with the names and the ranks of the first."""
    found = {name: (first[name] + second[name]) / 2 for name in first if name.startswith("head.")}
    for weight in sorted({name.rpartition(".")[0] for name in first if name.endswith(".down")}):
        change = (
            sum(one[f"{weight}.up"] @ one[f"{weight}.down"] for one in (first, second) if f"{weight}.up" in one) / 2
        )
        left, sizes, right = torch.linalg.svd(change, full_matrices=False)
        rank = len(first[f"{weight}.down"])
        share = sizes[:rank].sqrt()
        found[f"{weight}.up"] = (left[:, :rank] * share).half().contiguous()
        found[f"{weight}.down"] = (share[:, None] * right[:rank]).half().contiguous()
    return found


def main() -> int:
    """Read both, check that they belong to the same weights, and write the mean."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("first", type=Path, help="the adapter of the higher rank")
    parser.add_argument("second", type=Path)
    parser.add_argument("--out", type=Path, required=True, metavar="FILE")
    arguments = parser.parse_args()
    (first, told), (second, also) = read(arguments.first), read(arguments.second)
    if told != also:
        parser.error("the two adapters belong to different weights")
    save_file(mean_of(first, second), str(arguments.out), metadata=told)
    return 0


if __name__ == "__main__":
    sys.exit(main())
