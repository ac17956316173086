"""From evidence to numbered citations: the sources of a gap, a comparison or a ranking, in the order of first use.

Works on any frozen record that holds `Evidence`, however deep. Knows nothing of what the records mean.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

from advisor.career.careers import cite
from advisor.career.pages import Evidence
from advisor.corpus.outline import plain as plain_words
from advisor.records import Citation, Document, Passage

QUOTE_CHARS = 140

Cited = Mapping[Evidence, Citation]


def evidence_in(value: object) -> Iterator[Evidence]:
    """Every piece of evidence in a record, in the order of its fields."""
    if isinstance(value, Evidence):
        yield value
    elif is_dataclass(value):
        for field in fields(value):
            yield from evidence_in(getattr(value, field.name))
    elif isinstance(value, tuple):
        for one in value:
            yield from evidence_in(one)


def cite_all(value: object, documents: Iterable[Document], passages: Iterable[Passage]) -> Cited:
    """The citations of a record, numbered from 1 by first use; raises LookupError where no passage holds a stretch."""
    found = tuple(dict.fromkeys(evidence_in(value)))
    named = {evidence.document for evidence in found}
    pages = {document.key: document for document in documents if document.key in named}
    own: dict[str, list[Passage]] = {key: [] for key in named}
    for passage in passages:
        if passage.document in own:
            own[passage.document].append(passage)
    return {
        evidence: cite(pages[evidence.document], evidence.span, own[evidence.document], number=number)
        for number, evidence in enumerate(found, start=1)
    }


def marks(evidence: Sequence[Evidence], cited: Cited) -> str:
    """The marks behind a statement: "[1][2]"."""
    return "".join(f"[{number}]" for number in dict.fromkeys(cited[one].number for one in evidence))


def source_list(cited: Cited) -> list[str]:
    """The sources as Markdown, a line each: number, title, section and the words relied on, plain and shortened."""
    lines = []
    for citation in cited.values():
        quote = plain_words(citation.quote)
        quote = quote if len(quote) <= QUOTE_CHARS else f"{quote[: QUOTE_CHARS - 1].rstrip()}…"
        place = ", ".join(filter(None, (citation.title or citation.document, citation.section)))
        page = f", page {citation.page}" if citation.page is not None else ""
        lines.append(f'- [{citation.number}] {place}{page}: "{quote}" ({citation.document})')
    return lines


def as_json(value: object, cited: Cited) -> Any:
    """A record as JSON knows it; evidence becomes the number of its citation, the field `evidence` is `citations`."""
    if isinstance(value, Evidence):
        return cited[value].number
    if is_dataclass(value):
        return dict(_entry(field.name, getattr(value, field.name), cited) for field in fields(value))
    if isinstance(value, tuple | list):
        return [as_json(one, cited) for one in value]
    return value.value if isinstance(value, Enum) else value


def _entry(name: str, value: object, cited: Cited) -> tuple[str, Any]:
    if name != "evidence":
        return name, as_json(value, cited)
    found = value if isinstance(value, tuple) else (value,)
    return "citations", list(dict.fromkeys(cited[one].number for one in found))
