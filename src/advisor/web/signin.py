"""Signing in with the one password of the page: a form, a cookie, and nothing of the page for anybody else.

Owns who is signed in (in memory: a restart signs everybody out) and how often a password may be tried. Needs no
JavaScript. What a request says of itself as a program, `Authorization: Bearer PASSWORD`, is accepted too.
"""

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from http.cookies import CookieError, SimpleCookie
from math import ceil
from threading import Lock
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, quote

from pydantic import SecretStr

from advisor.web.access import SIGNED_IN, client_of
from advisor.web.limits import Window

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

COOKIE = "career_advisor_session"
SESSION_SECONDS = 12 * 60 * 60
TRIES_A_MINUTE = 5  # by one client
ALL_TRIES_A_MINUTE = 100  # by everybody together: many addresses are cheap
OPEN_PATHS = frozenset({"/healthz", "/readyz"})  # they tell strangers next to nothing
_MOST_SESSIONS = 1000
_ALL = "everybody"
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} · Career Advisor</title><style>
:root {{ color-scheme: light dark; font: 1.05rem/1.5 system-ui, sans-serif }}
main {{ max-width: 22rem; margin: 15vh auto 0; padding: 0 1rem }}
label, input, button {{ display: block; width: 100%; box-sizing: border-box; font: inherit }}
input, button {{ margin-top: .4rem; padding: .6rem .8rem; border-radius: .5rem; border: 1px solid #78716c }}
button {{ margin-top: 1rem; border: 0; background: #0f766e; color: #fff; cursor: pointer }}
:focus-visible {{ outline: 3px solid #0d9488; outline-offset: 2px }}
[role=alert] {{ border-left: .3rem solid #b91c1c; padding-left: .7rem }}
</style></head><body><main><h1>{title}</h1>{body}</main></body></html>
"""


@dataclass(frozen=True, slots=True)
class Try:
    """What came of a password: a session's token, or why there is none."""

    token: str = ""
    refusal: str = ""
    wait_seconds: int = 0


class SignIn:
    """The password of the page and the sessions it has opened; any number of threads may share it."""

    def __init__(self, password: SecretStr, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._digest = _digest(password.get_secret_value())
        self._clock = clock
        self._sessions: dict[str, float] = {}  # digest of a token: when it ends
        self._lock = Lock()
        self._wrong = Window(TRIES_A_MINUTE, clock=clock)
        self._all_wrong = Window(ALL_TRIES_A_MINUTE, clock=clock)

    def attempt(self, given: str, client: str) -> Try:
        """Open a session for the right password; after too many wrong ones even that has to wait."""
        wait = ceil(max(self._wrong.wait_seconds(client), self._all_wrong.wait_seconds(_ALL)))
        if wait:
            return Try(refusal=f"Too many wrong passwords: try again in {wait} seconds.", wait_seconds=wait)
        if not hmac.compare_digest(_digest(given), self._digest):
            self._wrong.take(client)
            self._all_wrong.take(_ALL)
            return Try(refusal="That is not the password.")
        token = secrets.token_urlsafe(32)
        with self._lock:
            now = self._clock()
            fresh = {known: end for known, end in self._sessions.items() if end > now}
            self._sessions = dict(list(fresh.items())[-_MOST_SESSIONS + 1 :])
            self._sessions[_digest(token)] = now + SESSION_SECONDS
        return Try(token)

    def knows(self, token: str) -> bool:
        """Whether a session with this token is open."""
        return self._sessions.get(_digest(token), 0.0) > self._clock()

    def leave(self, token: str) -> None:
        """Close a session; none by that token is fine."""
        with self._lock:
            self._sessions.pop(_digest(token), None)


def signing_in(app: "ASGIApp", *, gate: SignIn) -> "ASGIApp":
    """The app for those who are signed in; a form for all others."""

    async def guarded(scope: "Scope", receive: "Receive", send: "Send") -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        from starlette.requests import Request

        token = _token(scope)
        bearer = _header(scope, b"authorization")
        scope = {**scope, SIGNED_IN: gate.knows(token)}
        if not scope[SIGNED_IN] and bearer[:7].lower() == "bearer ":
            tried = gate.attempt(bearer[7:].strip(), client_of(scope))
            gate.leave(tried.token)  # a program sends the password every time
            scope[SIGNED_IN] = bool(tried.token)
        path, method = scope["path"].rstrip("/"), scope["method"]
        if path == "/sign-out" and method == "POST":
            gate.leave(token)
            reply = _redirect("/sign-in", _cookie("", 0, scope))
        elif path == "/sign-in" and method == "POST":
            reply = _tried(gate, parse_qs((await Request(scope, receive).body()).decode("utf-8", "replace")), scope)
        elif path == "/sign-in":
            reply = _form(next_path=_query(scope, "next")) if not scope[SIGNED_IN] else _signed_in()
        elif scope[SIGNED_IN] or path in OPEN_PATHS:
            await app(scope, receive, send)
            return
        else:
            reply = _turned_away(scope)
        await reply(scope, receive, send)

    return guarded


# --- replies -----------------------------------------------------------------------------------------


def _tried(gate: SignIn, fields: dict[str, list[str]], scope: "Scope") -> Any:
    wanted = fields.get("next", ["/"])[0]
    tried = gate.attempt(fields.get("password", [""])[0], client_of(scope))
    if tried.token:
        return _redirect(_local(wanted), _cookie(tried.token, SESSION_SECONDS, scope))
    status = 429 if tried.wait_seconds else 401
    return _form(next_path=wanted, refusal=tried.refusal, status=status, wait_seconds=tried.wait_seconds)


def _turned_away(scope: "Scope") -> Any:
    """A browser that wants a page gets the form, everything else one line."""
    from starlette.responses import PlainTextResponse

    if scope["method"] == "GET" and "text/html" in _header(scope, b"accept"):
        return _redirect(f"/sign-in?next={quote(_local(scope['path']), safe='/')}")
    return PlainTextResponse("Sign in first, at /sign-in.", 401)


def _form(*, next_path: str, refusal: str = "", status: int = 200, wait_seconds: int = 0) -> Any:
    from starlette.responses import HTMLResponse

    alert = f'<p role="alert">{escape(refusal)}</p>' if refusal else ""
    body = (
        f'{alert}<form method="post" action="/sign-in">'
        f'<input type="hidden" name="next" value="{escape(_local(next_path))}">'
        '<label for="password">Password of this page</label><input id="password" name="password" type="password" '
        'autocomplete="current-password" required autofocus><button>Sign in</button></form>'
    )
    headers = {"cache-control": "no-store"} | ({"retry-after": str(wait_seconds)} if wait_seconds else {})
    return HTMLResponse(_PAGE.format(title="Sign in", body=body), status, headers)


def _signed_in() -> Any:
    from starlette.responses import HTMLResponse

    body = (
        '<p>You are signed in. <a href="/">To the page</a></p><form method="post" action="/sign-out">'
        "<button>Sign out</button></form>"
    )
    return HTMLResponse(_PAGE.format(title="Signed in", body=body), headers={"cache-control": "no-store"})


def _redirect(path: str, cookie: str = "") -> Any:
    from starlette.responses import Response

    return Response(status_code=303, headers={"location": path} | ({"set-cookie": cookie} if cookie else {}))


# --- what a request holds ----------------------------------------------------------------------------


def _cookie(token: str, seconds: int, scope: "Scope") -> str:
    secure = "; Secure" if scope.get("scheme") == "https" else ""
    return f"{COOKIE}={token}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}"


def _token(scope: "Scope") -> str:
    try:
        held = SimpleCookie(_header(scope, b"cookie")).get(COOKIE)
    except CookieError:
        return ""
    return held.value if held else ""


def _header(scope: "Scope", name: bytes) -> str:
    found: bytes = next((value for key, value in scope["headers"] if key == name), b"")
    return found.decode("latin-1")


def _query(scope: "Scope", name: str) -> str:
    asked: bytes = scope.get("query_string", b"")
    return parse_qs(asked.decode("latin-1")).get(name, ["/"])[0]


def _local(path: str) -> str:
    """The path, if it leads to this page; otherwise its start."""
    leads_away = not path.startswith("/") or path.startswith("//") or "\\" in path or not path.isprintable()
    return "/" if leads_away else path


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
