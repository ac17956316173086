"""Serving the page: one process, one port; who may reach it, and how it starts and ends.

Owns the address and the order in which a request passes the shell, the sign-in and the page. Knows nothing of what the
page shows.
"""

import contextlib
import errno
import logging
import os
import signal
import socket
import sys
import threading
import warnings
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from pydantic import SecretStr

from advisor.errors import UsageError
from advisor.web.access import client_in_hand, is_loopback_host
from advisor.web.desk import Desk
from advisor.web.health import Checkup, add_health
from advisor.web.limits import Limits
from advisor.web.question_log import LogForm, logging_to_stderr
from advisor.web.retention import begin_forgetting
from advisor.web.shell import SPACE_FRAME, shell
from advisor.web.signin import SignIn, signing_in
from advisor.web.talk import Answering

if TYPE_CHECKING:
    import gradio as gr
    import uvicorn
    from fastapi import FastAPI

    from advisor.web.upkeep import Upkeep

log = logging.getLogger(__name__)

QUESTIONS_PER_MINUTE = 30
SHUTDOWN_SECONDS = 1
NO_PASSWORD = SecretStr("")


def check_reach(host: str, password: SecretStr, *, is_open: bool) -> None:
    """Raise UsageError where strangers could reach a page that has no password and was not opened on purpose.

    A Hugging Face Space is open: that is what it is for.
    """
    if is_loopback_host(host) or password.get_secret_value() or is_open or _is_on_space():
        return
    raise UsageError(
        f"{host!r} can be reached from other machines, and the page has no password. Set ADVISOR_PAGE_PASSWORD (or "
        "page_password in advisor.toml), or add --open: then whoever reaches the port can ask and nobody signs in."
    )


def serve(
    advisor: Answering,
    *,
    host: str,
    port: int,
    announce: Callable[[str], None] = print,
    password: SecretStr = NO_PASSWORD,
    is_open: bool = False,
    questions_per_minute: int = QUESTIONS_PER_MINUTE,
    log_form: LogForm = "text",
    upkeep: "Upkeep | None" = None,
) -> None:
    """Serve the page until Ctrl-C or SIGTERM; `announce` gets the address once it can be opened.

    Port 0 takes a free one. On a Hugging Face Space (`SPACE_ID` is set) the page listens on every address. A question
    that hangs when the end comes ends the process with status 0, without a return. Raises UsageError where the address
    cannot be had, and as `check_reach` does.
    """
    check_reach(host, password, is_open=is_open)
    on_space = _is_on_space()
    listener = _listen("0.0.0.0" if on_space else host, port)
    with listener, logging_to_stderr(log_form), _ended_by_sigterm(), contextlib.suppress(KeyboardInterrupt):
        app = create_app(
            advisor, on_space=on_space, password=password, questions_per_minute=questions_per_minute, upkeep=upkeep
        )
        _server(app, listener, announce, on_space=on_space).run(sockets=[listener])


def create_app(
    advisor: Answering,
    *,
    on_space: bool = False,
    password: SecretStr = NO_PASSWORD,
    questions_per_minute: int = QUESTIONS_PER_MINUTE,
    upkeep: "Upkeep | None" = None,
) -> "FastAPI":
    """The page in its shell, with `/healthz` and `/readyz`; nothing listens yet."""
    kept = TemporaryDirectory(prefix="career-advisor-")  # nobody else may look into it
    files = Path(kept.name).resolve()
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # read when gradio is imported: otherwise it calls home
    os.environ["GRADIO_TEMP_DIR"] = str(files)  # otherwise it copies files to a folder that all its apps share
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    from fastapi import FastAPI

    from advisor.web.downloads import Downloads
    from advisor.web.site import build_site

    desk = Desk(advisor, Limits(questions_per_minute), client=client_in_hand)
    checkup = Checkup(desk)

    @contextlib.asynccontextmanager
    async def from_first_to_last(app: FastAPI) -> AsyncIterator[None]:
        threading.Thread(target=_tell_shortcomings, args=(checkup,), daemon=True).start()
        ending = threading.Event()
        begin_forgetting(desk.conversations, ending)
        yield
        from anyio.to_thread import run_sync

        ending.set()
        app.state.stuck = await run_sync(desk.close)
        kept.cleanup()

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, lifespan=from_first_to_last)
    add_health(app, checkup)
    if password.get_secret_value():
        app.add_middleware(signing_in, gate=SignIn(password))
    app.add_middleware(shell, frames=SPACE_FRAME if on_space else "'none'", files=files)
    return _mounted(app, build_site(desk, Downloads(files), upkeep, checkup))


def _mounted(app: "FastAPI", site: "gr.Blocks") -> "FastAPI":
    from gradio import mount_gradio_app

    from advisor.web.banner import LOOK
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
            css_paths=[*STYLE, LOOK],
            head_paths=HEAD,
        )
    return mounted


def _tell_shortcomings(checkup: Checkup) -> None:
    """Whoever starts the server reads at once what learners would find out."""
    for reason in checkup.health().reasons:
        log.warning("%s", reason)


def _is_on_space() -> bool:
    return "SPACE_ID" in os.environ


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


@contextlib.contextmanager
def _ended_by_sigterm() -> Iterator[None]:
    """Within, SIGTERM ends the server as Ctrl-C does; in a thread signals are somebody else's."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def end(_signal: int, _frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _end_at_once() -> None:
    """End this process although a question hangs: its thread would hold the end up for as long as it likes.

    A thread cannot be ended from outside. What there was of the answer is kept by now (`Desk.close`).
    """
    if threading.current_thread() is not threading.main_thread():
        return  # then the process is somebody else's
    log.warning("the server ends without waiting for what hangs")
    logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    os._exit(0)


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
            if getattr(app.state, "stuck", 0):
                _end_at_once()

    config = uvicorn.Config(
        app,
        log_config=None,  # its lines go where ours go
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
