"""Answers that are lists: the members of the heading or line that names them, in the source's order, nothing added.

Steps are lists whose order matters; "what next" is the member after the one that is named.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from advisor.answer.selection import Group, Selection, Shape, distinct
from advisor.answer.weigh import Weighed, likeness
from advisor.answer.wording import GENERIC, brief, is_full_sentence, name_above, snippet_of, worded
from advisor.corpus.outline import Kind, Node
from advisor.corpus.quantities import without_durations, without_span
from advisor.records import Intent, Query, Snippet
from advisor.search.thesaurus import synonyms
from advisor.text import normalise, stem, stems

MOST_BULLETS = 24
MOST_SOURCES = 3  # documents that one answer draws on
CLEARLY_BETTER = 0.07  # between two scores of the weighing
MUCH_LESS, CLEARLY_MORE = 0.3, 0.2  # between two coverages


def select_list(query: Query, weighed: Sequence[Weighed]) -> Selection | None:
    """The list that the question names, from each document that has it; None where one line answers better."""
    containers = [w for w in weighed if is_list(w)]
    if not containers or weighed[0].score > containers[0].score + CLEARLY_BETTER:
        whole = whole_list(weighed[0], query)
        # otherwise one line says it better than any list
        return listed(query, [whole], Shape.LIST) if whole is not weighed[0] else None
    return listed(query, containers, Shape.LIST)


# What a list is called, rather than what it is a list of
_LIST_WORDS = frozenset(
    stem(word)
    for word in """
    list topic resource section part phase step item thing link order cover include contain name learn study
    """.split()
)


def select_named(query: Query, weighed: Sequence[Weighed]) -> Selection | None:
    """The members of the one heading whose name is just what a list is asked of; None where no or several headings are.

    "Topics of the LLM engineer section" names a heading exactly, and no line can say it better than its members.
    """
    asked = {term for term in query.terms if term not in _LIST_WORDS}
    if query.intent is not Intent.LIST or not asked:
        return None
    named = [w for w in weighed if w.node.kind is Kind.HEADING and _is_just(asked, w)]
    return listed(query, named, Shape.LIST) if len(named) == 1 and is_list(named[0]) else None


def _is_just(asked: set[str], weighed: Weighed) -> bool:
    """Whether a heading's own words are all asked for, and all else that is asked for stands in the page's title."""
    own = set(stems(without_span(without_durations(weighed.node.text)))) - _LIST_WORDS
    return bool(own) and own <= asked and asked - own <= set(stems(weighed.page.outline.document.title))


def whole_list(weighed: Weighed, query: Query) -> Weighed:
    """The list that a bare item belongs to, where the question names the list rather than the item; else the node."""
    node, outline = weighed.node, weighed.page.outline
    parent = replace(weighed, node=outline.nodes[node.parent])
    if node.kind is not Kind.ITEM or node.children or node.value or not is_list(parent):
        return weighed
    own, above = _named_by(query, weighed), _named_by(query, parent)
    return parent if above and len(above - own) >= len(own - above) else weighed


def _named_by(query: Query, weighed: Weighed) -> set[str]:
    """The question's words that a node has, itself or as another word for the same thing."""
    own = weighed.page.own_stems(weighed.node)
    return {term for term in query.terms if ({term} | synonyms(term)) & own}


def select_steps(query: Query, weighed: Sequence[Weighed]) -> Selection | None:
    """The ordered list the question names, or the member that comes after what it names; None where there is none."""
    following = _after(query, weighed) if _NEXT.search(query.question) else None
    if following:
        return Selection(Shape.SENTENCES, (Group("", (snippet_of(following, worded(following)),)),))
    asks_phases = bool(_ASKS_PHASES.search(query.question))
    bonus = PHASES_ASKED_FOR if asks_phases else PHASES
    containers = sorted(
        (w for w in weighed if _is_ordered(w)), key=lambda w: -(w.score + (bonus if _counts_phases(w) else 0.0))
    )
    plain = next((w for w in weighed if is_list(w)), None)
    if plain and (not containers or plain.coverage > containers[0].coverage + CLEARLY_MORE):
        containers = [plain]  # the page gives the order by its own
    if not containers or containers[0].coverage < weighed[0].coverage - MUCH_LESS:
        return None  # an ordered list, but of something else
    return listed(query, containers, Shape.STEPS)


PHASES, PHASES_ASKED_FOR = 0.2, 0.35  # what a list of phases gains over any other ordered list
_ASKS_PHASES = re.compile(r"\b(phases?|stages?|steps?|roadmap)\b", re.IGNORECASE)
_NEXT = re.compile(r"\b(next|after(wards)?|once .* (completed|finished|done))\b", re.IGNORECASE)


def _after(query: Query, weighed: Sequence[Weighed]) -> Weighed | None:
    """What comes after the thing the question names, None where nothing does."""
    named = sorted(weighed[:40], key=lambda w: -(likeness(query.terms, w.node.label) + w.score))
    return next((after for w in named for after in [_following(w)] if after), None)


def _following(weighed: Weighed) -> Weighed | None:
    """The next heading or item under the same parent, None where the node is the last."""
    outline = weighed.page.outline
    later = (outline.nodes[i] for i in outline.nodes[weighed.node.parent].children if i > weighed.node.index)
    node = next((node for node in later if node.kind is weighed.node.kind and node.kind is not Kind.SENTENCE), None)
    return replace(weighed, node=node) if node else None


def listed(query: Query, containers: Sequence[Weighed], shape: Shape) -> Selection | None:
    """The best of these containers with its members, and its equals in other documents; None without containers."""
    if not containers:
        return None
    best = containers[0]
    rivals = [
        w for w in containers[1:]
        if w.score >= best.score - 0.08 and w.coverage >= best.coverage - 0.1 and w.focus >= best.focus - 0.1
    ]  # fmt: skip
    chosen = distinct([best, *rivals], key=lambda w: w.page.outline.document.key)[:MOST_SOURCES]
    groups = tuple(grouped(w, shape, several=len(chosen) > 1) for w in chosen)
    return Selection(shape, groups)


def grouped(weighed: Weighed, shape: Shape, *, several: bool) -> Group:
    """One list under its name; where `several` lists are shown, each names its document."""
    node = weighed.node
    name = _worded_label(weighed)
    lead = f"{name} ({weighed.page.outline.document.title}):" if several else f"{name}:"
    if not node.children:
        return Group("", (snippet_of(weighed, worded(weighed)),))
    children = _members(weighed)
    snippets = tuple(_bullet(weighed, child, shape) for child in children[:MOST_BULLETS])
    return Group(lead, snippets)


def _worded_label(weighed: Weighed) -> str:
    node = weighed.node
    leads_on = node.kind is Kind.SENTENCE and bool(node.value)  # "Days 31-60: Projects", with its list right below
    label = (node.text if leads_on else node.label).rstrip(":")
    names_itself = node.kind is Kind.HEADING or is_full_sentence(node)
    if names_itself and normalise(label) not in GENERIC:
        return label
    above = name_above(weighed)
    return f"{above} – {label}" if above else label


def _bullet(weighed: Weighed, child: Node, shape: Shape) -> Snippet:
    text = child.text if shape is Shape.STEPS and child.kind is not Kind.ROW else brief(weighed, child)
    return replace(snippet_of(weighed, text, child), text=text.rstrip(":"))


def _members(weighed: Weighed) -> tuple[Node, ...]:
    """The items of a list: the node's children, or those of the one line among them that introduces a list."""
    outline = weighed.page.outline
    children = outline.children(weighed.node)
    leads = [child for child in children if child.children]
    if len(leads) == 1 and all(child.kind is Kind.SENTENCE for child in children):
        return outline.children(leads[0])
    items = tuple(child for child in children if child.kind is not Kind.SENTENCE or child.children)
    return items or children


def is_list(weighed: Weighed) -> bool:
    """Whether the node names several things: two or more members, or a line of things between commas."""
    node = weighed.node
    if node.kind is Kind.ITEM and not node.children:
        return node.value.count(",") >= 1 or " and " in node.value or node.text.count(",") >= 2
    members = _members(weighed) if node.children else ()
    return len(members) >= 2 and any(member.kind is not Kind.SENTENCE for member in members)


def _is_ordered(weighed: Weighed) -> bool:
    if len(weighed.node.children) < 2:
        return False
    members = _members(weighed)
    return _counts_phases(weighed) or sum(member.ordinal is not None for member in members) >= 2


_COUNTED = r"(?:phase|step|stage|part|level|year|module|days?|weeks?|months?|sprint)"
_PHASE = re.compile(rf"\W*(?:\w+\W+){{0,2}}{_COUNTED}\s+\w{{1,4}}\b|\W*\w+ (?:phase|stage)\b", re.IGNORECASE)


def _counts_phases(weighed: Weighed) -> bool:
    return sum(bool(_PHASE.match(child.text)) for child in weighed.page.outline.children(weighed.node)) >= 2
