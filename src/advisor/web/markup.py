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
from advisor.text import Span, visible
from advisor.web.follow import restated
from advisor.web.highlight import used_spans
from advisor.web.talk import FINISHED, Phase, Shown, ShownTurn
from advisor.web.thumbs import can_be_rated

EXTRACTIVE = "extractive"
CONTEXT_CHARS = 260  # of the document on either side of a quote
DRAFT_CHARS = 320
FAILED_QUESTION_CHARS = 300

_MADE_OF_WORDS = "Put together from the words of the pages, each sentence with its source."
_MADE_BY_MODEL = "A language model worded it, and each sentence was checked against the passages that it cites."
_OF_WRITER = ("this is the extract", "the model's wording")  # how the notes begin that tell why no model worded it
_GONE = re.compile(r"[^:\n|]{3,160}: (?:retired|closed|replaced|discontinued)\b", re.IGNORECASE)

_MARK = re.compile(r"\[(\d{1,3})\]")
_OPEN, _CLOSE = "\ue000", "\ue001"  # private-use characters that stand for <mark> while a line is cleaned
_LINK = re.compile(r"!?\[([^\]\n]*)\]\([^)\n]*\)")
_TAG = re.compile(r"</?(?:a|b|br|div|em|h\d|i|img|li|ol|p|span|strong|sup|u|ul)\b[^<>\n]*>", re.IGNORECASE)
_EMPHASIS = re.compile(r"\*\*|__|`|(?<!\w)[*_](?=\w)|(?<=\w)[*_](?!\w)")
_HEADING = re.compile(r"^(?P<marks>[\ue000\ue001]*)\s*#{1,6}\s+")
_BULLET = re.compile(r"^(?P<marks>[\ue000\ue001]*)\s*[-*+]\s+")
_SECTION = re.compile(r"^#{1,6}[ \t][^\n]*\n?", re.MULTILINE)
_OWN_LINE = re.compile(r"^[\ue000\ue001]*\s*(?:[-*+#|>]|\d+[.)]|$)")  # a line that does not go on from the one before
_INDENTED = re.compile(r"[\ue000\ue001]*(?: {2}|\t)")
_TABLE_RULE = re.compile(r"^[\s|:\-\ue000\ue001]+$")

# --- questions and answers ---------------------------------------------------------------------------


def question_html(turn: ShownTurn) -> str:
    """What the learner asked, as text; one that failed is shortened."""
    question = visible(turn.question).strip()
    if turn.phase is Phase.FAILED and len(question) > FAILED_QUESTION_CHARS:
        question = question[:FAILED_QUESTION_CHARS] + "…"
    return one_line(f'<div class="ca-question">{_lines(question)}</div>')


def answer_html(turn: ShownTurn, number: int, *, writer: str | None, is_last: bool = False) -> str:
    """The reply to the `number`-th question, in whatever state it is; the writer's name is shown while it works.

    Only the last question can be corrected. Its buttons and marks come to life in `chat.html`.
    """
    if turn.phase is Phase.FAILED:
        body = error_html("Not answered.", turn.error)
    elif turn.answer is None:
        body = f'<div class="ca-status">{_status(turn)}</div>'
    else:
        body = _understood(turn, turn.answer, is_last) + _reply(turn, turn.answer, number, writer)
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
    text = f'{_label(answer)}<div class="ca-text">{answer_text_html(answer, number)}</div>'
    body = f'<div class="ca-{answer.status}">{text}</div>'
    return f"{body}{_draft(turn, answer, writer)}{_notes(turn, answer)}{_foot(turn, answer)}"


def _understood(turn: ShownTurn, answer: Answer, is_last: bool) -> str:
    """How the question was taken, where that says more than the question."""
    taken = restated(answer)
    if not taken:
        return ""
    correct = '<button type="button" class="ca-correct" title="Ask this question differently">Correct</button>'
    button = correct if is_last and turn.phase in FINISHED else ""
    return f'<div class="ca-understood">Understood as: <q>{escape(visible(taken))}</q> {button}</div>'


def _label(answer: Answer) -> str:
    """What a reply is that is no answer."""
    if answer.status is Status.ANSWERED:
        return ""
    label = "Not in the roadmaps" if answer.status is Status.REFUSED else "One question first"
    return f'<div class="ca-label">{label}</div>'


def _foot(turn: ShownTurn, answer: Answer) -> str:
    """Who worded an answer, why to be opened; and a button that copies it."""
    if answer.status is not Status.ANSWERED:
        return ""
    name = escape(visible(answer.generator))
    is_extract = answer.generator == EXTRACTIVE
    made = "Extract from the roadmaps" if is_extract else f"Worded by {name}, checked against the sources"
    why = [_MADE_OF_WORDS if is_extract else _MADE_BY_MODEL, *filter(_is_of_writer, answer.notes)]
    told = "".join(f"<div>{_sentence(note)}</div>" for note in why)
    how = f'<details class="ca-how"><summary>{made}</summary>{told}</details>'
    text = escape(visible(copied_text(answer))).replace("\n", "&#10;")
    copy = f'<button type="button" class="ca-copy" value="{text}">Copy</button>' if turn.phase in FINISHED else ""
    return f'<div class="ca-foot">{how}{copy}</div>'


def copied_text(answer: Answer) -> str:
    """The answer to be taken along: its text with [n] marks, and below it the passages they stand for."""
    listed = [f"[{one.number}] {_place(one)}{f' <{one.url}>' if one.url else ''}" for one in answer.citations]
    return "\n".join([answer.text, *(["", "Sources:"] if listed else []), *listed])


def _is_of_writer(note: str) -> bool:
    return note.startswith(_OF_WRITER)


def _sentence(note: str) -> str:
    text = escape(visible(note))
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")


def _draft(turn: ShownTurn, answer: Answer, writer: str | None) -> str:
    """The writer's unchecked words; a box of fixed height, so that the page stands still."""
    if turn.phase is not Phase.WORDING or answer.status is not Status.ANSWERED or writer is None:
        return ""
    tail = turn.draft[-DRAFT_CHARS:]
    text = f'<div class="ca-draft-text">{escape(visible(tail))}</div>'
    return f'<div class="ca-draft"><div class="ca-status">Wording the answer…</div>{text}</div>'


def _notes(turn: ShownTurn, answer: Answer) -> str:
    notes = [note for note in answer.notes if not _is_of_writer(note)]
    if turn.phase is Phase.STOPPED:
        notes.append("Stopped: this is what the roadmaps say.")
    return "".join(f'<div class="ca-note">{escape(visible(note))}</div>' for note in notes)


def answer_text_html(answer: Answer, number: int) -> str:
    """The answer's Markdown as HTML: no raw HTML, no images, links to web pages only, [n] marks lead to the sources.

    A last paragraph on certificates that have ended is set apart as a warning.
    """
    cited = frozenset(citation.number for citation in answer.citations)
    text, _, last = answer.text.rpartition("\n\n")
    if not text or not _GONE.match(last):
        return markdown_html(answer.text, cited, str(number))
    warning = f'<div class="ca-label">No longer offered</div>{markdown_html(last, cited, str(number))}'
    return f'{markdown_html(text, cited, str(number))}<div class="ca-warning">{warning}</div>'


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
    entries = "".join(_source(citation, group, document_text, ()) for citation in citations)
    return one_line(f'<details class="ca-group"><summary>Sources ({len(citations)})</summary>{entries}</details>')


_NO_SOURCES = "The passages an answer relies on appear here, with the very words marked."


def _group(turn: ShownTurn, number: int, document_text: Callable[[str], str], *, is_open: bool) -> str:
    answer = turn.answer
    entries = "".join(
        _source(citation, str(number), document_text, _claims_citing(answer, citation.number))
        for citation in (answer.citations if answer else ())
        if answer
    )
    summary = f"<summary>{escape(visible(turn.question))}</summary>"
    return f'<details class="ca-group"{" open" if is_open else ""}>{summary}{entries}</details>'


def _claims_citing(answer: Answer, number: int) -> tuple[str, ...]:
    return tuple(claim.text for claim in answer.claims if number in claim.citations)


def _place(citation: Citation) -> str:
    """Page › Section, and the page of a paged document."""
    place = [citation.title or citation.document, *filter(None, citation.section.split(" > "))]
    return " › ".join(dict.fromkeys([*place, *([f"page {citation.page}"] if citation.page is not None else [])]))


def _source(citation: Citation, group: str, document_text: Callable[[str], str], claims: Sequence[str]) -> str:
    title = escape(visible(citation.title or citation.document))
    place = visible(_place(citation)).split(" › ", 1)[1:]
    back = f'<a class="ca-number" href="#answer-{group}" title="Back">{citation.number}</a>'
    return (
        f'<div class="ca-source" id="source-{group}-{citation.number}">'
        f'<div class="ca-source-head">{back}<span class="ca-title">{title}</span></div>'
        f'<div class="ca-path">{escape("".join(place))}</div>'
        f'<div class="ca-excerpt">{_excerpt_html(citation, document_text, claims)}</div>{_source_link(citation)}</div>'
    )


def _source_link(citation: Citation) -> str:
    if citation.url is None or not _is_web_link(citation.url):
        return ""
    host = escape(urlsplit(citation.url).netloc)
    return f'<div class="ca-link">{_link_start(citation.url)}{host} ↗</a></div>'


def _excerpt_html(citation: Citation, document_text: Callable[[str], str], claims: Sequence[str]) -> str:
    try:
        text = document_text(citation.document)
    except (AdvisorError, KeyError):  # the page left the index since: the words it was cited for still stand
        text = ""
    excerpt = find_excerpt(text, citation.quote, citation.section.split(" > ")[-1])
    text = f"{excerpt.before}{excerpt.quote}{excerpt.after}"
    quote = Span(len(excerpt.before), len(excerpt.before) + len(excerpt.quote))
    marked = _marked(text, used_spans(text, quote, claims))
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


def _marked(text: str, spans: Sequence[Span]) -> str:
    """The text with these stretches between marks that open and close on every line."""
    text = text.replace(_OPEN, " ").replace(_CLOSE, " ")
    for span in reversed(spans):
        lines = "\n".join(f"{_OPEN}{line}{_CLOSE}" for line in text[span.start : span.end].split("\n"))
        text = text[: span.start] + lines + text[span.end :]
    return text


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
    if kind == "ca-item" and _INDENTED.match(line):
        kind = "ca-item ca-property"
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
