"""The question before, asked again of another career: "and as a DevOps engineer?", "same question for UX research".

Patterns over the learner's words and the names of careers; knows nothing of passages or answers to come.
"""

import re
from collections.abc import Mapping, Sequence

from advisor.records import Answer, Status
from advisor.search.profile import untold
from advisor.search.roles import Mention, Spelling, mentions, role_of
from advisor.text import words

_GOES_ON = re.compile(
    r"\W*(?:and|or|but|ok(?:ay)?|so|now|then|also|cool|great|thanks|what about|how about|what if|(?:the )?same)\b",
    re.IGNORECASE,
)
# Words that such a question may have beside the career's name.
_BESIDE = frozenset(
    """
    and or but ok okay so now then also cool great thanks what about how if i were was am are be become to a an the as
    for in of with same question thing again please pls instead one job career role rather want wanted for do it
    """.split()
)
_ONE = re.compile(r"(\b(?:an?|the) [\w/+#.-]+(?: [\w/+#.-]+)?) one\b", re.IGNORECASE)
_CARRIED = re.compile(r" \([^()]+\)$")  # the topic behind a question that went on from another
_BEFORE_VOWEL = re.compile(r"(?i:[aeio])|[AEFHILMNORSX](?=[A-Z])")


def asked_again(
    question: str, history: Sequence[Answer], spellings: Sequence[Spelling], roles: Mapping[str, str]
) -> str | None:
    """The question before with this one's career in place of its own; None where more, or something else, is asked.

    `roles` are the careers of the documents: what was asked "for that job" was asked of the career whose page answered.
    """
    before = next((answer for answer in reversed(history) if answer.status is not Status.CLARIFY), None)
    if before is None or not goes_on(question):
        return None
    asked = untold(before.understood)
    of = mentions(asked, spellings)
    question = _with_name_whole(question, of)
    named = mentions(question, spellings)
    own = {token for token in words(question.lower()) if token not in _BESIDE}
    if len(named) != 1 or not own <= {*named[0].words, *_spelled_together(named[0])}:
        return None
    was = of[0].role if of else role_of((citation.document for citation in before.citations), roles)
    if len(of) > 1 or was in {None, named[0].role}:
        return None
    return _put(named[0].role, of[0], asked) if of else f"{_CARRIED.sub('', asked)} ({named[0].role})"


def _with_name_whole(question: str, before: Sequence[Mention]) -> str:
    """The question with "an embedded one" as "an embedded developer", where a developer was asked about before."""
    return _ONE.sub(rf"\1 {before[0].words[-1]}", question) if len(before) == 1 else question


def goes_on(question: str) -> bool:
    """Whether the words go on from what was said before: "and as a tester?", "same for testers"."""
    return bool(_GOES_ON.match(question))


_OF_THE_TWO = re.compile(r"\b(?:of|between) (?:the|these|those) two\b(?! (?!is\b)\w+s\b)", re.IGNORECASE)


def of_the_two(question: str, history: Sequence[Answer], roles: Mapping[str, str]) -> tuple[str, ...]:
    """The two careers that were talked about last, where the question is about "the two"; () otherwise."""
    if not _OF_THE_TWO.search(question):
        return ()
    told = [role_of((citation.document for citation in answer.citations), roles) for answer in history[-2:]]
    last = tuple(role for role in told if role)
    return last if len(set(last)) == 2 else ()


def _spelled_together(mention: Mention) -> set[str]:
    """Its words as one: "frontend", and the short "dev"."""
    together = {"".join(pair) for pair in zip(mention.words, mention.words[1:], strict=False)}
    return together | ({"dev", "devs"} if "developer" in mention.words else set())


def _put(role: str, other: Mention, asked: str) -> str | None:
    """The question with the role's name for every mention of the other; None where it is not found as it is spelled."""
    name = role[0].lower() + role[1:] if role.split()[0][1:].islower() else role
    spelled = r"[\W_]*".join(map(re.escape, other.words))
    if other.words[-1] == "developer":
        spelled = spelled.removesuffix("developer") + r"dev(?:eloper)?"
    article = "an" if _BEFORE_VOWEL.match(name) else "a"
    pattern = re.compile(rf"(?:\b(an?) )?\b{spelled}s?\b", re.IGNORECASE)
    put = pattern.sub(lambda found: f"{article} {name}" if found[1] else name, asked)
    return put if put != asked else None
