"""What an assistant may ask of the advisor: four tools, each giving text and the same as data, with its citations.

Owns the words that teach an assistant to use them, and when index and models are opened: at the first call that needs
them. Knows nothing of the protocol that carries them (`cli.mcp`).
"""

import json
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Annotated, Any
from uuid import uuid4

from pydantic import Field

from advisor.cli.ask import worded_by
from advisor.cli.batch import find_hits
from advisor.cli.reply import final, plain
from advisor.cli.search import hit_json
from advisor.errors import UsageError
from advisor.records import answer_to_json

if TYPE_CHECKING:
    from advisor.career.shelf import Shelf
    from advisor.index.publish import Snapshot
    from advisor.pipeline import Advisor
    from advisor.records import Hit
    from advisor.settings import Settings
    from advisor.web.current import Current

USUAL_HOURS = 8.0
USUAL_PASSAGES = 5
_OPTION = re.compile(r"--(hours-per-week|known|start|free-only)\b")

Role = Annotated[str, Field(description="The career to plan for, such as 'data engineer'.")]


@dataclass(frozen=True, slots=True)
class Told:
    """What a tool gives: text for whoever reads, and the same as a JSON object for programs."""

    text: str
    data: dict[str, Any]


class Tools:
    """The tools over one index; any thread may call them. Nothing of a call is kept, and no profile is looked at."""

    def __init__(
        self,
        open_advisor: "Callable[[Settings], Advisor]",
        settings: "Settings",
        *,
        today: Callable[[], date] = date.today,
    ) -> None:
        self._open_advisor = open_advisor
        self._settings = settings
        self._today = today
        self._opening = Lock()
        self._current: Current | None = None  # the advisor, over the newest build
        self._pages: Snapshot | None = None  # what needs no model reads from

    def ask(
        self,
        question: Annotated[str, Field(description="One question in plain words, as a learner would type it.")],
        history: Annotated[
            list[str] | None,
            Field(description="The questions asked before, oldest first, where this one is a follow-up to them."),
        ] = None,
        role: Annotated[str | None, Field(description="The career it is about, if the question does not say.")] = None,
    ) -> Told:
        """Answer a question about careers in technology from roadmap documents, with a source for every sentence.

        Covers how to become something, what to learn in which order, how long it takes, courses, books, certificates
        and what they cost, and how careers differ. Does not know salaries, visas or local markets, and says so.

        The text ends with its numbered sources; [1] in a sentence points to the first of them. Keep these marks when
        you pass the answer on, and add nothing to a sentence that carries one. Data: `status` is "answered", "refused"
        (the pages do not cover it: say that, do not fill the gap) or "clarify" (ask the user what the text asks);
        `citations` hold title, section, address and the words relied on; `suggestions` are questions to ask next.
        """
        from advisor.memory import open_conversations
        from advisor.search.query import read_question

        earlier = history or []
        for one in (*earlier, question):  # before seconds are spent on loading
            read_question(one, max_chars=self._settings.max_question_chars)
        advisor = self._advisor()
        with open_conversations(None) as store:
            conversation = uuid4().hex
            for one in earlier:
                final(advisor.ask(one, conversation=conversation, generator="extractive", role=role, store=store))
            generator = worded_by(self._settings)
            events = advisor.ask(question, conversation=conversation, generator=generator, role=role, store=store)
            answer = final(events)
        return Told(plain(answer), answer_to_json(answer))

    def search(
        self,
        query: Annotated[str, Field(description="What to look for: a question or a few words.")],
        k: Annotated[int, Field(description="How many passages, best first; from 1 to 12.")] = USUAL_PASSAGES,
    ) -> Told:
        """Find the passages of the roadmap documents that are nearest to a question, best first, word for word.

        For reading the pages themselves, when an answer of `ask` is not enough. Being near is no answer: passages come
        back for every query, also where the pages do not cover it. Data: `hits` with document, section, score and text.
        """
        most = self._settings.top_passages
        if not 1 <= k <= most:
            raise UsageError(f"k is {k}; give a number from 1 to {most}")
        from advisor.memory import open_conversations
        from advisor.search.query import read_question

        read_question(query, max_chars=self._settings.max_question_chars)
        advisor = self._advisor()
        with open_conversations(None) as store:
            found = find_hits(advisor.ask(query, conversation=uuid4().hex, store=store))
        hits = list(enumerate(found.hits[:k], start=1))
        data = {
            "query": query,
            "understood": found.query.standalone,
            "hits": [hit_json(rank, hit) for rank, hit in hits],
        }
        return Told("\n\n".join(_passage(rank, hit) for rank, hit in hits) or "No passage was found.", data)

    def plan(
        self,
        role: Role,
        hours_per_week: Annotated[
            float, Field(description="Hours the learner has in a week, up to 100.")
        ] = USUAL_HOURS,
        known: Annotated[
            list[str] | None, Field(description="Skills the learner has; what they cover is not planned.")
        ] = None,
        start: Annotated[str | None, Field(description="First day, as 2026-11-30; next Monday if not given.")] = None,
        free_only: Annotated[bool, Field(description="Leave out all that costs, or might.")] = False,
    ) -> Told:
        """Make a study plan with dates for one career: what to do in which week and why then, with hours and costs.

        Computed from the steps of the career's roadmap, each line with its source; nothing is guessed by a model. Ask
        the user for hours per week and what they know already before you call it: both change every date. Data: weeks,
        phases, steps with their workload and price, and `citations`.
        """
        from advisor.career.export import plan_json
        from advisor.career.markdown import plan_markdown
        from advisor.career.request import PlanRequest, check_request, read_day

        today = self._today()
        try:
            first = None if start is None else read_day(start, "--start")
            request = PlanRequest(
                hours_per_week=hours_per_week, known=tuple(known or ()), start=first, free_only=free_only
            )
            check_request(request, today=today)
            made = self._shelf().plan(role, request, today=today)
        except UsageError as error:
            raise UsageError(_OPTION.sub(lambda found: found[1].replace("-", "_"), str(error))) from error
        return Told(plan_markdown(made), json.loads(plan_json(made)))

    def compare(
        self,
        roles: Annotated[
            list[str], Field(description="Two to four careers, such as ['data analyst', 'data scientist'].")
        ],
    ) -> Told:
        """Set two to four careers side by side, field by field: what they do, need, cost, and how long they take.

        Every cell carries the number of its source; where a page says nothing, the cell says that, so do not fill it.
        Data: `rows` with a cell for each of `roles`, and `citations`.
        """
        from advisor.career.citing import as_json
        from advisor.career.wording import comparison_text

        shelf = self._shelf()
        found = shelf.compare(roles)
        cited = shelf.cite(found)
        data = as_json(found, cited) | {"citations": [asdict(citation) for citation in cited.values()]}
        return Told(comparison_text(found, cited), data)

    # --- what is opened at the first call ------------------------------------------------------------

    def _advisor(self) -> "Advisor":
        """The advisor over the newest build; the first call waits until the models are loaded."""
        with self._opening:
            if self._current is None:
                from advisor.web.current import Current

                self._current = Current(self._open_advisor(self._settings), self._settings.index_dir)
        return self._current.newest()

    def _shelf(self) -> "Shelf":
        """The careers of the newest build, without a model."""
        from advisor.career.shelf import read_shelf

        snapshot = self._current.snapshot if self._current else self._published(self._settings.index_dir)
        return read_shelf(snapshot.documents, snapshot.passages)

    def _published(self, index_dir: Path) -> "Snapshot":
        from advisor.index.publish import current_build, open_snapshot

        with self._opening:
            if self._pages is None or self._pages.manifest.build != current_build(index_dir).name:
                self._pages = open_snapshot(index_dir)
            return self._pages


def _passage(rank: int, hit: "Hit") -> str:
    passage = hit.passage
    place = ", ".join(filter(None, (passage.title, " > ".join(passage.section), passage.document)))
    return f"[{rank}] {place}\n{passage.text}"
