"""`advisor setup` and `advisor serve`: everything that is missing is fetched and built, then the page is served."""

from typing import TYPE_CHECKING, Annotated

import typer

from advisor.cli.index import report_lines, run_build
from advisor.cli.models import models_in_use, unpack_writer
from advisor.cli.options import CorpusDir, IndexDir, note, read_settings
from advisor.cli.parts import Parts, parts_of
from advisor.errors import DownloadFailed, IndexMissing, WriterError

if TYPE_CHECKING:
    from advisor.models import CataloguedModel
    from advisor.settings import Settings


OPEN = (
    "--open: nobody signs in. Whoever can reach this port can ask, uses this machine's time, and keeps conversations "
    "here; you can read them all. Set ADVISOR_PAGE_PASSWORD to close it."
)


def setup(context: typer.Context, corpus: CorpusDir = None, index: IndexDir = None) -> None:
    """Fetch the models, unpack the writer, bring the index up to date. Does again only what is needed.

    Example: advisor setup
    """
    settings, parts = read_settings(index_dir=index, corpus_dir=corpus), parts_of(context)
    fetch_models(settings, parts)
    update_index(settings, parts)
    note("Everything is in place; advisor serve shows the page, advisor ask answers here.")


def serve(
    context: typer.Context,
    host: Annotated[str | None, typer.Option("--host", metavar="ADDRESS", help="Address to listen on.")] = None,
    port: Annotated[
        int | None,
        typer.Option("--port", envvar="PORT", min=0, max=65535, help="Port to listen on; 0 takes a free one."),
    ] = None,
    set_up: Annotated[bool, typer.Option("--setup/--no-setup", help="First fetch and build what is missing.")] = True,
    is_open: Annotated[
        bool, typer.Option("--open", help="Let whoever reaches the port ask, although no password is set.")
    ] = False,
    log_format: Annotated[
        str | None, typer.Option("--log-format", metavar="text|json", help="How each question's line looks.")
    ] = None,
    corpus: CorpusDir = None,
    index: IndexDir = None,
) -> None:
    """Serve the web interface; what it needs is fetched and built first.

    Example: advisor serve --port 7861
    """
    from advisor.web.access import is_loopback_host
    from advisor.web.serve import check_reach

    settings = read_settings(index_dir=index, corpus_dir=corpus, host=host, port=port, log_format=log_format)
    parts = parts_of(context)
    check_reach(settings.host, settings.page_password, is_open=is_open)
    if is_open and not settings.page_password and not is_loopback_host(settings.host):
        note(OPEN)
    if set_up:
        fetch_models(settings, parts)
        if not _is_built(settings):
            update_index(settings, parts)
    note("Loading the index and the models …")
    advisor = parts.open_advisor(settings)
    parts.serve(advisor, settings, is_open, typer.echo)


def fetch_models(settings: "Settings", parts: Parts) -> None:
    """Pull and unpack the models in use that are not here. Without the default writer it goes on, and says so."""
    for model in models_in_use(settings):
        try:
            _fetch_model(settings, parts, model)
        except (DownloadFailed, WriterError) as error:
            if settings.generator != "auto" or model.name.casefold() != settings.writer.casefold():
                raise
            note(f"Going on without the writer, so answers will be extracts: {error}")


def _fetch_model(settings: "Settings", parts: Parts, model: "CataloguedModel") -> None:
    from advisor.models import is_pulled

    if not is_pulled(model, settings.models_dir):
        note(f"Fetching {model.name} ({model.size_bytes / 1e6:,.0f} MB, a minute or so on an ordinary line)")
        parts.pull(model, settings.models_dir, note, False)
    unpack_writer(settings, parts, model)


def _is_built(settings: "Settings") -> bool:
    from advisor.index.publish import current_build

    try:
        current_build(settings.index_dir)
    except IndexMissing:
        return False
    return True


def update_index(settings: "Settings", parts: Parts) -> None:
    """Build what changed in the corpus, and tell what that was."""
    note(f"Indexing {str(settings.corpus_dir)!r} (the first time a minute or less, later only what changed)")
    for line in report_lines(run_build(settings, parts, full=False)):
        note(line)
