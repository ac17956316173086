"""A scripted advisor behind the real page, for the browser tests: `python tests/page_server.py DATABASE PORT`.

Every question gets a fixed reply, chosen by a word in it; conversations are kept by the real store.
"""

import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path
from tempfile import TemporaryDirectory

from role_bench import small_shelf

from advisor.errors import DocumentError, QuestionError
from advisor.index.publish import Manifest
from advisor.memory import Conversations, open_conversations
from advisor.records import (
    Answer,
    Citation,
    Claim,
    Document,
    Done,
    Event,
    Extract,
    Hit,
    Intent,
    Passage,
    Profile,
    Query,
    Sources,
    Status,
    Token,
    Turn,
)

WRITER = "TinyWriter-1"
HANGS_SECONDS = 600
PAGE = """# AI/ML engineer

## Phase 1: Mathematics and programming

- **Linear algebra**, calculus and [probability](https://example.org/p): about 4-5 months at 10 hours a week.
- Python, until you can read other people's code.

## Phase 2: Advanced machine learning

| Block | Time |
|---|---|
| Deep learning | 12 weeks |
| MLOps | 6 weeks |

The end-to-end project covers the pipeline, the deployment and the monitoring.

## Certificates

The TensorFlow certificate was closed in May 2024. <img src="http://tracker.invalid/x.png"> Ask your
employer before you pay for one.
"""
CITATIONS = (
    Citation(1, "ai.md#p1#a", "ai.md", "AI/ML engineer > Phase 1: Mathematics and programming",
             "https://example.org/roadmap", "about 4-5 months at 10 hours a week", "AI/ML engineer roadmap"),
    Citation(2, "ai.md#p2#b", "ai.md", "AI/ML engineer > Phase 2: Advanced machine learning", None,
             "| Deep learning | 12 weeks |", "AI/ML engineer roadmap", 3),
)  # fmt: skip
STEPS = (
    "1. **Foundations**: linear algebra, calculus and probability, 4–5 months at 10 hours a week [1]\n"
    "2. **Deep learning**, 12 weeks [2]\n"
    "3. **End-to-end project**: the pipeline, the deployment and the monitoring [2]\n\n"
    "**This week:** start with linear algebra [1]."
)
COMPARISON = (
    "| | Data analyst | Data scientist |\n|---|---|---|\n| First roles | reporting [1] | modelling [2] |\n"
    "| Mathematics | statistics [1] | calculus [2] |\n| Time at 10 h/week | 6 months [1] | not in the roadmaps |"
)
ENDED = (
    "First the course, then the exam [1].\n\nThe Baker's Exam: closed on 1 May 2024; successor: the Miller's Exam [2]."
)
NEXT = ("How long is phase 1?", "Which certificates are worth their price?")
HOSTILE = (
    "<script>window.__xss=1</script><img src=x onerror='window.__xss=1'> ![t](http://tracker.invalid/track.png) "
    "[go](javascript:window.__xss=1) <form action='http://tracker.invalid'><input></form> [1]"
)


def answer_for(question: str) -> Answer:
    """The scripted answer, as the extract gives it."""
    text, status, citations = STEPS, Status.ANSWERED, CITATIONS
    if "Oslo" in question:
        text = "These roadmaps give no salaries for Norway. They do cover a data engineer's levels; shall I show those?"
        status, citations = Status.REFUSED, ()
    elif "How long will it take me" in question:
        text, status, citations = "For which career? AI/ML engineer · data analyst · developer.", Status.CLARIFY, ()
    elif "How long" in question:
        text, citations = "About 4–5 months at 10 hours a week [1].", CITATIONS[:1]
    elif "analyst" in question:
        text = COMPARISON
    elif "hostile" in question:
        text = HOSTILE
        citations = (Citation(1, "x#y#z", "gone.md", "<b>A</b>", "javascript:alert(1)", HOSTILE, HOSTILE),)
    elif "ended" in question:
        text = ENDED
    understood = f"{question} (AI/ML engineer)" if question.startswith("And ") else question
    more = NEXT if "become" in question else ()
    claims = (Claim(text, (1,), True),)
    return Answer(question, status, text, claims, citations, understood=understood, suggestions=more)


@dataclass(frozen=True)
class Library:
    """The pages of a baker and a miller, as an index would hold them."""

    manifest: Manifest
    documents: tuple[Document, ...]
    passages: tuple[Passage, ...]


@lru_cache(maxsize=1)
def library() -> Library:
    with TemporaryDirectory() as folder:
        shelf = small_shelf(Path(folder))
    manifest = Manifest(
        format=1, build="20261121T0900", created_at="2026-11-21T09:00:00+00:00", embedder="TinyEmbedder",
        embedder_digest="0" * 64, dimension=2, chunker_version="1", passages=len(shelf.passages), documents={}, files={}
    )  # fmt: skip
    return Library(manifest, shelf.documents, shelf.passages)


class ScriptedAdvisor:
    """Answers by rote; counts the questions that were closed before their end."""

    writer_name = WRITER

    def __init__(self, conversations: Conversations, pause_seconds: float = 0.02) -> None:
        self.conversations = conversations
        self.snapshot = library()
        self.pause_seconds = pause_seconds
        self.closed = threading.Semaphore(0)

    def document_text(self, key: str) -> str:
        texts = {"ai.md": PAGE} | {document.key: document.text for document in self.snapshot.documents}
        if key not in texts:
            raise DocumentError(f"{key!r} is not in the index: build it again.")
        return texts[key]

    def ask(
        self,
        question: str,
        *,
        conversation: str,
        owner: str = "local",
        profile: Profile | None = None,
        store: Conversations | None = None,
    ) -> Iterator[Event]:
        if len(question) > 2000:
            raise QuestionError(f"the question has {len(question)} characters: ask in 2000 or fewer.")
        if "broken" in question:
            raise RuntimeError("a secret detail")
        answer, ended = None, False
        try:
            for event in self.events(question):
                time.sleep(self.pause_seconds)
                if isinstance(event, Done):
                    break
                answer = event.answer if isinstance(event, Extract) else answer
                yield event
            ended = True
        finally:  # like the real one: stored before `Done`, and when closed once the extract is there
            if answer is not None:
                answer = event.answer if isinstance(event, Done) else answer
                kept = self.conversations if store is None else store
                kept.append(conversation, Turn(question, answer, datetime.now(UTC)), owner=owner)
            if not ended:
                self.closed.release()
        yield event

    def events(self, question: str) -> Iterator[Event]:
        answer = answer_for(question)
        passage = Passage("ai.md#p1#a", "ai.md", "AI/ML engineer roadmap", ("Phase 1",), 0, 5, PAGE[:5])
        yield Sources(Query(question, question, Intent.FACT, ()), (Hit(passage, 1, 1, 1),) * 8)
        yield Extract(answer)
        if "hangs" in question:
            time.sleep(HANGS_SECONDS)
        if answer.status is Status.ANSWERED and "hostile" not in question:
            yield from (Token(f"word{n} ") for n in range(10_000 if "slow" in question else 30))
            note = "the model's wording was not used: it left out 'a course'"
            answer = replace(answer, **({"notes": (note,)} if "unworded" in question else {"generator": WRITER}))
        yield Done(answer)


class Tags(HTMLParser):
    """The tags and attributes of a piece of HTML, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.seen if name == tag]

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())


def announce(line: str) -> None:
    """To standard output, at once: the test waits for it."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main(database: str, port: str) -> None:
    from upkeep_bench import small_upkeep

    from advisor.web.serve import serve

    with open_conversations(Path(database)) as conversations, TemporaryDirectory() as place:
        advisor = ScriptedAdvisor(conversations)
        upkeep = small_upkeep(advisor, Path(place))
        serve(advisor, host="127.0.0.1", port=int(port), announce=announce, upkeep=upkeep)


if __name__ == "__main__":
    main(*sys.argv[1:])
