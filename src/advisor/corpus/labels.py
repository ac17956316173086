"""Lines of the form "Exam fee: $255" that follow each other: list items, nested where the first names a thing.

Markdown would join such lines into one paragraph, and a sentence after a list into its last item. Works on clean
Markdown and keeps its lines. Knows nothing of pictographs, HTML or which headings a text should have.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from markdown_it import MarkdownIt

_LABELLED = re.compile(
    r"^[ \t]*(?P<mark>\*\*|__|)(?P<label>[^\s:*_|<>\[\]`][^:*_|<>\[\]`]{0,60}?)(?::(?P=mark)|(?P=mark) ?:)[ \t]+"
    r"(?P<value>\S.*)$"
)
_PUNCTUATION = re.compile(r"[.!?;,…](?:\s|$)")
_NUMBER = re.compile(r"\s+(?:\d{1,3}|[ivx]{1,4})$")
_ITEM = re.compile(r"^\s*(?:[-*+]|\d{1,9}[.)])\s+\S")
_NAMES = frozenset("certificate course name title book project role step phase tool".split())
_MOST_LABEL_WORDS = 5
_WRAPPED_CHARS = 60  # a line this long that ends without punctuation probably goes on in the next line


@dataclass(frozen=True, slots=True)
class _Fact:
    """One labelled line; `key` is what kind of label it is, `section` the number of headings above it."""

    line: int
    section: int
    key: str
    value: str


@dataclass(frozen=True, slots=True)
class _Run:
    """Labelled lines of one paragraph that follow each other, and the line after them."""

    facts: tuple[_Fact, ...]
    end: int
    margin: str  # what stands before their text inside a list


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """The lines from `start` up to `end`, below `section` headings; inside a list behind a margin."""

    start: int
    end: int
    section: int
    margin: str = ""


def is_labelled(line: str) -> bool:
    """Whether the line is a short capitalised label, a colon and a value."""
    return _read(line) is not None


def with_label_items(text: str) -> str:
    """The text with each run of labelled lines as a list, and what follows a run at once as a list of its own."""
    if ":" not in text:
        return text
    lines = text.split("\n")
    runs = [run for paragraph in _paragraphs(text) for run in _runs(lines, paragraph)]
    counts = _repeats(runs)
    for run in runs:
        nested = _names_a_thing(run, counts)
        for fact in run.facts:
            below = nested and fact.key != run.facts[0].key
            margin = run.margin + ("  " if below else "")
            lines[fact.line] = f"{margin}- {lines[fact.line].strip().removesuffix(chr(92)).rstrip()}"
    # Another sign begins another list, so the sentence does not become part of the last item.
    for run in runs:
        if run.end >= 0:
            lines[run.end] = f"{run.margin}* {lines[run.end].strip()}"
    return "\n".join(lines)


def with_sentences_apart(text: str) -> str:
    """Plain text whose lists are followed at once by a sentence: that sentence is a list of its own."""
    lines = text.split("\n")
    written = list(lines)
    full_chars = min(_WRAPPED_CHARS, int(0.7 * max(map(len, lines))))  # narrow columns wrap sooner
    for at in range(1, len(lines)):
        if _ITEM.match(lines[at - 1]) and _is_sentence(lines[at]) and not _goes_on(lines[at - 1], full_chars):
            written[at] = f"* {lines[at].strip()}"
    return "\n".join(written)


def _is_sentence(line: str) -> bool:
    written = line.rstrip()
    return written[:1].isupper() and written.endswith((".", "!", "?")) and len(written.split()) >= 4


def _goes_on(line: str, full_chars: int = _WRAPPED_CHARS) -> bool:
    return len(line.strip()) >= full_chars and not line.rstrip(" *_").endswith((".", "!", "?", ":"))


def _read(line: str) -> re.Match[str] | None:
    found = _LABELLED.match(line)
    if not found:
        return None
    label = found["label"]
    fits = len(label.split()) <= _MOST_LABEL_WORDS and not _PUNCTUATION.search(label)
    return found if fits and (label[0].isupper() or label[0].isdigit()) else None


def _paragraphs(text: str) -> list[_Paragraph]:
    """The paragraphs that stand in no quote, table or code, and begin no item of a list."""
    found, section, quotes, lines = [], 0, 0, text.split("\n")
    for token in MarkdownIt("commonmark", {"html": False}).enable("table").parse(text):
        section += token.type == "heading_open"
        quotes += token.nesting if token.type.startswith("blockquote") else 0
        if token.type == "paragraph_open" and not quotes and token.map:
            first = lines[token.map[0]]
            if token.level == 0 or not _ITEM.match(first):
                margin = first[: len(first) - len(first.lstrip())] if token.level else ""
                found.append(_Paragraph(token.map[0], token.map[1], section, margin))
    return found


def _runs(lines: Sequence[str], paragraph: _Paragraph) -> list[_Run]:
    runs, at = [], paragraph.start
    while at < paragraph.end:
        start = at
        facts: list[_Fact] = []
        begins = at == paragraph.start or not _goes_on(lines[at - 1])
        while at < paragraph.end:
            if begins and (found := _read(lines[at])):
                facts.append(_Fact(at, paragraph.section, _key(found["label"]), found["value"]))
            elif not facts or not lines[at].lstrip()[:1].islower():  # a small letter goes on with the value above
                break
            at += 1
        if len(facts) > 1:
            apart = at < paragraph.end and not _goes_on(lines[at - 1])
            runs.append(_Run(tuple(facts), at if apart else -1, paragraph.margin))
        at = max(at, start + 1)
    return runs


# --- which labels name a thing --------------------------------------------------------------------


def _key(label: str) -> str:
    """The label in small letters; "Step 2" is a step."""
    whole = " ".join(label.casefold().split())
    kind = _NUMBER.sub("", whole)
    return kind if kind in _NAMES else whole


def _repeats(runs: Sequence[_Run]) -> Counter[tuple[int, str]]:
    """How often each label that opens a run stands in a section as an opening, or again inside its run."""
    return Counter(
        (fact.section, fact.key)
        for run in runs
        for at, fact in enumerate(run.facts)
        if at == 0 or fact.key == run.facts[0].key
    )


def _names_a_thing(run: _Run, counts: Counter[tuple[int, str]]) -> bool:
    """Whether the first label's value is a name whose properties follow.

    Below a heading of its own the heading names the thing, so an ordinary label has to repeat within one section.
    """
    first, *others = run.facts
    value = first.value.lstrip("*_[\"'“‘«(`")
    if not value[:1].isalpha() or all(other.key == first.key for other in others):
        return False
    repeated = counts[first.section, first.key] > 1
    if first.key in _NAMES:
        return repeated or not any(other.key in _NAMES for other in others)
    return repeated and value[0].isupper()
