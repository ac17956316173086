"""What items cost and which of them a purse allows: the free path, and the cheapest items within a budget.

Unknown never counts as free. A rate per month is reckoned at the learner's own pace. Knows nothing of order or dates.
"""

import math
import re
from collections.abc import Mapping, Sequence

from advisor.career.planned import MINUTES_PER_HOUR, Money, Price
from advisor.corpus.items import Item
from advisor.corpus.measures import WEEKS_PER_MONTH, Cost, CostKind, Unit
from advisor.errors import UsageError

_WEEKS_PER = {Unit.WEEK: 1.0, Unit.MONTH: WEEKS_PER_MONTH, Unit.YEAR: 52.0}
# "free (API use is billed)": free by its label, and yet it costs.
_CAVEAT = re.compile(r"\b(?:billed|bill|charged?|charges|fee|fees|trial|extra|afterwards)\b|\bthen\b", re.IGNORECASE)
_BUDGET = re.compile(r"(?P<before>[A-Za-z]{3}|[$€£₹])?\s*(?P<amount>\d[\d,]*(?:\.\d+)?)\s*(?P<after>[A-Za-z]{3})?")
_SIGNS = {"$": "USD", "€": "EUR", "£": "GBP", "₹": "INR"}
DEFAULT_CURRENCY = "USD"


def price_of(item: Item, *, minutes: int, hours_per_week: float) -> Price:
    """What an item of that many planned minutes costs somebody who studies at that pace."""
    cost = item.cost
    if cost is None:
        return Price("cost not stated", is_free=False, is_stated=False, told="cost not stated")
    if cost.kind is not CostKind.PAID:
        is_free = not _CAVEAT.search(cost.words) or cost.kind is CostKind.FREE_TO_AUDIT
        return Price(cost.words, is_free=is_free, is_stated=True, told=cost.words)
    if cost.amount is None or cost.currency is None:
        return Price(cost.words, is_free=False, is_stated=True, told=f"{cost.words}, how much is not stated")
    if cost.per is None:
        return Price(cost.words, False, True, Money(cost.amount, cost.currency), cost.words)
    return _subscription(cost, cost.per, cost.amount, cost.currency, minutes / (hours_per_week * MINUTES_PER_HOUR))


def _subscription(cost: Cost, per: Unit, amount: float, currency: str, weeks: float) -> Price:
    times = max(1, math.ceil(round(weeks / _WEEKS_PER[per], 6)))
    total = Money(amount * times, currency)
    unit = per.value if times == 1 else f"{per.value}s"
    return Price(cost.words, False, True, total, f"{cost.words}, {times} {unit} at this pace = {total}")


def read_budget(text: str) -> Money:
    """An amount like "100", "EUR 50" or "$20"; dollars where no currency is named. Raises UsageError."""
    found = _BUDGET.fullmatch(text.strip())
    if found is None or (found["before"] and found["after"]):
        raise UsageError(f"--budget {text!r} is no amount; write it like 100 or EUR 50")
    currency = found["before"] or found["after"] or DEFAULT_CURRENCY
    return Money(float(found["amount"].replace(",", "")), _SIGNS.get(currency, currency.upper()))


def refused(prices: Mapping[int, Price], *, free_only: bool, budget: Money | None) -> dict[int, str]:
    """The places of the items that cannot be had, with the reason; places come in the plan's order.

    With a budget the cheapest come first, of equal prices the one that is planned first; what has no known price, or
    one in another currency, is not bought.
    """
    if free_only:
        return {place: _not_free(price) for place, price in prices.items() if not price.is_free}
    if budget is None:
        return {}
    return _over_budget({place: price for place, price in prices.items() if not price.is_free}, budget)


def _not_free(price: Price) -> str:
    if not price.is_stated:
        return "its cost is not stated, so it does not count as free"
    return f"it is not free: {price.words}" if price.words.casefold() != "paid" else "it has to be paid for"


def _over_budget(prices: Mapping[int, Price], budget: Money) -> dict[int, str]:
    found: dict[int, str] = {}
    payable: list[tuple[float, int]] = []
    for place, price in prices.items():
        if price.total is None:
            found[place] = f"{price.told}, so no budget can be kept"
        elif price.total.currency != budget.currency:
            found[place] = f"it costs {price.total}, and the budget is in {budget.currency}"
        else:
            payable.append((price.total.amount, place))
    left = budget.amount
    for amount, place in sorted(payable, key=lambda one: one[0]):
        if amount > left + 1e-9:
            found[place] = f"{prices[place].told}, and {Money(left, budget.currency)} of the budget are left"
        else:
            left -= amount
    return found


def totals(prices: Sequence[Price]) -> tuple[Money, ...]:
    """The sum in each currency, by currency."""
    found: dict[str, float] = {}
    for price in prices:
        if price.total is not None:
            found[price.total.currency] = found.get(price.total.currency, 0) + price.total.amount
    return tuple(Money(round(found[currency], 2), currency) for currency in sorted(found))
