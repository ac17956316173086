"""What somebody earns: whether a question asks for an amount of it, and whether a passage states one.

Patterns only; knows nothing of search or of what is decided from it.
"""

import re
from collections.abc import Sequence

from advisor.records import Passage

PAY = "pay"  # what is missing where an amount of it is asked for and none is stated

_AMOUNT_OF_PAY = (
    r"\bhow much (?:money )?(?:do|does|can|could|will|would|is|are)\b.*\b(?:earn|make|paid)\b"
    r"|\bwhat (?:do|does|can|could|would|will) .{2,50}\b(?:earn|get paid)\b"
    r"|\b(?:which|what|who)\b.{2,50}\b(?:pays?|earns?)(?: the)? (?:most|best|more|better|least)\b"
    r"|\b(?:best|highest|better|worst|lowest)[- ]pa(?:id|ying)\b"
    r"|\b(?:earns?|paid|pays?) (?:more|less|better|worse) (?:money )?(?:than|as)\b"
    r"|\b(?:what(?:'?s| is| are)|how (?:high|big) (?:is|are)) (?:the |an? )?(?:\w+ ){0,2}(?:salar(?:y|ies)|wages?)\b"
)
_ASKS_AMOUNT = re.compile(_AMOUNT_OF_PAY, re.IGNORECASE)
_ASKS_PAY = re.compile(
    rf"{_AMOUNT_OF_PAY}|\bwhat (?:do|does|can|could|would|will) .{{2,50}}\bmake\b"
    r"|\b(?:salar(?:y|ies)|wages?|paycheck|remuneration)\b",
    re.IGNORECASE,
)
_HEADING = re.compile(
    r"\bpay (?:figures?|levels?|scales?|ranges?|rates?)\b|\b(?:salar(?:y|ies)|wages?|earnings)\b", re.IGNORECASE
)
_LOOKS_UP = re.compile(r"\b(?:find|look|where|source|sites?|negotiat\w*|trust|compare)\b", re.IGNORECASE)

_SYMBOL = "[$€£₹¥₩₽₺₦₱₫₪₴฿]"
_CODE = r"(?:USD|EUR|GBP|INR|BRL|CAD|AUD|CHF|JPY|CNY|SEK|NOK|DKK|PLN|ZAR|NGN|KES|PHP|SGD|AED|Rs)\b"
_UNIT = rf"(?:k\b|LPA\b|lakhs?\b|crores?\b|{_CODE}|dollars|euros|pounds|rupees)"
_MONEY = rf"(?:(?:{_SYMBOL}|\b{_CODE}\.?)\s?\d|\d[\d,.]*\s?{_UNIT})"
_PAY = r"\b(?:salar(?:y|ies)|wages?|earn(?:s|ed|ing|ings)?|incomes?|(?:median|average|starting|annual) pay|pays? of)\b"
_STATED = re.compile(rf"{_PAY}[^.\n]{{0,80}}{_MONEY}|{_MONEY}[^.\n]{{0,80}}{_PAY}", re.IGNORECASE)
_LISTED = re.compile(  # "**Salary expectations (US):**", and amounts in the list below
    rf"^[^\n.]{{0,60}}{_PAY}[^\n.]{{0,100}}:[*_ \t]*\n(?:\s*(?:[-*+]|\d+[.)])[ \t][^\n]*\n?){{0,12}}?"
    rf"\s*(?:[-*+]|\d+[.)])[ \t][^\n]*{_MONEY}",
    re.IGNORECASE | re.MULTILINE,
)
_OF_PAY, _OF_MONEY = re.compile(_PAY, re.IGNORECASE), re.compile(_MONEY, re.IGNORECASE)


def asks_amount_of_pay(question: str) -> bool:
    """Whether nothing but an amount would answer the question."""
    return bool(_ASKS_AMOUNT.search(question))


def asks_pay(question: str) -> bool:
    """Whether the question asks what somebody earns, and not where to look it up."""
    return bool(_ASKS_PAY.search(question)) and not _LOOKS_UP.search(question)


def is_about_pay(heading: str) -> bool:
    """Whether a section tells of pay, such as where to look it up."""
    return bool(_HEADING.search(heading))


def missing_pay(question: str, passages: Sequence[Passage]) -> tuple[str, ...]:
    """PAY where the question asks what somebody earns and none of these passages states it."""
    return (PAY,) if asks_pay(question) and not any(_states_pay(passage) for passage in passages) else ()


def _states_pay(passage: Passage) -> bool:
    """Whether a passage says it in one line, in a column of a table, or in lines under a heading or label about pay."""
    heading = f"{passage.title} {passage.context}"
    columns = " ".join(line for line in passage.text.splitlines() if line.lstrip().startswith("|"))
    under = bool(_OF_PAY.search(f"{heading} {columns}") and _OF_MONEY.search(passage.text))
    return under or bool(_STATED.search(f"{heading} {passage.text}") or _LISTED.search(passage.text))
