"""Which numbers of an answer were worked out before the reader's eyes: every sum shown is done again here.

A number that no cited passage has is one of three. It is computed where the answer shows the sum and the sum comes out:

- a + b + … = c; a − b = c; A units at B h a week = C h, where a unit is in weeks (a month is 52/12 or 365.25/84 of
  them, a year 52); C h at B h a week = W weeks, rounded up; ends of ranges for themselves, rounded as they are shown;
- in a plan, from the hours of its entries: their sum, low and high; the sum of their middles, each to the quarter of
  an hour; weeks = ceil(hours / pace), days = first Monday + 7 · weeks - 1, and the weeks of each phase likewise; what
  is marked ~ in all; weeks to spare; the pace a date needs, ceil(hours / weeks) to the half hour; costs; years.

It is assumed where the answer labels it as a premise: an hour figure marked ~ or ≈ whose mark is explained, the pace
and the day to start from, a day asked for. Everything else is unsupported: a sum that does not come out, and one with
an operand that stands neither in a passage nor in the question, nor is a premise. Makes no plan and reads no page.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from advisor.evaluation.metrics import unsupported_numbers
from advisor.evaluation.plan_sums import plan_sums
from advisor.evaluation.sums import Checked, How, Read, equations

BLANK = "▁"  # for each character that is computed or assumed
_CITED, _BOLD = re.compile(r"\s?\[\d+\]"), "**"


@dataclass(frozen=True, slots=True)
class Figures:
    """The numbers of an answer that no cited passage has, each once and in one group only, in order.

    `rest` is the answer without its citations, blank where it is computed or assumed; dates with their months are.
    """

    computed: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()
    unsupported: tuple[str, ...] = ()
    rest: str = field(default="", compare=False)


def figures_of(answer: str, passages: Sequence[str], questions: Sequence[str] = ()) -> Figures:
    """The numbers that `unsupported_numbers` finds in an answer, by what bears them out.

    `questions` are the learner's own, the last one included: what they give may be an operand, and the pace of a plan.
    A number that is borne out at one place and not at another is unsupported.
    """
    text = _CITED.sub("", answer)
    checked = tuple(_checked(Read(text, passages, questions)))
    said = unsupported_numbers(text, passages)
    rest = _without(text, checked)
    left = set(unsupported_numbers(rest, passages))
    computed = [one for one in checked if one.how is How.COMPUTED]
    premised = set(unsupported_numbers(_without(text, computed), passages)) - left
    return Figures(
        computed=tuple(number for number in said if number not in left | premised),
        assumed=tuple(number for number in said if number in premised),
        unsupported=tuple(number for number in said if number in left),
        rest=rest,
    )


def as_left(statement: str, answer: str, rest: str) -> str:
    """A statement of an answer, without its bold marks, in the rest of its figures; itself where it is not there."""
    at = _CITED.sub("", answer).replace(_BOLD, "").find(statement)
    return rest.replace(_BOLD, "")[at : at + len(statement)] if at >= 0 else statement


def _without(text: str, checked: Sequence[Checked]) -> str:
    for one in checked:
        text = text[: one.start] + BLANK * (one.end - one.start) + text[one.end :]
    return text


def _checked(read: Read) -> Iterator[Checked]:
    yield from equations(read)
    yield from plan_sums(read)
