"""Evidence made of labelled fields ("Deep Learning: Cost: free, Level: beginner"), and what a wording makes of them.

A small model that turns fields into sentences likes to give one field's value to another, or to turn "X needs Y" about.
Knows nothing of passages or of how a wording came about.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from advisor.text import normalise, stem, stems

KNOWN = frozenset(
    "kind status validity cost level topics prerequisites outcomes duration effort provider price time".split()
)
VALUE_KEPT = 0.9  # share of a value's content words that a wording must still say
MOSTLY = 0.6  # share of the words after "prerequisites of" that must be the thing's

_LABEL = r"([A-Z][\w'-]*(?: [a-z][\w'-]*){0,2}): "
_AFTER_ANOTHER = re.compile(rf"[,;] {_LABEL}")
_ANY = re.compile(rf"(?:: |[,;] ){_LABEL}")
_OF_WHAT = re.compile(r"\s+(?:of|for)\s+(.*?)(?=\s(?:is|are|was|were)\b|[,.;]|$)")
# "the validity is does not expire", "it costs paid", "X is kind book"
_UNGRAMMATICAL = re.compile(r"\b(?:is|are) (?:does|do|has|have|is|are|kind|cost|level)\b|\bcosts? (?:paid|free)\b")


@dataclass(frozen=True, slots=True)
class Labelled:
    """A thing and its fields by their labels, in order."""

    thing: str
    fields: Mapping[str, str]


def read_labelled(text: str) -> Labelled | None:
    """The fields of a piece of evidence; None for a text that is no thing with fields.

    Two fields make it one, or a single one with a known label. What stands before the first is the thing.
    """
    another = _AFTER_ANOTHER.search(text)
    marks = list(_ANY.finditer(text))
    if another:
        first = max((n for n, mark in enumerate(marks) if mark.start() < another.start()), default=0)
    else:
        first = max((n for n, mark in enumerate(marks) if normalise(mark[1]) in KNOWN), default=len(marks))
    fields = marks[first:]
    if not fields:
        return None
    ends = [mark.start() for mark in fields[1:]] + [len(text)]
    told = {mark[1]: text[mark.end() : end].strip(" ,;.") for mark, end in zip(fields, ends, strict=True)}
    return Labelled(text[: fields[0].start()], told)


def keeps_apart(evidence: Labelled, sentence: str) -> bool:
    """Whether a sentence puts fields into words, and gives each label that it names a value of its own."""
    sentence = normalise(sentence)
    if any(f"{normalise(label)}:" in sentence for label in evidence.fields) or _UNGRAMMATICAL.search(sentence):
        return False
    named = list(_named(evidence, sentence))
    for label, said in named:
        own = {*stems(evidence.fields[label]), *stems(evidence.thing)}
        others = {part for other, _said in named if other != label for part in stems(evidence.fields[other])}
        of_what = _OF_WHAT.match(said)
        if (others - own) & set(stems(said)) or (of_what and _share(of_what[1], evidence.thing) < MOSTLY):
            return False
    return True


def lost_fields(evidence: Labelled, said: str) -> tuple[str, ...]:
    """The fields whose value a wording no longer says."""
    return tuple(f"{label}: {value}" for label, value in evidence.fields.items() if _share(value, said) < VALUE_KEPT)


def _named(evidence: Labelled, sentence: str) -> Iterator[tuple[str, str]]:
    """Each label that a normalised sentence names, in its order, with the words from there to the next."""
    found = sorted(
        (match.start(), match.end(), label)
        for label in evidence.fields
        for match in re.finditer(rf"\b{re.escape(stem(normalise(label)))}\w*", sentence)
    )
    ends = [*(start for start, _end, _label in found), len(sentence)][1:]
    for (_start, end, label), until in zip(found, ends, strict=True):
        yield label, sentence[end:until]


def _share(text: str, there: str) -> float:
    """Share of the text's content stems that stand there; 1 for a text without content."""
    own = set(stems(text))
    return len(own & set(stems(there))) / len(own) if own else 1.0
