"""PDF files to plain text by pages, without running heads and page numbers. The door of pypdf.

Knows nothing of Markdown; titles are found later, as in any text without headings.
"""

import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from statistics import median
from typing import TYPE_CHECKING

from advisor.corpus.manuscript import Manuscript
from advisor.errors import DocumentError

if TYPE_CHECKING:
    from pypdf import PageObject

_EDGE_LINES = 3  # running heads and feet are looked for in this many lines at either end of a page
_WIDE_GAP = 1.5  # a step down of more than this many usual steps begins a paragraph
_LARGER = 1.15  # type this much larger than the text's marks a title
_PAGE_NUMBER = re.compile(r"(?:page )?#(?: (?:of|/) #)?$", re.IGNORECASE)
_HYPHEN = re.compile(r"(?<=[a-zà-ÿ])[-\u00ad\u2010]$")


def read_pdf(raw: bytes, *, key: str) -> Manuscript:
    """The text of all pages; raises DocumentError where the file is encrypted, damaged or holds no text."""
    pages = _without_running_lines(_pages(raw, key))
    if not any(line.strip() for page in pages for line in page):
        raise DocumentError(f"{key!r} holds no text, perhaps only scanned images; run OCR on it or provide the text.")
    joined = [_joined(page) for page in pages]
    starts = accumulate((len(page) for page in joined[:-1]), initial=0)
    return Manuscript("\n".join(line for page in joined for line in page), page_lines=tuple(starts))


def _pages(raw: bytes, key: str) -> list[list[str]]:
    from pypdf import PdfReader
    from pypdf.errors import DeprecationError, PyPdfError

    try:
        reader = PdfReader(io.BytesIO(raw))
        if reader.is_encrypted and not reader.decrypt(""):
            raise DocumentError(f"{key!r} is protected by a password; save a copy without one.")
        return [_lines(page) for page in reader.pages]
    # What damaged files have been seen to raise inside the library; RuntimeError holds the unsupported filters.
    except (
        PyPdfError,
        DeprecationError,
        LookupError,
        ValueError,
        TypeError,
        AttributeError,
        OSError,
        RuntimeError,
    ) as error:
        raise DocumentError(
            f"{key!r} cannot be read as PDF ({type(error).__name__}: {error}); open it in a viewer and save it anew."
        ) from error


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a page: how high it stands and how large its letters are, in the page's units."""

    text: str
    height: float
    size: float


def _lines(page: "PageObject") -> list[str]:
    """The page's lines, with a blank line where the distance between two is wide and around those in larger type."""
    lines: list[_Line] = []

    def see(text: str, cm: list[float], tm: list[float], _font: object, size: float) -> None:
        height = cm[1] * tm[4] + cm[3] * tm[5] + cm[5]
        scaled = size * (abs(tm[3]) or 1) * (abs(cm[3]) or 1)
        for line in filter(str.strip, text.split("\n")):
            if lines and abs(lines[-1].height - height) < 1:
                lines[-1] = _Line(lines[-1].text + line, height, lines[-1].size)
            else:
                lines.append(_Line(line, height, scaled))

    page.extract_text(visitor_text=see)
    return _spaced(lines)


def _spaced(lines: Sequence[_Line]) -> list[str]:
    steps = [above.height - below.height for above, below in pairwise(lines)]
    usual = Counter(round(step) for step in steps if step > 1).most_common()
    if not usual:
        return [line.text.strip() for line in lines]
    # The smallest step that is seen often: in a list of headings the wide ones may be the more frequent.
    step_down = min(step for step, count in usual if 3 * count >= usual[0][1])
    body_size = median(line.size for line in lines for _ in line.text)
    spaced = [lines[0].text.strip()]
    for (above, below), step in zip(pairwise(lines), steps, strict=True):
        larger = max(above.size, below.size) > _LARGER * body_size and above.size != below.size
        spaced += ["", below.text.strip()] if larger or abs(step) > _WIDE_GAP * step_down else [below.text.strip()]
    return spaced


def _shape(line: str) -> str:
    """What a running line has in common with that of other pages: everything but its numbers."""
    return re.sub(r"\d+", "#", " ".join(line.split()))


def _edges(page: Sequence[str]) -> set[int]:
    written = [at for at, line in enumerate(page) if line.strip()]
    return set(written[:_EDGE_LINES] + written[-_EDGE_LINES:])


def _without_running_lines(pages: list[list[str]]) -> list[list[str]]:
    """The pages without the lines that stand at the edge of most of them, and without bare page numbers."""
    counts = Counter(shape for page in pages for shape in {_shape(page[at]) for at in _edges(page)})
    written = sum(any(line.strip() for line in page) for page in pages)
    running = {shape for shape, count in counts.items() if count > max(1, written / 2)}

    left_out = [_running_lines(page, running) for page in pages]
    return [[line for at, line in enumerate(page) if at not in out] for page, out in zip(pages, left_out, strict=True)]


def _running_lines(page: Sequence[str], running: set[str]) -> set[int]:
    """The lines to leave out, from either edge inwards up to the first that belongs to the page itself."""
    written = [at for at, line in enumerate(page) if line.strip()]
    found: set[int] = set()
    for inwards in (written[:_EDGE_LINES], written[::-1][:_EDGE_LINES]):
        for at in inwards:
            shape = _shape(page[at])
            if shape not in running and not _PAGE_NUMBER.match(shape):
                break
            found.add(at)
    return found


def _joined(page: Sequence[str]) -> list[str]:
    """The page's lines with words that were broken at a line's end made whole; at least one line, blank at the end."""
    lines: list[str] = []
    for line in page:
        if lines and _HYPHEN.search(lines[-1]) and line[:1].islower():
            rest, _, line = line.partition(" ")
            lines[-1] = lines[-1][:-1] + rest
            if not line:
                continue
        lines.append(line)
    return [*lines, ""]
