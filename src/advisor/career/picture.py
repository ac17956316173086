"""A plan as a picture for a terminal: a bar for each phase over the weeks of study, no line wider than asked for.

Text only: colours and the terminal's width belong to whoever shows it.
"""

from dataclasses import dataclass

from advisor.career.planned import Plan, hours_words
from advisor.career.timeline import Stretch, timeline

FEWEST_COLUMNS = 40
_SHORTEST_TRACK, _LONGEST_TRACK = 12, 60
_GAP = "  "


@dataclass(frozen=True, slots=True)
class Signs:
    """What a bar and the track it lies on are drawn with, each one column wide."""

    bar: str
    track: str


BLOCKS, PLAIN = Signs("\N{FULL BLOCK}", "\N{MIDDLE DOT}"), Signs("#", ".")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the picture in its parts; the bar lies between `before` and `after` on the track."""

    label: str
    before: str
    bar: str
    after: str
    told: str

    def __str__(self) -> str:
        return f"{self.label}{_GAP}{self.before}{self.bar}{self.after}{_GAP}{self.told}".rstrip()


def picture(plan: Plan, *, columns: int, signs: Signs = BLOCKS) -> tuple[Row, ...]:
    """A row for each phase that has anything planned, all of one length; () where nothing is left to do.

    Labels that are too long are cut; below 40 columns the picture is made for 40.
    """
    stretches = timeline(plan)
    if not stretches:
        return ()
    told = [f"{stretch.weeks}, {hours_words(stretch.minutes)}" for stretch in stretches]
    room = max(columns, FEWEST_COLUMNS) - max(map(len, told)) - 2 * len(_GAP)
    longest = min(max(len(stretch.label) for stretch in stretches), room - _SHORTEST_TRACK)
    track = min(room - longest, _LONGEST_TRACK)
    return tuple(
        _row(stretch, words, longest, track, len(plan.weeks), signs)
        for stretch, words in zip(stretches, told, strict=True)
    )


def _row(stretch: Stretch, told: str, longest: int, track: int, weeks: int, signs: Signs) -> Row:
    label = stretch.label if len(stretch.label) <= longest else f"{stretch.label[: longest - 1]}…"
    first = min((stretch.first_week - 1) * track // weeks, track - 1)
    length = max(-(-stretch.last_week * track // weeks) - first, 1)  # rounded up: every week shows
    return Row(
        label.ljust(longest), signs.track * first, signs.bar * length, signs.track * (track - first - length), told
    )
