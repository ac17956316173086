"""The product as it ships: the real embedder and writer, the repository's own corpus, no network.

Each test runs a fresh interpreter in which every attempt to reach another host raises: what passes here needs none.
"""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from advisor.errors import ModelMissing
from advisor.models import locate
from advisor.settings import Settings

pytestmark = pytest.mark.models

ROOT = Path(__file__).parents[1]
# Audit events are raised by the interpreter itself, whatever library opens the socket.
NO_NETWORK = """
import sys
def refuse(event, args):
    here = {None, "", "127.0.0.1", "localhost", "::1"}
    if event in {"socket.getaddrinfo", "socket.gethostbyname"} and args[0] not in here:
        raise RuntimeError(f"tried to look up {args[0]!r}")
    if event == "socket.connect" and isinstance(args[1], tuple) and args[1][0] not in {"127.0.0.1", "::1"}:
        raise RuntimeError(f"tried to connect to {args[1]!r}")
sys.addaudithook(refuse)
"""
RUN_CLI = NO_NETWORK + "from advisor.cli import main\nsys.exit(main(sys.argv[1:]))\n"


@dataclass(frozen=True)
class Product:
    """An index of the repository's corpus and an environment to run the program in."""

    index: Path
    environment: dict[str, str]

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", RUN_CLI, *arguments],
            capture_output=True,
            text=True,
            encoding="utf-8",
            env=self.environment,
            cwd=ROOT,
            timeout=300,
            check=False,
        )

    def ask(self, question: str, *options: str) -> dict[str, object]:
        done = self.run("ask", question, "--json", "--index", str(self.index), *options)
        assert done.returncode == 0, done.stderr
        answer: dict[str, object] = json.loads(done.stdout)
        return answer


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Product:
    try:
        for name in (Settings().embedder, Settings().writer):
            locate(name, models_dir=Settings().models_dir)
    except ModelMissing as missing:
        pytest.skip(f"the real models are not here: {missing}")
    folder = tmp_path_factory.mktemp("product")
    made = Product(folder / "index", {**os.environ, "ADVISOR_DATA_DIR": str(folder / "data")})
    built = made.run("index", "build", "--corpus", str(ROOT / "corpus"), "--index", str(made.index))
    assert built.returncode == 0, built.stderr
    return made


def test_the_first_question_of_the_readme_gets_a_cited_answer(product: Product) -> None:
    answer = product.ask("Which certifications should an AI/ML engineer get?", "--generator", "extractive")
    assert answer["status"] == "answered"
    assert "Google Professional Machine Learning Engineer" in str(answer["answer"])
    citations = answer["citations"]
    assert isinstance(citations, list)
    assert citations
    for citation in citations:
        page = (ROOT / "corpus" / citation["document"]).read_text(encoding="utf-8")
        assert citation["quote"] in page
        assert f"[{citation['number']}]" in str(answer["answer"])


def test_the_writer_drafts_and_what_it_invents_does_not_pass(product: Product) -> None:
    answer = product.ask("How long is the foundation phase?")
    assert answer["status"] == "answered"
    assert "4 weeks" in str(answer["answer"])
    was_worded = answer["generator"] != "extractive"
    notes = answer["notes"]
    assert isinstance(notes, list)
    assert was_worded or any("the model's wording" in note for note in notes)  # a draft there was, in either case


def test_a_question_the_corpus_does_not_cover_is_refused(product: Product) -> None:
    answer = product.ask("What salary does a nurse earn in Oslo?", "--generator", "extractive")
    assert answer["status"] == "refused"
    assert answer["citations"] == []


def test_a_guard_that_cannot_fail_would_prove_nothing() -> None:
    probe = NO_NETWORK + "import urllib.request\nurllib.request.urlopen('http://example.org', timeout=2)\n"
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "tried to" in done.stderr
