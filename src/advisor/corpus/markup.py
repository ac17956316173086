"""HTML inside Markdown, turned into Markdown in place: links, emphasis, code, headings; other tags go.

Works on text outside fenced code and keeps the number of lines. Knows nothing of whole web pages (`webpage` does).
"""

import html
import re
from collections.abc import Callable

_HTML = frozenset(
    """a abbr address article aside audio b big blockquote body br button canvas caption center cite code col colgroup
    dd del details dfn div dl dt em embed fieldset figcaption figure font footer form g h1 h2 h3 h4 h5 h6 head header hr
    html i iframe img input ins kbd label legend li link main mark meta nav noscript object ol optgroup option p path
    picture pre q s samp script section select slot small source span strike strong style sub summary sup svg table
    tbody td template textarea tfoot th thead time title tr track tt u ul var video wbr""".split()
)
_BLOCKS = frozenset(
    """address article aside blockquote body br center dd details div dl dt figcaption figure footer form h1 h2 h3 h4 h5
    h6 header hr html li main nav ol p pre section summary table tbody tfoot thead tr ul""".split()
)
_UNSAFE_SCHEME = re.compile(r"\s*(?:javascript|data|vbscript|file)\s*:", re.IGNORECASE)
_TAG = re.compile(r"<(/?)([A-Za-z][\w.:-]{0,60})((?:\s[^<>]{0,2000}|/)?)>")
_SPAN = re.compile(r"(?<![`\\])(`{1,4})(?!`)((?:(?!\n[ \t]*\n).){1,500}?)(?<!`)\1(?!`)", re.DOTALL)
_INNER = r"((?:(?!</?{0}\b|\n[ \t]*\n).){{0,2000}}?)"
_ANCHOR = re.compile(r"<a(\s[^<>]{0,2000})?>" + _INNER.format("a") + r"</a\s*>", re.DOTALL | re.IGNORECASE)
_PAIR = re.compile(
    r"<(b|strong|i|em|code|tt|h[1-6])(?:\s[^<>]{0,2000})?>((?:(?!\n[ \t]*\n|<\1\b).){0,2000}?)</\1\s*>",
    re.DOTALL | re.IGNORECASE,
)
_SUMMARY = re.compile(
    r"<summary(?:\s[^<>]{0,2000})?>" + _INNER.format("summary") + r"</summary\s*>", re.DOTALL | re.IGNORECASE
)
_DEFINITIONS = re.compile(
    r"<dl(?:\s[^<>]{0,2000})?>(?:(?!</?dl\b).){0,50000}?</dl\s*>",
    re.DOTALL | re.IGNORECASE,
)
_DEFINITION = re.compile(
    r"<(?P<tag>dt|dd)(?:\s[^<>]{0,2000})?>(?P<inner>(?:(?!</?(?:dt|dd|dl)\b).)*)(?:</(?P=tag)\s*>)?",
    re.DOTALL | re.IGNORECASE,
)
_IMAGE = r"!\[[^\[\]\n]{0,200}\]\([^()\s]{0,500}?(?:shields\.io|badge|awesome\.re|travis-ci)[^()\n]{0,500}\)"
_BADGE = re.compile(rf"[ \t]*(?:\[[ \t]*{_IMAGE}[ \t]*\]\([^)\n]{{0,1000}}\)|{_IMAGE})", re.IGNORECASE)
_BARE_SIGN = re.compile(r"^\s*(?:>\s*)*(?:[-*+|]|\d{1,9}[.)])?\s*$")
_HREF = re.compile(r"""\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+))""", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});(?P<next>.?)", re.DOTALL)
_HIDDEN_PARTS = (
    (re.compile("<!--"), re.compile("-->")),
    (re.compile(r"<script\b", re.IGNORECASE), re.compile(r"</script\s*>", re.IGNORECASE)),
    (re.compile(r"<style\b", re.IGNORECASE), re.compile(r"</style\s*>", re.IGNORECASE)),
)
_OPEN, _CLOSE = "\ufdd0", "\ufdd1"  # noncharacters: decoding removes them from every input
_KEPT = re.compile(f"{_OPEN}(\\d+){_CLOSE}")


def html_to_markdown(text: str) -> str:
    """The text with its HTML as Markdown, same number of lines; code spans are left as they are."""
    if "<" not in text:
        return _restore_lines(text, unescape_entities(text)) if "&" in text else text
    kept: list[str] = []

    def keep(code: str) -> str:
        kept.append(code)
        return f"{_OPEN}{len(kept) - 1}{_CLOSE}"

    shielded = _shield(text, keep)
    for opening, closing in _HIDDEN_PARTS:
        shielded = _cut(shielded, opening, closing)
    shielded = _PAIR.sub(lambda match: _pair(match, keep), shielded)
    shielded = _SUMMARY.sub(_summary, _ANCHOR.sub(_anchor, shielded))
    shielded = _DEFINITIONS.sub(lambda match: _definition_list(match.group()), shielded)
    shielded = _drop_tags(_PAIR.sub(lambda match: _pair(match, keep), shielded))
    shielded = unescape_entities(shielded).replace("<!--", "")
    return _restore_lines(text, _KEPT.sub(lambda match: kept[int(match.group(1))], shielded))


def without_badges(text: str) -> str:
    """The text without the small status pictures that projects show; a line that held nothing else is empty."""
    if "![" not in text:
        return text
    kept: list[str] = []

    def keep(code: str) -> str:
        kept.append(code)
        return f"{_OPEN}{len(kept) - 1}{_CLOSE}"

    lines = [_without_badges(line) for line in _shield(text, keep).split("\n")]
    return _KEPT.sub(lambda match: kept[int(match.group(1))], "\n".join(lines))


def _without_badges(line: str) -> str:
    bare = _BADGE.sub("", line)
    return line if bare == line else "" if _BARE_SIGN.match(bare) else bare.rstrip()


_TASK = re.compile(r"^(?P<sign>\s*(?:>\s*)*(?:[-*+]|\d{1,9}[.)])[ \t]+)\[[ xX]\][ \t]+(?=\S)", re.MULTILINE)
_ATTRIBUTES = re.compile(
    r"^(?P<heading> {0,3}#{1,6}[ \t].*?\S)[ \t]*\{:?[ \t]*[#.][^{}\n]{0,200}\}[ \t]*#*[ \t]*$", re.MULTILINE
)


# What MkDocs writes behind the name of an icon and behind a link
_ICON = re.compile(r":(?:material|octicons|fontawesome|simple)-[\w-]+:[ \t]*(?:\{[^{}\n]{0,100}\}[ \t]*)?")
_LINK_ATTRIBUTES = re.compile(r"(?<=\))\{:?[ \t]*(?:[.#]|[a-z]+=)[^{}\n]{0,100}\}")


def without_task_marks(text: str) -> str:
    """The text without boxes of task lists, icons by name, and attributes: "- [ ] SQL", ":material-road:", "{#sql}"."""
    bare = _LINK_ATTRIBUTES.sub("", _ICON.sub("", text))
    return _ATTRIBUTES.sub(r"\g<heading>", _TASK.sub(r"\g<sign>", bare))


def _shield(text: str, keep: Callable[[str], str]) -> str:
    """The text with its code spans put away; one over several lines is left, for the lines' sake."""
    return _SPAN.sub(lambda match: match.group() if "\n" in match.group() else keep(match.group()), text)


def unescape_entities(text: str) -> str:
    """Character references as characters; a `&lt;` that would begin a tag stays, so that it is never taken for one."""
    return _ENTITY.sub(_entity, text)


def _entity(match: re.Match[str]) -> str:
    following = match.group("next")
    character = html.unescape(match.group()[: len(match.group()) - len(following)])
    if character == "<" and (following.isalpha() or following in ("/", "!", "?")):
        return "&lt;" + following
    return ("".join(character.split()) if character.strip() else " ") + following


def _newlines(text: str) -> str:
    return "\n" * text.count("\n")


def _cut(text: str, opening: re.Pattern[str], closing: re.Pattern[str]) -> str:
    """The text without the stretches between an opening and the next closing; one scan, whatever the input."""
    pieces, at = [], 0
    while (start := opening.search(text, at)) and (end := closing.search(text, start.end())):
        pieces += [text[at : start.start()], _newlines(text[start.start() : end.end()])]
        at = end.end()
    return "".join([*pieces, text[at:]])


def _anchor(match: re.Match[str]) -> str:
    words = " ".join(_TAG.sub("", match.group(2)).split())
    address = _HREF.search(match.group(1) or "")
    lines = _newlines(match.group())
    if not words or not address:
        return lines + words
    return lines + markdown_link(words, unescape_entities(next(filter(None, address.groups()), "")))


def markdown_link(words: str, address: str) -> str:
    """`[words](address)`; the words alone where the address is empty or could run code."""
    address = "".join(address.split("\n")).strip()
    if not address or _UNSAFE_SCHEME.match(address):
        return words
    for character in " ()<>":
        address = address.replace(character, f"%{ord(character):02X}")
    return f"[{words}]({address})" if "]" not in words else f"[{words.replace('[', '(').replace(']', ')')}]({address})"


def _summary(match: re.Match[str]) -> str:
    """What a folded part says of itself, as a bold line over its content."""
    inner = match.group(1)
    words = " ".join(_TAG.sub("", inner).replace("**", "").split())
    if not words or _CLOSE in inner.lstrip()[:1]:  # a heading inside stays one
        return inner
    return f"{_newlines(match.group())}**{words}**"


def _definition_list(text: str) -> str:
    """`<dt>` and `<dd>` as list items: the term in bold, a colon, what it means."""
    found = list(_DEFINITION.finditer(text))
    tags = ["", *(match["tag"].lower() for match in found), ""]
    pieces, at = [], 0
    for number, match in enumerate(found, 1):
        written = _term if tags[number] == "dt" else _meaning
        pieces += [text[at : match.start()], written(match, tags[number - 1], tags[number + 1])]
        at = match.end()
    return "".join([*pieces, text[at:]])


def _term(match: re.Match[str], before: str, after: str) -> str:
    words = term_words(_TAG.sub("", match["inner"]))
    sign = f"{_OPEN}  / " if before == "dt" else f"{_OPEN}- "
    colon = ":" if after == "dd" and not words.endswith(("?", "!")) else ""
    return _newlines(match.group()) + (f"{sign}**{words}**{colon}" if words else "")


def term_words(text: str) -> str:
    """A term on one line without emphasis and without the colon at its end."""
    return " ".join(text.replace("**", "").split()).rstrip(": ")


def _meaning(match: re.Match[str], before: str, after: str) -> str:
    inner = match["inner"]
    words = inner.strip()
    if not words:
        return inner
    joint = ";" if after == "dd" and not words.endswith((".", "!", "?", ";", ",")) else ""
    lead = _newlines(inner[: len(inner) - len(inner.lstrip())])
    trail = _newlines(match.group()[match.group().index(words) + len(words) :])
    return f"{lead}{_OPEN}{'  ' if before else '- '}{words}{joint}{trail}"


def _pair(match: re.Match[str], keep: Callable[[str], str]) -> str:
    tag, inner = match.group(1).lower(), match.group(2)
    before = _newlines(match.group()[: match.start(2) - match.start()])
    words = inner.strip()
    if not words:
        return before + inner
    if tag in ("code", "tt"):
        code = html.unescape(_TAG.sub("", words)) if "\n" not in words else ""
        return before + (keep(f"`{code}`" if "`" not in code else f"`` {code} ``") if code else inner)
    if tag.startswith("h"):
        return before + f"{_CLOSE}{int(tag[1])}{_CLOSE}" + _newlines(words) + " ".join(words.split())
    mark = "**" if tag in ("b", "strong") else "*"
    return before + inner.replace(words, f"{mark}{words}{mark}", 1)


def _drop_tags(text: str) -> str:
    """No tags left; list items and table cells as their Markdown signs, a space where a block ended inside a line."""
    closed = {match.group(2).lower() for match in _TAG.finditer(text) if match.group(1)}
    depth = 0

    def replace(match: re.Match[str]) -> str:
        nonlocal depth
        name, lines = match.group(2).lower(), _newlines(match.group())
        if not _is_tag(match, closed):
            return match.group()
        if name in ("ul", "ol"):
            depth = max(0, depth - 1) if match.group(1) else depth + 1
        if name == "li" and not match.group(1):
            return f"{lines}{_OPEN}{'  ' * max(0, depth - 1)}- "
        if name in ("td", "th"):
            return lines + (" " if match.group(1) else "| ")
        return lines + (" " if name in _BLOCKS else "")

    return _TAG.sub(replace, text)


def _is_tag(match: re.Match[str], closed: set[str]) -> bool:
    """Whether this is a tag and not `List<String>` or `<your name>`: a known name, a pair, or attributes."""
    name, attributes = match.group(2).lower(), match.group(3)
    return name in _HTML or name in closed or "=" in attributes or attributes.rstrip().endswith("/")


def _restore_lines(before: str, after: str) -> str:
    """Changed lines without the blanks and marks that the conversion left; unchanged lines as they were."""
    pairs = zip(before.split("\n"), after.split("\n"), strict=True)
    return "\n".join(old if old == new else _tidy(old, new) for old, new in pairs)


def _tidy(old: str, new: str) -> str:
    heading = re.match(f"\\s*{_CLOSE}([1-6]){_CLOSE}", new)
    if heading:
        new = "#" * int(heading.group(1)) + " " + new[heading.end() :]
    item = re.match(f"\\s*{_OPEN}( *- |  )", new)
    if item:
        new = item.group(1) + new[item.end() :].lstrip()
    elif re.match(r"\s*</?(?!br\b)[A-Za-z]", old):
        new = new.lstrip() if (first := _TAG.match(old.lstrip())) and first.group(2).lower() in _BLOCKS else new
    new = re.sub(f"{_CLOSE}[1-6]{_CLOSE}|{_OPEN}(?: *-)?", " ", new)
    indent = new[: len(new) - len(new.lstrip())]
    return (indent + re.sub(r"[ \t]{2,}", " ", new.lstrip())).rstrip()
