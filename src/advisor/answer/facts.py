"""Answers that are a sentence or two: the line that says it, and its neighbours where they belong to it.

Knows nothing of lists or times; those have rooms of their own.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from advisor.answer.listing import grouped, is_list, whole_list
from advisor.answer.selection import Group, Selection, Shape, distinct
from advisor.answer.weigh import Weighed
from advisor.answer.wording import GENERIC, UNTOLD, answer_to, leans_back, snippet_of, worded
from advisor.corpus.outline import Kind, Node
from advisor.records import Intent, Query
from advisor.search.thesaurus import synonyms
from advisor.text import normalise, stems

MOST_FACTS = 3
MOST_SENTENCES = 3  # of one paragraph
SHORT_PARAGRAPH_WORDS = 60  # a paragraph up to this length is shown whole
NEARLY_AS_GOOD = 0.25  # between two scores of the weighing
FULLER = 0.04  # what a line gains that has more to say than its name
AMOUNT_BONUS = 0.12  # for a line with an amount, where an amount is asked for

_ASKS_AMOUNT = re.compile(
    r"\bhow (many|much|old|often|big|large)\b|\b(number of|salary|price|fee|cost|costs|paid|free)\b", re.IGNORECASE
)
_MONEY = re.compile(r"[$€£₹¥]\s?\d|\b(free|paid|dollars|euros|usd|eur|gbp)\b", re.IGNORECASE)
_AMOUNT = re.compile(r"\d|\b(two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen)\b", re.IGNORECASE)


def select_facts(query: Query, weighed: Sequence[Weighed]) -> Selection:
    """The line that answers best, worded to stand alone, and a second one where it adds a word of the question."""
    best = max(weighed, key=lambda w: w.score + _amount_bonus(query, w.node) + _fullness(w.node))
    best = _sibling_asked_for(best, query)
    if best.node.kind is not Kind.ITEM and is_list(best):
        return Selection(Shape.LIST, (grouped(best, Shape.LIST, several=False),))
    if best.node.kind in {Kind.HEADING, Kind.SENTENCE} and (paragraph := _paragraph(best, weighed)):
        return Selection(Shape.SENTENCES, (Group("", tuple(snippet_of(w, worded(w)) for w in paragraph)),))
    if (whole := whole_list(best, query)) is not best:
        return Selection(Shape.LIST, (grouped(whole, Shape.LIST, several=False),))
    best = _narrowed(best, query)
    chosen, said = [best], set(stems(worded(best)))
    for other in weighed[1:8]:
        new = _bears(other, query) - said
        if new and other.score >= best.score - NEARLY_AS_GOOD and len(chosen) < MOST_FACTS and _says_something(other):
            chosen.append(_narrowed(other, query))
            said |= set(stems(worded(chosen[-1])))
    snippets = distinct((snippet_of(w, worded(w)) for w in chosen), key=lambda snippet: normalise(snippet.text))
    return Selection(Shape.SENTENCES, (Group("", tuple(snippets)),))


def _fullness(node: Node) -> float:
    return FULLER if node.children or node.value else 0.0


def _sibling_asked_for(best: Weighed, query: Query) -> Weighed:
    """Beside `Course: X` the line that says what is asked of it, such as `Topics`; else the node itself."""
    outline = best.page.outline
    if best.node.kind is not Kind.ITEM or normalise(best.node.label) not in GENERIC:
        return best
    said = best.page.own_stems(best.node)
    wanted = {word for term in query.terms if term not in said for word in ({term} | synonyms(term))}
    for index in outline.nodes[best.node.parent].children:
        if index != best.node.index and wanted & best.page.label_stems[index]:
            return replace(best, node=outline.nodes[index])
    topics = [outline.nodes[index] for index in outline.nodes[best.node.parent].children]
    listed = next((node for node in topics if normalise(node.label) in {"topics", "topic", "key outcomes"}), None)
    return replace(best, node=listed) if listed and query.intent is Intent.LIST else best


def _amount_bonus(query: Query, node: Node) -> float:
    if not _ASKS_AMOUNT.search(query.question):
        return 0.0
    wanted = _MONEY if query.intent is Intent.COST else _AMOUNT
    return AMOUNT_BONUS if wanted.search(node.text) else 0.0


def _paragraph(best: Weighed, weighed: Sequence[Weighed]) -> list[Weighed]:
    """The sentences under a heading, or those that belong to a sentence, in reading order; [] where there are none."""
    outline = best.page.outline
    scores = {w.node.index: w.score for w in weighed if w.page is best.page}
    if best.node.kind is Kind.SENTENCE:
        return [replace(best, node=node) for node in _belonging(best, scores)]
    sentences = [node for node in outline.children(best.node) if node.kind is Kind.SENTENCE and not node.children]
    if sum(len(node.text.split()) for node in sentences) > SHORT_PARAGRAPH_WORDS:
        ranked = sorted(sentences, key=lambda node: -scores.get(node.index, 0.0))[:MOST_SENTENCES]
        sentences = sorted(ranked, key=lambda node: node.index)
    return [replace(best, node=node) for node in sentences]


def _belonging(best: Weighed, scores: dict[int, float]) -> list[Node]:
    """A sentence, the one it leans on, and those after it that lean on it or answer nearly as well."""
    nodes = best.page.outline.nodes
    siblings = [i for i in nodes[best.node.parent].children if nodes[i].kind is Kind.SENTENCE and not nodes[i].children]
    place = siblings.index(best.node.index) if best.node.index in siblings else -1
    if place < 0:
        return [best.node]
    if answer := answer_to(best):
        return [line.node for line in answer]
    first = place - 1 if place and leans_back(nodes[siblings[place]]) else place
    last = place
    while last + 1 < len(siblings) and last + 1 - first < MOST_SENTENCES:
        following = nodes[siblings[last + 1]]
        as_good = scores.get(following.index, 0.0) >= best.score - NEARLY_AS_GOOD / 2
        if not as_good and not leans_back(following):
            break
        last += 1
    return [nodes[i] for i in siblings[first : last + 1]]


def _says_something(weighed: Weighed) -> bool:
    """Whether the node is more than a name: a bare heading answers nothing."""
    return weighed.node.kind is not Kind.HEADING or bool(weighed.node.children)


def _narrowed(weighed: Weighed, query: Query) -> Weighed:
    """The one child that says what the question asks of this node, where exactly one does; else the node itself."""
    if normalise(weighed.node.label) in GENERIC:
        return weighed  # "Topics" is a list, not a thing with properties
    said = set(stems(weighed.node.label))
    wanted = {word for term in query.terms if term not in said for word in ({term} | synonyms(term))}
    children = [c for c in weighed.page.outline.children(weighed.node) if normalise(c.label) not in UNTOLD]
    saying = [child for child in children if wanted & weighed.page.own_stems(child)]
    return replace(weighed, node=saying[0]) if len(saying) == 1 else weighed


def _bears(weighed: Weighed, query: Query) -> set[str]:
    """The question's words that this node itself says."""
    return set(query.terms) & weighed.page.own_stems(weighed.node)
