"""A conversation as a Markdown file to take along: each question, its answer with [n] marks, and the sources of it.

Pure functions. What a learner typed and what a page said stays text: no file of ours brings HTML or pictures along.
"""

import re
from collections.abc import Iterator, Sequence

from advisor.records import Answer, Citation, Status, Turn
from advisor.text import slug, visible

QUOTE_CHARS = 300
_NAME_CHARS = 60
_UNTOLD = "Conversation"
_MARKUP = re.compile(r"([\\`*_\[\]<>#|])")
_NO_WEB_LINK = re.compile(r"\](?=\((?!\s*<?https?://))")
_TAG = re.compile(r"<(?!https?://)(?=[A-Za-z/!?])")
# Names that Windows keeps for devices, whatever stands behind the dot.
_RESERVED = frozenset(
    "con prn aux nul".split() + [f"{port}{number}" for port in ("com", "lpt") for number in range(10)]
)


def conversation_markdown(title: str, turns: Sequence[Turn]) -> str:
    """The whole conversation, ending in a line break; the numbers of sources begin anew with each question."""
    lines = [f"# {_plain(title) or _UNTOLD}"]
    for turn in turns:
        lines += ["", f"## {_plain(turn.question)}", "", *_answer_lines(turn.answer)]
    if turns:
        lines += ["", "---", "", f"Asked on {_days(turns)}. From the roadmaps of the Career Advisor."]
    return "\n".join(lines) + "\n"


def file_stem(title: str) -> str:
    """The title as the name of a file on any system, without an ending."""
    name = slug(title)[:_NAME_CHARS].strip("-")
    return name if name and name not in _RESERVED else f"{name}-conversation".strip("-")


def _answer_lines(answer: Answer) -> Iterator[str]:
    if answer.status is Status.REFUSED:
        yield from ("*Not in the roadmaps.*", "")
    yield _NO_WEB_LINK.sub(r"\]", _TAG.sub("&lt;", visible(answer.text).replace("![", r"\![")))
    if answer.citations:
        yield from ("", "Sources:", "")
        yield from (f"- {_source(citation)}" for citation in answer.citations)


def _source(citation: Citation) -> str:
    place = [citation.title or citation.document, *filter(None, citation.section.split(" > "))]
    if citation.page is not None:
        place.append(f"page {citation.page}")
    where = _plain(", ".join(dict.fromkeys(place)))
    address = f" <{citation.url}>" if citation.url and re.fullmatch(r"https?://[^\s<>]+", citation.url) else ""
    return f"[{citation.number}] {where}: “{_cut(_plain(citation.quote))}”{address}"


def _cut(text: str) -> str:
    return text if len(text) <= QUOTE_CHARS else f"{text[: QUOTE_CHARS - 1].rsplit(' ', 1)[0]} …"


def _plain(text: str) -> str:
    """The text on one line, its signs of Markdown and HTML meaning nothing."""
    return _MARKUP.sub(r"\\\1", " ".join(visible(text).split()))


def _days(turns: Sequence[Turn]) -> str:
    first, last = turns[0].asked_at.date(), turns[-1].asked_at.date()
    return str(first) if first == last else f"{first} to {last}"
