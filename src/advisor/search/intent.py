"""What shape of answer a question's wording asks for, and what remains when those words are taken away.

Patterns only; knows nothing of conversations, documents or the index.
"""

import re

from advisor.records import Intent
from advisor.search.planning import PLAN_REQUESTS
from advisor.text import sentences, stem, stems, words

_WHOM = r"(?: (?:i|you|we|one|someone|people|a \w+))?"
_IS, _UNIT = "(?:'?s| is| do| does| will)", "(?:course|specialization|phase|block)"
_PLURAL = r"(?!(?:does|this|was|has|is|focus|basis|status|address|analysis|process|always|less)\b)[\w-]{2,}[^\Ws]s\b"
_MAY = "(?:can|do|could|should|would|does|will)"
_NEVER_HEARD = r"\b(?:never|not) heard of(?: (?:it|that|them))?\b"

# The first intent that matches decides, so the specific ones come first. Each line is one alternative.
_PATTERNS: tuple[tuple[Intent, tuple[str, ...]], ...] = (
    (
        Intent.SMALL_TALK,
        (
            r"^\W*(?:hi|hello|hey|hiya|good (?:morning|afternoon|evening))(?: there)?\W*$",
            r"^\W*(?:thanks?(?: you)?(?: so much)?|bye|help|who are you|how are you|what can you do)\W*$",
            r"^\W*(?:ok(?:ay)?\W+|great\W+|cool\W+)?(?:thanks|thank you|thx|cheers)\b(?!.*\?)(?:\W+[\w']+){0,9}\W*$",
        ),
    ),
    (
        Intent.COMPARISON,
        (
            r"\b(?:vs\.?(?! ?code)|versus|compared?(?: to| with)?|comparison)\b",
            r"\b(?:diffs?|differences?(?: between)?|differ)\b",
            r"\bwhich\b.*\b(?:longer|shorter|harder|easier|cheaper|better|faster)\b.*\bor\b",
            r"\bor\b[^.?!]*\b(?:which|what|who)\b[^.?!]*\b(?:harder|easier|tougher|better|easiest|hardest)\b",
        ),
    ),
    (Intent.PLAN, PLAN_REQUESTS),
    (
        Intent.DURATION,
        (
            r"\bhow (?:long|much time|quick(?:ly)?|fast|soon)\b",
            r"\bhow many (?:more )?(?:minutes?|mins?|hours?|hrs?|days?|weeks?|wks?|months?|years?|yrs?)\b",
            r"\b(?:durations?|time ?frames?|length of|time needed)\b|\blength\W*$",
            r"\b(?:more|less|longer) than (?:an?|one|two|three|four|\d+) (?:hour|day|week|month|year)s?\b",
            r"\b(?:what|which) (?:is the )?(?:length|time)\b",
            r"\btime (?:does|do|will|would|is|needed)\b",
            r"\b(?:weeks|months|hours) (?:does|do|is|are|will|for|needed|total|in all|altogether)\b",
            r"\bnumber of (?:hours|days|weeks|months|years)\b",
            r"\b(?:more|fewer|most|least) (?:hours|weeks|months|years|time)\b",
            r"\bwhen (?:will|would|am|could|can) (?:i|we|you)\b.*\b(?:done|finish(?:ed)?|ready|through)\b",
        ),
    ),
    (
        Intent.RESOURCE,
        (
            r"\b(?:links?|urls?|web ?sites?|web ?pages?|web address)\b",
            r"\bwhere(?:'?s| is| are| to)\b",
            r"\b(?:sign up|enroll?|register)\b.*\bpage\b|\bwhat(?:'?s| is) the page\b",
            rf"\bwhere {_MAY}{_WHOM} (?:\w+ )?"
            r"(?:find|get|take|learn|study|refresh|sign|enroll?|register|read|buy|download|practi[cs]e|go|join)\b",
        ),
    ),
    (
        Intent.COST,
        (
            r"\b(?:free|costs?|price[ds]?|pricing|paid|pay|cheap(?:er|est)?|expensive|afford|money|budget)\b",
            r"\bhow much (?:is|are|does|do|will)\b",
        ),
    ),
    (
        Intent.STEPS,
        (
            rf"\bhow (?:{_MAY}|to){_WHOM} ?"
            r"(?:become|get (?:into|started)|start|begin|break into|move|switch|transition|go about)\b",
            rf"\bwhere {_MAY} i (?:start|begin)\b",
            r"\bwhat\b.*\bto (?:get into|break into|become)\b",
            r"\b(?:steps?|order|roadmap|path|phases?|stages?) (?:to|for|of|towards?|should|do|in)\b",
            r"\bwhat (?:are the|come|comes|order)\b.*\b(?:steps|phases|stages|order|next)\b",
            r"\b(?:comes?|follows?|next|step)\b.*\bafter\b|\bonce\b.*\b(?:completed|finished|done)\b",
            r"\bwhat(?:'?s| is| do i do| should i do| to do)? (?:next|afterwards)\b|\bwhat (?:comes )?after\b",
        ),
    ),
    (
        Intent.DEFINITION,
        (
            r"^\W*(?:so |and |ok(?:ay)?,? )*what(?:'?s| is| are| does)(?: an?| the)? "
            r"[\w/&.+#' -]{2,45}?(?: mean| stand for| about)?(?:, [\w' ]+)?\W*$",
            r"[?,.!]\s*what(?:'?s| is) (?:that|it|this)(?: exactly)?\W*$",
            _NEVER_HEARD,
            r"^\W*(?:define|explain)\b",
            r"\bwhat do(?:es)? (?:you|they|it) mean by\b",
        ),
    ),
    (
        Intent.LIST,
        (
            rf"\b(?:which|what|list|name|any|some|all(?: the)?)\b(?:\s+[\w/&-]+){{0,4}}?\s+{_PLURAL}",
            r"\bwhat (?:are|should|do|else|to)\b",
            r"\bexamples?\b",
            r"\blooks? like\b",
            rf"\bwhat{_IS}\b.*\b(?:in|cover|teach|go through|include)\b.*\b{_UNIT}\b",
            rf"\b{_UNIT}\b.*\bwhat{_IS}\b.*\b(?:cover|teach|go through|include)\b",
        ),
    ),
)
_COMPILED = tuple((intent, re.compile("|".join(alternatives), re.IGNORECASE)) for intent, alternatives in _PATTERNS)

# "what is the first step" asks for a fact and "what are the books" for a list; "what is MLOps" for a definition
_FACET = re.compile(
    r"\b(?:first|next|last|best|main|most|name|level|provider|platform|difficulty|goal|focus|author|title|order|role"
    r"|number|status)\b|\b(?:of|for|in|to)\b|\bwhat(?:'?s| is)? (?:are|do|does|should|can)\b.*s\b\W*$"
    r"|\bwhat are\b.*s\b\W*$",
    re.IGNORECASE,
)

# Orders to the program inside a question are text like any other, and no part of what is asked.
_ORDERS = re.compile(
    r"[^.!?\n]*\b(?:ignore|disregard|forget|override|bypass)\b[^.!?\n]*"
    r"\b(?:rules?|instructions?|prompts?|guidelines|everything|your (?:pages|documents|sources|passages))\b"
    r"[^.!?\n]*[.!?]*",
    re.IGNORECASE,
)
_OPENS_WITH_ORDER = re.compile(
    r"\W*(?:(?:please|now|ok(?:ay)?|you (?:must|should|will|have to))\W+)*"
    r"(?:ignore|disregard|forget|override|bypass)\b",
    re.IGNORECASE,
)
_TAGGED = re.compile(r"<(system|instructions?|prompt)>.*?</\1>|</?[a-z][\w-]*>", re.IGNORECASE | re.DOTALL)
# "Hi there! Hope you're well :)" before the question.
_GREETING = re.compile(
    r"^\W*(?:hi|hello|hey|hiya|good (?:morning|afternoon|evening))\b"
    r"(?: (?:there|all|everyone|guys|folks|team))?[!,.:)\s]+"
    r"(?:(?:i )?hope (?:you|your|everyone|this|all)\b[^.!?:]*[.!?:)]+\s*)?",
    re.IGNORECASE,
)
# Colloquial phrases that no single word of them gives away.
_PHRASES = tuple(
    (re.compile(pattern, re.IGNORECASE), wording)
    for pattern, wording in (
        (r"\b(?:shud|shoud|shuld|shld)\b", "should"),
        (r"\bwich\b", "which"),
        (r"\b(?:frist|fisrt|firts)\b", "first"),
        (r"\bwhat (?:even|exactly|actually) (is|are)\b", r"what \1"),
        (r"\bthru\b", "through"),
        (r"\s*\b(?:with no|without(?: any)?)(?: prior| previous| tech| coding| work)* experience\b", ""),
        (r"\b(?:pay|wage|salary) (?:rise|raise|bump|hike)s?\b", "salary increase"),
        (r"\b(?:bump|rise|raise|increase) in (?:pay|wages?|salary)\b", "salary increase"),
        (r"\breal[- ]?time (?:os|operating systems?)\b", "RTOS"),
        (
            r"\b(hours?|minutes?|mins?|evenings?|nights?|weekends?|days?|time) free\b"
            r"(?=\W*(?:$|[.,;:!?])| (?:an?|per|each|every|this|to|for|on|after|before|now)\b)",
            r"\1 to spare",
        ),
        (r"\bw/o\b", "without"),
        (r"\bw/? (?=\w)", "with "),
        (r"\bwk(s?)\b", r"week\1"),
        (r"\bsteer clear of\b", "avoid"),
        (r"\bbrush (?:it |them |this )?up\b", "refresh"),
        (r"\bpeople skills\b", "soft skills"),
        (r"\bflunk(?:ed|ing|s)?\b", "fail"),
        (r"\b(?:got|get|getting|was|were|been|being) turned down\b", "got rejected"),
        (r"\bthrow(?:s|ing|n)? in the towel\b|\bcall it quits\b", "give up"),
        (r"\bwhat(?:'?s| is) the damage\b", "what is the cost"),
        (r"\b(?:have |had |got |get )?(?:under (?:my|your|their|one'?s) belt|in the bag)\b", "prerequisites"),
        (
            r"\bwhat (?:do|should|must) (?:i|we|you|one) (?:(?:have|need) to )?"
            r"(?:need|know|have|learn|finish|do)(?: to \w+)? (?:\w+ ){0,2}?before "
            r"(?:(?:i|we|you) )?(?:can |even )?(?:start(?:ing)?|begin(?:ning)?|tak(?:e|ing)) "
            r"(?:with )?(?:the )?(?=(?:phase|step|stage|part|level) \w{1,5}\b)",
            "what comes before ",
        ),
        (
            r"\b(?:what|anything|something)(?: else)? (?:(?:do|should|must|would|will|is there) )?(?:i |we |you |one )?"
            r"(?:have to |got to )?(?:need|know|have|bring|learn)(?: to (?:know|have|learn|bring))?"
            r"(?= (?:\w+ ){0,3}?before (?:i |we |you |one )?(?:can |even )?(?:start|begin|join|tak(?:e|ing)|sign))",
            "which prerequisites",
        ),
        (
            r"\bwhat (?:do|should|must|would|will) (?:i|we|you|one) (?:need to |have to )?already "
            r"(?:know|have|be able to do|be good at|have learned|have done)(?: for| before)?\b",
            "which prerequisites of",
        ),
        (
            r"\bwhat (?:do|should|must) (?:i|we|you|one) (?:really |actually )?(?:need to |have to )?"
            r"(?:know|have|learn)(?: already)? before (?=(?:the|an?|this|that|taking|doing)\b)",
            "which prerequisites of ",
        ),
        (r"\b(?:learn|know)(?:ing)? the ropes\b", "learn the basics"),
        (r"\b(?:break(?:ing)? the bank|cost(?:ing|s)? (?:a fortune|an arm and a leg))\b", "expensive"),
        (r"\b(?:for peanuts|dirt cheap|on a shoestring(?: budget)?)\b", "cheap"),
        (r"\bhow (?:hard|tough|difficult|easy)\b", "difficulty level"),
        (r"\b(?:zero to|from scratch|from zero|starting out|total newbie|complete beginner)\b", "beginner"),
        (r"\b(?:ok|okay|good|suitable|right|fine) for (?:an? |complete |total )*(?:beginners?|newbies?)\b", "level"),
        (
            r"\b(is|are) (it|this|that|they|these|those|(?:the |this |that )[\w'+# -]{2,50}?) "
            r"(?:only |really |also |just |meant |made |aimed |intended )*(?:for|at) (?:an? |complete |absolute )*"
            r"(?:beginners?|newbies?|novices?|(?:intermediate|advanced) (?:people|learners?|students?))\b",
            r"\1 \2 level",
        ),
        (r"\b(?:a|the) (?:normal|typical|average) day\b", "day-to-day work"),
        (r"\b(?:everyday|real) life\b", "real-world examples"),
        (r"\bneural nets?\b", "neural networks"),
        (r"\bconv ?nets?\b", "CNN"),
        (r"\bhow much (?:money )?(?:do|does|can|could|will|would) (.+?) (?:earn|make|get paid)\b", r"salary \1"),
        (r"\bwhat (?:do|does|can|could|will|would) (.+?) earn\b", r"salary \1"),
        (r"\b(mid|entry|beginner|intermediate|advanced|junior|senior)[ -]level\b", r"\1"),
        (r",?\s*\bin (?:plain|simple|other|a few) (?:words|terms|english|language)\b,?", " "),
        (r"\bwhat (?:exactly |actually )?is meant by\b", "what is"),
        (r"\bdistinguish(?:ed)?\b", "difference"),
    )
)  # fmt: skip

LEAST_STEMS = 2  # a question with fewer words of its own needs the sentences around it
# What only asks for a judgement on what was told: "good idea or nah?", "realistic?", "any thoughts?"
_JUDGING = frozenset(
    stem(word)
    for word in """
    good bad great smart wise sensible idea choice plan move nah yes no yeah nope true false right wrong correct real
    realistic doable possible feasible enough worth fine ok okay crazy stupid think thoughts opinion advice tips
    recommend suggestions help chance way thing any
    """.split()
)
_ASKER = re.compile(
    r"^\W*(?:(?:so|well|hi|hey|hello)\W+)*(?:i'?m|i am|as|being)(?: (?:currently|now|just|only|still))* an? "
    r"[\w'/ -]{3,40}?(?:[,.;:]|,? and|,? so)?\s+(?=(?:how|what|which|where|when|can|could|should|is|do|does)\b)",
    re.IGNORECASE,
)
_LEANS = re.compile(r"\b(it|that|this|these|those|them|there)\b", re.IGNORECASE)
# What only says that a time, a place or a difference is wanted.
_ASKING_TIME = re.compile(r"\b(?:(?:finish|complete|spend|need|master)(?:ing|ed|s)?|learn(?:ed|s)?)\b", re.IGNORECASE)
_ASKING_MEANING = re.compile(rf"{_NEVER_HEARD}|\bwhat(?:'?s| is) (?:that|it|this)\b", re.IGNORECASE)
_GOING_INTO = re.compile(r"\b(?:become|get into|break into)\b", re.IGNORECASE)
_ASKING_PLACE = re.compile(r"\b(?:links?|urls?|web ?sites?|find)\b", re.IGNORECASE)
_ASKING_DIFFERENCE = re.compile(
    r"\b(?:vs\.?|versus|compared?(?: to| with)?|differences?(?: between)?|differ)\b", re.IGNORECASE
)


def asked_part(question: str) -> str:
    """The sentences that ask, without the story around them; all of it where the asking needs the rest."""
    told = sentences(question)
    asking = [sentence for sentence in told if sentence.rstrip("\"')").endswith("?")]
    if not asking or len(asking) == len(told):
        return question
    part = " ".join(asking)
    says_little = len(set(stems(part)) - _JUDGING) < LEAST_STEMS
    return question if _LEANS.search(part) or says_little else part


def without_asker(question: str) -> str:
    """The question without what its asker is, said before it: "I'm a nurse, how do I switch to data analytics?"."""
    return _ASKER.sub("", question)


def reworded(question: str) -> str:
    """The question without greetings and orders to the program, and colloquial phrases in the words roadmaps use."""
    rest = _GREETING.sub("", _ORDERS.sub(" ", _TAGGED.sub(" ", question))).strip()
    rest = rest if words(rest) else question
    for pattern, wording in _PHRASES:
        rest = pattern.sub(wording, rest)
    return rest


def is_only_orders(question: str) -> bool:
    """Whether nothing is asked: it opens with an order to the program, and all of it are such."""
    left = _TAGGED.sub(" ", question)
    return not words(left) or (bool(_OPENS_WITH_ORDER.match(left)) and not words(_ORDERS.sub(" ", left)))


_PASTIME = re.compile(
    r"\W*(?:(?:please|now|hey|so|ok(?:ay)?|(?:can|could|will|would) you)\W+)*"
    r"(?:tell|write|sing|compose|make up|give|recite)(?: (?:me|us))? (?:an?|some|another|the best) (?:\w+ ){0,3}?"
    r"(?:jokes?|poems?|songs?|haikus?|limericks?|riddles?|fairy tales?|bedtime stor(?:y|ies)|raps?)\b",
    re.IGNORECASE,
)


def is_pastime(question: str) -> bool:
    """Whether to be entertained is all that is wanted: a joke, a poem, a song."""
    return bool(_PASTIME.match(question))


def find_intent(question: str) -> Intent:
    """The shape of answer that the wording asks for; a plain fact where nothing says otherwise."""
    for intent, pattern in _COMPILED:
        if pattern.search(question) and not (intent is Intent.DEFINITION and _FACET.search(_without_asking(question))):
            return intent
    return Intent.FACT


def _without_asking(question: str) -> str:
    return _ASKING_MEANING.sub(" ", question)


def subject_of(question: str, intent: Intent) -> str:
    """The question without the words that only say what kind of answer is wanted."""
    if intent is Intent.DURATION:
        return _ASKING_TIME.sub(" ", dict(_COMPILED)[intent].sub(" ", question))
    if intent is Intent.RESOURCE:
        return _ASKING_PLACE.sub(" ", question)
    if intent is Intent.STEPS:
        return _GOING_INTO.sub(" ", question)
    if intent is Intent.DEFINITION:
        return _without_asking(question)
    if intent is Intent.COMPARISON:
        return _ASKING_DIFFERENCE.sub(" ", question)
    return question
