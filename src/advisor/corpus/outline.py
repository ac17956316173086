"""The outline of a document: its headings, list items, sentences and table rows as one tree.

Answers are made of these nodes: "how long" wants the node that carries a duration, "which" wants the children of the
node that names the list. Owns the Markdown grammar; knows nothing of questions, passages or search.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from advisor.corpus.cells import named_cells
from advisor.corpus.naming import split_label
from advisor.records import Document, Source
from advisor.text import normalise, sentence_spans


class Kind(StrEnum):
    """What a node is in the page."""

    ROOT = "root"
    HEADING = "heading"
    ITEM = "item"
    SENTENCE = "sentence"
    ROW = "row"


@dataclass(frozen=True, slots=True)
class Link:
    """A link that stands in a node."""

    words: str
    url: str


@dataclass(frozen=True, slots=True)
class Node:
    """One heading, item, sentence or row. `text` is plain words; the span is its own source, not its children's."""

    index: int
    kind: Kind
    text: str
    start: int
    end: int
    parent: int  # the root is its own parent
    links: tuple[Link, ...] = ()
    ordinal: int | None = None
    children: tuple[int, ...] = ()
    cells: tuple[str, ...] = ()  # of a row: "Column: cell" for each cell

    @property
    def label(self) -> str:
        """What the node names: the text before its colon or dash, or all of it."""
        return split_label(self.text, at_arrows=self.kind is not Kind.HEADING).label

    @property
    def value(self) -> str:
        """What the node says of its label, "" where it says nothing."""
        return split_label(self.text, at_arrows=self.kind is not Kind.HEADING).value


@dataclass(frozen=True, slots=True)
class Outline:
    """The nodes of one document in reading order; node 0 is the root and carries the title."""

    document: Document
    nodes: tuple[Node, ...]

    def ancestors(self, node: Node) -> tuple[Node, ...]:
        """From the outermost heading down to the parent, without the root."""
        chain: list[Node] = []
        while node.parent != 0 and node.index != 0:
            node = self.nodes[node.parent]
            chain.append(node)
        return tuple(reversed(chain))

    def children(self, node: Node) -> tuple[Node, ...]:
        """The nodes directly under this one, in order."""
        return tuple(self.nodes[index] for index in node.children)

    def descendants(self, node: Node) -> Iterator[Node]:
        """All nodes under this one, in reading order."""
        for child in self.children(node):
            yield child
            yield from self.descendants(child)

    def quote(self, node: Node) -> str:
        """The node's own words in the document, verbatim."""
        return self.document.text[node.start : node.end]


# What makes lines a quotation or a callout, and is no word of theirs.
_QUOTING = re.compile(r"^[ \t]*(?:>[ \t]?)+|\[!(?:NOTE|TIP|IMPORTANT|WARNING|CAUTION)\][ \t]*", re.MULTILINE)
_DRAWN = frozenset({"mermaid", "plantuml", "dot", "graphviz"})  # code that is drawn for a reader, and never read
_BOXES = re.compile(r"[┌┐┘╔╗╝]|\+-{3,}\+")  # a diagram drawn in characters
LONGEST_HEADING_CHARS = 300  # the rest is left out: every passage below carries its headings
LONGEST_LEAD_WORDS = 12  # of a line that opens in bold and has its list right below
PROPERTY_WORDS = 7  # longest line that counts as a mere property: "Effort: 3–4 hours per week"
DESCRIBED_WORDS, DESCRIBED_CHILDREN = 32, 6  # of a node, for its meaning


@lru_cache(maxsize=1)
def _grammar() -> MarkdownIt:
    return MarkdownIt("commonmark").enable(["table", "strikethrough"])


def plain(markdown: str) -> str:
    """A stretch of Markdown as plain words: no markup, no addresses, whitespace collapsed, blocks one after another."""
    parts = [_words(token) for token in _grammar().parse(markdown) if token.type in {"inline", "fence", "code_block"}]
    return " ".join(" ".join(parts).split())


def inline_words(markdown: str) -> str:
    """One line of Markdown as plain words."""
    return " ".join(" ".join(_words(token) for token in _grammar().parseInline(markdown)).split())


def _words(token: Token) -> str:
    if token.children is None:
        return token.content
    pieces = []
    for child in token.children:
        if child.type in {"text", "code_inline", "text_special"}:
            pieces.append(child.content)
        elif child.type in {"softbreak", "hardbreak"}:
            pieces.append(" ")
    return "".join(pieces)


def _links(tokens: Sequence[Token]) -> tuple[Link, ...]:
    found: list[Link] = []
    for token in tokens:
        href, words = "", ""
        for child in token.children or ():
            if child.type == "link_open":
                href, words = str(child.attrs.get("href", "")), ""
            elif child.type == "link_close":
                found.append(Link(words.strip(), href))
                href = ""
            elif href:
                words += child.content
    return tuple(found)


@dataclass(slots=True)
class _Draft:
    """A node under construction."""

    kind: Kind
    text: str
    start: int
    end: int
    parent: int
    links: tuple[Link, ...] = ()
    ordinal: int | None = None
    cells: tuple[str, ...] = ()
    children: list[int] = field(default_factory=list)


class _Builder:
    """Walks the tokens of one document once and grows the tree."""

    def __init__(self, document: Document) -> None:
        self.text = document.text
        self.body = document.sections[0].start if document.sections else len(document.text)
        body = document.text[self.body :]
        self.tokens = _grammar().parse(body)
        self.line_starts = [self.body]
        for line in body.split("\n"):
            self.line_starts.append(self.line_starts[-1] + len(line) + 1)
        self.drafts = [_Draft(Kind.ROOT, document.title, self.body, self.body, 0)]
        self.headings: list[tuple[int, int]] = []  # (level, node)
        self.items: list[int] = []  # open list items
        self.lists: list[int | None] = []  # open lists: next ordinal, or None for bullets
        self.lead: int | None = None  # a line ending in a colon (or bold) that introduces the next list
        self.columns: tuple[str, ...] = ()

    def parent(self) -> int:
        if self.items:
            return self.items[-1]
        return self.headings[-1][1] if self.headings else 0

    def span(self, first_line: int, last_line: int) -> tuple[int, int]:
        """Offsets of these lines, without the blank space around them."""
        start = self.line_starts[first_line]
        end = min(self.line_starts[min(last_line, len(self.line_starts) - 1)], len(self.text))
        stretch = self.text[start:end]
        return start + len(stretch) - len(stretch.lstrip()), end - (len(stretch) - len(stretch.rstrip()))

    def add(self, draft: _Draft) -> int:
        index = len(self.drafts)
        self.drafts.append(draft)
        if index != draft.parent:
            self.drafts[draft.parent].children.append(index)
        return index

    def build(self) -> tuple[Node, ...]:
        handlers = {
            "heading_open": self.heading,
            "paragraph_open": self.paragraph,
            "bullet_list_open": self.open_list,
            "ordered_list_open": self.open_list,
            "list_item_open": self.open_item,
            "list_item_close": self.close_item,
            "bullet_list_close": self.close_list,
            "ordered_list_close": self.close_list,
            "table_open": self.open_table,
            "table_close": self.close_table,
            "tr_open": self.row,
            "fence": self.code,
            "code_block": self.code,
        }
        for position, token in enumerate(self.tokens):
            handler = handlers.get(token.type)
            if handler:
                handler(position, token)
        return tuple(
            Node(i, d.kind, d.text, d.start, d.end, d.parent, d.links, d.ordinal, tuple(d.children), d.cells)
            for i, d in enumerate(self.drafts)
        )

    def heading(self, position: int, token: Token) -> None:
        level = int(token.tag[1])
        while self.headings and self.headings[-1][0] >= level:
            self.headings.pop()
        start, end = self.span(*_lines(token))
        inline = self.tokens[position + 1]
        words = _collapse(_words(inline))[:LONGEST_HEADING_CHARS]
        index = self.add(_Draft(Kind.HEADING, words, start, end, self.parent(), _links([inline])))
        self.headings.append((level, index))
        self.lead = None

    def open_list(self, position: int, token: Token) -> None:
        ordered = token.type == "ordered_list_open"
        if self.lead is not None:
            self.items.append(self.lead)  # the list hangs below the line that introduces it
        self.lists.append(int(token.attrs.get("start", 1)) if ordered else None)
        token.meta["lead"] = self.lead is not None
        self.lead = None

    def close_list(self, position: int, token: Token) -> None:
        self.lists.pop()
        opening = _opening(self.tokens, position)
        if opening.meta.get("lead"):
            self.items.pop()

    def open_item(self, position: int, token: Token) -> None:
        ordinal = self.lists[-1]
        if ordinal is not None:
            self.lists[-1] = ordinal + 1
        start, _ = self.span(*_lines(token))
        self.items.append(self.add(_Draft(Kind.ITEM, "", start, start, self.parent(), ordinal=ordinal)))

    def close_item(self, position: int, token: Token) -> None:
        self.items.pop()

    def paragraph(self, position: int, token: Token) -> None:
        inline = self.tokens[position + 1]
        start, end = self.span(*_lines(token))
        owner = self.drafts[self.items[-1]] if self.items else None
        if owner is not None and owner.kind is Kind.ITEM and not owner.text:
            owner.text, owner.end, owner.links = _collapse(_words(inline)), end, _links([inline])
            owner.start = _after_marker(self.text, owner.start, start)
            return
        last, is_quoted = None, self.text[start:end].startswith(">")
        for piece in sentence_spans(self.text, start, end):
            raw = self.text[piece.start : piece.end]
            links = _links(_grammar().parseInline(raw))
            words = inline_words(_QUOTING.sub("", raw) if is_quoted else raw)
            last = self.add(_Draft(Kind.SENTENCE, words, piece.start, piece.end, self.parent(), links))
        is_label = inline.content.rstrip("* _").endswith(":") or _is_bold(inline) or self._leads_on(position, inline)
        self.lead = last if is_label else None

    def _leads_on(self, position: int, inline: Token) -> bool:
        """Whether a line that opens in bold, "**Days 31-60**: projects", has its list right below, no line between."""
        opens_bold = next((child.type for child in inline.children or () if child.content or child.nesting), "")
        following = self.tokens[position + 3] if position + 3 < len(self.tokens) else None
        if opens_bold != "strong_open" or following is None or not following.type.endswith("list_open"):
            return False
        said = inline.content.rstrip()
        is_short = len(said.split()) <= LONGEST_LEAD_WORDS and not said.endswith((".", "!", "?"))
        return is_short and _lines(following)[0] == _lines(self.tokens[position])[1]

    def open_table(self, position: int, token: Token) -> None:
        token.meta["lead"] = self.lead is not None
        if self.lead is not None:
            self.items.append(self.lead)  # as a list does
        self.lead = None

    def close_table(self, position: int, token: Token) -> None:
        if _opening(self.tokens, position).meta.get("lead"):
            self.items.pop()

    def row(self, position: int, token: Token) -> None:
        cells = []
        for cell in self.tokens[position + 1 :]:
            if cell.type == "tr_close":
                break
            if cell.type == "inline":
                cells.append(cell)
        texts = tuple(_collapse(_words(cell)) for cell in cells)
        if self.tokens[position + 1].type == "th_open":
            self.columns = texts
            return
        start, end = self.span(*_lines(token))
        named = named_cells(self.columns, texts)
        self.add(_Draft(Kind.ROW, "; ".join(named), start, end, self.parent(), _links(cells), cells=named))

    def code(self, position: int, token: Token) -> None:
        if token.info.strip().lower() in _DRAWN or _BOXES.search(token.content):
            return
        start, end = self.span(*_lines(token))
        self.add(_Draft(Kind.SENTENCE, _collapse(token.content), start, end, self.parent()))


def _is_bold(inline: Token) -> bool:
    children = [child for child in inline.children or () if child.type != "text" or child.content.strip()]
    return len(children) == 3 and children[0].type == "strong_open" and children[2].type == "strong_close"


def _lines(token: Token) -> tuple[int, int]:
    if token.map is None:
        raise AssertionError(f"markdown-it gave no line map for {token.type!r}")
    return token.map[0], token.map[1]


def _opening(tokens: Sequence[Token], closing: int) -> Token:
    level, name = tokens[closing].level, tokens[closing].type.replace("_close", "_open")
    return next(t for t in reversed(tokens[:closing]) if t.type == name and t.level == level)


def _after_marker(text: str, item_start: int, paragraph_start: int) -> int:
    marker = re.compile(r"(?:[-*+]|\d{1,9}[.)])\s+").match(text, item_start)
    return marker.end() if marker else paragraph_start


def _collapse(text: str) -> str:
    return " ".join(text.split())


def outline_document(document: Document) -> Outline:
    """The tree of one document. A list or table hangs below the line that introduces it ("Groups of interest:")."""
    return Outline(document, _Builder(document).build())


_QUOTED = re.compile(r"[\"“]([^\"“”]{3,90})[\"”]")


def subject_text(document: Document, text: str) -> str:
    """A line without the titles of the page's own sources: they say who speaks, not what about."""
    if not document.sources:
        return text

    def unless_source(quoted: re.Match[str]) -> str:
        words = normalise(quoted.group(1))
        return " " if any(words in title for title in _titles(document.sources)) else quoted.group()

    return " ".join(_QUOTED.sub(unless_source, text).split())


@lru_cache(maxsize=256)
def _titles(sources: tuple[Source, ...]) -> tuple[str, ...]:
    return tuple(normalise(source.title) for source in sources)  # once a page: every line asks for them


def _is_short_property(outline: Outline, node: Node) -> bool:
    """Whether an item only states a value of the item above it: that line's meaning is that of the thing."""
    short = len(node.text.split()) <= PROPERTY_WORDS and bool(node.value) and not node.children
    return short and node.kind is Kind.ITEM and outline.nodes[node.parent].kind is Kind.ITEM


def described(outline: Outline, node: Node) -> str:
    """A node in one line as a reader understands it: where it stands, what it says, what is below it.

    A short property ("Duration: 6 weeks") means what it is a property of; it has no description of its own.
    """
    if _is_short_property(outline, node):
        node = outline.nodes[node.parent]
    above = [part.text for part in outline.ancestors(node)[-2:]]
    below = [child.label for child in outline.children(node)][:DESCRIBED_CHILDREN]
    text = " > ".join([*above, node.text])
    text = subject_text(outline.document, f"{text}: {', '.join(below)}" if below else text)
    return " ".join(text.split()[:DESCRIBED_WORDS])
