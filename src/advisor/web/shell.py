"""The shell around the page: limits on what comes in, headers on what goes out, and a clear word where all is busy.

Knows nothing of what the page shows or of who may see it.

What the shell is for (each was seen to work against a plain Gradio app): an image in an answer that reports to a
foreign host, `/upload` open in an app that takes no files, request bodies of any size, pages framed by strangers, and
`/file=` that fetches any address of the web for whoever asks.
"""

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from advisor.web.access import SCOPE_IN_HAND

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

BODY_LIMIT_BYTES = 64 * 1024
BUSY = (
    "So many questions are waiting that this one was not taken. Ask again in a minute; "
    "where the page still shows it as waiting, press Stop first."
)
STALE = (
    "This page is no longer the server's: it was started anew, or a list changed meanwhile. "
    "Load the page again; your conversations are kept."
)
SPACE_FRAME = "https://huggingface.co"  # a Space is shown inside a page of this host, and of no other

_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; media-src 'self' blob:; "
    "worker-src 'self' blob:; form-action 'self'; object-src 'none'; base-uri 'self'; frame-ancestors "
)
_ASK = "/call/v2/ask"
_ASK_TAKES = 'Post {"question": "…"} to /gradio_api/call/v2/ask; /gradio_api/info tells the rest.'
_FOR_FILE = re.compile(r"/(?:file=|file/|proxy=)(?P<path>.*)", re.DOTALL)


def shell(app: "ASGIApp", *, frames: str, files: Path) -> "ASGIApp":
    """The app behind limits on what comes in and headers on what goes out; it hands out files of one folder only."""
    headers = {
        "content-security-policy": _POLICY + frames,
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
    }
    extra = [(name.encode(), value.encode()) for name, value in headers.items()]

    async def guarded(scope: "Scope", receive: "Receive", send: "Send") -> None:
        async def send_with_headers(message: "Message") -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], *extra]}
            await send(message)

        refusal = _refusal(scope, files) if scope["type"] == "http" else None
        if refusal is not None:
            from starlette.responses import PlainTextResponse

            await PlainTextResponse(refusal.reason, refusal.status)(scope, receive, send_with_headers)
            return
        SCOPE_IN_HAND.set(scope)
        words = _words(scope["path"]) if scope["type"] == "http" else {}
        await app(scope, receive, _in_words(send_with_headers, words) if words else send_with_headers)

    return guarded


@dataclass(frozen=True, slots=True)
class _Refusal:
    """Why a request goes no further."""

    status: int
    reason: str


_FULL = _Refusal(429, BUSY)
_GONE = _Refusal(409, STALE)
_MISREAD = _Refusal(422, f"That is not what /ask takes. {_ASK_TAKES}")


def _words(path: str) -> Mapping[int, _Refusal]:
    """What to say in place of a bare status, for requests that ask something."""
    if path.rstrip("/").endswith(_ASK):
        return {503: _FULL, 500: _MISREAD}  # Gradio falls over names of parameters that it does not know
    if path.endswith(("/queue/join", "/run/predict")):
        return {503: _FULL, 500: _GONE}  # Gradio falls over events that it does not know
    return {}


def _in_words(send: "Send", words: Mapping[int, _Refusal]) -> "Send":
    """What comes back of the queue, but some failures in words: the page shows nobody's words under a 503.

    A 500 in JSON is told already, by the event that failed.
    """
    body = b""

    async def told(message: "Message") -> None:
        nonlocal body
        is_told = message.get("status") == 500 and _is_json(message)
        if message["type"] == "http.response.start" and not is_told and (said := words.get(message["status"])):
            body = json.dumps({"detail": said.reason}).encode()
            headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
            kept = [header for header in message["headers"] if header[0].lower() not in dict(headers)]
            wait = [(b"retry-after", b"60")] if said is _FULL else []
            message = {**message, "status": said.status, "headers": [*kept, *headers, *wait]}
        elif body and message["type"] == "http.response.body":
            if message.get("more_body", False):
                return
            message = {"type": "http.response.body", "body": body}
        await send(message)

    return told


def _is_json(message: "Message") -> bool:
    """Whether the headers of a response say so."""
    return bool(dict(message["headers"]).get(b"content-type", b"").startswith(b"application/json"))


def _refusal(scope: "Scope", files: Path) -> _Refusal | None:
    """What is wrong with a request, before a byte of its body is read; None where it may pass."""
    wanted = _FOR_FILE.search(scope["path"])
    if wanted and not Path(os.path.normpath(wanted["path"])).is_relative_to(files):
        return _Refusal(403, "This page hands out no such file.")
    if scope["path"].rstrip("/").endswith("/upload"):
        return _Refusal(403, "This page takes no files.")
    if scope["path"].rstrip("/").endswith("/openapi.json"):
        return _Refusal(403, "What programs may call is told at /gradio_api/info.")
    if scope["method"] not in {"POST", "PUT", "PATCH", "DELETE"}:
        return None
    if "/call/" in scope["path"] and not scope["path"].rstrip("/").endswith(_ASK):
        return _Refusal(404, f"Programs may call /ask and nothing else. {_ASK_TAKES}")
    length = dict(scope["headers"]).get(b"content-length", b"")
    if not length.isdigit():  # a body in chunks could grow without an end
        return _Refusal(411, "Send a Content-Length with the request.")
    if int(length) > BODY_LIMIT_BYTES:
        return _Refusal(413, f"The request is larger than {BODY_LIMIT_BYTES} bytes: ask a shorter question.")
    return None
