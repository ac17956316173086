"""Headings for text that has none: scraped pages and plain text whose titles are only short lines.

Works on lines and keeps their number. Knows nothing of pictographs beyond that one may lead a title, nor of navigation.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from advisor.corpus.labels import is_labelled
from advisor.corpus.symbols import begins_with_picture, without_pictures

_MOST_CHARS, _MOST_WORDS = 80, 10
_LONGEST_CHAIN = 2  # a title and its first heading; longer runs of short lines are a list or a poem
_SIGN = re.compile(r"^\s*(?:[-*+•◦▪‣●]\s+|\d{1,3}[.)]\s+)")
_NO_TITLE = re.compile(r"^\s*(?:[-*+>|•◦▪‣●–—`~=]|\d{1,3}[.)]\s|\[[^\]]*\]:|.*https?://|.*\S@\S)")
_SMALL = frozenset("a an and as at by for from in into of on or the to vs vs. with your you is are".split())
_STEP = re.compile(
    r"^(?:step|phase|stage|part|week|month|module|lesson|chapter|level|unit|day)s?\s+(?:\d{1,3}(?:\s*[-–]\s*\d{1,3})?|[ivx]{1,4})"
    r"(?:\s*[-–—:.)]\s*\S|\s*$)",
    re.IGNORECASE,
)
_SHORT_WORDS, _QUESTION_WORDS, _STEP_WORDS = 6, 14, 12
_GENERIC = re.compile(r"^(?:overview|introduction|summary|about|background|preface|prerequisites?)\b", re.IGNORECASE)


def with_headings(lines: Sequence[str], skipped: Sequence[bool]) -> list[str]:
    """The lines with title-like ones as ATX headings; prose without such lines comes back as it is.

    `skipped` marks the lines of code. The first title becomes level 1 where it opens the text, the others level 2, and
    a title that stands right on its prose ("Step 1 - Networks") one level below the one above it.
    """
    titles = _titles(lines, skipped)
    first_written = next((at for at, line in enumerate(lines) if line.strip()), -1)
    if len(titles) == 1 and titles[0] != first_written:
        titles = []
    below = _titles_on_prose(lines, skipped, titles)
    if not titles and len(below) < 2:
        return list(lines)
    opens = bool(titles) and titles[0] == first_written and not _GENERIC.match(_bare(lines[titles[0]]))
    written, level = list(lines), 1
    for at in sorted([*titles, *below]):
        if at in titles:
            level = 1 if opens and at == titles[0] else 2
            _list_names(written, at + 1, titles)
        written[at] = f"{'#' * (level + (at not in titles))} {lines[at].strip()}"
    return written


def _titles(lines: Sequence[str], skipped: Sequence[bool]) -> list[int]:
    """The numbers of the lines that are titles; a run of more of them than a page would stack is a list or a poem."""
    return [at for run in _runs(lines, skipped) if _stands(lines, run) for at in run]


def _runs(lines: Sequence[str], skipped: Sequence[bool]) -> list[list[int]]:
    """The title-like lines in order, those with nothing written between them together, each run over some content."""
    runs: list[list[int]] = []
    written = [at for at, line in enumerate(lines) if line.strip()]
    run: list[int] = []
    for at, below in pairwise(written):
        if not skipped[at] and _is_title(lines, at, below):
            run.append(at)
        elif run:
            runs.append(run)
            run = []
    # The last written line is no title itself, so a run that reaches it has content only if that line is some.
    return [*runs, run] if run and not _has_title_shape(_bare(lines[written[-1]])) else runs


def _stands(lines: Sequence[str], run: Sequence[int]) -> bool:
    return len(run) <= _LONGEST_CHAIN or all(begins_with_picture(lines[at]) for at in run[1:])


def _is_title(lines: Sequence[str], at: int, below: int) -> bool:
    """Whether one line reads as a title over the written line `below`."""
    line = lines[at]
    alone_above = at == 0 or not lines[at - 1].strip()
    alone_below = below > at + 1
    if len(line) - len(line.lstrip()) > 3 or _NO_TITLE.match(line):
        return False
    text = _bare(line)
    if not alone_above or not _has_title_shape(text):
        return False
    if text.endswith(":"):
        return _is_capitalised(text) and len(text.split()) <= 5
    if _is_shouted(text):
        under = _bare(lines[below])
        return alone_below or (not _is_term(text, under) and (not _is_shouted(under) or len(under.split()) <= 4))
    return alone_below and (_is_capitalised(text) or _is_short_phrase(text, lines[below]))


def _is_term(text: str, under: str) -> bool:
    """Whether an abbreviation stands over the sentence that explains it; that is an entry, not a section."""
    return " " not in text and len(under.split()) >= 4 and re.search(rf"\b{re.escape(text)}\b", under) is not None


def _bare(line: str) -> str:
    return without_pictures(line).strip().strip("*_").strip()


def _has_title_shape(text: str) -> bool:
    short = 2 <= len(text) <= _MOST_CHARS and len(text.split()) <= _MOST_WORDS
    return short and (text[0].isupper() or text[0].isdigit()) and not text.endswith((".", ",", ";", "!", "…"))


def _is_shouted(text: str) -> bool:
    return text.isupper() and sum(character.isalpha() for character in text) >= 4


def _is_capitalised(text: str) -> bool:
    """Whether the words that titles write with a capital have one."""
    words = [word for word in re.findall(r"[^\W\d_][\w'’-]*", text) if word.casefold() not in _SMALL]
    return bool(words) and sum(word[0].isupper() for word in words) >= 0.75 * len(words)


def _is_short_phrase(text: str, following: str) -> bool:
    """A title in sentence case: a few words over something longer that is written out or listed."""
    written_out = len(following) > len(text) + 20 and following.rstrip().endswith((".", ":", "?", "!"))
    return len(text.split()) <= 6 and (bool(_SIGN.match(following)) or written_out)


# --- titles right on their prose, and names under a title -----------------------------------------


def _titles_on_prose(lines: Sequence[str], skipped: Sequence[bool], titles: Sequence[int]) -> list[int]:
    """The lines that open a block, or follow a title, and name the prose in the next line.

    Steps are told by their number; other short lines and questions only count in a text that has titles.
    """
    found: list[int] = []
    for at in range(len(lines) - 1):
        opens_block = at == 0 or not lines[at - 1].strip() or at - 1 in titles
        if not opens_block or skipped[at] or skipped[at + 1] or at in titles or not lines[at + 1].strip():
            continue
        text, under = _bare(lines[at]), lines[at + 1].strip()
        if _NO_TITLE.match(lines[at]) or _NO_TITLE.match(under) or len(lines[at]) - len(lines[at].lstrip()) > 3:
            continue
        if _names_step(text, under) or (titles and _names_prose(text, under)):
            found.append(at)
    return found


def _names_step(text: str, under: str) -> bool:
    fits = len(text) <= _MOST_CHARS and len(text.split()) <= _STEP_WORDS and not text.endswith((".", ",", ";"))
    return fits and bool(_STEP.match(text)) and (_is_prose(under) or (is_labelled(under) and not _STEP.match(under)))


def _names_prose(text: str, under: str) -> bool:
    """Whether a short line is the title of the sentence below it, and not the first line of wrapped prose."""
    if not text or not text[0].isupper() or len(text) > _MOST_CHARS or is_labelled(text):
        return False
    words = text.split()
    if text.endswith("?"):
        return len(words) <= _QUESTION_WORDS and under[0].isupper() and under.endswith((".", "!"))
    if text.endswith((".", ",", ";", ":", "!", "…")) or words[-1].casefold() in _SMALL:
        return False
    return len(words) <= _SHORT_WORDS and _is_prose(under) and len(under) > len(text)


def _is_prose(under: str) -> bool:
    """Whether a line begins a sentence that is written out."""
    whole = under.endswith((".", "!", "?", ":")) or len(under) >= 60
    return not under[0].islower() and whole and len(under.split()) >= 4 and not is_labelled(under)


def _list_names(lines: list[str], start: int, titles: Sequence[int]) -> None:
    """Make the first block below a title a list where it holds nothing but short names, one a line."""
    while start < len(lines) and not lines[start].strip():
        start += 1
    end = start
    while end < len(lines) and lines[end].strip():
        end += 1
    block = lines[start:end]
    if len(block) > 1 and start not in titles and all(_is_name(line) for line in block):
        lines[start:end] = [f"- {line.strip()}" for line in block]


def _is_name(line: str) -> bool:
    text = _bare(line)
    plain = not _NO_TITLE.match(line) and not line.startswith((" ", "\t", "#")) and not is_labelled(line)
    fits = 2 <= len(text) <= 40 and len(text.split()) <= 5 and (text[0].isupper() or text[0].isdigit())
    return plain and fits and not text.endswith((".", ",", ";", ":", "!", "?", "…"))
