"""Folded parts, `<details>` with a `<summary>`, as sections: what a summary says is the heading of what it folds.

Works on Markdown with HTML inside and keeps the number of lines. What it leaves, `markup` turns into bold lines.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from advisor.corpus.navigation import is_top_link

_STEP = re.compile(r"<(?P<closing>/?)details\b[^<>]{0,300}>", re.IGNORECASE)
_SUMMARY = re.compile(
    r"^(?P<before>.*?)<summary\b[^<>]{0,300}>(?P<words>.*?)</summary\s*>(?P<after>.*)$", re.IGNORECASE | re.DOTALL
)
_SUMMARY_OPENED = re.compile(r"<summary\b", re.IGNORECASE)
_HEADING = re.compile(r"^ {0,3}(?P<signs>#{1,6})\s|^\s*<h(?P<level>[1-6])\b", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{1,300}>")
_ONLY_TAGS = re.compile(r"^(?:\s++|<[^<>]{1,300}+>)*+$")
_ITEM = re.compile(r"^\s*(?:[-*+]|\d{1,9}[.)])\s")
_RULE = re.compile(r"^\s*(?:[-*_]\s*){3,}$")
_NAMES_NOTHING = re.compile(
    r"(?:please )?(?:click|tap|press)\b.*|(?:expand|show|see|view|read|open|reveal|unfold)(?: \w+){0,4}|more|details?"
    r"|answers?|solutions?|hints?|spoilers?|(?:table of )?contents|toc|output|code|examples?",
    re.IGNORECASE,
)
_LONGEST_CHARS, _LONGEST_LINES = 160, 5  # of a summary: a longer one is no heading
_DEEPEST = 6


@dataclass(frozen=True, slots=True)
class _Fold:
    """One folded part: its first and last line, and the line of its summary."""

    first: int
    last: int
    summary: int | None
    is_outermost: bool


def with_folded_headings(lines: Sequence[str], is_code: Sequence[bool]) -> list[str]:
    """The lines with summaries as `<h3>`, one level below the heading they stand under.

    A summary stays one inside a list, where it names nothing ("Click to expand") or holds more than its words, where
    a heading inside is no deeper than itself, and where a single folded part interrupts a text that goes on below.
    """
    folds = list(_folds(lines, is_code))
    shown = {fold.summary: fold for fold in _sections(folds, lines)}
    opened, closed = Counter(fold.first for fold in folds), Counter(fold.last for fold in folds)
    changed = list(lines)
    levels = [1]  # of the headings that hold, those inside folded parts last
    for at, line in enumerate(lines):
        levels += [levels[-1]] * opened[at]
        if at in shown and (summary := _summary(lines[at : shown[at].last + 1])):
            level = levels[-1] + 1
            if level <= _DEEPEST and not _has_heading(lines[at + 1 : shown[at].last], level):
                heading = f"<h{level}>{summary.words}</h{level}>"
                changed[at : at + summary.lines] = [heading, *[""] * (summary.lines - 1)]
                levels[-1] = level
        elif not is_code[at] and (found := _HEADING.match(line)):
            levels[-1] = _level(found)
        del levels[len(levels) - closed[at] :]
    return changed


def _folds(lines: Sequence[str], is_code: Sequence[bool]) -> Iterator[_Fold]:
    """Every folded part that is closed again and does not stand in a list."""
    opened: list[tuple[int, bool]] = []  # first line, whether in a list
    summaries: list[int | None] = []
    in_list = False
    for at, line in enumerate(lines):
        if is_code[at] or not line.strip():
            continue
        in_list = bool(_ITEM.match(line)) or (in_list and line[0] in " \t")
        for step in _STEP.finditer(line):
            if not step["closing"]:
                opened.append((at, in_list))
                summaries.append(None)
            elif opened:
                (first, is_listed), summary = opened.pop(), summaries.pop()
                if not is_listed:
                    yield _Fold(first, at, summary, not opened)
        if summaries and summaries[-1] is None and _SUMMARY_OPENED.search(line):
            summaries[-1] = at


def _sections(folds: Sequence[_Fold], lines: Sequence[str]) -> Iterator[_Fold]:
    """The folded parts that are sections: several in a row, or one that a text ends with, and those inside them."""
    outermost = [fold for fold in folds if fold.is_outermost]
    for at, fold in enumerate(outermost):
        follows = at > 0 and not _first_said(lines[outermost[at - 1].last + 1 : fold.first])
        leads = at + 1 < len(outermost) and not _first_said(lines[fold.last + 1 : outermost[at + 1].first])
        if follows or leads or _is_end(lines[fold.last + 1 :]):
            yield from (one for one in folds if fold.first <= one.first and one.last <= fold.last)


def _is_end(below: Sequence[str]) -> bool:
    """Whether what was said ends here: a heading, a rule or nothing follows."""
    following = _first_said(below)
    return not following or bool(_HEADING.match(following) or _RULE.match(following))


def _first_said(lines: Sequence[str]) -> str:
    """The first line that is a heading or says more than how to get to the top."""
    said = (line for line in lines if _HEADING.match(line) or not (_ONLY_TAGS.match(line) or is_top_link(line)))
    return next(said, "")


@dataclass(frozen=True, slots=True)
class _Summary:
    """What a summary says, and on how many lines."""

    words: str
    lines: int


def _summary(below: Sequence[str]) -> _Summary | None:
    """The summary that begins on the first of these lines; None where it names nothing or is not alone there."""
    for count in range(1, min(len(below), _LONGEST_LINES) + 1):
        if found := _SUMMARY.match("\n".join(below[:count])):
            words = " ".join(found["words"].split())
            said = _TAG.sub("", words).strip()
            is_alone = _ONLY_TAGS.match(found["before"]) and _ONLY_TAGS.match(found["after"])
            is_name = 0 < len(said) <= _LONGEST_CHARS and not _NAMES_NOTHING.fullmatch(said.strip(" .:!?…*_"))
            has_heading = re.search(r"<h[1-6]\b", words, re.IGNORECASE)
            return _Summary(words, count) if is_alone and is_name and not has_heading else None
    return None


def _has_heading(below: Sequence[str], level: int) -> bool:
    """Whether one of these lines is a heading that is no deeper than the level."""
    return any(_level(found) <= level for line in below if (found := _HEADING.match(line)))


def _level(heading: re.Match[str]) -> int:
    return len(heading["signs"]) if heading["signs"] else int(heading["level"])
