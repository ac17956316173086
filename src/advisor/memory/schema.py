"""The database of conversations: its file, its tables and their migrations.

Knows nothing of turns or answers. Plain SQL types only, so that the same tables can live in PostgreSQL.
"""

import glob
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from advisor.errors import StoreError

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

# TRUNCATE and not WAL: SQLite before 3.51.3 can corrupt a WAL database that two connections write at once
# (sqlite.org/wal.html, "WAL-reset bug"), and Python often links an older one. A commit costs about half a
# millisecond this way.
_PRAGMAS = (
    "PRAGMA journal_mode=TRUNCATE",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=30000",  # SQLite's waiting is unfair: with 5 s, some of eight busy writers gave up
    "PRAGMA secure_delete=ON",
)

JSON_COLUMNS = frozenset({"answer", "known"})  # texts that spell a value

# --- tables: one function per version, in order; a published one is never edited ---------------------


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


def _create_feedback(connection: "Connection") -> None:
    connection.exec_driver_sql(
        "CREATE TABLE feedback (owner TEXT NOT NULL, conversation TEXT NOT NULL, number INTEGER NOT NULL,"
        " verdict TEXT NOT NULL, reason TEXT NOT NULL, given_at TEXT NOT NULL,"
        " PRIMARY KEY (owner, conversation, number),"
        " FOREIGN KEY (owner, conversation, number) REFERENCES turns (owner, conversation, number) ON DELETE CASCADE)"
    )


def _create_progress(connection: "Connection") -> None:
    connection.exec_driver_sql(
        "CREATE TABLE progress (owner TEXT NOT NULL, career TEXT NOT NULL, item TEXT NOT NULL,"
        " provider TEXT NOT NULL, state TEXT NOT NULL, changed_at TEXT NOT NULL,"
        " PRIMARY KEY (owner, career, item, provider))"
    )


def _create_profiles(connection: "Connection") -> None:
    connection.exec_driver_sql(
        "CREATE TABLE profiles (owner TEXT NOT NULL, role TEXT, known TEXT NOT NULL,"
        " hours_per_week DOUBLE PRECISION, budget TEXT, PRIMARY KEY (owner))"
    )


_MIGRATIONS: tuple[Callable[["Connection"], None], ...] = (
    _create_tables,
    _create_feedback,
    _create_progress,
    _create_profiles,
)
SCHEMA_VERSION = len(_MIGRATIONS)


def migrate(connection: "Connection", path: Path | None) -> None:
    """Bring the database to `SCHEMA_VERSION`, an older one only once a copy lies beside it (see `forget_copy`).

    Raises StoreError where the database is newer than this program, cannot be copied, or a change of it fails.
    """
    from sqlalchemy.exc import SQLAlchemyError

    place = "memory" if path is None else str(path)
    connection.exec_driver_sql("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)")
    row = connection.exec_driver_sql("SELECT max(version) FROM schema_version").one()
    found = int(row[0] or 0)
    if found > SCHEMA_VERSION:
        raise StoreError(
            f"the conversations in {place} have schema {found}, and this version knows only {SCHEMA_VERSION}: "
            "update career-advisor, or point ADVISOR_DATA_DIR at another folder. Nothing was changed."
        )
    if path is not None and 0 < found < SCHEMA_VERSION:
        _copy(path)
    try:
        for version, change in enumerate(_MIGRATIONS[found:], start=found + 1):
            change(connection)
            connection.exec_driver_sql(f"INSERT INTO schema_version (version) VALUES ({version})")
    except SQLAlchemyError as error:
        raise StoreError(
            f"the conversations in {place} cannot be brought to schema {SCHEMA_VERSION}: "
            f"{getattr(error, 'orig', error)}. Nothing was changed, and a copy is in {place}.before-{SCHEMA_VERSION}: "
            "move both away and a new file is made at the next start."
        ) from error


def forget_copy(path: Path) -> None:
    """Remove copies made before a migration, which has succeeded: they hold what people asked, and may delete."""
    for copy in path.parent.glob(f"{glob.escape(path.name)}.before-*"):
        copy.unlink(missing_ok=True)


def _place_of_copy(path: Path) -> Path:
    return path.with_name(f"{path.name}.before-{SCHEMA_VERSION}")


def _copy(path: Path) -> None:
    """A copy of a database nobody else can write to now, as private as the database.

    By a connection of SQLite's own: closing the file by other means would take this process's locks on it away.
    """
    copy = _place_of_copy(path)
    try:
        copy.unlink(missing_ok=True)
        make_private_file(copy)
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(
            f"the conversations in {path} are to be brought to schema {SCHEMA_VERSION}, but cannot be copied to {copy} "
            f"before: {error}. Make room there and start again. Nothing was changed."
        ) from error


# --- opening ---------------------------------------------------------------------------------------


def make_private_file(path: Path) -> None:
    """Conversations are nobody else's business: a new file is readable by its user alone, where files have modes."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"the conversations cannot be kept in {path}: {error.strerror or error}. "
            "Make the folder writable, or set ADVISOR_DATA_DIR to one that is."
        ) from error


def open_engine(path: Path | None) -> "Engine":
    """Connections to this file, each with foreign keys on; `None` is one connection to a database in memory."""
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
