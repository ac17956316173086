"""Pictographs and typed bullets: list signs where they mark items, nothing where they decorate.

Works line by line on Markdown outside fenced code. Knows nothing of HTML or encodings.
"""

import re
from dataclasses import dataclass

_NEGATIONS = "❌✗✘❎✖🚫⛔"  # these carry a "not": they stay in the text
_YES = re.compile("^[✅✔☑✓]+$")
_NO = re.compile(f"^[{_NEGATIONS}]+$")
_PICTURE = (
    "(?:[0-9#*]\ufe0f?\u20e3|"
    f"(?![{_NEGATIONS}])[\U0001f000-\U0001faff\u2600-\u2604\u2607-\u266c\u2670-\u2767\u2794-\u27bf\u2b00-\u2bff\u231a\u231b\u23cf\u23e9-\u23fa"
    "\u25aa\u25ab\u25b6\u25c0\u25fb-\u25fe\u20e3\ufe0f\u200d])"
)
_PICTURES = re.compile(f"(?<![ \t])[ \t]*{_PICTURE}(?:[ \t]*{_PICTURE})*[ \t]*")
_ARROWS = str.maketrans({**dict.fromkeys("➡➜➔➞➝➙➛⮕", "→"), "⬅": "←", "⬆": "↑", "⬇": "↓"})
_BULLETS = "•◦▪‣●○■□►▸◆◇∙⁃⦿★☆"
_BULLET_PICTURES = frozenset("✅❌🔹🔸🔷🔶▫◾◽◼◻▶➤➢➡👉🔘🔵🔴🟢🟡🟠🟣⚫⚪")
_COLOURS = dict(zip("🔴🟠🟡🟢🔵🟣🟤⚫⚪", "red orange yellow green blue purple brown black white".split(), strict=True))
_SAME = dict.fromkeys("✔☑✓☐" + _NEGATIONS, "✅")  # "do" and "don't" items are siblings

_HEADING = re.compile(r"^ {0,3}#{1,6}(?=[ \t])[ \t]*")
_ITEM = re.compile(r"^(?P<indent>[ \t]*)(?P<sign>[-*+]|\d{1,9}[.)])(?P<gap>[ \t]+)(?:\[[ xX]\][ \t]+)?(?=\S)")
_QUOTE = re.compile(r"^[ \t]{0,3}(?:>[ \t]?)+")
_NUMBER_SIGN = re.compile("^(?P<digit>[0-9])\ufe0f?\u20e3[ \t]*|^🔟[ \t]*")
_MARKER = re.compile(f"^(?:(?P<no>[{_NEGATIONS}])|(?P<picture>{_PICTURE}))(?:[ \t]*{_PICTURE})*[ \t]*(?=\\S)")
_BULLET = re.compile(f"^(?P<bullet>[{_BULLETS}])[ \t]*(?=[^\\s{_BULLETS}])")
_DASH = re.compile(r"^–[ \t]+(?=\S)")
_LABEL = re.compile(r"^(?:\*\*|__)[^*_]+(?::(?:\*\*|__)|(?:\*\*|__)[ \t]*:)\s*$")


@dataclass(frozen=True, slots=True)
class _Line:
    """One line, taken apart; `family` is the kind of its marker, "" where it begins with none."""

    text: str
    indent: int = 0
    family: str = ""
    sign: str = "-"
    rest: str = ""
    block: int = 0


def without_pictures(text: str) -> str:
    """One stretch of text without decorative pictographs, the blanks around them tidied."""
    return _PICTURES.sub(_gap, text.translate(_ARROWS))


def begins_with_picture(text: str) -> bool:
    """Whether a pictograph leads the text."""
    return bool(re.match(_PICTURE, text.lstrip()))


def list_signs(text: str, *, nest_all: bool = False) -> str:
    """The text with marker pictographs and typed bullets as Markdown list items, other pictographs removed.

    Same number of lines. `nest_all` also re-indents the Markdown items that are there, for text that was never
    written as Markdown (an item indented by four blanks would otherwise be code).
    """
    lines = _take_apart(text.split("\n"))
    chosen = [_as_item(lines, at) for at in range(len(lines))]
    return "\n".join(_nest(chosen, nest_all=nest_all))


def _gap(match: re.Match[str]) -> str:
    """What stands where a pictograph stood: a space between words, else nothing."""
    found, before, after = match.group(), match.string[: match.start()][-1:], match.string[match.end() :][:1]
    if not before or not after or before in "([{\"'“‘#>" or after in ".,;:!?)]}":
        return ""
    led, trailed = found[0] in " \t", found[-1] in " \t"
    if before in "*_" and not led:
        return ""
    if after in "*_" and not trailed:
        return ""
    return " "


# --- which lines are items ------------------------------------------------------------------------


def _take_apart(texts: list[str]) -> list[_Line]:
    lines, block = [], 0
    for text in texts:
        block += not text.strip() or bool(_HEADING.match(text))
        lines.append(_line(text, block))
    return lines


def _line(text: str, block: int) -> _Line:
    body = text.lstrip(" \t")
    indent = len(text[: len(text) - len(body)].expandtabs(4))
    if number := _NUMBER_SIGN.match(body):
        rest = body[number.end() :]
        return (
            _Line(text, indent, "1", f"{number.group('digit') or 10}.", rest, block)
            if rest
            else _Line(text, block=block)
        )
    if bullet := _BULLET.match(body):
        return _Line(text, indent, bullet.group("bullet"), "-", body[bullet.end() :], block)
    if dash := _DASH.match(body):
        return _Line(text, indent, "–", "-", body[dash.end() :], block)
    if marker := _MARKER.match(body):
        sign = marker.group("no") or marker.group("picture")[0]
        negation = marker.group("no") + " " if marker.group("no") else ""
        return _Line(text, indent, _SAME.get(sign, sign), "-", negation + body[marker.end() :], block)
    return _Line(text, block=block)


def _as_item(lines: list[_Line], at: int) -> _Line:
    """The line as a list item with its depth in `indent`, or as plain text without pictographs (family "")."""
    line = lines[at]
    if line.family and _is_item(lines, at):
        indent = line.indent + 2 * _depth(lines, at)
        return _Line(line.text, indent, line.family, line.sign, without_pictures(line.rest), line.block)
    return _Line(_plain(line), block=line.block)


def _is_item(lines: list[_Line], at: int) -> bool:
    line = lines[at]
    if _LABEL.match(line.rest):
        return False
    if line.family == "–":
        above = lines[at - 1] if at else None
        return above is None or not above.text.strip() or bool(above.family) or above.text.rstrip(" *_").endswith(":")
    if line.family in _BULLETS or line.family in _BULLET_PICTURES or line.family == "1":
        return True
    return any(
        other.family and not _LABEL.match(other.rest) and (other.block == line.block or other.family == line.family)
        for other in _neighbours(lines, at)
    )


def _neighbours(lines: list[_Line], at: int) -> list[_Line]:
    """The nearest written line above and below."""
    above = next((line for line in lines[max(0, at - 4) : at][::-1] if line.text.strip()), None)
    below = next((line for line in lines[at + 1 : at + 5] if line.text.strip()), None)
    return [line for line in (above, below) if line]


def _depth(lines: list[_Line], at: int) -> int:
    """0 for the marker that opens the block, 1 for another one beneath it."""
    start = at
    while start and lines[start - 1].block == lines[at].block:
        start -= 1
    first = next(line for line in lines[start:] if line.family and _is_item_sign(line))
    line = lines[at]
    if line.family == first.family or line.indent != first.indent:
        return 0
    signs = (line.family, first.family)
    repeats = start + 200 > at and sum(other.family == first.family for other in lines[start : at + 200]) > 1
    return int(repeats or any(sign in _BULLETS or sign in _BULLET_PICTURES for sign in signs))


def _is_item_sign(line: _Line) -> bool:
    return not _LABEL.match(line.rest)


def _plain(line: _Line) -> str:
    """The line without decoration; headings, items and quotes keep their signs, table cells their yes, no or colour."""
    text = line.text
    if text.isascii():
        return text
    if text.lstrip().startswith("|"):
        return "|".join(_cell(cell) for cell in text.split("|"))
    lead = _HEADING.match(text) or _ITEM.match(text) or _QUOTE.match(text) or re.match(r"[ \t]*", text)
    head, body = (text[: lead.end()], text[lead.end() :]) if lead else ("", text)
    bare = without_pictures(body)
    return (head + bare if bare else head.rstrip()) if bare != body else text


def _cell(cell: str) -> str:
    bare = cell.strip().replace("\ufe0f", "")
    if _YES.match(bare) or _NO.match(bare):
        return " yes " if _YES.match(bare) else " no "
    if bare in _COLOURS:
        return f" {_COLOURS[bare]} "
    stripped = without_pictures(cell)
    return cell if stripped == cell else f" {stripped.strip()} "


# --- how deep they stand --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Open:
    """A list item that later lines may be nested in: where it stood, and where its content begins now."""

    indent: int
    content: int


def _nest(lines: list[_Line], *, nest_all: bool) -> list[str]:
    """The lines with every new item indented so that CommonMark sees the list that the eye sees."""
    written, stack, after_blank = [], list[_Open](), True
    for line in lines:
        item = _ITEM.match(line.text) if not line.family else None
        if line.family or item:
            fresh = bool(line.family) or nest_all
            indent = line.indent if line.family else len(item["indent"].expandtabs(4)) if item else 0
            while stack and stack[-1].indent >= indent:
                stack.pop()
            at = _indent(indent, stack) if fresh else indent
            body = f"{line.sign} {line.rest}" if line.family else line.text.lstrip()
            width = len(line.sign) + 1 if line.family else item.end() - item.start("sign") if item else 2
            stack.append(_Open(indent, at + min(width, 5)))
            written.append(" " * at + body if fresh else line.text)
        else:
            if line.text.strip() and _closes(line.text, stack, after_blank=after_blank):
                stack.clear()
            written.append(line.text)
        after_blank = not line.text.strip()
    return written


def _indent(indent: int, stack: list[_Open]) -> int:
    """The nearest indentation at which CommonMark nests the item where it belongs."""
    lowest = stack[-1].content if stack else 0
    return min(max(indent, lowest), lowest + 3)


def _closes(text: str, stack: list[_Open], *, after_blank: bool) -> bool:
    """Whether a line that is no item ends the open lists."""
    if _HEADING.match(text):
        return True
    return bool(stack) and after_blank and len(text) - len(text.lstrip()) < stack[0].content
