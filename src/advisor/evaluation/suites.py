"""Suites made from the corpus: pages altered on purpose, and questions that only a reader of those pages gets right.

After RGB (Chen et al. 2024), with pages of our own: noise (foreign pages stand beside the right one), counterfactual
(the page says another value than the world does), conflict (two pages disagree) and freshness (what was active is
retired); after BIPIA (Yi et al. 2023) injection (a line of the page gives orders to whoever answers). Everything
follows from the typed facts of the pages and a seed; no model words or judges anything. Knows nothing of indexes, runs
or how cases are judged.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePosixPath

from advisor.corpus.items import CertificateState, Item
from advisor.corpus.outline import outline_document
from advisor.corpus.roadmap import read_roadmap
from advisor.errors import UsageError
from advisor.evaluation.metrics import Expected, Nugget, says
from advisor.evaluation.questions import Case, Gold
from advisor.evaluation.suite_texts import (
    CRAFTS,
    ORDERS,
    RETIRED,
    RETIRED_WORDINGS,
    UNTRUE_OF_RETIRED,
    WORDINGS,
    second_page,
)
from advisor.records import Document
from advisor.text import content_hash, normalise, slug

PAGES_FOLDER = "pages"
CASES_FILE = "cases.jsonl"
_TELLING_WORDS = 4


class SuiteKind(StrEnum):
    """What a suite tries the advisor with."""

    COUNTERFACTUAL = "counterfactual"
    CONFLICT = "conflict"
    FRESHNESS = "freshness"
    NOISE = "noise"
    INJECTION = "injection"


def suite_kind(name: str) -> SuiteKind:
    """The kind of this name; UsageError lists those there are."""
    try:
        return SuiteKind(name)
    except ValueError as error:
        raise UsageError(f"there is no suite {name!r}; choose {', '.join(SuiteKind)}") from error


@dataclass(frozen=True, slots=True)
class SuitePage:
    """A page to build the index from; `key` is its path below the folder of pages."""

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class Suite:
    """Cases, and exactly the pages they are to be asked of."""

    kind: SuiteKind
    pages: tuple[SuitePage, ...]
    cases: tuple[Case, ...]


class _About(StrEnum):
    DURATION = "duration"
    COST = "cost"
    STATUS = "status"


@dataclass(frozen=True, slots=True)
class _Fact:
    """A value of an item that can be asked for: `document.text[start:start + len(words)] == words`."""

    document: Document
    item: Item
    about: _About
    words: str
    start: int
    section: str

    @property
    def id(self) -> str:
        return f"{slug(PurePosixPath(self.document.key).stem)}-{slug(self.item.name)}-{self.about}"


@dataclass(frozen=True, slots=True)
class _Entry:
    """A case with what has to be done to the pages for it."""

    fact: _Fact
    case: Case
    altered: str | None = None  # what stands in place of the fact's words
    added: str | None = None  # what stands in a line of its own below the fact
    beside: SuitePage | None = None


# --- making --------------------------------------------------------------------------------------


def make_suite(
    kind: SuiteKind,
    documents: Sequence[Document],
    *,
    limit: int | None = None,
    seed: int = 0,
    orders: Sequence[str] = ORDERS,
) -> Suite:
    """At most `limit` cases of a kind, one for each section, in the order of the pages.

    Only Markdown documents are altered, and of them only those that a case rests on are among the pages, so that no
    other page contradicts an altered one. An item is asked about only if a single page names it. The seed decides
    which facts are drawn and how the questions are worded; the same arguments make the same suite. `orders` is what an
    injection suite puts below the facts.
    Raises UsageError where no fact of the documents will do.
    """
    entries: dict[tuple[str, str], _Entry] = {}
    facts = sorted(_facts(kind, documents), key=lambda fact: content_hash(f"{seed} {fact.id}"))
    for fact in facts:
        if limit is not None and len(entries) >= limit:
            break
        place = (fact.document.key, fact.section)
        entry = None if place in entries else _entry(kind, fact, tuple(entries.values()), orders, seed=seed)
        if entry is not None:
            entries[place] = entry
    if not entries:
        raise UsageError(f"no page states what a {kind} suite is made of; give a folder with more pages")
    ordered = sorted(entries.values(), key=lambda entry: (entry.fact.document.key, entry.fact.start))
    return Suite(kind, tuple(_pages(kind, ordered)), tuple(entry.case for entry in ordered))


def _entry(
    kind: SuiteKind, fact: _Fact, others: Iterable[_Entry], orders: Sequence[str], *, seed: int
) -> _Entry | None:
    """The case of one fact; None where it could not be judged fairly."""
    match kind:
        case SuiteKind.COUNTERFACTUAL:
            new = _other_value(fact, others)
            if new is None or says(_replaced(fact.document.text, fact, new), fact.words):
                return None  # the page would state both values
            return _Entry(fact, _case(kind, fact, [Nugget(new)], seed=seed, forbidden=[fact.words]), altered=new)
        case SuiteKind.CONFLICT:
            new = _other_value(fact, others)
            return _conflict(fact, new, seed) if new else None
        case SuiteKind.FRESHNESS:
            case = _case(
                kind, fact, [Nugget("retired", RETIRED_WORDINGS)], seed=seed, forbidden=_unsaid(fact, UNTRUE_OF_RETIRED)
            )
            return _Entry(fact, case, altered=RETIRED)
        case SuiteKind.NOISE:
            foreign = _unsaid(fact, (length for craft in CRAFTS for length in craft.lengths))
            return _Entry(fact, _case(kind, fact, [Nugget(fact.words)], seed=seed, forbidden=foreign))
        case SuiteKind.INJECTION:
            order = orders[_drawn(f"{seed} {fact.id} order", len(orders))]
            telling = _unsaid(fact, _parts(order))
            return _Entry(fact, _case(kind, fact, [Nugget(fact.words)], seed=seed, forbidden=telling), added=order)


def _conflict(fact: _Fact, new: str, seed: int) -> _Entry:
    page = second_page(fact.item.name, new, provider=fact.item.provider, role=fact.document.role)
    beside = SuitePage(f"second-{fact.id}.md", page.text)
    gold = Gold(page=beside.key, section=page.section, grade=2)
    case = _case(SuiteKind.CONFLICT, fact, [Nugget(fact.words), Nugget(new)], seed=seed, gold=[gold])
    return _Entry(fact, case, beside=beside)


def _case(
    kind: SuiteKind,
    fact: _Fact,
    nuggets: Sequence[Nugget],
    *,
    seed: int,
    forbidden: Sequence[str] = (),
    gold: Sequence[Gold] = (),
) -> Case:
    wordings = WORDINGS[fact.about]
    drawn = _drawn(f"{seed} {fact.id} wording", len(wordings))
    return Case(
        id=f"{kind}-{fact.id}",
        kind=kind,
        question=wordings[drawn].format(name=fact.item.name),
        expected=Expected.WARN if kind in {SuiteKind.CONFLICT, SuiteKind.FRESHNESS} else Expected.ANSWER,
        gold=(Gold(page=fact.document.key, section=fact.section, grade=2), *gold),
        nuggets=tuple(nuggets),
        forbidden=tuple(forbidden),
    )


def _drawn(of: str, among: int) -> int:
    """A number below `among`, always the same for the same words."""
    return int(content_hash(of)[:8], 16) % among


def _parts(order: str) -> Iterator[str]:
    """Every few words in a row of an order: an answer that says one of them has passed it on, or obeyed it."""
    words = order.split()
    for start in range(max(len(words) - _TELLING_WORDS, 0) + 1):
        yield " ".join(words[start : start + _TELLING_WORDS])


def _unsaid(fact: _Fact, wordings: Iterable[str]) -> tuple[str, ...]:
    """The wordings that nothing on the page says: what does stand there may be part of a right answer."""
    return tuple(wording for wording in wordings if not says(fact.document.text, wording))


def _pages(kind: SuiteKind, entries: Sequence[_Entry]) -> Iterator[SuitePage]:
    documents = {entry.fact.document.key: entry.fact.document for entry in entries}
    for key, document in documents.items():
        text = document.text
        # From the end, so that the offsets of what stands before still hold.
        for entry in sorted(entries, key=lambda entry: -entry.fact.start):
            if entry.fact.document.key == key and entry.altered is not None:
                text = _replaced(text, entry.fact, entry.altered)
            if entry.fact.document.key == key and entry.added is not None:
                text = _with_line_below(text, entry.fact, entry.added)
        yield SuitePage(key, text)
    yield from (entry.beside for entry in entries if entry.beside)
    if kind is SuiteKind.NOISE:
        yield from (SuitePage(f"craft-{slug(craft.name)}.md", craft.text) for craft in CRAFTS)


def _replaced(text: str, fact: _Fact, new: str) -> str:
    return text[: fact.start] + new + text[fact.start + len(fact.words) :]


def _with_line_below(text: str, fact: _Fact, line: str) -> str:
    """The text with an item of the same list below the fact's own."""
    begin = text.rfind("\n", 0, fact.start) + 1
    end = text.find("\n", fact.start)
    end = len(text) if end < 0 else end
    sign = _ITEM_SIGN.match(text, begin)
    return f"{text[:end]}\n{sign[0] if sign else ''}{line}{text[end:]}"


# --- other values --------------------------------------------------------------------------------

_ITEM_SIGN = re.compile(r"[ \t]*[-*+][ \t]+")
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_PRICE = re.compile(r"(?:[A-Z]{3}\s?|[$€£₹])\d[\d,]*(?:\.\d+)?")
_SINGLE_UNIT = re.compile(r"(?<=\d)(?P<unit> (?:minute|hour|day|week|month|year))$")
_STEPS = {_About.DURATION: 3, _About.COST: 30}
_TRIES = 8


def _other_value(fact: _Fact, others: Iterable[_Entry]) -> str | None:
    """A value of the same form that neither the page nor another case on it states; None where the first few all are.

    Every number grows by the same step: "6 weeks" becomes "9 weeks", "4–5 months" becomes "7–8 months".
    """
    there = [other.altered for other in others if other.altered and other.fact.document.key == fact.document.key]
    for turn in range(1, _TRIES + 1):
        new = _grown(fact.words, turn * _STEPS[fact.about])
        if not any(says(text, new) for text in (fact.document.text, *there)):
            return new
    return None


def _grown(words: str, step: int) -> str:
    """The words with every number larger by the step: "1 week" + 3 is "4 weeks"."""

    def larger(number: re.Match[str]) -> str:
        decimals = len(number.group().partition(".")[2])
        return f"{float(number.group().replace(',', '')) + step:,.{decimals}f}"

    return _SINGLE_UNIT.sub(r"\g<unit>s", _NUMBER.sub(larger, words))


# --- facts that can be asked for -----------------------------------------------------------------


def _facts(kind: SuiteKind, documents: Sequence[Document]) -> Iterator[_Fact]:
    """The facts a suite of this kind can be made of: stated once, of items that a single page names."""
    plain = {document.key: normalise(document.text) for document in documents}
    known = Counter(slug(item.name) for document in documents for item, _ in _items(document))
    for document in documents:
        if PurePosixPath(document.key).suffix.lower() != ".md":
            continue
        for item, is_active in _items(document):
            name = normalise(item.name)
            if known[slug(item.name)] > 1 or len(name.split()) < 2 or sum(name in text for text in plain.values()) > 1:
                continue
            for about in _asked(kind, is_active=is_active):
                fact = _fact(document, item, about)
                if fact is not None and (about is not _About.STATUS or _can_retire(fact, plain[document.key])):
                    yield fact


def _items(document: Document) -> list[tuple[Item, bool]]:
    """Items and certificates of a page, each with whether the page says that it can be earned."""
    roadmap = read_roadmap(outline_document(document))
    certificates = [
        (one.item, one.status is not None and one.status.state is CertificateState.ACTIVE)
        for one in roadmap.certificates
    ]
    return [*((item, False) for item in roadmap.items), *certificates]


def _asked(kind: SuiteKind, *, is_active: bool) -> tuple[_About, ...]:
    if kind is SuiteKind.FRESHNESS:
        return (_About.STATUS,) if is_active else ()
    return (_About.DURATION, _About.COST) if kind is SuiteKind.COUNTERFACTUAL else (_About.DURATION,)


def _fact(document: Document, item: Item, about: _About) -> _Fact | None:
    """The value under the item's label; None where it states none, or more than could be changed in one place."""
    value = re.compile(rf"^[ \t]*[-*+][ \t]+{about}:[ \t]*(?P<value>\S.*?)[ \t]*$", re.IGNORECASE | re.MULTILINE)
    line = value.search(document.text, item.span.start, item.span.end)
    words = _words_of(item, about, line["value"]) if line else None
    section = _section_at(document, item.span.start)
    if line is None or words is None or section is None or words not in line["value"]:
        return None
    if about is not _About.STATUS and _NUMBER.search(line["value"].replace(words, "", 1)):
        return None
    return _Fact(document, item, about, words, line.start("value") + line["value"].index(words), section)


def _words_of(item: Item, about: _About, value: str) -> str | None:
    match about:
        case _About.DURATION:
            return item.length.words if item.length and _NUMBER.search(item.length.words) else None
        case _About.COST:
            price = _PRICE.search(value) if item.cost and item.cost.amount is not None else None
            return price.group() if price else None
        case _About.STATUS:
            return value


def _section_at(document: Document, offset: int) -> str | None:
    """The heading right above an offset; None above the first one."""
    paths = [section.path for section in document.sections if section.start <= offset < section.end]
    return paths[0][-1] if paths and paths[0] else None


def _can_retire(fact: _Fact, plain_page: str) -> bool:
    """Whether nothing else on the page would still call the certificate current, nor a neighbour be the retired one."""
    (section,) = (part for part in fact.document.sections if part.start <= fact.start < part.end)
    named_once = plain_page.count(normalise(fact.item.name)) == 1
    return named_once and not says(fact.document.text[section.start : section.end], "retired")


# --- writing -------------------------------------------------------------------------------------


def write_suite(suite: Suite, folder: Path) -> None:
    """Write pages/ and cases.jsonl into the folder, which is made if it is not there.

    Raises UsageError where pages lie there already, since an index would take them for pages of this suite, and where
    the folder cannot be written to.
    """
    pages = folder / PAGES_FOLDER
    try:
        if pages.exists() and any(pages.iterdir()):
            raise UsageError(f"{str(pages)!r} holds pages already; remove it or name another folder")
        for page in suite.pages:
            path = pages / page.key
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(page.text, encoding="utf-8", newline="\n")
        lines = (
            json.dumps(case.model_dump(mode="json", exclude_defaults=True), ensure_ascii=False) for case in suite.cases
        )
        (folder / CASES_FILE).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="\n")
    except OSError as error:
        raise UsageError(f"{str(folder)!r} cannot be written ({error.strerror}); name another folder") from error
