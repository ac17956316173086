"""Check words against the evidence they rest on. The model's own marks count for nothing: code decides.

A sentence is supported by one piece of evidence if all of these hold: every number and link in it stands there, every
name in it stands there or in the question, it denies what the evidence denies and nothing else, it adds no qualifier
("about", "extremely"), and nearly all its content words are the evidence's or the question's. Knows nothing of search
or of how a draft was made.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from advisor.answer.labelled import keeps_apart, lost_fields, read_labelled
from advisor.records import Snippet
from advisor.text import normalise, sentences, stems, words

OWN_WORDS_NEEDED = 0.6  # share of them that the evidence itself must hold: a question said again says nothing
RECALL_NEEDED = 0.9  # share of a sentence's content words that its evidence or the question must hold
KEPT_NEEDED = 0.9  # share of the evidence's content words that a draft must still say
# Words that change what a statement promises; none may come or go.
_QUALIFIERS = re.compile(
    r"\b(about|around|approx(?:imately)?|roughly|nearly|almost|at least|up to|over|only|optional|optionally|sometimes"
    r"|often|usually|mostly|may|might|before|after|very|extremely|highly|always)\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NUMBER_WORDS = {
    w: str(n) for n, w in enumerate("zero one two three four five six seven eight nine ten eleven twelve".split())
}
_LINK = re.compile(r"https?://[^\s)\]>\"']*[^\s)\]>\"'.,;:!?]")
_NAME = re.compile(r"(?<![.!?:]\s)(?<!^)\b[A-Z][\w+#&-]*")
_NEGATION = re.compile(
    r"\b(not|no|never|without|cannot|can't|don't|doesn't|isn't|aren't|won't|unless|except|neither|nor)\b", re.I
)
_MARK = re.compile(r"\s*\[\d+\]")
_BULLET = re.compile(r"^\s*(?:[-*•]|\d+[.)])\s+")


@dataclass(frozen=True, slots=True)
class Grounded:
    """A draft after the check: the pieces that hold, each tied to its passage, and what was wrong with the others."""

    kept: tuple[Snippet, ...]
    dropped: tuple[str, ...]  # sentences that no piece of evidence bears out
    lost: tuple[str, ...]  # numbers and items of the evidence that the draft no longer says

    @property
    def stands(self) -> bool:
        """Whether the draft may replace the extract: nothing unsupported, nothing lost."""
        return bool(self.kept) and not self.dropped and not self.lost

    @property
    def trouble(self) -> str:
        """The first thing that was wrong, in words; what it said beyond its evidence stays unsaid."""
        if self.dropped:
            return "it said something that no source bears out"
        return f"it left out {self.lost[0]!r}" if self.lost else "it was empty"


def ground(draft: str, evidence: Sequence[Snippet], *, question: str) -> Grounded:
    """Attribute each sentence of a draft to one piece of evidence, or drop it."""
    kept, dropped = [], []
    for sentence in split_draft(draft):
        support = next((piece for piece in _nearest(sentence, evidence) if supports(piece, sentence, question)), None)
        if support is None:
            dropped.append(sentence)
        else:
            kept.append(Snippet(sentence, support.quote, support.passage, support.path))
    return Grounded(tuple(kept), tuple(dropped), lost_from(kept, evidence))


def goes_wrong(draft: str, evidence: Sequence[Snippet], *, question: str) -> bool:
    """Whether a finished sentence of a growing draft has no support already, so that the rest need not be written."""
    finished = split_draft(draft)[:-1]
    return not all(any(supports(piece, sentence, question) for piece in evidence) for sentence in finished)


def split_draft(draft: str) -> list[str]:
    """The sentences and bullets of a draft, without marks and bullet signs."""
    lines = [_BULLET.sub("", _MARK.sub("", line)).strip(" *_") for line in draft.splitlines()]
    return [sentence for line in lines if line for sentence in sentences(line)]


def supports(piece: Snippet, sentence: str, question: str = "") -> bool:
    """Whether one piece of evidence bears out a sentence."""
    evidence = reading(piece)
    fields = read_labelled(piece.text)
    is_copied = normalise(sentence).rstrip(".") in normalise(piece.text)
    return (
        numbers(sentence) <= numbers(evidence)
        and set(_LINK.findall(sentence)) <= set(_LINK.findall(f"{piece.text} {piece.quote}"))
        and not unknown_names(sentence, f"{evidence} {question}")
        and _denies(sentence) == _denies(piece.text)
        and qualifiers(sentence) <= qualifiers(f"{piece.text} {piece.quote} {question}")
        and recall(sentence, f"{evidence} {question}") >= RECALL_NEEDED
        and recall(sentence, evidence) >= OWN_WORDS_NEEDED
        and (fields is None or is_copied or keeps_apart(fields, sentence))
    )


def stands_in_its_passage(piece: Snippet) -> bool:
    """Whether the passage that a piece of the extract cites, and the headings above it, bear the piece out."""
    source = " ".join([piece.passage.title, *piece.path, *piece.passage.section, piece.passage.text, piece.quote])
    return (
        numbers(piece.text) <= numbers(source)
        and set(_LINK.findall(piece.text)) <= set(_LINK.findall(source))
        and not unknown_names(piece.text, source)
        and recall(piece.text, source) >= RECALL_NEEDED
    )


def reading(piece: Snippet) -> str:
    """Everything a reader of the evidence sees: where it stands, the piece, and the words quoted."""
    return " ".join([piece.passage.title, *piece.path, *piece.passage.section, piece.text, piece.quote])


def numbers(text: str) -> set[str]:
    """The numbers in a text, digits and words alike ("four" is "4"); "one" counts only as a digit."""
    spelled = {_NUMBER_WORDS[word] for word in words(text) if word in _NUMBER_WORDS and word != "one"}
    return {number.rstrip(".,") for number in _NUMBER.findall(normalise(_LINK.sub(" ", text)))} | spelled


def unknown_names(sentence: str, known: str) -> set[str]:
    """Capitalised words inside a sentence that the known text does not have, in any case."""
    there = set(words(known)) | {part for word in words(known) for part in re.split(r"[.'-]", word)}
    return {name for name in _NAME.findall(sentence) if not set(words(name)) <= there}


def qualifiers(text: str) -> set[str]:
    """The words of a text that limit or stretch what it says, such as "about" and "only"."""
    return set(_QUALIFIERS.findall(normalise(text)))


def recall(sentence: str, evidence: str) -> float:
    """Share of the sentence's content stems that the evidence has, 0…1; 0 for a sentence without content."""
    own = set(stems(sentence))
    return len(own & set(stems(evidence))) / len(own) if own else 0.0


def lost_from(kept: Sequence[Snippet], evidence: Sequence[Snippet]) -> tuple[str, ...]:
    """Numbers, links, qualifiers and whole pieces of the evidence that the kept sentences no longer say."""
    said = " ".join(piece.text for piece in kept)
    lost = []
    for piece in evidence:
        lost += sorted(numbers(piece.text) - numbers(said))
        lost += sorted(set(_LINK.findall(piece.text)) - set(_LINK.findall(said)))
        lost += sorted(qualifiers(piece.text) - qualifiers(said))
        if fields := read_labelled(piece.text):
            lost += lost_fields(fields, without_links(said))
        if recall(without_links(piece.text), without_links(said)) < KEPT_NEEDED:
            lost.append(piece.text)
    return tuple(dict.fromkeys(lost))


def without_links(text: str) -> str:
    """The text without its links: the words in an address name nothing to a reader."""
    return _LINK.sub(" ", text)


def _nearest(sentence: str, evidence: Sequence[Snippet]) -> list[Snippet]:
    """The evidence, most similar wording first; ties in its own order."""
    return sorted(evidence, key=lambda piece: -recall(sentence, piece.text))


def _denies(text: str) -> bool:
    return bool(_NEGATION.search(normalise(text)))
