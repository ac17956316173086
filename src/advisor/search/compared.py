"""Which two things a question sets against each other, in its own words. Knows nothing of careers or of answers."""

import re

_UP_TO_A_DASH = r"(?:(?!\s[-–—]\s)[^,;?])+"
_VERSUS = re.compile(
    r"(?:difference between|compare|between)\s+(.+?)\s+(?:and|with|to|from)\s+([^,;?]+)"
    r"|\b(?:is|are|isn'?t|aren'?t)\s+(.+?)\s+(?:really |just |basically )?the same(?: thing)? (?:as|like)\s+([^,;?]+)"
    r"|\b(?:does|do|is|are|will|would)\s+(.+?)\s+or\s+(.+?)\s+(?:takes?|longer|shorter|harder|easier|cheaper|faster)\b"
    rf"|(?:^|[,:]\s*)([^,:]+?)\s+(?:vs\.?(?! ?code)|versus|or|compared (?:to|with))\s+({_UP_TO_A_DASH})",
    re.IGNORECASE,
)
_ASKING = re.compile(r"^(?:(?:what|which|who|how|much|many|where|when|why|is|are|and)\b\s*)+", re.IGNORECASE)


def things_compared(question: str) -> tuple[str, ...]:
    """The two things a comparison names, () where it does not name two."""
    named = _VERSUS.search(question.rstrip("?!. "))
    parts = [_ASKING.sub("", part.strip()) for part in named.groups() if part] if named else []
    return tuple(parts) if all(parts) else ()
