"""An answer on a terminal or in a pipe: its text, its sources, its notes, and the wait for the writer.

Knows nothing of how answers come about; it only follows the events.
"""

from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING, cast

from advisor.records import Answer, Citation, Done, Event, Extract, Status, Token
from advisor.search.profile import is_told
from advisor.text import visible

if TYPE_CHECKING:
    from collections.abc import Generator

    from rich.console import Console

QUOTE_CHARS = 140
DRAFT_CHARS = 40


def final(events: Iterator[Event]) -> Answer:
    """The checked answer, everything before it passed over."""
    for event in events:
        if isinstance(event, Done):
            return event.answer
    raise RuntimeError("the events of a question ended without Done")


def plain(answer: Answer) -> str:
    """The answer with its sources, its notes and what to ask next, as plain text."""
    blocks = [*_taken(answer), answer.text]
    if answer.citations:
        blocks.append("\n".join(["Sources", *(source_line(citation) for citation in answer.citations)]))
    if answer.notes:
        blocks.append("\n".join(f"Note: {note}" for note in answer.notes))
    if answer.suggestions:
        blocks.append(suggestion_line(answer))
    return visible("\n\n".join(blocks))


def _taken(answer: Answer) -> list[str]:
    """How the question was taken where the profile had a say in it."""
    return [f"Understood as: {answer.understood}"] if is_told(answer) else []


def source_line(citation: Citation) -> str:
    """Number, title, section, page, the words relied on (shortened) and the address, on one line."""
    place = [citation.title or citation.document]
    if citation.section:
        place.append(citation.section)
    if citation.page is not None:
        place.append(f"page {citation.page}")
    address = f" <{citation.url}>" if citation.url else ""
    return f'[{citation.number}] {", ".join(place)}: "{shortened(citation.quote, QUOTE_CHARS)}"{address}'


def suggestion_line(answer: Answer) -> str:
    """The questions to ask next, on one line."""
    return f"Ask next: {' · '.join(answer.suggestions)}"


def shortened(text: str, limit_chars: int) -> str:
    """The text on one line, cut where it is longer than this."""
    line = " ".join(visible(text).split())
    return line if len(line) <= limit_chars else f"{line[: limit_chars - 1].rstrip()}…"


def follow(events: Iterator[Event], *, writer: str | None, out: "Console", err: "Console") -> Answer:
    """Show a reply as it comes: the extract at once, the draft only as a passing status, the checked wording last.

    The generator is closed in any case, so Ctrl-C stops the writer and what was shown is kept.
    """
    from rich.text import Text

    extract: Answer | None = None
    draft = ""
    status = err.status("")
    try:
        with closing(cast("Generator[Event]", events)):
            for event in events:
                if isinstance(event, Extract):
                    extract = event.answer
                    show_text(out, extract)
                    if writer and extract.status is Status.ANSWERED:
                        status.update(Text(f"{writer} is wording it …"))
                        status.start()
                elif isinstance(event, Token):
                    draft += event.text
                    tail = shortened(draft[-DRAFT_CHARS:], DRAFT_CHARS)
                    status.update(Text(f"{writer} is wording it: … {tail}", no_wrap=True, overflow="ellipsis"))
                elif isinstance(event, Done):
                    status.stop()
                    show_rest(out, extract, event.answer)
                    return event.answer
    finally:
        status.stop()
    raise RuntimeError("the events of a question ended without Done")


def show_text(out: "Console", answer: Answer) -> None:
    """The text of an answer, its Markdown laid out."""
    from rich.markdown import Markdown

    out.print(Markdown(visible(answer.text), hyperlinks=False))


def show_rest(out: "Console", extract: Answer | None, answer: Answer) -> None:
    """What follows the extract: the checked wording where it differs, the sources, the notes, what to ask next."""
    if extract is None:
        show_text(out, answer)
    elif answer.text != extract.text:
        # A wording numbers its passages anew; marks of the extract must not point into the wording's list.
        if not _numbers(extract).items() <= _numbers(answer).items():
            show_sources(out, extract)
        out.print(f"\nworded by {answer.generator}:", style="dim", markup=False, highlight=False)
        show_text(out, answer)
    show_sources(out, answer)
    for line in _taken(answer):
        out.print(visible(line), style="dim", markup=False, highlight=False)
    for note in answer.notes:
        out.print(f"Note: {visible(note)}", style="dim", markup=False, highlight=False)
    if answer.suggestions:
        out.print(visible(suggestion_line(answer)), style="dim", markup=False, highlight=False)


def show_sources(out: "Console", answer: Answer) -> None:
    """The list of sources, where there are any."""
    if not answer.citations:
        return
    out.print("\nSources", style="bold")
    for citation in answer.citations:
        out.print(visible(source_line(citation)), markup=False, highlight=False, soft_wrap=True)


def _numbers(answer: Answer) -> dict[int, str]:
    return {citation.number: citation.passage_id for citation in answer.citations}
