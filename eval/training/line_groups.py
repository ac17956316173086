"""From examples to groups: `python eval/training/line_groups.py INDEX=EXAMPLES.jsonl … --out GROUPS.jsonl`.

A group is a question, the lines that the product would weigh for it, and which of them answer.

An example names its evidence by its words; here it is found again in the outline of its page. The other lines are what
the product itself ranks first (hard negatives) and some at random. An unanswerable question has no evidence: all its
lines are such. Knows nothing of models.
"""

import argparse
import json
import random
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from uuid import uuid4

from advisor.answer.reading import line_text
from advisor.answer.weigh import Weighed, weigh
from advisor.cli.parts import Parts, open_forgetful
from advisor.corpus.outline import Node, Outline
from advisor.pipeline import Advisor
from advisor.search.hybrid import search
from advisor.search.query import read_question, understand
from advisor.settings import Settings

WEIGHED_LINES, RANDOM_LINES = 24, 6
TOP_PASSAGES = 12
_OWNER = "training"


@dataclass(frozen=True)
class Example:
    """One line of eval/training/examples: a question, and the lines of a page that a careful reader would quote."""

    id: str
    page: str
    question: str
    history: list[str]
    role_named: bool
    evidence: list[str] = field(default_factory=list)
    answer: str = ""
    near: list[str] = field(default_factory=list)  # of an unanswerable question: lines that look tempting
    why: str = ""  # it is unanswerable


@dataclass(frozen=True)
class Group:
    """A question as search reads it, and lines as the reader sees them with whether they answer."""

    id: str
    question: str
    lines: list[str]
    answers: list[bool]


def read_examples(path: Path) -> list[Example]:
    """All examples of a file."""
    return [Example(**json.loads(line)) for line in path.read_text("utf-8").splitlines() if line.strip()]


def groups_of(advisor: Advisor, examples: Iterable[Example], *, seed: int = 1) -> Iterator[Group]:
    """One group per example whose evidence is found or that has none; the same ones in order for the same seed."""
    chance = random.Random(seed)
    for example in examples:
        outline = advisor._page(example.page).outline
        answering = evidence_nodes(outline, example.evidence)
        if answering or example.why:
            answering |= lists_of(outline, answering)
            yield _group(advisor, example, outline, answering, chance)


def _group(advisor: Advisor, example: Example, outline: Outline, answering: set[int], chance: random.Random) -> Group:
    query, weighed = _weighed(advisor, example)
    found: dict[str, bool] = {}
    for line in weighed[:WEIGHED_LINES]:
        own = line.page.outline.document.key == example.page
        _add(found, line_text(line.page.outline, line.node), own and line.node.index in answering)
    for index in sorted(answering):
        _add(found, line_text(outline, outline.nodes[index]), True)
    for index in sorted(evidence_nodes(outline, example.near)):
        _add(found, line_text(outline, outline.nodes[index]), False)
    others = [node for node in outline.nodes[1:] if node.index not in answering and not _only_leads(node)]
    for node in chance.sample(others, min(RANDOM_LINES, len(others))):
        _add(found, line_text(outline, node), False)
    return Group(example.id, query, list(found), list(found.values()))


def _add(found: dict[str, bool], text: str, answers: bool) -> None:
    found[text] = found.get(text, False) or answers


def _only_leads(node: Node) -> bool:
    return node.text.endswith(":") and not node.children


def _weighed(advisor: Advisor, example: Example) -> tuple[str, list[Weighed]]:
    """The question as it is understood after its history, and the lines the product weighs for it, best first.

    A question that does not name its role is meant as asked on its page, so only that page's lines are weighed.
    """
    conversation = uuid4().hex
    for earlier in example.history:
        for _event in advisor.ask(earlier, conversation=conversation, owner=_OWNER):
            pass
    history = [turn.answer for turn in advisor.conversations.turns(conversation, owner=_OWNER)]
    asked = read_question(example.question, max_chars=2000)
    query = understand(
        asked, history, vocabulary=advisor._rarity.keys(), spellings=advisor._spellings, roles=advisor._roles
    )
    vector = advisor.embedder.embed([query.standalone])[0]
    hits = search(advisor.snapshot, query, vector=vector, k=TOP_PASSAGES)
    found = [hit.passage.document for hit in hits] if example.role_named else []
    pages = [advisor._page(key) for key in dict.fromkeys([example.page, *found])]
    return query.standalone, weigh(query, pages, hits, rarity=advisor._rarity, vector=vector)


# --- finding evidence again -------------------------------------------------------------------------


def evidence_nodes(outline: Outline, evidence: Sequence[str]) -> set[int]:
    """The nodes that hold these lines; of a line that stands several times, the one nearest to the other evidence."""
    found: list[int] = []
    unsure: list[list[int]] = []
    for line in map(_plain, evidence):
        near = [(abs(len(text) - len(line)), index) for index, text in _texts(outline) if _is_held(line, text)]
        best = [index for distance, index in near if distance == min(near)[0]]
        if not near:  # a whole paragraph: its sentences
            found += [index for index, text in _texts(outline) if len(text) > 15 and text in line]
        elif len(best) == 1:
            found += best
        else:
            unsure.append(best)
    for same in unsure:
        below = [index for index in same if any(a.index in found for a in outline.ancestors(outline.nodes[index]))]
        nearest = sorted(same, key=lambda index: min((abs(index - other) for other in found), default=0))
        found += (below or nearest)[:1] if found else []
    return set(found)


def lists_of(outline: Outline, answering: set[int]) -> set[int]:
    """The nodes most of whose members answer, three at least: then the list as a whole does."""
    parents = Counter(outline.nodes[index].parent for index in answering)
    return {
        parent
        for parent, count in parents.items()
        if parent and count >= 3 and count >= 0.6 * len(outline.nodes[parent].children)
    }


def _texts(outline: Outline) -> Iterator[tuple[int, str]]:
    for node in outline.nodes[1:]:
        text = _plain(outline.quote(node))
        if text:
            yield node.index, text


def _is_held(line: str, text: str) -> bool:
    return line in text or (text in line and len(text) >= 0.6 * len(line))


def _plain(line: str) -> str:
    """The words of a line of Markdown, without marks and addresses, in lower case."""
    return " ".join(re.sub(r"[*_`]|\]\([^)]*\)|[\[\]]", "", line).split()).lower().strip("-# |")


# --- groups in a file ---------------------------------------------------------------------------------


def read_groups(path: Path) -> list[Group]:
    """All groups of a file."""
    return [Group(**json.loads(line)) for line in path.read_text("utf-8").splitlines() if line.strip()]


def main() -> int:
    """Write the groups of all examples, one a line; those that the file holds already are not made again."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pairs", nargs="+", metavar="INDEX=EXAMPLES")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE")
    arguments = parser.parse_args()
    made = {group.id for group in read_groups(arguments.out)} if arguments.out.exists() else set()
    settings = Settings(generator="extractive")
    with arguments.out.open("a", encoding="utf-8") as file:
        for pair in arguments.pairs:
            index, _, path = pair.partition("=")
            advisor = open_forgetful(Parts(), settings.model_copy(update={"index_dir": Path(index)}))
            missing = [example for example in read_examples(Path(path)) if example.id not in made]
            for number, group in enumerate(groups_of(advisor, missing), start=1):
                file.write(json.dumps(asdict(group), ensure_ascii=False) + "\n")
                sys.stderr.write(f"\r{path}: {number} of {len(missing)}")
            sys.stderr.write("\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
