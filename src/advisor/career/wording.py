"""Gaps, comparisons and rankings as Markdown, every line with its marks, the sources below. Computes nothing."""

from collections.abc import Iterator, Sequence

from advisor.career.citing import Cited, marks, source_list
from advisor.career.compare import Comparison
from advisor.career.gap import Gap, Held, Mention, Missing, Way
from advisor.career.skills import Closeness
from advisor.career.suits import Fit, Ranking, Reason, Side
from advisor.corpus.items import ItemKind

SILENT = "not on its page"


# --- comparison -----------------------------------------------------------------------------------


def comparison_text(comparison: Comparison, cited: Cited) -> str:
    """A table with a column for each career, then the sources."""
    rows = [
        [row.name, *(_cell(cell.text, marks(cell.evidence, cited)) for cell in row.cells)] for row in comparison.rows
    ]
    table = [["", *comparison.roles], ["---"] * (len(comparison.roles) + 1), *rows]
    lines = ["| " + " | ".join(map(_flat, row)) + " |" for row in table]
    title = f"# {' and '.join(comparison.roles)} compared"
    return "\n".join([title, "", *lines, "", "## Sources", "", *source_list(cited)])


def _cell(text: str, marked: str) -> str:
    return f"{text} {marked}" if text else SILENT


def _flat(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


# --- gap ------------------------------------------------------------------------------------------


def gap_text(gap: Gap, cited: Cited) -> str:
    """What is there, what is missing and how to fill it, what carries over, then the sources."""
    blocks = [
        [f"# Gap: {gap.role}", "", *_standing(gap, cited)],
        *_section("You have", [_held_line(one, cited) for one in gap.held]),
        *_missing_section("Missing: essential", [one for one in gap.missing if one.is_essential], cited),
        *_missing_section("Missing: optional", [one for one in gap.missing if not one.is_essential], cited),
        *_section("Also named on its pages", [_mention_line(one, cited) for one in gap.mentions]),
        *_section("Not named on its pages", _unmentioned(gap, cited)),
        ["## Sources", "", *source_list(cited)],
    ]
    return "\n\n".join("\n".join(block) for block in blocks)


def _section(title: str, lines: Sequence[str]) -> Iterator[list[str]]:
    if lines:
        yield [f"## {title}", "", *lines]


def _standing(gap: Gap, cited: Cited) -> Iterator[str]:
    have = sum(one.is_essential for one in gap.held)
    asked = have + sum(one.is_essential for one in gap.missing)
    optional = len(gap.held) - have
    beside = f", and {optional} optional {'one' if optional == 1 else 'ones'}" if optional else ""
    yield f"You have {have} of {asked} essential skills{beside}. {marks(gap.lists, cited)}"
    mended = [f"{one.given!r} as {one.name!r}" for one in gap.known if one.given != one.name]
    if mended:
        yield f"Read {', '.join(mended)}."


def _held_line(one: Held, cited: Cited) -> str:
    kind = "" if one.is_essential else " (optional)"
    return f"- **{one.name}**{kind}{_by(one)}{_said(one.detail)} {marks((one.evidence,), cited)}"


def _by(one: Held) -> str:
    """By which given skills, where it is not simply the skill itself."""
    if one.closeness is Closeness.SAME:
        return f", with {', '.join(one.known[1:])}" if one.known[1:] else ""
    takes = ", which the page takes as well" if one.closeness is Closeness.ALTERNATIVE else ""
    return f", by {', '.join(one.known)}{takes}"


def _said(detail: str) -> str:
    return f": {detail}" if detail else ""


def _missing_section(title: str, missing: Sequence[Missing], cited: Cited) -> Iterator[list[str]]:
    lines = [line for one in missing for line in _missing_lines(one, cited)]
    yield from _section(f"{title} ({len(missing)})", lines)


def _missing_lines(one: Missing, cited: Cited) -> Iterator[str]:
    yield f"- **{one.name}**{_said(one.detail)} {marks((one.evidence,), cited)}"
    if one.partly:
        yield f"  - You know {', '.join(one.partly)}: a part of it {marks((one.evidence,), cited)}"
    yield from (f"  - Learn: {_way_words(way)} {marks((way.evidence,), cited)}" for way in one.learn)
    yield from (f"  - Practise: {_way_words(way)} {marks((way.evidence,), cited)}" for way in one.practise)
    if not one.learn and not one.practise:
        yield f"  - No course on any page is named for it; start from the words above {marks((one.evidence,), cited)}"


def _way_words(way: Way) -> str:
    name = f"[{way.name}]({way.url})" if way.url else way.name
    provider = f" by {way.provider}" if way.provider else ""
    told = (
        f"on the page {way.page}" if way.is_elsewhere else "",
        way.phase,
        way.hours or ("" if way.kind == ItemKind.PROJECT else "hours not stated"),
        way.cost,
        f"after {way.after}" if way.after else "",
        way.reason,
    )
    return f"{name}{provider} ({', '.join(filter(None, told))})"


def _mention_line(one: Mention, cited: Cited) -> str:
    return f'- **{one.known}**, under "{one.where}": {one.words} {marks((one.evidence,), cited)}'


def _unmentioned(gap: Gap, cited: Cited) -> list[str]:
    if not gap.unmentioned:
        return []
    return [f"- {', '.join(gap.unmentioned)}: no skill and no other line there names them {marks(gap.lists, cited)}"]


# --- ranking --------------------------------------------------------------------------------------


def ranking_text(ranking: Ranking, cited: Cited) -> str:
    """The careers in order, each with what speaks for it and against it, then the sources."""
    blocks = [["# Careers that suit what you say", "", *_intro(ranking)]]
    blocks += [_fit_lines(place, fit, cited) for place, fit in enumerate(ranking.fits, start=1)]
    if cited:
        blocks.append(["## Sources", "", *source_list(cited)])
    return "\n\n".join("\n".join(block) for block in blocks)


def _intro(ranking: Ranking) -> Iterator[str]:
    if not ranking.fits:
        yield "No page says of any career what you say of yourself; try other words, or name skills with --known."
    else:
        yield "Ranked by the words you share with the pages. It compares words, it does not know you."


def _fit_lines(place: int, fit: Fit, cited: Cited) -> list[str]:
    lines = [f"## {place}. {fit.role}", ""]
    lines += [f"- {_reason_words(reason)} {marks((reason.evidence,), cited)}" for reason in fit.reasons]
    if fit.caution:
        lines.append(f"- Less for: {fit.caution.words} {marks((fit.caution.evidence,), cited)}")
    return lines


def _reason_words(reason: Reason) -> str:
    side = "Why" if reason.side is Side.FOR else "Why not"
    return f'{side}: you say {", ".join(reason.because)}; the page, under {reason.about}: "{reason.words}"'
