"""Signing in: nothing of the page without the password, a cookie that nobody else can use, and few tries."""

import re
from collections.abc import Callable, Iterator

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient
from page_server import ScriptedAdvisor
from pydantic import SecretStr

from advisor.errors import UsageError
from advisor.memory import open_conversations
from advisor.web.access import may_maintain
from advisor.web.serve import NO_PASSWORD, check_reach, create_app
from advisor.web.signin import ALL_TRIES_A_MINUTE, COOKIE, SESSION_SECONDS, TRIES_A_MINUTE, SignIn, signing_in

PASSWORD = "correct horse battery"
BROWSER = {"accept": "text/html,application/xhtml+xml"}


class Clock:
    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def gate(clock: Clock) -> SignIn:
    return SignIn(SecretStr(PASSWORD), clock=clock)


@pytest.fixture
def visit(gate: SignIn) -> Callable[..., TestClient]:
    """A browser of its own before an app that says who may maintain it."""
    app = FastAPI()

    def page(request: Request, path: str) -> str:
        return f"the page {path}, {may_maintain(request)}"

    app.get("/{path:path}")(page)
    app.post("/{path:path}")(page)
    app.add_middleware(signing_in, gate=gate)
    return lambda address="10.1.1.1", url="http://advisor.example": TestClient(
        app, base_url=url, client=(address, 50_000), follow_redirects=False
    )


def signed_in(client: TestClient, password: str = PASSWORD, **fields: str) -> TestClient:
    client.post("/sign-in", data={"password": password, **fields})
    return client


# --- which addresses need it ---------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.2", "my-laptop"])
def test_an_address_that_others_reach_needs_a_password_or_a_word(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SPACE_ID", raising=False)
    with pytest.raises(UsageError, match=r"ADVISOR_PAGE_PASSWORD.*--open"):
        check_reach(host, NO_PASSWORD, is_open=False)
    check_reach(host, SecretStr(PASSWORD), is_open=False)
    check_reach(host, NO_PASSWORD, is_open=True)
    monkeypatch.setenv("SPACE_ID", "somebody/advisor")
    check_reach(host, NO_PASSWORD, is_open=False)


def test_this_machines_own_address_needs_none() -> None:
    for host in ("127.0.0.1", "localhost", "::1"):
        check_reach(host, NO_PASSWORD, is_open=False)


# --- the gate ------------------------------------------------------------------------------------------


def test_a_browser_that_wants_a_page_gets_the_form_and_then_that_page(visit: Callable[..., TestClient]) -> None:
    client = visit()
    turned = client.get("/plan", headers=BROWSER)
    assert (turned.status_code, turned.headers["location"]) == (303, "/sign-in?next=/plan")
    form = client.get(turned.headers["location"])
    assert form.status_code == 200
    assert '<input type="hidden" name="next" value="/plan">' in form.text
    assert 'type="password"' in form.text
    assert "<script" not in form.text
    entered = client.post("/sign-in", data={"password": PASSWORD, "next": "/plan"})
    assert (entered.status_code, entered.headers["location"]) == (303, "/plan")
    assert client.get("/plan").text == '"the page plan, True"'


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/config"), ("POST", "/gradio_api/queue/join"), ("POST", "/"), ("GET", "/maintain"), ("DELETE", "/x"),
     ("GET", "/sign-in/../config"), ("GET", "//sign-in"), ("GET", "/healthz/../config"), ("GET", "/sign-out")],
)  # fmt: skip
def test_nothing_of_the_page_is_given_to_strangers(visit: Callable[..., TestClient], method: str, path: str) -> None:
    answer = visit().request(method, path)
    assert answer.status_code == 401
    assert "the page" not in answer.text


def test_health_is_told_to_everybody(visit: Callable[..., TestClient]) -> None:
    assert visit().get("/healthz").text == '"the page healthz, False"'


def test_the_cookie_is_of_no_use_to_scripts_other_sites_and_after_its_time(
    visit: Callable[..., TestClient], clock: Clock
) -> None:
    client = visit()
    cookie = client.post("/sign-in", data={"password": PASSWORD}).headers["set-cookie"]
    assert re.fullmatch(rf"{COOKIE}=[\w-]{{43}}; Path=/; Max-Age={SESSION_SECONDS}; HttpOnly; SameSite=Strict", cookie)
    assert PASSWORD not in cookie
    clock.seconds += SESSION_SECONDS
    assert client.get("/config").status_code == 401
    secure = visit(url="https://advisor.example").post("/sign-in", data={"password": PASSWORD}).headers["set-cookie"]
    assert secure.endswith("; Secure")


@pytest.mark.parametrize("cookie", ["", "x", "a" * 43, '"', "\x00", "career_advisor_session=", ";;;=="])
def test_a_cookie_that_was_made_up_opens_nothing(visit: Callable[..., TestClient], cookie: str) -> None:
    client = visit()
    for header in (f"{COOKIE}={cookie}", cookie):
        assert client.get("/config", headers={"cookie": header}).status_code == 401


def test_signing_out_ends_the_session_and_not_only_the_cookie(visit: Callable[..., TestClient]) -> None:
    client = signed_in(visit())
    token = client.cookies[COOKIE]
    assert "Sign out" in client.get("/sign-in").text
    assert client.post("/sign-out").headers["location"] == "/sign-in"
    assert visit().get("/config", headers={"cookie": f"{COOKIE}={token}"}).status_code == 401


def test_after_too_many_wrong_passwords_the_right_one_has_to_wait_and_other_clients_do_not(
    visit: Callable[..., TestClient], clock: Clock
) -> None:
    client = visit()
    for _ in range(TRIES_A_MINUTE):
        wrong = client.post("/sign-in", data={"password": "guess"})
        assert wrong.status_code == 401
        assert "That is not the password." in wrong.text
    waiting = client.post("/sign-in", data={"password": PASSWORD})
    assert (waiting.status_code, waiting.headers["retry-after"]) == (429, "60")
    assert "try again in 60 seconds" in waiting.text
    assert signed_in(visit("10.2.2.2")).get("/config").status_code == 200
    clock.seconds += 60
    assert signed_in(client).get("/config").status_code == 200


def test_many_addresses_together_have_a_limit_too(gate: SignIn) -> None:
    for number in range(ALL_TRIES_A_MINUTE):
        assert gate.attempt("guess", f"10.0.0.{number}").refusal == "That is not the password."
    assert gate.attempt("guess", "10.9.9.9").wait_seconds == 60


@pytest.mark.parametrize("wanted", ["https://evil.example", "//evil.example", "/\\evil.example", "evil", "/a\r\nb: c"])
def test_after_signing_in_nobody_is_led_away(visit: Callable[..., TestClient], wanted: str) -> None:
    entered = visit().post("/sign-in", data={"password": PASSWORD, "next": wanted})
    assert (entered.status_code, entered.headers["location"]) == (303, "/")


def test_what_a_stranger_asks_for_is_escaped_in_the_form(visit: Callable[..., TestClient]) -> None:
    form = visit().get("/sign-in", params={"next": '/"><script>alert(1)</script>'})
    assert "<script" not in form.text


def test_a_program_may_send_the_password_and_its_tries_count_as_well(visit: Callable[..., TestClient]) -> None:
    client = visit()
    assert client.get("/config", headers={"authorization": f"Bearer {PASSWORD}"}).status_code == 200
    for _ in range(TRIES_A_MINUTE):
        assert client.get("/config", headers={"authorization": "Bearer guess"}).status_code == 401
    assert client.get("/config", headers={"authorization": f"Bearer {PASSWORD}"}).status_code == 401


# --- the whole page ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def closed() -> Iterator[FastAPI]:
    with open_conversations(None) as conversations:
        yield create_app(ScriptedAdvisor(conversations), password=SecretStr(PASSWORD))


def test_the_whole_page_is_behind_the_form(closed: FastAPI) -> None:
    with TestClient(closed, follow_redirects=False) as client:
        for path in ("/config", "/gradio_api/info", "/plan", "/gradio_api/queue/data?session_hash=x", "/theme.css"):
            assert client.get(path).status_code == 401
        assert client.post("/gradio_api/queue/join", json={}).status_code == 401
        assert client.get("/healthz").json() == {"status": "ok", "degraded": False}
        form = client.get("/sign-in")
        assert "frame-ancestors 'none'" in form.headers["content-security-policy"]
        signed_in(client)
        assert client.get("/config").status_code == 200
        assert client.get("/", headers=BROWSER).status_code == 200
        assert "build" in client.get("/healthz").json()
