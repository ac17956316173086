"""How far a long command has come: a bar on standard error, a line now and then where that is no terminal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

Step = Callable[[int, int], None]  # done so far, in all

LINES_APART_SECONDS = 30.0  # in a log


@contextmanager
def progress_bar(label: str) -> Iterator[Step]:
    """A bar that moves whenever the given function is called; it appears with the first call that has work to do.

    It tells the share that is done and the time left. In a pipe it is a line every half minute, and one at the end.
    """
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal:
        yield log_lines(label, lambda line: print(line, file=console.file, flush=True))
        return
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TaskProgressColumn,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), MofNCompleteColumn())
    bar = Progress(*columns, TimeRemainingColumn(), console=console)
    task = bar.add_task(label, total=None)

    def step(done: int, total: int) -> None:
        if total:
            bar.start()
            bar.update(task, completed=done, total=total)

    try:
        yield step
    finally:
        bar.stop()


def log_lines(label: str, write: Callable[[str], object], clock: Callable[[], float] = monotonic) -> Step:
    """A function that writes how far it is: not more often than every half minute, and once all is done."""
    began: float | None = None
    written = 0.0

    def step(done: int, total: int) -> None:
        nonlocal began, written
        now = clock()
        if began is None:
            began = written = now
        if not total or (done < total and now - written < LINES_APART_SECONDS):
            return
        written = now
        left = f", about {(now - began) * (total - done) / done:.0f} s left" if 0 < done < total else ""
        write(f"{label}: {done / total:.0%} ({done} of {total}){left}")

    return step
