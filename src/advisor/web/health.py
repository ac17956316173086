"""How the server is: which build it answers from, who words answers, and what is amiss, in words with the cure.

Owns how long a finding is believed: whoever asks every second must not make the server ask others every second.
"""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from advisor.errors import StoreError
from advisor.web.access import may_maintain
from advisor.web.desk import Desk

if TYPE_CHECKING:
    from fastapi import FastAPI, Request

BELIEVED_SECONDS = 15.0
EXTRACTS = "extractive"


@runtime_checkable
class Reporting(Protocol):
    """An advisor that knows what it lacks; `pipeline.Advisor` and `current.Current` are two."""

    def shortcomings(self) -> tuple[str, ...]:
        """Why answers are poorer than they could be, each with its cure."""


@dataclass(frozen=True, slots=True)
class Health:
    """The state of the server. It is degraded where answers are poorer or older than they could be, or are not kept."""

    status: str  # ok or degraded
    build: str
    pages: int
    passages: int
    generator: str
    answering: int  # questions at this moment
    degraded: bool
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Findings:
    found_at: float
    store: str = ""  # why nothing can be kept
    others: tuple[str, ...] = ()


class Checkup:
    """Looks at a desk and what stands behind it; findings are believed for some seconds."""

    def __init__(
        self, desk: Desk, *, believed_seconds: float = BELIEVED_SECONDS, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._desk = desk
        self._believed_seconds = believed_seconds
        self._clock = clock
        self._lock = Lock()
        self._findings = _Findings(clock() - believed_seconds)

    def health(self, believed_seconds: float | None = None) -> Health:
        """How the server is now; what was found longer ago than `believed_seconds` is looked at anew."""
        findings, snapshot = self._newest(believed_seconds), self._desk.snapshot
        reasons = (*((findings.store,) if findings.store else ()), *findings.others)
        return Health(
            status="degraded" if reasons else "ok",
            build=snapshot.manifest.build,
            pages=len(snapshot.documents),
            passages=len(snapshot.passages),
            generator=self._desk.writer_name or EXTRACTS,
            answering=self._desk.answering,
            degraded=bool(reasons),
            reasons=reasons,
        )

    def is_ready(self) -> bool:
        """Whether a question can be answered and kept."""
        return not self._newest().store

    def _newest(self, believed_seconds: float | None = None) -> _Findings:
        believed_seconds = self._believed_seconds if believed_seconds is None else believed_seconds
        with self._lock:
            if self._clock() - self._findings.found_at >= believed_seconds:
                self._findings = self._look()
            return self._findings

    def _look(self) -> _Findings:
        store, behind = "", self._desk.advisor
        try:
            self._desk.conversations.check_writable()
        except StoreError as error:
            store = str(error)
        others = behind.shortcomings() if isinstance(behind, Reporting) else ()
        return _Findings(self._clock(), store, others)


def add_health(app: "FastAPI", checkup: Checkup) -> None:
    """`/healthz`: 200 as long as the process answers at all. `/readyz`: 503 where no question can be kept.

    Only the maintainer is told more than two words: reasons name folders and servers.
    """
    from fastapi import Request
    from fastapi.responses import JSONResponse

    def told(request: "Request") -> dict[str, Any]:
        health = checkup.health()
        whole = asdict(health)
        return whole if may_maintain(request) else {"status": health.status, "degraded": health.degraded}

    def healthz(request: Request) -> JSONResponse:
        return JSONResponse(told(request))

    def readyz(request: Request) -> JSONResponse:
        is_ready = checkup.is_ready()
        return JSONResponse({"ready": is_ready, **told(request)}, 200 if is_ready else 503)

    app.get("/healthz")(healthz)
    app.get("/readyz")(readyz)
