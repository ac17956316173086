"""Cut documents into passages: one section each where it fits, never more than the embedder reads.

A passage is an exact stretch of its document, knows its heading path, and carries as context what a reader would have
seen above it. Knows nothing of models: the caller brings the embedder's own way of counting word pieces.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from advisor.corpus.outline import Kind, Node, Outline, outline_document, plain
from advisor.records import Document, Passage, Section
from advisor.text import content_hash, slug

CHUNKER_VERSION = (
    "4"  # raise it when the same document would be cut differently: every build made before is then renewed
)
LIMIT_PIECES = 256  # what all-MiniLM-L6-v2 reads; the rest would be dropped in silence
CONTEXT_PIECES = 80  # the most of the limit that titles and headings may take
REACH_CHARS = 8  # per piece of the limit: within these a passage nearly always ends

CountPieces = Callable[[str], int]


def embedding_text(passage: Passage) -> str:
    """What the embedder and the lexical index read of a passage: its context, then its words without markup."""
    return _as_embedded(passage.context, passage.text)


def _as_embedded(context: str, text: str) -> str:
    return f"{context}\n{plain(text.strip())}".strip()


def chunk_document(
    document: Document, *, count_pieces: CountPieces, limit_pieces: int = LIMIT_PIECES
) -> tuple[Passage, ...]:
    """The passages of one document in reading order.

    Every non-blank character of every section is in exactly one passage (a section that repeats another, headings and
    words, is left out), and `count_pieces(embedding_text(p))` is at most `limit_pieces` for each.
    """
    outline = outline_document(document)
    cutter = _Cutter(document, outline, _places(document, outline), count_pieces, limit_pieces)
    return _with_distinct_ids([passage for section in document.sections for passage in cutter.cut(section)])


def _with_distinct_ids(passages: Sequence[Passage]) -> tuple[Passage, ...]:
    """Two sections with the same headings and the same words are one passage: the first stands for both."""
    return tuple({passage.id: passage for passage in reversed(passages)}.values())[::-1]


@dataclass(frozen=True, slots=True)
class _Place:
    """A node and where the line that it stands on begins."""

    line_start: int
    node: Node


def _places(document: Document, outline: Outline) -> tuple[_Place, ...]:
    """Every node with its line, in the order of the lines."""
    lines = [0, *(at + 1 for at, character in enumerate(document.text) if character == "\n")]
    placed = (_Place(lines[bisect_right(lines, node.start) - 1], node) for node in outline.nodes)
    return tuple(sorted(placed, key=lambda place: (place.line_start, place.node.start)))


@dataclass(frozen=True, slots=True)
class _Cutter:
    document: Document
    outline: Outline
    places: tuple[_Place, ...]
    count_pieces: CountPieces
    limit_pieces: int

    def cut(self, section: Section) -> list[Passage]:
        """The passages of one section."""
        found, position = [], section.start
        context = self.context(section, begins_with_heading=True)
        while position < section.end:
            end = self.furthest(section, position, context)
            passage = self.passage(section, position, end, context)
            if passage.text:
                found.append(passage)
            if position == section.start and end < section.end:
                context = self.context(section, begins_with_heading=False)
            position = end
        return found

    def context(self, section: Section, *, begins_with_heading: bool) -> str:
        """Title and headings above this place; for a bare heading also the headings below it, as a reader skims."""
        path = section.path[:-1] if begins_with_heading else section.path
        context = " > ".join([self.document.title, *(part for part in path if part != self.document.title)])
        heading = self.heading(section)
        if heading is not None and not self.document.text[heading.end : section.end].strip():
            below = [child.text for child in self.outline.children(heading)]
            context = f"{context}\nContains: {'; '.join(below)}" if below else context
        return self.shortened(context)

    def heading(self, section: Section) -> Node | None:
        """The heading node that opens this section."""
        nodes = (place.node for place in self.between(section.start, section.end))
        return next((node for node in nodes if node.kind is Kind.HEADING), None)

    def between(self, start: int, end: int) -> Sequence[_Place]:
        """What stands on the lines that begin in this stretch."""
        first = bisect_left(self.places, start, key=lambda place: place.line_start)
        return self.places[first : bisect_left(self.places, end, lo=first, key=lambda place: place.line_start)]

    def shortened(self, context: str) -> str:
        """The context cut at a word so that it leaves room for the text itself."""
        limit = min(CONTEXT_PIECES, self.limit_pieces // 3)
        while self.count_pieces(context) > limit and " " in context:
            context = context[: max(context.rfind(" "), 1)][: int(len(context) * 0.9)].rstrip()
        return context

    def furthest(self, section: Section, position: int, context: str) -> int:
        """The last place at which a passage from `position` can end: between blocks, else words, else characters."""
        horizon = self.horizon(section, position, context)
        if horizon == section.end and self.fits(position, section.end, context):
            return section.end
        for cuts in self.cuts(section, position, horizon):
            # word pieces only grow with the text, so the last cut that fits is found by bisection
            fitting = bisect_right(cuts, 0, key=lambda cut: 0 if self.fits(position, cut, context) else 1)
            if fitting:
                return cuts[fitting - 1]
        return position + 1

    def horizon(self, section: Section, position: int, context: str) -> int:
        """A place up to which not all fits, or the section's end: a long section is not read again for each passage."""
        reach = REACH_CHARS * self.limit_pieces
        while (end := self.line_end(position + reach, reach)) < section.end:
            if not self.fits(position, end, context):
                return end
            reach *= 2
        return section.end

    def line_end(self, offset: int, most_chars: int) -> int:
        """The end of this line if it is near, for half a link counts more than a whole one; else the place itself."""
        end = self.document.text.find("\n", offset, offset + most_chars)
        return offset if end < 0 else end

    def cuts(self, section: Section, position: int, horizon: int) -> Iterator[list[int]]:
        """Where one may cut, best places first: before blocks, before any node, between words, anywhere."""
        text, end = self.document.text, min(horizon + 1, section.end)
        inside = self.between(position + 1, end)
        blocks = [place.line_start for place in inside if self.outline.nodes[place.node.parent].kind != Kind.ITEM]
        nodes = [place.node.start if place.node.kind is Kind.SENTENCE else place.line_start for place in inside]
        yield sorted(set(blocks))
        yield sorted(set(nodes))
        yield [i for i in range(position + 1, end) if text[i - 1].isspace() and not text[i].isspace()]
        yield list(range(position + 1, end))

    def fits(self, start: int, end: int, context: str) -> bool:
        text = _as_embedded(context, self.document.text[start:end])
        return self.count_pieces(text) <= self.limit_pieces

    def passage(self, section: Section, start: int, end: int, context: str) -> Passage:
        stretch = self.document.text[start:end]
        start, end = start + len(stretch) - len(stretch.lstrip()), end - (len(stretch) - len(stretch.rstrip()))
        text = self.document.text[start:end] if start < end else ""
        path = section.path or (self.document.title,)
        name = "/".join(slug(part) for part in section.path)
        return Passage(
            id=f"{self.document.key}#{name}#{content_hash(text)[:12]}",
            document=self.document.key,
            title=self.document.title,
            section=path,
            start=start,
            end=end,
            text=text,
            page=self.document.page_at(start),
            url=self.document.url,
            role=self.document.role,
            context=context,
        )
