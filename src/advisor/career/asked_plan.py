"""What a conversation asks of a plan: each question by itself, else as a change of the plan asked for before it.

Knows nothing of how the words of a question are read (`asked_words`), of how a plan is made, or of answers.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from advisor.career.asked_words import AskedPlan, Lexicon, read_asked
from advisor.career.purse import read_budget
from advisor.records import Profile
from advisor.search.planning import asks_plan

# "And as a data analyst?", "the same for devops": the plan before with another career.
_LEADS_ON = re.compile(r"^\W*(?:and|or|what about|how about|the same|same|now|instead)\b", re.IGNORECASE)


def asked_plan(questions: Sequence[str], lexicon: Lexicon, *, today: date) -> AskedPlan | None:
    """What the last of a conversation's questions asks of a plan; None where it asks for none.

    What it does not say is taken from the plan asked for before it. A question between them that is about something
    else changes nothing, one about another length of time ends that plan's conversation.
    """
    plan: AskedPlan | None = None
    for question in questions[:-1]:
        own = read_asked(question, lexicon, today=today)
        if is_for_plan(question, own, before=plan):
            plan = changed(plan, own)
        elif own.how_long:
            plan = None
    own = read_asked(questions[-1], lexicon, today=today)
    return changed(plan, own) if is_for_plan(questions[-1], own, before=plan) else None


def is_for_plan(question: str, own: AskedPlan, *, before: AskedPlan | None) -> bool:
    """Whether a question asks for a plan by itself, or changes nothing but the one before."""
    names_career = own.role is not None or bool(own.choices)
    if asks_plan(question, names_career=names_career):
        return True
    if before is None or not own.is_exact:
        return False
    changes = own != AskedPlan(is_exact=True)
    return changes and (not names_career or before.role is None or _LEADS_ON.search(question) is not None)


def changed(before: AskedPlan | None, own: AskedPlan) -> AskedPlan:
    """What was asked before, with everything that is said anew; what is left out belongs to one career."""
    if before is None:
        return own
    is_same = own.role in {None, before.role}
    says_money = own.free_only or own.may_cost or own.budget is not None
    return replace(
        own,
        role=own.role or (None if own.choices else before.role),
        hours_per_week=own.hours_per_week or before.hours_per_week,
        known=tuple(dict.fromkeys((*before.known, *own.known))),
        start=own.start or before.start,
        by=own.by or before.by,
        free_only=own.free_only if says_money else before.free_only,
        budget=own.budget if says_money else before.budget,
        without=(*before.without, *own.without) if is_same else own.without,
    )


def with_profile(asked: AskedPlan, profile: Profile | None) -> AskedPlan:
    """What was asked, and from the profile what was not said."""
    if profile is None:
        return asked
    says_money = asked.free_only or asked.may_cost or asked.budget is not None
    budget = read_budget(profile.budget) if profile.budget and not says_money else None
    is_free = budget is not None and not budget.amount
    return replace(
        asked,
        role=asked.role or profile.role,
        hours_per_week=asked.hours_per_week or profile.hours_per_week,
        known=tuple(dict.fromkeys((*asked.known, *profile.known))),
        free_only=asked.free_only or is_free,
        budget=asked.budget or (None if is_free else budget),
    )
