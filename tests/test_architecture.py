"""The layers, the doors of heavy libraries and the house rules, read from the sources.

The checks are functions over {path below advisor/: source}, so that the second half of this file can show that each of
them catches a planted fault.
"""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

import pytest

import advisor

Sources = Mapping[str, str]

PACKAGE = Path(advisor.__file__).parent
# Lowest first; the names of one line know nothing of each other.
LAYERS = """
errors records
settings text
models
corpus
index
search
answer career
memory
pipeline
evaluation
web
cli
__main__
""".strip().splitlines()
RANK = {name: rank for rank, names in enumerate(LAYERS) for name in names.split()}

DOORS = {
    "faiss": "index/dense.py",
    "bm25s": "index/lexical.py",
    "sentence_transformers": "index/sentence_models.py",
    "transformers": "answer/generate.py",
    "httpx": "answer/remote.py",
    "sqlalchemy": "memory/",
    "huggingface_hub": "models/",
    "gradio": "web/",
    "mcp": "cli/mcp.py",
}
HEAVY = ("torch", "transformers", "faiss", "gradio", "sentence_transformers", "bm25s")
MOST_LINES = 400
EMPTY_WORDS = {"util", "helper", "manager", "base", "handler", "processor"}
EDGES = ("cli/", "web/")  # where an unforeseen error becomes a line for the user
CARRIES_ERRORS = {"answer/generate.py"}  # its thread hands every error over to the reader, who raises it


def real_sources() -> dict[str, str]:
    return {path.relative_to(PACKAGE).as_posix(): path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py")}


# --- the checks ------------------------------------------------------------------------------------


def module_name(path: str) -> str:
    """ "index/dense.py" as "advisor.index.dense", "index/__init__.py" as "advisor.index"."""
    parts = PurePosixPath(path).with_suffix("").parts
    return ".".join(("advisor", *(parts[:-1] if parts[-1] == "__init__" else parts)))


def imports(path: str, source: str, known: frozenset[str] = frozenset()) -> Iterator[str]:
    """Every module that a source imports, wherever in the file; `from a import b` is a.b where that is a module."""
    package = module_name(path) if path.endswith("__init__.py") else module_name(path).rpartition(".")[0]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            origin = ".".join([*above, *filter(None, [node.module])])
            for alias in node.names:
                inner = f"{origin}.{alias.name}"
                yield inner if inner in known else origin


def layer_of(module: str) -> str:
    """ "advisor.index.dense" as "index"; the package itself, which everybody may import, as ""."""
    return module.split(".")[1] if "." in module else ""


def inner_imports(sources: Sources) -> dict[str, set[str]]:
    """Module to the modules of this package that it imports."""
    known = frozenset(map(module_name, sources))
    return {
        module_name(path): {m for m in imports(path, source, known) if m.split(".")[0] == "advisor"}
        for path, source in sources.items()
    }


def strangers(sources: Sources) -> set[str]:
    """Files that belong to no layer."""
    return {path for path in sources if layer_of(module_name(path)) not in {*RANK, ""}}


def upward_imports(sources: Sources) -> set[tuple[str, str]]:
    """Imports that do not point down; inside one layer everything may be imported, the package itself nothing."""
    return {
        (module, target)
        for module, targets in inner_imports(sources).items()
        for target in targets
        if layer_of(module) != layer_of(target)
        and layer_of(target)
        and RANK.get(layer_of(target), len(RANK)) >= RANK.get(layer_of(module), -1)
    }


def modules_in_cycles(sources: Sources) -> set[str]:
    """Modules that import themselves by way of others (or at once)."""
    graph = inner_imports(sources)

    def reachable(start: str) -> set[str]:
        found: set[str] = set()
        open_ends = [start]
        while open_ends:
            fresh = graph.get(open_ends.pop(), set()) - found
            found |= fresh
            open_ends += fresh
        return found

    return {module for module in graph if module in reachable(module)}


def forced_doors(sources: Sources) -> set[tuple[str, str]]:
    """Files that import a library whose door is another file."""
    return {
        (path, library)
        for path, source in sources.items()
        for library in {module.split(".")[0] for module in imports(path, source)}
        if library in DOORS and not _is_at(path, DOORS[library])
    }


def _is_at(path: str, place: str) -> bool:
    return path.startswith(place) if place.endswith("/") else path == place


def too_long(sources: Sources) -> set[str]:
    """Files of more lines than one reads in a sitting."""
    return {path for path, source in sources.items() if len(source.splitlines()) > MOST_LINES}


def empty_names(sources: Sources) -> set[str]:
    """Files, folders, classes and functions whose name says nothing about the domain."""
    names = {part for path in sources for part in PurePosixPath(path).with_suffix("").parts}
    for source in sources.values():
        kinds = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
        names |= {node.name for node in ast.walk(ast.parse(source)) if isinstance(node, kinds)}
    return {name for name in names if EMPTY_WORDS & {word.lower().removesuffix("s") for word in _words(name)}}


def _words(name: str) -> list[str]:
    return re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)


def swallowers(sources: Sources) -> set[str]:
    """Files that catch everything, other than the edges of the program."""
    allowed = {path for path in sources for edge in EDGES if _is_at(path, edge)} | CARRIES_ERRORS
    return {
        path
        for path, source in sources.items()
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ExceptHandler) and _catches_all(node) and path not in allowed
    }


def _catches_all(handler: ast.ExceptHandler) -> bool:
    caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    names = [kind.attr if isinstance(kind, ast.Attribute) else getattr(kind, "id", None) for kind in caught]
    return any(name in {"Exception", "BaseException", None} for name in names)


def loaded_by(code: str) -> set[str]:
    """The heavy libraries that a fresh interpreter has loaded after this code."""
    asked = f"{code}\nimport sys\nprint(*(name for name in {HEAVY!r} if name in sys.modules))"
    ran = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 0, ran.stderr
    return set(ran.stdout.splitlines()[-1].split())


# --- the sources hold to them -----------------------------------------------------------------------


def test_every_module_belongs_to_a_layer() -> None:
    assert strangers(real_sources()) == set()


def test_imports_point_down() -> None:
    assert upward_imports(real_sources()) == set()


def test_no_module_imports_itself_by_way_of_others() -> None:
    assert modules_in_cycles(real_sources()) == set()


def test_heavy_libraries_have_one_door() -> None:
    assert forced_doors(real_sources()) == set()


def test_every_door_leads_somewhere() -> None:
    used = {
        library
        for path, source in real_sources().items()
        for library in {module.split(".")[0] for module in imports(path, source)}
        if library in DOORS and _is_at(path, DOORS[library])
    }
    assert used == DOORS.keys()


def test_no_file_is_too_long() -> None:
    assert too_long(real_sources()) == set()


def test_names_speak_of_the_domain() -> None:
    assert empty_names(real_sources()) == set()


def test_nobody_but_the_edges_catches_everything() -> None:
    assert swallowers(real_sources()) == set()


@pytest.mark.parametrize("module", ["advisor.pipeline", "advisor.cli"])
def test_importing_does_no_heavy_work(module: str) -> None:
    assert loaded_by(f"import {module}") == set()


def test_help_loads_nothing_heavy() -> None:
    assert (
        loaded_by(
            "import sys\nfrom advisor.cli import main\nsys.argv = ['advisor', '--help']\n"
            "try:\n    main()\nexcept SystemExit as ended:\n    assert not ended.code"
        )
        == set()
    )


# --- the checks catch what they are for --------------------------------------------------------------


def test_a_module_outside_the_layers_is_caught() -> None:
    assert strangers({"index/dense.py": "", "__init__.py": "", "shop.py": "", "till/coin.py": ""}) == {
        "shop.py",
        "till/coin.py",
    }


@pytest.mark.parametrize(
    ("path", "source", "target"),
    [
        ("index/dense.py", "from advisor.search.query import understand", "advisor.search.query"),
        ("index/dense.py", "from advisor.search import query", "advisor.search.query"),
        ("index/dense.py", "import advisor.pipeline", "advisor.pipeline"),
        ("index/dense.py", "from ..pipeline import ask", "advisor.pipeline"),
        ("index/dense.py", "def f():\n    from advisor.cli import main", "advisor.cli"),
        ("index/dense.py", "if False:\n    import advisor.web.page", "advisor.web.page"),
        ("index/__init__.py", "from ..answer import compose", "advisor.answer.compose"),
        ("text.py", "from advisor.settings import Settings", "advisor.settings"),
        ("career/plan.py", "from advisor.answer.compose import compose", "advisor.answer.compose"),
        ("index/dense.py", "import advisor.unheard", "advisor.unheard"),
    ],
)
def test_an_import_that_points_up_or_aside_is_caught(path: str, source: str, target: str) -> None:
    others = {"search/query.py": "", "answer/compose.py": "", "pipeline.py": "", "settings.py": ""}
    assert upward_imports({**others, path: source}) == {(module_name(path), target)}


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("search/hybrid.py", "from advisor.index.dense import DenseIndex\nfrom advisor import __version__\nimport re"),
        ("search/hybrid.py", "from advisor.search.query import understand\nfrom .query import understand"),
        ("__main__.py", "from advisor.cli import main"),
        ("models/__init__.py", "from advisor.models.catalogue import CATALOGUE"),
    ],
)
def test_an_import_that_points_down_is_let_through(path: str, source: str) -> None:
    assert upward_imports({path: source, "models/catalogue.py": "", "search/query.py": ""}) == set()


def test_a_cycle_inside_a_folder_is_caught() -> None:
    sources = {
        "index/a.py": "from advisor.index import b",
        "index/b.py": "def later():\n    from .c import thing",
        "index/c.py": "import advisor.index.a",
        "index/d.py": "from advisor.index.a import thing",
    }
    assert modules_in_cycles(sources) == {"advisor.index.a", "advisor.index.b", "advisor.index.c"}


def test_a_folder_that_is_imported_by_its_own_parts_is_caught() -> None:
    sources = {"models/__init__.py": "from advisor.models.a import x", "models/a.py": "from advisor.models import y"}
    assert modules_in_cycles(sources) == {"advisor.models", "advisor.models.a"}


def test_a_library_beside_its_door_is_caught() -> None:
    sources = {
        "index/dense.py": "import faiss",
        "index/build.py": "def f():\n    import faiss.contrib",
        "web/page.py": "import gradio as gr",
        "cli.py": "from gradio import Blocks",
        "index/sentence_models.py": "import sentence_transformers",
        "answer/weigh.py": "from sentence_transformers.util import cos_sim",
    }
    assert forced_doors(sources) == {
        ("index/build.py", "faiss"),
        ("cli.py", "gradio"),
        ("answer/weigh.py", "sentence_transformers"),
    }


def test_a_long_file_is_caught() -> None:
    sources = {"a.py": "x = 1\n" * MOST_LINES, "b.py": "x = 1\n" * (MOST_LINES + 1)}
    assert too_long(sources) == {"b.py"}


def test_empty_names_are_caught() -> None:
    sources = {
        "utils.py": "",
        "index/base.py": "",
        "text.py": "class IndexManager: ...\ndef process_handler(): ...\ndef rebase_database(): ...",
    }
    assert empty_names(sources) == {"utils", "base", "IndexManager", "process_handler"}


@pytest.mark.parametrize(
    "handler", ["except Exception:", "except BaseException as e:", "except:", "except (OSError, Exception):"]
)
def test_catching_everything_is_caught_but_at_the_edges(handler: str) -> None:
    source = f"try:\n    x = 1\n{handler}\n    pass"
    assert swallowers({"index/build.py": source, "cli/__init__.py": source, "web/page.py": source}) == {
        "index/build.py"
    }


def test_catching_something_is_let_through() -> None:
    assert swallowers({"text.py": "try:\n    x = 1\nexcept (OSError, KeyError):\n    raise"}) == set()


def test_a_heavy_import_is_caught() -> None:
    assert "bm25s" in loaded_by("import bm25s")
