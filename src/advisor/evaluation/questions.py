"""Question files: what a line must hold, read and checked before anything is asked.

Knows nothing of answers, runs or the index. What the keys mean stands in eval/README.md.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError, field_validator

from advisor.errors import UsageError
from advisor.evaluation.metrics import Expected, Nugget, says
from advisor.records import Passage
from advisor.text import normalise, slug

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

__all__ = ["DRAFT", "Case", "Expected", "Gold", "Nugget", "gold_passages", "read_cases"]

DRAFT = "draft"  # the key that keeps a case out of every run until somebody has completed it
_README = "eval/README.md lists the keys"
_SOME, _ONE = r"\w", r"^\S+$"
_NEEDED = {_SOME: "a text with a word in it", _ONE: "one word without spaces"}

Words = Annotated[str, StringConstraints(pattern=_SOME)]
OneWord = Annotated[str, StringConstraints(pattern=_ONE)]  # a TREC run separates its columns by white space


class Gold(BaseModel):
    """A section that a right answer rests on: the page's key and the exact text of the heading."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    page: Words
    section: Words
    grade: Literal[1, 2]  # 2 holds the answer, 1 helps

    @property
    def key(self) -> str:
        """The section's name in a ranking of sections: "page#slug of the heading"."""
        return f"{self.page}#{slug(self.section)}"


class Case(BaseModel):
    """One question with what a right reply says, does not say, and where that stands."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: OneWord
    kind: OneWord
    question: Words
    expected: Expected
    history: tuple[Words, ...] = ()  # the earlier questions of the conversation, oldest first
    gold: tuple[Gold, ...] = ()
    nuggets: tuple[Nugget, ...] = ()
    forbidden: tuple[str, ...] = ()
    as_of: date | None = None
    seed: tuple[str, ...] | None = None  # only in the files that ask about the first five documents

    @field_validator("nuggets")
    @classmethod
    def _nuggets_can_be_found(cls, nuggets: tuple[Nugget, ...]) -> tuple[Nugget, ...]:
        _check_wordings(wording for nugget in nuggets for wording in (nugget.text, *nugget.aliases))
        return nuggets

    @field_validator("forbidden")
    @classmethod
    def _forbidden_can_be_found(cls, forbidden: tuple[str, ...]) -> tuple[str, ...]:
        _check_wordings(forbidden)
        return forbidden


def _check_wordings(wordings: Iterable[str]) -> None:
    for wording in wordings:
        says("", wording)  # raises ValueError for a wording that no answer could ever say


# --- reading -------------------------------------------------------------------------------------


def read_cases(path: Path) -> tuple[Case, ...]:
    """The questions of a .jsonl file in its order, or of all such files below a folder, sorted by their paths.

    Blank lines are passed over. UsageError names the file, the line and the cure for a line that is no question, an id
    that comes twice in what is read, a file that cannot be read, and a place that holds no question at all.
    """
    cases: list[Case] = []
    seen: dict[str, str] = {}
    for file in _files(path):
        for place, line in _lines(file):
            case = _read_case(line, place)
            if case.id in seen:
                raise UsageError(
                    f"{place}: the id {case.id!r} was given in {seen[case.id]}; give every question its own"
                )
            seen[case.id] = place
            cases.append(case)
    if not cases:
        raise UsageError(f"{str(path)!r} holds no question; name a .jsonl file of questions or a folder of them")
    return tuple(cases)


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    found = (file for file in path.rglob("*.jsonl") if file.is_file())
    return sorted(found, key=lambda file: file.relative_to(path).as_posix())


def _lines(file: Path) -> Iterator[tuple[str, str]]:
    """Where each line that is not blank stands, in words, and the line."""
    try:
        with file.open(encoding="utf-8-sig") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield f"{str(file)!r}, line {number}", line
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{str(file)!r} cannot be read ({error}); give a UTF-8 file of JSON lines") from error


def _read_case(line: str, place: str) -> Case:
    try:
        return Case.model_validate_json(line.strip(), strict=True)
    except ValidationError as error:
        raise UsageError(f"{place}: {'; '.join(_wrong_value(wrong) for wrong in error.errors())}") from error


def _wrong_value(wrong: "ErrorDetails") -> str:
    """What is wrong with a line and its cure."""
    name, kind, message = ".".join(map(str, wrong["loc"])), wrong["type"], wrong["msg"]
    if kind == "json_invalid":
        return f"this is not JSON ({message}); write one object a line"
    if not name:
        return f"{wrong['input']!r} is no question; write one object a line, {_README}"
    if kind == "missing":
        return f"the key {name!r} is missing; add it, {_README}"
    if kind == "extra_forbidden" and name == DRAFT:
        return f"this is a draft: complete nuggets and remove the key {DRAFT!r}, {_README}"
    if kind in {"extra_forbidden", "unexpected_keyword_argument"}:
        return f"there is no key {name!r}; remove it or correct its name, {_README}"
    if kind == "value_error":
        return f"{name!r}: {wrong['ctx']['error']}"
    if kind == "string_pattern_mismatch":
        return f"{name!r} cannot be {wrong['input']!r}; give {_NEEDED[wrong['ctx']['pattern']]}"
    return f"{name!r} cannot be {wrong['input']!r}: {message}; correct it, {_README}"


# --- gold ----------------------------------------------------------------------------------------


def gold_passages(case: Case, passages: Iterable[Passage]) -> dict[str, int]:
    """The grade of each passage that a gold section of the case holds, by passage id, in the order of the passages.

    A section holds what stands under its heading and under the headings below that; headings are compared in the form
    of `normalise`. A passage in two gold sections has the higher grade. A heading that stands nowhere grades nothing.
    """
    wanted = {(gold.page, normalise(gold.section)): gold.grade for gold in sorted(case.gold, key=lambda g: g.grade)}
    grades: dict[str, int] = {}
    for passage in passages:
        found = (wanted.get((passage.document, normalise(part)), 0) for part in passage.section)
        if grade := max(found, default=0):
            grades[passage.id] = grade
    return grades
