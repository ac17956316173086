"""Faults 12, 13 and 24: files no writer of pages would make, cuts at any place, and the same build over and over."""

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from random import Random

from conftest import PAGES, HashingEmbedder, count_pieces, write_corpus

from advisor.corpus.chunking import LIMIT_PIECES, chunk_document, embedding_text
from advisor.corpus.outline import outline_document
from advisor.corpus.reading import read_document
from advisor.index.build import BuildReport, build_index
from advisor.index.embedding import Vectors
from advisor.index.publish import current_build, open_snapshot, read_manifest
from tests.torture.stage import advisor_over, ask, build, open_sound
from tests.torture.trial import Broken, Run, expect, told_by

FILE_SECONDS = 40.0  # a busy machine takes several times what it needs
SLOW = {  # seconds each; tried one by one, and only in a full run
    "50mb-line.md", "zip-bomb.docx", "5mb-line.md", "10k-headings.md", "1mb-of-words.md", "deep-list.md", "brackets.md",
    "emphasis.md", "deep-headings.md", "deep.html", "1mb-of-sentences.md", "1mb-heading.md", "1mb-of-items.md",
}  # fmt: skip
READ = (".md", ".markdown", ".txt", ".html", ".htm", ".pdf", ".docx")

Make = Callable[[Path, Random], None]


def _bytes(content: bytes) -> Make:
    return lambda path, _chance: path.write_bytes(content) and None


def _text(content: str) -> Make:
    return _bytes(content.encode("utf-8", "surrogatepass"))


def _noise(size: int) -> Make:
    return lambda path, chance: path.write_bytes(chance.randbytes(size)) and None


def _garbled(content: str, share: float) -> Make:
    """The text with some of its bytes drawn anew."""

    def make(path: Path, chance: Random) -> None:
        raw = bytearray(content.encode())
        for _ in range(max(int(len(raw) * share), 1)):
            raw[chance.randrange(len(raw))] = chance.randrange(256)
        path.write_bytes(raw)

    return make


def _link_to(target: str) -> Make:
    return lambda path, _chance: path.symlink_to(target)


PAGE = PAGES["data-engineer.md"]
BOMB = "---\na: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{','.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(8)
) + "---\n# Bomb\n\nSome words.\n"  # fmt: skip
FILES: dict[str, Make] = {
    "bad-utf8.md": _bytes(b"# Caf\xe9\n\nWords \xff\xfe\xc3 more words.\n"),
    "nul.md": _bytes(b"# Nul\n\nA\x00B\n"),
    "bom.md": _bytes(b"\xef\xbb\xbf# With a mark\n\nWords.\n"),
    "utf16.md": _bytes("# Wide\n\nWords.\n".encode("utf-16")),
    "utf16-odd.md": _bytes("# Wide\n\nWords.\n".encode("utf-16")[:-1]),
    "utf32.md": _bytes("# Wider\n\nWords.\n".encode("utf-32")),
    "mojibake.md": _text("# CafÃ© â€œquotedâ€\x9d\n\nItâ€™s naÃ¯ve.\n"),
    "surrogates.md": _text("# Lone \ud800\n\nWords \udfff.\n"),
    "50mb-line.md": lambda path, _c: path.write_bytes(b"# Long\n\n" + b"word " * 10_000_000) and None,
    "5mb-line.md": lambda path, _c: path.write_bytes(b"# Long\n\n" + b"x" * 5_000_000) and None,
    "1mb-of-words.md": _text("# Long\n\n" + "word " * 200_000),
    "1mb-of-sentences.md": _text("# Long\n\n" + "This is a sentence of words. " * 35_000),
    "1mb-of-items.md": _text("# Long\n\n" + "- an item of the list\n" * 45_000),
    "1mb-of-blanks.md": _text("# Long\n\n" + " " * 1_000_000 + "x\n"),
    "1mb-heading.md": _text("# " + "word " * 200_000 + "\n\n" + "text " * 20_000),
    "initials.md": _text("# Initials\n\n" + "A b. " * 20_000),
    "10k-headings.md": _text("".join(f"# Heading {n}\n\nText {n}.\n\n" for n in range(10_000))),
    "deep-headings.md": _text("".join(f"{'#' * min(n, 7)} H{n}\n" for n in range(1, 2000))),
    "deep-list.md": _text("# Deep\n\n" + "".join(f"{'  ' * n}- item {n}\n" for n in range(400))),
    "deep-quote.md": _text("# Deep\n\n" + ">" * 5000 + " quoted\n"),
    "brackets.md": _text("# Brackets\n\n" + "[" * 50_000 + "\n"),
    "emphasis.md": _text("# Stars\n\n" + "*a **b " * 5_000 + "\n"),
    "backticks.md": _text("# Ticks\n\n" + "".join("`" * n + " " for n in range(1, 400)) + "\n"),
    "wide-table.md": _text("# Table\n\n|" + "a|" * 3000 + "\n|" + "-|" * 3000 + "\n|" + "b|" * 3000 + "\n"),
    "empty.md": _bytes(b""),
    "blank.md": _bytes(b" \n\t\n  \n"),
    "only-heading.md": _text("# Nothing below\n"),
    "only-front-matter.md": _text("---\ntitle: Nothing below\n---\n"),
    "open-front-matter.md": _text("---\ntitle: Never closed\n# Heading\n\nWords.\n"),
    "open-fence.md": _text("# Fence\n\n```python\nprint()\n" * 50),
    "huge-yaml.md": _text("---\ntitle: x\nnote: " + "y" * 2_000_000 + "\n---\n# Huge\n\nWords.\n"),
    "yaml-bomb.md": _text(BOMB),
    "deep-yaml.md": _text("---\na: " + "[" * 5000 + "]" * 5000 + "\n---\n# Deep\n\nWords.\n"),
    "yaml-tag.md": _text("---\ntitle: !!python/object/apply:os.system ['touch pwned']\n---\n# Tag\n\nWords.\n"),
    "yaml-merge.md": _text("---\n<<: {a: b}\n? [x]\n: y\n---\n# Merge\n\nWords.\n"),
    "duplicate-1.md": _text("---\nid: same\n---\n# Same\n\nThe same words.\n"),
    "duplicate-2.md": _text("---\nid: same\n---\n# Same\n\nThe same words.\n"),
    "duplicate-sections.md": _text("# Same\n\nThe same words.\n\n# Same\n\nThe same words.\n" * 50),
    "loop.md": _link_to("loop.md"),
    "loop": _link_to("loop"),
    "pipe.md": lambda path, _c: os.mkfifo(path),
    "out.md": _link_to("/etc/passwd"),
    "nowhere.md": _link_to("not-there.md"),
    "inside.md": _link_to("gardener.md"),
    "a-folder.md": lambda path, _c: path.mkdir(),
    "noise.md": _noise(20_000),
    "noise.pdf": _noise(20_000),
    "noise.docx": _noise(20_000),
    "noise.html": _noise(20_000),
    "torn.pdf": _bytes(b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 1 0 R >>\nendobj\ntrailer << /Root 1 0 R >>\n"),
    "empty.pdf": _bytes(b""),
    "empty.docx": _bytes(b""),
    "empty.html": _bytes(b""),
    "deep.html": _text("<div>" * 20_000 + "words" + "</div>" * 20_000),
    "scripts.html": _text("<h1>S</h1><script>alert(1)</script><p>Words here.</p><iframe src=//x></iframe>"),
    "entities.html": _text("<h1>E</h1><p>" + "&amp;" * 50_000 + "&#xD800;&#0;&#x110000;</p>"),
    "zip-bomb.docx": lambda path, _c: _zip(path, {"word/document.xml": b"<a>" + b" " * 60_000_000 + b"</a>"}),
    "entity-bomb.docx": lambda path, _c: _zip(path, {"word/document.xml": _LAUGHS}),
    "controls.md": _text("# C\n\n" + "".join(map(chr, range(1, 32))) + " words\n"),
    "old-mac.md": _bytes(b"# Mac\r\rWords.\rMore.\r"),
    "mixed-breaks.md": _bytes(b"# Mixed\r\n\nWords\x0b\x0c\xc2\x85\xe2\x80\xa8more.\r"),
    "hidden.md": _text("# Hidden\n\nWords\u200b\u202e\u2066\U000e0041\U000e007f here.\n"),
    "rtl.md": _text("# עברית\n\nמילים בעברית ועוד.\n"),
    "combining.md": _text("# Marks\n\nZ" + "\u0301" * 20_000 + " words.\n"),
    "garbled-1.md": _garbled(PAGE, 0.01),
    "garbled-2.md": _garbled(PAGE, 0.1),
    "garbled-3.md": _garbled(PAGE, 0.5),
    "UPPER.MD": _text("# Upper\n\nWords.\n"),
    "name with spaces & 'quotes' #1.md": _text("# Spaces\n\nWords.\n"),
    "noextension": _text("# None\n"),
    "picture.png": _noise(1000),
}
_LAUGHS = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">' + b"".join(
    f'<!ENTITY {chr(98 + n)} "{("&" + chr(97 + n) + ";") * 10}">'.encode() for n in range(9)
) + b"]><w>&j;</w>"  # fmt: skip


def _zip(path: Path, members: dict[str, bytes]) -> None:
    import zipfile

    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def malformed(run: Run) -> None:
    """Each file beside the good pages: the build ends, says what it left out and why, and has the good pages."""
    names = [*FILES]
    if run.is_fast:
        names = run.random("files").sample([n for n in names if n not in SLOW], run.count)
    for number, name in enumerate(names):
        run.attempt(name, partial(_builds_around, run.place(f"c{number}"), name))
    if run.is_fast:
        return
    run.attempt("a file name that is not UTF-8", partial(_builds_around, run.place("name"), b"caf\xe9.md"))
    run.attempt("all of them together", partial(_builds_all, run.place("all"), [n for n in names if n not in SLOW]))


def _builds_around(folder: Path, name: str | bytes, chance: Random) -> None:
    """In a process of its own, so that a file that takes too long can be left."""

    def work() -> str:
        try:
            _build_around(folder, name, chance)
        except Broken as broken:
            return str(broken)
        except Exception as error:  # noqa: BLE001 - the line says what broke
            return f"{type(error).__name__}: {str(error)[:200]}"
        return "held"

    began = time.perf_counter()
    said = told_by(work, FILE_SECONDS)
    took = time.perf_counter() - began
    expect(said, f"the build did not end within {FILE_SECONDS:.0f} s" if took >= FILE_SECONDS else "the build died")
    expect(said == "held", said)


def _build_around(folder: Path, name: str | bytes, chance: Random) -> None:
    corpus = write_corpus(folder / "corpus", PAGES)
    key = os.fsdecode(name)
    FILES.get(key, _text("# A name\n\nWords.\n"))(corpus / key, chance)
    report = build(corpus, folder / "index")
    held = {document.key for document in open_sound(folder / "index").documents}
    expect(held >= {*PAGES}, "a good page is missing", lost=1)
    expect(not (silent := _left_out_in_silence(corpus, report, held)), f"{silent} left out in silence")
    expect(not Path("pwned").exists(), "a page ran a command")
    with advisor_over(open_snapshot(folder / "index")) as advisor:
        expect("3 years" in ask(advisor, "How long is the training of a gardener?").answer.text, "the answers changed")


def _left_out_in_silence(corpus: Path, report: BuildReport, held: set[str]) -> list[str]:
    """The files and links of the corpus that are neither in the index nor reported with a reason and a cure."""
    said = {problem.key for problem in report.problems if "; " in problem.message}
    names = [path.name for path in corpus.iterdir() if path.is_symlink() or not path.is_dir()]
    due = [name for name in names if name.lower().endswith(READ) or (corpus / name).is_symlink()]
    return [shown for name in due if (shown := name.encode("utf-8", "backslashreplace").decode()) not in held | said]


def _builds_all(folder: Path, names: Sequence[str], chance: Random) -> None:
    corpus = write_corpus(folder / "corpus", PAGES)
    for name in names:
        FILES[name](corpus / name, chance)
    report = build(corpus, folder / "index")
    held = {document.key for document in open_sound(folder / "index").documents}
    expect(held >= {*PAGES}, "a good page is missing", lost=1)
    expect(not (silent := _left_out_in_silence(corpus, report, held)), f"{silent} left out in silence")


# --- cutting ------------------------------------------------------------------------------------------


def spans(run: Run) -> None:
    """Any text: every passage is an exact stretch of its document and within the limit, every line of it too."""
    from hypothesis import HealthCheck, Phase, given, seed, settings
    from hypothesis import strategies as st

    path = run.place("pages") / "page.md"
    word = st.text(st.characters(codec="utf-8", exclude_characters="\r"), min_size=1, max_size=12)
    line = st.lists(word | st.sampled_from(["SQL", "3 weeks", "**bold**", "[a](https://b.org)", "|"]), max_size=30)
    mark = st.sampled_from(["", "", "# ", "## ", "### ", "- ", "  - ", "1. ", "> ", "| ", "```", "---", "\t"])
    page = st.lists(st.builds(lambda m, ws: m + " ".join(ws), mark, line), max_size=25).map("\n".join)

    @seed(run.seed)
    @settings(
        max_examples=run.count, deadline=None, database=None, phases=[Phase.generate, Phase.shrink],
        suppress_health_check=[*HealthCheck],
    )  # fmt: skip
    @given(page, st.integers(24, LIMIT_PIECES))
    def holds(text: str, limit: int) -> None:
        path.write_text(text, encoding="utf-8", newline="\n")
        _check_spans(path, limit)

    run.attempt("pages", lambda _chance: holds(), worth=run.count)
    if run.outcome.problems:
        run.outcome.survived = run.outcome.tried - 1  # the search ends with the first page that does not hold


def _check_spans(path: Path, limit: int) -> None:
    from advisor.errors import DocumentError

    try:
        document = read_document(path, key=path.name)
    except DocumentError:
        return
    passages = chunk_document(document, count_pieces=count_pieces, limit_pieces=limit)
    covered = set()
    for passage in passages:
        expect(document.text[passage.start : passage.end] == passage.text, "a passage is not where it says")
        one_character = passage.end - passage.start == 1  # not even one may be dropped
        expect(
            one_character or count_pieces(embedding_text(passage)) <= limit, f"a passage of more than {limit} pieces"
        )
        covered.update(range(passage.start, passage.end))
    words = " ".join(passage.text for passage in passages)
    head = document.sections[0].start if document.sections else len(document.text)
    rest = "".join(" " if at in covered and not c.isspace() else c for at, c in enumerate(document.text[head:], head))
    lost = [line.strip() for line in rest.split("\n") if line.strip() and line.strip() not in words]
    expect(not lost, f"{lost[:1]} is in no passage")  # a section that is said twice stands once
    for node in outline_document(document).nodes:
        expect(0 <= node.start <= node.end <= len(document.text), "a line lies outside its page")


# --- the same every time --------------------------------------------------------------------------------


def determinism(run: Run) -> None:
    """The same pages give the same bytes: again, elsewhere, written in another order, in other batches and threads."""
    folder = run.place("same")
    corpus = write_corpus(folder / "corpus", PAGES)
    expected = _digests(corpus, folder / "first")
    backwards = write_corpus(folder / "another" / "place", dict(reversed(PAGES.items())))
    ways: dict[str, Callable[[], dict[str, str]]] = {
        "twice": lambda: _digests(corpus, folder / "second"),
        "in full, over an older one": lambda: _digests(corpus, folder / "first", full=True),
        "another folder, files made in another order": lambda: _digests(backwards, folder / "third"),
        "embedded one by one": lambda: _digests(corpus, folder / "fourth", embedder=_OneByOne()),
    }
    for hash_seed, threads in ((0, 1), (1, 1), (2, 2), (3, 2)):
        name = f"hash seed {hash_seed}, {threads} thread{'s' if threads > 1 else ''}"
        ways[name] = partial(_digests_elsewhere, corpus, folder / f"p{hash_seed}", hash_seed, threads)
    for name, way in [*ways.items()][: run.count]:
        run.attempt(name, lambda _chance, way=way: expect(way() == expected, "other bytes in the index"))  # type: ignore[misc]


class _OneByOne(HashingEmbedder):
    """The same vectors, computed text by text."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        import numpy as np

        return np.concatenate([super(_OneByOne, self).embed([text]) for text in texts])


def _digests(
    corpus: Path, index: Path, *, full: bool = False, embedder: HashingEmbedder | None = None
) -> dict[str, str]:
    """The digest of every file of a fresh build, and of what it finds."""
    build_index(corpus, index, embedder=embedder or HashingEmbedder(), count_pieces=count_pieces, full=full)
    manifest = read_manifest(current_build(index))
    with advisor_over(open_sound(index)) as advisor:
        said = "".join(ask(advisor, question, question).answer.text for question in ("How long is phase 1?", "Tools?"))
    return {name: entry.sha256 for name, entry in manifest.files.items()} | {
        "answers": hashlib.sha256(said.encode()).hexdigest()
    }


def _digests_elsewhere(corpus: Path, index: Path, hash_seed: int, threads: int) -> dict[str, str]:
    """The same in a fresh interpreter, whose sets and dicts have another order."""
    import json

    code = (
        "import json, sys; from pathlib import Path; from tests.torture.corpora import _digests; "
        "sys.stdout.write(json.dumps(_digests(Path(sys.argv[1]), Path(sys.argv[2]))))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, str(corpus), str(index)],
        env={**os.environ, "PYTHONHASHSEED": str(hash_seed), "OMP_NUM_THREADS": str(threads)},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, str] = json.loads(ran.stdout.splitlines()[-1])
    return found
