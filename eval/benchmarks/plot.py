"""Charts as plain SVG: bars side by side for several measures, and lines over sizes. Knows no benchmark."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

_FONT = "system-ui, sans-serif"
_INK, _SOFT, _GRID, _OWN, _OTHER = "#1f2328", "#59636e", "#d1d9e0", "#0969da", "#afb8c1"
_COLOURS = ("#0969da", "#bc4c00", "#1a7f37", "#8250df")
_ROW, _TOP, _LABELS, _PANEL, _GAP = 22, 56, 260, 170, 24


@dataclass(frozen=True, slots=True)
class Panel:
    """One measure: a value for each label, None where there is none."""

    title: str
    values: Sequence[float | None]
    decimals: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """Points (size, value) of one curve, both above 0, in the order of their sizes."""

    label: str
    sizes: Sequence[float]
    values: Sequence[float]


def bar_panels(title: str, labels: Sequence[str], panels: Sequence[Panel], own: Sequence[str] = ()) -> str:
    """Horizontal bars, a panel for each measure on its own scale from 0; the labels in `own` stand out."""
    width = _LABELS + len(panels) * (_PANEL + _GAP)
    height = _TOP + _ROW * len(labels) + 12
    parts = [_text(0, 18, title, size=15, weight="600")]
    parts += [_text(_LABELS - 10, _y(row), label, anchor="end") for row, label in enumerate(labels)]
    for place, panel in enumerate(panels):
        parts += _panel(panel, labels, own, _LABELS + place * (_PANEL + _GAP))
    return _svg(width, height, title, parts)


def _panel(panel: Panel, labels: Sequence[str], own: Sequence[str], left: int) -> Iterator[str]:
    yield _text(left, _TOP - 14, panel.title, fill=_SOFT)
    most = max((value for value in panel.values if value is not None), default=0.0)
    room = _PANEL - 52  # the rest is for the number behind the bar
    for row, (label, value) in enumerate(zip(labels, panel.values, strict=True)):
        if value is None:
            yield _text(left, _y(row), "–", fill=_SOFT)
            continue
        long = round(room * value / most, 1) if most else 0
        fill = _OWN if label in own else _OTHER
        yield f'<rect x="{left}" y="{_TOP + row * _ROW + 4}" width="{long}" height="{_ROW - 8}" rx="2" fill="{fill}"/>'
        yield _text(left + long + 5, _y(row), f"{value:,.{panel.decimals}f}", fill=_SOFT)


def line_chart(title: str, lines: Sequence[Line], *, x_title: str, y_title: str, limit: float | None = None) -> str:
    """Curves on logarithmic scales, with a dashed line at `limit`. Raises ValueError where there is no point."""
    values = [value for line in lines for value in line.values] + ([limit] if limit else [])
    sizes = [size for line in lines for size in line.sizes]
    if not sizes:
        raise ValueError("there is no point to draw; give a line with points")
    across, up = _Scale(sizes, 70, 560), _Scale(values, 300, 50)
    parts = [_text(0, 18, title, size=15, weight="600")]
    for power in across.powers:
        x = across.at(10.0**power)
        parts += [_rule(x, up.first, x, up.last), _text(x, 320, f"{10**power:,}", anchor="middle", fill=_SOFT)]
    for power in up.powers:
        y = up.at(10.0**power)
        parts += [_rule(70, y, 560, y), _text(62, y + 4, f"{10.0**power:g}", anchor="end", fill=_SOFT)]
    if limit:
        parts.append(_rule(70, up.at(limit), 560, up.at(limit), dash='stroke-dasharray="4 4" stroke="#cf222e"'))
    for line, colour in zip(lines, _COLOURS, strict=False):
        parts += _curve(line, across, up, colour)
    parts += [_text(315, 342, x_title, anchor="middle"), _text(0, 40, y_title, fill=_SOFT)]
    return _svg(720, 352, title, parts)


class _Scale:
    """Logarithms of values onto a stretch of pixels, from the power of ten below the least to that above the most."""

    def __init__(self, values: Sequence[float], first: float, last: float) -> None:
        low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
        self.powers = range(low, max(high, low + 1) + 1)
        self.first, self.last = first, last

    def at(self, value: float) -> float:
        share = (math.log10(value) - self.powers[0]) / (self.powers[-1] - self.powers[0])
        return round(self.first + (self.last - self.first) * share, 1)


def _curve(line: Line, across: _Scale, up: _Scale, colour: str) -> Iterator[str]:
    points = [(across.at(size), up.at(value)) for size, value in zip(line.sizes, line.values, strict=True)]
    path = " ".join(f"{x},{y}" for x, y in points)
    yield f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>'
    yield from (f'<circle cx="{x}" cy="{y}" r="3" fill="{colour}"/>' for x, y in points)
    if points:
        yield _text(points[-1][0] + 8, points[-1][1] + 4, line.label, fill=colour)


def _y(row: int) -> float:
    return _TOP + row * _ROW + _ROW / 2 + 4


def _rule(x1: float, y1: float, x2: float, y2: float, dash: str = f'stroke="{_GRID}"') -> str:
    return f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" {dash}/>'


def _text(
    x: float, y: float, words: str, *, anchor: str = "start", fill: str = _INK, size: int = 12, weight: str = "400"
) -> str:
    style = f'font-family="{_FONT}" font-size="{size}" font-weight="{weight}" fill="{fill}" text-anchor="{anchor}"'
    return f'<text x="{x}" y="{y}" {style}>{escape(words)}</text>'


def _svg(width: int, height: int, title: str, parts: Sequence[str]) -> str:
    name = escape(title, quote=True)
    box = f"-12 -4 {width + 24} {height + 16}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" role="img" aria-label="{name}">\n'
        f'<rect x="-12" y="-4" width="{width + 24}" height="{height + 16}" fill="#ffffff"/>\n'
        + "\n".join(parts)
        + "\n</svg>\n"
    )
