"""The database of conversations: its file, its tables and their migrations.

Knows nothing of turns or answers. Plain SQL types only, so that the same tables can live in PostgreSQL.
"""

from collections.abc import Callable
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
    "PRAGMA busy_timeout=5000",
    "PRAGMA secure_delete=ON",
)

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


_MIGRATIONS: tuple[Callable[["Connection"], None], ...] = (_create_tables, _create_feedback)
SCHEMA_VERSION = len(_MIGRATIONS)


def migrate(connection: "Connection", place: str) -> None:
    """Bring the database to `SCHEMA_VERSION`; raises StoreError where it is newer than this program."""
    connection.exec_driver_sql("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)")
    row = connection.exec_driver_sql("SELECT max(version) FROM schema_version").one()
    found = int(row[0] or 0)
    if found > SCHEMA_VERSION:
        raise StoreError(
            f"the conversations in {place} have schema {found}, and this version knows only {SCHEMA_VERSION}: "
            "update career-advisor, or point ADVISOR_DATA_DIR at another folder. Nothing was changed."
        )
    for version, change in enumerate(_MIGRATIONS[found:], start=found + 1):
        change(connection)
        connection.exec_driver_sql(f"INSERT INTO schema_version (version) VALUES ({version})")


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
