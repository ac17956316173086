"""Which questions ask for a study plan, and how much time per week their words offer.

Patterns over the learner's words only. A plan is asked for by name ("make me a study plan"), or by saying which career
is wanted and how much time there is: per week, or until when. Knows nothing of plans, of calendars or of money.
"""

import re
from dataclasses import dataclass

from advisor.corpus.measures import WEEKS_PER_MONTH
from advisor.text import normalise, stem, stems

_DAYS_PER_WEEK, _WORKDAYS = 7, 5
_FULL_TIME_HOURS = 35.0  # per week, where somebody says no more than "full time"
_MINUTES = 60
_WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40,
}  # fmt: skip
NUMBER = rf"(?:\d+(?:\.\d+)?|{'|'.join(_WORDS)}|an?)"
_ROUNDED = (  # said in words, as a number with its unit
    (re.compile(r"\b(?:an|1|one) hour and a half\b|\b(?:one|1) and a half hours?\b"), "1.5 hours"),
    (re.compile(r"\bhalf an hour\b"), "30 minutes"),
    (re.compile(r"\ba couple of hours\b"), "2 hours"),
    (re.compile(r"\ba year and a half\b|\b(?:one|1) and a half years?\b"), "18 months"),
    (re.compile(r"\bhalf a year\b"), "6 months"),
)
_HOURS = (
    rf"(?<![\w.$])(?P<low>{NUMBER})(?:\s?(?:-|to|or)\s?(?P<high>{NUMBER}))?\+?[\s-]?"
    r"(?:(?:free|spare|solid|good|full|focused)\s)?(?P<unit>h|hrs?|hours?|mins?|minutes?)\b"
)
_BETWEEN = (
    r"(?:\s(?:of|my|to|free|spare|time|study|studying|learn|learning|work|spend|spare|give|invest|put in|only|max|tops"
    r"|available|at most))*"
)
_PERIOD = (
    r"(?:\s?(?:an?\b|per|each|every|/|p\.?)\s?(?P<per>week(?:day|end)?s?|wk|w|day|evening|night|morning|afternoon"
    r"|workday|saturday|sunday|month)|\s(?P<adverb>weekly|daily|monthly|pw|p/w)"
    r"|\s(?:on |at |at the |on the |during the )?(?P<on>weekends?|weekdays|evenings|saturdays|sundays))\b"
    r"(?P<workdays>,? (?:on weekdays|from monday to friday|monday to friday|mon-fri))?"
)
_PACE = re.compile(rf"{_HOURS}{_BETWEEN}{_PERIOD}")
_PACE_AHEAD = re.compile(
    rf"\b(?:weekly|(?:per|every|each|a) week)[:,]?\s(?:i (?:have|can do|get|do) )?{_HOURS}(?!\s?\w)"
)
_FULL_TIME = re.compile(r"\b(?:study|studying|learn|learning|do it|do this)(?: it| this)? full[ -]time\b")
_AT_WORK = re.compile(r"\b(?:work|works|working|job|employed|office|shifts?)\b")
_JOB_TO_COME = re.compile(r"\b(?:get|land|find|want)(?: an?| my)?(?: \w+)? (?:job|work) as\b")
_BESIDE = re.compile(r"\b(?:beside|besides|next to|after|around|alongside|outside|free|study(?:ing)?|learn(?:ing)?)\b")
_CLAUSE = re.compile(r"[,.;:!?]|\bbut\b|\band\b")
_WORKDAY_NAMES = frozenset({"weekday", "weekdays", "workday"})
_ONCE_A_WEEK = frozenset(
    {"week", "weeks", "wk", "w", "weekly", "pw", "p/w", "weekend", "weekends", "saturday", "saturdays", "sunday",
     "sundays"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pace:
    """Hours per week, and the words that say so, as `plain` has them."""

    hours_per_week: float
    words: str


def plain(question: str) -> str:
    """The question in the form that the readers here expect: normalised, halves in digits."""
    text = normalise(question).replace("\u2013", "-")
    for pattern, wording in _ROUNDED:
        text = pattern.sub(wording, text)
    return text


def number_of(word: str) -> float:
    """The number in "8", "1.5", "ten" or "an"."""
    return float(_WORDS.get(word, 1)) if not word[0].isdigit() else float(word)


def read_pace(text: str) -> Pace | None:
    """The time per week that a `plain` text offers for study; of a range the lower end, of several the first.

    Hours that are worked are not taken for it; hours on weekdays and hours at weekends are added.
    """
    found = [one for one in (*_PACE.finditer(text), *_PACE_AHEAD.finditer(text)) if not _is_worked(text, one)]
    if not found:
        whole = _FULL_TIME.search(text)
        return Pace(_FULL_TIME_HOURS, whole.group()) if whole else None
    paces = [Pace(_per_week(one), one.group()) for one in found]
    if len(paces) > 1 and {_on_workdays(one) for one in found[:2]} == {True, False}:
        return Pace(paces[0].hours_per_week + paces[1].hours_per_week, text[found[0].start() : found[1].end()])
    return paces[0]


def _is_worked(text: str, found: re.Match[str]) -> bool:
    before = _CLAUSE.split(text[: found.start()])[-1]
    return bool(_AT_WORK.search(_JOB_TO_COME.sub(" ", before))) and not _BESIDE.search(before)


def _per_week(found: re.Match[str]) -> float:
    hours = number_of(found["low"]) / (_MINUTES if found["unit"].startswith("m") else 1)
    times = found.groupdict()
    period = times.get("per") or times.get("adverb") or times.get("on") or "week"
    if period in {"month", "monthly"}:
        return hours / WEEKS_PER_MONTH
    if period in _WORKDAY_NAMES or times.get("workdays"):
        return hours * _WORKDAYS
    return hours if period in _ONCE_A_WEEK else hours * _DAYS_PER_WEEK


def _on_workdays(found: re.Match[str]) -> bool:
    times = found.groupdict()
    return (times.get("per") or times.get("on") or "") in _WORKDAY_NAMES or bool(times.get("workdays"))


# --- what asks for a plan -------------------------------------------------------------------------

_PLAN = r"(?:plan|schedule|timetable|curriculum)"
_MAKE = r"(?:make|build|create|draw up|write|draft|set up|put together|work out)"
_SORT = (
    r"(?:(?:study|learning|training|personal|career|realistic|detailed|dated|weekly|daily|monthly|rough|short|simple"
    r"|good|full|free|new|concrete|clear|step-by-step|week-by-week|\d+[ -](?:hour|week|month|year)s?) )*"
)
PLAN_REQUESTS = (
    rf"\b{_MAKE} (?:me|us) (?:an? |my |some |the )?(?:[\w/+-]+ ){{0,4}}?{_PLAN}\b",
    rf"(?:^|[.!?,;:]\s*|\b(?:please|pls|you|help me) ){_MAKE} (?:an? |my |some )?{_SORT}{_PLAN}\b",
    rf"\b(?:give|need|want|like|suggest|propose)(?: me| us)? (?:an? |my |some )?(?:[\w/+-]+ ){{0,3}}?"
    rf"(?:study|learning|training|weekly|personal|week-by-week) {_PLAN}\b",
    rf"\b(?:study|learning) {_PLAN} (?:for|to (?:become|be))\b",
    r"(?:^\W*|[.!?,;:]\s*)(?:please |pls |a |can you |could you )*plan (?:for|my|me|out)\b",
    r"\bplan (?:my|out my|me a|me the) (?:way|path|route|stud\w+|learning|weeks?|time)\b",
    rf"(?:^|[.!?,;:]\s*){_PLAN}(?: please| pls)?\W*$",
    rf"\b(?:what|how) (?:would|could|should|will|does) (?:the|a|my) (?:[\w-]+ )?{_PLAN} look\b",
    r"\blay out (?:for me )?(?:the|my|a|what i)\b",
)
_REQUEST = re.compile("|".join(PLAN_REQUESTS), re.IGNORECASE)
# "Until I'm a data analyst": the career is the learner's aim, not just the subject of the question.
GOAL = re.compile(
    r"\b(?:becom(?:e|ing)|(?:want|wants|wanna|hope|hopes|like|love|plan|trying|try|need|able|ready)(?: \w+){0,3}?"
    r" (?:be|work as)|(?:can|could|will|would|when|might|should) i (?:be|work as)|to be an?|ends? up (?:as|in)"
    r"|call myself|turn(?:ing)? into|(?:un)?till? i(?:'m| am)|goal|aim(?:ing)? (?:for|to)|(?:job|work) as"
    r"|switch(?:ing)? (?:in)?to|mov(?:e|ing) (?:in)?to|transition(?:ing)? (?:in)?to|break(?:ing)? into"
    r"|get(?:ting)? into|go(?:ing)? for|ready for)\b",
    re.IGNORECASE,
)
MONTHS = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    "|nov(?:ember)?|dec(?:ember)?"
)
_DEADLINE = re.compile(
    rf"\b(?:by|before|until|till?|end of) (?:the )?(?:end of |start of |next |this |early |mid-? ?|late )*"
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)?(?: of)? )?(?:{MONTHS}|spring|summer|autumn|fall|winter|year|month|christmas"
    rf"|new year|\d{{4}})\b"
    rf"|\b(?:with)?in (?:under |less than |only |just |about )?{NUMBER}\+? (?:weeks?|months?|years?)\b"
)
_OFFERING = frozenset(stem(word) for word in "spend spare study learn free time got get available give".split())
_OF_LEARNER = re.compile(r"\b(?:i|i'm|i've|i'd|me|my|we)\b")
# A question for something special of a career, whatever time its asker has.
_SPECIAL = re.compile(
    r"\b(?:true|myths?|mistakes?|avoid|suits?|salary|earn|certificates?|certs?|which book|where)\b[^?]*\?"
)


def requests_plan(question: str) -> bool:
    """Whether the question asks for a plan by name."""
    return bool(_REQUEST.search(normalise(question)))


def offers_only_time(question: str) -> bool:
    """Whether all that is said is how much time there is: "I have 10 hours a week"."""
    text = plain(question)
    pace = read_pace(text)
    return pace is not None and "?" not in text and _OFFERING.issuperset(stems(text.replace(pace.words, " ")))


def asks_plan(question: str, *, names_career: bool) -> bool:
    """Whether the question asks for a plan: by name, or with a career as its aim and the time there is for it."""
    text = plain(question)
    if requests_plan(text):
        return True
    if not names_career or _SPECIAL.search(text):
        return False
    has_pace, has_deadline = read_pace(text) is not None, bool(_DEADLINE.search(text))
    if not GOAL.search(text):  # "35 hours a week, penetration tester, by august 2027" says it all the same
        return has_pace and has_deadline and "?" not in text
    return has_pace or (has_deadline and bool(_OF_LEARNER.search(text)))
