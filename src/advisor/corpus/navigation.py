"""What leads around a page and says nothing: menus, tables of contents, links back to the top.

Works on lines and empties them. Knows nothing of titles beyond the one over a table of contents.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from advisor.corpus.symbols import without_pictures

_EDGE_LINES = 6  # menus are looked for in this many written lines at either end
_MENU_WORDS = (
    r"skip to (?:main |the )?(?:content|navigation)|jump to (?:content|navigation)|table of contents"
    r"|contents|on this page"
    r"|(?:go )?back to (?:the )?(?:top|home|homepage|main page|overview|[\w&/ -]{1,30})|(?:scroll|go) to top"
    r"|home|menu|toggle \w+|share(?: this)?(?: page| article)?|log ?in|sign ?(?:in|up)|subscribe|search"
    r"|(?:previous|next)(?: page)?"
)
_MENU = re.compile(f"^(?:{_MENU_WORDS})$", re.IGNORECASE)
_MENU_ENTRY = re.compile(
    rf"^(?:{_MENU_WORDS}|contact(?: us)?|about(?: us)?|privacy(?: policy)?|terms(?: of (?:use|service))?|site ?map"
    r"|print|accessibility|cookies?(?: policy)?|was this (?:page|article) helpful\??)$",
    re.IGNORECASE,
)
_ENTRY_GAP = re.compile(r"\s{2,}|\t|\s+[|·•»›]\s+")
_SIGN = re.compile(r"^\s*(?:[-*+•◦▪‣●]\s+|\d{1,3}[.)]\s+)")
# no part gives back what it took, so that a line of a thousand blanks or brackets is read once
_TOP_LINK = re.compile(
    r"^[\W_]*+(?:(?:back|go|return)\s*+)?to (?:the )?top[\s\]]*+(?:\(#[^)]{0,300}\))?[\W_]*+$", re.IGNORECASE
)
_PAGE_LINK = r"\[[^\[\]\n]{1,200}\]\(\s*#[^()\n]{0,300}\)"
_CONTENTS_ITEM = re.compile(
    rf"^\s*(?:[-*+•]|\d{{1,3}}[.)])\s+(?:\d{{1,3}}(?:\.\d{{1,3}})*[.)]?\s+)?[^\w\[]{{0,20}}{_PAGE_LINK}[^\w\[]{{0,20}}$"
)
_CONTENTS_ROW = re.compile(rf"^[^\w\[]{{0,20}}{_PAGE_LINK}(?:[^\w\[]{{1,20}}{_PAGE_LINK})+[^\w\[]{{0,20}}$")
_CONTENTS_TITLE = re.compile(
    r"^(?:table of contents|contents|on this page|in this (?:article|guide|page|post)|toc|jump to"
    r"|quick (?:links|navigation)|navigation|index)\W*$",
    re.IGNORECASE,
)


def without_navigation(lines: Sequence[str], *, has_headings: bool) -> list[str]:
    """The lines with "back to top" links and tables of contents that link into the page emptied.

    Without headings also menus at the top and the bottom.
    """
    emptied = _contents(lines) | {at for at, line in enumerate(lines) if is_top_link(line)}
    if not has_headings:
        emptied |= _menus(lines)
    return ["" if at in emptied else line for at, line in enumerate(lines)]


def is_top_link(line: str) -> bool:
    """Whether the line does nothing but lead back to the top of the page."""
    return bool(_TOP_LINK.match(line))


def is_contents_title(text: str) -> bool:
    """Whether the words are those over a table of contents."""
    return bool(_CONTENTS_TITLE.match(text.strip()))


# --- tables of contents ---------------------------------------------------------------------------


def _contents(lines: Sequence[str]) -> set[int]:
    """The lines of lists that only link into the page, with the title over them where nothing else stands below it."""
    written = [at for at, line in enumerate(lines) if line.strip()]
    links = _links_within(lines, written)
    left = [at for at in written if at not in links]
    found = set(links)
    for at, below in pairwise([*left, len(lines)]):
        between = bool(links) and any(line in links for line in range(at + 1, below))
        under = lines[below].lstrip() if below < len(lines) else ""
        ends = under.startswith("#") or not under.strip("-*_ ")
        if between and ends and is_contents_title(without_pictures(lines[at]).strip("#*_: ")):
            found.add(at)
    return found


def _links_within(lines: Sequence[str], written: Sequence[int]) -> set[int]:
    """Rows of links into the page, and list items that are one and have another as neighbour; one alone is a remark."""
    items = [at for at in written if _CONTENTS_ITEM.match(lines[at])]
    places = {at: place for place, at in enumerate(written)}
    beside = {at for pair in pairwise(items) if places[pair[1]] == places[pair[0]] + 1 for at in pair}
    return beside | {at for at in written if _CONTENTS_ROW.match(lines[at])}


# --- menus ----------------------------------------------------------------------------------------


def _menus(lines: Sequence[str]) -> set[int]:
    written = [at for at, line in enumerate(lines) if line.strip()]
    edges = written[:_EDGE_LINES] + written[-_EDGE_LINES:]
    return {at for at in edges if _is_menu(lines[at])} | _banner(lines, written)


def _is_menu(line: str) -> bool:
    text = without_pictures(_SIGN.sub("", line)).strip()
    return bool(_MENU.match(text)) or _is_menu_row(line)


def _is_menu_row(line: str) -> bool:
    """Whether a line is a row of short entries, one of which only a menu has."""
    entries = [entry for entry in _ENTRY_GAP.split(line.strip()) if entry]
    short = all(len(entry.split()) <= 6 and not entry.endswith((".", ",", ";", ":")) for entry in entries)
    return len(entries) > 1 and short and any(_MENU_ENTRY.match(entry) for entry in entries)


def _banner(lines: Sequence[str], written: Sequence[int]) -> set[int]:
    """The first block where it holds a menu row and else only a few words, the site's name, over the page's title."""
    block: list[int] = []
    for at in written:
        if block and at != block[-1] + 1:
            break
        block.append(at)
    has_menu = any(_is_menu_row(lines[at]) for at in block)
    short = all(_is_menu_row(lines[at]) or len(lines[at].split()) <= 5 for at in block)
    labelled = any(":" in lines[at] or lines[at].lstrip().startswith(("-", "•", "*")) for at in block)
    following = next((lines[at].strip() for at in written[len(block) :]), "")
    titled = following[:1].isupper() and len(following.split()) <= 10 and not following.endswith((".", ",", ";", ":"))
    return set(block) if has_menu and short and not labelled and titled else set()
