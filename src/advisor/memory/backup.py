"""The file of the conversations as a file: copied while it is in use, and looked over.

By connections of SQLite's own, which change nothing in it. Knows none of its tables.
"""

import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from advisor.errors import StoreError, UsageError
from advisor.memory.schema import SCHEMA_VERSION, make_private_file

_ORPHANS = "PRAGMA foreign_key_check"


def check_file(path: Path) -> tuple[str, ...]:
    """What is wrong with a database, nothing where it is sound; StoreError where it cannot be opened.

    SQLite looks it over; rows that refer to none and a schema newer than this program's count as wrong too.
    """
    try:
        with closing(_opened(path)) as connection:
            found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check")]
            orphans = [f"a row of {row[0]} refers to none of {row[2]}" for row in connection.execute(_ORPHANS)]
            newer = _newer(connection)
    except sqlite3.OperationalError as error:
        raise StoreError(f"{path} cannot be read ({error}); close what holds it, or make it readable.") from error
    except sqlite3.DatabaseError as error:
        return (f"it is no database that can be read ({error})",)
    return tuple(line for line in [*found, *orphans, *newer] if line != "ok")


def _newer(connection: sqlite3.Connection) -> list[str]:
    has_version = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'schema_version'").fetchone()
    version = connection.execute("SELECT max(version) FROM schema_version").fetchone()[0] if has_version else None
    if version is None or version <= SCHEMA_VERSION:
        return []
    return [f"it has schema {version}, and this version of career-advisor knows only {SCHEMA_VERSION}: update it"]


def back_up(path: Path, target: Path) -> int:
    """Copy a database to a new private file, whoever writes to it meanwhile, and verify the copy; its size in bytes.

    Raises UsageError where the target is there already and StoreError where the copy cannot be made or is not sound;
    then no target is left.
    """
    if target.exists():
        raise UsageError(f"{str(target)!r} is there already; name a new file, a backup never replaces anything.")
    partial = target.with_name(f".{target.name}.partial")
    partial.unlink(missing_ok=True)
    make_private_file(partial)
    try:
        with closing(_opened(path)) as source, closing(sqlite3.connect(partial)) as copy:
            source.backup(copy)
        if problems := check_file(partial):
            raise StoreError(f"the copy of {path} is not sound ({problems[0]}); run: advisor data check")
        partial.replace(target)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"{path} cannot be copied to {target} ({error}); make room there, or name another.") from error
    finally:
        for left in (partial, partial.with_name(f"{partial.name}-journal")):
            with suppress(OSError):
                left.unlink(missing_ok=True)
    return target.stat().st_size


def _opened(path: Path) -> sqlite3.Connection:
    """A connection to a file that is there; a plain `connect` would make one."""
    if not path.is_file():
        raise StoreError(
            f"there is no database at {path}: nothing is kept yet, or ADVISOR_DATA_DIR names another place."
        )
    return sqlite3.connect(path, timeout=30)
