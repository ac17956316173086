"""From examples to rows for the writer: `python eval/training/writer_groups.py INDEX=EXAMPLES … --out ROWS`.

Asks every example's question as the product does, without a writer, and keeps what a writer would have been given. Only
evidence of dev pages gets into a row. Goes on where it was interrupted. Knows nothing of targets or of models.
"""

import argparse
import random
import sys
import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from line_groups import Example, read_examples
from writer_rows import Row, line_of, of_dev_pages, piece_of, read_rows, test_pages

from advisor.answer.selection import Selection
from advisor.cli.parts import Parts, open_forgetful
from advisor.pipeline import Advisor
from advisor.records import Answer, Done, Event, Query, Status
from advisor.settings import Settings

SEED = 1
_OWNER = "training"


@dataclass(frozen=True)
class Heard:
    """What a writer would have been asked to word, and the extract that stands without one."""

    query: Query
    selection: Selection
    extract: Answer


class Listening(Advisor):
    """An advisor that words nothing and remembers what it would have had worded."""

    heard: Heard | None = None

    @classmethod
    def over(cls, advisor: Advisor) -> "Listening":
        """The same parts."""
        return cls(
            advisor.snapshot,
            embedder=advisor.embedder,
            writer=None,
            conversations=advisor.conversations,
            reader=advisor._reader,
        )

    def _word(self, extract: Answer, query: Query, selection: Selection) -> Generator[Event, None, Answer]:
        self.heard = Heard(query, selection, extract)
        yield from ()
        return extract

    def _suggested(self, *_: Any) -> tuple[str, ...]:
        return ()  # they cost time, and no row holds them


def rows_of(advisor: Listening, examples: Sequence[Example]) -> Iterator[Row]:
    """One row per example; those that have nothing to word are without evidence and say why."""
    roles = {document.key: document.role for document in advisor.snapshot.documents}
    for example in examples:
        yield _row(advisor, example, None if example.role_named else roles.get(example.page))


def _row(advisor: Listening, example: Example, role: str | None) -> Row:
    """A question that does not name its role is meant as asked on its page."""
    conversation, advisor.heard = uuid4().hex, None
    for question in [*example.history, example.question]:
        advisor.heard = None
        for event in advisor.ask(question, conversation=conversation, owner=_OWNER, role=role):
            done = event
    assert isinstance(done, Done)
    if advisor.heard is None:
        why = "a plan, a table or a long list" if done.answer.status is Status.ANSWERED else str(done.answer.status)
        return Row(example.id, example.page, example.question, why=why)
    pieces = [piece_of(snippet) for snippet in advisor.heard.selection.snippets]
    if not of_dev_pages(pieces):
        return Row(example.id, example.page, example.question, why="evidence of a test page")
    return Row(
        id=example.id,
        page=example.page,
        question=advisor.heard.query.standalone,
        shape=str(advisor.heard.selection.shape),
        evidence=pieces,
        extract=advisor.heard.extract.text,
        answer=example.answer,
    )


def main() -> int:
    """Write the rows of all examples, one a line; those that the file holds already are not asked again."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pairs", nargs="+", metavar="INDEX=EXAMPLES")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE")
    parser.add_argument("--most", type=int, metavar="N", help="stop after N questions of each file, drawn by chance")
    arguments = parser.parse_args()
    made = {row.id for row in read_rows(arguments.out)} if arguments.out.exists() else set()
    settings = Settings(generator="extractive")
    with arguments.out.open("a", encoding="utf-8") as file:
        for pair in arguments.pairs:
            index, _, path = pair.partition("=")
            held = open_forgetful(Parts(), settings.model_copy(update={"index_dir": Path(index)}))
            examples = [example for example in read_examples(Path(path)) if example.page not in test_pages()]
            random.Random(SEED).shuffle(examples)  # whatever has been asked when it is stopped is a fair sample
            missing = [example for example in examples[: arguments.most] if example.id not in made]
            began = time.monotonic()
            for number, row in enumerate(rows_of(Listening.over(held), missing), start=1):
                file.write(line_of(row))
                file.flush()
                left = (time.monotonic() - began) / number * (len(missing) - number)
                sys.stderr.write(f"\r{path}: {number} of {len(missing)}, {left / 60:.1f} minutes left ")
            sys.stderr.write("\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
