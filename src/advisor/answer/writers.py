"""Which writer a name means: a model on a server where there is an address, else one in this process.

Knows nothing of settings or of what is written.
"""

from pathlib import Path

from pydantic import SecretStr

from advisor.answer.generate import Writer, open_writer
from advisor.answer.remote import open_remote_writer
from advisor.models import locate


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
    return open_writer(
        locate(name, models_dir=models_dir),
        name=name,
        unpacked_dir=models_dir / "unpacked",
        threads=threads,
        max_tokens=max_tokens,
        deadline_seconds=deadline_seconds,
    )
