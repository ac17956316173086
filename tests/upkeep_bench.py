"""A small corpus with its index, to be looked after: what tests of maintenance share.

PYTEST_DONT_REWRITE: tests import names from here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from conftest import HashingEmbedder, count_pieces, write_corpus
from role_bench import BAKER, MILLER

from advisor.corpus.chunking import CountPieces
from advisor.index.build import build_index
from advisor.index.embedding import Embedder
from advisor.index.publish import Snapshot, open_snapshot
from advisor.memory import Conversations
from advisor.records import Event
from advisor.web.talk import Answering
from advisor.web.upkeep import Upkeep


@dataclass(frozen=True)
class TinyParts:
    """What a build needs of a model, computed by hand."""

    embedder: Embedder
    count_pieces: CountPieces = count_pieces


@dataclass(frozen=True)
class Watched:
    """Asks this advisor, and always searches the build that is published."""

    advisor: Answering
    index_dir: Path

    @property
    def snapshot(self) -> Snapshot:
        return open_snapshot(self.index_dir)

    @property
    def conversations(self) -> Conversations:
        return self.advisor.conversations

    def ask(self, question: str, *, conversation: str, owner: str = "local") -> Iterator[Event]:
        return self.advisor.ask(question, conversation=conversation, owner=owner)


def small_upkeep(advisor: Answering, place: Path) -> Upkeep:
    """The baker and the miller below this folder, indexed."""
    corpus_dir, index_dir = write_corpus(place / "corpus", {"baker.md": BAKER, "miller.md": MILLER}), place / "index"
    build_index(corpus_dir, index_dir, embedder=HashingEmbedder(), count_pieces=count_pieces)
    return Upkeep(
        Watched(advisor, index_dir),
        corpus_dir=corpus_dir,
        index_dir=index_dir,
        open_parts=lambda: TinyParts(HashingEmbedder()),
    )
