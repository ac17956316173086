"""Setting a learner's mark on an item, in place of every mark that was on it before.

Knows nothing of where the mark is made: a command and a page set the same ones.
"""

from advisor.career.marks import Mark, item_key
from advisor.memory.conversations import Conversations


def set_mark(store: Conversations, career: str, mark: Mark, *, owner: str) -> None:
    """Keep this mark on its item; those of an older spelling of the page go."""
    before = _marks_on(store, career, mark.item, mark.provider, owner)
    store.set_progress(career, mark, owner=owner)
    for old in before:
        if (old.item, old.provider) != (mark.item, mark.provider):
            store.clear_mark(career, old.item, old.provider, owner=owner)


def take_mark_back(store: Conversations, career: str, item: str, provider: str, *, owner: str) -> None:
    """Forget every mark on this item, however it was spelt."""
    for old in _marks_on(store, career, item, provider, owner):
        store.clear_mark(career, old.item, old.provider, owner=owner)


def _marks_on(store: Conversations, career: str, item: str, provider: str, owner: str) -> list[Mark]:
    key = item_key(item, provider)
    return [mark for mark in store.progress_of(career, owner=owner) if mark.key == key]
