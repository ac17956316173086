"""Word one node of a page so that it can stand away from it: with the heading or item it belongs to, as a sentence.

Knows nothing of questions or of the shapes of answers.
"""

import re
from dataclasses import replace

from advisor.answer.weigh import Weighed
from advisor.corpus.outline import Kind, Node, Outline
from advisor.corpus.quantities import without_durations
from advisor.records import Snippet
from advisor.text import normalise, stems

LONGEST_LABEL_WORDS = 5  # "How to learn:", "Required projects"; beyond this a line is a sentence
# Labels that name a kind of thing and need what stands above them to be understood.
GENERIC = frozenset(
    (
        "topics topic projects project course courses duration level platform focus link provider cost price time "
        "effort skills tools resources prerequisites status note notes"
    ).split()
) | {"how to learn", "key outcomes", "technical books", "research papers"}
MOST_ANNOUNCED = 4  # names after a colon; more of them are a list
TELLING = frozenset({"status", "duration", "effort", "cost", "validity"})  # of a typed item, in a list
LINES_OF_AN_ANSWER = 3  # to a question that a page asks itself
MOST_NAMES = 8  # below a label in a list
UNTOLD = frozenset({"kind", "checked"})  # of a typed item: for programs, not for readers


def snippet_of(weighed: Weighed, text: str, node: Node | None = None) -> Snippet:
    """The node as evidence: these words, its own quote and passage, the headings it stands under."""
    node = node or weighed.node
    page = weighed.page
    path = tuple(part.text for part in page.outline.ancestors(node))
    last = _its_reality(page.outline, node) or node
    quote = page.outline.document.text[node.start : last.end]
    if last is not node and last.text not in text:
        text = f"{_sentence(text)} {last.text}"
    return Snippet(_sentence(text), quote, page.passage_of(node), path)


def _its_reality(outline: Outline, node: Node) -> Node | None:
    """The line after a myth that says how it really is: the one is never told without the other."""
    siblings = outline.nodes[node.parent].children
    following = [outline.nodes[index] for index in siblings if index > node.index][:1]
    is_myth = node.kind is Kind.ITEM and normalise(node.label) == "myth"
    return next((other for other in following if is_myth and normalise(other.label) == "reality"), None)


def _sentence(text: str) -> str:
    """The text with a capital at its start and an end mark at its end."""
    text = text.strip()
    return text if text.endswith((".", "!", "?", ":", "…")) else f"{text}."


def is_full_sentence(node: Node) -> bool:
    """Whether the node is a sentence that says something by itself, and no mere label."""
    return node.kind is Kind.SENTENCE and len(node.text.split()) > LONGEST_LABEL_WORDS


def name_above(weighed: Weighed, node: Node | None = None) -> str:
    """What the node is about, from the lines above it: the nearest one that names something."""
    above = weighed.page.outline.ancestors(node or weighed.node)
    names = [_own_name(part) for part in above if not is_full_sentence(part)]
    kept: list[str] = []
    for name in reversed(names):
        kept.insert(0, name)
        if normalise(name) not in GENERIC:
            break
    return " – ".join(kept)


def _own_name(node: Node) -> str:
    """What a node is called: "Project: a loaf", whose label alone names a kind of thing, by all of its words."""
    kind_only = normalise(node.label) in GENERIC and node.value
    return without_durations(node.text if kind_only else node.label)


def is_typed(weighed: Weighed) -> bool:
    """Whether the node is a course, a project or a certificate with its fields below it, and no list."""
    return any(normalise(child.label) == "kind" for child in weighed.page.outline.children(weighed.node))


def worded(weighed: Weighed, node: Node | None = None) -> str:
    """The node as words that can be understood away from its page."""
    node = node or weighed.node
    if node.kind is Kind.SENTENCE and len(node.text.split()) > 4:
        told = _with_announced(weighed, node)
        return (
            under_its_heading(weighed, told, node) if leans_back(node) and not sentence_before(weighed, node) else told
        )
    if node.kind is Kind.ROW:
        return row_text(node)
    children = weighed.page.outline.children(node)
    if any(normalise(child.label) == "kind" for child in children):
        children = tuple(c for c in children if normalise(c.label) not in UNTOLD and not _is_unknown(c))
    below = [brief(weighed, child) for child in children]
    own = f"{node.text.rstrip(':')}: {', '.join(below)}" if below else node.text
    above = name_above(weighed, node)
    named = normalise(without_durations(node.label)) not in GENERIC
    tells = bool(below) or (bool(node.value) and len(own.split()) > 6)
    names_itself = node.kind is Kind.HEADING or (named and tells)
    return own if names_itself or not above else f"{above}: {own}"


_LEANS_BACK = re.compile(
    r"\W*(?:(?:this|that|these|those|it|they|he|she|here'?s|both|its|their)\b|(?:as a result|therefore|hence|thus"
    r"|consequently|that is why|this is why|because of this|for this reason|for example|after that|then|but|however"
    r"|and|also)\b)",
    re.IGNORECASE,
)


def leans_back(node: Node) -> bool:
    """Whether a sentence opens with what only the words before it explain: "This is the third book", "As a result"."""
    return node.kind is Kind.SENTENCE and bool(_LEANS_BACK.match(node.text))


def answer_to(question: Weighed) -> list[Weighed]:
    """The sentences after a question that the page asks itself, up to the next one; [] after any other line."""
    if question.node.kind is not Kind.SENTENCE or not question.node.text.endswith("?"):
        return []
    nodes = question.page.outline.nodes
    after = [nodes[index] for index in nodes[question.node.parent].children if index > question.node.index]
    until = next(
        (at for at, node in enumerate(after) if node.kind is not Kind.SENTENCE or node.text.endswith("?")), None
    )
    return [replace(question, node=node) for node in after[:until][:LINES_OF_AN_ANSWER]]


def sentence_before(weighed: Weighed, node: Node | None = None) -> Node | None:
    """The sentence right before one in the same paragraph or section; None where it is the first."""
    node = node or weighed.node
    nodes = weighed.page.outline.nodes
    before = [nodes[index] for index in nodes[node.parent].children if index < node.index]
    return before[-1] if before and before[-1].kind is Kind.SENTENCE and not before[-1].children else None


def under_its_heading(weighed: Weighed, told: str, node: Node | None = None) -> str:
    """The words with the heading they stand under before them, where they do not hold its words themselves."""
    above = weighed.page.outline.ancestors(node or weighed.node)
    heading = next((part for part in reversed(above) if part.kind is Kind.HEADING), None)
    name = without_durations(heading.text).rstrip(":") if heading else ""
    named = not set(stems(name)) - set(stems(told))
    return told if named or normalise(name) in GENERIC else f"{name}: {told}"


def _with_announced(weighed: Weighed, node: Node) -> str:
    """A sentence, with the names of what it announces where it ends in a colon."""
    announced = [child.text.partition(": ")[0].rstrip(".:") for child in weighed.page.outline.children(node)]
    is_lead = node.text.endswith(":") and 0 < len(announced) <= MOST_ANNOUNCED
    return f"{node.text} {', '.join(announced)}" if is_lead else node.text


def row_text(node: Node) -> str:
    """A table's row by its first cell: `Phase 2: Content: deep learning; Duration: 5 months`."""
    first, *rest = node.cells or (node.text,)
    name = first.partition(": ")[2] or first
    return f"{name}: {'; '.join(rest)}" if rest else name


def _is_unknown(node: Node) -> bool:
    return normalise(node.value).startswith("not ")


def brief(weighed: Weighed, node: Node) -> str:
    """A node in a list: its words, and for a bare label the labels below it, with the names below those."""
    if node.kind is Kind.ROW:
        return row_text(node)
    children = [child for child in weighed.page.outline.children(node) if child.kind is not Kind.SENTENCE]
    is_item = any(normalise(child.label) == "kind" for child in children)
    if is_item:  # of a typed item what helps to choose it, and nothing that nobody knows
        children = [child for child in children if normalise(child.label) in TELLING and not _is_unknown(child)]
    below = [_with_names(weighed, child) for child in children]
    if not below or (node.value and not is_item):
        return node.text.rstrip(":")
    joint = "; " if any(child.children for child in children) else ", "
    return f"{node.text.rstrip(':')}: {joint.join(below)}"


def _with_names(weighed: Weighed, node: Node) -> str:
    """A node and the names of what stands below it: "Topics: clustering, regression"."""
    names = [child.label.rstrip(".:") for child in weighed.page.outline.children(node)]
    own = node.text.rstrip(".:")
    return f"{own}: {', '.join(names)}" if names and len(names) <= MOST_NAMES else own
