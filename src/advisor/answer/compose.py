"""Put checked pieces together: number the citations, set the marks. Writes Markdown, as `refusing` does.

Citations are numbered from 1 in the order of first use and name only passages the answer uses.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from advisor.answer.ground import stands_in_its_passage
from advisor.answer.selection import Group, Selection, Shape
from advisor.records import Citation, Claim, Passage, Snippet


@dataclass(frozen=True, slots=True)
class Composed:
    """An answer's text with its claims and citations."""

    text: str
    claims: tuple[Claim, ...]
    citations: tuple[Citation, ...]


def compose(selection: Selection) -> Composed:
    """The extract as Markdown with [n] marks; every piece is a claim that cites its own passage."""
    citations = Citations(selection.snippets)
    if selection.shape is Shape.TABLE:
        text = _table(selection.groups, citations)
    else:
        text = "\n\n".join(_group(group, selection.shape, citations) for group in selection.groups)
    claims = tuple(
        Claim(s.text, (citations.number(s.passage),), supported=stands_in_its_passage(s)) for s in selection.snippets
    )
    return Composed(text, claims, citations.listed())


def compose_worded(pieces: Sequence[Snippet], shape: Shape) -> Composed:
    """Checked sentences of the writer, in their order, each with the mark of its passage; a list stays a list."""
    citations = Citations(pieces)
    marked = [_marked(piece.text, citations.number(piece.passage)) for piece in pieces]
    as_list = shape is not Shape.SENTENCES and len(marked) > 1
    text = "\n".join(f"- {line}" for line in marked) if as_list else " ".join(marked)
    claims = tuple(Claim(piece.text, (citations.number(piece.passage),), supported=True) for piece in pieces)
    return Composed(text, claims, citations.listed())


class Citations:
    """Numbers passages by first use and gathers the words that are relied on."""

    def __init__(self, pieces: Iterable[Snippet]) -> None:
        self._pieces: dict[str, list[Snippet]] = {}
        for piece in pieces:
            self._pieces.setdefault(piece.passage.id, []).append(piece)
        self._numbers = {passage_id: n for n, passage_id in enumerate(self._pieces, start=1)}

    def number(self, passage: Passage) -> int:
        """The number of a passage that a piece relies on, from 1."""
        return self._numbers[passage.id]

    def listed(self) -> tuple[Citation, ...]:
        """The citations in the order of their numbers."""
        return tuple(_citation(self._numbers[key], pieces) for key, pieces in self._pieces.items())


def _citation(number: int, pieces: Sequence[Snippet]) -> Citation:
    passage = pieces[0].passage
    return Citation(
        number=number,
        passage_id=passage.id,
        document=passage.document,
        section=" > ".join(passage.section),
        url=passage.url,
        quote=_quote(passage, pieces),
        title=passage.title,
        page=passage.page,
    )


def _quote(passage: Passage, pieces: Sequence[Snippet]) -> str:
    """The shortest stretch of the passage that holds every quote; a quote that reaches out of it stands alone."""
    places = [passage.text.find(piece.quote) for piece in pieces]
    if -1 in places:
        return pieces[0].quote
    end = max(place + len(piece.quote) for place, piece in zip(places, pieces, strict=True))
    return passage.text[min(places) : end]


def _group(group: Group, shape: Shape, citations: Citations) -> str:
    if shape is Shape.SENTENCES or not group.lead:
        return " ".join(_marked(s.text, citations.number(s.passage)) for s in group.snippets)
    numbers = {citations.number(snippet.passage) for snippet in group.snippets}
    on_lead = len(numbers) == 1  # one source for the whole list: one mark, on the line that introduces it
    lead = _marked(group.lead, *numbers) if on_lead else group.lead
    bullets = [s.text if on_lead else _marked(s.text, citations.number(s.passage)) for s in group.snippets]
    marks = [f"{n}." for n in range(1, len(bullets) + 1)] if shape is Shape.STEPS else ["-"] * len(bullets)
    return "\n".join([lead, "", *(f"{mark} {bullet}" for mark, bullet in zip(marks, bullets, strict=True))])


def _marked(text: str, *numbers: int) -> str:
    """The text with its marks before the closing full stop or colon."""
    marks = "".join(f"[{number}]" for number in sorted(numbers))
    body, end = (text[:-1], text[-1]) if text.endswith((".", ":", "!", "?")) else (text, "")
    return f"{body} {marks}{end}"


def _table(groups: Sequence[Group], citations: Citations) -> str:
    """A column for each thing compared, a row for each subject, "not in the roadmaps" where nothing is said."""
    columns = list(dict.fromkeys(group.lead for group in groups))
    said = {
        (group.row, group.lead): " ".join(_marked(s.text, citations.number(s.passage)) for s in group.snippets)
        for group in groups
    }
    lines = [f"| | {' | '.join(map(_cell, columns))} |", f"|{'---|' * (len(columns) + 1)}"]
    for row in dict.fromkeys(group.row for group in groups):
        cells = (_cell(said.get((row, column), "")) or "not in the roadmaps" for column in columns)
        lines.append(f"| {_cell(row) or 'What the roadmaps say'} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _cell(text: str) -> str:
    """Words that cannot end their cell or their row."""
    return " ".join(text.replace("|", "\\|").split())
