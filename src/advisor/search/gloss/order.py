"""Put the English words of a gloss into the order and the spelling of an English sentence.

"Ingénieur données" is "data engineer", "cours gratuit" a "free course". Knows nothing of the other languages' words.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from advisor.search.gloss.lexicon import Kind, Language

_ROMANCE = frozenset({Language.FRENCH, Language.SPANISH, Language.PORTUGUESE, Language.ITALIAN})
_LINKS = frozenset({"of", "of the", "in", "in the", "the"})
_LONGEST_LINK = 2
_NAMING = frozenset({Kind.NOUN, Kind.PERSON, Kind.FIELD})
_STOPS = re.compile(r"[.,;:!?()\"]")
_BEFORE_MARK = re.compile(r"\s+([?!.,;:)])")
_VERBS = "(?:prepare|learn|study|choose|find|build|switch|begin|avoid|publish|practise|become|use|read|need)"
_TIDY = (
    (re.compile(r"\b(a|an|the) (?:a|an|the)\b", re.IGNORECASE), r"\1"),
    (re.compile(r"\b([aA])n? (?=(?:[aeioAEIO]|MLOps|NLP|LLM|SRE)(?!ne\b))"), r"\1n "),
    (re.compile(r"\b(of|to|in|for) (?:of|to)\b"), r"\1"),
    (re.compile(r"\b(I) I\b"), r"\1"),
    (re.compile(r"\btake take\b"), "take"),
    (re.compile(r"\b(find|give me|take|buy|read|need) of\b"), r"\1"),
    (re.compile(rf"\b({_VERBS}) I\b", re.IGNORECASE), lambda found: f"do I {found[1].lower()}"),
    (re.compile(r"\bdo I need to need\b"), "do I need"),
    (re.compile(r"\bthe (my|your)\b", re.IGNORECASE), r"\1"),
    (re.compile(rf"\b(how|what) (?={_VERBS}\b)", re.IGNORECASE), r"\1 do I "),
    (re.compile(r"\b(be|become an?) ((?:with)?in [\w-]+ (?:weeks|months|years?)) ([^?.,]+)"), r"\1 \3 \2"),
)


_MODAL = re.compile(r"(?:need to|can I|should I|want to|must|can)$")


@dataclass(frozen=True, slots=True)
class Segment:
    """Some English words, what stood before them, and what they are; None for words kept as they were."""

    text: str
    gap: str
    kind: Kind | None

    @property
    def is_kept(self) -> bool:
        """Whether the words are the learner's own."""
        return self.kind is None


def in_english_order(found: Sequence[Segment], language: Language) -> list[Segment]:
    """The segments in English order; a Romance language and a Germanic one need different turns."""
    if language not in _ROMANCE:
        return _verbs_forward(found)
    return _adjectives_first(_names_first(_fields_first(found)))


def sentence(found: Sequence[Segment], tail: str) -> str:
    """The segments as one line with its marks; `tail` is what stood behind the last word."""
    text, held, before = "", "", None
    for one in found:
        held += one.gap
        if not one.text:
            continue
        text += _joint(held, both_kept=before is not None and before.is_kept and one.is_kept) + one.text
        held, before = "", one
    line = " ".join(f"{text}{held}{tail}".translate(_NO_MARKS).split())
    line = _BEFORE_MARK.sub(r"\1", line)
    for pattern, wording in _TIDY:
        line = pattern.sub(wording, line)
    return _capitalised(line)


_NO_MARKS = str.maketrans(dict.fromkeys("¿¡«»„“”", " "))


def _joint(gap: str, *, both_kept: bool) -> str:
    if both_kept or _STOPS.search(gap) or "/" in gap:
        return gap
    return " "


def _capitalised(line: str) -> str:
    return re.sub(r"(?:^|(?<=[.!?] ))[a-z]", lambda found: found.group().upper(), line)


def _verbs_forward(found: Sequence[Segment]) -> list[Segment]:
    """A verb at the end of its clause behind its "do I need to"."""
    done = list(found)
    for at, one in enumerate(done):
        if not _MODAL.search(one.text):
            continue
        end = next((n for n in range(at + 1, len(done)) if _is_parted(done[n])), len(done))
        if end - at > 2 and done[end - 1].kind is Kind.VERB:
            done.insert(at + 1, replace(done.pop(end - 1), gap=" "))
    return done


def _fields_first(found: Sequence[Segment]) -> list[Segment]:
    """What somebody works on before what they are: "developer", "of the", "web" as "web developer"."""
    done: list[Segment] = []
    at = 0
    while at < len(found):
        one = found[at]
        start = _past_links(found, at + 1) if one.kind is Kind.PERSON else at
        end = _past_fields(found, start, linked=start > at + 1) if one.kind is Kind.PERSON else at
        if end > start:
            done += _turned([*_nearest_last(found[start:end]), one])
            at = end
        else:
            done.append(one)
            at += 1
    return done


def _nearest_last(fields: Sequence[Segment]) -> list[Segment]:
    """What narrows a field before the field: "applications", "LLM" as "LLM applications"; names keep their order."""
    turned: list[Segment] = []
    for at, one in enumerate(fields):
        goes_on = at > 0 and one.is_kept and fields[at - 1].is_kept
        turned.insert(at if goes_on and at == len(turned) and all(f.is_kept for f in fields) else 0, one)
    return turned


def _names_first(found: list[Segment]) -> list[Segment]:
    """A name before what is called so: "certificate", "CKA" as "CKA certificate"; numbers stay behind."""
    done: list[Segment] = []
    at = 0
    while at < len(found):
        one = found[at]
        start = at + 1
        while one.kind is Kind.NOUN and start < len(found) and found[start].text == "of" and start == at + 1:
            start += 1
        end = start
        while one.kind is Kind.NOUN and end < len(found) and _is_name(found[end]):
            end += 1
        if end > start and not _is_parted(found[at + 1]):
            done += _turned([*found[start:end], one])
            at = end
        else:
            done.append(one)
            at += 1
    return done


def _is_name(one: Segment) -> bool:
    return one.is_kept and not _is_parted(one) and (one.text[:1].isupper() or one.text in _JOB_WORDS)


_JOB_WORDS = frozenset("engineer developer analyst scientist designer".split())  # of an English career's name


def _past_links(found: Sequence[Segment], at: int) -> int:
    end = at
    while end < len(found) and end - at < _LONGEST_LINK and found[end].text in _LINKS and not _is_parted(found[end]):
        end += 1
    return end


def _past_fields(found: Sequence[Segment], at: int, *, linked: bool) -> int:
    end = at
    while end < len(found) and not _is_parted(found[end]) and _is_field(found[end], named=linked):
        end += 1
    return end


def _is_field(one: Segment, *, named: bool) -> bool:
    """A field, or a name ("DevOps"); a small word of the learner's ("web") only where nothing links it."""
    return one.kind is Kind.FIELD or (one.is_kept and (not named or not one.text.islower() or one.text in _KEPT_FIELDS))


_KEPT_FIELDS = frozenset(
    "web cloud software back end front full stack mobile machine learning big data security blockchain android ios "
    "devops mlops qa ux ui python java llm nlp".split()
)


def _adjectives_first(found: list[Segment]) -> list[Segment]:
    done: list[Segment] = []
    for one in found:
        if one.kind is Kind.ADJECTIVE and done and done[-1].kind in _NAMING and not _is_parted(one):
            done[-1:] = _turned([one, done[-1]])
        else:
            done.append(one)
    return done


def _turned(segments: Sequence[Segment]) -> list[Segment]:
    """The segments, of which the last stood first, with the gap before them all at the front."""
    first, *rest = segments
    spaced = [replace(one, gap=one.gap if one.is_kept and one.gap else " ") for one in rest[:-1]]
    return [replace(first, gap=segments[-1].gap), *spaced, replace(segments[-1], gap=" ")]


def _is_parted(one: Segment) -> bool:
    return bool(_STOPS.search(one.gap))
