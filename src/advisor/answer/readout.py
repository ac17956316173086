"""Answers made of the lines that the reader found to answer: one, a few together, or the list they are members of.

Knows nothing of how lines were read; without readings it has nothing to say.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from advisor.answer.listing import grouped, is_list
from advisor.answer.selection import Group, Selection, Shape, distinct
from advisor.answer.weigh import Weighed
from advisor.answer.wording import (
    answer_to,
    is_typed,
    leans_back,
    sentence_before,
    snippet_of,
    under_its_heading,
    worded,
)
from advisor.corpus.outline import Kind
from advisor.text import normalise

# Chosen on the dev questions of the corpus and of the first five documents; docs/decisions/007-line-reader.md
LEAST = 0.2  # of the likeliest line, for the readings to be trusted at all
LIKELY, SHARE_OF_BEST = 0.1, 0.15  # of a line's own reading, and against the likeliest, to be told beside the best
MOST_LINES, MOST_LISTS_BESIDE = 5, 2

NEARLY_AS_GOOD = 0.4  # in score, of the best line: what is read as well but is about something else stays out
CLOSE = 0.2  # in score, to the best line
BESIDE = 0.4  # of the best line's reading, for a sentence of the same section, whatever its score
AS_GOOD = 0.9  # of the best line's reading: a list of such lines is told before the best line
LEAST_BESIDE = 3  # members of a list that the best line stands outside of
MOST_OF_A_LIST = 0.5  # share of its members from which on the whole list is told
CLEARLY_LESS = 0.1  # of the question's words, than the best line bears out
EXACTER = 0.8  # of a list's reading: a line or two of it that are read so tell it better than all of it
EXACT_LINES = 2
LONGEST_NAME, MOST_NAMES = 5, 10  # words of a name, and names, in a list that is told whole if one of it answers
SHORT_PARAGRAPH_WORDS, MOST_SENTENCES = 60, 3


_ASKS_WHICH = re.compile(
    r"\b(?:which|who|whose|whom|at what (?:point|stage)|what level|beginners?|entry|intermediate|advanced"
    r"|salary|salaries|wages?|earn|gets? paid)\b",
    re.IGNORECASE,
)


def select_read(
    weighed: Sequence[Weighed], *, question: str = "", least: float = LEAST, asks_list: bool = False
) -> Selection | None:
    """The best line and those read as answers too, in reading order by page; None where no reading convinces.

    `weighed` is best first. A list is told whole where it is the best line itself, or where most of its members answer;
    the list of a whole section only if the question `asks_list`. Where it asks which one, for a level or for pay, the
    headings that may name it are told with the lines.
    """
    read = [w for w in weighed if w.reading is not None]
    likeliest = max((w.likely for w in read), default=0.0)
    if not read or likeliest < least:
        return None
    enough = max(LIKELY, SHARE_OF_BEST * likeliest)
    close = [w for w in read[1:] if _is_close(w, read[0])]
    chosen = [read[0], *(w for w in close if w.likely >= enough and not _is_of_another(w, read[0]))]
    if (whole := _whole_list(chosen, of_sections=asks_list)) and is_typed(whole):
        return Selection(Shape.SENTENCES, (Group("", (snippet_of(whole, worded(whole)),)),))
    if whole:
        said = [w for w in chosen if _is_said_of(w, whole) and w.likely >= AS_GOOD * likeliest]
        first = tuple(snippet_of(w, worded(w)) for w in said[:1])
        lists = [whole, *(_lists_beside(whole, chosen) if _announces(whole) else ())]
        groups = [grouped(one, Shape.LIST, several=False) for one in sorted(lists, key=lambda one: one.node.index)]
        return Selection(Shape.LIST, (*([Group("", first)] if first else []), *groups))
    kept = _without_overlaps(chosen)[:MOST_LINES]
    told = _in_reading_order([line for w in kept for line in _with_what_it_leans_on(_sentences_of(w, read))])
    tell = _named if _ASKS_WHICH.search(question) else worded
    snippets = distinct((snippet_of(w, tell(w)) for w in told), key=lambda snippet: normalise(snippet.text))
    quotes = [snippet.quote for snippet in snippets]
    once = [one for one in snippets if not any(one.quote in other and one.quote != other for other in quotes)]
    return Selection(Shape.SENTENCES, (Group("", tuple(once)),))


def _is_close(line: Weighed, best: Weighed) -> bool:
    """Whether a line answers nearly as well as the best one, or belongs to what is said beside it."""
    if line.score >= best.score - NEARLY_AS_GOOD or line.likely >= AS_GOOD * best.likely:
        return True
    both_sentences = line.node.kind is best.node.kind is Kind.SENTENCE
    is_beside = line.page is best.page and line.node.parent == best.node.parent
    return both_sentences and is_beside and line.likely >= BESIDE * best.likely


def _is_of_another(line: Weighed, best: Weighed) -> bool:
    """Whether a line says the same of another thing: "Salary: …" under a heading that is asked for less."""
    same_field = bool(best.node.value and line.node.value) and normalise(line.node.label) == normalise(best.node.label)
    return same_field and line.node.kind is not Kind.ROW and line.coverage <= best.coverage - CLEARLY_LESS


def _whole_list(chosen: Sequence[Weighed], *, of_sections: bool) -> Weighed | None:
    """The list that the best line is or belongs to, where it answers as a whole; else None."""
    best = chosen[0]
    if best.node.children and is_list(best) and not _is_told_exacter(best, chosen):
        return best
    if own := _list_around(best, chosen, least=2) or (_names_around(best) if of_sections else None):
        return own
    if announced := next(iter(_lists_beside(best, chosen)), None) or _announcing(best, chosen):
        return announced
    near = (w for w in chosen[1:] if w.node.kind is Kind.ITEM and w.score >= best.score - CLOSE)
    others = [w for w in near if w.likely >= AS_GOOD * best.likely]
    around = (_list_around(w, chosen, least=LEAST_BESIDE) for w in others)
    return next((whole for whole in around if whole and (of_sections or whole.node.kind is not Kind.HEADING)), None)


def _lists_beside(line: Weighed, chosen: Sequence[Weighed]) -> list[Weighed]:
    """The lists right beside a line, each announced by a line of its own, that are read to answer as well as it is."""
    beside = [w for w in chosen if w.page is line.page and w.node.parent == line.node.parent and w.node != line.node]
    near = [w for w in beside if _announces(w) and w.score >= line.score - CLOSE]
    return [w for w in near if w.likely >= AS_GOOD * line.likely][:MOST_LISTS_BESIDE]


def _announcing(member: Weighed, chosen: Sequence[Weighed]) -> Weighed | None:
    """The line that announces the list an item is of, where it is read to answer as well as the item; else None."""
    above = (w for w in chosen if w.page is member.page and w.node.index == member.node.parent)
    return next((w for w in above if _announces(w) and w.likely >= AS_GOOD * member.likely), None)


def _announces(line: Weighed) -> bool:
    """Whether a line is a sentence that says nothing without the list below it."""
    return line.node.kind is Kind.SENTENCE and line.node.text.endswith(":") and is_list(line)


def _list_around(member: Weighed, chosen: Sequence[Weighed], *, least: int) -> Weighed | None:
    """The list that a line is a member of, where most of its members and so many of them are chosen; else None."""
    parent = member.page.outline.nodes[member.node.parent]
    if parent.index == 0 or member.node.kind is Kind.SENTENCE:
        return None
    members = [w for w in chosen if w.page is member.page and w.node.parent == parent.index]
    most = len(members) >= least and len(members) >= MOST_OF_A_LIST * len(parent.children)
    above = replace(member, node=parent)
    return above if most and is_list(above) else None


def _names_around(member: Weighed) -> Weighed | None:
    """The short list of bare names that a line is one of, where an item introduces it; else None."""
    outline = member.page.outline
    parent = outline.nodes[member.node.parent]
    beside = outline.children(parent)
    are_names = all(node.kind is Kind.ITEM and not node.children and not node.value for node in beside)
    short = all(len(node.text.split()) <= LONGEST_NAME for node in beside) and len(beside) <= MOST_NAMES
    above = replace(member, node=parent)
    return above if parent.kind is Kind.ITEM and are_names and short and is_list(above) else None


def _is_said_of(line: Weighed, whole: Weighed) -> bool:
    """Whether a line is a sentence beside a list, and not the one that announces it."""
    is_beside = line.page is whole.page and line.node.parent in {whole.node.index, whole.node.parent}
    announces = line.node.index == whole.node.index or line.node.text.endswith(":")
    return is_beside and line.node.kind is Kind.SENTENCE and not announces


def _is_told_exacter(whole: Weighed, chosen: Sequence[Weighed]) -> bool:
    below = [w for w in chosen if w.page is whole.page and w.node.parent == whole.node.index]
    return 0 < len(below) <= EXACT_LINES and max(w.likely for w in below) >= EXACTER * whole.likely


def _without_overlaps(chosen: Sequence[Weighed]) -> list[Weighed]:
    """The lines without those that stand above or below an earlier one."""
    kept: list[Weighed] = []
    for line in chosen:
        if not any(line.page is other.page and _is_above(line, other) for other in kept):
            kept.append(line)
    return kept


def _sentences_of(line: Weighed, read: Sequence[Weighed]) -> list[Weighed]:
    """The sentences of a heading's paragraph, of a long one the likeliest; what answers a question of the page.

    Any other line as it stands.
    """
    if answer := answer_to(line):
        return answer
    below = [node for node in line.page.outline.children(line.node) if node.kind is Kind.SENTENCE and not node.children]
    if line.node.kind is not Kind.HEADING or not below:
        return [line]
    if sum(len(node.text.split()) for node in below) > SHORT_PARAGRAPH_WORDS:
        likely = {w.node.index: w.likely for w in read if w.page is line.page}
        below = sorted(below, key=lambda node: -likely.get(node.index, 0.0))[:MOST_SENTENCES]
    return [replace(line, node=node) for node in below]


def _with_what_it_leans_on(lines: Sequence[Weighed]) -> list[Weighed]:
    """The lines, each sentence that leans on the one before it after that one."""
    told: list[Weighed] = []
    for line in lines:
        before = sentence_before(line) if leans_back(line.node) else None
        told += [replace(line, node=before), line] if before else [line]
    return distinct(told, key=lambda w: f"{w.page.outline.document.key} {w.node.index}")


def _named(line: Weighed) -> str:
    """The line with the heading it stands under: what is asked for may be named there alone."""
    return under_its_heading(line, worded(line))


def _is_above(one: Weighed, other: Weighed) -> bool:
    """Whether one of two lines of a page stands above the other."""
    outline = one.page.outline
    return one.node in outline.ancestors(other.node) or other.node in outline.ancestors(one.node)


def _in_reading_order(lines: Sequence[Weighed]) -> list[Weighed]:
    """The lines page by page, the page of the best line first."""
    pages = list(dict.fromkeys(line.page.outline.document.key for line in lines))
    return sorted(lines, key=lambda line: (pages.index(line.page.outline.document.key), line.node.index))
