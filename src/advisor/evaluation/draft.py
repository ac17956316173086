"""Rated answers as drafts of evaluation questions: what a person has to complete before a run can ask them.

Owns what a draft holds and how it comes into a file without touching what is there. Knows nothing of the terminal or of
who gave the feedback.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from advisor.errors import UsageError
from advisor.evaluation.metrics import Expected
from advisor.evaluation.questions import DRAFT, Case, Gold
from advisor.memory import Rated, Thumb
from advisor.records import Answer, Citation
from advisor.search.intent import find_intent


@dataclass(frozen=True, slots=True)
class Remark:
    """What a draft tells the person who completes it."""

    thumb: Thumb
    reason: str
    answer: str  # the Markdown that was given
    given_at: date


@dataclass(frozen=True, slots=True)
class Draft:
    """A question somebody asked, as a case without nuggets, and what they thought of the answer."""

    case: Case
    remark: Remark


# --- making ----------------------------------------------------------------------------------------


def make_drafts(rated: Iterable[Rated], *, today: date, also_good: bool = False) -> tuple[Draft, ...]:
    """A draft for each answer that was found bad, in the order given; with `also_good` for those found good as well.

    Questions without a single letter cannot be cases, and are left out.
    """
    wanted = (one for one in rated if also_good or one.feedback.thumb is Thumb.DOWN)
    return tuple(_draft(one, today) for one in wanted if _has_letter(one.turn.question))


def _draft(rated: Rated, today: date) -> Draft:
    answer, given = rated.turn.answer, rated.feedback
    case = Case(
        id=f"draft-{rated.key}",
        kind=_kind(answer),
        question=rated.turn.question,
        expected=Expected.ANSWER,
        history=tuple(filter(_has_letter, rated.history)),
        gold=_gold(answer.citations),
        as_of=today,
    )
    return Draft(case, Remark(given.thumb, given.reason, answer.text, given.given_at.date()))


def _kind(answer: Answer) -> str:
    """The shape of answer that the question asks for, spelt as a kind."""
    return str(find_intent(answer.understood or answer.question)).replace(" ", "-")


def _gold(citations: Iterable[Citation]) -> tuple[Gold, ...]:
    """The sections the answer relied on, each once: perhaps not those that hold the right one, hence grade 1."""
    places = dict.fromkeys((one.document, one.section.split(" > ")[-1]) for one in citations)
    return tuple(Gold(page=page, section=heading, grade=1) for page, heading in places if _has_letter(heading))


def _has_letter(text: str) -> bool:
    return any(map(str.isalpha, text))


# --- the file --------------------------------------------------------------------------------------


def draft_json(draft: Draft) -> dict[str, Any]:
    """The keys of a case that are to be completed, and the remark under the key `draft`."""
    case = draft.case.model_dump(mode="json", exclude={"seed"})
    return {**case, DRAFT: asdict(draft.remark) | {"given_at": draft.remark.given_at.isoformat()}}


def add_drafts(path: Path, drafts: Sequence[Draft]) -> tuple[Draft, ...]:
    """Add to the end of a file those drafts whose ids it does not hold; what stands in it stays as it is.

    The result are the drafts added. A new file is readable by its user alone, since it holds what people typed. Raises
    UsageError for a file that cannot be read or written, or that holds a line that is no JSON object with an id.
    """
    try:
        text = path.read_text(encoding="utf-8-sig") if path.exists() else ""
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{str(path)!r} cannot be read ({error}); name another file with --out") from error
    known = frozenset(_id_of(line, path, number) for number, line in enumerate(text.split("\n"), 1) if line.strip())
    fresh = tuple(draft for draft in drafts if draft.case.id not in known)
    if fresh:
        lines = "".join(f"{json.dumps(draft_json(draft), ensure_ascii=False)}\n" for draft in fresh)
        _append(path, ("\n" if text and not text.endswith("\n") else "") + lines)
    return fresh


def _id_of(line: str, path: Path, number: int) -> str:
    try:
        read = json.loads(line)
    except (ValueError, RecursionError):
        read = None
    if not isinstance(read, dict) or not isinstance(read.get("id"), str):
        raise UsageError(f"{str(path)!r}, line {number}: this is no question; mend it, or name another file with --out")
    return str(read["id"])


def _append(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600, exist_ok=True)
        with path.open("a", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
            file.write(text)
    except OSError as error:
        raise UsageError(f"{str(path)!r} cannot be written ({error}); name another file with --out") from error
