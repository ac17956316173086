"""Raw Markdown or plain text to clean Markdown, line for line: line n of the result is line n of the source.

Owns the order of the steps and what fenced code is; each kind of dirt has its own module. Pure functions, no files.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from markdown_it import MarkdownIt

from advisor.corpus import headings, navigation
from advisor.corpus.decoding import normalise_newlines, repair_mojibake, without_noncharacters
from advisor.corpus.fenced import with_fenced_lists, without_admonitions
from advisor.corpus.folded import with_folded_headings
from advisor.corpus.labels import with_label_items, with_sentences_apart
from advisor.corpus.markup import html_to_markdown, without_badges, without_task_marks
from advisor.corpus.metadata import front_matter_lines
from advisor.corpus.symbols import list_signs
from advisor.text import visible

_FENCE = re.compile(r"^[ \t]*(?:>[ \t]?)*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?(?P<fence>`{3,}(?=[^`]*$)|~{3,})(?P<info>.*)$")
_LONGEST_TITLE_CHARS = 120  # of a line over "---"
_BLANKS = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2007": " ", "\u2009": " ", "\u200a": " "})


@dataclass(frozen=True, slots=True)
class Cleaned:
    """Clean Markdown, and in words what was changed to get it."""

    text: str
    repairs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Neighbouring lines that are all code, or all not."""

    is_code: bool
    text: str


def clean_markdown(raw: str) -> Cleaned:
    """The text as clean Markdown with the same number of lines; front matter and fenced code keep their words.

    Newlines are plain line feeds afterwards; mojibake is repaired and hidden characters are gone everywhere.
    """
    text, repairs = without_noncharacters(normalise_newlines(raw)), list[str]()
    text = _step(text, repair_mojibake, "mojibake repaired", repairs)
    text = _step(
        text, lambda whole: visible(whole).translate(_BLANKS), "hidden or odd blank characters removed", repairs
    )
    lines = text.split("\n")
    head = front_matter_lines(lines)
    body = [_clean_body("\n".join(lines[head:]), repairs)] if head < len(lines) else []
    return Cleaned("\n".join([*lines[:head], *body]), tuple(repairs))


def _clean_body(body: str, repairs: list[str]) -> str:
    body = _step(body, _with_folded_headings, "folded parts turned into sections", repairs)
    body = _step(body, _with_fenced_lists, "fenced texts turned into lists, admonitions into text", repairs)
    body = _step(body, lambda whole: _outside_code(whole, html_to_markdown), "HTML turned into Markdown", repairs)
    body = _step(body, lambda whole: _outside_code(whole, without_badges), "badges removed", repairs)
    task_marks = "boxes of task lists and attributes of headings removed"
    body = _step(body, lambda whole: _outside_code(whole, without_task_marks), task_marks, repairs)
    body = _step(body, _with_rules_below_text, "lines below a text that made it a heading turned into rules", repairs)
    has_headings = any(token.type == "heading_open" for token in MarkdownIt("commonmark").parse(body))
    body = _step(body, lambda whole: _without_navigation(whole, has_headings), "navigation removed", repairs)
    if not has_headings:
        body = _step(body, _with_headings, "headings recognised in plain text", repairs)
    body = _step(
        body,
        lambda whole: _outside_code(whole, lambda part: list_signs(part, nest_all=not has_headings)),
        "pictographs and typed bullets removed or turned into list items",
        repairs,
    )
    if not has_headings:
        body = _step(body, lambda whole: _outside_code(whole, with_sentences_apart), "lists ended", repairs)
    return _step(body, with_label_items, "lines of labels and values turned into list items", repairs)


def _step(text: str, change: Callable[[str], str], note: str, repairs: list[str]) -> str:
    """The changed text; where a line differs, the note joins the repairs with the number of lines."""
    changed = change(text)
    if changed != text:
        pairs = zip(text.split("\n"), changed.split("\n"), strict=True)
        count = sum(before != after for before, after in pairs)
        repairs.append(f"{note} ({count} line{'s' if count > 1 else ''})")
    return changed


def _without_navigation(text: str, has_headings: bool) -> str:
    mask = code_lines(lines := text.split("\n"))
    emptied = navigation.without_navigation(lines, has_headings=has_headings)
    return "\n".join(old if is_code else new for old, new, is_code in zip(lines, emptied, mask, strict=True))


def _with_rules_below_text(text: str) -> str:
    """The text with `---` right below several lines, or below a long one, as a rule: it was never meant for a title."""
    if "\n--" not in text:
        return text
    lines = text.split("\n")
    for token in MarkdownIt("commonmark").parse(text):
        if token.type == "heading_open" and token.markup == "-" and token.level == 0 and token.map:
            first, end = token.map
            underline = end - 1
            words = " ".join(lines[first:underline])
            if underline - first > 1 or len(words) > _LONGEST_TITLE_CHARS or words.rstrip().endswith((".", ";", ",")):
                lines[underline] = "***"
    return "\n".join(lines)


def _with_folded_headings(text: str) -> str:
    lines = text.split("\n")
    return "\n".join(with_folded_headings(lines, code_lines(lines))) if "<details" in text.casefold() else text


def _with_fenced_lists(text: str) -> str:
    lines = without_admonitions(lines := text.split("\n"), code_lines(lines))
    return "\n".join(with_fenced_lists(lines, code_lines(lines)))


def _with_headings(text: str) -> str:
    lines = text.split("\n")
    return "\n".join(headings.with_headings(lines, code_lines(lines)))


def _outside_code(text: str, change: Callable[[str], str]) -> str:
    return "\n".join(part.text if part.is_code else change(part.text) for part in _stretches(text))


def _stretches(text: str) -> Iterator[_Stretch]:
    lines = text.split("\n")
    mask = code_lines(lines)
    start = 0
    for at in range(1, len(lines) + 1):
        if at == len(lines) or mask[at] != mask[start]:
            yield _Stretch(mask[start], "\n".join(lines[start:at]))
            start = at


def code_lines(lines: list[str]) -> list[bool]:
    """For every line whether it belongs to fenced code, fences included; an open fence runs to the end."""
    mask, fence = [], ""
    for line in lines:
        found = _FENCE.match(line)
        mask.append(bool(fence or found))
        if found and not fence:
            fence = found["fence"]
        elif (
            found and found["fence"][0] == fence[0] and len(found["fence"]) >= len(fence) and not found["info"].strip()
        ):
            fence = ""
    return mask
