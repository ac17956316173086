"""Which standing subject of a career a question asks for: pitfalls, daily work, titles, skills and so on.

Patterns over the learner's words only; the sections that answer are told by `corpus.subjects`. A question may ask for
such a subject and for something special within it ("what comes after senior?"): `left` tells what is special.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from advisor.corpus.subjects import Subject
from advisor.records import Intent, Query
from advisor.search.intent import reworded
from advisor.text import stem, stems

_HIRED = r"(?! (?:can |could |will )?(?:get |be |am |find )?(?:an? )?(?:hired|employed|employable|apply|job))"
# That asks for the prerequisites of something; "before I can get hired" is no such thing.
_NOT_BEFORE = rf"(?!.*\bbefore (?:(?:i|we|you|one)\b{_HIRED}|start|begin|tak|join))"

_WAYS: dict[Subject, tuple[str, ...]] = {  # the first subject that matches decides
    Subject.MYTHS: (
        r"\bmyths?\b",
        r"\b(?:is it|isn'?t it|it'?s) true that\b",
        r"\b(?:everyone|everybody|people|they) (?:all )?(?:say|says|claims?|thinks?|believes?)\b",
        r"\bmisconceptions?\b|\bclich[eé]\b",
    ),
    Subject.FIRST_STEP: (
        r"\bfirst (?:tiny |small |real |concrete )?(?:step|thing|move|action)\b",
        r"\bstep (?:one|1) (?:to|towards?|into|in)\b",
        r"\b(?:this (?:week(?:end)?|evening)|tonight|today|tomorrow|right away)\b",
        r"\bto get going\b|\bget my feet wet\b|\b(?:learn|study|do|tackle) first\b",
        r"\bhow (?:do|can|should|would|to)(?: i)? (?:even |best )?(?:get started|start|begin)\b",
        r"\bwhere (?:do|should|would|can) i (?:even )?(?:start|begin)\b",
    ),
    Subject.FIRST_JOBS: (
        r"\bfirst (?:real |paid |actual )?(?:jobs?|roles?|positions?)\b",
        r"\bentry[- ](?:level|point|roles?|jobs?)\b",
        r"\b(?:starter|stepping[- ]stone|bridge) (?:jobs?|roles?)\b",
        r"\b(?:jobs?|roles?) (?:that )?leads? (?:in)?to\b",
        r"\bway in\b|\bget (?:my|a|your) foot in\b",
    ),
    Subject.PITFALLS: (
        r"\b(?:mistakes?|pitfalls?|traps?|errors?|blunders?|screw[- ]?ups?|bad habits?)\b",
        r"\b(?:go|goes|get|gets|getting) wrong\b",
        r"\b(?:steer clear|stay away) of\b|\bwatch out\b|\bavoid\b",
    ),
    Subject.DAILY_WORK: (
        r"\b(?:day[- ]to[- ]day|day by day|daily (?:work|tasks?|life|business|routine))\b",
        r"\b(?:all|whole|typical|normal|ordinary|average|usual|regular|every|working|work) (?:working )?day\b",
        r"\bworkday\b|\b(?:nine|9)[- ]to[- ](?:five|5)\b|\b9-5\b",
        r"\b(?:morning|daily|day'?s?|work(?:ing)?) routine\b",
        r"\bday in the life\b|\bday (?:of|as|for) an?\b|\bmy day\b",
        r"\b(?:actually|really|even) do\b",
        r"\bspend (?:most of )?(?:my|their|your|his|her|the) (?:time|days?|hours)\b",
    ),
    Subject.SUITS: (
        r"\bsuits?(?: me| you|ed)?\b",
        r"\b(?:right|good|bad|wrong|any) (?:fit|match|thing|job|choice) for (?:me|somebody|someone|people|a person)\b",
        r"\b(?:be|is|am i|i'?m) an? (?:good|bad|poor|right|wrong) (?:fit|match)\b",
        r"\bfor (?:me|somebody|someone|people) (?:like|who)\b|\bcut out\b|\bmade for (?:me|it)\b",
        r"\bwho(?:'?s| is| are) [^,.?!]{2,40} (?:(?:good|right|best|meant|made) )?for\b\W*(?:$|\()",
        r"\bwho(?:'?s| is| should)? (?:it )?(?:not for|stay away|stay out|better not)\b|\bnot for whom\b",
        r"\b(?:would|will|could) i (?:be happy|enjoy|like|hate|survive)\b",
        r"\bpersonalit(?:y|ies)\b|\b(?:kind|sort|type) of (?:person|people|character)\b",
    ),
    Subject.DIFFICULTY: (
        r"\bhow (?:hard|tough|difficult|easy|challenging|steep)\b",
        r"\b(?:too|so|really|that|it) (?:hard|difficult|tough)\b|\bdifficult(?:y)?\b",
        r"^(?:so |and |but |hi |hey )?(?:is|are) (?!there\b|it\b)[^,.?!]{2,50} (?:hard|difficult|tough|easy)"
        r"(?: to (?:learn|get into|break into|become|master|start|pick up))?(?: for [^,.?!]{2,40})?\W*$",
        r"\b(?:hardest|toughest|easiest) (?:part|bit|thing)\b|\bgive up\b",
        r"\bis (?!it\b|there\b)[^,.?!]{2,40} (?:harder|easier|tougher)\W*$",
        r"\b(?:which|what|who)(?: one)?(?: of (?:the two|these|those|them))?(?:'?s| is| would be| will be)? (?:the )?"
        r"(?:easier|harder|tougher|easiest|hardest)\b",
        r"\b(?:people|learners|beginners|most) (?:quit|stop|drop out)\b",
    ),
    Subject.TITLES: (
        r"\bat the (?:very )?top\b|\b(?:highest|top) (?:title|role|position|rank)\b",
        r"\b(?:job )?titles?\b|\b(?:career )?(?:ladder|progression|levels)\b",
        r"\b(?:after|above|beyond|past|next from) (?:a |the |being )?(?:junior|senior|lead|mid)\b",
        r"\bpromot(?:ed|ions?)\b|\bclimb\b|\bjunior (?:up )?to\b",
        r"\bbe called\b",
    ),
    Subject.OPTIONAL_SKILLS: (
        r"\bnice[- ]to[- ]haves?\b",
        r"\b(?:optional|bonus|extra) (?:skills?|things|stuff)\b",
        r"\bskills?\b(?=.*\b(?:optional|can wait|later)\b)|\b(?:optional|can wait)\b(?=.*\bskills?\b)",
    ),
    Subject.CERTIFICATES: (r"\bcert(?:s|ificates?|ifications?)?\b|\bcredentials?\b|\bbadges?\b",),
    Subject.SKILLS: (
        r"\bskills?\b",
        rf"\b(?:must|need to|have to|should|got to) (?:i )?(?:know|learn|master|be good at|be able)\b{_NOT_BEFORE}",
        rf"\bwhat (?:do|should|must) i (?:need|know|learn|master)\b{_NOT_BEFORE}",
        r"\bexpect(?:s|ed)? (?:of|from|a|me|juniors?)\b",
    ),
}
_PATTERNS = tuple((subject, re.compile("|".join(ways), re.IGNORECASE)) for subject, ways in _WAYS.items())

# Words that make such a question longer and no narrower.
_FILLERS = frozenset(
    stem(word)
    for word in """
    beginner rookie newbie newcomer junior senior new freshly fresh hired typically typical usual usually common
    commonly biggest big classic main people person list whole full real honest career job role work working path field
    profession trouble expect topic learn learning start starting become becoming top sketch everyone somebody guy folk
    wait toward towards break enter transition help matter worth useful count
    """.split()
)


@dataclass(frozen=True, slots=True)
class AskedSubject:
    """The subject, and the stems of the words that ask for it."""

    subject: Subject
    about: frozenset[str]

    def left(self, terms: Sequence[str]) -> tuple[str, ...]:
        """Those of a question's stems that are not about the subject, in order: what is special."""
        return tuple(term for term in terms if term not in self.about and term not in _FILLERS)


# What many careers have: "the exam", "phase 2", "the course" name nothing until the career is known.
_SHARED_WORDS = "certificate exam course phase step stage part project roadmap better worse other good"
_SHARED = _FILLERS | {stem(word) for word in _SHARED_WORDS.split()}


_ENDS = frozenset(stem(word) for word in "zero scratch nothing absolute total realistic ready total employable".split())


_CHANGES = frozenset(stem(word) for word in "switch move change pivot retrain order sequence thing stuff".split())


def names_nothing(terms: Sequence[str]) -> bool:
    """Whether these stems name only what every career has."""
    return all(term in _SHARED or term.isdigit() for term in terms)


def names_no_part(terms: Sequence[str]) -> bool:
    """Whether these stems name no part of a way, only the learner's start and end of it."""
    return all(term in _FILLERS or term in _ENDS for term in terms)


def asks_whole_way(query: Query) -> bool:
    """Whether the steps of a career itself are asked for, and of nothing in particular: "how do I get into QA?"."""
    known = set(stems(" ".join(query.roles))) | _CHANGES
    left = [term for term in query.terms if term not in known]
    return query.intent is Intent.STEPS and bool(query.roles) and names_nothing(left)


def asked_subject(question: str) -> AskedSubject | None:
    """The first subject whose words stand in the question, as it is asked or else in the words roadmaps use."""
    return _spoken_in(question) or _spoken_in(reworded(question))


def opens_way(question: str) -> bool:
    """Whether the first step into a career is asked for, which is no counted part of its way."""
    standing = asked_subject(question)
    return standing is not None and standing.subject == Subject.FIRST_STEP


def _spoken_in(text: str) -> AskedSubject | None:
    for subject, pattern in _PATTERNS:
        spoken = [found.group() for found in pattern.finditer(text)]
        if spoken:
            return AskedSubject(subject, frozenset(stems(" ".join((*spoken, *map(reworded, spoken))))))
    return None
