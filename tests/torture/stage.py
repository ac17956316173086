"""What the faults are done to: a corpus of a few pages, an index of it, an advisor over that; and what it must be.

The embedder hashes words, so a build takes milliseconds and hundreds of them can be killed.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from conftest import PAGES, HashingEmbedder, count_pieces, write_corpus

from advisor.answer.generate import Writer
from advisor.corpus.chunking import CHUNKER_VERSION
from advisor.index.build import BuildReport, build_index
from advisor.index.publish import Snapshot, builds, check_files, check_fits, open_snapshot, read_manifest
from advisor.memory import Conversations, open_conversations
from advisor.pipeline import Advisor
from advisor.records import Answer, Done, Extract
from advisor.text import stems
from tests.torture.trial import expect

ASKED = ("How long is phase 1?", "Which tools does a gardener use?", "Do bakers work on Sundays?", "What is a baker?")
EMBEDDER = HashingEmbedder()


def nurse(nights: int) -> dict[str, str]:
    """A page that says a number, so that one can tell from an answer which build it came from."""
    pad = "".join(f"\n## Ward {n}\n\nWard {n} has {n + 2} beds and {nights} nurses at night.\n" for n in range(12))
    return {"nurse.md": f"# Nurse\n\nA nurse cares for the sick and works {nights} nights a month.\n{pad}"}


def write_pages(folder: Path, *, nights: int = 1) -> Path:
    """The three pages of the ordinary tests, and the nurse's."""
    return write_corpus(folder, PAGES | nurse(nights))


def build(corpus: Path, index: Path, *, full: bool = False) -> BuildReport:
    return build_index(corpus, index, embedder=HashingEmbedder(), count_pieces=count_pieces, full=full)


@dataclass(frozen=True, slots=True)
class Bench:
    """A corpus and the index built from it."""

    corpus: Path
    index: Path


def set_up(folder: Path, *, nights: int = 1) -> Bench:
    bench = Bench(write_pages(folder / "corpus", nights=nights), folder / "index")
    build(bench.corpus, bench.index)
    return bench


def found_by(snapshot: Snapshot) -> tuple[tuple[str, float], ...]:
    """What both ways of search find for some questions: two indexes that agree here are one and the same."""
    found = []
    for question in (*ASKED, "How many nights does a nurse work?"):
        for hit in snapshot.dense.search(EMBEDDER.embed([question])[0], 5):
            found.append((snapshot.passages[hit.row].id, hit.score))
        found += [(snapshot.passages[hit.row].id, hit.score) for hit in snapshot.lexical.search(stems(question), 5)]
    return tuple(found)


def nights_of(snapshot: Snapshot) -> int:
    """The number the nurse's page says; Broken where parts of the index say different ones."""
    words = snapshot.document("nurse.md").text.split()
    nights = int(words[words.index("works") + 1])
    for passage in snapshot.passages:
        text = snapshot.document(passage.document).text
        expect(text[passage.start : passage.end] == passage.text, f"{passage.id} is not what its document says")
    expect(f"works {nights} nights" in " ".join(p.text for p in snapshot.passages), "passages of another build")
    return nights


def open_sound(index: Path) -> Snapshot:
    """The published build, opened and usable with our embedder; and every build that is listed is whole."""
    snapshot = open_snapshot(index)
    check_fits(snapshot.manifest, embedder=EMBEDDER.name, digest=EMBEDDER.digest, chunker_version=CHUNKER_VERSION)
    for name in builds(index):
        folder = index / "builds" / name
        check_files(folder, read_manifest(folder))
    return snapshot


def leftovers(index: Path) -> list[str]:
    """What lies among the builds and is none."""
    kept = {*builds(index)}
    return sorted(path.name for path in (index / "builds").iterdir() if path.name not in kept)


@contextmanager
def advisor_over(snapshot: Snapshot, store: Path | None = None, writer: Writer | None = None) -> Iterator[Advisor]:
    with open_conversations(store) as conversations:
        yield make_advisor(snapshot, conversations, writer)


def make_advisor(snapshot: Snapshot, conversations: Conversations, writer: Writer | None = None) -> Advisor:
    return Advisor(snapshot, embedder=HashingEmbedder(), writer=writer, conversations=conversations)


@dataclass(frozen=True, slots=True)
class Reply:
    """What a question brought: the extract that came first, and the answer at the end."""

    extract: Answer
    answer: Answer


def ask(advisor: Advisor, question: str, conversation: str = "c", owner: str = "local") -> Reply:
    extract = answer = None
    for event in advisor.ask(question, conversation=conversation, owner=owner):
        if isinstance(event, Extract):
            extract = event.answer
        elif isinstance(event, Done):
            answer = event.answer
    assert extract is not None
    assert answer is not None
    return Reply(extract, answer)


def warm_up() -> None:
    """Import what builds and questions need, so that the processes that are forked from this one need not."""
    with TemporaryDirectory() as place:
        bench = set_up(Path(place))
        with advisor_over(open_snapshot(bench.index), Path(place) / "c.db") as advisor:
            ask(advisor, ASKED[0])
