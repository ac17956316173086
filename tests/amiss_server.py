"""A real advisor whose writer breaks down, behind the real page: `python tests/amiss_server.py DATABASE`.

All is well until the first answer is to be worded.
"""

import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from conftest import PAGES, HashingEmbedder, count_pieces, failing_writer, write_corpus
from page_server import announce

from advisor.answer.reading import LogOdds
from advisor.index.build import build_index
from advisor.index.publish import open_snapshot
from advisor.memory import open_conversations
from advisor.pipeline import Advisor
from advisor.web.current import Current
from advisor.web.serve import serve


class EvenReader:
    """Finds every line as likely as not."""

    def read(self, question: str, lines: Sequence[str]) -> LogOdds:
        return np.zeros(len(lines), dtype=np.float32)


def main(database: str) -> None:
    with TemporaryDirectory() as place, open_conversations(Path(database)) as conversations:
        index, embedder = Path(place) / "index", HashingEmbedder()
        build_index(write_corpus(Path(place) / "corpus", PAGES), index, embedder=embedder, count_pieces=count_pieces)
        advisor = Advisor(
            open_snapshot(index),
            embedder=embedder,
            writer=failing_writer(),
            conversations=conversations,
            reader=EvenReader(),
        )
        serve(Current(advisor, index), host="127.0.0.1", port=0, announce=announce)


if __name__ == "__main__":
    main(*sys.argv[1:])
