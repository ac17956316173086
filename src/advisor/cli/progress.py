"""How far a long command has come: a bar on standard error, one last line where that is no terminal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

Step = Callable[[int, int], None]  # done so far, in all


@contextmanager
def progress_bar(label: str) -> Iterator[Step]:
    """A bar that moves whenever the given function is called; it appears with the first call that has work to do."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    bar = Progress(*columns, console=Console(stderr=True))
    task = bar.add_task(label, total=None)

    def step(done: int, total: int) -> None:
        if total:
            bar.start()
            bar.update(task, completed=done, total=total)

    try:
        yield step
    finally:
        bar.stop()
