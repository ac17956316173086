"""Answers about one course or certificate, field by field: what it costs, and how long it stays valid.

Used where a question asks for several such fields at once, or for one that only certificates have. Tells what the page
states of them and nothing else; knows nothing of how the page was found.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from advisor.answer.among import value_of
from advisor.answer.selection import Group, Selection, Shape
from advisor.answer.weigh import Weighed
from advisor.answer.wording import is_typed, snippet_of, worded
from advisor.corpus.outline import Kind, Node
from advisor.records import Intent, Query, Snippet
from advisor.text import normalise, stems

LINES_LOOKED_AT = 24  # the best of the weighed ones
WORDS_OF_A_NAME = 2  # that say which item is meant
TOLD_AS_WELL = 0.6  # a reading from which on a sentence is told as well

_HOLDS = re.compile(
    r"\b(?:for )?how long\b[^,;?]{0,40}\b(?:valid|lapses?|expires?|good for|hold|keep it|last)\b"
    r"|\b(?:valid(?:ity)?|expir(?:es?|y|ed|ation)|lapses?|renew(?:ed|al)?|recertif\w+|runs? out)\b",
    re.IGNORECASE,
)
# Renewing has a price and hours of its own.
_RENEWING = re.compile(r"(?<!have )(?<!need )\bto renew |\brenew(?:ing|al) ", re.IGNORECASE)
_OTHERS = (
    ("cost", re.compile(r"\b(?:costs?|price[ds]?|fees?|charge|pay|how much(?! (?:time|maths?))|set me back)\b", re.I)),
    ("duration", re.compile(r"\b(?:how long|how many (?:hours|days|weeks|months)|how much time|duration)\b", re.I)),
    ("level", re.compile(r"\b(?:what|which) level\b|\bhow (?:hard|advanced|difficult)\b", re.I)),
    ("status", re.compile(r"\bstill (?:offered|active|current|available|around)\b|\bretired\b", re.I)),
)
_CERTIFICATE = re.compile(r"\b(?:exams?|cert(?:s|ificates?|ifications?)?)\b", re.IGNORECASE)
_EFFORT = "effort"  # goes with a duration


@dataclass(frozen=True, slots=True)
class _Item:
    """A course or certificate of a page, and how many of the question's words its name has."""

    weighed: Weighed
    named: int


def select_fields(query: Query, weighed: Sequence[Weighed]) -> Selection | None:
    """What the one thing asked about states of each field asked for; None for any other question."""
    asked = fields_asked(query.question)
    items = _items(query, weighed[:LINES_LOOKED_AT]) if asked else []
    best = max(items, key=lambda item: item.named, default=None)  # the first among equals: the best weighed
    if best is None or ("validity" not in asked and len(asked) < 2 and not _is_its_price(query, best, items)):
        return None
    fields = _fields(best.weighed, asked)
    if not fields or not _answers(asked, fields):
        return None
    outline = best.weighed.page.outline
    text = f"{best.weighed.node.text.rstrip(':.')}: {', '.join(field.text for field in fields)}"
    quote = outline.document.text[fields[0].start : fields[-1].end]
    whole = replace(snippet_of(best.weighed, text, fields[0]), quote=quote)
    each = (snippet_of(best.weighed, f"{best.weighed.node.text}: {field.text}", field) for field in fields)
    told = (whole,) if quote in whole.passage.text else tuple(each)
    return Selection(Shape.SENTENCES, (Group("", (*told, *_said_besides(best.weighed, weighed[0]))),))


def _is_its_price(query: Query, best: _Item, items: Sequence[_Item]) -> bool:
    """Whether the price of this very item is asked for: named by several words, by no other as well, and told alike."""
    named = [item for item in items if item.named == best.named]
    prices = {child.value for item in named for child in _fields(item.weighed, ("cost",))}
    return query.intent is Intent.COST and best.named >= WORDS_OF_A_NAME and len(prices) == 1


def _said_besides(item: Weighed, read: Weighed) -> tuple[Snippet, ...]:
    """The sentence that is read as the answer, where it is none of the item's own lines: it may say more, or other."""
    is_read = read.likely >= TOLD_AS_WELL and read.node.kind is Kind.SENTENCE
    return (snippet_of(read, worded(read)),) if is_read and read.page is item.page else ()


def fields_asked(question: str) -> tuple[str, ...]:
    """The labels of the fields that a question asks for, () where it asks for none or for the price of renewing."""
    if _RENEWING.search(question):
        return ()
    holds = ("validity",) if _HOLDS.search(question) else ()
    rest = _HOLDS.sub(" ", question)
    return (*(label for label, pattern in _OTHERS if pattern.search(rest)), *holds)


def _items(query: Query, weighed: Sequence[Weighed]) -> list[_Item]:
    """The typed items that these lines are or belong to, and that the question names; the best weighed first.

    A follow-up that names none itself may mean one that the conversation named.
    """
    own = _items_named(set(stems(query.question)), weighed)
    return _of_kind_asked(query.question, own or _items_named(set(query.terms), weighed))


def _of_kind_asked(question: str, items: list[_Item]) -> list[_Item]:
    """The certificates, where an exam is asked about and any is named: a book may be called after it.

    The word says which item is meant, as a word of its name does.
    """
    if not _CERTIFICATE.search(question):
        return items
    certificates = [item for item in items if normalise(value_of(item.weighed, "kind")) == "certificate"]
    return [replace(item, named=item.named + 1) for item in certificates] or items


def _items_named(asked: set[str], weighed: Sequence[Weighed]) -> list[_Item]:
    found: dict[tuple[str, int], _Item] = {}
    for line in weighed:
        outline = line.page.outline
        for node in (line.node, outline.nodes[line.node.parent]):
            item = replace(line, node=node)
            title = set(stems(f"{outline.document.title} {outline.document.role or ''}"))  # names no item of its own
            named = len(set(stems(node.text)) & asked - title)
            if named and is_typed(item):
                found.setdefault((outline.document.key, node.index), _Item(item, named))
    return list(found.values())


def _fields(item: Weighed, asked: Sequence[str]) -> list[Node]:
    """The fields asked for, in the page's order, with the weekly effort beside a duration."""
    wanted = {*asked, _EFFORT} if "duration" in asked else set(asked)
    children = item.page.outline.children(item.node)
    return [child for child in children if normalise(child.label) in wanted and child.value]


def _answers(asked: Sequence[str], fields: Sequence[Node]) -> bool:
    """Whether the page states one of the fields, rather than that nobody knows, and the one that alone was asked."""
    stated = {normalise(field.label) for field in fields if not normalise(field.value).startswith("not ")}
    return bool(stated & set(asked))
