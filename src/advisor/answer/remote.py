"""A writer behind an OpenAI-compatible server: vLLM, llama.cpp, Ollama, `transformers serve`. The door of httpx.

Knows nothing of search or citations; what comes back is a draft until `ground` has checked it. The key goes into the
request and nowhere else: it is cut out of whatever a server says before that becomes part of an error.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Generator, Sequence
from contextlib import aclosing, asynccontextmanager, closing
from dataclasses import dataclass, replace
from ipaddress import ip_address
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pydantic import SecretStr

from advisor.answer.generate import Message
from advisor.answer.server_events import complaint, lines_of, model_names, one_line, read_event, without_thinking
from advisor.errors import WriterError

if TYPE_CHECKING:
    import httpx

log = logging.getLogger(__name__)

CONNECT_SECONDS = 3.0
SILENCE_SECONDS = 30.0  # between two pieces, and before the first one while the server reads the prompt
RETRY_SECONDS = 0.5
LONGEST_RETRY_SECONDS = 2.0  # of what a busy server may ask for
_STOP_SECONDS = 0.05  # how often a reader who waits looks at `stop`
_BUSY = frozenset({429, 502, 503})
_UNKNOWN_FIELD = frozenset({400, 422})  # what servers say to a request with a field they do not know
_MOST_CHARS_PER_TOKEN = 32
_MOST_BODY_BYTES = 1 << 16
_MOST_SAID_CHARS = 200


@dataclass(frozen=True, slots=True)
class RemoteWriter:
    """A model of a server. Each draft has a connection of its own, so several may be written at once."""

    name: str
    url: str
    api_key: SecretStr
    max_tokens: int
    deadline_seconds: float

    def stream(self, messages: Sequence[Message], *, stop: Event) -> Generator[str, None, None]:
        """Pieces of the draft, without what the model thinks aloud before it.

        The connection is closed when the reader closes the iterator, when it ends, and soon after `stop` is set.
        Raises WriterError; it says so, too, where the deadline cut the draft short or nothing was written.
        """
        begun = False
        with closing(self._pieces(messages, stop)) as pieces:
            for text in without_thinking(pieces):
                shown = text if begun else text.lstrip()
                if shown:
                    begun = True
                    yield shown
        if not begun and not stop.is_set():
            raise self._failure(
                "wrote nothing. If it is a model that thinks first, switch that off at the server, "
                "choose another model, or raise ADVISOR_WRITER_MAX_TOKENS"
            )

    def offered(self) -> tuple[str, ...]:
        """The names of the models that the server offers, in its order; none where it does not tell. WriterError."""
        return asyncio.run(self._ask_offered())

    def trouble(self, *, within_seconds: float = CONNECT_SECONDS) -> str:
        """What keeps the server from wording anything now, with its cure; empty where it is there and has the model."""
        try:
            offered = replace(self, deadline_seconds=min(within_seconds, self.deadline_seconds)).offered()
        except WriterError as error:
            return str(error)
        if not offered or {self.name, f"{self.name}:latest"} & {*offered}:
            return ""
        names = self._clipped(", ".join(offered))
        return str(self._failure(f"is not offered there; set ADVISOR_WRITER to one of: {names}"))

    def _pieces(self, messages: Sequence[Message], stop: Event) -> Generator[str, None, None]:
        """What the server writes as it comes. The talk has a thread of its own, so that a silent server can be left."""
        if stop.is_set():
            return
        pieces: SimpleQueue[str | None] = SimpleQueue()
        loop = asyncio.new_event_loop()
        talk = loop.create_task(self._talk(messages, pieces.put))
        worker = Thread(target=_run, args=(loop, talk, pieces), name="remote-writer", daemon=True)
        worker.start()
        try:
            while not stop.is_set():
                try:
                    piece = pieces.get(timeout=_STOP_SECONDS)
                except Empty:
                    continue
                if piece is None:
                    talk.result()  # raises what ended the talk, if anything did
                    return
                yield piece
        finally:
            loop.call_soon_threadsafe(talk.cancel)
            worker.join()
            loop.close()

    async def _talk(self, messages: Sequence[Message], deliver: Callable[[str], None]) -> None:
        """One draft, handed over piece by piece."""
        room = self.max_tokens * _MOST_CHARS_PER_TOKEN
        async with self._connected() as client:
            response = await self._opened(client, self._request(messages))
            if not response.is_success:
                raise await self._refusal(client, response)
            async with aclosing(lines_of(response.aiter_bytes())) as lines:
                async for line in lines:
                    event = read_event(line)
                    if event.error is not None:
                        raise self._failure(f"broke off{self._quoted(event.error)}; see the server's log")
                    if event.text:
                        deliver(event.text[:room])
                        room -= len(event.text)
                    if event.is_last or room <= 0:
                        return

    def _request(self, messages: Sequence[Message]) -> dict[str, Any]:
        return {
            "model": self.name,
            "messages": [{"role": message.role, "content": message.content} for message in messages],
            "stream": True,
            "max_tokens": self.max_tokens,
            "temperature": 0,
            "chat_template_kwargs": {"enable_thinking": False},
        }

    @asynccontextmanager
    async def _connected(self) -> "AsyncIterator[httpx.AsyncClient]":
        """A client for the server; its failures, and the end of the time for all of it, become WriterError."""
        import httpx

        key = self.api_key.get_secret_value()
        try:
            async with (
                asyncio.timeout(self.deadline_seconds),
                httpx.AsyncClient(
                    headers={"Accept-Encoding": "identity"} | ({"Authorization": f"Bearer {key}"} if key else {}),
                    timeout=httpx.Timeout(SILENCE_SECONDS, connect=CONNECT_SECONDS),
                    trust_env=leaves_this_machine(self.url),  # proxies are for other machines
                ) as client,
            ):
                yield client
        except TimeoutError as error:
            raise self._failure(
                f"did not finish within {self.deadline_seconds:g} seconds; "
                "raise ADVISOR_WRITER_DEADLINE_SECONDS, or choose a faster model or server"
            ) from error
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.InvalidURL, UnicodeError) as error:
            raise self._failure(
                f"cannot be reached{self._quoted(str(error))}. Is the server running? "
                "If it is elsewhere, set ADVISOR_WRITER_URL"
            ) from error
        except httpx.ReadTimeout as error:
            raise self._failure(f"said nothing for {SILENCE_SECONDS:g} seconds; see the server's log") from error
        except httpx.HTTPError as error:
            said = str(error) or type(error).__name__
            raise self._failure(f"broke off{self._quoted(said)}; see the server's log") from error

    async def _opened(self, client: "httpx.AsyncClient", request: dict[str, Any]) -> "httpx.Response":
        """The reply with its body unread; a server that may not know how to switch off thinking is asked without."""
        response = await self._sent(client, request)
        if response.status_code in _UNKNOWN_FIELD:
            await response.aclose()
            known = {field: value for field, value in request.items() if field != "chat_template_kwargs"}
            response = await self._sent(client, known)
        return response

    async def _sent(self, client: "httpx.AsyncClient", request: dict[str, Any]) -> "httpx.Response":
        """The reply with its body unread; a server that is busy or not there is asked once more, after a pause."""
        import httpx

        post = client.build_request("POST", f"{self.url}/chat/completions", json=request)
        pause_seconds = RETRY_SECONDS
        try:
            response = await client.send(post, stream=True)
            if response.status_code not in _BUSY:
                return response
            pause_seconds = _pause_seconds(response.headers.get("Retry-After", ""))
            await response.aclose()
        except httpx.ConnectError as error:
            log.debug("%s does not answer yet: %s", self.url, error)
        await asyncio.sleep(pause_seconds)
        return await client.send(post, stream=True)

    async def _refusal(self, client: "httpx.AsyncClient", response: "httpx.Response") -> WriterError:
        """The error for a reply that is none."""
        status = response.status_code
        if status in {401, 403}:  # nothing is quoted here: such replies repeat parts of the key
            return self._failure(f"is not for us ({status}); set ADVISOR_WRITER_API_KEY to a key of this server")
        if status == 404 and (offered := await self._offered_by(client)):
            names = self._clipped(", ".join(offered))
            return self._failure(f"is unknown there (404); set ADVISOR_WRITER to a model the server offers: {names}")
        because = f" ({status}){self._quoted(complaint(await _beginning(response)))}"
        if status == 404:
            return self._failure(
                f"is not found there{because}; has the server this model, and is ADVISOR_WRITER_URL right? "
                "Most addresses end in /v1"
            )
        if status in _BUSY:
            return self._failure(f"is busy{because}; ask again later")
        return self._failure(f"was refused by the server{because}; see the server's log")

    async def _ask_offered(self) -> tuple[str, ...]:
        async with self._connected() as client, client.stream("GET", f"{self.url}/models") as response:
            if not response.is_success and response.status_code != 404:
                raise await self._refusal(client, response)
            return model_names(await _beginning(response))

    async def _offered_by(self, client: "httpx.AsyncClient") -> tuple[str, ...]:
        """The names of the models, as far as they can be had: it is an error message that asks."""
        import httpx

        try:
            async with client.stream("GET", f"{self.url}/models") as response:
                return model_names(await _beginning(response))
        except httpx.HTTPError:
            return ()

    def _failure(self, what: str) -> WriterError:
        return WriterError(f"the writer {self.name!r} at {self.url} {what}")

    def _quoted(self, said: str) -> str:
        """What a stranger said, as the end of a clause; nothing where nothing was said."""
        return f": {self._clipped(said)!r}" if said else ""

    def _clipped(self, said: str) -> str:
        """A stranger's words as one line of bounded length, without the key."""
        line, key = one_line(said), self.api_key.get_secret_value()
        line = line.replace(key, "(the key)") if key else line  # first, so that no part of it is left at the cut
        return line if len(line) <= _MOST_SAID_CHARS else f"{line[:_MOST_SAID_CHARS]}…"


def open_remote_writer(
    url: str, *, name: str, api_key: SecretStr, max_tokens: int, deadline_seconds: float
) -> RemoteWriter:
    """The writer of this name behind this address; asks nothing over the network.

    Raises WriterError for a key that no request can carry.
    """
    key = api_key.get_secret_value().strip()  # a key read from a file has a line break at its end
    if not (key.isascii() and key.isprintable()) or " " in key:
        raise WriterError("ADVISOR_WRITER_API_KEY holds a character that no key has; set it again, as one line")
    if leaves_this_machine(url):
        log.info("questions and the passages found for them are sent to %s", url)
    return RemoteWriter(name, url.rstrip("/"), SecretStr(key), max_tokens, deadline_seconds)


def leaves_this_machine(url: str) -> bool:
    """Whether what is sent there goes to another machine, judged by the address alone."""
    host = urlsplit(url).hostname or ""
    try:
        address = ip_address(host)
    except ValueError:
        return host != "localhost" and not host.endswith(".localhost")
    return not (address.is_loopback or address.is_unspecified)


def _run(loop: asyncio.AbstractEventLoop, talk: "asyncio.Task[None]", pieces: "SimpleQueue[str | None]") -> None:
    try:
        loop.run_until_complete(asyncio.wait({talk}))  # does not raise: the reader asks the task how it ended
        loop.run_until_complete(loop.shutdown_asyncgens())
    finally:
        pieces.put(None)


async def _beginning(response: "httpx.Response") -> str:
    """The text of a body, as far as it is read."""
    body = b""
    async for part in response.aiter_bytes():
        body += part
        if len(body) > _MOST_BODY_BYTES:
            break
    return body.decode("utf-8", errors="replace")


def _pause_seconds(retry_after: str) -> float:
    asked = float(retry_after) if retry_after.isascii() and retry_after.isdigit() else RETRY_SECONDS
    return min(asked, LONGEST_RETRY_SECONDS)
