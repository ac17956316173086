"""The formats: web pages, PDF and Word files as documents."""

from pathlib import Path
from typing import Any

import docx
import pytest
from fpdf import FPDF

from advisor.corpus.reading import read_document
from advisor.errors import DocumentError
from advisor.records import Document

PAGES = Path(__file__).parent / "fixtures" / "corpus"


def read_bytes(tmp_path: Path, raw: bytes, name: str) -> Document:
    (tmp_path / name).write_bytes(raw)
    return read_document(tmp_path / name, key=name)


def read_html(tmp_path: Path, text: str) -> Document:
    return read_bytes(tmp_path, text.encode(), "page.html")


def titles(document: Document) -> list[str]:
    return [section.path[-1] for section in document.sections if section.path]


# --- web pages ------------------------------------------------------------------------------------


def test_a_web_page_becomes_the_markdown_of_its_article() -> None:
    document = read_document(PAGES / "raw_html.html", key="raw_html.html")
    assert (document.title, document.url) == ("Game Developer", "https://paths.example.net/games")
    assert document.text == (
        "# Game Developer\n\n"
        "Learn **C++** and read [the *engine* manual](https://example.net/engine). "
        "Use `vector<int>` or List&lt;String>.\n\n"
        "## Steps\n\n1. Start\n   - Pong\n   - Snake\n2. Grow\n\n"
        "| Level | Months |\n| --- | --- |\n| Junior | 6 |\n\n> Ship it.\n\n```\nmake\nplay\n```"
    )


def test_html_without_structure_gives_its_words(tmp_path: Path) -> None:
    assert read_html(tmp_path, "just <b>words").text == "just **words**"
    assert read_bytes(tmp_path, b"", "empty.htm").sections == ()


def test_definitions_become_items_with_their_terms_in_bold(tmp_path: Path) -> None:
    text = read_html(
        tmp_path,
        "<h1>T</h1><dl><dt>Rye<dt><b>Oats</b>:<dd>grain<dd>food<div><dt>Dough</dt><dd>Wet <i>flour</i>.</dd>"
        "<dd><p>It rises.</p><ul><li>slowly</ul></dd></div><dt>Hard?<dd>No.<dt>Alone</dl><p>End",
    ).text
    assert text == (
        "# T\n\n- **Rye** / **Oats**: grain; food\n- **Dough**: Wet *flour*. It rises.\n  - slowly\n"
        "- **Hard?** No.\n- **Alone**\n\nEnd"
    )


def test_a_page_loses_its_own_contents_and_its_adverts_and_keeps_summaries_and_captions(tmp_path: Path) -> None:
    document = read_html(
        tmp_path,
        "<title>How To Bake | Site</title><main><h1>How to bake</h1><h2>Contents</h2>"
        "<ul><li><a href='#a'>A</a><ul><li><a href='#b'>B</a></ul></ul><div class=ad>Advertisement</div>"
        "<details><summary>Why <b>rye</b>?</summary><p>It keeps.</p></details>"
        "<ul><li><a href='#a'>A</a> first<li>B</ul>"
        "<table><caption>Prices compared</caption><tr><th>Bread<tr><td>5</table></main>",
    )
    assert document.title == "How to bake"
    assert document.text == (
        "# How to bake\n\n\n\n**Why rye?**\n\nIt keeps.\n\n\n\n"
        "- A first\n- B\n\nPrices compared\n\n| Bread |\n| --- |\n| 5 |"
    )


@pytest.mark.parametrize("tag", ["div", "dl", "dd", "summary", "ul", "blockquote", "b", "table", "span"])
def test_deeply_nested_html_is_read_without_failing(tmp_path: Path, tag: str) -> None:
    depth = 3000
    text = read_html(tmp_path, f"<{tag}>" * depth + "deep words" + f"</{tag}>" * depth).text
    assert "deep words" in text


# --- PDF ------------------------------------------------------------------------------------------


def write_pdf(path: Path, titles: list[str], *, password: str = "") -> None:
    """Pages with a running head, a title in large type, two paragraphs and a page number."""
    pdf = FPDF()
    pdf.set_auto_page_break(False)
    for number, title in enumerate(titles, 1):
        pdf.add_page()
        next_line: Any = {"new_x": "LMARGIN", "new_y": "NEXT"}
        pdf.set_font("helvetica", size=9)
        pdf.cell(0, 8, "Guide to Careers, 2024", **next_line)
        pdf.set_font("helvetica", "B", size=16)
        pdf.cell(0, 10, title, **next_line)
        pdf.set_font("helvetica", size=11)
        pdf.multi_cell(
            0, 6, f"{title} matters to every engi-\nneer, and it takes {number} months to learn.", **next_line
        )
        pdf.ln(8)
        pdf.multi_cell(0, 6, f"After {title.lower()} comes practice.", **next_line)
        pdf.set_y(-15)
        pdf.cell(0, 8, f"Page {number} of {len(titles)}")
    if password:
        pdf.set_encryption(owner_password=password, user_password=password)
    pdf.output(str(path))


def test_a_pdf_gives_its_pages_without_running_lines_and_with_headings(tmp_path: Path) -> None:
    write_pdf(tmp_path / "guide.pdf", ["Learning Networks", "Learning Storage", "Learning Security"])
    document = read_document(tmp_path / "guide.pdf", key="guide.pdf")
    assert "Guide to Careers" not in document.text
    assert "Page 2" not in document.text
    assert "matters to every engineer" in document.text.replace("\n", " ")
    assert titles(document) == ["Learning Networks", "Learning Storage", "Learning Security"]
    pages = [document.page_at(document.text.index(f"takes {number} months")) for number in (1, 2, 3)]
    assert pages == [1, 2, 3]


def test_a_pdf_with_a_password_is_refused_with_a_cure(tmp_path: Path) -> None:
    write_pdf(tmp_path / "locked.pdf", ["Secrets"], password="open sesame")
    with pytest.raises(DocumentError, match="password"):
        read_document(tmp_path / "locked.pdf", key="locked.pdf")


def test_a_pdf_without_text_is_refused_with_a_cure(tmp_path: Path) -> None:
    pdf = FPDF()
    pdf.add_page()
    pdf.output(str(tmp_path / "scan.pdf"))
    with pytest.raises(DocumentError, match="OCR"):
        read_document(tmp_path / "scan.pdf", key="scan.pdf")


@pytest.mark.parametrize("keep", [0, 5, 200, 900])
def test_a_truncated_pdf_is_refused_with_its_name(tmp_path: Path, keep: int) -> None:
    write_pdf(tmp_path / "whole.pdf", ["Networks", "Storage"])
    raw = (tmp_path / "whole.pdf").read_bytes()[:keep]
    with pytest.raises(DocumentError, match=r"'cut\.pdf'"):
        read_bytes(tmp_path, raw, "cut.pdf")


@pytest.mark.parametrize("name", [b"/FlateDecodX", b"/Fl        "])
def test_a_pdf_with_an_unknown_filter_is_refused(tmp_path: Path, name: bytes) -> None:
    write_pdf(tmp_path / "whole.pdf", ["Networks"])
    raw = (tmp_path / "whole.pdf").read_bytes().replace(b"/FlateDecode", name)
    with pytest.raises(DocumentError, match="save it anew"):
        read_bytes(tmp_path, raw, "odd.pdf")


# --- Word -----------------------------------------------------------------------------------------


def write_word(path: Path) -> None:
    document = docx.Document()
    document.add_heading("Cloud Path", 0)
    document.add_paragraph("Begin with the basics.")
    document.add_heading("Skills", 1)
    document.add_paragraph("Linux", style="List Bullet")
    document.add_paragraph("Bash", style="List Bullet 2")
    document.add_paragraph("First", style="List Number")
    document.add_paragraph("Second", style="List Number")
    table = document.add_table(2, 2)
    for at, words in enumerate(["Certificate", "Months", "Associate", "3"]):
        table.cell(at // 2, at % 2).text = words
    paragraph = document.add_paragraph("See ")
    link = paragraph.part.relate_to(
        "https://cloud.example.net/x", docx.opc.constants.RELATIONSHIP_TYPE.HYPERLINK, is_external=True
    )
    element = docx.oxml.OxmlElement("w:hyperlink")
    element.set(docx.oxml.ns.qn("r:id"), link)
    element.append(paragraph.add_run("the catalogue")._r)
    paragraph._p.append(element)
    document.save(str(path))


def test_a_word_file_becomes_markdown(tmp_path: Path) -> None:
    write_word(tmp_path / "path.docx")
    document = read_document(tmp_path / "path.docx", key="path.docx")
    assert document.text == (
        "# Cloud Path\n\nBegin with the basics.\n\n## Skills\n\n- Linux\n   - Bash\n1. First\n2. Second\n\n"
        "| Certificate | Months |\n| --- | --- |\n| Associate | 3 |\n\n"
        "See [the catalogue](https://cloud.example.net/x)"
    )
    assert titles(document) == ["Cloud Path", "Skills"]


@pytest.mark.parametrize("keep", [0, 10, 3000])
def test_a_damaged_word_file_is_refused_with_a_cure(tmp_path: Path, keep: int) -> None:
    write_word(tmp_path / "whole.docx")
    with pytest.raises(DocumentError, match="save it anew"):
        read_bytes(tmp_path, (tmp_path / "whole.docx").read_bytes()[:keep], "cut.docx")


def test_a_word_file_whose_contents_are_scrambled_is_refused_wherever_the_damage_lies(tmp_path: Path) -> None:
    write_word(tmp_path / "whole.docx")
    raw = (tmp_path / "whole.docx").read_bytes()
    refused = 0
    for at in range(0, len(raw) - 64, len(raw) // 60):
        try:
            read_bytes(tmp_path, raw[:at] + b"\x5a" * 64 + raw[at + 64 :], "scrambled.docx")
        except DocumentError:  # any other exception fails the test
            refused += 1
    assert refused > 20
