"""What is said where nothing is answered: refusals, questions back, greetings, and a counted part that there is not.

Each names what the pages do cover. Knows nothing of how it was decided that there is no answer.
"""

from collections.abc import Callable, Sequence

from advisor.answer.compose import Citations, Composed
from advisor.answer.selection import Selection, distinct
from advisor.answer.weigh import Page
from advisor.corpus.outline import Kind
from advisor.corpus.quantities import without_durations
from advisor.records import Document, Hit, Intent, Passage, Query, Snippet
from advisor.search.gate import Decision
from advisor.search.pay import PAY, is_about_pay
from advisor.search.sensitive import Matter, matter_of, sensitive
from advisor.text import normalise, stems, words

NO_ANSWER = "The roadmaps here do not cover that, so I would only be guessing."
CHOICES = 4  # offered in a question back
INTRODUCED = 6  # careers named in a greeting


NEAR = 0.25  # cosine from which on a passage may be offered as "nearby"
# What is missing where the pages are about the thing but do not state what is asked of it.
UNSTATED = {Intent.DURATION: "how long that takes", Intent.COST: "what that costs"}
UNSTATED_PAY = "what that pays"
TOPICS = 3  # named in a refusal


def unanswered(
    query: Query,
    hits: Sequence[Hit],
    decision: Decision,
    documents: Sequence[Document],
    *,
    page: Callable[[str], Page],
) -> Composed:
    """The refusal that fits: no such part, or what is not stated of a subject that is there, or what is nearby."""
    if decision.features.missing_numbered and hits:
        pages = [page(key) for key in dict.fromkeys(hit.passage.document for hit in hits)]
        return missing_number(decision.features.missing_numbered[0], pages)
    if PAY in decision.features.missing:
        look_up = [heading for document in documents for heading in _headings_on_pay(page(document.key))]
        return refusal(nearby(hits), documents, unstated=UNSTATED_PAY, first=look_up[:1])
    unstated = UNSTATED.get(query.intent) if decision.answer else None
    return refusal(nearby(hits), documents, unstated=unstated, matter=matter_of(query.question))


def _headings_on_pay(page: Page) -> list[str]:
    return [node.text for node in page.outline.nodes if node.kind is Kind.HEADING and is_about_pay(node.text)]


def nearby(hits: Sequence[Hit]) -> list[Passage]:
    """The passages near enough to the question to be offered."""
    return [hit.passage for hit in hits if hit.dense_score >= NEAR]


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
    near: Sequence[Passage],
    documents: Sequence[Document],
    *,
    unstated: str | None = None,
    matter: Matter | None = None,
    first: Sequence[str] = (),
) -> Composed:
    """One honest sentence, then what is covered nearby; where nothing is near, what there is at all.

    `unstated` names the one thing missing where the pages do speak of the subject ("how long that takes"); `matter`
    what somebody else has to be asked about; `first` are sections to be named before those that are near.
    """
    no_answer = f"The roadmaps here do not say {unstated}." if unstated else NO_ANSWER
    no_answer = _FOR_OTHERS.get(matter, no_answer) if matter else no_answer
    topics = list(dict.fromkeys([*first, *(without_durations(passage.section[-1]) for passage in near)]))[:TOPICS]
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
            citations = Citations(pieces)
            names = "; ".join(f"{piece.text} [{citations.number(piece.passage)}]" for piece in pieces)
            count = _COUNTS[len(named)] if len(named) < len(_COUNTS) else str(len(named))
            parts = f"{count} {kind}s" if len(named) > 1 else f"one {kind}"
            text = f"There is no {thing} in {page.outline.document.title}. It has {parts}: {names}."
            return Composed(text, (), citations.listed())
    return Composed(f"The roadmaps here have no {thing}.", (), ())
