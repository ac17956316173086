"""Whether a question asks at what point of a plan something comes. Patterns only; knows nothing of plans."""

import re

PART = r"(?:weeks?|months?|days?|quarters?|semesters?|sprints?|phases?|stages?|terms?)"  # that plans are counted in

_ASKS_WHEN = re.compile(
    r"\bwhen (?:in the [\w ]{2,30} )?(?:do|will|would|should|can|must) (?:i|we|you) (?:finally |actually |first )?"
    r"(?:get|reach|start|begin|take|learn|study|do|build|come)\b"
    r"|\bwhen (?:does|do|is|are|will|would) .*\b(?:come|planned|scheduled|covered|taught|up|in the plan)\b"
    rf"|\b(?:which|what) {PART} "
    r"(?:do|does|is|are(?! there)|should|will|would|has|have|covers?|goes|go|of the|of my|am)\b",
    re.IGNORECASE,
)


def asks_when(question: str) -> bool:
    """Whether it is asked at what point of a plan something comes."""
    return bool(_ASKS_WHEN.search(question))
