"""Numbers with units as they stand in text: durations, weekly effort. Finds them; computes nothing.

A range stays a range and keeps the source's own wording.
"""

import re
from dataclasses import dataclass

_NUMBER = (
    r"(?:\d{1,3}(?:,\d{3})+|\d+(?:[.,]\d+)?|an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|half an?"
    r"|a few|several)"
)
_UNIT = r"(?:minutes?|mins?|hours?|hrs?|days?|weeks?|wks?|months?|years?|yrs?)"
_RANGE = rf"{_NUMBER}\+?(?:\s*(?:-|–|—|to|or)\s*{_NUMBER})?\+?(?:[\s-]+{_UNIT}|(?<=\d)(?:h|hrs?|min))\b\+?"
_DURATION = re.compile(
    rf"(?<![\w.])(?:about |around |approx(?:\.|imately)? |roughly |~\s?|up to |at least |over )?{_RANGE}", re.I
)
_SPAN = re.compile(
    r"\W{0,3}\b(?:days?|weeks?|months?)\s+\d{1,3}(?:\s*(?:-|–|—|to|and)\s*\d{1,3})?\s*(?::|[-–—]\s|$)", re.I
)
_BRACKETED_SPAN = re.compile(
    r"\(((?:days?|weeks?|months?)\s+\d{1,3}(?:\s*(?:-|–|—|to|and)\s*\d{1,3})?)\)", re.IGNORECASE
)
_EFFORT = re.compile(r"^\s*(?:of study |of work |of effort )?(?:/|per|a|each|every)\s*(?:week|wk|day|month)\b", re.I)
_AGE = re.compile(r"^\s*(?:old|ago|of experience)\b", re.I)
_COUNTING_WORD = re.compile(r"^(?:a|an|one)\s", re.I)


@dataclass(frozen=True, slots=True)
class Duration:
    """A stretch of time as the text words it, e.g. "4–5 months" or "about 26 hours"; offsets into that text."""

    words: str
    start: int
    end: int


def durations(text: str) -> tuple[Duration, ...]:
    """The stretches of time in a text, in order; effort ("10 hours per week") and age ("3 years old") do not count."""
    found, position = [], 0
    while match := _DURATION.search(text, position):
        rest = text[match.end() :]
        effort = _EFFORT.match(rest)
        position = match.end() + (effort.end() if effort else 0)  # nor is the "a week" of "5 hours a week"
        if effort or _AGE.match(rest) or _is_idiom(match.group(), text, match.end()):
            continue
        found.append(Duration(match.group().strip(), match.start(), match.end()))
    return tuple(found)


def span(text: str) -> Duration | None:
    """The stretch of a plan that a text opens with: "Day 29-42" in `Day 29-42: Python`; None where there is none."""
    found = _SPAN.match(text)
    return Duration(found.group().rstrip(" :–—-"), found.start(), found.end()) if found else None


def bracketed_span(text: str) -> Duration | None:
    """The stretch of a plan that a text has in brackets: "Weeks 1-4" in `Phase 1: Basics (Weeks 1-4)`; else None."""
    found = _BRACKETED_SPAN.search(text)
    return Duration(found.group(1), found.start(), found.end()) if found else None


def without_span(text: str) -> str:
    """The text without the stretch of a plan that it opens with: the name in `Day 29-42: Python`."""
    planned = span(text)
    return text[planned.end :].lstrip(" :–—-") if planned else text


def _is_idiom(words: str, text: str, end: int) -> bool:
    """Whether this is a figure of speech (`a day in the life`) and nothing that anything takes."""
    return bool(_COUNTING_WORD.match(words)) and bool(re.match(r"\s+(?:in the life|to day|by)\b|-", text[end:]))


_BRACKET = re.compile(r"\(([^()]*)\)")
_GOES_WITH_TIME = re.compile(r"(?:at|with|for)\b", re.IGNORECASE)


def _is_only_time(words: str) -> bool:
    """Whether the words are a duration, and at most what it rests on: "3 months at 10 hours per week"."""
    first = next(iter(durations(words)), None)
    if first is None or words[: first.start].strip():
        return False
    rest = words[first.end :].strip()
    return not rest or bool(_GOES_WITH_TIME.match(rest))


_LEFT_IN_BRACKET = re.compile(r"[\s,;:–—-]+\)")  # "(shortest way, )"
_EMPTY_BRACKET = re.compile(r"\([\s|/,;:~+–—-]+\)")  # "(8 weeks | ~150 hours)" without its times


def without_durations(text: str) -> str:
    """The text without its durations and the brackets around them: the name in `Mathematics for ML (8 weeks)`.

    What a bracket adds to a duration goes with it: `Deep Learning (3 months at 10 hours per week)`.
    """
    text = _BRACKET.sub(lambda bracket: " " if _is_only_time(bracket[1]) else bracket[0], text)
    for duration in reversed(durations(text)):
        text = f"{text[: duration.start].rstrip()} {text[duration.end :].lstrip()}".strip()
    text = _LEFT_IN_BRACKET.sub(")", _EMPTY_BRACKET.sub(" ", text))
    return " ".join(text.split()).strip(" ,;:–—-")
