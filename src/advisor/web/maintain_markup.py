"""The HTML of the page of maintenance: the index, the build that runs, the corpus, a search and feedback.

Pure functions, every foreign character escaped, each result one line. Knows nothing of controls or of who may look.
"""

from collections.abc import Iterator, Sequence
from html import escape

from advisor.career.markdown import counted
from advisor.corpus.findings import Finding, Severity
from advisor.corpus.lint import LintReport
from advisor.index.build import BuildReport, Changes
from advisor.memory import Rated, Thumb
from advisor.records import Hit, Query
from advisor.search.gate import THRESHOLD, Decision, score
from advisor.text import visible
from advisor.web.markup import error_html, one_line
from advisor.web.rebuilding import Stage, Work
from advisor.web.upkeep import CorpusState, IndexState, Retrieved

FINDINGS_SHOWN = 200
WORDS_SHOWN = 160
_THUMBS = {Thumb.UP: "Good", Thumb.DOWN: "Bad"}


def _cell(words: object) -> str:
    return escape(visible(str(words)))


def _shortened(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= WORDS_SHOWN else text[: WORDS_SHOWN - 1].rstrip() + "…"


def _list(rows: Sequence[str], *, tag: str = "ul") -> str:
    """Rows that are HTML already."""
    return f'<{tag} class="ca-rows">{"".join(f"<li>{row}</li>" for row in rows)}</{tag}>'


def _pairs(rows: Sequence[tuple[str, str]]) -> str:
    """Names and values, the values HTML already."""
    return "<dl>" + "".join(f"<dt>{escape(name)}</dt><dd>{value}</dd>" for name, value in rows) + "</dl>"


# --- the index ------------------------------------------------------------------------------------


def index_html(state: IndexState) -> str:
    """What is published, whether it is sound, and whether the server uses it."""
    if state.published is None:
        return error_html("No usable index.", state.problem)
    manifest = state.published
    waits = "" if state.in_use == manifest.build else f"; this server still answers from {_cell(state.in_use)}"
    rows = [
        ("Build", f"<code>{_cell(manifest.build)}</code>{waits}"),
        ("Made", _cell(manifest.created_at)),
        ("Pages", str(len(manifest.documents))),
        ("Passages", f"{manifest.passages:,}"),
        ("Model", f"<code>{_cell(manifest.embedder)}</code>, {manifest.dimension} dimensions"),
        ("Builds kept", str(len(state.kept))),
        ("Sound", "no" if state.problem else "yes, every byte is as it was written"),
    ]
    problem = error_html("Damaged.", state.problem) if state.problem else ""
    return one_line(f'<div class="ca-facts">{_pairs(rows)}{problem}</div>')


# --- the build that runs --------------------------------------------------------------------------


def work_html(work: Work) -> str:
    """How far a build is, with a bar while it embeds; how the last one ended; "" where none was begun."""
    match work.stage:
        case Stage.NONE:
            return ""
        case Stage.FAILED:
            return error_html("Not built; the old index stays.", work.error)
        case Stage.CANCELLED:
            return _work("Cancelled: the old index stays.", "")
        case Stage.DONE:
            return _work(" ".join(_report_lines(work.report)) if work.report else "Done.", "")
        case _:
            return _work(_running_words(work), _bar(work) if work.stage is Stage.EMBEDDING else "")


def _work(words: str, bar: str) -> str:
    return one_line(f'<div class="ca-standing" role="status">{bar}<p>{_cell(words)}</p></div>')


def _bar(work: Work) -> str:
    share = 100 * work.done / work.total if work.total else 0
    bar = f'<rect class="ca-bar" x="0" width="{share:.1f}%" y="0" height="8" rx="4"></rect>'
    return f'<div class="ca-track"><svg width="100%" height="8">{bar}</svg></div>'


def _running_words(work: Work) -> str:
    words = str(work.stage).capitalize()
    if work.stage is Stage.EMBEDDING:
        share = 100 * work.done // work.total if work.total else 0
        left = f", about {_time_words(work.seconds_left)} left" if work.seconds_left is not None else ""
        words = f"{words}: {work.done:,} of {work.total:,} texts ({share} %){left}"
    if work.is_cancelling:
        return f"{words}; cancelling at the next stretch."
    return f"{words}…" if work.stage is not Stage.EMBEDDING else f"{words}."


def _time_words(seconds: float) -> str:
    return f"{max(seconds, 1):.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"


def _report_lines(report: BuildReport) -> Iterator[str]:
    changes = report.changes
    if not report.published:
        yield f"Nothing has changed: {report.build} stays published."
    else:
        yield (
            f"Published {report.build} in {report.seconds:.1f} s: {report.passages:,} passages, "
            f"{report.embedded:,} embedded, {report.reused:,} reused."
        )
        if changes.unchanged or changes.changed or changes.removed or changes.renamed:  # else nothing was compared
            added = counted(len(changes.added), "page")
            yield f"{added} added, {len(changes.changed)} changed, {len(changes.removed)} removed."
        yield "This server takes it into use by itself."
    for problem in report.problems:
        yield f"Left out: {problem.key}: {problem.message}"


# --- the corpus -----------------------------------------------------------------------------------


def changes_html(state: CorpusState) -> str:
    """What a build would take up: pages added, changed and removed, and those that cannot be read."""
    rows = [*_change_rows(state.changes)]
    rows += [("cannot be read", _cell(f"{one.key}: {one.message}")) for one in state.problems]
    if not rows:
        count = counted(len(state.changes.unchanged), "page")
        return one_line(f'<p class="ca-empty">Nothing has changed since the build: {count}.</p>')
    return one_line(f'<div class="ca-facts">{_pairs(rows)}</div>')


def _change_rows(changes: Changes) -> Iterator[tuple[str, str]]:
    for label, keys in (("added", changes.added), ("changed", changes.changed), ("removed", changes.removed)):
        if keys:
            yield label, ", ".join(f"<code>{_cell(key)}</code>" for key in keys)
    if changes.renamed:
        pairs = (f"<code>{_cell(pair.before)}</code> → <code>{_cell(pair.after)}</code>" for pair in changes.renamed)
        yield "renamed", ", ".join(pairs)


def findings_html(report: LintReport) -> str:
    """Every finding with its file, line, rule and cure; errors first."""
    if not report.findings:
        return one_line(f'<p class="ca-empty">Nothing to mend on {counted(report.pages, "page")}.</p>')
    found = sorted(report.findings, key=lambda one: (one.severity is not Severity.ERROR, one))
    rows = [_finding_row(one) for one in found[:FINDINGS_SHOWN]]
    others = len(report.findings) - report.errors
    head = f"<p>{counted(report.errors, 'error')}, {counted(others, 'warning')} on {counted(report.pages, 'page')}.</p>"
    rest = len(found) - len(rows)
    more = f'<p class="ca-empty">{rest} more: <code>advisor corpus lint</code> lists all.</p>' if rest else ""
    return one_line(head + _list(rows) + more)


def _finding_row(one: Finding) -> str:
    where = f"<code>{_cell(f'{one.file}:{one.line}')}</code>"
    kind = "bad" if one.severity is Severity.ERROR else "muted"
    rule = f'<span class="ca-state ca-state-{kind}">{_cell(f"{one.severity}: {one.rule}")}</span>'
    return f'<div>{where} {rule}</div><div class="ca-step-more">{_cell(f"{one.message}; {one.cure}")}</div>'


# --- a search -------------------------------------------------------------------------------------


def retrieved_html(found: Retrieved) -> str:
    """What the question was understood as, what the gate says, and the passages with their scores."""
    rows = [_hit_row(hit) for hit in found.hits]
    passages = _list(rows, tag="ol") if rows else '<p class="ca-empty">Nothing was found.</p>'
    facts = _pairs([*_query_rows(found.query), *_gate_rows(found.decision)])
    return one_line(f'<div class="ca-facts">{facts}</div>{passages}')


def _query_rows(query: Query) -> Iterator[tuple[str, str]]:
    yield "Understood as", _cell(query.standalone)
    yield "Intent", _cell(query.intent)
    yield "Careers", _cell(", ".join(query.roles) or (f"leaning to {query.leaning}" if query.leaning else "none"))
    if query.subject:
        yield "Subject", _cell(query.subject)
    yield "Terms", _cell(", ".join(query.terms) or "none")
    if query.numbered:
        yield "Counted", _cell(", ".join(query.numbered))


def _gate_rows(decision: Decision) -> Iterator[tuple[str, str]]:
    features = decision.features
    said = "answer" if decision.answer else "refuse"
    reached = score(features)
    why = "; the search alone is sure" if decision.answer and reached < THRESHOLD else ""
    yield "Gate", f"<strong>{said}</strong>, {reached:+.2f} against {THRESHOLD:+.2f}{why}"
    missing = (*features.missing, *features.missing_numbered)
    yield (
        "Features",
        (f"best line {features.reading:.2f}, " if features.reading is not None else "")
        + f"nearness {features.nearness:.2f}, coverage {features.coverage:.2f}, "
        f"missing {_cell(', '.join(missing) or 'nothing')}"
        + (", a standing subject of a career" if features.is_standing else ""),
    )


def _hit_row(hit: Hit) -> str:
    passage = hit.passage
    place = " › ".join(passage.section) or passage.title
    scores = f"dense {hit.dense_score:.3f} · lexical {hit.lexical_score:.2f} · fused {hit.fused_score:.3f}"
    return (
        f'<div class="ca-hit"><span><strong>{_cell(place)}</strong> <code>{_cell(passage.document)}</code></span>'
        f'<span class="ca-scores">{scores}</span></div>'
        f'<div class="ca-step-more">{_cell(_shortened(passage.text))}</div>'
    )


# --- feedback -------------------------------------------------------------------------------------


def feedback_html(rated: Sequence[Rated], total: int) -> str:
    """What was thought of answers, the newest first."""
    if not rated:
        return one_line('<p class="ca-empty">Nobody has rated an answer yet.</p>')
    rows = [_feedback_row(one) for one in rated]
    more = f'<p class="ca-empty">The newest {len(rated)} of {total}.</p>' if total > len(rated) else ""
    return one_line(_list(rows) + more)


def _feedback_row(one: Rated) -> str:
    given = one.feedback
    kind = "active" if given.thumb is Thumb.UP else "bad"
    head = f'{_cell(given.given_at.date())} <span class="ca-state ca-state-{kind}">{_THUMBS[given.thumb]}</span>'
    why = f" {_cell(given.reason)}" if given.reason else ""
    return (
        f'<div class="ca-step-facts">{head}{why}</div>'
        f"<div><strong>{_cell(_shortened(one.turn.question))}</strong></div>"
        f'<div class="ca-step-more">{_cell(_shortened(one.turn.answer.text))}</div>'
    )


def feedback_label(one: Rated) -> str:
    """How one is called where it can be chosen."""
    return f"{one.feedback.given_at.date()}, {_THUMBS[one.feedback.thumb].lower()}: {_shortened(one.turn.question)}"
