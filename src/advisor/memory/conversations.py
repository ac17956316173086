"""Conversations that survive a restart: who asked what, the answer that was given, and what was thought of it.

Beside them what a learner marked as done and said of themselves.

Knows nothing of search, of models or of any interface; an answer is kept as the JSON of `records.answer_to_json`.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from advisor.career.marks import Mark
from advisor.errors import StoreError, UsageError
from advisor.memory.feedback import Feedback, Rated, Thumb, cleaned_reason, turn_key
from advisor.memory.finding import holds_all, wanted_parts
from advisor.memory.owned import Owned, Rows, count_owned, forget_before, forget_owner, rows_of
from advisor.memory.profile import ERASE_PROFILE, KEEP_PROFILE, READ_PROFILE, profile_of, row_of
from advisor.memory.progress import FORGET_ALL, FORGET_CAREER, FORGET_ITEM, KEEP_MARK, READ_MARKS, mark_of
from advisor.memory.schema import forget_copy, make_private_file, migrate, open_engine
from advisor.records import Conversation, Profile, Turn, answer_from_json, answer_to_json
from advisor.text import visible

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine, Row

TITLE_CHARS = 60
IDENTIFIER_CHARS = 200


def open_conversations(path: Path | None, *, retention_days: int = 0) -> "Conversations":
    """The conversations kept in this SQLite file, made and migrated where needed; `None` keeps them in memory.

    Those that nothing was added to for `retention_days` are forgotten, now and at each `forget_old`; 0 keeps them.
    Raises StoreError where the file cannot be opened, is damaged, or was written by a newer version. Such a file
    is left as it is. While an older one is migrated, a copy of it lies beside it.
    """
    place = "memory" if path is None else str(path)
    if path is not None:
        make_private_file(path)
    conversations = Conversations(open_engine(path), place, retention_days=retention_days)
    try:
        with conversations._transaction() as connection:
            migrate(connection, path)
        if path is not None:
            forget_copy(path)
        conversations.forget_old(datetime.now(UTC))
    except StoreError:
        conversations.close()
        raise
    return conversations


class Conversations:
    """Open conversations; every method is one transaction and may be called from any thread.

    An owner sees, changes and deletes only their own conversations; the same conversation id under another owner is
    another conversation. Only `all_feedback` reads what several owners said. Every method raises StoreError where the
    database fails and UsageError for an id that is empty or longer than 200 characters.
    """

    def __init__(self, engine: "Engine", place: str, *, retention_days: int = 0) -> None:
        self._engine = engine
        self._place = place
        self.retention_days = retention_days
        self._lock = threading.RLock()  # in memory, all threads share one connection

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file; closing twice is fine."""
        self._engine.dispose()

    def append(self, conversation_id: str, turn: Turn, *, owner: str) -> None:
        """Keep one turn at the end of a conversation, which begins with its first turn."""
        from sqlalchemy import text

        key = _key(owner, conversation_id)
        asked_at = _moment(turn.asked_at)
        question = visible(turn.question)
        answer = json.dumps(answer_to_json(turn.answer))
        with self._transaction() as connection:
            connection.execute(
                text(
                    "INSERT INTO conversations (owner, id, title, updated_at) VALUES (:owner, :id, :title, :now)"
                    " ON CONFLICT (owner, id) DO UPDATE SET updated_at = excluded.updated_at"
                ),
                {**key, "title": _title(question), "now": asked_at},
            )
            connection.execute(
                text(
                    "INSERT INTO turns (owner, conversation, number, question, answer, asked_at)"
                    " SELECT :owner, :id, coalesce(max(number), 0) + 1, :question, :answer, :now"
                    " FROM turns WHERE owner = :owner AND conversation = :id"
                ),
                {**key, "question": question, "answer": answer, "now": asked_at},
            )

    def turns(self, conversation_id: str, *, owner: str) -> tuple[Turn, ...]:
        """The turns of a conversation in the order asked; none where this owner has no such conversation."""
        rows = self._read(
            "SELECT number, question, answer, asked_at FROM turns"
            " WHERE owner = :owner AND conversation = :id ORDER BY number",
            _key(owner, conversation_id),
        )
        return tuple(self._turn(conversation_id, row) for row in rows)

    def list(self, owner: str) -> tuple[Conversation, ...]:
        """The owner's conversations, the one last added to first; ties by id."""
        rows = self._read(
            "SELECT id, title, updated_at FROM conversations WHERE owner = :owner ORDER BY updated_at DESC, id",
            _key(owner),
        )
        return tuple(Conversation(row.id, row.title, datetime.fromisoformat(row.updated_at)) for row in rows)

    def find(self, words: str, *, owner: str) -> tuple[Conversation, ...]:
        """The owner's conversations that hold all the words, in title, questions or answers; order as in `list`.

        Case and kinds of quotes make no difference; without a word, all of them.
        """
        parts, listed = wanted_parts(words), self.list(owner)
        if not parts:
            return listed
        texts = {one.id: [one.title] for one in listed}
        for row in self._read("SELECT conversation, question, answer FROM turns WHERE owner = :owner", _key(owner)):
            texts.setdefault(row.conversation, []).extend((row.question, _answer_text(row)))
        return tuple(one for one in listed if holds_all(parts, texts[one.id]))

    def rename(self, conversation_id: str, title: str, *, owner: str) -> None:
        """Give a conversation another title; raises UsageError where there is no such conversation or no title."""
        if not visible(title).strip():
            raise UsageError(f"the title {title!r} is empty: give the conversation at least one visible character.")
        statement = "UPDATE conversations SET title = :title WHERE owner = :owner AND id = :id"
        if not self._write(statement, {**_key(owner, conversation_id), "title": _title(title)}):
            raise UsageError(f"there is no conversation {conversation_id!r}: it may have been deleted.")

    def truncate(self, conversation_id: str, keep: int, *, owner: str) -> None:
        """Forget all but the first `keep` turns, so that a question can be asked again; with none left, all of it."""
        from sqlalchemy import text

        key = _key(owner, conversation_id)
        of_this = "owner = :owner AND conversation = :id"
        with self._transaction() as connection:
            connection.execute(text(f"DELETE FROM turns WHERE {of_this} AND number > :keep"), {**key, "keep": keep})
            if keep <= 0:
                connection.execute(text("DELETE FROM conversations WHERE owner = :owner AND id = :id"), key)

    def delete(self, conversation_id: str, *, owner: str) -> None:
        """Forget a conversation with its turns; none by that id is fine."""
        self._write("DELETE FROM conversations WHERE owner = :owner AND id = :id", _key(owner, conversation_id))

    def delete_all(self, owner: str) -> Owned:
        """Forget everything that is kept about this owner: whatever has their name on it, in any table."""
        with self._transaction() as connection:
            return forget_owner(connection, _identifier("owner", owner))

    def forget_before(self, moment: datetime) -> int:
        """Forget the conversations of all owners that nothing was added to since then; how many there were."""
        with self._transaction() as connection:
            return forget_before(connection, _moment(moment))

    def forget_old(self, now: datetime) -> int:
        """Forget what `retention_days` leave no room for at this moment; how many there were, 0 where all are kept."""
        return self.forget_before(now - timedelta(days=self.retention_days)) if self.retention_days else 0

    def owners(self) -> tuple[Owned, ...]:
        """How much is kept about each owner, by their names; for whoever runs this program."""
        with self._transaction() as connection:
            return count_owned(connection)

    def everything_of(self, owner: str) -> dict[str, Rows]:
        """All rows that are kept about an owner, by table."""
        with self._transaction() as connection:
            return rows_of(connection, _identifier("owner", owner))

    # --- feedback ---

    def give_feedback(
        self, conversation_id: str, number: int, thumb: Thumb, reason: str = "", *, owner: str, given_at: datetime
    ) -> None:
        """Keep what the owner thinks of a turn (the first is 1), in place of what they thought of it before.

        Raises UsageError where there is no such turn and for a reason of more than 1000 characters.
        """
        key = {**_key(owner, conversation_id), "number": number}
        values = {"verdict": str(thumb), "reason": cleaned_reason(reason), "now": _moment(given_at)}
        statement = (
            "INSERT INTO feedback (owner, conversation, number, verdict, reason, given_at)"
            " SELECT owner, conversation, number, :verdict, :reason, :now FROM turns"
            " WHERE owner = :owner AND conversation = :id AND number = :number"
            " ON CONFLICT (owner, conversation, number) DO UPDATE SET"
            " verdict = excluded.verdict, reason = excluded.reason, given_at = excluded.given_at"
        )
        if not self._write(statement, {**key, **values}):
            raise UsageError("this answer is not kept, so it cannot be rated: it may have been deleted or asked again.")

    def withdraw_feedback(self, conversation_id: str, number: int, *, owner: str) -> None:
        """Forget what the owner thought of a turn; nothing to forget is fine."""
        statement = "DELETE FROM feedback WHERE owner = :owner AND conversation = :id AND number = :number"
        self._write(statement, {**_key(owner, conversation_id), "number": number})

    def feedback_of(self, conversation_id: str, *, owner: str) -> tuple[Feedback, ...]:
        """What the owner thinks of the turns of a conversation, in the order of the turns that were rated."""
        rows = self._read(
            "SELECT conversation, number, verdict, reason, given_at FROM feedback"
            " WHERE owner = :owner AND conversation = :id ORDER BY number",
            _key(owner, conversation_id),
        )
        return tuple(map(_feedback, rows))

    def all_feedback(self) -> tuple[Rated, ...]:
        """All feedback of all owners with the turns it is about, the oldest first; ties by conversation and turn.

        For those who mend the advisor. The owners' names stay in the store.
        """
        from sqlalchemy import text

        rated = text(
            "SELECT f.owner, f.conversation, f.number, f.verdict, f.reason, f.given_at,"
            " t.question, t.answer, t.asked_at FROM feedback f JOIN turns t"
            " ON t.owner = f.owner AND t.conversation = f.conversation AND t.number = f.number"
            " ORDER BY f.given_at, f.conversation, f.number, f.owner"
        )
        earlier = text(
            "SELECT question FROM turns WHERE owner = :owner AND conversation = :id AND number < :number"
            " ORDER BY number"
        )
        with self._transaction() as connection:
            rows = connection.execute(rated).all()
            keys = [{"owner": row.owner, "id": row.conversation, "number": row.number} for row in rows]
            histories = [tuple(connection.execute(earlier, key).scalars()) for key in keys]
        return tuple(self._rated(row, history) for row, history in zip(rows, histories, strict=True))

    # --- progress ---

    def set_progress(self, career: str, mark: Mark, *, owner: str) -> None:
        """Keep what the owner says of an item of a career, in place of what they said of it before."""
        values = {**_item_key(career, mark.item, mark.provider), "state": str(mark.state)}
        self._write(KEEP_MARK, {**_key(owner), **values, "now": _moment(mark.changed_at)})

    def progress_of(self, career: str, *, owner: str) -> tuple[Mark, ...]:
        """The owner's marks on the items of a career, the one set first before all others; ties by item."""
        values = {**_key(owner), "career": _identifier("career", career)}
        try:
            return tuple(map(mark_of, self._read(READ_MARKS, values)))
        except ValueError as error:
            raise StoreError(
                f"the progress in {career!r} in {self._place} cannot be read ({error}): forget it, or update "
                "career-advisor if a newer version wrote it."
            ) from error

    def clear_progress(self, career: str | None = None, *, owner: str) -> int:
        """Forget the owner's marks on a career, or on all; the number of marks there were."""
        if career is None:
            return self._write(FORGET_ALL, _key(owner))
        return self._write(FORGET_CAREER, {**_key(owner), "career": _identifier("career", career)})

    def clear_mark(self, career: str, item: str, provider: str, *, owner: str) -> int:
        """Forget the owner's mark on one item; the number of marks there were, 0 or 1."""
        return self._write(FORGET_ITEM, {**_key(owner), **_item_key(career, item, provider)})

    # --- the profile ---

    def profile_of(self, *, owner: str) -> Profile:
        """What the owner said of themselves; `Profile()` where that is nothing."""
        rows = self._read(READ_PROFILE, _key(owner))
        try:
            return profile_of(rows[0]) if rows else Profile()
        except ValueError as error:
            raise StoreError(
                f"the profile in {self._place} cannot be read ({error}): erase it, or update career-advisor if a newer "
                "version wrote it."
            ) from error

    def keep_profile(self, profile: Profile, *, owner: str) -> None:
        """Keep what the owner says of themselves, in place of what they said before."""
        self._write(KEEP_PROFILE, {**_key(owner), **row_of(profile)})

    def erase_profile(self, *, owner: str) -> int:
        """Forget what the owner said of themselves; 1, or 0 where there was nothing."""
        return self._write(ERASE_PROFILE, _key(owner))

    def check_writable(self) -> None:
        """Reach the file as keeping a turn does, and change nothing in it; raises StoreError where it cannot be."""
        self._write("UPDATE schema_version SET version = version", {})

    # --- reaching the database ---

    def _rated(self, row: "Row[Any]", history: tuple[str, ...]) -> Rated:
        turn = self._turn(row.conversation, row)
        return Rated(turn_key(row.owner, row.conversation, turn), _feedback(row), turn, history)

    def _turn(self, conversation_id: str, row: "Row[Any]") -> Turn:
        try:
            answer = answer_from_json(json.loads(row.answer))
        except (ValueError, KeyError) as error:
            raise StoreError(
                f"turn {row.number} of conversation {conversation_id!r} in {self._place} cannot be read: delete that "
                "conversation, or update career-advisor if a newer version wrote it."
            ) from error
        return Turn(row.question, answer, datetime.fromisoformat(row.asked_at))

    def _read(self, statement: str, values: dict[str, Any]) -> "tuple[Row[Any], ...]":
        from sqlalchemy import text

        with self._transaction() as connection:
            return tuple(connection.execute(text(statement), values).all())

    def _write(self, statement: str, values: dict[str, Any]) -> int:
        """Runs one statement; gives the number of rows it touched."""
        from sqlalchemy import text

        with self._transaction() as connection:
            return connection.execute(text(statement), values).rowcount

    @contextmanager
    def _transaction(self) -> "Iterator[Connection]":
        """One transaction: committed at the end of the block, rolled back where it raises."""
        from sqlalchemy.exc import OperationalError, SQLAlchemyError

        try:
            with self._lock, self._engine.begin() as connection:
                yield connection
        except OperationalError as error:
            raise StoreError(
                f"the conversations in {self._place} cannot be used: {error.orig}. Another program may hold the file, "
                "the disk may be full, or the file may not be writable; mend that and try again."
            ) from error
        except SQLAlchemyError as error:
            raise StoreError(
                f"{self._place} is not a sound conversation database: {getattr(error, 'orig', error)}. Move the file "
                "away (a new one is made at the next start) or put a backup in its place. Nothing was deleted."
            ) from error


def _answer_text(row: "Row[Any]") -> str:
    """The text of an answer; empty where it cannot be read, which whoever opens the conversation is told."""
    try:
        return str(json.loads(row.answer)["answer"])
    except (ValueError, KeyError, TypeError):
        return ""


def _feedback(row: "Row[Any]") -> Feedback:
    given_at = datetime.fromisoformat(row.given_at)
    return Feedback(row.conversation, row.number, Thumb(row.verdict), row.reason, given_at)


def _moment(when: datetime) -> str:
    """The moment as text that sorts by time."""
    return when.astimezone(UTC).isoformat(timespec="microseconds")


def _key(owner: str, conversation_id: str | None = None) -> dict[str, str]:
    """The values that pick one owner's rows (of one conversation)."""
    key = {"owner": _identifier("owner", owner)}
    return key if conversation_id is None else {**key, "id": _identifier("conversation id", conversation_id)}


def _item_key(career: str, item: str, provider: str) -> dict[str, str]:
    """The values that pick one item of a career; `provider` may be empty."""
    key = {"career": _identifier("career", career), "item": _identifier("item", item)}
    return {**key, "provider": provider and _identifier("provider", provider)}


def _identifier(noun: str, value: str) -> str:
    if not value or len(value) > IDENTIFIER_CHARS or visible(value) != value:
        raise UsageError(f"the {noun} {value[:40]!r} cannot be used: give 1 to {IDENTIFIER_CHARS} visible characters.")
    return value


def _title(question: str) -> str:
    """The question on one line, cut at a word where that leaves something."""
    line = " ".join(visible(question).split())
    if len(line) <= TITLE_CHARS:
        return line
    return line[: TITLE_CHARS - 1].rsplit(" ", 1)[0] + "…"
