"""Attention of an encoder: what every token takes from the others, in single and in half precision.

Owns how the softmax is computed in bfloat16. Knows nothing of layers or weights.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor

SAFE_SCORE = 80.0  # exp of more than 88 is no longer a number of bfloat16 or of single precision


def attend(query: "Tensor", key: "Tensor", value: "Tensor", mask: "Tensor") -> "Tensor":
    """softmax(query · key / √width) · value over the tokens that `mask` leaves; all (texts, heads, tokens, width).

    `mask` is (texts, 1, 1, tokens), true where there is a token. In single precision torch does it; in bfloat16, where
    its kernel spends most of the time in the softmax, `_attend_in_halves` is twice as fast (docs/decisions/009).
    """
    import torch
    from torch.nn import functional

    if query.dtype != torch.bfloat16:
        return functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
    return _attend_in_halves(query, key, value, mask)


def _attend_in_halves(query: "Tensor", key: "Tensor", value: "Tensor", mask: "Tensor") -> "Tensor":
    """The same by two products and one exp, in place.

    A column of ones beside the values sums the weights in the same product; a masked token has a row of zeros there.
    A softmax usually subtracts the largest score first, lest exp overflow. Here it does so only where lengths say that
    a score could be so large: no score is above the longest query times the longest key.
    """
    import torch

    texts, heads, tokens, width = query.shape
    rows = (texts * heads, tokens, -1)
    there = mask.transpose(2, 3).to(value.dtype)
    summed = torch.cat([value * there, there.expand(-1, heads, -1, -1)], dim=-1).reshape(rows)
    queries, keys = (query * width**-0.5).reshape(rows), key.reshape(rows)
    scores = torch.bmm(queries, keys.transpose(1, 2))
    if _longest(queries) * _longest(keys) > SAFE_SCORE:
        scores.view(texts, heads, tokens, tokens).masked_fill_(~mask, -torch.inf)  # the largest is that of a token
        scores -= scores.amax(-1, keepdim=True)
    mixed = torch.bmm(scores.exp_(), summed).view(texts, heads, tokens, width + 1)
    return mixed[..., :width] / mixed[..., width:]


def _longest(vectors: "Tensor") -> float:
    return float(vectors.float().square().sum(-1).amax().sqrt())
