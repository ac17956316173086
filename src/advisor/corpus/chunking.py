"""Cut documents into passages: one section each where it fits, never more than the embedder reads.

A passage is an exact stretch of its document, knows its heading path, and carries as context what a reader would have
seen above it. Knows nothing of models: the caller brings the embedder's own way of counting word pieces.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from advisor.corpus.outline import Kind, Node, Outline, outline_document, plain
from advisor.records import Document, Passage, Section
from advisor.text import content_hash, slug

CHUNKER_VERSION = (
    "1"  # raise it when the same document would be cut differently: every build made before is then renewed
)
LIMIT_PIECES = 256  # what all-MiniLM-L6-v2 reads; the rest would be dropped in silence
CONTEXT_PIECES = 80  # the most of the limit that titles and headings may take

CountPieces = Callable[[str], int]


def embedding_text(passage: Passage) -> str:
    """What the embedder and the lexical index read of a passage: its context, then its words without markup."""
    return f"{passage.context}\n{plain(passage.text)}".strip()


def chunk_document(
    document: Document, *, count_pieces: CountPieces, limit_pieces: int = LIMIT_PIECES
) -> tuple[Passage, ...]:
    """The passages of one document in reading order.

    Every non-blank character of every section is in exactly one passage (a section that repeats another, headings and
    words, is left out), and `count_pieces(embedding_text(p))` is at most `limit_pieces` for each.
    """
    outline = outline_document(document)
    cutter = _Cutter(document, outline, count_pieces, limit_pieces)
    return _with_distinct_ids([passage for section in document.sections for passage in cutter.cut(section)])


def _with_distinct_ids(passages: Sequence[Passage]) -> tuple[Passage, ...]:
    """Two sections with the same headings and the same words are one passage: the first stands for both."""
    return tuple({passage.id: passage for passage in reversed(passages)}.values())[::-1]


@dataclass(frozen=True, slots=True)
class _Cutter:
    document: Document
    outline: Outline
    count_pieces: CountPieces
    limit_pieces: int

    def cut(self, section: Section) -> list[Passage]:
        """The passages of one section."""
        found, position = [], section.start
        while position < section.end:
            context = self.context(section, position)
            end = self.furthest(section, position, context)
            passage = self.passage(section, position, end, context)
            if passage.text:
                found.append(passage)
            position = end
        return found

    def context(self, section: Section, position: int) -> str:
        """Title and headings above this place; for a bare heading also the headings below it, as a reader skims."""
        begins_with_heading = position == section.start
        path = section.path[:-1] if begins_with_heading else section.path
        context = " > ".join([self.document.title, *(part for part in path if part != self.document.title)])
        heading = self.heading(section)
        if heading is not None and not self.document.text[heading.end : section.end].strip():
            below = [child.text for child in self.outline.children(heading)]
            context = f"{context}\nContains: {'; '.join(below)}" if below else context
        return self.shortened(context)

    def heading(self, section: Section) -> Node | None:
        """The heading node that opens this section."""
        headings = (node for node in self.outline.nodes if node.kind is Kind.HEADING)
        return next((node for node in headings if section.start <= node.start < section.end), None)

    def shortened(self, context: str) -> str:
        """The context cut at a word so that it leaves room for the text itself."""
        limit = min(CONTEXT_PIECES, self.limit_pieces // 3)
        while self.count_pieces(context) > limit and " " in context:
            context = context[: max(context.rfind(" "), 1)][: int(len(context) * 0.9)].rstrip()
        return context

    def furthest(self, section: Section, position: int, context: str) -> int:
        """The last place at which a passage from `position` can end: between blocks, else words, else characters."""
        if self.fits(section, position, section.end, context):
            return section.end
        for cuts in self.cuts(section, position):
            # word pieces only grow with the text, so the last cut that fits is found by bisection
            fitting = bisect_right(cuts, 0, key=lambda cut: 0 if self.fits(section, position, cut, context) else 1)
            if fitting:
                return cuts[fitting - 1]
        return position + 1

    def cuts(self, section: Section, position: int) -> Iterator[list[int]]:
        """Where one may cut, best places first: before blocks, before any node, between words, anywhere."""
        inside = [node for node in self.outline.nodes if position < self.line_start(node.start) < section.end]
        blocks = [self.line_start(node.start) for node in inside if self.outline.nodes[node.parent].kind != Kind.ITEM]
        nodes = [node.start if node.kind is Kind.SENTENCE else self.line_start(node.start) for node in inside]
        text = self.document.text
        yield sorted(set(blocks))
        yield sorted(set(nodes))
        yield [i for i in range(position + 1, section.end) if text[i - 1].isspace() and not text[i].isspace()]
        yield list(range(position + 1, section.end))

    def line_start(self, offset: int) -> int:
        return self.document.text.rfind("\n", 0, offset) + 1

    def fits(self, section: Section, start: int, end: int, context: str) -> bool:
        passage = self.passage(section, start, end, context)
        return self.count_pieces(embedding_text(passage)) <= self.limit_pieces

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
