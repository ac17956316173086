"""Answers to "how long": which node states a time, and of what. Sources that differ are all shown.

Knows nothing of other questions; a time is never computed here, only found.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from advisor.answer.pace import asks_pace
from advisor.answer.selection import Group, Selection, Shape
from advisor.answer.weigh import CONVINCING, Weighed, likeness
from advisor.answer.wording import name_above, row_text, snippet_of
from advisor.corpus.outline import Kind, Node
from advisor.corpus.quantities import bracketed_span, durations, span, without_durations
from advisor.corpus.timed import EFFORT_LABEL
from advisor.records import Query, Snippet
from advisor.text import normalise, stems

MOST_TIMES = 4  # that one answer lists
COVERAGE_READ = 0.3  # where the line is read as the answer
COVERAGE_WHOLE = 0.2  # where the whole time is asked for, and the line is called so
LEAST_COVERAGE = 0.35  # of the question's words; below it a line speaks of the time of something else
MATCH_WEIGHT = 0.35  # of what subject and question have in common, against the weighing's score
NEAR_MATCH = 0.12  # between two times of things that are asked for alike
AS_GOOD = 0.9  # of the best line's reading, for one beside it to be told too
LEAST_SHARE = 0.2  # of the surest reading, for a time to be told beside it
LONGEST_NAME = 16  # words of what "takes" a time
TIMES = "The roadmaps give these times:"
_NO_TIME_OF_IT = frozenset({"prerequisites", "outcomes", "topics"})  # what is named there may have a time in its name
_TIME_IN_NAME = re.compile(r"\W*\d+ (?:days?|hours?|weeks?|months?) of\b", re.IGNORECASE)  # "100 Days of SwiftUI"
_TIME_LABEL = re.compile(
    r"^(duration|time|length|timeline|estimated time|time needed|takes|how long|study time|total)\b", re.I
)
# Of the thing above it, and not of a part of it as "Time to first job" is
_WHOLE_TIME_LABEL = re.compile(
    r"(?:(?:total|estimated|expected|study|learning|approximate|average) )*"
    r"(?:durations?|time(?: ?(?:frame|line))?|length|takes|how long|total)"
    r"(?: (?:needed|required|commitment|investment|estimate|to complete|to finish|in total))?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Timed:
    """A node that carries a duration: what takes how long."""

    weighed: Weighed
    subject: str
    words: str
    text: str
    match: float  # share of words that subject and question have in common, 0…1
    telling: float  # the same without the words of the page's title, which tell none of its lines from another


def select_times(query: Query, weighed: Sequence[Weighed]) -> Selection | None:
    """How long the thing asked for takes, in the words of each source that says so; None where none does."""
    asks_all = bool(_ASKS_ALL.search(query.question))
    about_it = [
        w
        for w in weighed
        if w.coverage >= LEAST_COVERAGE
        or (_is_read(w) and (w.coverage >= COVERAGE_READ or _is_in_list_of(w, weighed[0])))
        or (asks_all and w.coverage >= COVERAGE_WHOLE and _is_whole_time(w.node))
    ]
    timed = [fact for w in about_it for fact in [_timed(query, w)] if fact and _is_of_it(query, fact)]
    if not timed:
        return None
    timed = _of_the_named_part(query, _in_hours(query, timed))
    timed = _read_as_answers(query, _of_the_numbered(query, timed))
    timed.sort(key=lambda fact: -(fact.weighed.score + MATCH_WEIGHT * (fact.match + fact.telling) / 2))
    best = timed[0]
    rivals = [
        fact
        for fact in timed[1:]
        if (
            fact.match >= best.match - NEAR_MATCH
            and fact.telling >= best.telling - NEAR_MATCH
            and fact.weighed.coverage >= best.weighed.coverage - 0.2
        )
        or _is_asked_too(query, fact, best)
    ]
    chosen: list[_Timed] = []
    for fact in [best, *rivals]:
        if len(chosen) < MOST_TIMES and not any(_says_the_same(fact, other) for other in chosen):
            chosen.append(fact)
    if len({(id(fact.weighed.page), fact.weighed.node.parent) for fact in chosen}) == 1:  # one list, in its own order
        chosen.sort(key=lambda fact: fact.weighed.node.index)
    snippets = tuple(_told(fact) for fact in chosen)
    if len(snippets) == 1:
        return Selection(Shape.SENTENCES, (Group("", snippets),))
    return Selection(Shape.DIFFERENCE, (Group(TIMES, snippets),))


_ASKS_ALL = re.compile(
    r"\b(?:whole|entire|full|total|complete|all in all|in all|altogether|overall|start to finish|end to end)\b",
    re.IGNORECASE,
)


def _is_whole_time(node: Node) -> bool:
    label = node.cells[0].rpartition(": ")[2] if node.kind is Kind.ROW and node.cells else node.label
    return bool(_WHOLE_TIME_LABEL.fullmatch(label))


def _is_of_it(query: Query, fact: _Timed) -> bool:
    """Whether the time is of what is asked for: named with it or right above it, all of it, or read as the answer."""
    outline = fact.weighed.page.outline
    above = outline.nodes[fact.weighed.node.parent].text
    is_whole = bool(_ASKS_ALL.search(query.question)) and _is_whole_time(fact.weighed.node)
    return bool(fact.match) or _is_read(fact.weighed) or is_whole or likeness(query.terms, above) > 0


def _is_read(weighed: Weighed) -> bool:
    return weighed.likely >= CONVINCING


def _is_asked_too(query: Query, fact: _Timed, best: _Timed) -> bool:
    """Whether a line of the same list, read as the answer too, names what the best does not: "junior and senior"."""
    one, other = fact.weighed, best.weighed
    asked = set(query.terms)
    names_more = bool(asked & one.page.own_stems(one.node) - other.page.own_stems(other.node))
    is_read = _is_read(one) and one.likely >= AS_GOOD * other.likely
    return names_more and is_read and _is_in_list_of(one, other)


def _is_in_list_of(line: Weighed, best: Weighed) -> bool:
    """Whether a line is an item of the list that another is of, or that very line."""
    beside = line.page is best.page and line.node.parent == best.node.parent and line.node.kind is Kind.ITEM
    return beside or line is best


_EFFORT_LABELS = frozenset(
    {"effort", "workload", "pace", "weekly effort", "time per week", "hours per week", "time commitment", "commitment"}
)


def _told(fact: _Timed) -> Snippet:
    """The time as evidence; with what it asks for each week, where the line beside it says so."""
    node, outline = fact.weighed.node, fact.weighed.page.outline
    beside = [outline.nodes[index] for index in outline.nodes[node.parent].children if node.kind is Kind.ITEM]
    effort = next((other for other in beside if normalise(other.label) in _EFFORT_LABELS and other.value), None)
    snippet = snippet_of(fact.weighed, fact.text)
    if effort is None or normalise(effort.value).startswith("not "):
        return snippet
    first, last = sorted((node, effort), key=lambda one: one.start)
    quote = outline.document.text[first.start : last.end]
    pace = effort.value if effort.value.lower().startswith("at ") else f"at {effort.value}"
    text = f"{snippet.text.rstrip('.')}, {pace}."
    return replace(snippet, text=text, quote=quote) if quote in snippet.passage.text else snippet


_HOURS = re.compile(r"\b(?:hours?|hrs?)\b", re.IGNORECASE)
_ASKS_HOURS = re.compile(r"\bhow many (?:\w+ )?(?:hours?|hrs?)\b", re.IGNORECASE)


def _in_hours(query: Query, timed: list[_Timed]) -> list[_Timed]:
    """Where hours are asked for, the times in hours, if there are any; else all."""
    if asks_pace(query.question) or not _ASKS_HOURS.search(query.question):
        return timed
    return [fact for fact in timed if _HOURS.search(fact.words)] or timed


def _of_the_named_part(query: Query, timed: list[_Timed]) -> list[_Timed]:
    """Where a part of a dated plan is asked for by its name, that part alone; else all."""
    asked = set(query.terms)
    named = [fact for fact in timed if span(fact.weighed.node.text) and set(stems(fact.subject)) <= asked]
    return named or timed


def _of_the_numbered(query: Query, timed: list[_Timed]) -> list[_Timed]:
    """Where phase 2 is asked for, the lines that are about phase 2 as a whole, if there are any; else all."""
    things = tuple(normalise(thing) for thing in query.numbered)
    careers = query.careers
    own = [fact for fact in timed if fact.weighed.page.outline.document.role in careers]
    timed = own if own and things else timed
    whole = [
        fact
        for fact in timed
        if things and fact.weighed.node.kind is not Kind.SENTENCE and normalise(fact.subject).startswith(things)
    ]
    return whole or timed


def _read_as_answers(query: Query, timed: list[_Timed]) -> list[_Timed]:
    """Where a line is read as the answer, those read so too, and what is asked for by its whole name; else all."""
    likeliest = max(fact.weighed.likely for fact in timed)
    if likeliest < CONVINCING:
        return timed
    asked = set(query.terms)
    named = [bool(fact.subject) and set(stems(fact.subject)) <= asked for fact in timed]
    read = [fact.weighed.likely >= LEAST_SHARE * likeliest for fact in timed]
    return [fact for fact, *kept in zip(timed, named, read, strict=True) if any(kept)]


def _says_the_same(one: _Timed, other: _Timed) -> bool:
    """Whether two lines give the same time for the same thing, one of them perhaps in fewer words."""
    a, b = set(stems(one.subject)), set(stems(other.subject))
    return normalise(one.words) == normalise(other.words) and (a <= b or b <= a)


# What is left of a line that names nothing but a time: "5 weeks, 6 hours per week", "Took me 16 weeks", "Four courses".
_COUNTED_PARTS = (
    r"\b(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|several|small|short) "
    r"(?:courses?|parts?|modules?|lessons?|videos?|units?)\b"
)
_NAMELESS = re.compile(
    r"\b(?:took|takes?|lasts?|needs?|me|us|you|about|around|roughly|approx|at|for|in|of|only|each|per|an?|the|and|week"
    rf"|day)\b|\b\d+(?:\s*[-–]\s*\d+)?\s*(?:h|hrs?|hours?|minutes?)\b|{_COUNTED_PARTS}",
    re.IGNORECASE,
)


def _names_something(name: str) -> bool:
    return bool(stems(_NAMELESS.sub(" ", name)))


def _is_named_with_its_time(node: Node) -> bool:
    """Whether an item is a name with its time in brackets, "Python for bakers (6 weeks)", and no pace with its sum."""
    is_pace = bool(EFFORT_LABEL.match(node.label)) or normalise(node.label) in {"schedule", "time commitment"}
    is_field = bool(node.value and _WHOLE_TIME_LABEL.fullmatch(node.label))  # "Duration: 34 weeks (about 8 months)"
    return node.text.rstrip(".").endswith(")") and not durations(node.label) and not is_pace and not is_field


_OPENS_WITH_TIME = re.compile(r"takes?\b|\W*\d", re.IGNORECASE)  # "Takes 4 weeks": of what stands above


def _is_prose(node: Node, own_name: str) -> bool:
    """Whether a time stands in a sentence, or in an item of sentences, that says itself of what it is."""
    if node.kind is Kind.SENTENCE:
        return bool(stems(own_name)) and not _OPENS_WITH_TIME.match(node.text)
    return node.kind is Kind.ITEM and len(own_name.split()) > LONGEST_NAME


def _timed(query: Query, weighed: Weighed) -> _Timed | None:
    node = weighed.node
    found = durations(node.text)
    if planned := span(node.text) if node.kind is not Kind.SENTENCE else None:
        name = node.text[planned.end :].strip()
        return _stated(query, weighed, name, planned.words, node.text) if name else None
    if not found and (planned := bracketed_span(node.text)):
        name = " ".join((node.text[: planned.start] + node.text[planned.end :]).split())
        return _stated(query, weighed, name, planned.words, node.text)
    if not found or normalise(node.label) in _NO_TIME_OF_IT:
        return None
    words = found[0].words
    own_name = node.label if _TIME_IN_NAME.match(node.label) else without_durations(node.label)
    stated = bool(_TIME_LABEL.match(node.text)) or not _names_something(own_name) or own_name.startswith("(")
    parent = name_above(weighed)
    is_field = bool(_TIME_LABEL.match(node.label) and node.value)  # "Timeline: 6-8 weeks", set as a paragraph
    if node.kind is Kind.ROW:
        subject, text = row_text(node), row_told(node)
    elif node.kind is Kind.ITEM and _is_named_with_its_time(node):
        subject = without_durations(node.text)
        text = f"{subject} takes {words}{_inside(weighed)}"
    elif _is_prose(node, own_name) and not is_field:
        subject, text = node.text, node.text
    elif stated and node.value:
        subject, text = (
            parent,
            f"{parent} takes {node.value}" if _WHOLE_TIME_LABEL.fullmatch(node.label) else f"{parent}: {node.text}",
        )
    elif stated or re.match(r"takes?\b", node.text, re.I):
        subject, text = parent, _said_of(parent, node.text)
    elif node.kind is Kind.HEADING or not node.value or durations(node.label):
        subject, text = own_name, f"{own_name} takes {words.lower()}{_inside(weighed)}"
    else:
        subject, text = own_name, f"{parent}: {node.text}" if parent else node.text
    told = text if _TIME_IN_NAME.match(node.label) else text.replace(words, words.lower())
    return _stated(query, weighed, subject, words, told)


def _stated(query: Query, weighed: Weighed, subject: str, words: str, text: str) -> _Timed:
    """The time with how far its subject is what the question names."""
    title = set(stems(weighed.page.outline.document.title))
    left = [term for term in query.terms if term not in title]
    match = likeness(query.terms, subject)
    return _Timed(weighed, subject, words, text, match, likeness(left, subject) if left else match)


def _said_of(name: str, time: str) -> str:
    """A time that stands under a name, with it: "Takes 4 weeks", "4 weeks", "Four courses, around 4 weeks"."""
    if re.match(r"takes?\b", time, re.IGNORECASE):
        return f"{name} {time[0].lower()}{time[1:]}"
    opens = re.match(r"\W*(?:(?:about|around|roughly|approx\.?|up to) )?\d", time, re.IGNORECASE)
    return f"{name} takes {time}" if opens else f"{name}: {time}"


MOST_BESIDE_TIME = 3  # cells of a row that are told with its time; a row of more of them is told by its time alone


def row_told(node: Node) -> str:
    """A table's row as a sentence, "Phase 2 (deep learning) takes 5 months"; one with more to say by its cells."""
    first, *rest = node.cells or (node.text,)
    timed = [cell for cell in rest if _TIME_LABEL.match(cell) and durations(cell)]
    others = [cell.partition(": ")[2] for cell in rest if cell not in timed]
    if len(timed) != 1 or 1 < len(others) <= MOST_BESIDE_TIME:
        return row_text(node)
    of_what = f" ({others[0]})" if len(others) == 1 and others[0] else ""
    return f"{first.partition(': ')[2] or first}{of_what} takes {timed[0].partition(': ')[2]}"


def _inside(weighed: Weighed) -> str:
    """The words `, in Phase 2: …` where a numbered heading stands above, else nothing."""
    for part in reversed(weighed.page.outline.ancestors(weighed.node)):
        if re.match(r"(phase|step|stage|part|level|year|module)\s+\w{1,4}\b", part.text, re.I):
            return f", in {without_durations(part.text)}"
    return ""
