"""Plain sentences for evidence that the product worded, by rule: fields become a sentence, commas end in "and".

What is tried first reads best; the check of `writer_rows` decides what holds. Knows nothing of pages or models.
"""

import random
import re
from collections.abc import Iterator, Sequence

from writer_rows import Row

from advisor.text import sentences

_FIELDS = "Duration|Effort|Level|Cost|Prerequisites|Topics|Outcomes|Validity|Successor|Platform|Provider|Focus"
_FIELD = re.compile(rf"(?:^|, |; |: )({_FIELDS}): ")
_TAKES = re.compile(r"^(?P<what>.+?) takes (?P<time>[^,]+), in (?P<where>[^,]+)\.$")
_OF_THING = re.compile(rf"^(?P<what>.+?)(?: – |: )(?P<label>{_FIELDS}): (?P<value>.+)$")
_LABELLED = re.compile(r"^(?P<head>[^:]{2,80}): (?P<value>[^:]+)$")
_PROJECT = re.compile(r"^(?P<where>Phase [^:]+): Project: (?P<name>.+)$")
_HELD_TOGETHER = re.compile(r"\b(?:and|or)\b|[();]")
VARIANTS = 3  # of a piece: terse, with the labels of its fields, as it stands
LONGEST_MEMBER_WORDS = 4  # of a list between commas; longer ones may be clauses


def plainly(row: Row, chance: random.Random) -> Iterator[str]:
    """Wordings of all the evidence, best first; the last is the evidence as it stands."""
    texts = [piece.text for piece in row.evidence]
    worded = [_wordings(text, chance) for text in texts]
    for variant in range(VARIANTS):
        chosen = [found[min(variant, len(found) - 1)] for found in worded]
        if row.shape == "sentences":
            yield " ".join(map(_sentence, chosen))
        else:
            yield "\n".join(f"- {text}" for text in (chosen if row.shape == "difference" else texts))
    yield "\n".join(f"- {text}" for text in texts)


def _wordings(text: str, chance: random.Random) -> list[str]:
    if len(sentences(text)) > 1:
        return [text]
    bare = text.rstrip(".")
    fields = _FIELD.split(bare)
    if taken := _TAKES.match(text):
        return [chance.choice((text, f"In {taken['where']}, {taken['what']} takes {taken['time']}."))]
    if len(fields) >= 5:
        named, values = _name(fields[0].strip(" :")), dict(zip(fields[1::2], fields[2::2], strict=True))
        return [_of_fields(named, values, terse=True), _of_fields(named, values, terse=False), text]
    if one := _OF_THING.match(bare):
        return [*_of_one_field(_name(one["what"]), one["label"].lower(), one["value"]), text]
    labelled = _LABELLED.match(bare)
    if labelled and all(len(part.split()) <= LONGEST_MEMBER_WORDS for part in labelled["value"].split(", ")):
        return [f"{labelled['head']}: {_joined(labelled['value'])}.", text]
    return [text]


def _name(name: str) -> str:
    project = _PROJECT.match(name)
    return f'The project "{project["name"]}" of {project["where"]}' if project else name


def _of_fields(name: str, fields: dict[str, str], *, terse: bool) -> str:
    """One or two sentences: what it takes and costs, then what it needs and holds."""
    first, then = [], []
    for label, value in fields.items():
        if label == "Duration":
            first.append(f"takes {value}" + (f" at {fields['Effort']}" if "Effort" in fields else ""))
        elif label == "Level":
            first.append(f"is at {value} level")
        elif label == "Cost":
            first.append(_cost(value, terse=terse))
        elif label != "Effort" or "Duration" not in fields:
            then.append(f"{_noun(label.lower(), value)} {_joined(value)}")
    if not first:
        first, then = [f"has the {_bare(then[0])}"], then[1:]
    said = f"{name} {_listed(first)}."
    return f"{said} Its {', and its '.join(then)}." if then else said


def _cost(value: str, *, terse: bool) -> str:
    if not value.startswith("free"):
        return f"costs {value}"
    return f"is {value}" if terse or value != "free" else "is free of cost"


def _of_one_field(what: str, label: str, value: str) -> list[str]:
    stated = f"The {_noun(label, value).removesuffix(' is')} of {what} is {value}."
    if label == "duration":
        return [f"{what} takes {value}.", stated]
    if label == "cost":
        return [f"{what} {_cost(value, terse=True)}.", f"{what} {_cost(value, terse=False)}.", stated]
    if label == "level":
        return [f"{what} is at {value} level.", stated]
    noun, _, verb = _noun(label, value).rpartition(" ")
    return [f"The {noun} of {what} {verb} {_joined(value)}."]


def _noun(label: str, value: str) -> str:
    """The label with its verb: "topics are" of several, "topic is" of one."""
    if not label.endswith("s"):
        return f"{label} is"
    return f"{label} are" if ", " in value or " and " in value else f"{label[:-1]} is"


def _bare(told: str) -> str:
    return told.replace(" are ", " ", 1).replace(" is ", " ", 1)


def _joined(value: str) -> str:
    """The members of a line with "and" before the last; one that has "and" or brackets already stays as it is."""
    parts = value.split(", ")
    return value if len(parts) < 2 or _HELD_TOGETHER.search(value) else _listed(parts)


def _listed(parts: Sequence[str]) -> str:
    return f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else parts[0]


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?", "…", ":")) else f"{text}."
