"""Attention in half precision against its definition in double precision."""

import math

import pytest
import torch
from torch import Tensor

from advisor.index.attention import SAFE_SCORE, attend


def attended_by_definition(query: Tensor, key: Tensor, value: Tensor, mask: Tensor) -> Tensor:
    scores = query.double() @ key.double().transpose(-1, -2) / math.sqrt(query.shape[-1])
    return scores.masked_fill(~mask, -torch.inf).softmax(-1) @ value.double()


def some(times: float, dtype: torch.dtype) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Queries and keys `times` as long as usual, values, and a mask that leaves 9, 4 and 1 of nine tokens."""
    generator = torch.Generator().manual_seed(1)
    query, key, value = (torch.randn(3, 2, 9, 8, generator=generator) for _ in range(3))
    mask = torch.arange(9)[None, :] < torch.tensor([[9], [4], [1]])
    return (query * times).to(dtype), (key * times).to(dtype), value.to(dtype), mask[:, None, None, :]


@pytest.mark.parametrize(("dtype", "near"), [(torch.float32, 1e-5), (torch.bfloat16, 0.05)])
def test_what_is_taken_is_that_of_the_definition(dtype: torch.dtype, near: float) -> None:
    parts = some(1.0, dtype)
    found = attend(*parts)
    assert found.dtype == dtype
    assert torch.allclose(found.double(), attended_by_definition(*parts), atol=near)


def test_scores_that_exp_cannot_hold_are_brought_down_first() -> None:
    query, key, value, mask = some(12.0, torch.bfloat16)
    scores = query.float() @ key.float().transpose(-1, -2) / math.sqrt(8)
    assert scores.max() > 2 * SAFE_SCORE
    found = attend(query, key, value, mask)
    assert torch.isfinite(found).all()
    # nearly all weight is on one token now; in bfloat16 two that are near each other may change places
    right = (found.double() - attended_by_definition(query, key, value, mask)).abs().amax(-1) < 0.1
    assert right.double().mean() > 0.9


def test_a_masked_token_changes_nothing() -> None:
    query, key, value, mask = some(1.0, torch.bfloat16)
    found = attend(query, key, value, mask)
    key[1, :, 4:], value[1, :, 4:] = 3.0, 7.0
    assert torch.equal(attend(query, key, value, mask)[1], found[1])
