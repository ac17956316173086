"""The gate of `advisor index build --gate`: a new build is asked the same questions as the one it would replace.

Extracts only, so the verdict is the same every time; no user's conversation is touched.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from advisor.cli.options import note
from advisor.cli.parts import Parts, open_forgetful
from advisor.errors import IndexProblem

if TYPE_CHECKING:
    from advisor.evaluation.admission import Held
    from advisor.evaluation.questions import Case
    from advisor.evaluation.rows import Row
    from advisor.pipeline import Advisor
    from advisor.settings import Settings

_SHOWN_LOST = 5


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the questions brought: the figures of both builds, and the questions only the current one gets right."""

    figures: "tuple[Held, ...]"
    lost: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether no figure is worse by more than the margin."""
        return not any(figure.is_worse for figure in self.figures)

    def refusal(self) -> str:
        """Why the new build is not let in, on one line."""
        worse = "; ".join(str(figure) for figure in self.figures if figure.is_worse)
        more = ", …" if len(self.lost) > _SHOWN_LOST else ""
        lost = f"; no longer right: {', '.join(self.lost[:_SHOWN_LOST])}{more}" if self.lost else ""
        return f"{worse}{lost}"


class Gate:
    """The questions and how much worse a build may be; `verdict` is None until a build has been asked."""

    def __init__(self, settings: "Settings", parts: Parts, cases: "Sequence[Case]", *, margin: float) -> None:
        self._settings = settings.model_copy(update={"generator": "extractive"})
        self._parts = parts
        self._cases = cases
        self._margin = margin
        self.verdict: Verdict | None = None

    def __call__(self, aside: Path) -> bool:
        """Ask both builds; where there is none to hold the new one against, it is let in, and that is said."""
        from advisor.evaluation.admission import hold
        from advisor.index.publish import open_snapshot

        try:
            advisor = open_forgetful(self._parts, self._settings)
        except IndexProblem as error:
            note(f"nothing to hold the new build against, so it is published as it is: {error}")
            return True
        before = self._rows(advisor, "questions to the current build")
        after = self._rows(advisor.with_snapshot(open_snapshot(aside)), "questions to the new build")
        lost = tuple(new.id for old, new in zip(before, after, strict=True) if old.right and not new.right)
        self.verdict = Verdict(hold(before, after, margin=self._margin), lost)
        return self.verdict.passed

    def _rows(self, advisor: "Advisor", label: str) -> "tuple[Row, ...]":
        from advisor.cli.progress import progress_bar
        from advisor.evaluation.run import evaluate

        with progress_bar(label) as step:
            return tuple(evaluate(advisor, self._cases, generator="extractive", progress=step))

    def to_json(self) -> dict[str, Any] | None:
        """The verdict for other programs; None where no build was asked."""
        if self.verdict is None:
            return None
        figures = [asdict(figure) for figure in self.verdict.figures]
        return {"passed": self.verdict.passed, "figures": figures, "lost": list(self.verdict.lost)}
