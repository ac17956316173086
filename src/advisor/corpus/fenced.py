"""Fenced text that is no code, a plan or a tree drawn with `├─`, as the list that it is; and admonitions as text.

Works on Markdown and keeps the number of lines. Code, folders of a project, diagrams and columns held together by
blanks stay as they are.
"""

import re
from collections.abc import Iterator, Sequence

_PLAIN_TEXT = frozenset({"", "text", "txt", "plain", "plaintext", "tree", "markdown", "md"})
_FENCE = re.compile(r"^(?P<margin>[ \t]*)(?:`{3,}|~{3,})(?P<info>[^`]*)$")
_TREE = re.compile(r"[├└┣┗╰]")
_DRAWN = re.compile(r"[┌┐┘╔╗╝]|\+-{3,}\+|={4,}|[─━-]{5,}")  # a box, a table, a line under a table's head
_BARS = re.compile(r" {0,40}[█▓▒░■□]+ {0,40}")
_LEAD = re.compile(r"^[\s│|├└┣┗╰─━]*(?:[↓▼⬇→]\s*)?")
_ONLY_MARKS = re.compile(r"^[\s│|├└┣┗╰─━↓▼⬇→]*$")
_MARKER = re.compile(r"^(?:[-*+•]|\d{1,2}[.)])\s+")
_WORD = re.compile(r"[^\W\d_]{2,}")
_CODE = re.compile(
    r"^(?:[$>#%@/<{}()\[\]]|(?:pip|npm|npx|yarn|git|cd|ls|mkdir|python3?|docker|kubectl|helm|terraform|sudo|apt(?:-get)?|brew|curl"
    r"|wget|make|conda|uv|go|cargo|node|import|from|def|class|return|function|const|let|var|public|private|if|for|while"
    r"|try|except|select|insert|create|update|export|echo|print|async|await)\b(?!:))"
    r"|[;{}\\]\s*$|\w\(.*\)|\s[=!<>+*-]?=\s|=>|<-|::|</|\$\w|\w\[\w*\]",
    re.IGNORECASE,
)
_PATH = re.compile(r"^[\w.@()-]*(?:[/\\][\w./@()-]*|\.[a-z]{1,5})(?:\s*$|\s+[#(←].*$)", re.IGNORECASE)
_COLUMNS = re.compile(r"\S {3,}\S")
_MOST_CODE = 0.15  # share of the lines of a text
_MOST_IN_COLUMNS = 0.3
_FEWEST_LINES = 2
_LONGEST_CHARS = 400  # of a line: a longer one is data

_ADMONITION = re.compile(r'^(?P<margin>[ \t]*)(?:!!!|\?\?\?\+?)[ \t]+[\w -]+?(?:[ \t]+"(?P<title>[^"\n]*)")?[ \t]*$')
_BODY = 4  # blanks before the text of an admonition


def with_fenced_lists(lines: Sequence[str], is_code: Sequence[bool]) -> list[str]:
    """The lines with every fenced text as a list, each deeper line below the one it hangs on; the fences are gone."""
    changed = list(lines)
    for first, last in _blocks(lines, is_code):
        fence = _FENCE.match(lines[first])
        if fence is None or fence["info"].strip().lower() not in _PLAIN_TEXT:
            continue
        inside = [_BARS.sub(" ", line.expandtabs(4)).rstrip() for line in lines[first + 1 : last]]
        if _is_text(inside):
            changed[first : last + 1] = ["", *_as_list(inside, fence["margin"]), ""]
    return changed


def _blocks(lines: Sequence[str], is_code: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """The first and the last line of each fenced block that is closed, fences included."""
    first = None
    for at, line in enumerate(lines):
        if not is_code[at]:
            first = None
        elif _FENCE.match(line):
            if first is None:
                first = at
            else:
                yield first, at
                first = None


def _is_text(inside: Sequence[str]) -> bool:
    """Whether these lines are words for a reader."""
    whole = "\n".join(inside)
    told = [_LEAD.sub("", line) for line in inside if not _ONLY_MARKS.match(line)]
    if (
        len(told) < _FEWEST_LINES
        or max(map(len, inside)) > _LONGEST_CHARS
        or _DRAWN.search(_TREE.sub(" ", whole).replace("─", ""))
    ):
        return False
    wrapped = sum(line[:1].islower() for line in inside)  # the lines of a letter go on from one to the next
    in_columns = sum(bool(_COLUMNS.search(line)) for line in told)
    code = sum(bool(_CODE.search(line) or _PATH.match(line) or not _WORD.search(line)) for line in told)
    few = _MOST_CODE * len(told)
    return code <= few and wrapped <= few / 2 and in_columns <= _MOST_IN_COLUMNS * len(told)


def _as_list(inside: Sequence[str], margin: str) -> Iterator[str]:
    """One line of Markdown for each of these."""
    above: list[tuple[int, int]] = []  # where the text of an item stands in the source, and in the list
    for line in inside:
        if _ONLY_MARKS.match(line):
            yield ""
            continue
        lead = _LEAD.match(line)
        column = lead.end() if lead else 0
        text = line[column:]
        while above and above[-1][0] >= column:
            above.pop()
        blanks = above[-1][1] if above else 0
        marker = _MARKER.match(text)
        marked = marker.group().replace("•", "-") if marker else "- "
        above.append((column, blanks + len(marked)))
        yield f"{margin}{' ' * blanks}{marked}{text[marker.end() :] if marker else text}"


def without_admonitions(lines: Sequence[str], is_code: Sequence[bool]) -> list[str]:
    """The lines with `!!! tip "Title"` and the text indented below it as a title and its text."""
    changed = list(lines)
    margin: int | None = None
    for at, line in enumerate(lines):
        opened = None if is_code[at] else _ADMONITION.match(line)
        if opened:
            margin = len(opened["margin"].expandtabs(4))
            changed[at] = f"{opened['margin']}{_as_sentence(opened['title'] or '')}"
        elif margin is not None and line.strip():
            text = line.expandtabs(4)
            if len(text) - len(text.lstrip()) < margin + _BODY:
                margin = None
            else:
                changed[at] = text[:margin] + text[margin + _BODY :]
    return changed


def _as_sentence(title: str) -> str:
    title = title.strip()
    return title if not title or title.endswith((".", "!", "?", ":")) else f"{title}."
