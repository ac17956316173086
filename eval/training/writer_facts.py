"""Rows for the writer made from the facts of dev pages: `python eval/training/writer_facts.py INDEX … --out ROWS`.

Each takes lines of a page, has the product word them as evidence, and asks for them in one of several ways: one time,
the times of neighbours that are easily mixed up, sources that disagree, prices, fields, lists, steps, tables, ended
certificates. Targets come from `writer_wordings`. Needs no model and takes a minute.
"""

import argparse
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from writer_rows import Row, judged, line_of, of_dev_pages, piece_of, test_pages
from writer_wordings import plainly

from advisor.answer.ground import stands_in_its_passage
from advisor.answer.listing import grouped, is_list
from advisor.answer.retired import SHORT, Gone, find_gone
from advisor.answer.selection import LONGEST_WORDED, Shape
from advisor.answer.timing import _timed, _told
from advisor.answer.weigh import Page, Weighed, make_page
from advisor.answer.wording import GENERIC, is_full_sentence, is_typed, name_above, snippet_of, worded
from advisor.corpus.items import LABELS
from advisor.corpus.outline import Kind, outline_document
from advisor.corpus.quantities import without_durations
from advisor.index.publish import open_snapshot
from advisor.records import Intent, Query, Snippet
from advisor.text import normalise, stems

SEED = 1
MOST = {
    "time": 260, "times": 220, "disagree": 150, "field": 230, "item": 220, "list": 220, "line": 160, "row": 150,
    "sentence": 160, "ended": 90,
}  # fmt: skip
LONGEST_WORDS = 110  # of the evidence together
LONGEST_NAME_WORDS = 9
_NO_QUERY = Query("", "", Intent.DURATION, ())
_ASKS = {
    "time": ("How long does {x} take?", "how long is {x}", "{x}: how many weeks or months?", "time needed for {x}?",
             "what should I plan for {x}, time-wise?", "and how long for {x}?"),
    "times": ("How long do {x} and {y} take?", "how much time for {x}, {y} and what stands beside them?",
              "times of {x} and {y} please", "is {x} longer than {y}?", "compare how long {x} and {y} are"),
    "disagree": ("How long does {x} take?", "how long is {x}, do the roadmaps agree?", "{x} - how long really?"),
    "field": ("What is the {label} of {x}?", "{label} of {x}?", "and the {label}? ({x})",
              "tell me the {label} for {x}"),
    "item": ("What is {x}?", "tell me about {x}", "is {x} something for me?", "{x} - what do I get, what does it cost?",
             "what do I need before {x}?", "how hard is {x} and how long does it take?"),
    "list": ("What belongs to {x}?", "{x}?", "list {x}", "which are they: {x}", "can you name them? ({x})"),
    "line": ("What about {x}?", "{x}: what is that?", "which ones are meant by {x}?", "what do you say on {x}?"),
    "row": ("What does the table say of {x}?", "{x}?", "and {x}?", "figures for {x}"),
    "sentence": ("What should I know about {x}?", "{x} - what is meant?", "why {x}?", "explain {x}"),
    "ended": ("Should I take the {x}?", "is the {x} still worth it?", "when can I sit the {x}?", "what about {x}?"),
}  # fmt: skip


@dataclass(frozen=True)
class Made:
    """Evidence of one kind, and what a question can call it."""

    kind: str
    shape: Shape
    snippets: tuple[Snippet, ...]
    names: tuple[str, ...]  # x, and y where there are two
    label: str = ""
    lead: str = ""


def dev_pages(index: Path) -> list[Page]:
    """The pages of an index that may be trained on; without vectors, which wording does not need."""
    snapshot = open_snapshot(index)
    pages = []
    for document in snapshot.documents:
        if document.key not in test_pages():
            outline = outline_document(document)
            own = (passage for passage in snapshot.passages if passage.document == document.key)
            pages.append(make_page(outline, own, np.zeros((len(outline.nodes), 1), dtype=np.float32)))
    return pages


def made_of(pages: Sequence[Page]) -> Iterator[Made]:
    """Everything that these pages can be asked for, page by page; then what several of them say."""
    for page in pages:
        lines = [Weighed(page, node, 0.0, 0.0, 0.0, 0.0) for node in page.outline.nodes[1:]]
        yield from _times(lines)
        for line in lines:
            yield from _of_line(line)
    yield from _disagreements(pages)
    yield from _ended(pages)


def _of_line(line: Weighed) -> Iterator[Made]:
    node, above = line.node, name_above(line)
    if is_typed(line):
        yield Made("item", Shape.SENTENCES, (snippet_of(line, worded(line)),), (without_durations(node.label),))
    elif node.kind is Kind.ROW:
        yield Made("row", Shape.SENTENCES, (snippet_of(line, worded(line)),), (_name_of_row(line),))
    elif node.children and is_list(line):
        group = grouped(line, _shape(line), several=False)
        if 2 <= len(group.snippets) <= LONGEST_WORDED and group.lead:
            yield Made("list", _shape(line), group.snippets, (group.lead.rstrip(":").lower(),), lead=group.lead)
    elif node.kind is Kind.ITEM and node.value and normalise(node.label) not in {"kind", "link", "checked"}:
        own = (snippet_of(line, worded(line)),)
        beside = line.page.outline.nodes[node.parent]
        if is_typed(replace(line, node=beside)):
            yield Made("field", Shape.SENTENCES, own, (beside.label,), label=node.label.lower())
        else:
            yield Made("line", Shape.SENTENCES, own, (f"{node.label} ({above})" if above else node.label,))
    elif is_full_sentence(node):
        yield from _sentences(line)


def _name_of_row(line: Weighed) -> str:
    first = line.node.cells[0] if line.node.cells else line.node.text
    return first.partition(": ")[2] or first


def _shape(line: Weighed) -> Shape:
    children = line.page.outline.children(line.node)
    return Shape.STEPS if sum(child.ordinal is not None for child in children) >= 2 else Shape.LIST


def _sentences(line: Weighed) -> Iterator[Made]:
    """A sentence, with one or two of those after it where its paragraph goes on."""
    siblings = line.page.outline.nodes[line.node.parent].children
    at = siblings.index(line.node.index)
    following = [line.page.outline.nodes[index] for index in siblings[at : at + 1 + line.node.index % 3]]
    told = tuple(snippet_of(line, worded(line, node), node) for node in following if is_full_sentence(node))
    yield Made("sentence", Shape.SENTENCES, told, (name_above(line) or line.page.outline.document.title,))


@dataclass(frozen=True)
class _Fact:
    subject: str
    words: str
    snippet: Snippet


def _facts(lines: Iterable[Weighed]) -> list[_Fact]:
    timed = [(line, fact) for line in lines for fact in [_timed(_NO_QUERY, line)] if fact]
    found = [_Fact(fact.subject.strip(" ()."), fact.words, _told(fact)) for _line, fact in timed]
    return [fact for fact in found if _is_name(fact.subject)]


def _is_name(subject: str) -> bool:
    """Whether a question can call a thing so: no sentence, and no label that every page has."""
    plain = normalise(subject)
    return 0 < len(plain.split()) <= LONGEST_NAME_WORDS and plain not in GENERIC | LABELS.keys() and plain[0].isalnum()


def _times(lines: Sequence[Weighed]) -> Iterator[Made]:
    facts = _facts(lines)
    for fact in facts:
        yield Made("time", Shape.SENTENCES, (fact.snippet,), (fact.subject,))
    for at in range(0, len(facts) - 1, 2):  # neighbours on the page: what is easily mixed up
        several = facts[at : at + 2 + at // 2 % 3]
        if len({fact.subject for fact in several}) == len(several):
            names = (several[0].subject, several[1].subject)
            yield Made("times", Shape.DIFFERENCE, tuple(fact.snippet for fact in several), names)


def _disagreements(pages: Sequence[Page]) -> Iterator[Made]:
    """Times that different pages give for what they call by nearly the same words."""
    by_stem: defaultdict[str, list[_Fact]] = defaultdict(list)
    for page in pages:
        for fact in _facts(Weighed(page, node, 0.0, 0.0, 0.0, 0.0) for node in page.outline.nodes[1:]):
            for word in set(stems(fact.subject)):
                by_stem[word].append(fact)
    seen: set[frozenset[str]] = set()
    for facts in by_stem.values():
        for one in facts[:12]:
            for other in facts[:12]:
                pair = frozenset({one.snippet.text, other.snippet.text})
                a, b = set(stems(one.subject)), set(stems(other.subject))
                apart = one.snippet.passage.document != other.snippet.passage.document
                alike = len(a & b) / max(1, len(a | b)) >= 0.4
                if apart and alike and normalise(one.words) != normalise(other.words) and pair not in seen:
                    seen.add(pair)
                    yield Made("disagree", Shape.DIFFERENCE, (one.snippet, other.snippet), (one.subject,))


def _ended(pages: Sequence[Page]) -> Iterator[Made]:
    """A line that names a certificate, and the warning that it has ended."""
    for gone in find_gone(pages):
        yield Made("ended", Shape.SENTENCES, (gone.told,), (gone.name,))
        for page in pages:
            lines = [Weighed(page, node, 0.0, 0.0, 0.0, 0.0) for node in page.outline.nodes[1:]]
            naming = [line for line in lines if _names(line, gone)][:SHORT]
            for line in naming:
                told = snippet_of(line, worded(line))
                yield Made("ended", Shape.SENTENCES, (told, gone.told), (gone.name,))


def _names(line: Weighed, gone: Gone) -> bool:
    named = gone.name in line.node.text or any(code in line.node.text for code in gone.codes)
    return named and line.page.outline.quote(line.node) not in gone.told.quote


def rows_of(made: Iterable[Made], chance: random.Random) -> Iterator[Row]:
    """A row for each that the product could word, with a target that holds; no evidence comes twice."""
    seen: set[frozenset[str]] = set()
    for number, one in enumerate(made):
        key = frozenset(snippet.text for snippet in one.snippets)
        words = sum(len(snippet.text.split()) for snippet in one.snippets)
        usable = one.snippets and words <= LONGEST_WORDS and all(map(stands_in_its_passage, one.snippets))
        if not usable or key in seen:
            continue
        seen.add(key)
        row = _row(one, number, chance)
        if row.target and of_dev_pages(row.evidence):
            yield row


def _row(made: Made, number: int, chance: random.Random) -> Row:
    x, y = (*made.names, "", "")[:2]
    question = chance.choice(_ASKS[made.kind]).format(x=x, y=y, label=made.label)
    pieces = [piece_of(snippet) for snippet in made.snippets]
    page = made.snippets[0].passage.document
    row = Row(f"{made.kind}-{page.removesuffix('.md')}-{number}", page, question, str(made.shape), pieces)
    extract = "\n".join(
        [made.lead, *(f"- {piece.text}" for piece in pieces)] if made.lead else [p.text for p in pieces]
    )
    targets = [target for target in plainly(row, chance) if judged(row, target).holds]
    return replace(row, extract=extract, target=targets[0] if targets else "")


def main() -> int:
    """Write the rows, at most so many of each kind; the same ones for the same pages."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("indexes", nargs="+", type=Path, metavar="INDEX")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE")
    arguments = parser.parse_args()
    chance = random.Random(SEED)
    made = [one for index in arguments.indexes for one in made_of(dev_pages(index))]
    chance.shuffle(made)
    counted: Counter[str] = Counter()
    with arguments.out.open("w", encoding="utf-8") as file:
        for row in rows_of(made, chance):
            kind = row.id.partition("-")[0]
            if counted[kind] < MOST[kind]:
                counted[kind] += 1
                file.write(line_of(row))
    sys.stderr.write(f"{sum(counted.values())} rows: {dict(counted)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
