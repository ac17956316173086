"""HTML pages to Markdown: the article without the page around it. The door of selectolax.

Knows nothing of HTML that sits inside Markdown (`markup` does) nor of cleaning.
"""

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from advisor.corpus.decoding import decode
from advisor.corpus.manuscript import Manuscript
from advisor.corpus.markup import markdown_link, term_words
from advisor.corpus.navigation import is_contents_title

_DROPPED = (
    "nav, footer, script, style, aside, form, noscript, template, iframe, button, select, svg, dialog, [hidden], "
    "[aria-hidden=true], [role=navigation], [role=dialog], .ad, .ads, .advert, "
    ".advertisement, [style*='display:none'], [style*='display: none']"
)
_BLOCKS = frozenset(
    """address article blockquote body center dd details div dl dt fieldset figcaption figure h1 h2 h3 h4 h5 h6 header
    hr html li main ol p pre section summary table ul""".split()
)
_DEEPEST = 150  # elements inside elements; what lies deeper is taken as plain text
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]{2,30})", re.IGNORECASE)
_LIKE_MARKDOWN = re.compile(r"^(?=#{1,6}\s|>|[-+*]\s|(?:-{3,}|={3,})\s*$)")


def read_webpage(raw: bytes, *, key: str) -> Manuscript:
    """The page's main part as Markdown, its title and canonical address; raises DocumentError where it is no text."""
    tree = LexborHTMLParser(_characters(raw, key))
    title, url = _title(tree), _canonical(tree)
    for node in tree.css(_DROPPED):
        node.decompose()
    _drop_contents(tree)
    root = _main_part(tree)
    blocks = _blocks(root, 0) if root else []
    return Manuscript("\n\n".join(blocks), title, url)


def _characters(raw: bytes, key: str) -> str:
    named = _CHARSET.search(raw[:2048])
    if named and named.group(1).lower() in (b"iso-8859-1", b"windows-1252", b"latin1"):
        raw = raw.decode("cp1252", "replace").encode()
    return decode(raw, key=key).text


def _title(tree: LexborHTMLParser) -> str:
    """The <title>, or the first h1 where that is the same without the site's name, or where there is no title."""
    named, heading = tree.css_first("title"), tree.css_first("h1")
    title = " ".join(named.text().split()) if named else ""
    first = " ".join(heading.text().split()) if heading else ""
    return first if first and (first.casefold() in title.casefold() or not title) else title


def _canonical(tree: LexborHTMLParser) -> str | None:
    link = tree.css_first("link[rel=canonical]")
    return link.attributes.get("href") if link else None


def _drop_contents(tree: LexborHTMLParser) -> None:
    """Remove the lists whose items are nothing but links into the page, and the title right over them."""
    for node in reversed(tree.css("ul, ol")):  # inner lists first: a removed node is not looked at again
        items = node.css("li")
        if len(items) < 2 or not all(_only_links_within(item) for item in items):
            continue
        above = node.prev
        while above is not None and above.tag == "-text" and not above.text(strip=True):
            above = above.prev
        if above is not None and above.tag != "-text" and is_contents_title(above.text()):
            above.decompose()
        node.decompose()


def _only_links_within(item: LexborNode) -> bool:
    links = item.css("a")
    within = all((link.attributes.get("href") or "").startswith("#") for link in links)
    linked = "".join("".join(link.text() for link in links).split())
    return bool(links) and within and linked == "".join(item.text().split())


def _main_part(tree: LexborHTMLParser) -> LexborNode | None:
    for selector in ("main, [role=main]", "article"):
        found = [node for node in tree.css(selector) if node.text(strip=True)]
        if len(found) == 1:
            return found[0]
    for node in tree.css("header"):
        node.decompose()
    return tree.body


# --- blocks ---------------------------------------------------------------------------------------


def _children(node: LexborNode) -> Iterator[LexborNode]:
    yield from node.iter(include_text=True)


def _blocks(node: LexborNode, depth: int) -> list[str]:
    """The Markdown blocks of a container; text between its blocks becomes paragraphs."""
    if depth > _DEEPEST:
        return [text] if (text := _escape(" ".join(node.text(separator=" ").split()))) else []
    blocks: list[str] = []
    loose = ""
    for child in _children(node):
        if child.tag in _BLOCKS or _wraps_blocks(child):
            blocks += _paragraph(loose)
            loose = ""
            blocks += _block(child, depth + 1)
        else:
            loose += _inline(child, depth + 1)
    return blocks + _paragraph(loose)


def _wraps_blocks(node: LexborNode) -> bool:
    """Whether an element of no block kind (a span, an element of the page's own) holds blocks."""
    return node.tag not in ("-text", "-comment", "a") and node.css_first("p, div, ul, ol, table, h2, h3") is not None


def _paragraph(text: str) -> list[str]:
    lines = [" ".join(line.split()) for line in text.split("\n")]
    words = "\n".join(line for line in lines if line)
    return [_LIKE_MARKDOWN.sub(r"\\", words)] if words else []


def _block(node: LexborNode, depth: int) -> list[str]:
    tag = node.tag or ""
    if re.fullmatch("h[1-6]", tag):
        words = " ".join(_inline_children(node, depth).split())
        return [f"{'#' * int(tag[1])} {words}"] if words else []
    if tag in ("ul", "ol"):
        return ["\n".join(lines)] if (lines := _list(node, depth)) else []
    if tag == "table":
        return _table(node, depth)
    if tag == "dl":
        return ["\n".join(lines)] if (lines := _definitions(node, depth)) else []
    if tag == "details":
        folded = _blocks(node, depth)
        return ["<details>", *folded, "</details>"] if folded else []  # cleaning tells whether it is a section
    if tag == "summary":
        return _summary(node, depth)
    if tag == "pre":
        return [f"```\n{node.text().strip(chr(10))}\n```"]
    if tag == "blockquote":
        inner = "\n\n".join(_blocks(node, depth))
        return ["\n".join(f"> {line}".rstrip() for line in inner.split("\n"))] if inner else []
    return ["---"] if tag == "hr" else _blocks(node, depth)


def _list(node: LexborNode, depth: int) -> list[str]:
    """The list's lines, nested lists indented to where their item's words begin."""
    lines: list[str] = []
    number = 0
    for item in _children(node):
        if item.tag in ("ul", "ol") and depth < _DEEPEST:  # a list right inside a list: common, though not valid
            lines += ["  " + line for line in _list(item, depth + 1)]
            continue
        blocks = _blocks(item, depth + 1) if item.tag != "-text" else _paragraph(_inline(item, depth))
        if blocks:
            number += 1
            sign = f"{number}. " if node.tag == "ol" else "- "
            first, *rest = _item_text(blocks).split("\n")
            lines += [sign + first, *(" " * len(sign) + line if line else "" for line in rest)]
    return lines


def _definitions(node: LexborNode, depth: int) -> list[str]:
    """The list's terms in bold, each an item with all that is said of it; terms of one meaning stand together."""
    lines: list[str] = []
    terms: list[str] = []
    meanings: list[str] = []
    if depth > _DEEPEST:
        return _blocks(node, depth)
    for part in _terms_and_meanings(node):
        if part.tag == "dt" and meanings:
            lines += _definition(terms, meanings)
            terms, meanings = [], []
        if part.tag == "dt":
            terms += [words] if (words := term_words(_inline_children(part, depth))) else []
        elif part.tag == "dd":
            meanings += _blocks(part, depth + 1)
        else:  # not valid, but its words count
            meanings += _block(part, depth + 1) if part.tag in _BLOCKS else _paragraph(_inline(part, depth))
    return lines + _definition(terms, meanings)


def _terms_and_meanings(node: LexborNode) -> Iterator[LexborNode]:
    for child in _children(node):
        if child.tag == "div":  # the one element that may group them
            yield from _children(child)
        else:
            yield child


def _definition(terms: list[str], meanings: list[str]) -> list[str]:
    term = " / ".join(f"**{words}**" for words in terms)
    if term and meanings and not term.endswith(("?**", "!**")):
        term += ":"
    plain = []
    while meanings and not re.match(r"(?:[-|>]|\d+\.|```)", meanings[0]):
        plain.append(meanings[0])
        meanings = meanings[1:]
    said = " ".join(
        words if at == len(plain) or words.endswith((".", "!", "?", ";", ",", ":")) else f"{words};"
        for at, words in enumerate(plain, 1)
    )
    blocks = [" ".join(filter(None, (term, said))), *meanings]
    first, *rest = _item_text([block for block in blocks if block]).split("\n") if any(blocks) else [""]
    return [f"- {first}", *("  " + line if line else "" for line in rest)] if first else []


def _summary(node: LexborNode, depth: int) -> list[str]:
    """What a folded part says of itself; a heading inside stays one."""
    if node.css_first("h1, h2, h3, h4, h5, h6"):
        return _blocks(node, depth)
    words = " ".join(_inline_children(node, depth).split())
    return [f"<summary>{words}</summary>"] if words else []


def _item_text(blocks: list[str]) -> str:
    """The blocks of one item: a nested list follows at once, a paragraph after a blank line."""
    joined = "".join(("\n" if re.match(r"(?:-|\d+\.) ", block) else "\n\n") + block for block in blocks)
    return joined.strip("\n")


def _table(node: LexborNode, depth: int) -> list[str]:
    rows = [
        [" ".join(_inline_children(cell, depth).split()).replace("|", "\\|") for cell in row.css("th, td")]
        for row in node.css("tr")
    ]
    rows = [row for row in rows if any(row)]
    if not rows:
        return []
    width = max(map(len, rows))
    caption = node.css_first("caption")
    named = _paragraph(_inline_children(caption, depth)) if caption else []
    lines = ["| " + " | ".join(row + [""] * (width - len(row))) + " |" for row in rows]
    return [*named, "\n".join([lines[0], "|" + " --- |" * width, *lines[1:]])]


# --- words ----------------------------------------------------------------------------------------


def _escape(text: str) -> str:
    """Text that cannot be taken for a tag later: the reader of Markdown leaves `&lt;` before a letter alone."""
    return re.sub(r"<(?=[A-Za-z/!?])", "&lt;", text)


def _inline_children(node: LexborNode, depth: int) -> str:
    return "".join(_inline(child, depth + 1) for child in _children(node))


def _inline(node: LexborNode, depth: int) -> str:
    tag = node.tag or ""
    if tag == "-text":
        return re.sub(r"\s+", " ", _escape(node.text(deep=False)))
    if tag.startswith("-") or tag.startswith("_"):
        return ""
    if tag == "br":
        return "\n"
    if tag == "code":
        return f"`{' '.join(node.text().split())}`" if node.text(strip=True) else ""
    words = _escape(node.text()) if depth > _DEEPEST else _inline_children(node, depth)
    return _marked(tag, words, node.attributes.get("href") or "") + (" " if tag in _BLOCKS else "")


def _marked(tag: str, words: str, address: str) -> str:
    """The words with their Markdown signs, blanks kept outside them."""
    bare = " ".join(words.split())
    if not bare or tag not in ("a", "b", "strong", "i", "em", "cite"):
        return words
    mark = {"b": "**", "strong": "**", "i": "*", "em": "*", "cite": "*"}.get(tag, "")
    written = f"{mark}{bare}{mark}" if mark else markdown_link(bare, address if _is_worth_keeping(address) else "")
    return words[: len(words) - len(words.lstrip())] + written + words[len(words.rstrip()) :]


def _is_worth_keeping(address: str) -> bool:
    """Links into the page itself or to other pages of the same site lead nowhere once the page stands alone."""
    return address.startswith(("http://", "https://", "mailto:"))
