"""The HTML of questions, answers and sources: pure functions, every foreign character escaped.

Owns what a mark, a refusal, an error and a source look like as markup. Knows nothing of Gradio's components or of
where the words come from. Each function returns one line of HTML: a Markdown renderer leaves a block without blank
lines alone.
"""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Any
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from advisor.errors import AdvisorError
from advisor.records import Answer, Citation, Status
from advisor.text import visible
from advisor.web.talk import Phase, Shown, ShownTurn
from advisor.web.thumbs import can_be_rated

EXTRACTIVE = "extractive"
CONTEXT_CHARS = 260  # of the document on either side of a quote
DRAFT_CHARS = 320
FAILED_QUESTION_CHARS = 300

_MARK = re.compile(r"\[(\d{1,3})\]")
_OPEN, _CLOSE = "\ue000", "\ue001"  # private-use characters that stand for <mark> while a line is cleaned
_LINK = re.compile(r"!?\[([^\]\n]*)\]\([^)\n]*\)")
_TAG = re.compile(r"</?(?:a|b|br|div|em|h\d|i|img|li|ol|p|span|strong|sup|u|ul)\b[^<>\n]*>", re.IGNORECASE)
_EMPHASIS = re.compile(r"\*\*|__|`|(?<!\w)[*_](?=\w)|(?<=\w)[*_](?!\w)")
_HEADING = re.compile(r"^(?P<marks>[\ue000\ue001]*)\s*#{1,6}\s+")
_BULLET = re.compile(r"^(?P<marks>[\ue000\ue001]*)\s*[-*+]\s+")
_SECTION = re.compile(r"^#{1,6}[ \t][^\n]*\n?", re.MULTILINE)
_OWN_LINE = re.compile(r"^[\ue000\ue001]*\s*(?:[-*+#|>]|\d+[.)]|$)")  # a line that does not go on from the one before
_TABLE_RULE = re.compile(r"^[\s|:\-\ue000\ue001]+$")

# --- questions and answers ---------------------------------------------------------------------------


def question_html(turn: ShownTurn) -> str:
    """What the learner asked, as text; one that failed is shortened."""
    question = visible(turn.question).strip()
    if turn.phase is Phase.FAILED and len(question) > FAILED_QUESTION_CHARS:
        question = question[:FAILED_QUESTION_CHARS] + "…"
    return one_line(f'<div class="ca-question">{_lines(question)}</div>')


def answer_html(turn: ShownTurn, number: int, *, writer: str | None) -> str:
    """The reply to the `number`-th question, in whatever state it is; the writer's name is shown while it works."""
    if turn.phase is Phase.FAILED:
        body = error_html("Not answered.", turn.error)
    elif turn.answer is None:
        body = f'<div class="ca-status">{_status(turn)}</div>'
    else:
        body = _reply(turn, turn.answer, number, writer)
    rateable = " ca-rateable" if can_be_rated(turn) else ""
    return one_line(f'<div class="ca-answer{rateable}" id="answer-{number}">{body}</div>')


def error_html(what: str, why: str) -> str:
    """What did not come about, and the line that says why."""
    return one_line(f'<div class="ca-error"><strong>{escape(what)}</strong> {_lines(why)}</div>')


def _status(turn: ShownTurn) -> str:
    match turn.phase:
        case Phase.STOPPED:
            return "Stopped."
        case Phase.WAITING:
            return "Waiting for its turn…"
        case Phase.READING:
            return f"Looking at {turn.passages} passage{'' if turn.passages == 1 else 's'}…"
        case _:
            return "Searching the roadmaps…"


def _reply(turn: ShownTurn, answer: Answer, number: int, writer: str | None) -> str:
    kind = str(answer.status)
    text = f'<div class="ca-text">{answer_text_html(answer, number)}</div>'
    label = f'<div class="ca-label">{_label(answer)}</div>'
    return f'<div class="ca-{kind}">{label}{text}</div>{_draft(turn, answer, writer)}{_notes(turn, answer)}'


def _label(answer: Answer) -> str:
    if answer.status is Status.REFUSED:
        return "Not in the roadmaps"
    if answer.status is Status.CLARIFY:
        return "One question first"
    if answer.generator == EXTRACTIVE:
        return "From the roadmaps"
    return f"Worded by {escape(visible(answer.generator))}, checked against the sources"


def _draft(turn: ShownTurn, answer: Answer, writer: str | None) -> str:
    """The writer's unchecked words; a box of fixed height, so that the page stands still."""
    if turn.phase is not Phase.WORDING or answer.status is not Status.ANSWERED or writer is None:
        return ""
    tail = turn.draft[-DRAFT_CHARS:]
    text = f'<div class="ca-draft-text">{escape(visible(tail))}</div>'
    return f'<div class="ca-draft"><div class="ca-status">Wording the answer…</div>{text}</div>'


def _notes(turn: ShownTurn, answer: Answer) -> str:
    notes = [*answer.notes, *(("Stopped: this is what the roadmaps say.",) if turn.phase is Phase.STOPPED else ())]
    return "".join(f'<div class="ca-note">{escape(visible(note))}</div>' for note in notes)


def answer_text_html(answer: Answer, number: int) -> str:
    """The answer's Markdown as HTML: no raw HTML, no images, links to web pages only, [n] marks lead to the sources."""
    return markdown_html(answer.text, frozenset(citation.number for citation in answer.citations), str(number))


def markdown_html(text: str, cited: Collection[int], group: str) -> str:
    """Markdown as HTML on the same terms; the marks that lead anywhere lead to the sources of this group."""
    return str(_markdown().render(visible(text), {"cited": cited, "group": group}))


@lru_cache(maxsize=1)
def _markdown() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table")
    markdown.disable(["image", "reference", "html_block", "html_inline"])
    markdown.validateLink = _is_web_link  # type: ignore[method-assign]
    markdown.add_render_rule("text", _render_text)
    markdown.add_render_rule("link_open", _render_link_open)
    return markdown


def _render_text(_self: RendererHTML, tokens: Sequence[Token], index: int, _options: Any, env: Any) -> str:
    def link(mark: re.Match[str]) -> str:
        if int(mark[1]) not in env["cited"]:
            return mark[0]
        return f'<a class="ca-cite" href="#source-{env["group"]}-{int(mark[1])}" title="Source {mark[1]}">{mark[0]}</a>'

    return _MARK.sub(link, escape(tokens[index].content))


def _render_link_open(_self: RendererHTML, tokens: Sequence[Token], index: int, _options: Any, _env: Any) -> str:
    return _link_start(str(tokens[index].attrGet("href") or ""))


def _link_start(url: str) -> str:
    return f'<a href="{escape(url)}" target="_blank" rel="noopener noreferrer nofollow">'


def _is_web_link(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc)


# --- sources -----------------------------------------------------------------------------------------


def sources_html(shown: Shown, document_text: Callable[[str], str]) -> str:
    """The sources of every answer on the screen: the last one's open, earlier ones folded away."""
    cited = [(n, turn) for n, turn in enumerate(shown.turns, start=1) if turn.answer and turn.answer.citations]
    if not cited:
        return one_line('<div class="ca-sources"><p class="ca-empty">' + _NO_SOURCES + "</p></div>")
    last = len(shown.turns)
    groups = [_group(turn, n, document_text, is_open=n == last) for n, turn in reversed(cited)]
    return one_line(f'<div class="ca-sources">{"".join(groups)}</div>')


def source_cards(citations: Collection[Citation], group: str, document_text: Callable[[str], str]) -> str:
    """The sources of something other than an answer, folded away; each leads back to `answer-` with the group's name.

    A browser unfolds them when a mark is followed.
    """
    entries = "".join(_source(citation, group, document_text) for citation in citations)
    return one_line(f'<details class="ca-group"><summary>Sources ({len(citations)})</summary>{entries}</details>')


_NO_SOURCES = "The passages an answer relies on appear here, with the very words marked."


def _group(turn: ShownTurn, number: int, document_text: Callable[[str], str], *, is_open: bool) -> str:
    citations = turn.answer.citations if turn.answer else ()
    entries = "".join(_source(citation, str(number), document_text) for citation in citations)
    summary = f"<summary>{escape(visible(turn.question))}</summary>"
    return f'<details class="ca-group"{" open" if is_open else ""}>{summary}{entries}</details>'


def _source(citation: Citation, group: str, document_text: Callable[[str], str]) -> str:
    title = escape(visible(citation.title or citation.document))
    place = [part for part in visible(citation.section).split(" > ") if part]
    if citation.page is not None:
        place.append(f"page {citation.page}")
    back = f'<a class="ca-number" href="#answer-{group}" title="Back">{citation.number}</a>'
    return (
        f'<div class="ca-source" id="source-{group}-{citation.number}">'
        f'<div class="ca-source-head">{back}<span class="ca-title">{title}</span></div>'
        f'<div class="ca-path">{escape(" › ".join(place))}</div>'
        f'<div class="ca-excerpt">{_excerpt_html(citation, document_text)}</div>{_source_link(citation)}</div>'
    )


def _source_link(citation: Citation) -> str:
    if citation.url is None or not _is_web_link(citation.url):
        return ""
    host = escape(urlsplit(citation.url).netloc)
    return f'<div class="ca-link">{_link_start(citation.url)}{host} ↗</a></div>'


def _excerpt_html(citation: Citation, document_text: Callable[[str], str]) -> str:
    try:
        text = document_text(citation.document)
    except (AdvisorError, KeyError):  # the page left the index since: the words it was cited for still stand
        text = ""
    excerpt = find_excerpt(text, citation.quote, citation.section.split(" > ")[-1])
    marked = _marked(excerpt.before, excerpt.quote, excerpt.after)
    return "".join(map(_line_html, _unwrapped(marked)))


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A quote with the words of its document around it."""

    before: str
    quote: str
    after: str


def find_excerpt(text: str, quote: str, heading: str) -> Excerpt:
    """The quote in its surroundings; the first one below the heading where it stands more than once.

    A quote that is not in the text is returned without surroundings.
    """
    below = re.search(rf"^#{{1,6}}[ \t]+{re.escape(heading)}[ \t#]*$", text, re.MULTILINE) if heading else None
    start = text.find(quote, below.start() if below else 0)
    start = start if start >= 0 else text.find(quote)
    if start < 0 or not quote:
        return Excerpt("", quote, "")
    end = start + len(quote)
    return Excerpt(_tail(text[:start]), quote, _head(text[end:]))


def _tail(before: str) -> str:
    """The end of the text within its section, from the beginning of a line or a word."""
    cut = _SECTION.split(before[-CONTEXT_CHARS:])[-1]
    if len(cut) < CONTEXT_CHARS:
        return cut
    line = cut.find("\n") + 1
    return cut[line:] if 0 < line < CONTEXT_CHARS // 2 else "… " + cut[cut.find(" ") + 1 :]


def _head(after: str) -> str:
    """The beginning of the text within its section, to the end of a line or a word."""
    cut = _SECTION.split(after[:CONTEXT_CHARS])[0]
    if len(cut) < CONTEXT_CHARS:
        return cut
    line = cut.rfind("\n")
    return cut[:line] if line > CONTEXT_CHARS // 2 else cut[: cut.rfind(" ")] + " …"


def _marked(before: str, quote: str, after: str) -> str:
    """One text with the quote between marks that open and close on every line."""
    clean = [part.replace(_OPEN, " ").replace(_CLOSE, " ") for part in (before, quote, after)]
    return clean[0] + "\n".join(f"{_OPEN}{line}{_CLOSE}" for line in clean[1].split("\n")) + clean[2]


def _unwrapped(text: str) -> list[str]:
    """The lines of a document with each paragraph on one."""
    lines: list[str] = []
    for line in text.split("\n"):
        goes_on = bool(lines) and bool(lines[-1].strip()) and not _OWN_LINE.match(line)
        if goes_on and not _HEADING.match(lines[-1]) and "|" not in lines[-1]:
            lines[-1] = f"{lines[-1].rstrip()} {line.strip()}".replace(f"{_CLOSE} {_OPEN}", " ")
        else:
            lines.append(line)
    return lines


def _line_html(line: str) -> str:
    """One line of a document without its Markdown signs; empty where nothing is left to read."""
    if _TABLE_RULE.match(line):
        return ""
    kind = "ca-heading" if _HEADING.match(line) else "ca-item" if _BULLET.match(line) else "ca-line"
    plain = _BULLET.sub(r"\g<marks>", _HEADING.sub(r"\g<marks>", line))
    plain = _EMPHASIS.sub("", _LINK.sub(r"\1", _TAG.sub("", visible(plain))))
    cells = [cell.strip() for cell in plain.split("|") if cell.strip(f" {_OPEN}{_CLOSE}")]
    plain = " · ".join(cells)
    if _OPEN in line and (not plain.count(_OPEN) or plain.count(_OPEN) != plain.count(_CLOSE)):
        plain = _OPEN + plain.replace(_OPEN, "").replace(_CLOSE, "") + _CLOSE  # it stood inside a link or a table edge
    text = escape(plain).replace(_OPEN, "<mark>").replace(_CLOSE, "</mark>")
    return f'<div class="{kind}">{text}</div>' if cells else ""


# --- one line ----------------------------------------------------------------------------------------


def _lines(text: str) -> str:
    return "<br>".join(escape(visible(text)).split("\n"))


def one_line(html: str) -> str:
    """The same HTML without line breaks; those of preformatted text become references."""
    html = re.sub(r"<pre>.*?</pre>", lambda block: block[0].replace("\n", "&#10;"), html, flags=re.DOTALL)
    return " ".join(html.split("\n"))
