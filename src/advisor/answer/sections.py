"""Answers that are a standing section of a career page: its list, its opening sentences, or the lines asked for in it.

Used where the question names a career and one of its subjects (pitfalls, daily work, titles …). Knows which section
holds a subject by its heading; nothing of how such questions are worded.
"""

from collections.abc import Collection, Sequence

from advisor.answer.listing import grouped, is_list
from advisor.answer.readout import LEAST
from advisor.answer.selection import Group, Selection, Shape
from advisor.answer.weigh import Weighed
from advisor.answer.wording import brief, snippet_of, worded
from advisor.corpus.outline import Kind
from advisor.corpus.quantities import durations
from advisor.corpus.subjects import Subject, subject_of_heading
from advisor.records import Intent, Query
from advisor.search.thesaurus import synonyms

MOST_SENTENCES = 3
MOST_TIMES = 5
NEARLY_BEST = 0.05  # between two scores of the weighing
BORNE_OUT = 0.5  # share of the special words that one line must have, to be the answer by itself
MOST_LINES = 3
_PLAIN = frozenset({Intent.FACT, Intent.LIST, Intent.DEFINITION, Intent.STEPS})  # no time, price, link or comparison
SAYS_WHICH_CAREER = 0.6  # a reading from which on a line's page is that of the career asked about, where none is named
TELLS_OF_TIME = 0.8  # a reading from which on a sentence that states no time is told among those that do
READ_AS_WELL = 0.85  # of the likeliest line's reading
TOLD_WHOLE = frozenset({Subject.TITLES, Subject.SKILLS, Subject.OPTIONAL_SKILLS, Subject.FIRST_JOBS})
READ_AS_TEXT = frozenset({Subject.DIFFICULTY, Subject.FIRST_STEP, Subject.DEFINITION})


def select_section(query: Query, weighed: Sequence[Weighed]) -> Selection | None:
    """The section of the career's own page that the question asks for; None where it asks for none, or has none."""
    fits = query.subject == Subject.TIME or (query.intent in _PLAIN and len(query.roles) < 2)
    named = query.careers
    careers = named or _career_read(weighed)
    heading = heading_of(query.subject, careers, weighed) if query.subject and fits else None
    if heading is None:
        return None
    lines = [w for w in weighed if _stands_below(w, heading)]
    if query.special:
        special = _special_lines(query.special, lines) if named else []
        if special and max(w.score for w in special) >= weighed[0].score - NEARLY_BEST:
            return Selection(Shape.SENTENCES, (Group("", tuple(snippet_of(w, worded(w)) for w in special)),))
        if not _is_read_as(heading, query.subject, lines, weighed):
            return None
    if query.subject == Subject.TIME:
        return _times(heading, lines)
    if is_list(heading) and query.subject not in READ_AS_TEXT:
        shape = Shape.STEPS if query.subject == Subject.PATH else Shape.LIST
        return Selection(shape, (grouped(heading, shape, several=False),))
    sentences = [node for node in heading.page.outline.children(heading.node) if node.kind is Kind.SENTENCE]
    told = sentences[:MOST_SENTENCES]
    snippets = tuple(snippet_of(heading, brief(heading, node) if node.children else node.text, node) for node in told)
    return Selection(Shape.SENTENCES, (Group("", snippets),)) if snippets else None


def _career_read(weighed: Sequence[Weighed]) -> set[str]:
    """The career whose page has the line that is read as the answer, where none was named."""
    best = weighed[0]
    role = best.page.outline.document.role
    return {role} if role and best.likely >= SAYS_WHICH_CAREER else set()


def _is_read_as(heading: Weighed, subject: str | None, lines: Sequence[Weighed], weighed: Sequence[Weighed]) -> bool:
    """Whether the section is the answer though the question asks for something special in it.

    It is where no line of any page is read as the answer, and where a list that is told whole is read as well as any.
    """
    readings = [w.reading for w in weighed if w.reading is not None]
    if not readings:
        return False
    likeliest = max(readings)
    if likeliest < LEAST:
        return subject != Subject.MYTHS
    best = weighed[0].node
    if best.kind is Kind.SENTENCE and not best.text.endswith(":"):
        return False
    there = max((w.likely for w in lines), default=0.0)
    return subject in TOLD_WHOLE and is_list(heading) and there >= READ_AS_WELL * likeliest


def _times(heading: Weighed, lines: Sequence[Weighed]) -> Selection | None:
    """What the section says of the time, in its order: who says how long, what adds up, and what nobody says."""
    outline = heading.page.outline
    read = {w.node.index for w in lines if w.node.kind is Kind.SENTENCE and w.likely >= TELLS_OF_TIME}
    below = [node for node in outline.descendants(heading.node) if durations(node.text) or node.index in read]
    telling = [node for node in below if not node.text.endswith(":")][:MOST_TIMES]
    snippets = tuple(snippet_of(heading, brief(heading, node), node) for node in telling)
    return Selection(Shape.SENTENCES, (Group("", snippets),)) if snippets else None


def heading_of(subject: str, careers: Collection[str], weighed: Sequence[Weighed]) -> Weighed | None:
    """The heading that opens this subject on a page of one of these careers, the best weighed first."""
    for line in weighed:
        is_theirs = line.node.kind is Kind.HEADING and line.page.outline.document.role in careers
        if is_theirs and subject_of_heading(line.node.text) == subject:
            return line
    return None


def _stands_below(weighed: Weighed, heading: Weighed) -> bool:
    return weighed.page is heading.page and heading.node in weighed.page.outline.ancestors(weighed.node)


def _special_lines(left: Sequence[str], lines: Sequence[Weighed]) -> list[Weighed]:
    """The lines that bear out the special words of the question, best first; [] where none does."""
    if not left:
        return []
    bearing = [w for w in lines if w.node.kind is not Kind.HEADING and _borne(left, w) >= BORNE_OUT]
    return sorted(bearing[:MOST_LINES], key=lambda w: w.node.index)


def _borne(left: Sequence[str], weighed: Weighed) -> float:
    own = weighed.page.own_stems(weighed.node)
    return sum(bool(({term} | synonyms(term)) & own) for term in left) / len(left)
