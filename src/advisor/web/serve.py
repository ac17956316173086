"""Serving the page: one process, one port, and a shell that keeps strangers' bytes out.

Owns the address, the limits on requests and the security headers. Knows nothing of what the page shows.

What the shell is for (each was seen to work against a plain Gradio app): an image in an answer that reports to a
foreign host, `/upload` open in an app that takes no files, request bodies of any size, pages framed by strangers, and
`/file=` that fetches any address of the web for whoever asks.
"""

import contextlib
import errno
import logging
import os
import re
import socket
import warnings
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from advisor.errors import UsageError
from advisor.web.talk import Answering

if TYPE_CHECKING:
    import gradio as gr
    import uvicorn
    from fastapi import FastAPI
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

BODY_LIMIT_BYTES = 64 * 1024
SHUTDOWN_SECONDS = 1

_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; media-src 'self' blob:; "
    "worker-src 'self' blob:; form-action 'self'; object-src 'none'; base-uri 'self'; frame-ancestors "
)
_FOR_FILE = re.compile(r"/(?:file=|file/|proxy=)(?P<path>.*)", re.DOTALL)
_SPACE_FRAME = "https://huggingface.co"  # a Space is shown inside a page of this host, and of no other


def serve(advisor: Answering, *, host: str, port: int, announce: Callable[[str], None] = print) -> None:
    """Serve the page until Ctrl-C; `announce` gets the address once it can be opened. Port 0 takes a free one.

    On a Hugging Face Space (`SPACE_ID` is set) the page listens on every address. Raises UsageError where the address
    cannot be had.
    """
    on_space = "SPACE_ID" in os.environ
    listener = _listen("0.0.0.0" if on_space else host, port)
    with listener, contextlib.suppress(KeyboardInterrupt):
        _server(create_app(advisor, on_space=on_space), listener, announce, on_space=on_space).run(sockets=[listener])


def create_app(advisor: Answering, *, on_space: bool = False) -> "FastAPI":
    """The page in its shell, with `/healthz`; nothing listens yet."""
    kept = TemporaryDirectory(prefix="career-advisor-")  # nobody else may look into it
    files = Path(kept.name).resolve()
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # read when gradio is imported: otherwise it calls home
    os.environ["GRADIO_TEMP_DIR"] = str(files)  # otherwise it copies files to a folder that all its apps share
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    from fastapi import FastAPI

    from advisor.web.downloads import Downloads
    from advisor.web.site import build_site

    @contextlib.asynccontextmanager
    async def without_files_at_the_end(_app: FastAPI) -> AsyncIterator[None]:
        yield
        kept.cleanup()

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, lifespan=without_files_at_the_end)
    app.get("/healthz")(_health)
    app.add_middleware(_shell, frames=_SPACE_FRAME if on_space else "'none'", files=files)
    return _mounted(app, build_site(advisor, Downloads(files)))


def _mounted(app: "FastAPI", site: "gr.Blocks") -> "FastAPI":
    from gradio import mount_gradio_app

    from advisor.web.layout import HEAD, STYLE, theme

    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "SSR mode is not supported")  # it is not asked for either
        mounted: FastAPI = mount_gradio_app(
            app,
            site,
            path="/",
            show_error=False,
            run_history=False,
            footer_links=[],
            max_file_size="1kb",
            enable_monitoring=False,
            ssr_mode=False,
            pwa=False,
            mcp_server=False,
            theme=theme(),
            css_paths=STYLE,
            head_paths=HEAD,
        )
    return mounted


def _health() -> dict[str, str]:
    return {"status": "ok"}


# --- the shell -----------------------------------------------------------------------------------------


def _shell(app: "ASGIApp", *, frames: str, files: Path) -> "ASGIApp":
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
        if refusal is None:
            await app(scope, receive, send_with_headers)
        else:
            from starlette.responses import PlainTextResponse

            await PlainTextResponse(refusal.reason, refusal.status)(scope, receive, send_with_headers)

    return guarded


@dataclass(frozen=True, slots=True)
class _Refusal:
    """Why a request goes no further."""

    status: int
    reason: str


def _refusal(scope: "Scope", files: Path) -> _Refusal | None:
    """What is wrong with a request, before a byte of its body is read; None where it may pass."""
    wanted = _FOR_FILE.search(scope["path"])
    if wanted and not Path(os.path.normpath(wanted["path"])).is_relative_to(files):
        return _Refusal(403, "This page hands out no such file.")
    if scope["path"].rstrip("/").endswith("/upload"):
        return _Refusal(403, "This page takes no files.")
    if scope["path"].rstrip("/").endswith("/openapi.json"):
        return _Refusal(403, "This page has no programming interface.")
    if scope["method"] not in {"POST", "PUT", "PATCH", "DELETE"}:
        return None
    length = dict(scope["headers"]).get(b"content-length", b"")
    if not length.isdigit():  # a body in chunks could grow without an end
        return _Refusal(411, "Send a Content-Length with the request.")
    if int(length) > BODY_LIMIT_BYTES:
        return _Refusal(413, f"The request is larger than {BODY_LIMIT_BYTES} bytes: ask a shorter question.")
    return None


# --- the server ----------------------------------------------------------------------------------------


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            free = port + 1
            cure = f"port {port} is taken: free it, or run `PORT={free} make run` or `advisor serve --port {free}`."
        else:
            cure = f"cannot listen on {host!r}, port {port}: {error}. Try `advisor serve --host 127.0.0.1 --port 7860`."
        raise UsageError(cure) from error
    except OverflowError as error:
        raise UsageError(f"{port!r} is no port: give a number from 0 to 65535.") from error


def _server(
    app: "FastAPI", listener: socket.socket, announce: Callable[[str], None], *, on_space: bool
) -> "uvicorn.Server":
    import uvicorn

    class Announcing(uvicorn.Server):
        """Says where it listens as soon as it does, and ends without noise."""

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                announce(_address(listener))

        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            # Every open page holds a stream that is cut now; uvicorn would report each with a traceback.
            logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL + 1)
            await super().shutdown(sockets)

    config = uvicorn.Config(
        app,
        log_level="warning",
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,  # open pages hold a stream each, and would hold the end up
        forwarded_allow_ips="*" if on_space else None,  # a Space stands behind a proxy of its own
        ws="none",
    )
    return Announcing(config)


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
    return f"Career Advisor is at http://{host}:{port} (Ctrl-C ends it)"
