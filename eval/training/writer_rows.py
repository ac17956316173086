"""The rows from which the writer is trained: a question as understood, the evidence chosen for it, the wording wanted.

Owns their form in a file, which pages may be in one, and the check that every target has to pass. Knows nothing of
models, nor of how a question is answered.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from advisor.answer.ground import ground
from advisor.records import Passage, Snippet

README = Path(__file__).parent.parent / "README.md"
_TEST_PAGES = re.compile(r"^Test pages:\n\n(.*?)\n\n", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Piece:
    """One piece of evidence: its words, the stretch of the page they rest on, and where that stands."""

    text: str
    quote: str
    path: list[str]
    section: list[str]
    title: str
    document: str


@dataclass(frozen=True)
class Row:
    """A question and the evidence that the product chose for it; without evidence, `why` it is no row to train on."""

    id: str
    page: str
    question: str
    shape: str = ""
    evidence: list[Piece] = field(default_factory=list)
    extract: str = ""
    answer: str = ""  # what a person answered from the page, without sight of this evidence
    target: str = ""
    why: str = ""


@dataclass(frozen=True)
class Verdict:
    """Whether a target may be trained on; where not, what the check says."""

    holds: bool
    trouble: str = ""


@lru_cache(1)
def test_pages() -> frozenset[str]:
    """The file names of the pages that nothing may be tuned on, as eval/README.md lists them."""
    listing = _TEST_PAGES.search(README.read_text("utf-8"))
    if not listing:
        raise ValueError(f"{README}: no list after 'Test pages:'")
    return frozenset(f"{name}.md" for name in re.findall(r"`([^`]+)`", listing[1]))


def of_dev_pages(pieces: Iterable[Piece]) -> bool:
    """Whether no piece stands on a test page."""
    return not any(piece.document in test_pages() for piece in pieces)


def piece_of(snippet: Snippet) -> Piece:
    """A snippet without what neither the prompt nor the check looks at."""
    passage = snippet.passage
    return Piece(
        snippet.text, snippet.quote, list(snippet.path), list(passage.section), passage.title, passage.document
    )


def snippets_of(row: Row) -> tuple[Snippet, ...]:
    """The row's evidence as the prompt and the check take it."""
    return tuple(
        Snippet(piece.text, piece.quote, _passage(piece, number), tuple(piece.path))
        for number, piece in enumerate(row.evidence)
    )


def _passage(piece: Piece, number: int) -> Passage:
    place = f"{piece.document}#{number}"
    return Passage(place, piece.document, piece.title, tuple(piece.section), 0, len(piece.quote), piece.quote)


def judged(row: Row, target: str) -> Verdict:
    """Whether the product would show this wording of the row's evidence to a learner."""
    grounded = ground(target, snippets_of(row), question=row.question)
    if grounded.stands:
        return Verdict(True)
    said = f": {grounded.dropped[0]!r}" if grounded.dropped else ""
    return Verdict(False, f"{grounded.trouble}{said}")


def read_rows(path: Path) -> list[Row]:
    """All rows of a file, those without evidence too."""
    return [row_of(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def row_of(line: str) -> Row:
    """One line of a file."""
    held = json.loads(line)
    return Row(**{**held, "evidence": [Piece(**piece) for piece in held.get("evidence", [])]})


def line_of(row: Row) -> str:
    """The row as one line, its end included."""
    return json.dumps(asdict(row), ensure_ascii=False) + "\n"


def with_targets(rows: Sequence[Row], targets: Iterable[Path]) -> Iterator[Row]:
    """The rows with the wordings that these files hold for them, `{"id": …, "target": …}` a line; the last one counts.

    Raises ValueError where a line is of another form, with its place.
    """
    found: dict[str, str] = {}
    for path in targets:
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
            if line.strip():
                try:
                    held = json.loads(line)
                    found[held["id"]] = str(held["target"]).strip()
                except (ValueError, KeyError, TypeError) as error:
                    raise ValueError(f"{path}:{number}: not an id and a target ({error})") from error
    for row in rows:
        yield replace(row, target=found.get(row.id, row.target))
