"""Answer sets made elsewhere, in one form: questions that bring their own passages and a reference answer.

Owns how a line of somebody else's file is read and how a fault in it is named. Knows nothing of search, of the index
or of how an answer is made.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Generic, TypeVar

from pydantic import BaseModel, Field, StringConstraints, ValidationError

from advisor.errors import UsageError

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_SHOWN_CHARS = 60  # of a wrong value, in a message


class Answerable(StrEnum):
    """Whether the passages of a case hold the answer to its question."""

    YES = "yes"
    NO = "no"
    PARTIAL = "partial"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ExternalPassage:
    """One passage that a case brings; `title` is "" where it has none."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class ExternalCase:
    """One question of a set made elsewhere; `history` are those before it, oldest first, without the replies."""

    id: str
    question: str
    history: tuple[str, ...]
    passages: tuple[ExternalPassage, ...]
    answer: str  # the reference, "" where the set has none
    answerable: Answerable


# --- lines ---------------------------------------------------------------------------------------

Shape = TypeVar("Shape", bound=BaseModel)
Id = Annotated[str, Field(coerce_numbers_to_str=True)]  # some sets number their questions
Words = Annotated[str, StringConstraints(pattern=r"\S")]


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not blank, without its end, and where it stands in words."""

    text: str
    place: str


@dataclass(frozen=True, slots=True)
class Placed(Generic[Shape]):
    """What a line holds and where it stands in words."""

    value: Shape
    place: str


def lines_of(path: Path) -> Iterator[Line]:
    """The lines of a UTF-8 file, numbered from 1, blank ones passed over.

    UsageError names a file that cannot be read, and the first line that is not UTF-8.
    """
    try:
        with path.open("rb") as file:
            for number, raw in enumerate(file, start=1):
                place = f"{str(path)!r}, line {number}"
                text = _decoded(raw, place)
                if text.strip():
                    yield Line(text.rstrip("\r\n"), place)
    except OSError as error:
        raise UsageError(f"{str(path)!r} cannot be read ({error.strerror}); name a file that is there") from error


def _decoded(raw: bytes, place: str) -> str:
    try:
        return raw.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise UsageError(f"{place}: this is not UTF-8 ({error.reason}); save the file as UTF-8") from error


def json_lines(path: Path, shape: type[Shape]) -> Iterator[Placed[Shape]]:
    """The objects of a JSONL file in their order; keys that `shape` lacks are passed over.

    UsageError names the file, the line and the key of the first one that does not fit.
    """
    for line in lines_of(path):
        try:
            yield Placed(shape.model_validate_json(line.text), line.place)
        except ValidationError as error:
            raise UsageError(f"{line.place}: {_fault(error.errors()[0])}") from error


def _fault(wrong: "ErrorDetails") -> str:
    """The fault of a line and its cure."""
    key, message = ".".join(map(str, wrong["loc"])), wrong["msg"]
    if wrong["type"] == "json_invalid":
        return f"this is not JSON ({message.replace(' at line 1 column', ' at column')}); write one object a line"
    value = repr(wrong["input"])
    value = value if len(value) <= _SHOWN_CHARS else f"{value[:_SHOWN_CHARS]}…"
    if not key:
        return f"{value} is no object; write one object a line"
    if wrong["type"] == "missing":
        return f"the key {key!r} is missing; add it"
    return f"{key!r} cannot be {value}: {message}; correct it"


# --- MTRAG ---------------------------------------------------------------------------------------

_USER = "user"
_LABELS = {"ANSWERABLE": Answerable.YES, "UNANSWERABLE": Answerable.NO, "PARTIAL": Answerable.PARTIAL}


class _Utterance(BaseModel):
    speaker: str
    text: Words


class _Context(BaseModel):
    title: str | None = None
    text: str


class _Task(BaseModel):
    task_id: Words
    contexts: tuple[_Context, ...]
    input: tuple[_Utterance, ...] = Field(min_length=1)
    targets: tuple[_Utterance, ...] = Field(min_length=1)
    answerability: tuple[str, ...]


def read_mtrag(path: Path) -> tuple[ExternalCase, ...]:
    """The reference tasks of MTRAG (Katsis et al. 2025, "MTRAG: A Multi-Turn Conversational Benchmark").

    The question is the last utterance; of those before it only the user's are kept. The answer is the first target.
    UNDERSPECIFIED, and any label but the three that say it, is `unknown`: it depends on what was meant. UsageError
    names file and line.
    """
    return _distinct(((_case_of(task), task.place) for task in json_lines(path, _Task)), path)


def _case_of(task: Placed[_Task]) -> ExternalCase:
    *before, last = task.value.input
    if last.speaker != _USER:
        raise UsageError(f"{task.place}: the last speaker is {last.speaker!r}; a task ends with what the user asks")
    labels = task.value.answerability
    return ExternalCase(
        id=task.value.task_id,
        question=last.text,
        history=tuple(turn.text for turn in before if turn.speaker == _USER),
        passages=tuple(ExternalPassage(context.title or "", context.text) for context in task.value.contexts),
        answer=task.value.targets[0].text,
        answerable=_LABELS.get(labels[0], Answerable.UNKNOWN) if len(labels) == 1 else Answerable.UNKNOWN,
    )


# --- the general form ----------------------------------------------------------------------------


class _Passage(BaseModel):
    title: str = ""
    text: str


class _Case(BaseModel):
    id: Id
    question: Words
    history: tuple[Words, ...] = ()
    passages: tuple[_Passage, ...] = ()
    answer: str = ""
    answerable: Answerable = Answerable.UNKNOWN


def read_external_cases(path: Path) -> tuple[ExternalCase, ...]:
    """The cases of a JSONL file, in its order.

    A line is {"id", "question", "history": [], "passages": [{"title", "text"}], "answer", "answerable"}; only `id` and
    `question` must be there. UsageError names the file and the line that is wrong, or whose id came before.
    """
    return _distinct(((_plain_case(line.value), line.place) for line in json_lines(path, _Case)), path)


def _plain_case(case: _Case) -> ExternalCase:
    return ExternalCase(
        id=case.id,
        question=case.question,
        history=case.history,
        passages=tuple(ExternalPassage(passage.title, passage.text) for passage in case.passages),
        answer=case.answer,
        answerable=case.answerable,
    )


def _distinct(cases: Iterable[tuple[ExternalCase, str]], path: Path) -> tuple[ExternalCase, ...]:
    """All of them, once it is sure that there are some and that no id comes twice."""
    places: dict[str, str] = {}
    found = []
    for case, place in cases:
        if case.id in places:
            raise UsageError(f"{place}: the id {case.id!r} was given in {places[case.id]}; give every case its own")
        places[case.id] = place
        found.append(case)
    if not found:
        raise UsageError(f"{str(path)!r} holds no case; write one JSON object a line")
    return tuple(found)
