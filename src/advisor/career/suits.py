"""Which careers suit a learner: what they say of themselves against what the pages say of whom the work suits.

Words in common count by how rare they are over the careers (idf, Spärck Jones 1972); "Less suited" lines and dislikes
count against. Every reason is a line of a page. Knows no model; the order is the same each time, ties by name.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from advisor.career.pages import Evidence, Need, RolePages, needs_of, row_words, said_on
from advisor.career.skills import MET, Known, canonical, closeness
from advisor.corpus.measures import WEEKS_PER_MONTH, Effort, Unit, read_effort
from advisor.corpus.subjects import Subject
from advisor.text import normalise, stem, stems

MOST_SHOWN = 5
_MOST_REASONS = 4
_EXAMPLE_WORDS, _MOST_EXAMPLES = 4, 3

# One line, one leaning: words that people and pages use for it. A word of the same line counts half.
_ALIKE = """
number mathematics statistics probability figure calculation algebra geometry
picture image visual drawing draw art typography layout colour graphic
money business company economics finance
people team human listening empathy user customer
teaching explain mentor teach
puzzle riddle problem mystery cause
order tidy tidiness structured organised organising
careful precise precision exact exactness accuracy detail thorough thoroughness care
patient patience persistent persistence stubborn stubbornness stamina
calm stress pressure
write writing language text words
machine hardware electronics robot device physical
attack hacker hacking security breach
science research experiment evidence
behaviour psychology mind
phone mobile app
server infrastructure network
curious curiosity
sceptical scepticism doubt doubting suspicion
talk presenting present speak speaking explain
meeting discussion politics
automation automate
code coding program programming
"""
_WISH = re.compile(r"\b(?:want|need|mainly|enjoy|love|look for|would rather|prefer|write for|like)\w*\b", re.I)
_AVERSION = re.compile(
    r"\b(?:dislike|hate|avoid|cannot|can't|bored|unhappy|never|without patience|struggle)\w*\b", re.I
)
_CLAUSE = re.compile(r",?\s+(?:or|and)\s+(?=who\b|people\b)|,\s+(?=who\b|people\b)")
_PREFACE = frozenset(stems("people person work thing like love enjoy hate dislike good well better best job want need"))
_MATHS = frozenset(map(canonical, ("mathematics", "linear algebra", "calculus", "probability", "statistics")))
_LANGUAGES = frozenset(
    map(canonical, "python,java,javascript,c,c++,c#,go,rust,kotlin,swift,solidity,typescript,r,react,bash".split(","))
)
_MATHS_WORDS = frozenset(stems("mathematics algebra calculus statistics number"))
_CODE_WORDS = frozenset(stems("code coding program programming"))


class Side(StrEnum):
    """Whether a reason speaks for a career or against it."""

    FOR = "for"
    AGAINST = "against"


@dataclass(frozen=True, slots=True)
class Learner:
    """What a learner says of themselves; None and "" where they said nothing."""

    interests: str = ""
    strengths: str = ""
    dislikes: str = ""
    known: tuple[Known, ...] = ()
    likes_maths: bool | None = None
    likes_coding: bool | None = None
    hours_per_week: float | None = None

    @property
    def is_silent(self) -> bool:
        """Whether there is nothing to rank careers by."""
        words = self.interests, self.strengths, self.dislikes
        return not (any(map(str.strip, words)) or self.known) and self.likes_maths is self.likes_coding is None


@dataclass(frozen=True, slots=True)
class Reason:
    """A line of a page that speaks for or against, the learner's words it answers, and how much it counts."""

    side: Side
    about: str  # what kind of line: "Interests", "Less suited", "Essential skills"
    words: str  # the line
    because: tuple[str, ...]  # the learner's own words
    weight: float
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Caution:
    """The line on whom the career suits less, where no reason quotes it already."""

    words: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Fit:
    """A career with its score, higher is better; its reasons for and then against, weightiest first."""

    role: str
    score: float
    reasons: tuple[Reason, ...]
    caution: Caution | None = None


@dataclass(frozen=True, slots=True)
class Ranking:
    """The careers that suit a learner best."""

    fits: tuple[Fit, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    """A line by which a career can be told: its kind, what it counts, its words and their stems."""

    about: str
    weight: float
    words: str
    stems: frozenset[str]
    evidence: Evidence


_LINE_WEIGHTS = {"interests": 1.0, "strengths": 1.0, "personality traits": 1.0}
_LESS_SUITED = "less suited"
_WORK_WEIGHT = 0.4  # of what a page says of the work itself: less telling than of whom it suits
_OTHER_KIND = 0.6  # an interest that answers a line of strengths, and the other way about
_ALIKE_WEIGHT = 0.5
_SKILL_WEIGHT = 0.5  # of each essential skill that is known: a little
_COMFORT_WEIGHT = 2.0  # of the questions on mathematics and coding


def rank_careers(learner: Learner, roles: Sequence[RolePages]) -> Ranking:
    """The careers something speaks for, best first, ties by name; at most five."""
    lines = {role.name: tuple(_lines(role)) for role in roles}
    rarity = _rarity(lines.values())
    fits = [_fit(learner, role, lines[role.name], rarity) for role in roles]
    told = [fit for fit in fits if any(reason.side is Side.FOR for reason in fit.reasons) and fit.score > 0]
    return Ranking(tuple(sorted(told, key=lambda fit: (-fit.score, fit.role))[:MOST_SHOWN]))


# --- what the pages say ---------------------------------------------------------------------------


def _lines(role: RolePages) -> Iterator[_Line]:
    """Whom the career suits and whom not, then what it is and what one does all day."""
    suits = said_on(Subject.SUITS, role)
    if suits:
        for node in suits.items:
            kind = normalise(node.label)
            if kind in _LINE_WEIGHTS or kind == _LESS_SUITED:
                yield _line(node.label, _LINE_WEIGHTS.get(kind, 1.0), node.value, suits.page.evidence(node))
    for subject, about in ((Subject.DEFINITION, "What it is"), (Subject.DAILY_WORK, "Daily work")):
        said = said_on(subject, role)
        if said:
            for node in (*said.sentences[:1], *said.items):
                yield _line(about, _WORK_WEIGHT, node.text, said.page.evidence(node))


def examples(roles: Sequence[RolePages], label: str) -> tuple[str, ...]:
    """Short phrases that careers from all over the list have under a label, to show what an answer may look like."""
    spread = roles[:: max(1, len(roles) // MOST_SHOWN)]
    found = (
        phrase.strip()
        for role in spread
        for line in _lines(role)
        if normalise(line.about) == normalise(label)
        for phrase in line.words.split(",")[:1]
        if len(phrase.split()) <= _EXAMPLE_WORDS
    )
    return tuple(dict.fromkeys(found))[:_MOST_EXAMPLES]


def _line(about: str, weight: float, words: str, evidence: Evidence) -> _Line:
    return _Line(about, weight, words, frozenset(stems(words)), evidence)


def _rarity(lines: Iterable[Sequence[_Line]]) -> Mapping[str, float]:
    """The idf of each stem over the careers: ln(1 + careers / careers that use it)."""
    careers = [frozenset().union(*(line.stems for line in own)) for own in lines]
    used = Counter(word for own in careers for word in own)
    return {word: math.log(1 + len(careers) / count) for word, count in used.items()}


# --- what speaks for and against ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Word:
    """A telling word of an answer as it was written, with its stem and what it counts in some line."""

    word: str
    stem: str
    weight: float = 0.0


@dataclass(frozen=True, slots=True)
class _Echo:
    """A line that answers words of the learner."""

    side: Side
    line: _Line
    shared: tuple[_Word, ...]


def _fit(learner: Learner, role: RolePages, lines: Sequence[_Line], rarity: Mapping[str, float]) -> Fit:
    reasons = [
        *_told_once(_echoes(learner, lines, rarity)),
        *_by_skills(learner, role),
        *_by_comfort(learner, role),
        *_by_hours(learner, role),
    ]
    score = sum(reason.weight if reason.side is Side.FOR else -reason.weight for reason in reasons)
    ranked = sorted(reasons, key=lambda reason: -reason.weight)
    pro = [reason for reason in ranked if reason.side is Side.FOR][:_MOST_REASONS]
    con = [reason for reason in ranked if reason.side is Side.AGAINST][:_MOST_REASONS]
    return Fit(role.name, round(score, 3), (*pro, *con), _caution(lines, con))


def _caution(lines: Sequence[_Line], against: Sequence[Reason]) -> Caution | None:
    quoted = {reason.evidence for reason in against}
    less = next((line for line in lines if normalise(line.about) == _LESS_SUITED), None)
    return Caution(less.words, less.evidence) if less and less.evidence not in quoted else None


def _told_once(echoes: Iterable[_Echo]) -> Iterator[Reason]:
    """The echoes as reasons, the strongest first; a word counts on each side only in the line where it counts most."""
    used: set[tuple[Side, str]] = set()
    for echo in sorted(echoes, key=lambda echo: -sum(word.weight for word in echo.shared)):
        fresh = [word for word in echo.shared if (echo.side, word.stem) not in used]
        if fresh:
            used |= {(echo.side, word.stem) for word in fresh}
            because = tuple(dict.fromkeys(word.word for word in fresh))
            weight = round(sum(word.weight for word in fresh), 3)
            yield Reason(echo.side, echo.line.about, echo.line.words, because, weight, echo.line.evidence)


def _echoes(learner: Learner, lines: Sequence[_Line], rarity: Mapping[str, float]) -> Iterator[_Echo]:
    """Interests and strengths against the lines of their kind, and less against others; dislikes against all."""
    for line in lines:
        kind = normalise(line.about)
        if kind == _LESS_SUITED:
            yield from _echoes_less(learner, line, rarity)
            continue
        for asked, said in (("interests", learner.interests), ("strengths", learner.strengths)):
            other = kind in _LINE_WEIGHTS and (kind == "interests") != (asked == "interests")
            yield from _echo(Side.FOR, line, said, line.stems, rarity, _OTHER_KIND if other else 1.0)
        yield from _echo(Side.AGAINST, line, learner.dislikes, line.stems, rarity)


def _echoes_less(learner: Learner, line: _Line, rarity: Mapping[str, float]) -> Iterator[_Echo]:
    """A wish the career does not grant ("who want …") against interests; what it asks one to bear against dislikes."""
    for clause in _CLAUSE.split(line.words):
        said = learner.dislikes if _AVERSION.search(clause) else learner.interests if _WISH.search(clause) else ""
        yield from _echo(Side.AGAINST, line, said, frozenset(stems(clause)), rarity)


def _echo(
    side: Side, line: _Line, said: str, held: frozenset[str], rarity: Mapping[str, float], factor: float = 1.0
) -> Iterator[_Echo]:
    """The words of an answer that the stems of a line hold, with what each counts; nothing where it holds none."""
    found = {
        word.stem: replace(word, weight=weight * line.weight * factor)
        for word in _told(said)
        if (weight := _overlap(word.stem, held, rarity))
    }
    if found:
        yield _Echo(side, line, tuple(found.values()))


def _told(said: str) -> Iterator[_Word]:
    """The telling words of an answer."""
    for word in re.findall(r"[^\W_]+(?:['’+#.-][^\W_]+)*[+#]*", said):
        yield from (_Word(word, one) for one in stems(word) if one not in _PREFACE)


def _overlap(word: str, held: frozenset[str], rarity: Mapping[str, float]) -> float:
    """The rarity of a word the line has; half of that of the rarest of its like where it has only those."""
    if word in held:
        return rarity.get(word, 0.0)
    alike = [rarity.get(other, 0.0) for other in _alike().get(word, frozenset()) & held]
    return _ALIKE_WEIGHT * max(alike, default=0.0)


@lru_cache(maxsize=1)
def _alike() -> Mapping[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for line in _ALIKE.strip().splitlines():
        group = frozenset(one for word in line.split() for one in stems(word) or [stem(word)])
        for word in group:
            found[word] = found.get(word, frozenset()) | (group - {word})
    return found


def _by_skills(learner: Learner, role: RolePages) -> Iterator[Reason]:
    """Each essential skill that is known."""
    for need in needs_of(role):
        known = [skill.name for skill in learner.known if closeness(skill.name, need.name, need.detail) in MET]
        if known and need.is_essential:
            yield _of_need(Side.FOR, need, tuple(known), _SKILL_WEIGHT)


def _by_comfort(learner: Learner, role: RolePages) -> Iterator[Reason]:
    """The first essential skill that is mathematics, or a programming language, for or against as the learner is."""
    disliked = {word.stem for word in _told(learner.dislikes)}
    asked = (
        (_MATHS, _comfort(learner.likes_maths, disliked & _MATHS_WORDS), "mathematics"),
        (_LANGUAGES, _comfort(learner.likes_coding, disliked & _CODE_WORDS), "coding"),
    )
    for skills, is_liked, name in asked:
        need = next((need for need in needs_of(role) if need.is_essential and canonical(need.name) in skills), None)
        if need is not None and is_liked is not None:
            side = Side.FOR if is_liked else Side.AGAINST
            because = name if is_liked else f"no {name}"
            yield _of_need(side, need, (because,), _COMFORT_WEIGHT if not is_liked else _COMFORT_WEIGHT / 2)


def _comfort(said: bool | None, disliked: Iterable[str]) -> bool | None:
    return False if said is None and any(disliked) else said


def _of_need(side: Side, need: Need, because: tuple[str, ...], weight: float) -> Reason:
    words = f"{need.name}: {need.detail}" if need.detail else need.name
    return Reason(side, "Essential skills", words, because, weight, need.evidence)


def _by_hours(learner: Learner, role: RolePages) -> Iterator[Reason]:
    """A length the pages give for more hours a week than the learner has: no reason to rank by, but to be told."""
    said = said_on(Subject.TIME, role)
    if said is None or learner.hours_per_week is None:
        return
    for node in (*said.sentences, *said.items, *said.rows):
        effort = read_effort(node.text)
        if effort and _weekly(effort) > learner.hours_per_week:
            because = (f"{learner.hours_per_week:g} hours a week",)
            words = row_words(node) if node.cells else node.text
            yield Reason(Side.AGAINST, "Time", words, because, 0.0, said.page.evidence(node))
            return


def _weekly(effort: Effort) -> float:
    times = {Unit.DAY: 7.0, Unit.WEEK: 1.0, Unit.MONTH: 1 / WEEKS_PER_MONTH}
    return effort.low * times.get(effort.per, 1.0)
