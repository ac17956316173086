"""The tools of an assistant: what each gives, that nothing is opened too early or kept, and the wire."""

import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from cli_bench import ASKED, Bench, Captured, Command, one_line
from conftest import PAGES, HashingEmbedder, count_pieces, write_corpus
from role_bench import BAKER, MILLER

from advisor.cli.parts import Parts, open_forgetful
from advisor.cli.tools import Tools
from advisor.errors import AdvisorError, IndexMissing, QuestionError, UsageError
from advisor.index.build import build_index
from advisor.pipeline import Advisor
from advisor.records import answer_from_json
from advisor.settings import Settings

pytest_plugins = ["cli_bench"]

NEEDS_EXTRA = "THE PROTOCOL IS NOT TESTED: the extra mcp is not installed; run make dev, or pip install '.[mcp]'"
ROOT = Path(__file__).parents[1]
SERVER = Path(__file__).with_name("mcp_server.py")
TODAY = date(2026, 11, 21)
TOOLS = ["ask", "search", "plan", "compare"]


@pytest.fixture
def careers(tmp_path: Path, own_surroundings: None) -> Path:
    """An index of three careers and a gardener."""
    corpus = write_corpus(tmp_path / "corpus", PAGES | {"baker.md": BAKER, "miller.md": MILLER})
    build_index(corpus, tmp_path / "index", embedder=HashingEmbedder(), count_pieces=count_pieces)
    return tmp_path / "index"


class Opened:
    """Tools over light parts, and how often an advisor was opened for them."""

    def __init__(self, bench: Bench, index_dir: Path, **settings: Any) -> None:
        self.times = 0
        self._parts: Parts = bench.parts()
        self.tools = Tools(self.open, Settings(index_dir=index_dir, **settings), today=lambda: TODAY)

    def open(self, settings: Settings) -> Advisor:
        self.times += 1
        return open_forgetful(self._parts, settings)


@pytest.fixture
def opened(bench: Bench, careers: Path) -> Opened:
    return Opened(bench, careers, generator="extractive")


# --- the tools ---------------------------------------------------------------------------------------


def test_an_answer_is_told_with_its_sources_and_is_the_contracts_json(opened: Opened) -> None:
    told = opened.tools.ask("How long is phase 1 of the data engineer roadmap?")
    answer = answer_from_json(told.data)
    assert answer.text in told.text
    assert f"[1] {answer.citations[0].title}" in told.text
    assert answer.citations[0].document == "data-engineer.md"
    assert json.loads(json.dumps(told.data))["status"] == "answered"


def test_a_follow_up_is_understood_by_its_history_and_not_without(opened: Opened) -> None:
    follow_up = "And how long is phase 2?"
    alone = answer_from_json(opened.tools.ask(follow_up).data)
    following = answer_from_json(opened.tools.ask(follow_up, ["What is phase 1 of the data engineer roadmap?"]).data)
    assert following.understood.endswith("(data engineer)")
    assert "data engineer" not in alone.understood


def test_a_role_is_what_the_question_is_about(opened: Opened) -> None:
    told = opened.tools.ask("Which skills are essential?", role="bread maker")
    assert {citation["document"] for citation in told.data["citations"]} == {"baker.md"}


def test_passages_come_best_first_and_no_more_than_asked_for(opened: Opened) -> None:
    told = opened.tools.search("kneading dough by hand", 2)
    scores = [hit["score"] for hit in told.data["hits"]]
    assert len(scores) == 2
    assert scores == sorted(scores, reverse=True)
    assert [hit["rank"] for hit in told.data["hits"]] == [1, 2]
    for hit in told.data["hits"]:
        assert hit["text"] in told.text
        assert hit["document"] in told.text


def test_a_plan_is_dated_and_each_step_has_a_source(opened: Opened) -> None:
    told = opened.tools.plan("data engineer", hours_per_week=10, known=["python"], start="2027-01-04")
    assert told.text.startswith("# Study plan: Data Engineer\n")
    assert (told.data["start"], told.data["hours_per_week"]) == ("2027-01-04", 10)
    numbers = {citation["number"] for citation in told.data["citations"]}
    assert told.data["steps"]
    assert {step["citation"] for step in told.data["steps"]} <= numbers


def test_without_hours_a_plan_takes_eight_and_says_so(opened: Opened) -> None:
    told = opened.tools.plan("data engineer")
    assert told.data["hours_per_week"] == 8
    assert "8 hours per week" in told.text


def test_careers_stand_side_by_side_with_sources_for_each_cell(opened: Opened) -> None:
    told = opened.tools.compare(["baker", "miller"])
    assert told.data["roles"] == ["Baker", "Miller"]
    cited = {number for row in told.data["rows"] for cell in row["cells"] for number in cell["citations"]}
    assert cited == {citation["number"] for citation in told.data["citations"]}
    assert told.text.startswith("# Baker and Miller compared\n")


@pytest.mark.parametrize(
    ("tool", "given", "kind", "said"),
    [
        ("ask", {"question": " "}, QuestionError, "the question is empty"),
        ("ask", {"question": "And?", "history": ["a" * 3000]}, QuestionError, "3,000 characters"),
        ("ask", {"question": ASKED, "role": "wizard"}, UsageError, "Data Engineer"),
        ("search", {"query": "bread", "k": 0}, UsageError, "k is 0; give a number from 1 to 12"),
        ("search", {"query": "bread", "k": 13}, UsageError, "from 1 to 12"),
        ("plan", {"role": "wizard"}, UsageError, "wizard"),
        ("plan", {"role": "baker", "hours_per_week": 0}, UsageError, "hours_per_week 0 is not possible"),
        ("plan", {"role": "baker", "start": "soon"}, UsageError, "start 'soon' is no date"),
        ("compare", {"roles": ["baker"]}, UsageError, "two"),
    ],
)
def test_what_cannot_be_done_is_said_with_the_cure_in_the_tools_own_words(
    opened: Opened, tool: str, given: dict[str, Any], kind: type[AdvisorError], said: str
) -> None:
    with pytest.raises(kind, match=said) as raised:
        getattr(opened.tools, tool)(**given)
    assert "--" not in str(raised.value)


# --- what is opened, and when ------------------------------------------------------------------------


def test_nothing_is_opened_before_the_first_call_and_models_only_where_they_are_needed(opened: Opened) -> None:
    assert opened.times == 0
    opened.tools.plan("data engineer")
    opened.tools.compare(["baker", "miller"])
    with pytest.raises(QuestionError):
        opened.tools.ask("")
    assert opened.times == 0
    opened.tools.ask(ASKED)
    opened.tools.search(ASKED)
    assert opened.times == 1


def test_a_missing_index_is_told_at_the_call_and_found_once_it_is_there(
    bench: Bench, tmp_path: Path, corpus_dir: Path
) -> None:
    opened = Opened(bench, tmp_path / "later", generator="extractive")
    for call in (lambda: opened.tools.ask(ASKED), lambda: opened.tools.plan("data engineer")):
        with pytest.raises(IndexMissing, match="advisor index build"):
            call()
    build_index(corpus_dir, tmp_path / "later", embedder=bench.embedder, count_pieces=count_pieces)
    assert opened.tools.plan("data engineer").data["career"] == "Data Engineer"
    assert opened.tools.ask(ASKED).data["status"]


def test_a_new_build_is_taken_up_by_the_tools_that_need_no_model(bench: Bench, opened: Opened, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="smith"):
        opened.tools.compare(["baker", "smith"])
    write_corpus(tmp_path / "corpus", {"smith.md": MILLER.replace("Miller", "Smith").replace("miller", "smith")})
    build_index(tmp_path / "corpus", tmp_path / "index", embedder=bench.embedder, count_pieces=count_pieces)
    assert opened.tools.compare(["baker", "smith"]).data["roles"] == ["Baker", "Smith"]


def test_nothing_of_a_call_is_kept(opened: Opened, tmp_path: Path) -> None:
    opened.tools.ask(ASKED, ["What is phase 1?"])
    opened.tools.search(ASKED)
    assert not (tmp_path / "data").exists()


# --- the command -------------------------------------------------------------------------------------


def test_without_the_extra_the_command_names_it_and_its_help_works(tmp_path: Path) -> None:
    program = "import sys; sys.modules['mcp'] = None; from advisor.cli import main; main(sys.argv[1:])"
    for arguments, code in ((["mcp"], 2), (["mcp", "--help"], 0)):
        command = [sys.executable, "-c", program, *arguments]
        ran = subprocess.run(command, capture_output=True, encoding="utf-8", check=False, cwd=tmp_path, timeout=120)
        assert ran.returncode == code
        if code:
            assert "career-advisor[mcp]" in one_line(ran.stderr)
            assert ran.stdout == ""


def test_the_development_tools_bring_what_the_extra_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert set(project["project"]["optional-dependencies"]["mcp"]) <= set(project["dependency-groups"]["dev"])


def test_a_wrong_setting_is_bad_input(advisor: Command, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    monkeypatch.setenv("ADVISOR_TOP_PASSAGES", "none")
    assert advisor("mcp") == 2
    assert "top_passages" in one_line(capsys.readouterr().err)


# --- the protocol ------------------------------------------------------------------------------------


def hello(number: int) -> list[dict[str, Any]]:
    """What a client says first, in the older of the two ways to begin."""
    client = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}
    return [request(number, "initialize", client), {"jsonrpc": "2.0", "method": "notifications/initialized"}]


def request(number: int, method: str, params: dict[str, Any]) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": number, "method": method, "params": params}


def called(number: int, tool: str, **given: Any) -> dict[str, Any]:
    return request(number, "tools/call", {"name": tool, "arguments": given})


def talk(index_dir: Path, said: Sequence[dict[str, Any]]) -> tuple[dict[int, Any], subprocess.CompletedProcess[str]]:
    """Say this to the server, wait for as many answers as there are requests, close; the results by number."""
    command = [sys.executable, str(SERVER), str(index_dir)]
    results: dict[int, Any] = {}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
    ) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        for one in said:
            server.stdin.write(json.dumps(one) + "\n")
            server.stdin.flush()
            if "id" in one:
                line = json.loads(server.stdout.readline())  # nothing but the protocol comes this way
                results[line["id"]] = line["result"]
        out, err = server.communicate(timeout=60)
    return results, subprocess.CompletedProcess(command, server.returncode, out, err)


def test_the_wire_carries_answers_errors_and_nothing_else(careers: Path) -> None:
    pytest.importorskip("mcp", reason=NEEDS_EXTRA)
    said = [
        *hello(1),
        request(2, "tools/list", {}),
        called(3, "ask", question="How long is phase 1 of the data engineer roadmap?"),
        called(4, "plan", role="wizard"),
        called(5, "plan"),
        called(6, "compare", roles=["baker", "miller"]),
    ]
    results, ended = talk(careers, said)
    assert results[1]["serverInfo"]["name"] == "career-advisor"
    assert [tool["name"] for tool in results[2]["tools"]] == TOOLS
    answer = answer_from_json(results[3]["structuredContent"])
    assert answer.citations[0].document == "data-engineer.md"
    assert answer.text in results[3]["content"][0]["text"]
    for number, word in ((4, "wizard"), (5, "role")):
        assert results[number]["isError"] is True
        (complaint,) = results[number]["content"]
        assert word in complaint["text"]
        assert "\n" not in complaint["text"]
        assert "http" not in complaint["text"]
    assert results[6]["structuredContent"]["roles"] == ["Baker", "Miller"]
    assert (ended.returncode, ended.stdout) == (0, "")
    assert "loading weights: 100%" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_the_handshake_and_the_list_of_tools_need_neither_index_nor_models(
    own_surroundings: None, tmp_path: Path
) -> None:
    pytest.importorskip("mcp", reason=NEEDS_EXTRA)
    said = [*hello(1), request(2, "tools/list", {}), called(3, "ask", question=ASKED)]
    results, ended = talk(tmp_path / "no index", said)
    for tool in results[2]["tools"]:
        assert len(tool["description"]) > 100
        assert tool["annotations"]["readOnlyHint"] is True
        assert all(one["description"] for one in tool["inputSchema"]["properties"].values())
    assert results[3]["isError"] is True
    assert "advisor index build" in results[3]["content"][0]["text"]
    assert ended.returncode == 0


def test_the_protocols_own_client_gets_on_with_it(careers: Path) -> None:
    mcp = pytest.importorskip("mcp", reason=NEEDS_EXTRA)
    anyio = pytest.importorskip("anyio")
    surroundings = {name: value for name, value in os.environ.items() if name.startswith("ADVISOR_")}
    server = mcp.StdioServerParameters(
        command=sys.executable, args=[str(SERVER), str(careers)], env=surroundings, cwd=careers.parent
    )

    async def searched() -> Any:
        async with mcp.Client(server) as client:
            assert [tool.name for tool in (await client.list_tools()).tools] == TOOLS
            return await client.call_tool("search", {"query": "kneading dough by hand", "k": 1})

    found = anyio.run(searched)
    assert not found.is_error
    assert [hit["document"] for hit in found.structured_content["hits"]] == ["baker.md"]
