"""The report as one HTML file that needs nothing else: no script, no outside resource, charts as inline SVG.

Owns layout and colours, for light and dark. Knows nothing of how figures come about or which of them are shown.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from advisor.evaluation.measures import TITLES, Measure
from advisor.evaluation.report import Exhibit, Part, Report, Table, interval_text
from advisor.evaluation.summary import Figure, Group, Summary

CHARTED = (Measure.RIGHT, Measure.NUGGET_RECALL, Measure.RECALL_AT_5)

_STYLE = """
:root { color-scheme: light dark; --ink: #1d2329; --soft: #57606a; --paper: #ffffff; --panel: #f4f6f8; --line: #d3d9df;
  --bar: #5b8fc7; --mark: #0d2d52; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e7ea; --soft: #9aa5b1; --paper: #14171a; --panel: #1d2226;
  --line: #39424b; --bar: #3f73ad; --mark: #dbe9f9; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 72rem; padding: 1.5rem 1rem 4rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.55 system-ui, sans-serif; }
h1 { font-size: 1.6rem; line-height: 1.25; } h2 { font-size: 1.25rem; margin: 2.5rem 0 .75rem; }
h3 { font-size: 1rem; margin: 0 0 .5rem; overflow-wrap: anywhere; }
p { max-width: 46rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: .875rem; font-variant-numeric: tabular-nums; }
th, td { padding: .3rem .7rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
thead th { color: var(--soft); font-weight: 600; vertical-align: bottom; }
tbody th { font-weight: 400; white-space: nowrap; }
td { overflow-wrap: anywhere; }
.numbers td, .numbers thead th:not(:first-child) { text-align: right; overflow-wrap: normal; }
.numbers td { white-space: nowrap; }
figure { margin: 1rem 0 2rem; overflow-x: auto; } figcaption { font-weight: 600; margin-bottom: .25rem; }
svg { display: block; width: 100%; min-width: 34rem; max-width: 52rem; height: auto; }
svg text { fill: var(--ink); font: 13px system-ui, sans-serif; } svg .soft { fill: var(--soft); }
svg .bar { fill: var(--bar); } svg .grid { stroke: var(--line); } svg .mark { stroke: var(--mark); stroke-width: 1.5; }
article { background: var(--panel); border: 1px solid var(--line); border-radius: .5rem; padding: .9rem 1rem;
  margin: 0 0 1rem; }
dl { display: grid; grid-template-columns: 11rem minmax(0, 1fr); gap: .35rem 1rem; margin: 0; font-size: .9375rem; }
dt { color: var(--soft); } dd { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; }
dd + dd { grid-column: 2; }
@media (max-width: 40rem) { dl { grid-template-columns: minmax(0, 1fr); } dd + dd { grid-column: 1; } }
"""
# Even if a foreign text got past the escaping, nothing would run and nothing would be fetched.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def html_report(report: Report, summary: Summary) -> str:
    """The whole page; every foreign character is escaped."""
    charts = [_chart_of(summary, measure) for measure in CHARTED if measure in summary.overall.figures]
    body = [
        f"<h1>{escape(report.title)}</h1>",
        *(f"<p>{escape(line)}</p>" for line in report.lead),
        "<h2>Charts</h2>",
        "<p>A bar is the mean, the line across its end the 95 % interval, n the questions. The lowest stand first.</p>",
        *charts,
        *(_section(table) for table in report.tables),
        *_exhibits(report.exhibits),
        _section(report.environment),
    ]
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(report.title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        + "\n".join(body)
        + "\n</main>\n</body>\n</html>\n"
    )


# --- charts --------------------------------------------------------------------------------------

_ROW, _TOP, _BAR = 24, 26, 12  # heights
_LEFT, _WIDTH, _RIGHT = 200, 420, 180  # labels, the scale from 0 to 100 %, values
_TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a chart."""

    label: str
    figure: Figure


def bar_chart(title: str, bars: Sequence[Bar]) -> str:
    """Horizontal bars with their intervals, in the order given, as an SVG figure on a scale from 0 to 100 %."""
    height = _TOP + _ROW * len(bars) + 4
    parts = [*_grid(height), *(line for place, bar in enumerate(bars) for line in _bar(bar, _TOP + place * _ROW))]
    name = escape(title, quote=True)
    return (
        f"<figure><figcaption>{escape(title)}</figcaption>\n"
        f'<svg viewBox="0 0 {_LEFT + _WIDTH + _RIGHT} {height}" role="img" aria-label="{name}">\n'
        + "\n".join(parts)
        + "\n</svg></figure>"
    )


def _chart_of(summary: Summary, measure: Measure) -> str:
    """One measure of all questions, then of each kind that has it, lowest first; ties by name."""
    kinds = [Bar(kind, figure) for kind, group in summary.kinds.items() if (figure := _figure(group, measure))]
    lowest_first = sorted(kinds, key=lambda bar: (bar.figure.mean, bar.label))
    title = f"{TITLES[measure][0].upper()}{TITLES[measure][1:]}, by kind of question"
    return bar_chart(title, [Bar("all questions", summary.overall.figures[measure]), *lowest_first])


def _figure(group: Group, measure: Measure) -> Figure | None:
    return group.figures.get(measure)


def _grid(height: int) -> Iterator[str]:
    for tick in _TICKS:
        yield f'<line class="grid" x1="{_x(tick)}" y1="{_TOP - 6}" x2="{_x(tick)}" y2="{height}"/>'
        yield f'<text class="soft" x="{_x(tick)}" y="{_TOP - 10}" text-anchor="middle">{tick * 100:.0f} %</text>'


def _bar(bar: Bar, top: int) -> Iterator[str]:
    figure, middle = bar.figure, top + _ROW / 2
    low, high = _x(figure.low), _x(figure.high)
    yield f'<text x="{_LEFT - 10}" y="{middle + 4.5}" text-anchor="end">{escape(bar.label)}</text>'
    width = _x(figure.mean) - _LEFT
    yield f'<rect class="bar" x="{_LEFT}" y="{middle - _BAR / 2}" width="{width:.1f}" height="{_BAR}" rx="2"/>'
    yield f'<line class="mark" x1="{low}" y1="{middle}" x2="{high}" y2="{middle}"/>'
    for end in (low, high):
        yield f'<line class="mark" x1="{end}" y1="{middle - 4}" x2="{end}" y2="{middle + 4}"/>'
    value = f"{figure.mean * 100:.0f} % ({interval_text(figure, decimals=0)}), n {figure.questions}"
    yield f'<text class="soft" x="{_LEFT + _WIDTH + 14}" y="{middle + 4.5}">{value}</text>'


def _x(share: float) -> float:
    return round(_LEFT + _WIDTH * share, 1)


# --- tables and exhibits -------------------------------------------------------------------------


def _section(table: Table) -> str:
    numbers = "" if table.header[-1] == "value" else ' class="numbers"'
    header = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in table.header)
    rows = "\n".join(_row(row) for row in table.rows)
    caption = escape(table.caption, quote=True)
    return (
        f'<h2>{caption}</h2>\n<div class="wide" role="region" aria-label="{caption}" tabindex="0">'
        f"<table{numbers}>\n<thead><tr>{header}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table></div>"
    )


def _row(cells: Sequence[str]) -> str:
    first, *others = cells
    return f'<tr><th scope="row">{escape(first)}</th>{"".join(f"<td>{escape(cell)}</td>" for cell in others)}</tr>'


def _exhibits(exhibits: Sequence[Exhibit]) -> Iterator[str]:
    if exhibits:
        yield f"<h2>The {len(exhibits)} worst answers</h2>"
    for exhibit in exhibits:
        parts = "\n".join(_part(part) for part in exhibit.parts)
        yield f"<article>\n<h3>{escape(exhibit.title)}</h3>\n<dl>\n{parts}\n</dl>\n</article>"


def _part(part: Part) -> str:
    return f"<dt>{escape(part.label)}</dt>" + "".join(f"<dd>{escape(text)}</dd>" for text in part.texts)
