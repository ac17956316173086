"""How well each node of a page answers a question: words it names, words above it, meaning, and what search thought.

Owns the relevance of outline nodes; knows nothing of the shapes of answers or of wording.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from advisor.corpus.outline import Kind, Node, Outline, subject_text
from advisor.index.embedding import Vectors
from advisor.records import Hit, Passage, Query
from advisor.search.thesaurus import synonyms
from advisor.text import normalise, stems

# What a question's word is worth where it stands, against standing in the node's own label.
OWN_LABEL, OWN_VALUE, PARENT, ANCESTOR, BELOW, TITLE = 1.0, 0.9, 0.85, 0.75, 0.5, 0.6
COVERAGE_WEIGHT, FOCUS_WEIGHT, MEANING_WEIGHT, SEARCH_WEIGHT = 0.45, 0.15, 0.3, 0.1
UNKNOWN = 0.4  # of the rarest word's weight, for a word that stands nowhere: it cannot tell one line from another
OWN_ROLE = 0.08  # what a line gains on a page of the career that is asked about
SAME_PAGE = 0.08  # what a line gains on a page that the answer before cited
SAME_PASSAGE = 0.12  # and what it gains besides in the very passages
WHOLE_PAGE = 0.2  # what a page's own title loses: its list is the whole page
OTHER_NUMBER = 0.3  # what is left of a line under phase 3 where phase 2 is asked for
ASKS = 0.15  # what a sentence loses that asks instead of telling
ALIKE = 0.8  # a synonym against the word itself

CONVINCING = 0.5  # a reading from which on a line answers, though it has none of the words, times or prices asked for
SURE = 0.7  # a reading from which on a line answers better than what rules make of the words


@dataclass(frozen=True, slots=True)
class Page:
    """A document's outline made ready to be weighed many times: the stems of each node, and its passages."""

    outline: Outline
    label_stems: tuple[frozenset[str], ...]
    stems: tuple[frozenset[str], ...]  # of label and value
    worth: tuple[Mapping[str, float], ...]  # per node: what each stem around it is worth
    passages: tuple[Passage, ...]
    holding: tuple[Passage, ...]  # per node: the passage it belongs to
    vectors: Vectors  # (nodes, dimension): the meaning of each node

    def own_stems(self, node: Node) -> frozenset[str]:
        """The stems of the node's own words."""
        return self.stems[node.index]

    def passage_of(self, node: Node) -> Passage:
        """The passage in which the node begins (the last one that begins before it does)."""
        return self.holding[node.index]


@dataclass(frozen=True, slots=True)
class Weighed:
    """A node and how well it answers. `coverage` is the share of the question's words it bears out, 0…1."""

    page: Page
    node: Node
    coverage: float
    focus: float
    meaning: float
    score: float
    reading: float | None = None  # how likely it answers, 0…1, where the reader has read it

    @property
    def likely(self) -> float:
        """How likely it answers, 0…1; 0 where nobody has read it."""
        return self.reading or 0.0

    @property
    def path(self) -> tuple[str, ...]:
        """The texts above the node, outermost first."""
        return tuple(node.text for node in self.page.outline.ancestors(self.node))


def make_page(outline: Outline, passages: Iterable[Passage], vectors: Vectors) -> Page:
    """Prepare an outline once; `passages` are the document's own, in reading order, `vectors` one row per node.

    A page without passages can be read, but not weighed.
    """
    labels, values = [], []
    for node in outline.nodes:
        label, value = (node.label, node.value) if node.kind is not Kind.SENTENCE else (node.text, "")
        labels.append(frozenset(stems(subject_text(outline.document, label))))
        values.append(frozenset(stems(subject_text(outline.document, value))))
    title = frozenset(stems(outline.document.title))
    worth = tuple(_worth(outline, node, labels, values, title) for node in outline.nodes)
    own = tuple(label | value for label, value in zip(labels, values, strict=True))
    there = tuple(passages)
    holding = tuple(_holding(there, node) for node in outline.nodes) if there else ()
    return Page(outline, tuple(labels), own, worth, there, holding, vectors)


def _holding(passages: Sequence[Passage], node: Node) -> Passage:
    holding = [passage for passage in passages if passage.start <= node.start < passage.end]
    if holding:
        return holding[0]
    before = [passage for passage in passages if passage.start <= node.start]
    return before[-1] if before else passages[0]


def _worth(
    outline: Outline,
    node: Node,
    labels: Sequence[frozenset[str]],
    values: Sequence[frozenset[str]],
    title: frozenset[str],
) -> dict[str, float]:
    """What each stem is worth for this node: the nearer it stands, the more."""
    worth: dict[str, float] = {}
    for child in node.children:
        worth |= dict.fromkeys(labels[child] | values[child], BELOW)
    worth |= dict.fromkeys(title, TITLE)
    above = outline.ancestors(node)
    for depth, ancestor in enumerate(above):
        value = PARENT if depth == len(above) - 1 else ANCESTOR
        worth |= dict.fromkeys(labels[ancestor.index] | values[ancestor.index], value)
    worth |= dict.fromkeys(values[node.index], OWN_VALUE)
    worth |= dict.fromkeys(labels[node.index], OWN_LABEL)
    return worth


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question made ready to weigh nodes with."""

    terms: tuple[tuple[str, frozenset[str], float], ...]  # each of its stems once, its synonyms, and its rarity
    total: float  # of the rarities
    alike: frozenset[str]  # its stems and their synonyms
    numbered: tuple[str, ...]
    vector: Vectors
    found: Mapping[str, float]  # fused score by passage id, the best one 1
    near: frozenset[str]  # keys of the documents that the answer before cited
    cited: frozenset[str]  # ids of the passages that it cited
    roles: frozenset[str]  # careers the question is about, or seems to be


def weigh(
    query: Query, pages: Sequence[Page], hits: Sequence[Hit], *, rarity: Mapping[str, float], vector: Vectors
) -> list[Weighed]:
    """All nodes of these pages, best first, ties in reading order.

    `rarity` is each stem's inverse document frequency, `vector` the meaning of the question, shape (dimension,).
    """
    rarest, best_hit = max(rarity.values(), default=1.0), max((hit.fused_score for hit in hits), default=1.0) or 1.0
    terms = tuple((term, synonyms(term), _weight(term, rarity, rarest)) for term in dict.fromkeys(query.terms))
    asked = _Asked(
        terms=terms,
        total=sum(weight for *_, weight in terms),
        alike=frozenset(query.terms).union(*(others for _, others, _ in terms)),
        numbered=tuple(normalise(thing) for thing in query.numbered),
        vector=vector,
        found={hit.passage.id: hit.fused_score / best_hit for hit in hits},
        near=frozenset(passage_id.split("#")[0] for passage_id in query.near),
        cited=frozenset(query.near),
        roles=query.careers,
    )
    weighed = [node for page in pages for node in _weighed(page, asked)]
    weighed.sort(key=lambda node: -node.score)
    return weighed


def _weight(term: str, rarity: Mapping[str, float], rarest: float) -> float:
    """What a question's stem counts: its rarity; full weight where only another word for it is known; else little."""
    if term in rarity:
        return rarity[term]
    return rarest if any(other in rarity for other in synonyms(term)) else UNKNOWN * rarest


def _weighed(page: Page, asked: _Asked) -> Iterator[Weighed]:
    meanings = page.vectors @ asked.vector
    same_page = SAME_PAGE if page.outline.document.key in asked.near else 0.0
    same_page += OWN_ROLE if page.outline.document.role in asked.roles else 0.0
    for node in page.outline.nodes[1:]:
        if _only_points(node):
            continue
        coverage, focus = _coverage(page, node, asked), _focus(page, node, asked)
        meaning = max(0.0, float(meanings[node.index]))
        score = COVERAGE_WEIGHT * coverage + FOCUS_WEIGHT * focus + MEANING_WEIGHT * meaning
        passage = page.passage_of(node).id
        score += SEARCH_WEIGHT * asked.found.get(passage, 0.0) + (SAME_PASSAGE if passage in asked.cited else 0.0)
        score += same_page - (WHOLE_PAGE if node.text == page.outline.document.title else 0.0)
        score -= ASKS if node.kind is Kind.SENTENCE and node.text.endswith("?") else 0.0
        yield Weighed(page, node, coverage, focus, meaning, score)


def _coverage(page: Page, node: Node, asked: _Asked) -> float:
    """Share of the question's words that the node and what stands around it bear out, the rare ones counting more."""
    worth = page.worth[node.index]
    borne = sum(weight * _borne_out(term, others, worth) for term, others, weight in asked.terms)
    elsewhere = bool(asked.numbered) and not stands_under(page, node, asked.numbered)
    return borne / asked.total * (OTHER_NUMBER if elsewhere else 1.0) if asked.total else 0.0


def _focus(page: Page, node: Node, asked: _Asked) -> float:
    """How much of the node's label is what the question names: 1 where it names nothing else."""
    own = page.stems[node.index]
    if own.isdisjoint(asked.alike):
        return 0.0
    named = sum(weight for term, others, weight in asked.terms if term in own or not others.isdisjoint(own))
    return named / (named + len(page.label_stems[node.index] - asked.alike)) if named else 0.0


def _only_points(node: Node) -> bool:
    """Whether a line only announces what stands elsewhere: an empty lead, or a sentence that links to another page."""
    to_a_page = any(not link.url.startswith(("http", "#", "mailto")) for link in node.links)
    return (node.text.endswith(":") and not node.children) or (node.kind is Kind.SENTENCE and to_a_page)


def borne_out(term: str, worth: Mapping[str, float]) -> float:
    """What a question's stem is worth here, itself or, a little less, as another word for the same thing."""
    return _borne_out(term, synonyms(term), worth)


def _borne_out(term: str, others: frozenset[str], worth: Mapping[str, float]) -> float:
    own = worth.get(term, 0.0)
    if not others:
        return own
    return max(own, ALIKE * max(worth.get(other, 0.0) for other in others))


def stands_under(page: Page, node: Node, numbered: Sequence[str]) -> bool:
    """Whether the node, or one above it, is the thing that the question counts by number ("phase 2")."""
    chain = [node, *page.outline.ancestors(node)]
    return any(re.search(rf"\b{re.escape(thing)}\b", normalise(part.text)) for thing in numbered for part in chain)


def likeness(terms: Sequence[str], subject: str) -> float:
    """How far a subject is what the question names, 0…1: mostly the share it names, a little the words it adds."""
    own, asked = set(stems(subject)), set(terms)
    if not own or not asked:
        return 0.0
    return 0.7 * len(own & asked) / len(asked) + 0.3 * len(own & asked) / len(own | asked)
