"""A line of a page, split into what it names and what it says of that: "Duration: 4 weeks".

Patterns over plain text; knows nothing of Markdown or of what lines are.
"""

import re
from dataclasses import dataclass

_NUMBERED = re.compile(
    r"^(?:phase|step|stage|part|level|days?|weeks?|months?|years?|sprint|lesson|module|chapter|tier)\s+\w{1,5}"
    r"(?:\s*(?:[-–—]|to|and)\s*\w{1,5})?$",
    re.IGNORECASE,
)
_CUT = re.compile(r":\s+|\s+[–—→]\s+|\s-\s(?=\S+\s+\S+\s+\S)")  # a hyphen only before several words: "ML - Specialty"
_ASKED = re.compile(r"(?:Q(?:uestion)?[ .]?\d{0,3}[:.)]|Question \d{1,3} ?[–—-])\s*(?=\S.*\?\W*$)", re.IGNORECASE)
LONGEST_LABEL_WORDS = 12


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text split at its first colon or dash."""

    label: str
    value: str


def split_label(text: str, *, at_arrows: bool = True) -> Labelled:
    """Split `Duration: 4 weeks` and `Linear Algebra – matrices` in two; `Phase 1: Basics: learn X` after `Basics`.

    An arrow in a heading leads from one thing to another, `Tester → Developer`, and is left. A question names what it
    asks: `Q: What if I fail?` is all label, without its sign.
    """
    if asked := _ASKED.match(text):
        return Labelled(text[asked.end() :], "")
    cut = _first_cut(text, 0)
    if cut and "→" in cut.group() and not at_arrows and not _NUMBERED.match(text[: cut.start()]):
        cut = None
    if cut and _NUMBERED.match(text[: cut.start()]):
        cut = _first_cut(text, cut.end())
        if cut is None:
            return Labelled(text.rstrip(":"), "")
    if cut is None or len(text[: cut.start()].split()) > LONGEST_LABEL_WORDS or not text[: cut.start()].strip():
        return Labelled(text.rstrip(":"), "")
    return Labelled(text[: cut.start()], text[cut.end() :].strip())


def _first_cut(text: str, position: int) -> re.Match[str] | None:
    """The first place to split, brackets left whole: "Specialization (Coursera - Andrew Ng)"."""
    for cut in _CUT.finditer(text, position):
        if text.count("(", 0, cut.start()) <= text.count(")", 0, cut.start()):
            return cut
    return None
