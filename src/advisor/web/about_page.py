"""The page that says what this adviser stands on and what it cannot know. Layout and wording; counts nothing itself."""

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

import gradio as gr

from advisor.career.families import front_of
from advisor.career.markdown import counted
from advisor.corpus.lint import CorpusFigures, figures_of
from advisor.evaluation.latest import LatestReport, read_latest
from advisor.records import Document
from advisor.web.layout import lay_out_links
from advisor.web.markup import markdown_html, one_line
from advisor.web.talk import Answering

REPORTS = Path("eval/reports")
_HOW = """
## How an answer comes about

1. Your question is searched for in the pages, by its words and by its meaning.
2. The lines that answer it are put together as they stand. This is the extract, and it comes first.
3. If a language model is in use, it rewords the extract; what it writes is shown only if every sentence is borne out.
4. Every sentence carries a mark that leads to the words it relies on. Where the pages say nothing, the reply says so.

Plans and comparisons use no language model: they are computed from the same pages.
"""
_PRIVACY = """
## Where your words go

Questions, plans and comparisons are worked out on the machine that serves this page. It calls no other service and \
counts no visitors. One exception has to be set by whoever runs it: a language model on a server of their own. Then \
your question and the passages found for it go to that server.

Conversations are kept on the serving machine until you delete them. A plan is not kept: its files are removed after a \
day.
"""
_LIMITS = """
## What this adviser cannot know

- **You.** It compares words. Your talent, health, money and family are not in it; talk to people who know them.
- **Your place.** Salaries, vacancies, visas and the law differ by country and are not in these pages.
- **Today.** A page knows what was true when it was last checked. Prices, courses and certificates change: follow the \
link before you pay.
- **Your pace.** Where a page states no hours a plan uses our estimate and says so. Take it as a first guess.
- **Whether you will be hired.** No roadmap can promise that, and this one does not.
"""


@lru_cache(maxsize=1)
def _counted(documents: tuple[Document, ...]) -> CorpusFigures:
    """The figures of these pages; the last are kept, because counting takes about a second."""
    return figures_of(documents)


def about_markdown(advisor: Answering, figures: CorpusFigures, report: LatestReport | None) -> str:
    """The whole page as Markdown."""
    lines = ["# About this adviser", "", "It answers from the pages below and from nothing else."]
    lines += ["", "## What it stands on", "", *_corpus_lines(advisor, figures)]
    lines += ["", "## Models in use", "", *_model_lines(advisor)]
    parts = ["\n".join(lines), _HOW, "\n".join(_report_lines(report)) if report else "", _PRIVACY, _LIMITS]
    parts += ["\n".join(_licence_lines(advisor.snapshot.documents))]
    return "\n\n".join(part.strip() for part in parts if part)


def _corpus_lines(advisor: Answering, figures: CorpusFigures) -> Iterator[str]:
    manifest = advisor.snapshot.manifest
    certificates = ", ".join(f"{number} {state}" for state, number in figures.certificates.items())
    yield "| | |\n|---|---|"
    yield f"| Pages | {figures.pages}: {figures.careers} careers, {figures.guides} guides; {figures.words:,} words |"
    yield f"| Roadmaps | {figures.phases} phases, {figures.skills} skills |"
    yield (
        f"| Courses, books, projects | {figures.items}: {figures.items_with_hours} with stated hours, "
        f"{figures.items_free} free or free to audit |"
    )
    yield f"| Certificates | {certificates or 'none'} |"
    yield f"| Oldest check of a page | {figures.oldest_last_verified or 'not stated'} |"
    yield f"| Index | build `{manifest.build}` of {manifest.created_at[:10]}, {manifest.passages} passages |"


def _model_lines(advisor: Answering) -> Iterator[str]:
    yield f"- Search: `{advisor.snapshot.manifest.embedder}` turns questions and passages into numbers to compare."
    if advisor.writer_name is None:
        yield "- Wording: none. Answers are extracts, in the words of the pages."
    else:
        yield f"- Wording: `{advisor.writer_name}` rewords extracts; code checks every sentence before it is shown."


def _licence_lines(documents: Sequence[Document]) -> Iterator[str]:
    """Under which licence what is shown here stands, as the pages themselves state it."""
    stated = Counter(front_of(document).licence or "no licence stated" for document in documents)
    yield "## Licences"
    yield ""
    told = [f"{name} ({counted(number, 'page')})" for name, number in stated.most_common()]
    yield f"- Pages: {', '.join(told)}."
    yield "- Program: Apache-2.0. `THIRD-PARTY.md` lists the licences of models and libraries."
    yield "- Fonts: those of your own system; none is fetched or handed out."


def _report_lines(report: LatestReport) -> Iterator[str]:
    sets = list(dict.fromkeys(one.measured_on for one in report.figures))
    told = {(one.name, one.measured_on): f"{one.mean} ({one.interval})" for one in report.figures}
    yield "## How well it answers"
    yield ""
    yield f"From the newest report, *{report.title}* (`{(REPORTS / report.name).as_posix()}`), with 95 % intervals:"
    yield ""
    yield f"| | {' | '.join(sets)} |"
    yield "|---" * (len(sets) + 1) + "|"
    for name in dict.fromkeys(one.name for one in report.figures):
        yield f"| {name} | {' | '.join(told.get((name, one), '') for one in sets)} |"


def add_about_page(advisor: Answering, blocks: gr.Blocks) -> None:
    """Lay the page out in the Blocks that is open; its figures are counted when it is opened."""
    lay_out_links()
    with gr.Column(elem_id="ca-about", elem_classes=["ca-page"]):
        shown = gr.Markdown("Counting the pages…", latex_delimiters=[])

    def count() -> str:
        text = about_markdown(advisor, _counted(advisor.snapshot.documents), read_latest(REPORTS))
        return one_line(f'<div class="ca-text">{markdown_html(text, (), "about")}</div>')

    blocks.load(count, None, shown, show_progress="hidden", api_visibility="private")
