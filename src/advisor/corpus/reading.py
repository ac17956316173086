"""Files to `Document`: which files are read, by which reader, and how their sections are found.

Knows nothing of passages, indexes or facts. The formats' own modules do the reading; cleaning is `cleaning`'s.
"""

import hashlib
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, pairwise
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from advisor.corpus.cleaning import clean_markdown
from advisor.corpus.decoding import decode
from advisor.corpus.manuscript import Manuscript
from advisor.corpus.metadata import FrontMatter, front_matter_lines, read_front_matter, web_address
from advisor.corpus.outline import LONGEST_HEADING_CHARS
from advisor.corpus.pdf import read_pdf
from advisor.corpus.symbols import without_pictures
from advisor.corpus.word import read_word
from advisor.errors import DocumentError
from advisor.records import Document, Section

LARGEST_BYTES = 20 * 1024 * 1024
_TEXT = frozenset({".md", ".markdown", ".txt"})
_SUFFIXES = _TEXT | {".html", ".htm", ".pdf", ".docx"}


@dataclass(frozen=True, slots=True)
class ReadingProblem:
    """A file that could not be read, and what to do about it."""

    key: str
    message: str


@dataclass(frozen=True, slots=True)
class CorpusReading:
    """What a folder holds: its documents by key, the files that could not be read, the files of no known format."""

    documents: tuple[Document, ...]
    problems: tuple[ReadingProblem, ...]
    skipped: tuple[str, ...] = ()


def read_corpus(folder: Path) -> CorpusReading:
    """Every document below the folder, in the order of the keys; one bad file does not stop the others.

    Hidden files and the README.md of the folder itself are no documents. Raises DocumentError where the folder is
    missing, or holds nothing that could be one.
    """
    if not folder.is_dir():
        raise DocumentError(f"There is no corpus folder at {str(folder)!r}; create it or name another one.")
    documents: list[Document] = []
    problems: list[ReadingProblem] = []
    skipped: list[str] = []
    for key in sorted(_keys(folder, problems)):
        path = folder / key
        is_known = path.suffix.lower() in _SUFFIXES
        if (is_known or path.is_symlink()) and (reason := _unfit(path, folder)):
            problems.append(ReadingProblem(_shown(key), f"{_shown(key)!r} {reason}"))
        elif not is_known:
            skipped.append(_shown(key))
        else:
            try:
                documents.append(read_document(path, key=key))
            except DocumentError as error:
                problems.append(ReadingProblem(key, str(error)))
    if not documents and not problems:
        raise DocumentError(f"{str(folder)!r} holds no document; put {', '.join(sorted(_SUFFIXES))} files there.")
    return CorpusReading(tuple(documents), tuple(problems), tuple(skipped))


def _keys(folder: Path, problems: list[ReadingProblem]) -> Iterator[str]:
    """The keys of all files and linked folders; a folder that cannot be listed joins the problems."""

    def unlisted(error: OSError) -> None:
        key = _shown(Path(error.filename).relative_to(folder).as_posix())
        message = f"the folder {key!r} cannot be listed ({error.strerror}); make it readable or move it away."
        problems.append(ReadingProblem(key, message))

    for where, folders, names in os.walk(folder, onerror=unlisted):
        here = Path(where)
        linked = [name for name in folders if (here / name).is_symlink()]
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in (*names, *linked):
            key = (here / name).relative_to(folder).as_posix()
            if not name.startswith(".") and key.lower() != "readme.md":
                yield key


def _unfit(path: Path, folder: Path) -> str:
    """Why a file is not even opened, with the cure; "" for any other. Linked folders are never followed."""
    if not _is_utf8(str(path.relative_to(folder))):
        return "has a name that is not UTF-8; rename the file."
    if not path.is_symlink():
        return ""
    try:
        leads_out = path.is_dir() or not path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):  # which of the two a link to itself raises depends on Python's version
        return "is a link that leads to itself; put the file in its place."
    return "is a link out of the corpus; put a copy of the file in its place." if leads_out else ""


def _is_utf8(name: str) -> bool:
    """Whether a name can be written down: a system may hand over bytes that are no text."""
    return _shown(name) == name


def _shown(name: str) -> str:
    return name.encode("utf-8", "backslashreplace").decode()


def read_document(path: Path, *, key: str) -> Document:
    """One file as a document; raises DocumentError where it cannot be read, is too large or is not what it says."""
    raw = _bytes(path, key)
    suffix = path.suffix.lower()
    manuscript = _manuscript(raw, suffix, key)
    cleaned = clean_markdown(manuscript.markdown)
    lines = cleaned.text.split("\n")
    head = front_matter_lines(lines) if suffix in _TEXT else 0
    said = read_front_matter(lines[:head])
    starts = _line_starts(cleaned.text)
    sections = find_sections(cleaned.text, head_lines=head)
    notes = (*manuscript.repairs, *cleaned.repairs, said.note)
    return Document(
        key=key,
        title=_title(said, manuscript, sections, path),
        text=cleaned.text,
        sections=sections,
        digest=hashlib.sha256(raw).hexdigest(),
        role=said.role,
        aliases=said.aliases,
        url=said.url or web_address(manuscript.url),
        sources=said.sources,
        last_verified=said.last_verified,
        page_starts=tuple(starts[line] for line in manuscript.page_lines),
        repairs=tuple(filter(None, notes)),
    )


def _bytes(path: Path, key: str) -> bytes:
    try:
        found = path.stat()
        size_bytes = found.st_size
        if not stat.S_ISREG(found.st_mode):  # reading a pipe would wait for ever
            raise DocumentError(f"{key!r} is no ordinary file; put a copy of what it holds in its place.")
        if size_bytes > LARGEST_BYTES:
            raise DocumentError(
                f"{key!r} is {size_bytes} bytes, more than {LARGEST_BYTES}; split it into smaller files."
            )
        return path.read_bytes()
    except OSError as error:
        raise DocumentError(
            f"{key!r} cannot be opened ({error.strerror}); check that it exists and may be read."
        ) from error


def _manuscript(raw: bytes, suffix: str, key: str) -> Manuscript:
    if suffix == ".pdf":
        return read_pdf(raw, key=key)
    if suffix == ".docx":
        return read_word(raw, key=key)
    if suffix in (".html", ".htm"):
        from advisor.corpus.webpage import read_webpage

        return read_webpage(raw, key=key)
    if suffix not in _TEXT:
        raise DocumentError(
            f"{key!r} has a format that is not read; convert it to one of {', '.join(sorted(_SUFFIXES))}."
        )
    decoded = decode(raw, key=key)
    return Manuscript(decoded.text, repairs=decoded.repairs)


def _title(said: FrontMatter, manuscript: Manuscript, sections: tuple[Section, ...], path: Path) -> str:
    """The title that is stated, else the first heading, else the file's name in words."""
    stated = without_pictures(said.title or " ".join(manuscript.title.split())).strip()
    first = next((section.path[-1] for section in sections if section.path), "")
    name = " ".join(re.sub(r"[_\-.]+", " ", path.stem).split()) or path.stem
    return stated or first or name[:1].upper() + name[1:]


# --- sections -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Heading:
    """A heading as the parser saw it."""

    line: int
    level: int
    text: str


def find_sections(text: str, *, head_lines: int = 0) -> tuple[Section, ...]:
    """The sections of a Markdown text below its first `head_lines` lines, in order, without gaps between them.

    A heading inside a quote or a list item opens no section, nor does one without words.
    """
    starts = _line_starts(text)
    begin = starts[head_lines] if head_lines < len(starts) else len(text)
    headings = _headings("\n" * head_lines + text[begin:])
    offsets = [starts[heading.line] for heading in headings]
    sections = []
    if text[begin : offsets[0] if offsets else len(text)].strip():
        sections.append(Section((), begin, offsets[0] if offsets else len(text)))
    open_headings: list[_Heading] = []
    for heading, start, end in zip(headings, offsets, [*offsets, len(text)][1:], strict=True):
        open_headings = [*(above for above in open_headings if above.level < heading.level), heading]
        sections.append(Section(tuple(above.text for above in open_headings), start, end))
    return tuple(sections)


def _line_starts(text: str) -> list[int]:
    return list(accumulate((len(line) + 1 for line in text.split("\n")[:-1]), initial=0))


def _headings(text: str) -> list[_Heading]:
    tokens = MarkdownIt("commonmark", {"html": False}).parse(text)
    found = []
    for token, inline in pairwise(tokens):
        if token.type == "heading_open" and token.level == 0 and token.map and (words := _words(inline)):
            found.append(_Heading(token.map[0], int(token.tag[1]), words))
    return found


def _words(inline: Token) -> str:
    """The heading's words as plain text, without a colon at the end."""
    pieces = [" " if child.type in ("softbreak", "hardbreak") else child.content for child in inline.children or ()]
    return " ".join(without_pictures("".join(pieces)).split())[:LONGEST_HEADING_CHARS].rstrip(": ")
