"""Rows of runs as tests need them: one that is right in every respect, but for what is said otherwise."""

from dataclasses import replace
from typing import Any

from advisor.evaluation.metrics import Expected, Verdict
from advisor.evaluation.rows import CitedPassage, Fault, Origin, Outcome, RetrievalScores, Row, WordedBy
from advisor.records import RankedPassage

RIGHT_ROW = Row(
    id="q",
    kind="fact",
    question="How long is phase 1?",
    history=(),
    expected=Expected.ANSWER,
    origin=Origin(build="b1", generator="extractive", case="c1"),
    status=Outcome.ANSWERED,
    right=True,
    verdict=Verdict.RIGHT,
    fault=Fault.NONE,
    nugget_recall=1.0,
    missing=(),
    forbidden=(),
    forbidden_watched=1,
    hits_nugget_recall=1.0,
    retrieval=RetrievalScores(1.0, 1.0, 1.0, 1.0),
    citation_recall=1.0,
    citation_precision=1.0,
    citation_validity=1.0,
    unsupported_numbers=(),
    unknown_names=(),
    words=5,
    first_text_ms=10.0,
    total_ms=20.0,
    worded_by=WordedBy.EXTRACT,
    answer="Phase 1 takes 6 weeks [1].",
    cited=(CitedPassage(1, "p#1", "Data Engineer > Phase 1", "Phase 1 (6 weeks)"),),
    hits=(RankedPassage("p#1", "p", 1.0),),
    notes=(),
    error="",
)
WRONG: dict[str, Any] = {
    "right": False,
    "verdict": Verdict.WRONG,
    "fault": Fault.WRITING,
    "nugget_recall": 0.0,
    "missing": ("6 weeks",),
}
REFUSED: dict[str, Any] = {
    **WRONG,
    "status": Outcome.REFUSED,
    "verdict": Verdict.MISSING,
    "citation_recall": None,
    "citation_precision": None,
    "citation_validity": None,
    "answer": "The roadmaps here do not cover that.",
    "cited": (),
}
ERROR: dict[str, Any] = {
    **REFUSED,
    "status": Outcome.ERROR,
    "verdict": Verdict.WRONG,
    "fault": Fault.NONE,
    "first_text_ms": None,
    "total_ms": None,
    "answer": "",
    "error": "ValueError: it broke",
}


def make_row(id: str = "q", **changes: Any) -> Row:
    return replace(RIGHT_ROW, id=id, **changes)
