"""The wording of questions that a page answers: of a career's subjects, of courses and phases, of any other section.

Each can be understood without the conversation before it. Templates over the page's own words; knows nothing of which
question fits when.
"""

import re
from zlib import crc32

from advisor.corpus.items import KIND_PREFIX, Item
from advisor.corpus.measures import CostKind
from advisor.corpus.outline import Kind, Node, Outline
from advisor.corpus.quantities import without_durations
from advisor.corpus.subjects import Subject
from advisor.text import STOP_WORDS, stem, stems

# {a} is "a data engineer". No question for a definition: who is on the page of a career has met it.
_WORDINGS: dict[Subject, tuple[str, ...]] = {
    Subject.DAILY_WORK: ("What does {a} do all day?", "What is a normal day of {a} like?"),
    Subject.SUITS: ("Who does the {role} career suit?", "What kind of person suits the {role} career?"),
    Subject.SKILLS: ("Which skills does {a} need?", "What skills are essential for {a}?"),
    Subject.OPTIONAL_SKILLS: ("Which optional skills help {a}?", "Which skills are optional for {a}?"),
    Subject.PATH: ("What are the phases of the {role} roadmap?", "How do I become {a}, in order?"),
    Subject.TIME: ("How long does it take to become {a}?", "How long is the way to becoming {a}?"),
    Subject.CERTIFICATES: ("Which certificates are there for {a}?", "Are there certificates for {a}?"),
    Subject.TITLES: ("Which job titles does {a} go through?", "What does the career ladder of {a} look like?"),
    Subject.FIRST_JOBS: ("What first jobs lead to becoming {a}?", "Which entry-level jobs are there for {a}?"),
    Subject.DIFFICULTY: ("How hard is it to become {a}?", "Is it hard to become {a}?"),
    Subject.PITFALLS: ("Which mistakes should {a} avoid?", "What are common pitfalls for {a}?"),
    Subject.MYTHS: ("What is a common myth about being {a}?", "Which myth about {a} is not true?"),
    Subject.FIRST_STEP: ("What can I do this week to become {a}?", "Where do I start if I want to become {a}?"),
}


def ask_subject(outline: Outline, subject: Subject) -> str | None:
    """A question for this subject of the page's career; which of the wordings, the page and the subject decide."""
    wordings = _WORDINGS.get(subject)
    if wordings is None:
        return None
    wording = wordings[crc32(f"{outline.document.key} {subject}".encode()) % len(wordings)]
    role = role_words(outline)
    return wording.format(a=f"{article(role)} {role}", role=role)


def role_words(outline: Outline) -> str:
    """The role within a sentence: "data engineer", but "iOS developer" and "AI/ML engineer"; "" where there is none."""
    role = re.sub(r"\s*\([^)]*\)", "", outline.document.role or "")
    return " ".join(small(outline, word) for word in role.split())


_AN_LETTERS = frozenset("AEFHILMNORSX")  # spoken with a vowel: an "ML engineer", but a "UX designer"


def article(words: str) -> str:
    """The words' indefinite article."""
    if words[:2].isupper():
        return "an" if words[0] in _AN_LETTERS else "a"
    is_vowel = words[:1].lower() in "aeio" or re.match(r"u(?!ni|s[ae])", words, re.IGNORECASE)
    return "an" if is_vowel and not re.match(r"eu|one\b", words, re.IGNORECASE) else "a"


def small(outline: Outline, word: str) -> str:
    """The word with a small first letter, unless the page writes it with a capital amid its sentences."""
    if not word[:1].isupper() or word[1:] != word[1:].lower() or any(char.isdigit() for char in word):
        return word
    text = "\n".join(node.text for node in outline.nodes if node.kind not in {Kind.ROOT, Kind.HEADING})
    core = re.escape(word.rstrip(",.;:'’s") or word)
    is_small = re.search(rf"\b{core[0].lower()}{core[1:]}", text)
    return word if not is_small and re.search(rf"[a-z,;] {core}", text) else f"{word[0].lower()}{word[1:]}"


# --- courses ----------------------------------------------------------------------------------------


def item_words(item: Item) -> str:
    """The item by its name: “Deep Learning”, the project “a hive diary”."""
    kind = KIND_PREFIX.match(item.name)
    return f"the {kind['kind'].lower()} “{item.name[kind.end() :]}”" if kind else f"“{item.name}”"


def ask_duration(item: Item) -> str:
    """How long it takes."""
    return f"How long does {item_words(item)} take?"


def ask_cost(item: Item) -> str:
    """Whether it is free; of what has a price, what it costs."""
    is_priced = item.cost is not None and item.cost.kind is CostKind.PAID
    return f"What does {item_words(item)} cost?" if is_priced else f"Is {item_words(item)} free?"


def ask_prerequisites(item: Item) -> str:
    """What comes before it."""
    return f"What do I need before {item_words(item)}?"


# --- phases and other sections ----------------------------------------------------------------------

_PHASE = re.compile(
    r"^(?P<of>(?:\w+ )?(?:phase|stage|step|level|module|part) \d{1,2}|foundations? phase)\b", re.IGNORECASE
)
_NAME = re.compile(r":\s+(?P<name>.+)$")


def is_phase(heading: str) -> bool:
    """Whether a heading opens a numbered part of a way."""
    return bool(_PHASE.match(heading))


def ask_phase(outline: Outline, heading: Node) -> str | None:
    """What a phase holds, by its number and name, without a name by the career; None where it has neither."""
    found, named = _PHASE.match(heading.text), _NAME.search(without_durations(heading.text))
    role = role_words(outline)
    if found is None or not found["of"][-1].isdigit():
        return None
    if named:
        return f"What is in {found['of'].lower()}, {named['name']}?"
    return f"What is in {found['of'].lower()} of the {role} roadmap?" if role else None


_DULL = frozenset(
    stem(word)
    for word in """
    introduction overview summary conclusion reference content table resource link licence license faq question answer
    source acknowledgement contributor contributing changelog note misc appendix reading read
    """.split()
)
_BRACKETS = re.compile(r"\s*\([^()]*\)$")
_COUNTED = re.compile(r"^(?:\d+(?:\.\d+)*[.)]?|[IVX]+\.)\s+")
_ASKS_ITSELF = re.compile(r"\bor\b.*\bfirst$|: (?:what|which|how|where|who|why)\b", re.IGNORECASE)
_CHOICE = re.compile(r"\bor\b", re.IGNORECASE)  # "UX designer or UX researcher": what compares, other pages answer too
_OF = re.compile(
    r"^(?!(?:the|an?|your|my|all|some)\b)[\w/-]+(?: and [\w/-]+| [\w/-]+)? of ", re.IGNORECASE
)  # "stages of …"
_FOR_ME = (
    (re.compile(r"\byou are\b"), "I am"),
    (re.compile(r"\b(about|for|to|with|from) you\b"), r"\1 me"),
    (re.compile(r"\byourself\b"), "myself"),
    (re.compile(r"\byour\b"), "my"),
    (re.compile(r"\byou$"), "me"),
    (re.compile(r"\byou\b"), "I"),
)
_UNASKABLE = re.compile(
    r"^(?:when (?!to )|too |and |but |(?:your )?first steps? |(?:in|on|at|for|with|without|by|to) |from (?!.+ to ))",
    re.IGNORECASE,
)
_POINTS_BACK = re.compile(  # would be read as of the answer before it
    r"\b(?:it|its|that|this|these|those|they|them|there|ones?"
    r"|the (?:former|latter|same|others?|rest|last|first|second|third|fourth|fifth))\b",
    re.IGNORECASE,
)
_HOW_ASKED = (  # the first that matches decides
    (re.compile(r"^(?P<rest>(?:will|would|is|are|can|could|does|do|should|has|have|may|must)\b[^:]*).*$", re.I),
     r"\g<rest>?"),
    (re.compile(r"^(?P<rest>why\b.*)$", re.IGNORECASE), r"\g<rest>?"),
    (re.compile(r"^from (?P<rest>.+ to .+)$", re.IGNORECASE), r"How do I get from \g<rest>?"),
    (re.compile(r"^how to (?P<rest>.+)$", re.IGNORECASE), r"How do I \g<rest>?"),
    (re.compile(r"^where to (?P<rest>.+)$", re.IGNORECASE), r"Where can I \g<rest>?"),
    (re.compile(r"^(?P<ask>what|when|which) to (?P<rest>.+)$", re.IGNORECASE), r"\g<ask> should I \g<rest>?"),
)  # fmt: skip
_INDIRECT = re.compile(r"^(?:what|which|how|whether|where|who)\b", re.IGNORECASE)


def ask_heading(outline: Outline, heading: Node) -> str | None:
    """A question or request for any other section; None where its heading alone does not say what it is about."""
    text = _COUNTED.sub("", _BRACKETS.sub("", heading.text)).strip(" :.")
    own = [one for one in stems(text) if one not in _DULL]
    if len(own) < 2 or not text[:1].isalpha() or _UNASKABLE.match(text) or _POINTS_BACK.search(text):
        return None
    if text.endswith("?"):
        return text
    text = _for_me(text)
    for pattern, asked in _HOW_ASKED:
        if pattern.match(text):
            question = pattern.sub(asked, text)
            return f"{question[0].upper()}{question[1:]}"
    if _INDIRECT.match(text):
        return f"Tell me {text[0].lower()}{text[1:]}."
    is_action = text.split()[0].endswith("ing")
    if _ASKS_ITSELF.search(text) and not is_action:
        return f"{text}?"
    if _CHOICE.search(text) and not is_action:
        return None
    return f"Tell me about {_within(outline, text)}."


def _for_me(text: str) -> str:
    for pattern, words in _FOR_ME:
        text = pattern.sub(words, text)
    return text


def _within(outline: Outline, text: str) -> str:
    """The heading within a sentence: a name in quotes, else with a small first word, an article, the career."""
    first, _, rest = text.partition(" ")
    telling = [word for word in rest.split() if word.lower() not in STOP_WORDS]
    if telling and all(not word[0].islower() for word in telling) and first.lower() not in STOP_WORDS:
        return f"“{text}”"
    of_something = _OF.match(text) and not first.endswith("ing")
    role = role_words(outline)
    is_of_role = not role or set(stems(text)) & set(stems(role)) or " for " in text
    whose = "" if is_of_role else f" for {article(role)} {role}"
    return f"{'the ' if of_something else ''}{small(outline, first)} {rest}{whose}"
