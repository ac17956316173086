"""What chat servers say: a line, a thought, a complaint is read alike, however it is cut and whatever is around it."""

import asyncio
import re
from collections.abc import AsyncIterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.answer.server_events import ServerEvent, complaint, lines_of, model_names, read_event, without_thinking

GARBAGE = (
    ": keep-alive\n\n", "event: ping\n", "id\n", "data:\n", "data: {\n", "data: [1, 2]\n", "data: null\n", "nonsense\n",
    'data: {"choices": {}}\n', 'data: {"choices": [{"delta": "x"}]}\n', 'data: {"choices": []}\n', "\x00\x01\n",
    'data: {"choices": [{"delta": {"content": 7}}]}\n', 'data: {"choices": [{"delta": {"content": "\\ud800"}}]}\n',
    'data: {"choices": [{"delta": null}]}\n', f"data: {'[' * 5000}\n", f"{'x' * 300_000}\n",
)  # fmt: skip


def lines(*parts: bytes) -> list[bytes]:
    async def coming() -> AsyncIterator[bytes]:
        for part in parts:
            yield part

    async def gathered() -> list[bytes]:
        return [line async for line in lines_of(coming())]

    return asyncio.run(gathered())


def test_a_line_that_does_not_end_is_not_gathered() -> None:
    *_, long, last = lines(*[b"x" * 50_000] * 5, b"\n: end")
    assert len(long) < 100_000
    assert last == b": end"


@given(st.binary(max_size=30).map(lambda text: bytes(b"ab\r\n"[byte % 4] for byte in text)), st.integers(1, 5))
def test_lines_are_those_of_the_whole_wherever_it_is_cut(whole: bytes, size: int) -> None:
    parts = [whole[start : start + size] for start in range(0, len(whole), size)]
    assert [line for piece in lines(*parts) if (line := piece.strip())] == whole.split()


@pytest.mark.parametrize(
    ("line", "event"),
    [
        ('data: {"choices": [{"delta": {"content": "six"}}]}', ServerEvent("six")),
        ('\ufeffdata:{"choices": [{"delta": {"content": "ö"}, "finish_reason": null}]}\r\n', ServerEvent("ö")),
        ('data: {"choices": [{"delta": {"content": "."}, "finish_reason": "stop"}]}', ServerEvent(".", is_last=True)),
        ('data: {"choices": [{"delta": {"reasoning_content": "hm"}}]}', ServerEvent()),
        ("data: [DONE]", ServerEvent(is_last=True)),
        ('data: {"error": {"message": "full"}}', ServerEvent(error="full")),
        ('data: {"error": true}', ServerEvent(error="True")),
        ('error: {"code": 400, "message": "full"}', ServerEvent(error="full")),
        ("error: ?", ServerEvent(error="")),
    ],
)
def test_a_line_is_read(line: str, event: ServerEvent) -> None:
    assert read_event(line.encode()) == event


@pytest.mark.parametrize("line", GARBAGE)
def test_a_line_that_means_nothing_is_an_empty_event(line: str) -> None:
    assert read_event(line.encode()) == ServerEvent()


@given(
    st.lists(st.sampled_from(["<think>", "</think>", "<", "think", ">", "</", "a", "b "]), max_size=12).map("".join),
    st.lists(st.integers(0, 60), max_size=6),
)
def test_wherever_a_text_is_cut_its_thoughts_are_those_of_the_whole(text: str, cuts: list[int]) -> None:
    places = sorted({min(cut, len(text)) for cut in cuts} | {0, len(text)})
    pieces = [text[start:end] for start, end in pairwise(places)]
    expected = re.sub(r"<think>.*?(?:</think>|$)", "", text, flags=re.DOTALL)
    assert "".join(without_thinking(pieces)) == expected


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ('{"error": {"message": "a", "code": 3}}', "a"),
        ('{"error": "b"}', "b"),
        ('{"object": "error", "message": "c"}', "c"),
        ('{"detail": [{"msg": "d"}]}', "[{'msg': 'd'}]"),
        ("{}", ""),
        ("<html>", ""),
        ("[" * 100_000, ""),
        ("", ""),
    ],
)
def test_what_a_server_says_went_wrong_is_found(body: str, said: str) -> None:
    assert complaint(body) == said


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ('{"data": [{"id": "a"}, {"id": "b\\nc", "object": "model"}]}', ("a", "b c")),
        ('{"data": []}', ()),
        ('{"data": [7]}', ()),
        ("<html>", ()),
    ],
)
def test_the_models_of_a_server_are_named(body: str, names: tuple[str, ...]) -> None:
    assert model_names(body) == names
