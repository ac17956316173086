"""Answers to "which books does the phase on statistics recommend": the items of one kind, of a part or of a page.

Items say their kind in a field of theirs, or count it in their names ("Project 2: a weather page"). Knows nothing of
other fields of items; `among` chooses by those.
"""

import re
from collections.abc import Sequence

from advisor.answer.among import value_of
from advisor.answer.selection import Group, Selection, Shape
from advisor.answer.weigh import Weighed, borne_out, stands_under
from advisor.answer.wording import snippet_of, worded
from advisor.corpus.outline import Kind
from advisor.records import Intent, Query
from advisor.text import normalise, stem, stems

MOST = 12
LEAST_NAMED = 0.5  # of what the question names beside the kind and the career, by an item or by what it stands under

_KINDS = {
    "books": "book", "courses": "course", "projects": "project", "certificates": "certificate",
    "certifications": "certificate", "certs": "certificate", "tutorials": "tutorial",
}  # fmt: skip
_ASKED = re.compile(
    rf"\b(?:which|what|list|name)\b(?: \S+){{0,3}}? (?P<kind>{'|'.join(_KINDS)})\b"
    r"(?! (?:is|was|takes?|costs?|has)\b)",
    re.IGNORECASE,
)
_SAYS_NOTHING = frozenset(
    stem(word)
    for word in (
        "recommend list include contain suggest name need should take read do use roadmap path plan page phase learn "
        "two three four five become becoming career role"
    ).split()
)


def select_of_kind(query: Query, weighed: Sequence[Weighed]) -> Selection | None:
    """The names of all items of the kind asked for, in reading order; None where the question asks for none.

    Of a career's page where the question names one, else of the page of the best such item; of these, where it names
    more, the items that are about it or stand under it.
    """
    asked = _ASKED.search(query.question)
    if asked is None or query.is_follow_up:
        return None
    kind = _KINDS[asked["kind"].lower()]
    items = [w for w in weighed if w.node.kind in {Kind.ITEM, Kind.HEADING} and normalise(value_of(w, "kind")) == kind]
    if query.roles:
        items = [w for w in items if w.page.outline.document.role in query.roles]
    if not items:
        return None
    known = {*stems(" ".join([asked["kind"], *query.careers])), *_SAYS_NOTHING}
    named = [term for term in query.terms if term not in known and not term.isdigit()]
    numbered = tuple(map(normalise, query.numbered))
    kept = [w for w in items if w.page is items[0].page and _is_named(w, named)]
    kept = [w for w in kept if not numbered or stands_under(w.page, w.node, numbered)]
    if not 2 <= len(kept) <= MOST:
        return None
    kept.sort(key=lambda w: w.node.index)
    return Selection(Shape.LIST, (Group("", tuple(snippet_of(w, w.node.text.rstrip(":.")) for w in kept)),))


_ONE = re.compile(
    r"\bfirst (?P<kind>project|course|book)\b"
    r"|\bwhat (?:do|would|will|can|should|could) (?:i|we|you) (?:have to |get to )?(?P<build>build)\b",
    re.IGNORECASE,
)
_BUILD = frozenset(stem(word) for word in "first second third fourth fifth build start beginner absolute".split())


def select_one_of_kind(query: Query, weighed: Sequence[Weighed]) -> Selection | None:
    """The first item of its kind on a career's way, or what a counted part has one builds; None where more is asked."""
    asked = _ONE.search(query.standalone)
    if asked is None or len(query.careers) != 1 or not (asked["kind"] or query.numbered):
        return None
    kind = "project" if asked["build"] else asked["kind"].lower()
    numbered = tuple(map(normalise, query.numbered))
    items = [
        w for w in weighed
        if normalise(value_of(w, "kind")) == kind and w.page.outline.document.role in query.careers
        and (not numbered or stands_under(w.page, w.node, numbered))
    ]  # fmt: skip
    first = min((w for w in items if w.page is items[0].page), key=lambda w: w.node.index, default=None)
    if first is None:
        return None
    above = " ".join(node.text for node in first.page.outline.ancestors(first.node))
    known = {*stems(f"{kind} {above} {' '.join(query.careers)}"), *_SAYS_NOTHING, *_BUILD}
    if any(term not in known and not term.isdigit() for term in query.terms):
        return None
    return Selection(Shape.SENTENCES, (Group("", (snippet_of(first, worded(first)),)),))


def _is_named(item: Weighed, named: Sequence[str]) -> bool:
    worth = item.page.worth[item.node.index]
    return sum(borne_out(term, worth) > 0 for term in named) >= LEAST_NAMED * len(named)


_COUNTED = ("project", "module", "track", "assignment", "exercise", "lab", "lesson", "course")
_ASKED_FOR_ALL = re.compile(rf"\b(?P<kind>{'|'.join(_COUNTED)})s\b", re.IGNORECASE)
LINES_LOOKED_AT = 24  # of which one has to stand in the list
MOST_UNKNOWN = 1  # words of such a question


def select_counted(query: Query, weighed: Sequence[Weighed]) -> Selection | None:
    """The names of all parts that count the kind asked for, "Project 1: …" to the last; None where a page has none.

    Of the page with the best weighed line that is or stands in such a part. A question that names more than the page's
    title and what the parts stand under asks for some of them.
    """
    asked = _ASKED_FOR_ALL.search(query.question)
    if asked is None or query.numbered or query.intent not in {Intent.LIST, Intent.FACT}:
        return None
    counts = re.compile(rf"{asked['kind']} #?\d{{1,2}}\b", re.IGNORECASE)
    for line in weighed[:LINES_LOOKED_AT]:
        outline = line.page.outline
        part = next((n for n in (line.node, *reversed(outline.ancestors(line.node))) if counts.match(n.text)), None)
        beside = outline.children(outline.nodes[part.parent]) if part else ()
        parts = [node for node in beside if counts.match(node.text) and node.kind is not Kind.SENTENCE]
        if part is None or len(parts) == 1:
            continue
        above = " ".join(node.text for node in outline.ancestors(part))
        known = {*stems(f"{outline.document.title} {above} {asked['kind']}"), *_SAYS_NOTHING}
        if len([term for term in query.terms if term not in known and not term.isdigit()]) <= MOST_UNKNOWN:
            told = tuple(snippet_of(line, node.text.rstrip(":."), node) for node in parts)
            return Selection(Shape.LIST, (Group("", told),))
    return None
