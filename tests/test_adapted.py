"""An adapter is merged whole or not at all, and only into the weights that it was trained on."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from advisor.answer.adapted import BASE, merge
from advisor.answer.writers import tuning_of
from advisor.errors import ModelError
from advisor.models.adapters import read_adapter

Matrix = NDArray[np.float32]

DIGEST = "d" * 64


def two_layers() -> Any:
    import torch

    torch.manual_seed(3)
    return torch.nn.ModuleDict({"first": torch.nn.Linear(4, 3), "second": torch.nn.Linear(3, 5)})


def low_rank(**shapes: tuple[int, int]) -> dict[str, Matrix]:
    """Random NAME.down (2, in) and NAME.up (out, 2) by NAME=(in, out)."""
    chance = np.random.default_rng(5)
    sizes = [(f"{name}.down", (2, into)) for name, (into, _out) in shapes.items()]
    sizes += [(f"{name}.up", (out, 2)) for name, (_into, out) in shapes.items()]
    return {name: chance.normal(size=size).astype(np.float32) for name, size in sizes}


def saved(folder: Path, matrices: dict[str, Matrix], digest: str = DIGEST) -> Path:
    from safetensors.numpy import save_file

    path = folder / "writer.safetensors"
    save_file(matrices, str(path), metadata={"base": BASE, "base_digest": digest})
    return path


def test_a_merged_layer_gives_what_the_matrices_beside_it_would_add() -> None:
    import torch

    model, matrices, x = two_layers(), low_rank(first=(4, 3)), torch.randn(6, 4)
    beside = model["first"](x) + torch.from_numpy(x.numpy() @ matrices["first.down"].T @ matrices["first.up"].T)
    untouched = model["second"].weight.clone()
    merge(model, matrices)
    assert torch.allclose(model["first"](x), beside, atol=1e-6)
    assert torch.equal(model["second"].weight, untouched)


@pytest.mark.parametrize(
    ("shapes", "missing"),
    [
        ({"first": (4, 3), "third": (4, 3)}, ""),
        ({"first": (4, 3), "second": (4, 5)}, ""),
        ({"first": (4, 3), "second": (3, 5)}, "second.up"),
    ],
)
def test_where_one_layer_does_not_fit_none_is_changed(shapes: dict[str, tuple[int, int]], missing: str) -> None:
    import torch

    model, matrices = two_layers(), low_rank(**shapes)
    matrices.pop(missing, None)
    before = model["first"].weight.clone()
    with pytest.raises(ModelError, match="does not fit"):
        merge(model, matrices)
    assert torch.equal(model["first"].weight, before)


def test_an_adapter_comes_back_as_it_was_saved(tmp_path: Path) -> None:
    matrices = low_rank(first=(4, 3))
    read = read_adapter(saved(tmp_path, matrices), digest=DIGEST)
    assert read.keys() == matrices.keys()
    assert all(np.array_equal(read[name], matrices[name]) for name in matrices)


def test_an_adapter_of_other_weights_is_refused(tmp_path: Path) -> None:
    path = saved(tmp_path, low_rank(first=(4, 3)), digest="e" * 64)
    with pytest.raises(ModelError, match="trained on other weights"):
        read_adapter(path, digest=DIGEST)


def test_a_torn_adapter_is_an_error_with_the_cure(tmp_path: Path) -> None:
    path = saved(tmp_path, low_rank(first=(4, 3)))
    path.write_bytes(path.read_bytes()[:50])
    with pytest.raises(ModelError, match="install the package again"):
        read_adapter(path, digest=DIGEST)


def test_only_the_default_writer_is_tuned_and_only_where_an_adapter_is_there(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"weights")
    adapter = tmp_path / "adapter"
    assert tuning_of(BASE, tmp_path, adapter=adapter) is None
    adapter.write_bytes(b"")
    tuning = tuning_of(BASE, tmp_path, adapter=adapter)
    assert tuning is not None
    assert (tuning.adapter, len(tuning.digest)) == (adapter, 64)
    assert tuning_of("another", tmp_path, adapter=adapter) is None
