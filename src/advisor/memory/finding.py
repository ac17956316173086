"""Which conversation a learner means by a few words: those whose title, questions and answers hold all of them.

Pure functions over texts. Knows nothing of the database.
"""

from collections.abc import Iterable, Sequence

from advisor.text import normalise


def wanted_parts(words: str) -> tuple[str, ...]:
    """The parts of what is looked for, in one form; none where nothing is."""
    return tuple(dict.fromkeys(normalise(words).split()))


def holds_all(parts: Sequence[str], texts: Iterable[str]) -> bool:
    """Whether each part stands in one of the texts, be it within a word: "pipe" finds "Pipelines"."""
    left = set(parts)
    for text in texts:
        plain = normalise(text)
        left = {part for part in left if part not in plain}
        if not left:
            return True
    return not left
