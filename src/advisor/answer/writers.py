"""Which writer a name means: a model on a server where there is an address, else one in this process.

Knows nothing of settings or of what is written.
"""

from pathlib import Path

from pydantic import SecretStr

from advisor.answer.adapted import ADAPTER, BASE, Tuning
from advisor.answer.generate import Writer, open_writer
from advisor.answer.remote import open_remote_writer
from advisor.models import locate, weights_digest


def open_named_writer(
    name: str, *, url: str, api_key: SecretStr, models_dir: Path, threads: int, max_tokens: int, deadline_seconds: float
) -> Writer:
    """The writer of this name. Raises ModelError or WriterError.

    One on a server is not asked anything yet: whether it answers shows with the first question.
    """
    if url:
        return open_remote_writer(
            url, name=name, api_key=api_key, max_tokens=max_tokens, deadline_seconds=deadline_seconds
        )
    folder = locate(name, models_dir=models_dir)
    return open_writer(
        folder,
        name=name,
        unpacked_dir=models_dir / "unpacked",
        threads=threads,
        max_tokens=max_tokens,
        deadline_seconds=deadline_seconds,
        tuning=tuning_of(name, folder),
    )


def tuning_of(name: str, folder: Path, *, adapter: Path = ADAPTER) -> Tuning | None:
    """What the default writer is tuned with; None for any other model, and where no adapter came with the package."""
    return Tuning(adapter, weights_digest(folder)) if name == BASE and adapter.is_file() else None
