"""Answers to "which books does the phase on statistics recommend": the items of one kind, of a part or of a whole page.

Knows nothing of other fields of items; `among` chooses by those.
"""

import re
from collections.abc import Sequence

from advisor.answer.among import value_of
from advisor.answer.selection import Group, Selection, Shape
from advisor.answer.weigh import Weighed, borne_out, stands_under
from advisor.answer.wording import snippet_of
from advisor.corpus.outline import Kind
from advisor.records import Query
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


def _is_named(item: Weighed, named: Sequence[str]) -> bool:
    worth = item.page.worth[item.node.index]
    return sum(borne_out(term, worth) > 0 for term in named) >= LEAST_NAMED * len(named)
