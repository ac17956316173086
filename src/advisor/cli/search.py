"""`advisor search`: what an answer would be made from, with scores; or a TREC run for a file of questions."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from uuid import uuid4

import typer

from advisor.cli.options import AsJson, IndexDir, RoleName, json_text, read_settings
from advisor.cli.parts import Parts, open_forgetful, parts_of
from advisor.errors import UsageError

if TYPE_CHECKING:
    from advisor.records import Hit
    from advisor.settings import Settings

_SHOWN_CHARS = 160


def search(
    context: typer.Context,
    query: Annotated[str | None, typer.Argument(metavar="QUERY", help="What to look for.")] = None,
    k: Annotated[int, typer.Option("-k", min=1, max=100, help="How many passages.")] = 10,
    batch: Annotated[
        Path | None, typer.Option("--batch", metavar="IN.jsonl", help="Search for every line: id, question, history.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="RUN.trec", help="Where the TREC run of --batch goes.")
    ] = None,
    role: RoleName = None,
    as_json: AsJson = False,
    index: IndexDir = None,
) -> None:
    """List the passages that are nearest to a question, best first.

    Example: advisor search "linear algebra books" -k 5

    A run for trec_eval: advisor search --batch questions.jsonl --out run.trec
    """
    parts = parts_of(context)
    settings = read_settings(index_dir=index, generator="extractive", top_passages=k)
    if batch is not None or out is not None:
        if batch is None or out is None or query is not None:
            raise UsageError("a batch takes --batch IN.jsonl and --out RUN.trec together, and no QUERY")
        _search_batch(parts, settings, batch, out, role)
    elif query is None:
        raise UsageError('there is no query; try: advisor search "linear algebra books"')
    else:
        _search_one(parts, settings, query, role, as_json)


def _search_one(parts: Parts, settings: "Settings", query: str, role: str | None, as_json: bool) -> None:
    from advisor.cli.batch import find_hits
    from advisor.search.query import read_question

    read_question(query, max_chars=settings.max_question_chars)
    advisor = open_forgetful(parts, settings.model_copy(update={"quick_start": True}))
    found = find_hits(advisor.ask(query, conversation=uuid4().hex, role=role))
    if as_json:
        hits = [hit_json(rank, hit) for rank, hit in enumerate(found.hits, start=1)]
        typer.echo(json_text({"query": query, "understood": found.query.standalone, "hits": hits}))
    else:
        typer.echo("\n".join(_hit_lines(rank, hit) for rank, hit in enumerate(found.hits, start=1)))


def _search_batch(parts: Parts, settings: "Settings", batch: Path, out: Path, role: str | None) -> None:
    from advisor.cli.batch import check_query_ids, check_target, growing_file, read_questions, search_questions
    from advisor.cli.progress import progress_bar

    questions = read_questions(batch)
    check_query_ids(questions, batch)
    check_target(out, source=batch)
    advisor = open_forgetful(parts, settings)
    with growing_file(out, noun="lines") as write, progress_bar("questions") as step:
        search_questions(advisor, questions, write, role=role, step=step)


def _hit_lines(rank: int, hit: "Hit") -> str:
    from advisor.cli.reply import shortened

    passage = hit.passage
    place = " > ".join(passage.section) or passage.title
    return (
        f"{rank:>3}  {hit.fused_score:.3f}  {place}  ({passage.document})\n"
        f"            {shortened(passage.text, _SHOWN_CHARS)}"
    )


def hit_json(rank: int, hit: "Hit") -> dict[str, Any]:
    """A hit as programs read it."""
    passage = hit.passage
    return {
        "rank": rank,
        "passage_id": passage.id,
        "document": passage.document,
        "section": " > ".join(passage.section),
        "page": passage.page,
        "url": passage.url,
        "score": round(hit.fused_score, 6),
        "dense_score": round(hit.dense_score, 6),
        "lexical_score": round(hit.lexical_score, 6),
        "text": passage.text,
    }
