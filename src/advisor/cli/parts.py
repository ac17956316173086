"""The heavy things that commands open, as one value that tests can replace by light ones.

Owns the quietness of third-party libraries too: nothing heavy is imported before `go_offline` has run. Knows no
command.
"""

import os
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from advisor.answer.generate import Writer
    from advisor.index.embedding import Embedder
    from advisor.models import CataloguedModel
    from advisor.pipeline import Advisor
    from advisor.search.rerank import Reranker
    from advisor.settings import Settings

_ALWAYS = {
    "TOKENIZERS_PARALLELISM": "false",
    "GRADIO_ANALYTICS_ENABLED": "False",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "TRANSFORMERS_VERBOSITY": "error",
}
_OFFLINE = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "HF_HUB_DISABLE_PROGRESS_BARS": "1"}


def calm() -> None:
    """Keep libraries from calling home and from talking on the terminal; what the user has set stays."""
    for name, value in _ALWAYS.items():
        os.environ.setdefault(name, value)
    if not os.environ.get("ADVISOR_DEBUG"):
        warnings.simplefilter("ignore")


def go_offline() -> None:
    """From here on no library of this process asks the hub for anything. Called before the heavy imports."""
    calm()
    for name, value in _OFFLINE.items():
        os.environ.setdefault(name, value)


@dataclass(frozen=True, slots=True)
class PassageEmbedder:
    """What a build needs of a model: its vectors, and how it counts the pieces of a text."""

    embedder: "Embedder"
    count_pieces: Callable[[str], int]


def _open_advisor(settings: "Settings") -> "Advisor":
    go_offline()
    from advisor.pipeline import open_advisor

    return open_advisor(settings)


def _open_embedder(settings: "Settings") -> PassageEmbedder:
    from advisor.models import locate, weights_digest

    folder = locate(settings.embedder, models_dir=settings.models_dir)
    go_offline()
    from advisor.index.bert import halves_are_fast
    from advisor.index.embedding import open_embedder, piece_counter

    embedder = open_embedder(
        folder,
        name=settings.embedder,
        digest=weights_digest(folder),
        threads=settings.threads,
        halves=halves_are_fast(),
    )
    return PassageEmbedder(embedder, piece_counter(folder))


def _find_reranker(settings: "Settings") -> "Reranker | None":
    go_offline()
    from advisor.search.rerank import find_reranker

    return find_reranker(settings.reranker, models_dir=settings.models_dir)


def _find_writer(settings: "Settings") -> "Writer | None":
    go_offline()
    from advisor.pipeline import find_writer

    return find_writer(settings)


def _pull(model: "CataloguedModel", models_dir: Path, report: Callable[[str], None], force: bool) -> Path:
    from advisor.models import pull  # stays online: the hub is its second source

    return pull(model, models_dir=models_dir, report=report, force=force)


def _serve(advisor: "Advisor", settings: "Settings", is_open: bool, announce: Callable[[str], None]) -> None:
    go_offline()
    from advisor.web.current import Current
    from advisor.web.serve import serve
    from advisor.web.upkeep import Upkeep

    current = Current(advisor, settings.index_dir)
    serve(
        current,
        host=settings.host,
        port=settings.port,
        announce=announce,
        password=settings.page_password,
        is_open=is_open,
        questions_per_minute=settings.questions_per_minute,
        log_form=settings.log_format,
        upkeep=Upkeep(
            current,
            corpus_dir=settings.corpus_dir,
            index_dir=settings.index_dir,
            open_parts=lambda: _open_embedder(settings),
        ),
    )


@dataclass(frozen=True, slots=True)
class Parts:
    """How commands open what is heavy."""

    open_advisor: Callable[["Settings"], "Advisor"] = _open_advisor
    open_embedder: Callable[["Settings"], PassageEmbedder] = _open_embedder
    find_writer: Callable[["Settings"], "Writer | None"] = _find_writer  # unpacks packed weights
    pull: Callable[["CataloguedModel", Path, Callable[[str], None], bool], Path] = _pull
    serve: Callable[["Advisor", "Settings", bool, Callable[[str], None]], None] = _serve
    find_reranker: Callable[["Settings"], "Reranker | None"] = _find_reranker


def parts_of(context: typer.Context) -> Parts:
    """The parts this run was started with."""
    return context.obj if isinstance(context.obj, Parts) else Parts()


def open_forgetful(parts: Parts, settings: "Settings") -> "Advisor":
    """An advisor whose conversations live in memory: the user's own store is neither read nor written."""
    with TemporaryDirectory() as place:
        advisor = parts.open_advisor(settings.model_copy(update={"data_dir": Path(place)}))
        advisor.conversations.close()
    from advisor.memory import open_conversations

    advisor.conversations = open_conversations(None)
    return advisor
