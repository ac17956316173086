"""A disk that fails: the k-th change it is asked for, or every byte beyond the room it has.

Stands between Python's own file functions and the files below one folder; the program under test is not touched. What
counts as a change: opening for writing, each write, and every sync, rename, new folder and removal.
"""

import builtins
import errno
import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_CHANGES = ("fsync", "replace", "rename", "mkdir", "unlink", "remove", "rmdir")


@dataclass(slots=True)
class FailingDisk:
    """Counts changes below `folder`; the one numbered `at` (from 1) runs `act`, which raises or ends the process."""

    folder: Path
    at: int = 0
    act: Callable[[], None] = lambda: None
    room_bytes: int | None = None
    changes: list[str] = field(default_factory=list)
    written_bytes: int = 0

    def change(self, what: str) -> None:
        self.changes.append(what)
        if len(self.changes) == self.at:
            self.act()

    def write(self, file: Any, data: Any) -> int:
        """Write as much as there is room for, then fail, as a full disk does."""
        self.change("write")
        size = len(memoryview(data).cast("B")) if not isinstance(data, str) else len(data)
        if self.room_bytes is not None and self.written_bytes + size > self.room_bytes:
            file.write(data[: max(self.room_bytes - self.written_bytes, 0)])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self.written_bytes += size
        return int(file.write(data))

    def holds(self, path: Any) -> bool:
        return isinstance(path, str | os.PathLike) and str(os.fspath(path)).startswith(str(self.folder))


class _Written:
    """A file opened for writing on a failing disk."""

    def __init__(self, file: Any, disk: FailingDisk) -> None:
        self._file = file
        self._disk = disk

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def __enter__(self) -> "_Written":
        return self

    def __exit__(self, *_exception: object) -> None:
        self._file.close()

    def write(self, data: Any) -> int:
        return self._disk.write(self._file, data)


@contextmanager
def failing(disk: FailingDisk) -> Iterator[FailingDisk]:
    """While the block runs, this process writes to that disk."""
    opened, os_open = builtins.open, os.open
    plain = {name: getattr(os, name) for name in _CHANGES}

    def open_file(file: Any, mode: str = "r", *args: Any, **kwargs: Any) -> Any:
        if not disk.holds(file) or not set(mode) & set("wax+"):
            return opened(file, mode, *args, **kwargs)
        disk.change(f"open {Path(os.fspath(file)).name}")
        return _Written(opened(file, mode, *args, **kwargs), disk)

    def low_open(path: Any, flags: int, *args: Any, **kwargs: Any) -> int:
        if disk.holds(path) and flags & (os.O_WRONLY | os.O_RDWR):
            disk.change(f"open {Path(os.fspath(path)).name}")
        return os_open(path, flags, *args, **kwargs)

    def changing(name: str) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            if name == "fsync" or disk.holds(args[0]) or "dir_fd" in kwargs:
                disk.change(name)
            return plain[name](*args, **kwargs)

        return call

    builtins.open = io.open = open_file  # type: ignore[assignment]
    os.open = low_open
    for name in _CHANGES:
        setattr(os, name, changing(name))
    try:
        yield disk
    finally:
        builtins.open = io.open = opened
        os.open = os_open
        for name, function in plain.items():
            setattr(os, name, function)


def refuse() -> None:
    """The disk reports an error."""
    raise OSError(errno.EIO, os.strerror(errno.EIO))


def crash() -> None:
    """The power goes."""
    os._exit(137)
