"""Bytes to characters: the encoding of a text file, and mojibake (text decoded with the wrong code page).

Knows nothing of Markdown. Line breaks survive every function here but the one that normalises them.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from advisor.errors import DocumentError

_CODE_PAGES = ("cp1252", "cp1253", "cp1254", "cp1251", "cp1250")
_MOST_CONTROL_SHARE = 0.02  # more control characters than this and the bytes are no text
_NONCHARACTERS = re.compile("[\ufdd0-\ufdef\ufffe\uffff]")
# What mojibake of three or four bytes may stand for: punctuation, arrows, signs, pictographs. Letters are left out
# on purpose, so that genuine Greek, Russian or Turkish is never taken for a damaged sign.
_SIGNS = re.compile(
    "[\u200b-\u200d\u2010-\u2027\u2030-\u203a\u20ac\u20e3\u2122\u2190-\u23ff\u2500-\u27bf\u2b00-\u2bff\ufe0f\U0001f000-\U0001faff]"
)
# The closing quote's last byte, 0x9D, is undefined in most code pages and often dropped on the way.
_CLOSING_QUOTE = re.compile(r"(?:[âβ]€|вЂ)(?=[\s.,;:!?)\]*_]|$)")


@dataclass(frozen=True, slots=True)
class Decoded:
    """The characters of a file, and what had to be assumed to get them."""

    text: str
    repairs: tuple[str, ...] = ()


def decode(raw: bytes, *, key: str) -> Decoded:
    """The text of a file: UTF-8 (with or without byte order mark), UTF-16 with one, else Windows-1252.

    Raises DocumentError where the bytes are no text.
    """
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Decoded(raw.decode("utf-16", "replace"), ("read as UTF-16",))
    _refuse_binary(raw, key)
    try:
        return Decoded(raw.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return _decode_damaged(raw)


def _refuse_binary(raw: bytes, key: str) -> None:
    controls = len(raw) - len(raw.translate(None, bytes(b for b in range(32) if b not in b"\t\n\x0b\x0c\r\x1b")))
    if b"\0" in raw or controls > _MOST_CONTROL_SHARE * len(raw):
        raise DocumentError(f"{key!r} is not text but binary data; save it as UTF-8 text or move it out of the corpus.")


def _decode_damaged(raw: bytes) -> Decoded:
    """Mostly valid UTF-8 keeps its good part; anything else is taken for Windows-1252."""
    paired = raw.decode("utf-8-sig", "surrogatepass") if _only_surrogates_are_wrong(raw) else ""
    if paired:
        text = paired.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        return Decoded(text, ("surrogates in the UTF-8 mended",))
    text = raw.decode("utf-8-sig", "replace")
    bad = text.count("\N{REPLACEMENT CHARACTER}")
    if sum(not character.isascii() for character in text) > 2 * bad:
        return Decoded(text, (f"{bad} characters that are not UTF-8 replaced",))
    return Decoded(raw.decode("cp1252", "replace"), ("read as Windows-1252, it is not UTF-8",))


def _only_surrogates_are_wrong(raw: bytes) -> bool:
    try:
        raw.decode("utf-8-sig", "surrogatepass")
    except UnicodeDecodeError:
        return False
    return True


def normalise_newlines(text: str) -> str:
    """Every line break as one line feed; other vertical whitespace as a space, so that no line is added or lost."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return re.sub("[\x0b\x0c\x85\u2028\u2029]", " ", text)


def without_noncharacters(text: str) -> str:
    """The text without code points that Unicode reserves for a program's own use; this package uses some as marks."""
    return _NONCHARACTERS.sub("", text)


def repair_mojibake(text: str) -> str:
    """The text as it was before a wrong code page was applied, line by line; correct text comes back unchanged."""
    return "\n".join(line if line.isascii() else _repair_line(line) for line in text.split("\n"))


def _repair_line(line: str) -> str:
    """What lost a byte comes first: the library would complete it with the space after it."""
    for name in _CODE_PAGES:
        line = _mend_all(line, _code_page(name).pictographs, _code_page(name))
    line = _CLOSING_QUOTE.sub("”", line)
    line = _fix_with_ftfy(line)
    for name in _CODE_PAGES:
        line = _mend_all(line, _code_page(name).signs, _code_page(name))
    return line


def _fix_with_ftfy(line: str) -> str:
    from ftfy import TextFixerConfig, fix_text

    config = TextFixerConfig(
        unescape_html=False,
        remove_terminal_escapes=False,
        fix_latin_ligatures=False,
        fix_character_width=False,
        uncurl_quotes=False,
        fix_line_breaks=False,
        remove_control_chars=False,
        normalization=None,
    )
    return fix_text(line, config)


@dataclass(frozen=True, slots=True)
class _CodePage:
    """A single-byte code page as programs really apply it: gaps filled from Windows-1252 or passed through."""

    byte_of: dict[str, int]
    gaps: bytes  # bytes the page leaves undefined; some programs drop them
    pictographs: re.Pattern[str]  # the first byte of four-byte UTF-8, then bytes that may follow
    signs: re.Pattern[str]  # the same for the three-byte UTF-8 of punctuation, arrows and other signs


@lru_cache(maxsize=len(_CODE_PAGES))
def _code_page(name: str) -> _CodePage:
    byte_of: dict[str, int] = {}
    gaps = []
    for page in (name, "cp1252", "latin-1"):
        for byte in range(0x80, 0x100):
            character = bytes([byte]).decode(page, "ignore")
            if character:
                byte_of.setdefault(character, byte)
            elif page == name and byte not in gaps:
                gaps.append(byte)
    pictographs, signs = _damaged(byte_of, b"\xf0", 3), _damaged(byte_of, b"\xe2\xef", 2)
    return _CodePage(byte_of, bytes(gaps), pictographs, signs)


def _damaged(byte_of: dict[str, int], first: bytes, most: int) -> re.Pattern[str]:
    leads = "".join(character for character, byte in byte_of.items() if byte in first)
    rest = "".join(character for character, byte in byte_of.items() if 0x80 <= byte < 0xC0)
    return re.compile(f"[{re.escape(leads)}][{re.escape(rest)}]{{1,{most}}}")


def _mend_all(line: str, damaged: re.Pattern[str], page: _CodePage) -> str:
    return damaged.sub(lambda match: _mend(match, page), line)


def _mend(match: re.Match[str], page: _CodePage) -> str:
    raw = bytes(page.byte_of[character] for character in match.group())
    length = 4 if raw[0] == 0xF0 else 3
    sign = _sign(raw[:length])
    if sign:
        return sign + match.group()[length:]
    sign = _sign_with_lost_byte(raw[: length - 1], page.gaps) if _stands_free(match, raw) else ""
    return sign + match.group()[length - 1 :] if sign else match.group()


def _stands_free(match: re.Match[str], raw: bytes) -> bool:
    """Whether no letter touches the stretch: guessing a lost byte inside a word would do harm."""
    if raw[0] == 0xEF:
        return raw[:2] == b"\xef\xb8"  # a variation selector always follows another sign
    before = match.string[match.start() - 1 : match.start()]
    after = match.string[match.end() : match.end() + 1]
    return not before.isalpha() and not (len(raw) < 3 and after.isalpha())


def _sign(raw: bytes) -> str:
    """The one sign these bytes spell in UTF-8, or ""."""
    text = raw.decode("utf-8", "ignore")
    return text if len(text) == 1 and len(text.encode()) == len(raw) and _SIGNS.fullmatch(text) else ""


def _sign_with_lost_byte(raw: bytes, gaps: bytes) -> str:
    """The first assigned sign that these bytes spell once bytes from the page's gaps are put back, or "".

    Several pictographs may fit; they are decoration and are removed later, so any of them will do.
    """
    lost = product(gaps, gaps) if raw == b"\xf0\x9f" else ((gap,) for gap in gaps)
    for at, back in product(range(len(raw), 1, -1), list(lost)):
        sign = _sign(raw[:at] + bytes(back) + raw[at:])
        if sign and unicodedata.category(sign) != "Cn":
            return sign
    return ""
