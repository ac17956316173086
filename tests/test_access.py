"""Who a request comes from, and what that allows."""

from typing import Any

import pytest
from starlette.requests import Request

from advisor.web.access import SIGNED_IN, client_of, is_loopback_host, may_maintain


def scope(client: str | None = "127.0.0.1", *, host: str = "127.0.0.1:7860", **headers: str) -> dict[str, Any]:
    sent = {"host": host, **{name.replace("_", "-"): value for name, value in headers.items()}}
    raw = [(name.encode(), value.encode()) for name, value in sent.items()]
    return {"type": "http", "client": (client, 50_000) if client else None, "headers": raw}


def test_whoever_sits_at_the_machine_may_maintain() -> None:
    assert may_maintain(Request(scope()))
    assert may_maintain(Request(scope("::1", host="[::1]:7860")))
    assert may_maintain(Request(scope("::ffff:127.0.0.1", host="localhost:7860")))
    assert may_maintain(Request(scope(origin="http://localhost:7860")))


@pytest.mark.parametrize(
    "stranger",
    [
        scope("192.168.1.7", host="192.168.1.2:7860"),
        scope("192.168.1.7"),
        scope(x_forwarded_for="127.0.0.1"),
        scope(forwarded="for=127.0.0.1"),
        scope(x_real_ip="127.0.0.1"),
        scope(via="1.1 proxy"),
        scope(host="advisor.example.org"),
        scope(host=""),
        scope(origin="https://evil.example"),
        scope(origin="null"),
        scope(None),
        scope("testclient"),
    ],
)
def test_strangers_and_what_a_proxy_passed_on_may_not(stranger: dict[str, Any]) -> None:
    assert not may_maintain(Request(stranger))


def test_whoever_is_signed_in_may_maintain_from_anywhere() -> None:
    assert may_maintain(Request(scope("192.168.1.7") | {SIGNED_IN: True}))
    assert not may_maintain(Request(scope("192.168.1.7") | {SIGNED_IN: False}))
    assert not may_maintain(Request(scope("192.168.1.7", advisor_signed_in="True")))


def test_where_there_is_a_password_sitting_at_the_machine_is_not_enough() -> None:
    assert not may_maintain(Request(scope() | {SIGNED_IN: False}))


def test_gradios_request_is_read_like_starlettes() -> None:
    import gradio as gr

    assert may_maintain(gr.Request(Request(scope())))
    assert not may_maintain(gr.Request(Request(scope("192.168.1.7"))))
    assert not may_maintain(gr.Request())
    assert not may_maintain(None)


def test_a_household_of_ipv6_addresses_is_one_client() -> None:
    assert client_of(scope("2001:db8:1:2:3:4:5:6")) == client_of(scope("2001:db8:1:2::9")) == "2001:db8:1:2::"
    assert client_of(scope("2001:db8:1:3::9")) != "2001:db8:1:2::"
    assert client_of(scope("::ffff:10.1.1.1")) == client_of(scope("10.1.1.1")) == "10.1.1.1"
    assert client_of(scope("::1")) == "::1"
    assert client_of(scope(None)) == ""


@pytest.mark.parametrize(
    ("host", "is_own"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("localhost", True),
        ("::1", True),
        ("[::1]", True),
        ("0.0.0.0", False),
        ("::", False),
        ("192.168.1.2", False),
        ("example.org", False),
        ("", False),
    ],
)
def test_which_addresses_only_the_machine_itself_reaches(host: str, is_own: bool) -> None:
    assert is_loopback_host(host) is is_own
