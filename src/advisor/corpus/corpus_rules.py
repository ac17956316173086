"""The rules of the lint that compare pages: roles and aliases, contradictions on one item, text that stands twice."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations

from advisor.corpus.findings import Corpus, Finding, Page
from advisor.corpus.items import Certificate, Item
from advisor.corpus.outline import Kind
from advisor.text import normalise

SHINGLE_WORDS = 6
NEAR_DUPLICATE = 0.25  # Jaccard similarity of two pages' shingles
_IN_BRACKETS = re.compile(r"\s*\([^)]*\)")
REPEATED_WORDS = 14  # a sentence this long on two pages was copied


def roles(corpus: Corpus) -> Iterator[Finding]:
    """A role is spelled one way, has one page of its own name, and shares no alias with another."""
    spellings: dict[str, dict[str, Page]] = defaultdict(dict)
    mains: dict[str, Page] = {}
    for page in corpus.pages:
        role = page.document.role
        if role is None:
            continue
        spellings[normalise(role)].setdefault(role, page)
        is_main = normalise(page.document.title) == normalise(role)
        if is_main and (main := mains.setdefault(normalise(role), page)) is not page:
            message = f"{main.key} is the page of the role {role!r} already"
            yield Finding(page.key, 1, "role", message, "give this page a title of its own, or join the two")
    for key, spelled in spellings.items():
        first, *others = spelled
        for other in others:
            message = f"the role {other!r} is spelled {first!r} on {spelled[first].key}"
            yield Finding(spelled[other].key, 1, "role", message, "spell it the same")
        if key not in mains:
            message = f"no page is called {first!r} like its role"
            yield Finding(spelled[first].key, 1, "role", message, "name the role's main page after it")
    yield from _aliases(corpus)


def _aliases(corpus: Corpus) -> Iterator[Finding]:
    owners: dict[str, str] = {normalise(page.document.role): page.document.role for page in corpus.pages
                              if page.document.role}  # fmt: skip
    for page in corpus.pages:
        for alias in page.document.aliases:
            owner = owners.setdefault(normalise(alias), page.document.role or page.document.title)
            if owner != page.document.role:
                message = f"the alias {alias!r} belongs to {owner!r}"
                yield Finding(page.key, 1, "alias", message, "take it out here, or there")


# --- contradictions -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Said:
    """What one page says of an item."""

    page: Page
    item: Item
    certificate: Certificate | None = None


def contradictions(corpus: Corpus) -> Iterator[Finding]:
    """Two pages that speak of the same item agree on what both state: length, effort, cost, status, validity, link."""
    said: dict[str, list[_Said]] = defaultdict(list)
    for version in _versions(corpus):
        said[normalise(_IN_BRACKETS.sub("", version.item.name))].append(version)
        if version.item.url:
            said[_bare(version.item.url)].append(version)
    for versions in said.values():
        first, *others = versions
        for other in others:
            if first.page is not other.page and _are_one(first.item, other.item):
                yield from _differences(first, other)


def _versions(corpus: Corpus) -> Iterator[_Said]:
    for page in corpus.pages:
        for item in page.roadmap.items:
            if item.kind is not None:
                yield _Said(page, item)
        for certificate in page.roadmap.certificates:
            yield _Said(page, certificate.item, certificate)


def _are_one(first: Item, second: Item) -> bool:
    """Whether two items of one name are the same thing: a different link and provider tell them apart."""
    same_link = _bare(first.url) == _bare(second.url) and first.url is not None
    by_name = normalise(first.provider or "") == normalise(second.provider or "")
    return same_link or by_name or first.url is None or second.url is None


def _differences(first: _Said, second: _Said) -> Iterator[Finding]:
    is_whole = normalise(first.item.name) == normalise(second.item.name)  # else one may be a part: "(parts 0–7)"
    for what, view in _COMPARED.items():
        one, other = view(first), view(second)
        if one and other and one != other and (is_whole or what != "length"):
            line = first.page.line_of(first.item.span.start)
            message = f"{second.item.name!r}: {what} {other}, but {one} on {first.page.key} line {line}"
            yield second.page.finding(
                "contradiction", second.item.span.start, message, "look it up and write the same on both pages"
            )


def _bare(url: str | None) -> str:
    return (
        (url or "").partition("#")[0].removeprefix("https://").removeprefix("http://").removeprefix("www.").rstrip("/")
    )


def _cost(said: _Said) -> str:
    cost = said.item.cost
    if cost is None:
        return ""
    return f"{cost.currency} {cost.amount:g}" if cost.amount is not None else cost.kind.value


def _length(said: _Said) -> str:
    """Hours where they are known: 2 weeks at 5 hours a week are 10 hours."""
    item = said.item
    return str(item.hours) if item.hours else normalise(item.length.words) if item.length else ""


_COMPARED: dict[str, Callable[[_Said], str]] = {
    "length": _length,
    "cost": _cost,
    "link": lambda said: _bare(said.item.url),
    "status": lambda said: said.certificate.status.state if said.certificate and said.certificate.status else "",
    "validity": lambda said: normalise(said.certificate.validity or "") if said.certificate else "",
}


# --- text that stands twice -----------------------------------------------------------------------


def near_duplicates(corpus: Corpus) -> Iterator[Finding]:
    """No two pages are nearly the same text."""
    shingles = {page.key: _shingles(page) for page in corpus.pages}
    for first, second in combinations(corpus.pages, 2):
        one, other = shingles[first.key], shingles[second.key]
        shared = len(one & other) / max(1, len(one | other))
        if shared > NEAR_DUPLICATE:
            message = f"{shared:.0%} of the text is that of {first.key}"
            yield Finding(second.key, 1, "near-duplicate", message, "join the two, or write what is special here")


def _shingles(page: Page) -> set[tuple[str, ...]]:
    words = normalise(" ".join(node.text for node in page.outline.nodes[1:])).split()
    return {tuple(words[at : at + SHINGLE_WORDS]) for at in range(len(words) - SHINGLE_WORDS + 1)}


def repeated_sentences(corpus: Corpus) -> Iterator[Finding]:
    """A long sentence stands on one page only: twice in the corpus, it would be answered twice."""
    seen: dict[str, Page] = {}
    for page in corpus.pages:
        for node in page.outline.nodes[1:]:
            text = normalise(node.text)
            if node.kind in {Kind.SENTENCE, Kind.ITEM} and len(text.split()) >= REPEATED_WORDS:
                first = seen.setdefault(text, page)
                if first is not page:
                    message = f"{node.text[:60]!r} stands on {first.key} too"
                    yield page.finding("repeated", node.start, message, "say it once and link to it")


CORPUS_RULES = (roles, contradictions, near_duplicates, repeated_sentences)
