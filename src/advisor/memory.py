"""Conversations that survive a restart: who asked what, and the answer that was given.

Owns the database file, its schema and its migrations. Knows nothing of search, of models or of any interface; an answer
is kept as the JSON of `records.answer_to_json`. Plain SQL types only, so that the same tables can live in PostgreSQL.
"""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from advisor.errors import StoreError, UsageError
from advisor.records import Conversation, Turn, answer_from_json, answer_to_json
from advisor.text import visible

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine, Row

TITLE_CHARS = 60
IDENTIFIER_CHARS = 200

# TRUNCATE and not WAL: SQLite before 3.51.3 can corrupt a WAL database that two connections write at once
# (sqlite.org/wal.html, "WAL-reset bug"), and Python often links an older one. A commit costs about half a
# millisecond this way.
_PRAGMAS = (
    "PRAGMA journal_mode=TRUNCATE",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=5000",
    "PRAGMA secure_delete=ON",
)

# --- schema: one function per version, in order; a published one is never edited ---------------------


def _create_tables(connection: "Connection") -> None:
    connection.exec_driver_sql(
        "CREATE TABLE conversations (owner TEXT NOT NULL, id TEXT NOT NULL, title TEXT NOT NULL,"
        " updated_at TEXT NOT NULL, PRIMARY KEY (owner, id))"
    )
    connection.exec_driver_sql(
        "CREATE TABLE turns (owner TEXT NOT NULL, conversation TEXT NOT NULL, number INTEGER NOT NULL,"
        " question TEXT NOT NULL, answer TEXT NOT NULL, asked_at TEXT NOT NULL,"
        " PRIMARY KEY (owner, conversation, number),"
        " FOREIGN KEY (owner, conversation) REFERENCES conversations (owner, id) ON DELETE CASCADE)"
    )


_MIGRATIONS: tuple[Callable[["Connection"], None], ...] = (_create_tables,)
SCHEMA_VERSION = len(_MIGRATIONS)


def _migrate(connection: "Connection", place: str) -> None:
    """Bring the database to `SCHEMA_VERSION`; raises StoreError where it is newer than this program."""
    connection.exec_driver_sql("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)")
    row = connection.exec_driver_sql("SELECT max(version) FROM schema_version").one()
    found = int(row[0] or 0)
    if found > SCHEMA_VERSION:
        raise StoreError(
            f"the conversations in {place} have schema {found}, and this version knows only {SCHEMA_VERSION}: "
            "update career-advisor, or point ADVISOR_DATA_DIR at another folder. Nothing was changed."
        )
    for version, migrate in enumerate(_MIGRATIONS[found:], start=found + 1):
        migrate(connection)
        connection.exec_driver_sql(f"INSERT INTO schema_version (version) VALUES ({version})")


# --- opening ---------------------------------------------------------------------------------------


def open_conversations(path: Path | None) -> "Conversations":
    """The conversations kept in this SQLite file, made and migrated where needed; `None` keeps them in memory.

    Raises StoreError where the file cannot be opened, is damaged, or was written by a newer version. Such a file
    is left as it is.
    """
    place = "memory" if path is None else str(path)
    if path is not None:
        _make_private_file(path)
    conversations = Conversations(_open_engine(path), place)
    try:
        with conversations._transaction() as connection:
            _migrate(connection, place)
    except StoreError:
        conversations.close()
        raise
    return conversations


def _make_private_file(path: Path) -> None:
    """Conversations are nobody else's business: a new file is readable by its user alone, where files have modes."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"the conversations cannot be kept in {path}: {error.strerror or error}. "
            "Make the folder writable, or set ADVISOR_DATA_DIR to one that is."
        ) from error


def _open_engine(path: Path | None) -> "Engine":
    from sqlalchemy import URL, create_engine, event
    from sqlalchemy.pool import NullPool, StaticPool

    def prepare(dbapi_connection: Any, _record: Any) -> None:
        dbapi_connection.isolation_level = None  # transactions are begun below, not by the driver
        for pragma in _PRAGMAS:
            dbapi_connection.execute(pragma)

    def begin(connection: "Connection") -> None:
        # IMMEDIATE: a transaction that reads first and writes later could otherwise fail half-way with "locked".
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    url = URL.create("sqlite", database=":memory:" if path is None else str(path))
    engine = create_engine(
        url, poolclass=StaticPool if path is None else NullPool, connect_args={"check_same_thread": False}
    )
    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", begin)
    return engine


# --- the store -------------------------------------------------------------------------------------


class Conversations:
    """Open conversations; every method is one transaction and may be called from any thread.

    An owner sees, changes and deletes only their own conversations; the same conversation id under another owner is
    another conversation. Every method raises StoreError where the database fails and UsageError for an id that is
    empty or longer than 200 characters.
    """

    def __init__(self, engine: "Engine", place: str) -> None:
        self._engine = engine
        self._place = place
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
        asked_at = turn.asked_at.astimezone(UTC).isoformat(timespec="microseconds")
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

    def delete_all(self, owner: str) -> None:
        """Forget everything this owner ever asked."""
        self._write("DELETE FROM conversations WHERE owner = :owner", _key(owner))

    # --- reaching the database ---

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


def _key(owner: str, conversation_id: str | None = None) -> dict[str, str]:
    """The values that pick one owner's rows (of one conversation)."""
    key = {"owner": _identifier("owner", owner)}
    return key if conversation_id is None else {**key, "id": _identifier("conversation id", conversation_id)}


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
