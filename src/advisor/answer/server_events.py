"""What a chat server says on the wire: the lines of its stream, its thoughts aloud, its complaints, its models.

Pure functions over bytes and text. Knows nothing of connections, and expects anything: a server is a stranger.
"""

import logging
from collections.abc import AsyncGenerator, AsyncIterable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import from_json

from advisor.text import visible

log = logging.getLogger(__name__)

_MOST_LINE_BYTES = 1 << 16
_THINK, _THOUGHT = "<think>", "</think>"


class _Delta(BaseModel):
    content: str | None = None


class _Choice(BaseModel):
    delta: _Delta | None = None
    finish_reason: str | None = None


class _Chunk(BaseModel):
    choices: tuple[_Choice, ...] = ()
    error: Any = None


class _Model(BaseModel):
    id: str


class _Models(BaseModel):
    data: tuple[_Model, ...]


@dataclass(frozen=True, slots=True)
class ServerEvent:
    """What one line of a stream means; all empty where it means nothing."""

    text: str = ""
    is_last: bool = False
    error: str | None = None  # what the server says of its failure, possibly nothing


async def lines_of(parts: AsyncIterable[bytes]) -> AsyncGenerator[bytes, None]:
    """The lines of a stream, the last one even without its end; what has come of one that grows too long is dropped."""
    held = b""
    async for part in parts:
        *lines, held = (held + part).splitlines(keepends=True) or [b""]
        if held.endswith((b"\n", b"\r")):
            lines, held = [*lines, held], b""
        for line in lines:
            yield line
        if len(held) > _MOST_LINE_BYTES:
            held = b""
    if held:
        yield held


def read_event(line: bytes) -> ServerEvent:
    """What a line of a stream of server-sent events means; an empty event where it is a comment or cannot be read.

    A failure comes as `data: {"error": …}`, from some releases of llama.cpp as `error: …` (llama.cpp issue 16104).
    """
    field, _, value = line.decode("utf-8", errors="replace").lstrip("\ufeff").partition(":")
    value = value.strip()
    if field == "error":
        return ServerEvent(error=complaint(value))
    if field != "data":
        return ServerEvent()
    if value == "[DONE]":
        return ServerEvent(is_last=True)
    try:
        chunk = _Chunk.model_validate_json(value)
    except ValidationError:
        log.debug("a line that cannot be read: %.80r", value)
        return ServerEvent()
    if chunk.error:
        return ServerEvent(error=complaint(value))
    text = "".join((choice.delta and choice.delta.content) or "" for choice in chunk.choices)
    return ServerEvent(text, any(choice.finish_reason for choice in chunk.choices))


def complaint(body: str) -> str:
    """What a server's JSON says went wrong, as one line; empty where it does not say, or says it otherwise."""
    try:
        told = from_json(body)
    except ValueError:
        return ""
    while isinstance(told, dict):
        told = next((told[key] for key in ("error", "detail", "message") if key in told), "")
    return one_line(str(told))


def without_thinking(pieces: Iterable[str]) -> Iterator[str]:
    """The pieces without `<think>…</think>`, wherever the marks are cut; an unclosed thought is dropped to the end."""
    held, thinking = "", False
    for piece in pieces:
        held += piece
        while (at := held.find(mark := _THOUGHT if thinking else _THINK)) >= 0:
            if at and not thinking:
                yield held[:at]
            held, thinking = held[at + len(mark) :], not thinking
        kept = _beginning_of(mark, held)
        if not thinking and len(held) > kept:
            yield held[: len(held) - kept]
        held = held[len(held) - kept :]
    if held and not thinking:
        yield held


def _beginning_of(mark: str, text: str) -> int:
    """How many characters at the end of the text may be the beginning of the mark."""
    return next(length for length in range(len(mark) - 1, -1, -1) if text.endswith(mark[:length]))


def model_names(body: str) -> tuple[str, ...]:
    """The names in a server's list of models, in its order; none where it is no such list."""
    try:
        return tuple(one_line(model.id) for model in _Models.model_validate_json(body).data)
    except ValidationError:
        return ()


def one_line(said: str) -> str:
    """A stranger's words without hidden characters and line breaks."""
    return " ".join(visible(said).split())
