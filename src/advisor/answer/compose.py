"""Put checked pieces together: number the citations, set the marks, word refusals. The only place that writes Markdown.

Citations are numbered from 1 in the order of first use and name only passages the answer uses.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from advisor.answer.ground import stands_in_its_passage
from advisor.answer.selection import Group, Selection, Shape, distinct
from advisor.answer.weigh import Page
from advisor.corpus.outline import Kind
from advisor.corpus.quantities import without_durations
from advisor.records import Citation, Claim, Document, Passage, Snippet
from advisor.search.sensitive import Matter, sensitive
from advisor.text import normalise, stems, words

NO_ANSWER = "The roadmaps here do not cover that, so I would only be guessing."
CHOICES = 4  # offered in a question back
INTRODUCED = 6  # careers named in a greeting


@dataclass(frozen=True, slots=True)
class Composed:
    """An answer's text with its claims and citations."""

    text: str
    claims: tuple[Claim, ...]
    citations: tuple[Citation, ...]


def compose(selection: Selection) -> Composed:
    """The extract as Markdown with [n] marks; every piece is a claim that cites its own passage."""
    citations = _Citations(selection.snippets)
    if selection.shape is Shape.TABLE:
        text = _table(selection.groups, citations)
    else:
        text = "\n\n".join(_group(group, selection.shape, citations) for group in selection.groups)
    claims = tuple(
        Claim(s.text, (citations.number(s.passage),), supported=stands_in_its_passage(s)) for s in selection.snippets
    )
    return Composed(text, claims, citations.listed())


def compose_worded(pieces: Sequence[Snippet], shape: Shape) -> Composed:
    """Checked sentences of the writer, in their order, each with the mark of its passage; a list stays a list."""
    citations = _Citations(pieces)
    marked = [_marked(piece.text, citations.number(piece.passage)) for piece in pieces]
    as_list = shape is not Shape.SENTENCES and len(marked) > 1
    text = "\n".join(f"- {line}" for line in marked) if as_list else " ".join(marked)
    claims = tuple(Claim(piece.text, (citations.number(piece.passage),), supported=True) for piece in pieces)
    return Composed(text, claims, citations.listed())


# Health, law and money need somebody who may ask back and who answers for what is said.
_FOR_OTHERS = {
    Matter.HEALTH: "That is a matter of health, and I only know career roadmaps: please ask a doctor, or talk to "
    "somebody you trust.",
    Matter.LAW: "That is a matter of law, and I only know career roadmaps: a lawyer or an advice centre where you live "
    "can answer it.",
    Matter.MONEY: "That is a matter of personal finance, and I only know career roadmaps: ask an independent adviser "
    "or a debt advice centre.",
}
_DANGER = (
    "I am sorry that it is this hard. I am a program that only knows career roadmaps and cannot help with this, but "
    "people can. Please call your emergency number or a crisis line of your country now, or go to somebody near you "
    "and tell them. A career can wait."
)


def is_for_others(question: str, selection: Selection) -> bool:
    """Whether the question is for somebody else, and the evidence does not speak of that very thing."""
    touched = sensitive(question)
    if touched is None:
        return False
    speaks_of_it = any(touched.stems & set(stems(piece.quote)) for piece in selection.snippets)
    return touched.matter is Matter.DANGER or not speaks_of_it


def care() -> Composed:
    """What is said to somebody whose life may be in danger: no advice, no list of topics, people who help."""
    return Composed(_DANGER, (), ())


def refusal(
    near: Sequence[Passage], documents: Sequence[Document], *, unstated: str | None = None, matter: Matter | None = None
) -> Composed:
    """One honest sentence, then what is covered nearby; where nothing is near, what there is at all.

    `unstated` names the one thing missing where the pages do speak of the subject ("how long that takes"); `matter`
    what somebody else has to be asked about.
    """
    no_answer = f"The roadmaps here do not say {unstated}." if unstated else NO_ANSWER
    no_answer = _FOR_OTHERS.get(matter, no_answer) if matter else no_answer
    topics = list(dict.fromkeys(without_durations(passage.section[-1]) for passage in near))[:3]
    if topics:
        return Composed(f"{no_answer} Nearby they do cover: {'; '.join(topics)}.", (), ())
    titles = list(dict.fromkeys(document.title for document in documents))[:4]
    about = f" They are about: {'; '.join(titles)}." if titles else ""
    return Composed(f"{no_answer}{about}", (), ())


def greeting(documents: Sequence[Document]) -> Composed:
    """Who this is and what can be asked."""
    roles = list(dict.fromkeys(document.role for document in documents if document.role))
    careers = roles if len(roles) >= CHOICES else list(dict.fromkeys(document.title for document in documents))
    shown = careers[:: max(1, len(careers) // INTRODUCED)][:INTRODUCED]
    more = f" and {len(careers) - len(shown)} more" if len(careers) > len(shown) else ""
    text = "Hello! I answer career questions from roadmaps and show the source of each sentence. "
    return Composed(f"{text}I know: {', '.join(shown)}{more}.", (), ())


def clarification(documents: Sequence[Document]) -> Composed:
    """One question back, with a few choices from all over, where a question names no subject."""
    known = list(dict.fromkeys(document.role or document.title for document in documents))
    careers = list(dict.fromkeys(document.role for document in documents if document.role))
    offered = careers if len(careers) >= CHOICES else known
    choices = offered[:: max(1, len(offered) // CHOICES)][:CHOICES]
    return Composed(f"About which career or topic? For example: {' · '.join(choices)}.", (), ())


_COUNTS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def missing_number(thing: str, pages: Sequence[Page]) -> Composed:
    """Name a false premise: there is no "phase 7", but these phases there are."""
    kind = thing.split()[0]
    for page in pages:
        named = [
            n for n in page.outline.nodes if n.kind is not Kind.SENTENCE and normalise(n.text).startswith(f"{kind} ")
        ]
        named = distinct(named, key=lambda node: " ".join(words(node.text)[:2]))  # the overview comes first
        if named:
            pieces = [Snippet(n.label, page.outline.quote(n), page.passage_of(n)) for n in named]
            citations = _Citations(pieces)
            names = "; ".join(f"{piece.text} [{citations.number(piece.passage)}]" for piece in pieces)
            count = _COUNTS[len(named)] if len(named) < len(_COUNTS) else str(len(named))
            parts = f"{count} {kind}s" if len(named) > 1 else f"one {kind}"
            text = f"There is no {thing} in {page.outline.document.title}. It has {parts}: {names}."
            return Composed(text, (), citations.listed())
    return Composed(f"The roadmaps here have no {thing}.", (), ())


class _Citations:
    """Numbers passages by first use and gathers the words that are relied on."""

    def __init__(self, pieces: Iterable[Snippet]) -> None:
        self._pieces: dict[str, list[Snippet]] = {}
        for piece in pieces:
            self._pieces.setdefault(piece.passage.id, []).append(piece)
        self._numbers = {passage_id: n for n, passage_id in enumerate(self._pieces, start=1)}

    def number(self, passage: Passage) -> int:
        return self._numbers[passage.id]

    def listed(self) -> tuple[Citation, ...]:
        return tuple(_citation(self._numbers[key], pieces) for key, pieces in self._pieces.items())


def _citation(number: int, pieces: Sequence[Snippet]) -> Citation:
    passage = pieces[0].passage
    return Citation(
        number=number,
        passage_id=passage.id,
        document=passage.document,
        section=" > ".join(passage.section),
        url=passage.url,
        quote=_quote(passage, pieces),
        title=passage.title,
        page=passage.page,
    )


def _quote(passage: Passage, pieces: Sequence[Snippet]) -> str:
    """The shortest stretch of the passage that holds every quote; a quote that reaches out of it stands alone."""
    places = [passage.text.find(piece.quote) for piece in pieces]
    if -1 in places:
        return pieces[0].quote
    end = max(place + len(piece.quote) for place, piece in zip(places, pieces, strict=True))
    return passage.text[min(places) : end]


def _group(group: Group, shape: Shape, citations: _Citations) -> str:
    if shape is Shape.SENTENCES or not group.lead:
        return " ".join(_marked(s.text, citations.number(s.passage)) for s in group.snippets)
    numbers = {citations.number(snippet.passage) for snippet in group.snippets}
    on_lead = len(numbers) == 1  # one source for the whole list: one mark, on the line that introduces it
    lead = _marked(group.lead, *numbers) if on_lead else group.lead
    bullets = [s.text if on_lead else _marked(s.text, citations.number(s.passage)) for s in group.snippets]
    marks = [f"{n}." for n in range(1, len(bullets) + 1)] if shape is Shape.STEPS else ["-"] * len(bullets)
    return "\n".join([lead, "", *(f"{mark} {bullet}" for mark, bullet in zip(marks, bullets, strict=True))])


def _marked(text: str, *numbers: int) -> str:
    """The text with its marks before the closing full stop or colon."""
    marks = "".join(f"[{number}]" for number in sorted(numbers))
    body, end = (text[:-1], text[-1]) if text.endswith((".", ":", "!", "?")) else (text, "")
    return f"{body} {marks}{end}"


def _table(groups: Sequence[Group], citations: _Citations) -> str:
    """A column for each thing compared, a row for each subject, "not in the roadmaps" where nothing is said."""
    columns = list(dict.fromkeys(group.lead for group in groups))
    said = {
        (group.row, group.lead): " ".join(_marked(s.text, citations.number(s.passage)) for s in group.snippets)
        for group in groups
    }
    lines = [f"| | {' | '.join(map(_cell, columns))} |", f"|{'---|' * (len(columns) + 1)}"]
    for row in dict.fromkeys(group.row for group in groups):
        cells = (_cell(said.get((row, column), "")) or "not in the roadmaps" for column in columns)
        lines.append(f"| {_cell(row) or 'What the roadmaps say'} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _cell(text: str) -> str:
    """Words that cannot end their cell or their row."""
    return " ".join(text.replace("|", "\\|").split())
