"""Reading: folders and files of every format to documents, their sections and metadata."""

import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.corpus.reading import LARGEST_BYTES, find_sections, read_corpus, read_document
from advisor.errors import DocumentError
from advisor.records import Document, Source

PAGES = Path(__file__).parent / "fixtures" / "corpus"


def fixture(name: str) -> Document:
    return read_document(PAGES / name, key=name)


def read_text(tmp_path: Path, text: str | bytes, name: str = "page.md") -> Document:
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_document(path, key=name)


def paths(document: Document) -> list[tuple[str, ...]]:
    return [section.path for section in document.sections]


# --- folders --------------------------------------------------------------------------------------


def test_a_folder_is_read_in_the_order_of_its_keys_without_its_own_readme() -> None:
    reading = read_corpus(PAGES)
    keys = [document.key for document in reading.documents]
    assert keys == sorted(keys)
    assert "paths/prose.txt" in keys
    assert "README.md" not in keys
    assert reading.problems == ()


def test_hidden_files_are_left_out_and_unknown_formats_are_listed(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    for name in (".git/a.md", ".hidden.md", "photo.jpg", "page.md"):
        (tmp_path / name).write_text("Text", encoding="utf-8")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "README.md").write_text("A page of its own", encoding="utf-8")
    reading = read_corpus(tmp_path)
    assert [document.key for document in reading.documents] == ["page.md", "sub/README.md"]
    assert reading.skipped == ("photo.jpg",)


def test_one_bad_file_becomes_a_problem_and_the_rest_is_read(tmp_path: Path) -> None:
    (tmp_path / "bad.txt").write_bytes(b"\0\1\2")
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.7 nothing follows")
    (tmp_path / "good.md").write_text("# Good", encoding="utf-8")
    reading = read_corpus(tmp_path)
    assert [document.key for document in reading.documents] == ["good.md"]
    assert [problem.key for problem in reading.problems] == ["bad.txt", "broken.pdf"]
    assert all(repr(problem.key) in problem.message for problem in reading.problems)


@pytest.mark.parametrize("name", ["missing", "."])
def test_a_missing_or_empty_folder_is_an_error_with_a_cure(tmp_path: Path, name: str) -> None:
    with pytest.raises(DocumentError, match=r"create it|put \.docx"):
        read_corpus(tmp_path / name)


def test_links_out_of_the_folder_are_refused_and_links_within_are_read(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (tmp_path / "secret.md").write_text("secret", encoding="utf-8")
    (corpus / "a.md").write_text("# A", encoding="utf-8")
    try:
        (corpus / "out.md").symlink_to(tmp_path / "secret.md")
        (corpus / "in.md").symlink_to(corpus / "a.md")
        (corpus / "folder").symlink_to(tmp_path, target_is_directory=True)
    except OSError as error:
        pytest.skip(f"this system does not let us make links: {error}")
    reading = read_corpus(corpus)
    assert [document.key for document in reading.documents] == ["a.md", "in.md"]
    assert [problem.key for problem in reading.problems] == ["folder", "out.md"]


# --- files ----------------------------------------------------------------------------------------


def test_a_link_to_itself_is_reported_and_the_others_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# A", encoding="utf-8")
    try:
        (tmp_path / "loop.md").symlink_to("loop.md")
        (tmp_path / "there.md").symlink_to("back.md")
        (tmp_path / "back.md").symlink_to("there.md")
    except OSError:
        pytest.skip("this system lets nobody make links")
    reading = read_corpus(tmp_path)
    assert [document.key for document in reading.documents] == ["a.md"]
    assert [problem.key for problem in reading.problems] == ["back.md", "loop.md", "there.md"]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such a name")
@pytest.mark.parametrize("name", [b"caf\xe9.md", b"caf\xe9/page.md"])
def test_a_name_that_is_no_text_is_reported_and_the_others_are_read(tmp_path: Path, name: bytes) -> None:
    (tmp_path / "a.md").write_text("# A", encoding="utf-8")
    odd = tmp_path / os.fsdecode(name)
    odd.parent.mkdir(exist_ok=True)
    odd.write_text("# B", encoding="utf-8")
    (tmp_path / os.fsdecode(b"\xe9.jpg")).write_bytes(b"")
    reading = read_corpus(tmp_path)
    assert [document.key for document in reading.documents] == ["a.md"]
    (problem,) = reading.problems
    assert "rename" in problem.message
    assert reading.skipped == ("\\udce9.jpg",)
    assert problem.key.encode().decode() == problem.key  # it can be written down


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_pipe_is_reported_and_not_waited_for(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# A", encoding="utf-8")
    os.mkfifo(tmp_path / "pipe.md")
    reading = read_corpus(tmp_path)
    assert [document.key for document in reading.documents] == ["a.md"]
    assert "no ordinary file" in reading.problems[0].message


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="whoever may list everything sees no fault")
def test_a_folder_that_may_not_be_listed_is_reported(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# A", encoding="utf-8")
    (tmp_path / "closed").mkdir(mode=0o000)
    reading = read_corpus(tmp_path)
    assert [problem.key for problem in reading.problems] == ["closed"]


def test_a_heading_of_a_megabyte_is_cut_short() -> None:
    text = f"# {'word ' * 200_000}\n\nWords.\n"
    (section,) = find_sections(text)
    assert len(section.path[0]) <= 300


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser may read every file")
def test_a_file_that_may_not_be_read_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "locked.md"
    path.write_text("x", encoding="utf-8")
    path.chmod(0)
    with pytest.raises(DocumentError, match="may be read"):
        read_document(path, key="locked.md")


def test_a_file_that_is_gone_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"'gone\.md' cannot be opened"):
        read_document(tmp_path / "gone.md", key="gone.md")


def test_a_huge_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.md"
    with path.open("wb") as file:
        file.truncate(LARGEST_BYTES + 1)
    with pytest.raises(DocumentError, match="split it"):
        read_document(path, key="huge.md")


def test_an_unknown_format_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"\.docx, \.htm"):
        read_text(tmp_path, "x", "page.rtf")


def test_an_empty_file_is_a_document_without_sections(tmp_path: Path) -> None:
    document = read_text(tmp_path, "", "my_first-page.md")
    assert (document.title, document.text, document.sections) == ("My first page", "", ())


def test_the_digest_is_that_of_the_bytes_on_disk(tmp_path: Path) -> None:
    raw = b"\xef\xbb\xbf# T\r\nText\r\n"
    document = read_text(tmp_path, raw)
    assert document.digest == sha256(raw).hexdigest()
    assert document.text == "# T\nText\n"


def test_windows_1252_is_read_and_said(tmp_path: Path) -> None:
    document = read_text(tmp_path, "# Über – mich".encode("cp1252"))
    assert document.title == "Über – mich"
    assert any("Windows-1252" in repair for repair in document.repairs)


# --- front matter ---------------------------------------------------------------------------------


def test_front_matter_says_what_the_document_is() -> None:
    document = fixture("full_front_matter.md")
    assert document.title == "Cloud Engineer"
    assert document.role == "cloud engineer"
    assert document.aliases == ("cloud ops", "platform engineer")
    assert document.url == "https://roadmaps.example.net/cloud"
    assert document.sources == (
        Source("Provider's catalogue", "https://catalogue.example.net/certs"),
        Source("Survey", "https://survey.example.net/2024"),
        Source("A printed book"),
    )
    assert document.last_verified == "2025-02-03"


def test_front_matter_stays_in_the_text_and_out_of_the_sections() -> None:
    document = fixture("astro_post.md")
    assert document.text.startswith("---\ntitle: Network Engineering\n")
    assert paths(document) == [("Network Engineering",), ("Network Engineering", "First step")]
    assert document.text[: document.sections[0].start].rstrip().endswith("---")


def test_a_template_link_is_not_the_address_of_the_page() -> None:
    assert fixture("astro_post.md").url is None


@pytest.mark.parametrize(
    "url",
    ["ftp://a.net/x", "javascript:alert(1)", "a.net/x", "http://localhost/x", "https://example.com/x", "http://[x"],
)
def test_an_address_that_is_none_is_left_out(tmp_path: Path, url: str) -> None:
    assert read_text(tmp_path, f"---\nurl: '{url}'\n---\nText").url is None


def test_the_title_falls_back_to_the_first_heading_then_to_the_name(tmp_path: Path) -> None:
    assert fixture("plain_readme.txt").title == "Data Analyst"
    assert fixture("paths/prose.txt").title == "Prose"
    assert read_text(tmp_path, "# **🔹 [Go](https://go.example)** `now` \n").title == "Go now"


@pytest.mark.parametrize(
    ("block", "reason"),
    [
        ("title: [unclosed", "not usable YAML"),
        ("title: a: b: c", "not usable YAML"),
        ("a: &a [x, x]\nb: [*a, *a]", "anchors and aliases"),
        ("a: " + "[" * 40 + "]" * 40, "nested more than"),
        ("a: " + "x" * 40_000, "bytes are more than"),
    ],
    ids=["unclosed", "colons", "bomb", "deep", "large"],
)
def test_front_matter_that_cannot_be_used_is_said_and_the_text_is_read(tmp_path: Path, block: str, reason: str) -> None:
    document = read_text(tmp_path, f"---\n{block}\n---\n# Heading\n\nText")
    assert document.title == "Heading"
    assert any(reason in repair for repair in document.repairs)
    assert paths(document) == [("Heading",)]


@pytest.mark.parametrize(
    "value", ["2024-13-45", "!!python/object:os.system x", "9" * 5000, "~", "", "{a: b}", "[1, [2]]"]
)
def test_odd_values_do_no_harm(tmp_path: Path, value: str) -> None:
    keys = ("role", "aliases", "url", "sources", "last_verified")
    block = "\n".join(f"{key}: {value}" for key in keys)
    assert read_text(tmp_path, f"---\n{block}\n---\n# Heading").title == "Heading"


def test_a_rule_at_the_top_is_no_front_matter(tmp_path: Path) -> None:
    document = read_text(tmp_path, "---\n\nSome prose here.\n\n---\n\nMore prose.")
    assert document.sections[0].start == 0
    assert document.repairs == ()


# --- sections -------------------------------------------------------------------------------------

LINES = st.lists(
    st.sampled_from(
        [
            "# A",
            "## B",
            "#### D",
            "#",
            "C\n===",
            "E\n---",
            "text",
            "",
            " ",
            "- # x",
            "> # y",
            "```",
            "# z #",
            "    # code",
            "1. a",
        ]
    )
    | st.text(max_size=8),
    max_size=15,
).map(lambda lines: "\n".join(lines).replace("\r", "\n").replace("\x00", ""))


@given(LINES)
def test_sections_cover_every_written_character_once_and_in_order(text: str) -> None:
    sections = find_sections(text)
    covered = [at for section in sections for at in range(section.start, section.end)]
    assert covered == sorted(set(covered))
    assert all(at in set(covered) for at, character in enumerate(text) if not character.isspace())
    assert all(not section.start or text[section.start - 1] == "\n" for section in sections)


def test_the_path_is_the_chain_of_headings_in_plain_words() -> None:
    text = "Before\n# **A** `b`\n### C [d](https://e.example)\nx\n## F:\nG\n---\n\nSetext\n======\n"
    assert [section.path for section in find_sections(text)] == [
        (),
        ("A b",),
        ("A b", "C d"),
        ("A b", "F"),
        ("A b", "G"),
        ("Setext",),
    ]


def test_headings_in_code_quotes_and_items_open_no_section() -> None:
    text = "# A\n```\n# code\n```\n> # quote\n\n- # item\n"
    assert [section.path for section in find_sections(text)] == [("A",)]


def test_line_numbers_of_the_text_are_those_of_the_file() -> None:
    document = fixture("jekyll_post.md")
    raw = (PAGES / "jekyll_post.md").read_text(encoding="utf-8").split("\n")
    lines = document.text.split("\n")
    assert len(lines) == len(raw)
    assert [line for line in lines if line.startswith("### ")] == [raw[11]]
    assert lines[11] == raw[11]


# --- the rest -------------------------------------------------------------------------------------


def test_importing_the_reader_loads_no_format_library() -> None:
    code = "import advisor.corpus.reading, sys; print({'pypdf', 'docx', 'selectolax', 'ftfy'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


@pytest.mark.skipif("ADVISOR_SEEDS" not in os.environ, reason="ADVISOR_SEEDS names no folder of real pages to read")
def test_real_pages_come_out_clean_and_line_for_line() -> None:
    folder = Path(os.environ["ADVISOR_SEEDS"])
    reading = read_corpus(folder)
    assert reading.problems == ()
    for document in reading.documents:
        raw = (folder / document.key).read_text(encoding="utf-8")
        assert document.text.count("\n") == raw.count("\n")
        assert any(section.path for section in document.sections)
        body = document.text[document.sections[0].start :]
        assert not any(dirt in body for dirt in ("â€", "ğŸ", "πŸ", "ï¸", "<br", "<a ", "•", "✅", "\ufffd"))
