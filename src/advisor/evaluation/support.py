"""Whether a passage bears a sentence out, judged without a large model: by shared words, or by nearness of meaning.

Owns two scores, the guards that bring them to 0, and the thresholds. Knows nothing of answers, citations or files.
Scores only say that both speak of the same thing; what catches a wrong sentence are the guards, and they see figures,
names and denials. A true-sounding sentence in which one thing of the passage takes another's place ("B is easier than
it looks" where A is) passes. `Entailment` is the seam for a model that could tell.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from advisor.answer.ground import recall
from advisor.evaluation.lines import Line, lines_under_headings, tells_of_one_thing
from advisor.evaluation.metrics import unknown_names
from advisor.index.embedding import Embedder
from advisor.text import normalise, stems

# Best F1 of "supported" over the dev half of eval/support_pairs.jsonl, ties to the higher one; `python
# eval/check_support.py --choose` prints them anew. They are low because a faithful paraphrase shares few words with its
# passage while a swapped figure leaves nearly all of them, so the guards must do the telling. With a passage of another
# page, the lexical tier lets 4.1 % of the dev sentences through and the embedding tier 0.3 %.
# On the held-out half both reach F1 0.67 (dev 0.82) where always saying yes reaches 0.64: a weak judge of near-copies.
LEXICAL_THRESHOLD = 0.12
EMBEDDING_THRESHOLD = 0.44  # all-MiniLM-L6-v2; another embedder needs its own
# From this share of its content words on, a clause is held to be a line said again, and must agree with it. On the
# dev half 0.5 fails a true sentence, 0.55 to 0.65 fail none and catch 14 errors that nothing else does, 0.7 catches 12.
SAID_AGAIN = 0.6
_LEAST_STEMS = 2  # a clause of one content word is near everything


class Tier(StrEnum):
    """How support is judged, the cheaper first."""

    LEXICAL = "lexical"
    EMBEDDING = "embedding"


class Entailment(Protocol):
    """The seam for a natural-language-inference model; none is built in.

    An implementation opens its model once, behind a door of its own, and becomes a third tier with its own threshold.
    """

    def entails(self, premise: str, hypothesis: str) -> float:
        """How likely it is that whoever accepts the premise accepts the hypothesis, 0…1."""


def supports(sentence: str, passage_text: str, tier: Tier, embedder: Embedder | None = None) -> bool:
    """Whether the tier's score reaches its threshold.

    The sentence comes without citation marks, as in `Claim.text`; several passages come joined by a blank line.
    Raises ValueError for the embedding tier without an embedder.
    """
    if tier is Tier.LEXICAL:
        return lexical_support(sentence, passage_text) >= LEXICAL_THRESHOLD
    if embedder is None:
        raise ValueError(f"the tier {str(tier)!r} needs an embedder; hand one over, or use {str(Tier.LEXICAL)!r}")
    return embedding_support(sentence, passage_text, embedder) >= EMBEDDING_THRESHOLD


def lexical_support(sentence: str, passage_text: str) -> float:
    """Share of the sentence's content stems that the passage has, 0…1; 0 where a guard fails or there are none.

    The guards are `states_all` and `agrees`. Numbers in words count as digits.
    """
    if not (states_all(sentence, passage_text) and agrees(sentence, passage_text)):
        return 0.0
    return recall(in_digits(sentence), in_digits(passage_text))


def embedding_support(sentence: str, passage_text: str, embedder: Embedder) -> float:
    """The greatest cosine of the sentence and one line of the passage under its headings, cut to 0…1.

    0 where a guard fails, as in `lexical_support` (a negation moves a sentence's vector very little), or where the
    passage is empty.
    """
    lines = lines_under_headings(passage_text)
    if not lines or not (states_all(sentence, passage_text) and agrees(sentence, passage_text)):
        return 0.0
    vectors = embedder.embed([sentence, *(line.reading for line in lines)])
    return min(1.0, max(0.0, float((vectors[1:] @ vectors[0]).max())))


def states_all(sentence: str, passage_text: str) -> bool:
    """Whether every quantity, name, code ("DP-203") and link of the sentence stands somewhere in the passage.

    Quantities are compared as `unstated_quantities` says, names as `metrics.unknown_names` does, but that "ML" is also
    known where "machine learning" is. A name that begins the sentence with its only capital is not seen.
    """
    known = set(stems(passage_text))
    return (
        not unstated_quantities(sentence, passage_text)
        and all(set(stems(name)) <= known for name in unknown_names(sentence, [passage_text]))
        and all(_has_code(code, passage_text) for code in _codes(sentence))
        and set(_ADDRESS.findall(sentence)) <= set(_ADDRESS.findall(passage_text))
    )


# --- quantities ------------------------------------------------------------------------------------

_ADDRESS = re.compile(r"https?://[^\s)\]>\"']*[^\s)\]>\"'.,;:!?]")
_UP_TO_NINETEEN = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_WORTH = {word: number for number, word in enumerate(_UP_TO_NINETEEN)} | {
    word: 10 * number for number, word in enumerate(_TENS, start=2)
}
_PHRASES = {
    "three quarters of an hour": "45 minutes",
    "a quarter of an hour": "15 minutes",
    "half an hour": "30 minutes",
    "half a year": "6 months",
}
_SPELLED = re.compile(
    rf"\b(?:{'|'.join(_PHRASES)}|(?:{'|'.join(_TENS)})(?:[- ](?:{'|'.join(_UP_TO_NINETEEN[1:10])}))?"
    rf"|(?:{'|'.join(word for word in _UP_TO_NINETEEN if word != 'one')}))\b"
)
_HUNDREDS = re.compile(r"\b(?P<times>\d+|an?|one) (?P<of>hundred|thousand)\b")
_NUMBER = r"\d+(?:,\d{3})*(?:\.\d+)?"
_TIME = {
    "minute": ("minute", 1), "min": ("minute", 1), "hour": ("minute", 60), "hr": ("minute", 60), "day": ("day", 1),
    "week": ("day", 7), "wk": ("day", 7), "month": ("month", 1), "year": ("month", 12), "yr": ("month", 12),
}  # fmt: skip
_OTHER = {
    "$": "usd", "usd": "usd", "dollar": "usd", "€": "eur", "eur": "eur", "euro": "eur", "£": "gbp", "gbp": "gbp",
    "pound": "gbp", "%": "%", "percent": "%", "per cent": "%",
}  # fmt: skip
_UNITS: dict[str, tuple[str, float]] = {**_TIME, **{word: (unit, 1) for word, unit in _OTHER.items()}}
_SIGN = r"(?:\b(?:usd|eur|gbp)\s?|[$€£])"
_QUANTITY = re.compile(
    rf"(?P<sign>{_SIGN})?(?<![\d.])(?P<low>{_NUMBER}|\b(?:an?|one)(?= (?:{'|'.join(_TIME)})\b))\+?"
    rf"(?:\s?(?:-|to)\s?{_SIGN}?(?P<high>{_NUMBER})\+?)?"
    rf"(?:[\s-]?(?P<unit>(?:{'|'.join(_TIME)}|dollar|euro|pound)s?\b|%|per ?cent\b))?"
    r"(?: ?/ ?| per | an? | each | every | )?(?P<rate>\b(?:hour|day|week|month|year)\b|\b(?:dai|week|month|year)ly\b)?"
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A figure or range in minutes, days, months (a year is 12), a currency or "%"; `unit` is "" where it has none.

    `high` equals `low` but in a range; `rate` is what it is counted by ("week" in "10 hours a week"), or "".
    """

    low: float
    high: float
    unit: str = ""
    rate: str = ""


def in_digits(text: str) -> str:
    """The normalised text with numbers in digits: "two hundred" as 200, "half a year" as 6 months; "one" stays."""
    plain = _SPELLED.sub(lambda found: _PHRASES.get(found.group()) or str(_worth(found.group())), normalise(text))
    return _HUNDREDS.sub(_multiplied, plain)


def _worth(words: str) -> int:
    return sum(_WORTH[word] for word in re.split("[- ]", words))


def _multiplied(found: re.Match[str]) -> str:
    times = int(found["times"]) if found["times"].isdigit() else 1
    return str(times * (100 if found["of"] == "hundred" else 1000))


def quantities(text: str) -> tuple[Quantity, ...]:
    """The figures of a text in order; those inside codes and addresses are none, "one" and "a" count before a time."""
    return tuple(map(_quantity, _found_quantities(text)))


def _found_quantities(text: str) -> Iterator[re.Match[str]]:
    return _QUANTITY.finditer(_CODE.sub(" ", in_digits(_ADDRESS.sub(" ", text))))


def _quantity(found: re.Match[str]) -> Quantity:
    word = (found["sign"] or found["unit"] or "").strip()
    unit, factor = _UNITS.get(word) or _UNITS.get(word.removesuffix("s"), ("", 1))
    low = _value(found["low"]) * factor
    rate = (found["rate"] or "").replace("daily", "day").removesuffix("ly")
    return Quantity(low, _value(found["high"]) * factor if found["high"] else low, unit, rate)


def _value(number: str) -> float:
    return float(number.replace(",", "")) if number[0].isdigit() else 1.0


def unstated_quantities(sentence: str, passage_text: str) -> tuple[Quantity, ...]:
    """The quantities of the sentence that the passage does not state, in order.

    A range must stand there as that range; a single figure may also be one end of one. Units are converted within
    minutes, days and months ("14 days" states "two weeks"). A bare figure of the passage has any unit or rate that the
    passage names, for tables keep them in the column's name. "a week" in the sentence claims no figure.
    """
    plain = in_digits(_ADDRESS.sub(" ", passage_text))
    units = _named_units(plain)
    there = [one for stated in quantities(passage_text) for one in _read_in(units, stated)]
    figures = {_value(number) for number in re.findall(_NUMBER, plain)}
    rates = set(re.findall(r"\b(hour|day|week|month|year)(?:s|ly)?\b", plain.replace("daily", "day")))

    def is_stated(said: Quantity) -> bool:
        if not said.unit and said.low == said.high and not said.rate:
            return said.low in figures
        return any(
            _same_figure(said, one)
            and said.unit in ("", one.unit)
            and (said.rate in ("", one.rate) or (not one.rate and said.rate in rates))
            for one in there
        )

    claimed = [_quantity(found) for found in _found_quantities(sentence) if found["low"] not in ("a", "an")]
    return tuple(said for said in claimed if not is_stated(said))


def _named_units(plain: str) -> set[tuple[str, float]]:
    """The units, each with its factor, that a normalised text names anywhere."""
    return {unit for word, unit in _UNITS.items() if re.search(rf"(?<![a-z]){re.escape(word)}s?(?![a-z])", plain)}


def _read_in(units: set[tuple[str, float]], stated: Quantity) -> list[Quantity]:
    """A stated quantity; one without a unit also as if it had each of these."""
    if stated.unit:
        return [stated]
    return [stated, *(Quantity(stated.low * per, stated.high * per, unit, stated.rate) for unit, per in units)]


def _same_figure(said: Quantity, there: Quantity) -> bool:
    if said.low == said.high:
        return said.low in (there.low, there.high)
    return (said.low, said.high) == (there.low, there.high)


# --- codes -----------------------------------------------------------------------------------------

_CODE = re.compile(r"(?<![\w.-])(?=[^\W\d_][\w.-]*\d)[^\W_]+(?:[.-][^\W_]+)*")  # a letter first, a digit later


def _codes(text: str) -> list[str]:
    return _CODE.findall(normalise(_ADDRESS.sub(" ", text)))


def _has_code(code: str, text: str) -> bool:
    """Whether the text has the code as a whole; "AZ-104" and "AZ 104" are one."""
    parts = "[ .-]?".join(re.findall(r"[^\W_]+", code))
    return bool(re.search(rf"(?<!\w){parts}(?!\w)", normalise(text)))


# --- agreement -------------------------------------------------------------------------------------

# "nothing" and "hardly" are left out: a paraphrase says them for "free" and "few".
_DENIAL = re.compile(r"\b(?:not|no|none|never|nobody|without|cannot|\w+n't|unless|except|neither|nor)\b")
_OPPOSITES = [
    tuple(pair.split("/"))
    for pair in (
        "more/less more/fewer most/least most/few many/few often/rarely always/never easier/harder easy/hard"
        " faster/slower faster/slowly quick/slow before/after higher/lower high/low longer/shorter better/worse"
        " cheaper/dearer over/under first/last same/different required/optional minimum/maximum"
    ).split()
] + [("at least", "up to"), ("at least", "at most"), ("more than", "under")]
_CLAUSE_END = re.compile(
    r"(?:,\s+|;\s*|\s+)(?:and|but|so|because|while|whereas|though|although)\s+|[;:]\s+", re.IGNORECASE
)


def agrees(sentence: str, passage_text: str) -> bool:
    """Whether the sentence, and each clause of it, agrees with what it says again.

    Only a clause that has most of its words (`SAID_AGAIN`) from one line or clause of the passage is compared, with the
    nearest one (ties: the shorter, then the earlier): both deny or neither does, no word has become its opposite, and
    a figure is not another one in the same unit. Another wording of the same denial is thus let through.
    """
    lines = lines_under_headings(passage_text)
    if tells_of_one_thing(sentence, lines):
        return True
    parts = _parts(lines)
    return all(_agree(clause, _said_again(clause, parts)) for clause in dict.fromkeys([sentence, *_clauses(sentence)]))


def _parts(lines: Sequence[Line]) -> list[Line]:
    return [*lines, *(Line(clause) for line in lines for clause in _clauses(line.own))]


def _clauses(text: str) -> list[str]:
    return [clause for clause in _CLAUSE_END.split(text) if clause.strip()]


def _said_again(clause: str, parts: Sequence[Line]) -> str:
    """What the passage says in nearly these words, without what it stands under; "" where nothing is near enough."""
    content = _without_figures(clause)
    if len(set(stems(content))) < _LEAST_STEMS:
        return ""
    near = [(recall(content, _without_figures(part.reading)), part) for part in parts]
    best = max(near, key=lambda one: (one[0], -len(one[1].reading)), default=None)
    return best[1].own if best and best[0] >= SAID_AGAIN else ""


def _without_figures(text: str) -> str:
    return re.sub(_NUMBER, " ", in_digits(text))


def _agree(clause: str, said: str) -> bool:
    """Whether two wordings of one thing say the same; anything agrees with ""."""
    ours, theirs = normalise(clause), normalise(said)
    if not theirs:
        return True
    turned = any(_turned(ours, theirs, one, other) or _turned(theirs, ours, one, other) for one, other in _OPPOSITES)
    return bool(_DENIAL.search(ours)) == bool(_DENIAL.search(theirs)) and not turned and not _contradicts(clause, said)


def _turned(ours: str, theirs: str, one: str, other: str) -> bool:
    return _has(ours, one) and _has(theirs, other) and not _has(ours, other) and not _has(theirs, one)


def _has(text: str, word: str) -> bool:
    return bool(re.search(rf"\b{word}\b", text))


def _contradicts(clause: str, said: str) -> bool:
    """Whether a figure of the clause stands against figures in the same unit, none of which it is."""
    for ours in filter(lambda one: one.unit, quantities(clause)):
        rivals = [one for one in quantities(said) if one.unit == ours.unit and bool(one.rate) == bool(ours.rate)]
        if rivals and not any(_same_figure(ours, one) for one in rivals):
            return True
    return False
