"""The cells of a table's row as a reader understands them: under its column, with the column's unit and its key.

Pure functions of words; the Markdown grammar is `outline`'s.
"""

import re
from collections.abc import Iterator, Sequence

_EMPTY_BRACKETS = re.compile(r"[(\[]\s*[)\]]")
_UNIT = r"(?:hours|hrs|days|weeks|months)"
_TIME_IN_UNITS = re.compile(
    r"(?P<name>(?:(?:total|study|learning|estimated|est\.?|expected) )*(?:time|duration|length)(?: needed)?)"
    rf"[\s,:/-]*(?:\(\s*(?:in )?(?P<bracketed>{_UNIT})\s*\)|(?:in )?(?P<unit>{_UNIT}))",
    re.IGNORECASE,
)
AMOUNT = re.compile(r"~?\s*\d+(?:[.,]\d+)?(?:\s*(?:[-–—]|to)\s*\d+(?:[.,]\d+)?)?\+?")
_KEY = re.compile(r"\b(?P<sign>[A-Za-z]{1,3})\s?=\s?(?P<meaning>[A-Z][\w-]{1,20}(?: [a-z]\w{0,20}){0,2})")
_SAYS_NOTHING = re.compile(r"(?:details?|values?|info(?:rmation)?)", re.IGNORECASE)  # the name of a second column
_ONLY_POINTS = re.compile(r"(?:(?:study |course |video )?link|here|url|click here|open|visit)\W*", re.IGNORECASE)


def named_cells(columns: Sequence[str], texts: Sequence[str]) -> tuple[str, ...]:
    """`Column: cell` for each cell that says something.

    A time under "Time (weeks)" gets its unit, a letter under "Need (M=Mandatory)" its meaning; a cell that is nothing
    but the word "link" is left out, and so is the name "Details" or "Value" of a later column.
    """
    return tuple(_named(columns, texts))


def _named(columns: Sequence[str], texts: Sequence[str]) -> Iterator[str]:
    for place, (column, text) in enumerate(zip(columns, texts, strict=False)):
        if not text.strip(" -–—") or _ONLY_POINTS.fullmatch(text):
            continue
        in_units = _TIME_IN_UNITS.fullmatch(column)
        key = {found["sign"]: found for found in _KEY.finditer(column)}
        if in_units and AMOUNT.fullmatch(text):
            unit = (in_units["bracketed"] or in_units["unit"]).lower()
            yield f"{in_units['name']}: {text} {unit.rstrip('s') if text.strip('~ ') == '1' else unit}"
        elif text in key:
            name = column[: min(found.start() for found in key.values())].rstrip(" ([:,-")
            yield f"{name}: {key[text]['meaning']}" if name else key[text]["meaning"]
        else:
            name = " ".join(_EMPTY_BRACKETS.sub(" ", column).split())
            is_named = name and not (place and _SAYS_NOTHING.fullmatch(name))
            yield f"{name}: {text}" if is_named else text
