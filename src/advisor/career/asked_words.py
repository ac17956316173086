"""What one question of a learner says of a plan: career, time, money, days, what they know and what to leave out.

Each thing is read by a pattern of its own, and the words it was read from are taken away, so that what is left over
shows whether the question asks for more. Guesses nothing. Knows no conversation (`asked_plan`) and makes no plan.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from advisor.career.asked_days import read_by, read_start
from advisor.career.planned import Money
from advisor.career.purse import read_budget
from advisor.career.skills import Vocabulary, is_listed, mended
from advisor.search.planning import GOAL, NUMBER, number_of, plain, read_pace
from advisor.search.roles import Mention, Spelling, mentions
from advisor.text import CANONICAL, STOP_WORDS, words


@dataclass(frozen=True, slots=True)
class AskedPlan:
    """What a plan is asked to be; None and empty are what was not said.

    `choices` are the careers of a question that names several and aims at none, `without` the learner's words for what
    to leave out. `of_week` asks for this week's work alone, `how_long` for the time it takes.
    """

    role: str | None = None
    choices: tuple[str, ...] = ()
    hours_per_week: float | None = None
    known: tuple[str, ...] = ()
    start: date | None = None
    by: date | None = None
    free_only: bool = False
    budget: Money | None = None
    may_cost: bool = False
    without: tuple[str, ...] = ()
    of_week: bool = False
    how_long: bool = False
    is_exact: bool = False  # whether it asks for nothing else


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The names by which careers and skills are recognised."""

    spellings: Sequence[Spelling]
    vocabulary: Vocabulary


_FREE = re.compile(
    r"\b(?:no (?:money|budget|cash|funds)\b|zero budget|without (?:any )?(?:money|paying|spending)\b[^,.;?!]*"
    r"|(?:can'?t|cannot|can not|won'?t|will not|don'?t want to|not willing to|unable to) (?:pay|spend|afford)\b"
    r"[^,.;?!]*|(?:only|just|everything|all|completely|strictly) (?:what'?s |what is |the )?free\b(?: \w+)?"
    r"|free (?:only|stuff|courses?|resources?|materials?|content|things|path|options)(?: only)?\b|for free\b"
    r"|free of charge|i'?m broke\b|nothing (?:that|which) costs)|\b0 (?:dollars|euros|eur|usd)\b|\$0\b"
)
_MAY_COST = re.compile(
    r"\b(?:(?:can|could|may|would|will) (?:pay|spend (?:money|something))\b|money is no (?:problem|object)|had money"
    r"|it may cost|paid (?:courses |things )?(?:is|are) (?:ok|okay|fine))"
)
_MONEY = re.compile(
    r"(?:[$€£₹] ?\d[\d,]*(?:\.\d+)?"
    r"|\b\d[\d,]*(?:\.\d+)? ?(?:usd|eur|gbp|inr|dollars?|euros?|pounds?|rupees|bucks|[$€£₹])(?![a-z]))"
)
_AROUND_MONEY = (
    r"(?:\b(?:with|a|my|budget|of|is|for|up to|at most|max(?:imum)?|under|have|only|can|spend|pay|afford)\s+)*"
)
_AMOUNT = re.compile(
    rf"{_AROUND_MONEY}(?P<money>{_MONEY.pattern})(?:\s+(?:budget|in total|altogether|to spend|at most))?"
)
_EARNED = re.compile(r"\b(?:earn|salary|make|paid|pays|wage)\b")
_CURRENCIES = {"dollar": "USD", "buck": "USD", "euro": "EUR", "pound": "GBP", "rupee": "INR"}
_KNOWS = re.compile(
    r"(?<!don't )(?<!do not )(?<!not )(?<!never )\b(?:know(?:ing|s)?|knew|can (?:do|use|write|code in|program in)"
    r"|comfortable (?:with|in)|familiar with|good (?:at|with|in)|experienced? (?:with|in|of)|skilled in|fluent in"
    r"|proficient (?:in|with)|learn(?:ed|t)|background in|worked with|used|(?:already|also) (?:have|did|done|finished)"
    r"|my skills are)\b:?"
)
_BESIDE_SKILLS = frozenset(
    "a an the and or of in with my some bit little lot basic basics already also both well very good quite pretty"
    " decent solid intermediate advanced just only about how to program code work use".split()
)
_TOKEN = re.compile(r"[^\s,&]+")
_TOWARDS = re.compile(r"\b(?:to|for|as) (?:an? |the )?")
_NEAR_CHARS = 40  # "to a senior data engineer": the career comes soon
_RATE = re.compile(r"\s*(?:a|per|/|each|every) ?(?:month|week|year|hour)\b")
_ENDS = re.compile(r"[.!?](?:\s|$)|;")
_LONGEST_SKILL = 4  # words
_WITHOUT = re.compile(
    r"\b(?:without|leav(?:e|ing) out|skip(?:ping)?|drop(?:ping)?|minus)(?: out)? (?:doing )?"
    r"(?:the |a |an |any |all |my )?(?P<what>[^,.;?!]+)"
)
_NO_ITEM = re.compile(r"\b(?:experience|degree|money|paying|knowledge|coding|programming|background|skills?)\b")
_WEEK = re.compile(
    r"\bwhat (?:should|shall|do|can|must) i (?:do|study|learn|work on|start with|begin with)(?: \w+)? this week\b"
    r"|\bwhat(?:'s| is)? (?:on |up |due |next |there )*(?:for (?:me )?)?this week\b"
    r"|\bthis week'?s (?:plan|work|tasks?|study)\b"
)
_HOW_LONG = re.compile(r"\bhow (?:long|many (?:weeks|months|years)|much time|soon|fast|quick(?:ly)?)\b")
_BARE_HOURS = re.compile(
    rf"\b(?P<count>{NUMBER}) ?(?:h|hrs?|hours?)\b(?: instead)?|^\W*(?:and |what about )?with (?P<only>{NUMBER})\W*$"
)
_SAYS_NOTHING = STOP_WORDS | frozenset(
    "plan plans schedule study studying learn learning become becoming start begin done finish finished ready time"
    " hours hour week weeks free spare change same instead change without job goal role career"
    " long fast soon earlier later faster slower if only had now today please budget".split()
)


def read_asked(question: str, lexicon: Lexicon, *, today: date) -> AskedPlan:
    """Everything that one question says of a plan, whether it asks for one or not."""
    rest = plain(question)
    of_week, rest = _cut(_WEEK, rest)
    pace = read_pace(rest)
    rest = _without(rest, pace.words if pace else "")
    start = read_start(rest, today=today)
    rest = _without(rest, start.words if start else "")
    by = read_by(rest, today=today)
    rest = _without(rest, by.words if by else "")
    free, rest = _cut(_FREE, rest)
    may_cost, rest = _cut(_MAY_COST, rest)
    budget, rest = _read_money(rest)
    skills = _read_skills(rest, lexicon.vocabulary)
    rest = _without(rest, *skills.words)
    left, rest = _cut(_WITHOUT, rest)
    what = left["what"].strip() if left and not _NO_ITEM.search(left["what"]) else ""
    named = mentions(rest, lexicon.spellings)
    hours, rest = (None, rest) if pace else _cut(_BARE_HOURS, rest)
    role = _aim(question, named, lexicon.spellings)
    return AskedPlan(
        role=role,
        choices=() if role else tuple(mention.role for mention in named),
        hours_per_week=pace.hours_per_week if pace else number_of(hours["count"] or hours["only"]) if hours else None,
        known=skills.names,
        start=start.day if start else None,
        by=by.day if by else None,
        free_only=free is not None,
        budget=budget,
        may_cost=may_cost is not None,
        without=(what,) if what else (),
        of_week=of_week is not None,
        how_long=bool(_HOW_LONG.search(question.lower())),
        is_exact=_says_no_more(rest, named),
    )


def _cut(pattern: re.Pattern[str], text: str) -> tuple[re.Match[str] | None, str]:
    """The first match, and the text without it."""
    found = pattern.search(text)
    return found, _without(text, found.group()) if found else text


def _without(text: str, *stretches: str) -> str:
    for stretch in filter(None, stretches):
        text = text.replace(stretch, " ; ", 1)
    return text


def _read_money(text: str) -> tuple[Money | None, str]:
    """The most to spend, and the text without it; what somebody earns is no budget."""
    for found in _AMOUNT.finditer(text):
        before = re.split(r"[,.;:!?]", text[: found.start()])[-1]
        if not _EARNED.search(before) and not _RATE.match(text, found.end()):
            return read_budget(_with_code(found["money"])), _without(text, found.group())
    return None, text


def _with_code(money: str) -> str:
    """The amount with the code of its currency: "200 EUR" for 200 euros."""
    for word, code in _CURRENCIES.items():
        money = re.sub(rf" ?\b{word}s?\b| ?{word}s?$", f" {code}", money)
    found = re.fullmatch(r"(?P<amount>[\d,.]+) ?(?P<sign>[$€£₹])", money)
    return f"{found['sign']}{found['amount']}" if found else money


@dataclass(frozen=True, slots=True)
class _Skills:
    """Skills that a text names, and the stretches of it that do so."""

    names: tuple[str, ...]
    words: tuple[str, ...]


def _read_skills(text: str, vocabulary: Vocabulary) -> _Skills:
    """The skills that follow "I know" and the like, up to the first word that is none; typos mended."""
    names: list[str] = []
    stretches: list[str] = []
    for known in _KNOWS.finditer(text):
        sentence = _ENDS.split(text[known.end() :])[0]
        found = list(_skills_ahead(sentence, vocabulary))
        names += [name for one in found for name in one.names]
        if found:
            stretches.append(text[known.start() : known.end() + found[-1].end])
    return _Skills(tuple(dict.fromkeys(names)), tuple(stretches))


@dataclass(frozen=True, slots=True)
class _Ahead:
    """Skills named by the next words of a text, and where these end."""

    names: tuple[str, ...]
    end: int


def _skills_ahead(text: str, vocabulary: Vocabulary) -> Iterator[_Ahead]:
    tokens = list(_TOKEN.finditer(text))
    at = 0
    while at < len(tokens):
        if tokens[at].group() in _BESIDE_SKILLS:
            at += 1
            continue
        for count in range(min(_LONGEST_SKILL, len(tokens) - at), 0, -1):
            own = tokens[at : at + count]
            is_beside = own[-1].group() in _BESIDE_SKILLS
            if not is_beside and (names := _skills_in(text[own[0].start() : own[-1].end()], vocabulary)):
                yield _Ahead(names, own[-1].end())
                at += count
                break
        else:
            return


def _skills_in(wording: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """The skill that these words are, or the skills in "python/sql" and "python+sql"; () where they are none."""
    for parts in ([wording], re.split(r"[/+]", wording)):
        names = tuple(mended(part.strip(), vocabulary) for part in parts)
        if all(is_listed(name, vocabulary) for name in names):
            return names
    return ()


def _aim(question: str, named: Sequence[Mention], spellings: Sequence[Spelling]) -> str | None:
    """The career that the question aims at: what it names behind "become" and the like, else the only one it names."""
    text = plain(question)
    goals = [text[found.end() :] for found in GOAL.finditer(text)]
    goals += [text[found.end() :][:_NEAR_CHARS] for found in reversed(list(_TOWARDS.finditer(text)))]
    for ahead in goals if len(named) > 1 else ():
        if aimed := mentions(ahead, spellings):
            is_choice = len(aimed) > 1 and re.search(r"\bor\b", ahead)
            return None if is_choice else aimed[0].role
    return named[0].role if len(named) == 1 else None


def _says_no_more(rest: str, named: Sequence[Mention]) -> bool:
    """Whether nothing but names of careers and words without weight is left."""
    own = {word for mention in named for word in mention.words}
    left = (part for word in words(rest) if word not in _SAYS_NOTHING for part in CANONICAL.get(word, (word,)))
    return all(word in own or word.removesuffix("s") in own for word in left)
