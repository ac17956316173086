"""Who a request comes from, and what that allows: the address it is counted under, and who may see maintainers' pages.

Reads only what the server itself put beside the request and what can make it stricter: no header ever allows more.
Knows nothing of passwords (`signin`) and of what the pages show.
"""

from collections.abc import Mapping
from contextvars import ContextVar
from ipaddress import IPv6Address, ip_address
from typing import Any
from urllib.parse import urlsplit

SIGNED_IN = "advisor.signed_in"  # the word in a request's scope that only the shell writes
SCOPE_IN_HAND: ContextVar[Mapping[str, Any] | None] = ContextVar("scope_in_hand", default=None)  # the shell sets it
_PASSED_ON = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip")
_NETWORK_BITS = 64  # of an IPv6 address: the rest is one household's to choose


def may_maintain(request: Any) -> bool:
    """Whether a request may see and do what is the maintainer's: signed in, or where nobody signs in from here.

    Takes a request of Starlette or of Gradio (`gr.Request` of a page or of an event). One from this machine must have
    come straight to a loopback address: what a proxy passed on, or a page of another site sent, does not count.
    """
    scope = _scope_of(request)
    if scope is None:
        return False
    return bool(scope[SIGNED_IN]) if SIGNED_IN in scope else is_from_here(scope)


def is_from_here(scope: Mapping[str, Any]) -> bool:
    """Whether a request came from this machine itself, to a loopback name, and from no page of another site."""
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope.get("headers", ())}
    if any(name in headers for name in _PASSED_ON) or not _is_loopback(_host_of(scope)):
        return False
    if not _is_loopback(_name(f"//{headers.get('host', '')}")):
        return False  # a name of somebody else's that leads here
    origin = headers.get("origin")
    return origin is None or _is_loopback(_name(origin))


def client_of(scope: Mapping[str, Any]) -> str:
    """What a request is counted under: the address of its client, of an IPv6 one the network; "" where there is none.

    Behind a proxy it is the one that the proxy names, if the server was told to believe it.
    """
    host = _host_of(scope)
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(IPv6Address(int(address) >> _NETWORK_BITS << _NETWORK_BITS)) if not address.is_loopback else "::1"
    return str(address)


def client_in_hand() -> str:
    """What the request that is being worked on is counted under; "" for one from this machine, and where there is none.

    Events of Gradio's queue are worked on far from their request, so Gradio is asked for it.
    """
    from gradio.context import LocalContext

    scope = _scope_of(LocalContext.request.get(None)) or SCOPE_IN_HAND.get()
    return "" if scope is None or is_from_here(scope) else client_of(scope)


def is_loopback_host(host: str) -> bool:
    """Whether a server that listens on this address or name can be reached from its own machine alone."""
    return _is_loopback(host.strip("[]"))


def _scope_of(request: Any) -> Mapping[str, Any] | None:
    scope = getattr(getattr(request, "request", request), "scope", None)  # Gradio's request holds Starlette's
    return scope if isinstance(scope, Mapping) else None


def _host_of(scope: Mapping[str, Any]) -> str:
    client = scope.get("client")
    return str(client[0]) if client else ""


def _name(url: str) -> str:
    """The host of an address; empty where it names none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _is_loopback(host: str) -> bool:
    if host.casefold() == "localhost":
        return True
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return (mapped or address).is_loopback
