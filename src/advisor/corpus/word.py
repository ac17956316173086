"""Word files (DOCX) to Markdown: headings, lists, tables, links. The door of python-docx.

Knows nothing of cleaning.
"""

import io
import re
import zipfile
import zlib
from collections import Counter
from typing import Any

from advisor.corpus.manuscript import Manuscript
from advisor.corpus.markup import markdown_link
from advisor.errors import DocumentError

_LARGEST_UNPACKED_BYTES = 200 * 1024 * 1024
_HEADING = re.compile(r"^heading (\d)$")
_ITEM = re.compile(r"^(?P<indent> *)(?P<sign>-|1\.) ")
_LIST = re.compile(r"^list (bullet|number)(?: (\d))?$")


def read_word(raw: bytes, *, key: str) -> Manuscript:
    """The body as Markdown; raises DocumentError where the file is damaged or unpacks to something huge."""
    from docx.opc.exceptions import PackageNotFoundError

    try:
        return _manuscript(_open(raw, key))
    # What damaged files have been seen to raise in zipfile, zlib, lxml (SyntaxError) and the library itself.
    except (
        zipfile.BadZipFile, zlib.error, PackageNotFoundError, LookupError, ValueError, TypeError, AttributeError,
        SyntaxError, OSError, EOFError, RuntimeError,
    ) as error:  # fmt: skip
        reason = f"{type(error).__name__}: {error}"
        raise DocumentError(
            f"{key!r} cannot be read as DOCX ({reason}); open it in a word processor and save it anew as .docx."
        ) from error


def _open(raw: bytes, key: str) -> Any:
    import docx

    with zipfile.ZipFile(io.BytesIO(raw)) as package:
        unpacked_bytes = sum(entry.file_size for entry in package.infolist())
    if unpacked_bytes > _LARGEST_UNPACKED_BYTES:
        raise DocumentError(
            f"{key!r} unpacks to {unpacked_bytes} bytes, more than {_LARGEST_UNPACKED_BYTES}; split it."
        )
    return docx.Document(io.BytesIO(raw))


def _manuscript(document: Any) -> Manuscript:
    blocks: list[str] = []
    in_list = False
    # A paragraph in the style "Title" stands above every heading, so these step down by one.
    below_title = any(_style(paragraph) == "title" for paragraph in document.paragraphs)
    for part in document.iter_inner_content():
        lines = [_paragraph(part, below_title=below_title)] if hasattr(part, "runs") else _table(part)
        is_item = len(lines) == 1 and bool(_ITEM.match(lines[0]))
        if any(lines):
            blocks += lines if in_list and is_item else ["", *lines]
            in_list = is_item
    return Manuscript("\n".join(_numbered(blocks[1:])), document.core_properties.title or "")


def _numbered(lines: list[str]) -> list[str]:
    """The lines with the numbered items counted, each list and each level on its own."""
    written, counts = [], Counter[int]()
    for line in lines:
        item = _ITEM.match(line)
        depth = len(item["indent"]) if item else -1
        for deeper in [level for level in counts if level > depth]:
            del counts[deeper]
        if item and item["sign"] == "1.":
            counts[depth] += 1
            line = f"{item['indent']}{counts[depth]}.{line[item.end('sign') :]}"
        written.append(line)
    return written


def _style(paragraph: Any) -> str:
    return (paragraph.style.name or "").lower() if paragraph.style is not None else ""


def _paragraph(paragraph: Any, *, below_title: bool) -> str:
    words, style = " ".join(_words(paragraph).split()), _style(paragraph)
    if not words:
        return ""
    if style == "title":
        return f"# {words}"
    if found := _HEADING.match(style):
        return f"{'#' * min(6, int(found.group(1)) + below_title)} {words}"
    level, sign = _list_place(paragraph, style)
    return f"{'   ' * level}{sign} {words}" if sign else _escape_lead(words)


def _list_place(paragraph: Any, style: str) -> tuple[int, str]:
    """The depth of a list item from 0, and its sign; the sign is "" where the paragraph is no item.

    Every numbered item gets "1." here; `_numbered` counts.
    """
    found = _LIST.match(style)
    numbering = paragraph._p.pPr.numPr if paragraph._p.pPr is not None else None
    if numbering is not None and numbering.numId is not None:
        level = numbering.ilvl.val if numbering.ilvl is not None else 0
        if found is None:
            return level, "-" if _number_format(paragraph, numbering.numId.val, level) == "bullet" else "1."
    if found is None:
        return 0, ""
    return int(found.group(2) or 1) - 1, "-" if found.group(1) == "bullet" else "1."


def _number_format(paragraph: Any, number_id: int, level: int) -> str:
    """Word's name for how the items of a list are numbered; "bullet" where nothing is said."""
    numbering = paragraph.part.numbering_part.element
    abstract = numbering.xpath(f"w:num[@w:numId='{number_id}']/w:abstractNumId/@w:val")
    found = abstract and numbering.xpath(
        f"w:abstractNum[@w:abstractNumId='{abstract[0]}']/w:lvl[@w:ilvl='{level}']/w:numFmt/@w:val"
    )
    return str(found[0]) if found else "bullet"


def _words(paragraph: Any) -> str:
    return "".join(
        markdown_link(_escape(part.text), part.url) if hasattr(part, "url") else _escape(part.text)
        for part in paragraph.iter_inner_content()
    )


def _escape(text: str) -> str:
    return re.sub(r"<(?=[A-Za-z/!?])", "&lt;", text)


def _escape_lead(words: str) -> str:
    return re.sub(r"^(?=#{1,6}\s|>|(?:-{3,}|={3,})\s*$)", r"\\", words)


def _table(table: Any) -> list[str]:
    rows = [[" ".join(cell.text.split()).replace("|", "\\|") for cell in row.cells] for row in table.rows]
    if not rows:
        return []
    lines = ["| " + " | ".join(map(_escape, row)) + " |" for row in rows]
    return [lines[0], "|" + " --- |" * len(rows[0]), *lines[1:]]
