"""Pure string functions that several modules share: normal forms, tokens, stems, sentences, hashes.

Knows nothing of documents or questions; no function here touches a disk.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

# Characters nobody sees but a model reads: zero-width, direction marks, variation selectors, tag characters
# (a known way to smuggle instructions into text: OWASP Top 10 for LLM applications 2026, LLM01 item 5).
HIDDEN = re.compile(
    "[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e007f]"
)
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
SURROGATE = re.compile("[\ud800-\udfff]")

_PLAIN_MARKS = str.maketrans("’‘“”–—‑", "''\"\"---")
_WORD = re.compile(r"[^\W_]+(?:[+#]+|(?:[.'’][^\W_]+)*)", re.UNICODE)
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"'”’)\]*_]*\s+(?=[\"'“‘(\[*_]*[A-Z0-9])")
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|approx|vs|cf|no|vol|ch|fig|dr|mr|mrs|ms|prof|st|inc|ltd|jr|sr)|\b[A-Z])\.\W*$",
    re.IGNORECASE,
)
_ABBREVIATION_CHARS = 24  # at the end of a stretch that are looked at: with all of it, a page of initials takes hours

# Different spellings of one thing, brought to one before stemming, on both sides of search.
CANONICAL: dict[str, tuple[str, ...]] = {
    "maths": ("mathematics",),
    "math": ("mathematics",),
    "cert": ("certificate",),
    "certs": ("certificate",),
    "certification": ("certificate",),
    "certifications": ("certificate",),
    "ml": ("machine", "learning"),
    "dl": ("deep", "learning"),
    "ai": ("artificial", "intelligence"),
    "a.i": ("artificial", "intelligence"),
    "nlp": ("natural", "language", "processing"),
    "cv": ("computer", "vision"),
    "rl": ("reinforcement", "learning"),
    "devs": ("developer",),
    "dev": ("developer",),
    "frontend": ("front", "end"),
    "backend": ("back", "end"),
    "fullstack": ("full", "stack"),
    "k8s": ("kubernetes",),
    "js": ("javascript",),
    "costs": ("cost",),
    "pricing": ("cost",),
    "price": ("cost",),
    "prices": ("cost",),
}

STOP_WORDS = frozenset(
    """
    a about above after again all also am an and any are as at be because been before being between both but by can
    could did do does doing done down during each etc few for from further get gets getting give given go goes going
    got had has have having he her here hers him his how i i'd i'll i'm i've if in into is it it's its itself just
    kind let like made make makes many may me might mine more most much must my need needed needs no nor not of off
    on once one ones only or other our ours out over own per please really same shall she should so some such tell
    than that that's the their them then there these they this those through to too under until up us use used using
    very want wanted wants was way we well were what what's when where which while who whom whose why will with would
    you you'd your yours yourself thing things something anything actually exactly show explain say says said know
    take takes taking took long suggest recommend recommended recommends suggested list name hi hello hey thanks
    thank ok okay kindly precisely pls plz btw pick choose kinda sorta honestly actually anyway bit stuff totally
    roughly basically literally already properly
    someone somebody im ive id isnt dont doesnt cant wont whats hows wheres thats theres r u ur ya yeah gonna wanna
    gotta lot lots maybe ish hmm um well lol worth comfy right now even ever quite rather whole sort type types
    block section piece way ways different possible possibly able
    look looking looks come comes put run happen happens called
    """.split()
)


class _Stems(Protocol):
    def stemWord(self, word: str) -> str: ...  # noqa: N802 - PyStemmer's own name


@lru_cache(maxsize=1)
def _stemmer() -> _Stems:
    import Stemmer

    stemmer: _Stems = Stemmer.Stemmer("english")
    return stemmer


def visible(text: str) -> str:
    """The text without hidden characters, control characters and lone surrogates; line breaks stay."""
    return SURROGATE.sub("\N{REPLACEMENT CHARACTER}", CONTROL.sub("", HIDDEN.sub("", text)))


def normalise(text: str) -> str:
    """One form for comparing: NFKC, plain quotes and hyphens, single spaces, lower case."""
    text = unicodedata.normalize("NFKC", visible(text))
    text = text.translate(_PLAIN_MARKS)
    return " ".join(text.split()).casefold()


def words(text: str) -> list[str]:
    """The words of a text in order, normalised; "C++", "C#" and "fast.ai" stay whole."""
    return _WORD.findall(normalise(text))


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The stem of one normalised word (Snowball English)."""
    return _stemmer().stemWord(word)


def stems(text: str) -> list[str]:
    """The stems of all words, canonical spellings applied, stop words dropped. The tokens of lexical search."""
    found = []
    for word in words(text):
        word = word.removesuffix("'s")
        if word not in STOP_WORDS:
            found += [stem(part) for part in CANONICAL.get(word, (word,))]
    return found


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a text: character offsets, the end exclusive."""

    start: int
    end: int


def sentence_spans(text: str, start: int, end: int) -> Iterator[Span]:
    """Where the sentences of one paragraph stand; "approx. 6 weeks" and "e.g. Python" stay together."""
    begin = start
    for cut in _SENTENCE_END.finditer(text, start, end):
        if _ABBREVIATION.search(text, max(begin, cut.start() - _ABBREVIATION_CHARS), cut.start()):
            continue
        yield Span(begin, cut.start() + len(cut.group().rstrip()))
        begin = cut.end()
    if begin < end:
        yield Span(begin, end)


def sentences(text: str) -> list[str]:
    """The sentences of one paragraph, whitespace collapsed."""
    text = " ".join(text.split())
    return [text[span.start : span.end] for span in sentence_spans(text, 0, len(text))]


def content_hash(text: str) -> str:
    """sha256 of the text's UTF-8 bytes, in hex."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def slug(text: str) -> str:
    """The text as a URL fragment: lower case words joined by hyphens ("" where it has no words)."""
    return "-".join(re.findall(r"[^\W_]+", normalise(text)))
