"""Cleaning: every kind of dirt, line for line."""

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from advisor.corpus.cleaning import clean_markdown
from advisor.corpus.decoding import decode, repair_mojibake
from advisor.errors import DocumentError

PAGES = Path(__file__).parent / "fixtures" / "corpus"


def clean(raw: str) -> str:
    return clean_markdown(raw).text


def fixture(name: str) -> str:
    return clean((PAGES / name).read_text(encoding="utf-8"))


def shape(markdown: str) -> list[str]:
    """The block structure as CommonMark sees it, dumb and readable."""
    return [token.type for token in MarkdownIt("commonmark").parse(markdown)]


# --- lines ----------------------------------------------------------------------------------------

DIRT = st.lists(
    st.sampled_from(
        "# T|## 🚀 T|---|key: v|✅ a|🔹 b|  • c|    ◦ d|1. e|<br/>|<a\n href='x'>y</a>|<!-- z|-->|```|~~~|`<b>`"
        "|&lt;p&gt; &#10;|<b>bold|</b>|<ul>|<li>x|</ul>|<script>|</script>|âœ…|ğŸ¯|Title Line|Prose ends."
        "|\r|\x0b|\u2028|\x85|\x00|\ud800|| a ✅ ||  "
        "|> 🔥|Skip to main content|1️⃣ x|\ufdd0"
        "|Fee: 5|Name: Ann|**Cost:** 6\\|Step 1 - Learn|KEY TERMS|SIEM|A SIEM collects what machines log.|Is it hard?"
        "|- [A](#a)|## Contents|![b](https://x.example/badge.svg)|<dl>|</dl>|<dt>T|<dd>D</dd>|<summary>S</summary>"
        "|Home   Search   Contact|- Item".split("|")
    ),
    max_size=12,
).map("\n".join)


@given(DIRT | st.text())
@example("<pre>\n\n</pre>")
def test_cleaning_keeps_the_number_of_lines(raw: str) -> None:
    lines = raw.replace("\r\n", "\n").replace("\r", "\n").count("\n")
    assert clean(raw).count("\n") == lines


def test_clean_text_comes_back_unchanged_character_for_character() -> None:
    body = "# Café “Größe” – №5 ™\n\nText with  two blanks  \nand C♯, 4.5★, a < b.\n\n1. One\n   - Two → three\n"
    raw = "---\ntitle: T\n---\n" + body
    assert clean_markdown(raw).text == raw
    assert clean_markdown(raw).repairs == ()


def test_every_repair_is_said_with_the_number_of_lines() -> None:
    assert clean_markdown("youâ€™re\n<b>in</b>").repairs == (
        "mojibake repaired (1 line)",
        "HTML turned into Markdown (1 line)",
    )


@pytest.mark.parametrize("raw", ["a\r\nb", "a\rb", "a\nb"])
def test_newlines_of_every_system_become_line_feeds(raw: str) -> None:
    assert clean(raw) == "a\nb"


# --- encodings ------------------------------------------------------------------------------------


def wrongly_decoded(text: str, page: str, *, drops: bool) -> str:
    """UTF-8 read byte by byte as a code page; undefined bytes fall back to Windows-1252, or are dropped as well."""
    found = []
    for byte in text.encode():
        character = bytes([byte]).decode(page, "ignore")
        found.append(
            character or ("" if drops else bytes([byte]).decode("cp1252", "replace").replace("\ufffd", chr(byte)))
        )
    return "".join(found)


@pytest.mark.parametrize("page", ["cp1252", "cp1253", "cp1254", "cp1251", "cp1250"])
@pytest.mark.parametrize("sign", ["🔹", "✅", "🤖", "👀", "🗺️", "–", "’", "→", "1️⃣", "🎯"])
def test_a_sign_read_with_the_wrong_code_page_is_restored(sign: str, page: str) -> None:
    damaged = wrongly_decoded(sign, page, drops=False)
    assert damaged != sign
    assert repair_mojibake(f"{damaged} Text") == f"{sign} Text"


@pytest.mark.parametrize("damaged", ["ğŸ¯ Goal", "πŸ† Goal", "πŸ Goal", "ï¸âƒ£ Goal", "â\xad Goal"])
def test_a_pictograph_that_lost_a_byte_does_not_reach_the_text(damaged: str) -> None:
    assert clean(f"## {damaged}") == "## Goal"


def test_a_closing_quote_that_lost_its_last_byte_is_restored() -> None:
    assert clean("â€œquotedâ€ text") == "“quoted” text"


@pytest.mark.parametrize(
    "genuine",
    [
        "Aurélien Géron, naïve café, à la carte",
        "Ελληνικά «ΔΕΝ ΕΧΩ ΑΥΤΟ» ναι",
        "Русский — «в кавычках»… №5",
        "Türkçe ğüşiöç Ğ “x” – y",
        "Łódź, Dąbrowa, Žluťoučký kůň",
        "日本語テスト",
    ],
)
def test_genuine_text_of_many_languages_is_left_alone(genuine: str) -> None:
    assert clean(genuine) == genuine


def test_utf8_with_and_without_byte_order_mark_reads_the_same() -> None:
    assert decode("\ufeffPrüfung".encode(), key="a").text == decode("Prüfung".encode(), key="a").text == "Prüfung"


def test_utf16_with_byte_order_mark_is_text_not_binary() -> None:
    assert decode("Prüfung".encode("utf-16"), key="a").text == "Prüfung"


def test_windows_1252_is_read_and_said() -> None:
    decoded = decode("Prüfung – “gut”".encode("cp1252"), key="a")
    assert decoded.text == "Prüfung – “gut”"
    assert "Windows-1252" in decoded.repairs[0]


def test_one_bad_byte_does_not_spoil_the_rest_of_an_utf8_file() -> None:
    assert decode("Prüfung für ältere Köche ".encode() + b"\xff", key="a").text == "Prüfung für ältere Köche \ufffd"


def test_surrogates_written_as_utf8_are_mended() -> None:
    raw = "a\ud83d\ude80b\ud800c".encode("utf-8", "surrogatepass")
    assert decode(raw, key="a").text == "a🚀b\ufffdc"


@pytest.mark.parametrize("raw", [b"text\0more", bytes(range(1, 32)) * 9, b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"])
def test_binary_data_is_refused_with_its_name_and_a_cure(raw: bytes) -> None:
    with pytest.raises(DocumentError, match=r"'x\.txt'.*save it as UTF-8"):
        decode(raw, key="x.txt")


def test_hidden_characters_and_lone_surrogates_are_gone_even_in_code() -> None:
    assert clean("a\u200bb\u202ec\U000e0041\ud800\n```\nx\u200by\n```") == "abc\ufffd\n```\nxy\n```"


# --- HTML -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (
            '<a href="https://a.example/b?c=1&copy=2" target="_blank">here</a>.',
            "[here](https://a.example/b?c=1&copy=2).",
        ),
        ("<a name='x'></a>Text", "Text"),
        ("<a href='javascript:alert(1)'>press</a>", "press"),
        ("<a href='https://a.example/x y(z)'><b>t</b></a>", "[**t**](https://a.example/x%20y%28z%29)"),
        ("weeks. <br/>", "weeks."),
        ("one<br>two", "one two"),
        ("<b>x</b> <strong> y </strong><i>z</i> <em>w</em>", "**x** **y** *z* *w*"),
        ("<code>&lt;div&gt;</code> and `<b>`", "`<div>` and `<b>`"),
        ("R&amp;D &ndash; 5 &lt; 6 &#8217;", "R&D – 5 < 6 ’"),
        ("&lt;section&gt; is a tag", "&lt;section> is a tag"),
        ("<h3 align='center'>Title</h3>", "### Title"),
        ("<Chart client:load data={1} />Text <my-box>in</my-box>", "Text in"),
        (
            "List<String>, <your name>, a < b > c, <https://a.example>",
            "List<String>, <your name>, a < b > c, <https://a.example>",
        ),
        ("<ul>\n<li>a\n<ul>\n<li>b</li>\n</ul>\n</ul>", "\n- a\n\n  - b\n\n"),
        ("x<!-- a\nb -->y", "x\ny"),
        ("<script>\nlet a = '<b>';\n</script>Text <style>p{}</style>", "\n\nText"),
        ("<a\nhref='https://a.example'\n>t</a>", "\n\n[t](https://a.example)"),
    ],
)
def test_html_becomes_markdown_in_place(raw: str, expected: str) -> None:
    assert clean("# T\n" + raw) == "# T\n" + expected


@pytest.mark.parametrize("fence", ["```", "~~~~", "  ```", "> ```"])
def test_fenced_code_is_not_touched(fence: str) -> None:
    code = f"{fence}html\n<b>x</b> ✅ &amp; <br/>\n• y\n{fence}"
    assert clean(f"{code}\n<b>z</b>") == f"{code}\n**z**"


@pytest.mark.parametrize("opening", ["<script>", "<!--", "`a", "<a href=", "<b>", "&", "<", "[", "**"])
def test_repeated_openings_are_cleaned_in_little_time(opening: str) -> None:
    assert clean(opening * 3000).count("\n") == 0


# --- pictographs and bullets ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("✅ **Linear Algebra** – Matrices", "- **Linear Algebra** – Matrices"),
        ("✅ A\n🔹 Focus\n✅ B\n🔹 Focus", "- A\n  - Focus\n- B\n  - Focus"),
        ("🎓 A\n🔹 Focus", "- A\n  - Focus"),
        ("🐍 Python\n📊 Statistics\n🤖 Models", "- Python\n- Statistics\n- Models"),
        ("🔹 **How to Learn:**\n\n- x", "**How to Learn:**\n\n- x"),
        ("💡 A tip stands alone.", "A tip stands alone."),
        ("## **🔹 Prerequisites**", "## **Prerequisites**"),
        ("### **1️⃣ Mathematics**", "### **Mathematics**"),
        ("1️⃣ Learn\n🔹 sub\n2️⃣ Build", "1. Learn\n   - sub\n2. Build"),
        ("❌ Skip tests\n✅ Write tests", "- ❌ Skip tests\n- Write tests"),
        ("- ✅ done\n- [ ] 🚀 todo", "- done\n- todo"),
        ("Senior 🚀 engineer🚀! **Done** 🚀 **Next** 🚀", "Senior engineer! **Done** **Next**"),
        ("Junior ➡️ Senior", "Junior → Senior"),
        ("| Free | ✅ |\n| Paid | ❌ |", "| Free | yes |\n| Paid | no |"),
        ("  • a\n  ◦ b", "  - a\n    - b"),
        ("List:\n– one\n– two", "List:\n- one\n- two"),
        ("wrapped text\n– still prose", "wrapped text\n– still prose"),
    ],
)
def test_pictographs_mark_items_or_vanish(raw: str, expected: str) -> None:
    assert clean("# T\n\n" + raw) == "# T\n\n" + expected


def test_bullets_indented_by_four_are_a_list_and_not_code() -> None:
    cleaned = clean("# T\n\n    • a\n    • b\n        ◦ c\n")
    assert "code_block" not in shape(cleaned)
    assert shape(cleaned).count("bullet_list_open") == 2


def test_deep_bullets_nest_as_the_eye_sees_them() -> None:
    cleaned = clean("# T\n• a\n      • b\n            • c\n• d")
    assert cleaned == "# T\n- a\n     - b\n          - c\n- d"
    assert shape(cleaned).count("bullet_list_open") == 3


# --- text without headings ------------------------------------------------------------------------


def test_a_scraped_page_gets_its_headings_and_loses_its_navigation() -> None:
    lines = fixture("paths/scraped_greek.txt").split("\n")
    assert [line for line in lines if line.startswith("#")] == [
        "# Robotics: Making Machines Move",
        "## What This Career Is",
        "## Skills You Must Learn",
        "## Beginner-to-Job Roadmap",
        "## Learning Resources",
        "## Beginner-friendly Certifications",
        "## Next Steps",
    ]
    assert lines[0] == lines[-1] == ""
    assert "   - Tools: ROS → Gazebo." in lines
    assert "code_block" not in shape("\n".join(lines))
    assert shape("\n".join(lines)).count("ordered_list_open") == 2


def test_turkish_mojibake_gives_lists_labels_and_headings() -> None:
    assert fixture("mojibake_turkish.md") == (
        "# Security References\n\n## **What comes first**\n\n### **Networks (Foundational)**\n\n"
        "- **Packets** – Frames, headers  \n- **Ports** – Services, scans\n\n**How to Learn:**\n\n"
        "- Capture your own traffic\n- Read Tanenbaum’s book\n\n### **Phase 1: Basics (2-3 Months)**\n\n"
        "- **Junior Security Certificate**  \n  - Focus: Basic concepts\n\n"
        "Since you’re learning **Bash**, focus on:  \n- **Pipes** → filters  \n- **Jobs** → signals\n\n**Questions?**\n"
    )


@pytest.mark.parametrize(
    "prose",
    [
        "Dear reader,\n\nI began as a clerk.\n\nBest regards\n\nJohn Smith",
        "One\n\nTwo\n\nThree\n\nFour\n\nand so on it went.",
        "You will need the following:\n\n- patience",
        "- Item One\n\nIt ends here.",
        "https://a.example/Page\n\nIt ends here.",
    ],
)
def test_prose_without_titles_gets_no_heading(prose: str) -> None:
    assert "#" not in clean(prose)


def test_plain_prose_comes_back_unchanged() -> None:
    assert fixture("paths/prose.txt") == (PAGES / "paths/prose.txt").read_text(encoding="utf-8")


def test_shouted_lines_and_labels_become_headings() -> None:
    headings = [line for line in fixture("shouted.txt").split("\n") if line.startswith("#")]
    assert headings == ["# DATABASE ADMINISTRATOR", "## WHAT TO LEARN", "## Certificates:"]


def test_underlined_headings_are_headings_already() -> None:
    assert fixture("plain_readme.txt") == (PAGES / "plain_readme.txt").read_text(encoding="utf-8")


def test_back_to_top_links_go_wherever_they_stand() -> None:
    assert clean('# T\n\n(<a href="#top">back to top</a>)\n\nText') == "# T\n\n\n\nText"


def test_line_breaks_between_items_leave_one_ordered_list() -> None:
    cleaned = fixture("jekyll_post.md")
    assert "<br" not in cleaned
    body = cleaned.split("---\n", 2)[2]
    assert shape(body).count("ordered_list_open") == 1
    assert shape(body).count("bullet_list_open") == 2


# --- badges, folded parts, definitions ------------------------------------------------------------


def test_badges_go_and_other_pictures_and_code_stay() -> None:
    badge = "![b](https://img.shields.io/x)"
    raw = f"{badge} [![c](https://ci.example/badge.svg)](https://ci.example)\n- {badge}\n`{badge}` ![chart](c.png)"
    assert clean("# T " + badge + "\n" + raw) == f"# T\n\n\n`{badge}` ![chart](c.png)"


def test_boxes_of_task_lists_and_attributes_of_headings_go() -> None:
    raw = "# T {#top}\n- [ ] SQL\n  1. [x] Joins\n- [ ](a.md)\n## Sets {a, b}\n### End {.x} ##\n```\n- [ ] code\n```"
    assert clean(raw) == "# T\n- SQL\n  1. Joins\n- [ ](a.md)\n## Sets {a, b}\n### End\n```\n- [ ] code\n```"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("**Goal:** bread\n**Time:** 6 weeks\n---\nMore", "- **Goal:** bread\n- **Time:** 6 weeks\n***\nMore"),
        ("All of this takes six weeks.\n---", "All of this takes six weeks.\n***"),
        ("A title\n---\n\nMore", "A title\n---\n\nMore"),
        ("A title\nin two lines\n===", "A title\nin two lines\n==="),
    ],
)
def test_a_rule_right_below_a_text_makes_no_heading_of_it(raw: str, expected: str) -> None:
    assert clean("# T\n" + raw) == "# T\n" + expected


def test_a_coloured_dot_alone_in_a_cell_is_named() -> None:
    assert clean("# T\n| Disks | 🟢 |\n| Tapes | 🔴 |") == "# T\n| Disks | green |\n| Tapes | red |"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("<summary>🔍 <b>What is dough?</b></summary>", "**What is dough?**"),
        ("<summary>\nMore <code>x</code>\n</summary>", "\n\n**More `x`**"),
        ("<details><summary><h3>Dough</h3></summary>", "### Dough"),
        ("<dl>\n<dt>Dough</dt>\n<dd>Wet flour.</dd>\n</dl>", "\n- **Dough**:\n  Wet flour.\n"),
        ("<dt>x</dt>", "x"),
        (
            "<dl>\n <dt>Rye:</dt>\n <dt><b>Oats</b></dt>\n <dd>grain</dd>\n <dd>food</dd>\n</dl>",
            "\n- **Rye**\n  / **Oats**:\n  grain;\n  food\n",
        ),
        ("<dl>\n<dt>Is it hard?</dt><dd>No.</dd></dl>", "\n- **Is it hard?** No."),
    ],
)
def test_folded_parts_and_definitions_keep_their_words_together(raw: str, expected: str) -> None:
    assert clean("# T\n" + raw) == "# T\n" + expected


@pytest.mark.parametrize(
    ("raw", "headings"),
    [
        ("<details><summary>Rye</summary>\nheavy\n</details>", ["## Rye"]),
        ("## Flours\n<details>\n  <summary>1. <b>Rye</b></summary>\n\nheavy\n</details>\n\n## B", ["### 1. **Rye**"]),
        ("<details>\n<summary>\n\nRye\n\n</summary>\nheavy\n</details>", ["## Rye"]),
        (  # one after another, whatever follows
            "<details><summary>Rye</summary>\na\n</details>\n<br>\n\n[back to top](#top)\n"
            "<details><summary>Oats</summary>\nb\n<details><summary>Old</summary>\nc\n</details>\n</details>\nAnd on.",
            ["## Rye", "## Oats", "### Old"],
        ),
        ("<details><summary>Rye</summary>\n\n### Sour\n</details>\n<details><summary>Oats</summary>\nb\n</details>",
         ["## Rye", "### Sour", "## Oats"]),
        ("<details><summary>Rye</summary>\n\n## Sour\n</details>", ["## Sour"]),  # its own heading is no deeper
        ("<details><summary>Rye</summary>\na\n</details>\nAnd on.", []),
        ("<details><summary>Click to expand!</summary>\na\n</details>", []),
        ("<details><summary>Rye</summary> heavy</details>", []),
        ("- a\n  <details><summary>Rye</summary>\n  b\n  </details>", []),
        ("<details><summary>Rye</summary>\nnever closed", []),
        ("```\n<details><summary>Rye</summary>\n</details>\n```", []),
        ("###### Flours\n<details><summary>Rye</summary>\na\n</details>", []),  # there is no deeper one
    ],
)  # fmt: skip
def test_what_a_folded_part_says_of_itself_is_a_heading_where_it_is_a_section(raw: str, headings: list[str]) -> None:
    text = clean("# T\n" + raw)
    found = [line for line in text.split("\n")[1:] if line.startswith("#")]
    assert [line for line in found if "Flours" not in line and line != "## B"] == headings
    assert text.count("\n") == raw.count("\n") + 1


@pytest.mark.parametrize(
    "opening",
    [
        "<dl>",
        "<details><summary>a</summary>\n",
        "<details>\n</details>\n",
        "<dt>",
        "<dl><dt>",
        "<summary>",
        "![",
        "[![a](badge",
        "[a](#a) ",
        "A: b\n",
    ],
)
def test_repeated_parts_of_lists_and_pictures_are_cleaned_in_little_time(opening: str) -> None:
    assert clean(opening * 3000).count("\n") == opening.count("\n") * 3000
