"""The rules of the lint that judge one page: its front matter, facts, prerequisites, sums, Markdown and characters.

Each rule yields what it finds and says how to mend it. What needs several pages is in `corpus_rules`.
"""

import re
from collections.abc import Iterator
from datetime import date

from advisor.corpus.decoding import repair_mojibake
from advisor.corpus.findings import Corpus, Finding, Page
from advisor.corpus.items import Certificate, CertificateState, Item, ItemKind
from advisor.corpus.measures import Hours, read_date
from advisor.corpus.outline import Kind
from advisor.corpus.roadmap import prerequisite_names
from advisor.text import CONTROL, HIDDEN, normalise

MONTHS_UNTIL_STALE = 12
_TO_LEARN_FROM = frozenset(ItemKind) - {ItemKind.PROJECT, ItemKind.CERTIFICATE}
_NEEDED = ("title", "summary", "family", "last_verified", "licence")
_SUM = re.compile(r"add up to (?:about )?(?P<low>[\d,.]+)(?:\s*[-–]\s*(?P<high>[\d,.]+))? hours \(added up by us\)")


# --- front matter ---------------------------------------------------------------------------------


def front_matter(page: Page, corpus: Corpus) -> Iterator[Finding]:
    """Every page says what it is, when it was checked and where its facts come from."""
    front = page.front
    if front.note:
        yield _top(page, front.note, "write `key: value` lines between two lines of ---")
        return
    for key in _NEEDED:
        if not getattr(front, key):
            yield _top(page, f"the front matter has no {key}", f"add a line `{key}: …`")
    if front.last_verified and not _is_day(front.last_verified):
        yield _top(page, f"last_verified is {front.last_verified!r}, no day", "write it as YYYY-MM-DD")
    elif front.last_verified and date.fromisoformat(front.last_verified) > corpus.today:
        yield _top(page, f"last_verified {front.last_verified} lies in the future", "write the day of the last check")
    if not front.sources:
        yield _top(page, "the front matter names no sources", "add `sources:` with a `- title:` and `url:` for each")


def _top(page: Page, message: str, cure: str) -> Finding:
    return Finding(page.key, 1, "front-matter", message, cure)


def _is_day(words: str) -> bool:
    return bool(re.fullmatch(r"\d{4}-\d{2}-\d{2}", words)) and read_date(words) is not None


# --- items and certificates -----------------------------------------------------------------------


def unparsed_values(page: Page, corpus: Corpus) -> Iterator[Finding]:
    """A value under a label of the format must hold what the label promises."""
    for value in page.roadmap.unparsed:
        message = f"the {value.label} {value.words!r} cannot be read"
        yield page.finding("unparsed", value.span.start, message, 'write a number with its unit, or "not stated"')


def complete_items(page: Page, corpus: Corpus) -> Iterator[Finding]:
    """What can be learnt from states its length, its cost and its link, if only as "not stated"."""
    offered = [one.item for one in page.roadmap.certificates if not _is_gone(one)]
    for item in (*page.roadmap.items, *offered):
        wanted = ["cost", "link"] if item.kind in _TO_LEARN_FROM | {ItemKind.CERTIFICATE} else []
        wanted += ["duration"] if item.kind in _TO_LEARN_FROM else []
        for label in wanted:
            if label not in item.labels:
                message = f"{item.name!r} has no {label}"
                yield page.finding(f"no-{label}", item.span.start, message, f'add it, or "{label.title()}: not stated"')


def _is_gone(certificate: Certificate) -> bool:
    gone = {CertificateState.RETIRED, CertificateState.REPLACED}
    return certificate.status is not None and certificate.status.state in gone


def certificates(page: Page, corpus: Corpus) -> Iterator[Finding]:
    """A certificate says whether it can still be earned, and that was checked within the last year."""
    for certificate in page.roadmap.certificates:
        yield from _certificate(page, certificate, corpus.today)


def _certificate(page: Page, certificate: Certificate, today: date) -> Iterator[Finding]:
    name, start = repr(certificate.item.name), certificate.item.span.start
    status = certificate.status
    if status is None:
        if "status" not in certificate.item.labels:
            yield page.finding("no-status", start, f"{name} has no status", 'add "Status: active" or what it is')
        return
    if status.state is CertificateState.RETIRED and status.since is None:
        yield page.finding(
            "no-date", start, f"{name} is {status.words!r} without a date", 'write "retired on 31 March 2026"'
        )
    verified = read_date(page.front.last_verified or "")
    checked = certificate.checked or verified
    if status.state is CertificateState.ACTIVE and checked and _months_between(checked, today) > MONTHS_UNTIL_STALE:
        yield page.finding(
            "stale", start, f"{name} was last checked in {checked:%B %Y}",
            "look it up again and write the new month, or set the status to not checked",
        )  # fmt: skip


def _months_between(earlier: date, later: date) -> int:
    return (later.year - earlier.year) * 12 + later.month - earlier.month


def hour_sums(page: Page, corpus: Corpus) -> Iterator[Finding]:
    """A sum of hours that the page states equals the sum of its items' hours, to the hour."""
    hours = [item.hours for item in page.roadmap.items if item.hours and item.kind in _TO_LEARN_FROM]
    for stated in _SUM.finditer(page.document.text):
        low = float(stated["low"].replace(",", ""))
        high = float(stated["high"].replace(",", "")) if stated["high"] else low
        total = sum(hours, start=Hours(0, 0))
        fits = total.high is not None and abs(total.low - low) <= 1 and abs(total.high - high) <= 1
        if not fits:
            message = f"the page states {stated.group()!r}, its items add up to {total}"
            yield page.finding("sum", stated.start(), message, f"write {total} (added up by us)")


# --- prerequisites --------------------------------------------------------------------------------


def prerequisites(page: Page, corpus: Corpus) -> Iterator[Finding]:
    """A prerequisite is a skill or an item that exists, stands earlier on the page, and needs nothing that needs it."""
    items = {normalise(item.name): item for item in page.roadmap.items}
    needs: dict[str, list[str]] = {}
    for key, item in items.items():
        for name in prerequisite_names(item.prerequisites, corpus.names):
            if normalise(name) not in corpus.names:
                message = f"{item.name!r} needs {name!r}, which is no skill and no item of any page"
                yield page.finding("prerequisite", item.span.start, message, "use the exact name, or list the skill")
            elif (other := items.get(normalise(name))) is not None:
                needs.setdefault(key, []).append(normalise(name))
                if other.span.start > item.span.start:
                    message = f"{item.name!r} needs {other.name!r}, which comes later"
                    yield page.finding("order", item.span.start, message, "change their order or the prerequisite")
    for key in _in_cycles(needs):
        message = f"{items[key].name!r} needs itself by way of its prerequisites"
        yield page.finding("cycle", items[key].span.start, message, "take one prerequisite out of the circle")


def _in_cycles(needs: dict[str, list[str]]) -> list[str]:
    """The names from which a way leads back to themselves."""

    def reached(start: str) -> set[str]:
        seen: set[str] = set()
        waiting = list(needs.get(start, ()))
        while waiting:
            name = waiting.pop()
            if name not in seen:
                seen.add(name)
                waiting.extend(needs.get(name, ()))
        return seen

    return [name for name in needs if name in reached(name)]


# --- Markdown and characters ----------------------------------------------------------------------

_LEFT_OVER = re.compile(r"\*\*|\]\(|(?<!\w)__\w|\[[^\]]*\]\[|\[[^\]]*\(https?://")
_CELL = re.compile(r"(?<!\\)\|")


def headings(page: Page, corpus: Corpus) -> Iterator[Finding]:
    """Headings begin at level two, skip no level, stand once and have something below them."""
    seen: dict[str, int] = {}
    level = 1
    for node in page.outline.nodes[1:]:
        if node.kind is not Kind.HEADING:
            continue
        marks = len(page.outline.quote(node)) - len(page.outline.quote(node).lstrip("#"))
        if marks == 1:
            yield page.finding("heading", node.start, f"{node.text!r} is a level-one heading", "begin at ##")
        elif marks > level + 1:
            yield page.finding("heading", node.start, f"{node.text!r} skips a level", "use one # more than above")
        level = marks or level
        if normalise(node.text) in seen:
            first = seen[normalise(node.text)]
            message = f"the heading {node.text!r} stands in line {first} already"
            yield page.finding("heading", node.start, message, "say in the heading what tells the two apart")
        seen.setdefault(normalise(node.text), page.line_of(node.start))
        if not node.children and not _has_subheading(page, node.start):
            yield page.finding("heading", node.start, f"nothing stands below {node.text!r}", "write it or take it out")


def _has_subheading(page: Page, start: int) -> bool:
    at = next(index for index, section in enumerate(page.document.sections) if section.start == start)
    following = page.document.sections[at + 1 : at + 2]
    return bool(following) and len(following[0].path) > len(page.document.sections[at].path)


def markdown(page: Page, corpus: Corpus) -> Iterator[Finding]:
    """No mark of Markdown is left over as text, fences close, and table rows have the cells of their head."""
    for node in page.outline.nodes[1:]:
        left = _LEFT_OVER.search(node.text)
        if left and "`" not in page.outline.quote(node):
            message = f"{left.group()!r} stands in the text of {node.text[:60]!r}"
            yield page.finding("markdown", node.start, message, "close or remove the mark")
    lines = page.document.text.split("\n")
    if sum(line.lstrip().startswith("```") for line in lines) % 2:
        yield Finding(page.key, len(lines), "markdown", "a code fence is not closed", "add a line of ```")
    cells = 0
    for number, line in enumerate(lines, start=1):
        count = len(_CELL.findall(line)) if line.lstrip().startswith("|") else 0
        if count and cells and count != cells:
            message = f"the row has {count - 1} cells, the table's head {cells - 1}"
            yield Finding(page.key, number, "markdown", message, "give each row as many cells as the head")
        cells = count and (cells or count)


def links(page: Page, corpus: Corpus) -> Iterator[Finding]:
    """A link leads to the web or to a page that exists."""
    keys = {other.key for other in corpus.pages}
    for node in page.outline.nodes[1:]:
        for link in node.links:
            target = link.url.partition("#")[0]
            if link.url.startswith(("https://", "http://", "mailto:")) or (not target and link.url):
                continue
            if target not in keys:
                message = f"the link {link.url!r} leads nowhere"
                yield page.finding("link", node.start, message, "write https://… or the file name of a page")


def characters(page: Page, corpus: Corpus) -> Iterator[Finding]:
    """No mojibake, no hidden characters, nothing that reading would have to clean."""
    cleaned = page.document.text.split("\n")
    for number, line in enumerate(page.raw.split("\n"), start=1):
        if HIDDEN.search(line) or CONTROL.search(line):
            yield Finding(page.key, number, "hidden", "the line holds hidden characters", "type the line anew")
        elif repair_mojibake(line) != line:
            yield Finding(page.key, number, "mojibake", f"{line[:60]!r} is broken text", "save the file as UTF-8")
        elif number <= len(cleaned) and line.rstrip() != cleaned[number - 1].rstrip():
            message = f"reading turns this line into {cleaned[number - 1][:60]!r}"
            yield Finding(page.key, number, "unclean", message, "write it like that")


def item_names(page: Page, corpus: Corpus) -> Iterator[Finding]:
    """An item stands once on a page: two of the same name could not be told apart."""
    seen: dict[str, Item] = {}
    for item in page.roadmap.items:
        if item.kind is not None and (first := seen.setdefault(normalise(item.name), item)) is not item:
            message = f"{item.name!r} stands in line {page.line_of(first.span.start)} already"
            yield page.finding("twice", item.span.start, message, "keep one, or name the part that is meant")


PAGE_RULES = (
    front_matter, unparsed_values, complete_items, certificates, hour_sums, prerequisites, headings, markdown, links,
    characters, item_names,
)  # fmt: skip
