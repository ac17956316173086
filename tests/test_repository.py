"""What surrounds the code says the same as the code: papers, citation, licences, lock, container, workflow."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from advisor import __version__
from advisor.models.catalogue import CATALOGUE

ROOT = Path(__file__).parents[1]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
PAPERS = (
    "LICENSE SECURITY.md CONTRIBUTING.md CHANGELOG.md CITATION.cff THIRD-PARTY.md constraints.txt requirements.lock"
    " Dockerfile compose.yaml .dockerignore .github/workflows/ci.yml"
).split()
_LOCKED = re.compile(r"^([A-Za-z0-9][\w.-]*)==([^\s;\\]+)", re.MULTILINE)
_LINK = re.compile(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)")


def text_of(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def yaml_of(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def canonical(name: str) -> str:
    """A package's name as indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def needed() -> set[str]:
    dependencies = tomllib.loads(text_of("pyproject.toml"))["project"]["dependencies"]
    return {canonical(re.split(r"[^\w.-]", dependency, maxsplit=1)[0]) for dependency in dependencies}


def versions(path: str) -> dict[str, str]:
    return {canonical(name): version for name, version in _LOCKED.findall(text_of(path))}


def table_rows(path: str, columns: int) -> set[tuple[str, ...]]:
    rows = (tuple(cell.strip() for cell in line.strip("| ").split(" | ")) for line in text_of(path).splitlines())
    return {row for row in rows if len(row) == columns}


@pytest.mark.parametrize("path", PAPERS)
def test_the_paper_is_there(path: str) -> None:
    assert (ROOT / path).stat().st_size > 0


@pytest.mark.parametrize("path", [path for path in PAPERS if path.endswith(".md")])
def test_links_of_the_papers_lead_somewhere(path: str) -> None:
    missing = [link for link in _LINK.findall(text_of(path)) if not (ROOT / link).exists()]
    assert missing == []


# --- citation and changes ----------------------------------------------------------------------------


def test_the_citation_names_this_version_and_licence() -> None:
    citation = yaml_of(ROOT / "CITATION.cff")
    assert citation["version"] == __version__
    assert citation["license"] == tomllib.loads(text_of("pyproject.toml"))["project"]["license"]
    assert {"cff-version", "message", "title", "authors"} <= citation.keys()


def test_the_changelog_speaks_of_this_version() -> None:
    assert __version__ in text_of("CHANGELOG.md")


# --- licences and versions ---------------------------------------------------------------------------


def test_every_model_of_the_catalogue_is_listed_with_its_licence() -> None:
    rows = {(row[0], row[2]) for row in table_rows("THIRD-PARTY.md", 4)}
    assert {(model.name, model.licence) for model in CATALOGUE} <= rows


def test_every_dependency_is_listed_with_a_licence() -> None:
    assert needed() <= {canonical(name) for name, _licence in table_rows("THIRD-PARTY.md", 2)}


def test_every_dependency_is_in_the_lock() -> None:
    assert needed() <= versions("requirements.lock").keys()


def test_everything_in_the_lock_has_a_hash() -> None:
    entries = re.split(r"^(?=[A-Za-z0-9])", text_of("requirements.lock"), flags=re.MULTILINE)[1:]
    assert len(entries) == len(versions("requirements.lock"))
    assert [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_the_lock_and_the_constraints_name_the_same_versions() -> None:
    locked, constrained = versions("requirements.lock"), versions("constraints.txt")
    assert {
        name: locked[name] for name in locked.keys() & constrained.keys() if locked[name] != constrained[name]
    } == {}


def test_torch_is_the_same_wherever_it_is_named() -> None:
    torch = f"torch=={versions('constraints.txt')['torch']}"
    assert [path for path in ("Makefile", "requirements.txt", "requirements.lock") if torch not in text_of(path)] == []


# --- container and workflow --------------------------------------------------------------------------


def test_the_container_runs_as_nobody_in_particular() -> None:
    last_stage = re.split(r"^FROM ", text_of("Dockerfile"), flags=re.MULTILINE)[-1]
    users = re.findall(r"^USER\s+(\S+)", last_stage, re.MULTILINE)
    assert users
    assert users[-1].split(":")[0] not in {"root", "0"}
    assert "\nHEALTHCHECK " in last_stage


def test_the_container_is_published_on_loopback_alone() -> None:
    services = yaml_of(ROOT / "compose.yaml")["services"]
    ports = [port for service in services.values() for port in service.get("ports", [])]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_what_the_dockerfile_copies_reaches_the_builder() -> None:
    copies = re.findall(r"^COPY (?!--from)(.+)$", text_of("Dockerfile"), re.MULTILINE)
    copied = {source for line in copies for source in line.split()[:-1]}
    let_through = {line.removeprefix("!") for line in text_of(".dockerignore").splitlines() if line.startswith("!")}
    assert copied == let_through
    assert all((ROOT / source).exists() for source in copied)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_may_only_read_and_pins_its_actions(path: Path) -> None:
    workflow = yaml_of(path)
    assert workflow["permissions"] == {"contents": "read"}
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    actions = [step["uses"] for step in steps if "uses" in step]
    assert [action for action in actions if not re.search(r"@(v\d+\.\d+\.\d+|[0-9a-f]{40})$", action)] == []


def test_ci_covers_three_systems() -> None:
    jobs = yaml_of(ROOT / ".github" / "workflows" / "ci.yml")["jobs"]
    systems = {job["runs-on"] for job in jobs.values()} | set(jobs["elsewhere"]["strategy"]["matrix"]["system"])
    assert {system.partition("-")[0] for system in systems} >= {"ubuntu", "windows", "macos"}
    assert any(step.get("run") == "bash .ci/run" for step in jobs["linux"]["steps"])
