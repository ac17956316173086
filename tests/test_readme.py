"""The README is executed: its commands exist and run, its settings table is the program's, its figures have a report.

To renew the settings table and the figures of the corpus after a change: `python tests/test_readme.py`.
"""

import re
import shlex
from pathlib import Path

import pytest
from cli_bench import Bench
from conftest import count_pieces

from advisor.cli import run
from advisor.cli.corpus import figure_lines
from advisor.corpus.lint import corpus_figures
from advisor.index.build import build_index
from advisor.settings import Settings

pytest_plugins = ["cli_bench"]

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
START, END = "<!-- settings: made by tests/test_readme.py -->\n", "<!-- end of settings -->"
NEED_THE_PAGES = {"plan", "gap", "compare", "progress"}  # the careers they name have no page in the small corpus
FIGURES_START, FIGURES_END = "<!-- figures: made by tests/test_readme.py -->\n", "<!-- end of figures -->"


def settings_table() -> str:
    """One row per setting, as the program declares it."""
    rows = ["| setting | environment | default | what it sets |", "|---|---|---|---|"]
    for name, field in Settings.model_fields.items():
        stated = f"`{field.default}`" if str(field.default) else "none"
        default = "see `advisor settings`" if field.default_factory else stated
        rows.append(f"| `{name}` | `ADVISOR_{name.upper()}` | {default} | {field.description} |")
    return "\n".join(rows) + "\n"


def figures_block() -> str:
    """What `advisor corpus figures` prints, with the command that made it."""
    lines = "\n".join(figure_lines(corpus_figures(ROOT / "corpus")))
    return f"```console\n$ advisor corpus figures\n{lines}\n```\n"


def console_lines() -> list[str]:
    blocks = re.findall(r"```console\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    return [line for block in blocks for line in block.splitlines()]


def advisor_commands() -> list[list[str]]:
    shown = [line.removeprefix("$ ") for line in console_lines() if line.startswith("$ advisor ")]
    return [shlex.split(line, comments=True)[1:] for line in shown]


def test_the_settings_table_is_the_programs_own() -> None:
    text = README.read_text(encoding="utf-8")
    assert text[text.index(START) + len(START) : text.index(END)] == settings_table()


def test_the_figures_of_the_corpus_are_those_of_its_pages() -> None:
    text = README.read_text(encoding="utf-8")
    assert text[text.index(FIGURES_START) + len(FIGURES_START) : text.index(FIGURES_END)] == figures_block()


def test_the_make_targets_shown_exist() -> None:
    shown = [line.split()[1] for line in console_lines() if line.startswith("make ")]
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert {"run", "test"} <= set(shown)
    for target in shown:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), (
            f"make {target} is in the README but not in the Makefile"
        )


def test_the_readme_shows_commands() -> None:
    assert len(advisor_commands()) >= 5


@pytest.mark.parametrize("command", advisor_commands(), ids=" ".join)
def test_each_command_shown_runs(
    command: list[str], bench: Bench, index_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert index_dir == Path.cwd() / "index"  # the commands are typed where a corpus and an index lie
    if command[0] in NEED_THE_PAGES:
        build_index(ROOT / "corpus", index_dir, embedder=bench.embedder, count_pieces=count_pieces)
    needs_terminal = command[0] == "chat"
    code = run([*command, "--help"] if needs_terminal else command, parts=bench.parts())
    reports_what_is_amiss = code == 1 and (command[0] == "doctor" or command[:2] == ["corpus", "lint"])
    assert code == 0 or reports_what_is_amiss, capsys.readouterr().err
    assert capsys.readouterr().out


def test_the_report_behind_the_figures_is_committed() -> None:
    text = README.read_text(encoding="utf-8")
    reports = re.findall(r"\]\((eval/reports/[^)]+)\)", text)
    assert reports
    for report in reports:
        assert (ROOT / report).is_file()


if __name__ == "__main__":
    text = README.read_text(encoding="utf-8")
    for start, end, made in ((START, END, settings_table()), (FIGURES_START, FIGURES_END, figures_block())):
        text = text[: text.index(start) + len(start)] + made + text[text.index(end) :]
    README.write_text(text, encoding="utf-8")
