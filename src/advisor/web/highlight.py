"""Which words of a cited passage an answer relies on: the stretches to highlight.

A citation names one stretch that holds everything it was cited for, and so often more than that. Here that stretch is
cut into sentences, lines and cells of tables, and those are kept whose words stand in a claim that cites it. Knows
nothing of HTML or of where the passage stands.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from advisor.text import Span, sentence_spans, stems

LEAST_SHARE = 0.6  # of the words of a sentence, in one claim: an answer may leave out a word or change its form
_LEAST_SHARED = 2  # words that the nearest sentence and a claim must have in common

_OWN_LINE = re.compile(r"\s*(?:[-*+]\s|#|\||>|\d+[.)]\s|$)")  # a line that does not go on from the one before
_MARKER = re.compile(r"\s*(?:[-*+]\s+|\d+[.)]\s+|#{1,6}\s+|>\s*)?")
_RULE = re.compile(r"[\s|:-]+")
_LINK_TARGET = re.compile(r"\]\([^)\n]*\)|<https?://[^>\s]*>")
_JOINS = re.compile(r"[ \t|]*")  # between two stretches that are shown as one


@dataclass(frozen=True, slots=True)
class _Piece:
    """One sentence, line or cell."""

    span: Span
    words: frozenset[str]  # stems
    numbers: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Used:
    """A piece that a claim may rely on, with how many words of the claim its item holds: for a sentence, it itself."""

    piece: _Piece
    shared: int


@dataclass(frozen=True, slots=True)
class _Line:
    """What stands on one line, or in one wrapped paragraph."""

    indent: int
    is_row: bool
    is_quoted: bool  # or only stands below a quoted line
    pieces: tuple[_Piece, ...]


def used_spans(text: str, quote: Span, claims: Sequence[str]) -> tuple[Span, ...]:
    """The stretches of the text that these claims rely on, in order and apart; all of the quote where none is found.

    They lie in the quote, or on lines indented below its last one: the properties of an item. A sentence counts where
    every number of it and most of its words stand in one claim, a property only with the item that it belongs to, a
    cell only with the first of its row. A claim to which nothing fits gets the piece that has most words in common.
    """
    lines = list(_lines(text, quote))
    found: dict[int, Span] = {}
    for claim in claims:
        said = frozenset(stems(claim))
        used = _needed(list(_used(lines, said)), said) or _nearest(lines, said)
        found |= {piece.span.start: piece.span for piece in used}
    return _joined(text, [found[start] for start in sorted(found)]) or ((quote,) if quote.start < quote.end else ())


def _used(lines: Sequence[_Line], said: frozenset[str]) -> Iterator[_Used]:
    indent, of_item = lines[0].indent if lines else 0, 0
    for line in lines:
        if line.indent > indent:
            used = [p for p in line.pieces if _is_property(p, said) and (of_item or _is_all(p, said, line))]
            yield from (_Used(piece, of_item or len(piece.words)) for piece in used)
        else:
            used = [p for p in line.pieces if line.is_quoted and _stands_in(p, said)]
            used = used if not line.is_row or line.pieces[0] in used else []
            indent, of_item = line.indent, max((len(piece.words & said) for piece in used), default=0)
            yield from (_Used(piece, len(piece.words & said)) for piece in used)


def _is_property(piece: _Piece, said: frozenset[str]) -> bool:
    return bool(piece.words) and piece.words <= said


def _is_all(piece: _Piece, said: frozenset[str], line: _Line) -> bool:
    """Whether a claim is made of this piece of the quote, and not of the item that it belongs to."""
    return line.is_quoted and len(piece.words & said) >= LEAST_SHARE * len(said)


def _stands_in(piece: _Piece, said: frozenset[str]) -> bool:
    if not piece.words or not piece.numbers <= said:
        return False
    return len(piece.words & said) >= LEAST_SHARE * len(piece.words)


def _needed(found: Sequence[_Used], said: frozenset[str]) -> list[_Piece]:
    """Those that bear out something of a claim that those with more of its words do not."""
    needed: list[_Piece] = []
    left = said
    for piece in (one.piece for one in sorted(found, key=lambda one: (-one.shared, one.piece.span.start))):
        if 2 * len(piece.words & left) >= len(piece.words & said):
            needed.append(piece)
            left -= piece.words
    return needed


def _nearest(lines: Sequence[_Line], said: frozenset[str]) -> list[_Piece]:
    """The quoted piece that shares most words with a claim, the first of equals; none where they share next to none."""
    pieces = [piece for line in lines if line.is_quoted for piece in line.pieces]
    best = max(pieces, key=lambda piece: len(piece.words & said), default=None)
    return [best] if best and len(best.words & said) >= _LEAST_SHARED else []


# --- cutting -----------------------------------------------------------------------------------------


def _lines(text: str, quote: Span) -> Iterator[_Line]:
    """The lines of the quote, then those below it that are indented deeper than its last one that is no property."""
    rows = _row_starts(text)
    outer = None
    for block in _blocks(text, quote.start):
        indent = _indent(text, block.start)
        is_quoted = block.start < quote.end
        if is_quoted:
            outer = indent if outer is None else min(outer, indent)
        elif outer is None or indent <= outer:
            return
        if block.start not in rows:
            cut = Span(max(block.start, quote.start), min(block.end, quote.end) if is_quoted else block.end)
            is_row = text[block.start : block.end].lstrip().startswith("|")
            spans = _cells(text, cut) if is_row else _sentences(text, cut)
            yield _Line(indent, is_row, is_quoted, tuple(_piece(text, span) for span in spans))


def _blocks(text: str, start: int) -> Iterator[Span]:
    """Lines with text from the one at `start` on, a wrapped paragraph or item as one."""
    begin = text.rfind("\n", 0, start) + 1
    block: Span | None = None
    for line in text[begin:].splitlines(keepends=True):
        end = begin + len(line.rstrip())
        is_apart = bool(_OWN_LINE.match(line)) or (block is not None and text[block.start : block.end].startswith("|"))
        if block and not is_apart:
            block = Span(block.start, end)
        else:
            if block:
                yield block
            block = Span(begin, end) if line.strip() else None
        begin += len(line)
    if block:
        yield block


def _row_starts(text: str) -> frozenset[int]:
    """Where the heads of tables and the rules below them begin: they name columns and say nothing."""
    starts, begin, before = set(), 0, 0
    for line in text.splitlines(keepends=True):
        if "|" in line and "-" in line and _RULE.fullmatch(line.strip()):
            starts |= {before, begin}
        before, begin = begin, begin + len(line)
    return frozenset(starts)


def _indent(text: str, start: int) -> int:
    line = text[start:].partition("\n")[0]
    return len(line) - len(line.lstrip())


def _sentences(text: str, cut: Span) -> Iterator[Span]:
    marker = _MARKER.match(text, cut.start, cut.end)
    return sentence_spans(text, marker.end() if marker else cut.start, cut.end)


def _cells(text: str, cut: Span) -> Iterator[Span]:
    begin = cut.start
    for cell in text[cut.start : cut.end].split("|"):
        if cell.strip():
            lead = len(cell) - len(cell.lstrip())
            yield Span(begin + lead, begin + len(cell.rstrip()))
        begin += len(cell) + 1


def _piece(text: str, span: Span) -> _Piece:
    words = frozenset(stems(_LINK_TARGET.sub(" ", text[span.start : span.end])))
    return _Piece(span, words, frozenset(word for word in words if word[0].isdigit()))


def _joined(text: str, spans: Sequence[Span]) -> tuple[Span, ...]:
    """The same with neighbours on one line as one."""
    joined: list[Span] = []
    for span in spans:
        if joined and _JOINS.fullmatch(text, joined[-1].end, span.start):
            joined[-1] = Span(joined[-1].start, span.end)
        else:
            joined.append(span)
    return tuple(joined)
