"""The frozen nouns that travel through the program.

Knows nothing of files, models, indexes or interfaces: plain data, and the JSON form of an answer that
other programs rely on.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import TypeAdapter

# --- documents -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Source:
    """Where a document's facts come from."""

    title: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """One heading and the text down to the next heading of any level.

    `path` is the chain of heading texts from the top, this one last; the text before the first heading
    has an empty path. `start` and `end` are character offsets into `Document.text`; `start` is the
    beginning of the heading's own line.
    """

    path: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Document:
    """One readable document: clean Markdown with its structure.

    `text` keeps the source's lines for Markdown and plain text (line n is line n of the file); for HTML,
    PDF and DOCX it is the Markdown the reader made. `sections` cover everything after the front matter,
    in order, without overlap. `page_starts` are the offsets at which a paged document's pages begin.
    """

    key: str  # path below the corpus folder, with forward slashes
    title: str
    text: str
    sections: tuple[Section, ...]
    digest: str  # sha256 of the file's bytes
    role: str | None = None
    aliases: tuple[str, ...] = ()
    url: str | None = None
    sources: tuple[Source, ...] = ()
    last_verified: str | None = None
    page_starts: tuple[int, ...] = ()
    repairs: tuple[str, ...] = ()  # what cleaning changed, in words

    def page_at(self, offset: int) -> int | None:
        """The 1-based page that holds this offset, or None where the document has no pages."""
        if not self.page_starts:
            return None
        return max(1, sum(start <= offset for start in self.page_starts))


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of one document, small enough for the embedder, with its heading path.

    Conservation law: `document.text[start:end] == text`. `context` is what search reads before the text:
    title and headings, and for a bare heading the headings under it.
    """

    id: str  # document#section-path#content-hash-prefix: survives edits elsewhere on the page
    document: str
    title: str
    section: tuple[str, ...]
    start: int
    end: int
    text: str
    page: int | None = None
    url: str | None = None
    role: str | None = None
    context: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that search found. Higher is better in every score."""

    passage: Passage
    fused_score: float
    dense_score: float  # cosine of question and passage
    lexical_score: float  # BM25


# --- questions -----------------------------------------------------------------------------------


class Intent(StrEnum):
    """What shape of answer a question wants."""

    FACT = "fact"
    LIST = "list"
    DURATION = "duration"
    DEFINITION = "definition"
    STEPS = "steps"
    COMPARISON = "comparison"
    RESOURCE = "resource"
    COST = "cost"
    PLAN = "plan"
    SMALL_TALK = "small talk"


@dataclass(frozen=True, slots=True)
class Gloss:
    """A question of another language in plain English words."""

    question: str  # as asked
    language: str  # ISO 639-1 code
    english: str
    unread: tuple[str, ...]  # words of its content that have no English here and stand in `english` as they were
    content_words: int
    is_readable: bool = True  # whether enough of it was read to be answered


@dataclass(frozen=True, slots=True)
class Query:
    """A question, understood once."""

    question: str  # as asked, in English
    standalone: str  # readable without the conversation before it
    intent: Intent
    terms: tuple[str, ...]  # stems of the content words, in order, without repeats
    is_follow_up: bool = False
    roles: tuple[str, ...] = ()  # careers it is about: pages of other careers are left out
    origin: str | None = None  # the career that somebody comes from, on the way to the one in `roles`
    leaning: str | None = None  # a career it seems to be about: its pages gain a little
    subject: str | None = None  # standing subject of a career that it asks for: "pitfalls", "day-to-day work"
    special: tuple[str, ...] = ()  # its stems that are not about that subject
    numbered: tuple[str, ...] = ()  # "phase 2", "level 3": things the question counts by number
    near: tuple[str, ...] = ()  # ids of the passages cited by the answer this one follows
    assumed: str | None = None  # the career in `roles` or `leaning` that the learner's profile gave, not the question
    gloss: Gloss | None = None  # how a question of another language was read
    again: str = ""  # the learner's words, where they ask the question before again of another career

    @property
    def careers(self) -> frozenset[str]:
        """The careers it is about, and the one it seems to be about."""
        return frozenset(role for role in (*self.roles, self.leaning) if role)


# --- learners ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Profile:
    """What a learner said of themselves, and may change or erase; nothing of it is guessed.

    `role` is a career as the pages spell it, `known` the skills they have, in their own words and without commas.
    `budget` is the most they want to spend on all of it, in a form that `career.purse.read_budget` reads: "EUR 50",
    "100" for dollars, "0" for only what is free. None and empty are what was not said; `Profile()` says nothing.
    """

    role: str | None = None
    known: tuple[str, ...] = ()
    hours_per_week: float | None = None  # more than 0, at most 100
    budget: str | None = None


# --- answers -------------------------------------------------------------------------------------


class Status(StrEnum):
    """What kind of reply an answer is."""

    ANSWERED = "answered"
    REFUSED = "refused"
    CLARIFY = "clarify"


@dataclass(frozen=True, slots=True)
class Snippet:
    """One piece of evidence that code selected: worded so that it can stand in an answer by itself.

    `quote` is a verbatim stretch of the passage's document, `path` the heading path it stands under.
    """

    text: str
    quote: str
    passage: Passage
    path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence or bullet of an answer, with the numbers of the citations that support it."""

    text: str
    citations: tuple[int, ...]
    supported: bool


@dataclass(frozen=True, slots=True)
class Citation:
    """A passage an answer relies on; numbers are 1-based and count only passages in use."""

    number: int
    passage_id: str
    document: str
    section: str  # "A > B"
    url: str | None
    quote: str  # the words relied on, verbatim
    title: str = ""
    page: int | None = None


@dataclass(frozen=True, slots=True)
class RankedPassage:
    """What an answer remembers of a hit."""

    passage_id: str
    document: str
    score: float


@dataclass(frozen=True, slots=True)
class Timings:
    """Milliseconds since the question arrived."""

    search: float = 0.0
    first_text: float = 0.0
    total: float = 0.0


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply: Markdown text with [n] marks, the checked claims behind it and their citations."""

    question: str
    status: Status
    text: str
    claims: tuple[Claim, ...] = ()
    citations: tuple[Citation, ...] = ()
    hits: tuple[RankedPassage, ...] = ()
    generator: str = "extractive"
    notes: tuple[str, ...] = ()
    timings_ms: Timings = field(default_factory=Timings)
    understood: str = ""  # the standalone wording that was searched
    suggestions: tuple[str, ...] = ()  # questions to ask next, each answered by the pages


@dataclass(frozen=True, slots=True)
class Turn:
    """One question of a conversation with its answer."""

    question: str
    answer: Answer
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation as a list shows it."""

    id: str
    title: str
    updated_at: datetime


# --- the events of one question, in the order in which they come ----------------------------------


@dataclass(frozen=True, slots=True)
class Sources:
    """Search is done: these passages were found for this query; `reading` is how likely the best line answers, 0…1."""

    query: Query
    hits: tuple[Hit, ...]
    reading: float | None = None  # where no line was read


@dataclass(frozen=True, slots=True)
class Extract:
    """A complete, cited answer made without a language model; or a refusal."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the language model's draft, not yet checked."""

    text: str


@dataclass(frozen=True, slots=True)
class Done:
    """The checked answer; the last event, exactly once."""

    answer: Answer


Event = Sources | Extract | Token | Done
Events = Iterator[Event]

# --- the JSON form of an answer: a contract, add but do not rename --------------------------------

_ANSWER: TypeAdapter[Answer] = TypeAdapter(Answer)


def answer_to_json(answer: Answer) -> dict[str, Any]:
    """The contract's keys and values, ready for `json.dumps`."""
    line = asdict(answer)
    line["answer"] = line.pop("text")
    line["status"] = str(answer.status)
    return line


def answer_from_json(line: dict[str, Any]) -> Answer:
    """The inverse of `answer_to_json`; raises pydantic's ValidationError where the keys do not fit."""
    fields = dict(line)
    fields["text"] = fields.pop("answer")
    return _ANSWER.validate_python(fields)
