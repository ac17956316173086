"""What a report of a run says, and its Markdown: figures with intervals, kinds, the worst answers to read, environment.

Owns the wording, the order and the choice of what is shown; `report_page` lays the same content out as a web page.
Knows nothing of how figures come about.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter

from advisor.evaluation.checker import CheckerFigures
from advisor.evaluation.environment import Environment
from advisor.evaluation.intervals import Percentiles
from advisor.evaluation.measures import LOWER_IS_BETTER, TITLES, Measure
from advisor.evaluation.metrics import Expected
from advisor.evaluation.rows import Fault, Outcome, Row
from advisor.evaluation.run import READ_HITS, SUPPORT_TIER
from advisor.evaluation.summary import Figure, Group, Summary
from advisor.text import visible

WORST = 20
NOTHING = "–"
_KIND_COLUMNS = (
    (Measure.NUGGET_RECALL, "facts said %"),
    (Measure.HITS_NUGGET_RECALL, f"facts in first {READ_HITS} %"),
    (Measure.FORBIDDEN_RATE, "forbidden %"),
    (Measure.CITATION_RECALL, "borne out %"),
    (Measure.RECALL_AT_5, "gold@5 %"),
    (Measure.NDCG_AT_10, "nDCG@10 %"),
    (Measure.FALSE_REFUSAL, "refused wrongly %"),
)


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it is shown: the first column names its rows."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One thing to read about an answer: what it is, and its texts, each as it stands."""

    label: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Exhibit:
    """An answer that went wrong, laid out to be read."""

    title: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """All that a report shows, before it is laid out."""

    title: str
    lead: tuple[str, ...]
    tables: tuple[Table, ...]
    exhibits: tuple[Exhibit, ...]
    environment: Table


def make_report(
    summary: Summary,
    rows: Sequence[Row],
    environment: Environment,
    *,
    checker: Sequence[CheckerFigures] = (),
    worst: int = WORST,
) -> Report:
    """The content of a report over these rows and their summary, with at most `worst` answers to read.

    `checker` are the figures of the support tiers on labelled pairs; without them their table is left out.
    """
    overall = summary.overall
    wrong = worst_rows(rows, worst)
    return Report(
        title=f"Evaluation: {overall.questions} questions, {summary.generator}",
        lead=tuple(_lead(summary)),
        tables=(
            _figures_table(overall),
            _counts_table(overall),
            _kinds_table(summary),
            *([_checker_table(checker)] if checker else []),
        ),
        exhibits=tuple(_exhibit(number, row) for number, row in enumerate(wrong, start=1)),
        environment=_environment_table(environment),
    )


def worst_rows(rows: Sequence[Row], count: int) -> tuple[Row, ...]:
    """The answers that are not right, worst first.

    Errors, then what says something forbidden, then answers where none was called for, then by the share of facts that
    is lacking, then by numbers and names without a source; ties by id.
    """
    wrong = [row for row in rows if not row.right]
    return tuple(sorted(wrong, key=_badness)[:count])


def _badness(row: Row) -> tuple[bool, bool, bool, float, int, str]:
    lacking = 0.0 if row.nugget_recall is None else 1 - row.nugget_recall
    return (
        row.status is not Outcome.ERROR,
        not row.forbidden,
        row.status is not Outcome.ANSWERED or row.expected in {Expected.ANSWER, Expected.WARN},
        -lacking,
        -len(row.unsupported_numbers) - len(row.unknown_names),
        row.id,
    )


# --- content -------------------------------------------------------------------------------------


def _lead(summary: Summary) -> Iterator[str]:
    right = summary.overall.figures[Measure.RIGHT]
    yield (
        f"{_percent(right.mean)} of {right.questions} questions are answered wholly right (95 % interval "
        f"{interval_text(right)}): every fact, nothing forbidden, refused where the pages do not say."
    )
    yield (
        "No model judges. A question that raised counts as wrong. Intervals are those of the percentile bootstrap: a "
        "kind of ten questions has a wide one, and one of no width means that all its questions fared alike, not that "
        f"the next would. Whether citations bear a statement out is judged by the {SUPPORT_TIER} tier;"
        " a statement with sums by doing them again, and by whether its other figures and names stand there."
    )


def _figures_table(group: Group) -> Table:
    rows = tuple(
        (
            f"{TITLES[measure]}{' (lower is better)' if measure in LOWER_IS_BETTER else ''}",
            _percent(figure.mean),
            interval_text(figure),
            str(figure.questions),
        )
        for measure, figure in group.figures.items()
    )
    return Table("All questions", ("figure", "mean", "95 % interval", "questions"), rows)


def _counts_table(group: Group) -> Table:
    crag = group.crag
    return Table(
        "Beside the shares",
        ("figure", "value"),
        (
            ("CRAG score (right 1, not answered 0, wrong -1)", f"{crag.score:.3f}"),
            ("right, not answered, wrong", " · ".join(_percent(v) for v in (crag.right, crag.missing, crag.wrong))),
            (f"wrong, and a fact was not among the first {READ_HITS} passages", str(group.retrieval_faults)),
            ("wrong, though all that was needed had been found", str(group.writing_faults)),
            ("errors", str(group.errors)),
            ("replies worded by the model", str(group.worded_by_model)),
            (
                "numbers in answers that no cited passage has and no sum or label bears out",
                str(group.unsupported_numbers),
            ),
            ("numbers computed, with the sum shown and done again here", str(group.computed_numbers)),
            ("numbers labelled as estimates or premises", str(group.assumed_numbers)),
            ("names in answers that neither a cited passage nor the question has", str(group.unknown_names)),
            ("words of an answer, median", NOTHING if group.words_median is None else f"{group.words_median:.0f}"),
            ("first text, p50 · p95", _times(group.first_text_ms)),
            ("whole reply, p50 · p95", _times(group.total_ms)),
        ),
    )


def _kinds_table(summary: Summary) -> Table:
    header = ("kind", "questions", "right %", "95 % interval", *map(itemgetter(1), _KIND_COLUMNS))
    rows = tuple(_kind_row(kind, group) for kind, group in summary.kinds.items())
    return Table(
        "By kind of question",
        (*header, "retrieval faults", "writing faults", "first text p95 ms"),
        rows,
    )


def _kind_row(kind: str, group: Group) -> tuple[str, ...]:
    right = group.figures[Measure.RIGHT]
    found = (group.figures.get(measure) for measure, _ in _KIND_COLUMNS)
    return (
        kind,
        str(group.questions),
        f"{right.mean * 100:.0f}",
        interval_text(right, decimals=0),
        *(NOTHING if figure is None else f"{figure.mean * 100:.0f}" for figure in found),
        str(group.retrieval_faults),
        str(group.writing_faults),
        NOTHING if group.first_text_ms is None else f"{group.first_text_ms.p95:.0f}",
    )


def _checker_table(checker: Sequence[CheckerFigures]) -> Table:
    """How far the check behind "borne out" can be trusted itself."""
    rows = tuple(
        (f.tier, f.split, str(f.pairs), _percent(f.precision), _percent(f.recall), f"{f.f1:.3f}") for f in checker
    )
    return Table(
        "The checker, checked on labelled pairs",
        ("tier", "half", "pairs", "precision of “supported”", "recall", "F1"),
        rows,
    )


def _exhibit(number: int, row: Row) -> Exhibit:
    lack = {
        Fault.RETRIEVAL: f"search: not all of it is among the first {READ_HITS} passages",
        Fault.WRITING: "what was made of the passages found",
        Fault.NONE: "",
    }[row.fault]
    sources = tuple(f"[{cited.number}] {cited.section}\n{cited.quote}" for cited in row.cited)
    parts = (
        Part("Asked before", row.history),
        Part("Question", (row.question,)),
        Part("Called for", (str(row.expected),)),
        Part("Reply", (f"{row.status}, {row.words} words, worded by the {row.worded_by}",)),
        Part("Text", (row.answer,)),
        Part("Missing", row.missing),
        Part("Forbidden, but said", row.forbidden),
        Part("Numbers without a source", row.unsupported_numbers),
        Part("Names without a source", row.unknown_names),
        Part("Fault lies in", (lack,)),
        Part("Sources", sources),
        Part("First passages found", tuple(hit.passage_id for hit in row.hits[:READ_HITS])),
        Part("Notes", row.notes),
        Part("Error", (row.error,)),
    )
    shown = (Part(part.label, tuple(filter(None, map(_clean, part.texts)))) for part in parts)
    return Exhibit(f"{number}. {row.id} ({row.kind})", tuple(part for part in shown if part.texts))


def _environment_table(environment: Environment) -> Table:
    memory = environment.peak_memory_mib
    entries = (
        ("measured at", environment.measured_at),
        ("career-advisor", environment.program),
        ("commit", environment.commit or "no repository"),
        ("answers worded by", environment.generator),
        ("index build", f"{environment.build}, made {environment.built_at}"),
        ("documents, passages", f"{environment.documents}, {environment.passages}"),
        ("embedder", f"{environment.embedder}, sha256 {environment.embedder_digest}"),
        ("Python", environment.python),
        ("system", f"{environment.system}, {environment.cores} cores"),
        ("peak memory", NOTHING if memory is None else f"{memory:.0f} MiB"),
        ("packages", ", ".join(f"{name} {version}" for name, version in environment.packages.items())),
    )
    return Table("Environment", ("what", "value"), entries)


def interval_text(figure: Figure, *, decimals: int = 1) -> str:
    """The limits of the interval, in per cent."""
    return f"{figure.low * 100:.{decimals}f} to {figure.high * 100:.{decimals}f}"


def _percent(share: float) -> str:
    return f"{share * 100:.1f} %"


def _times(times_ms: Percentiles | None) -> str:
    return NOTHING if times_ms is None else f"{times_ms.p50:.0f} ms · {times_ms.p95:.0f} ms"


def _clean(text: str) -> str:
    return visible(text).strip()


# --- Markdown ------------------------------------------------------------------------------------

_MARKUP = re.compile(r"([\\`*_\[\]<>|#~&])")


def markdown_report(report: Report) -> str:
    """The report as Markdown; foreign text is escaped, so that it shows as it was written."""
    blocks = [f"# {_escaped(report.title)}", *map(_escaped, report.lead)]
    for table in report.tables:
        blocks += [f"## {table.caption}", _markdown_table(table)]
    if report.exhibits:
        blocks.append(f"## The {len(report.exhibits)} worst answers")
    for exhibit in report.exhibits:
        blocks += [f"### {_escaped(exhibit.title)}", *map(_markdown_part, exhibit.parts)]
    blocks += [f"## {report.environment.caption}", _markdown_table(report.environment)]
    return "\n\n".join(blocks) + "\n"


def _markdown_table(table: Table) -> str:
    lines = [table.header, tuple("---" for _ in table.header), *table.rows]
    return "\n".join(f"| {' | '.join(_escaped(' '.join(cell.split())) for cell in line)} |" for line in lines)


def _markdown_part(part: Part) -> str:
    """The label, and on its line or quoted below it the texts."""
    if len(part.texts) == 1 and "\n" not in part.texts[0]:
        return f"**{part.label}:** {_escaped(part.texts[0])}"
    quoted = "\n>\n".join("\n".join(f"> {_escaped(line)}" for line in text.splitlines()) for text in part.texts)
    return f"**{part.label}:**\n\n{quoted}"


def _escaped(text: str) -> str:
    return _MARKUP.sub(r"\\\1", text)
