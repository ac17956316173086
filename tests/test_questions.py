"""Question files are read strictly; and the files in eval/questions hold to what eval/README.md says of them."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from advisor.corpus.chunking import chunk_document
from advisor.corpus.reading import find_sections, read_document
from advisor.errors import UsageError
from advisor.evaluation.metrics import nugget_found, says
from advisor.evaluation.questions import Case, Expected, Gold, Nugget, gold_passages, read_cases
from advisor.records import Document, Passage
from advisor.text import normalise

ROOT = Path(__file__).parents[1]
QUESTIONS = ROOT / "eval" / "questions"
README = (ROOT / "eval" / "README.md").read_text(encoding="utf-8")

SMALLEST: dict[str, Any] = {"id": "a-1", "kind": "fact", "question": "how long?", "expected": "answer"}


def write(file: Path, *lines: dict[str, Any] | str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    texts = [line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines]
    file.write_text("\n".join(texts), encoding="utf-8")
    return file


# --- reading -------------------------------------------------------------------------------------


def test_every_key_of_a_line_is_read(tmp_path: Path) -> None:
    line = {
        **SMALLEST,
        "history": ["first", "second"],
        "gold": [{"page": "a.md", "section": "Phase 1", "grade": 2}],
        "nuggets": [{"text": "7 weeks", "aliases": ["seven weeks"]}, {"text": "SQL"}],
        "forbidden": ["10 weeks"],
        "as_of": "2026-11-21",
        "seed": ["page-1"],
    }
    (case,) = read_cases(write(tmp_path / "a.jsonl", line))
    assert (case.id, case.kind, case.question, case.expected) == ("a-1", "fact", "how long?", Expected.ANSWER)
    assert case.history == ("first", "second")
    assert case.gold == (Gold(page="a.md", section="Phase 1", grade=2),)
    assert case.nuggets == (Nugget("7 weeks", ("seven weeks",)), Nugget("SQL"))
    assert (case.forbidden, str(case.as_of), case.seed) == (("10 weeks",), "2026-11-21", ("page-1",))


def test_what_a_line_leaves_out_is_empty() -> None:
    case = Case.model_validate(SMALLEST)
    assert (case.history, case.gold, case.nuggets, case.forbidden, case.as_of, case.seed) == (
        (),
        (),
        (),
        (),
        None,
        None,
    )


def test_a_case_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Case.model_validate(SMALLEST).id = "b"


def test_a_file_is_read_in_its_order_without_blank_lines_and_byte_order_mark(tmp_path: Path) -> None:
    file = write(tmp_path / "a.jsonl", "\ufeff" + json.dumps({**SMALLEST, "id": "z"}), "  ", {**SMALLEST, "id": "b"})
    assert [case.id for case in read_cases(file)] == ["z", "b"]


def test_a_line_separator_inside_a_question_ends_no_line(tmp_path: Path) -> None:
    (case,) = read_cases(write(tmp_path / "a.jsonl", {**SMALLEST, "question": "one\u2028two"}))
    assert case.question == "one\u2028two"


def test_a_folder_is_read_to_its_depths_in_the_order_of_the_paths(tmp_path: Path) -> None:
    for name in ("test/b.jsonl", "b.jsonl", "dev/z.jsonl", "dev/a/c.jsonl"):
        write(tmp_path / name, {**SMALLEST, "id": name})
    write(tmp_path / "notes.md", "no question")
    assert [case.id for case in read_cases(tmp_path)] == ["b.jsonl", "dev/a/c.jsonl", "dev/z.jsonl", "test/b.jsonl"]


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ('{"id": "b"', "not JSON .*write one object a line"),
        ("[]", r"\[\] is no question; write one object a line"),
        ({"id": "b", "kind": "fact", "question": "q"}, "the key 'expected' is missing; add it"),
        ({**SMALLEST, "nugget": []}, "there is no key 'nugget'; remove it or correct its name"),
        ({**SMALLEST, "nuggets": [{"text": "x", "alias": []}]}, "there is no key 'nuggets.0.alias'"),
        ({**SMALLEST, "gold": [{"page": "a", "section": "b", "grade": 1, "why": ""}]}, "no key 'gold.0.why'"),
        ({**SMALLEST, "gold": [{"page": "a", "section": "b", "grade": 3}]}, "'gold.0.grade' cannot be 3: .*correct it"),
        ({**SMALLEST, "expected": "refused"}, "'expected' cannot be 'refused': .*'answer', 'refuse'"),
        ({**SMALLEST, "id": 5}, "'id' cannot be 5: .*correct it"),
        ({**SMALLEST, "id": "two words"}, "'id' cannot be 'two words'; give one word without spaces"),
        ({**SMALLEST, "question": " ?"}, "'question' cannot be ' \\?'; give a text with a word in it"),
        ({**SMALLEST, "history": "earlier"}, "'history' cannot be 'earlier': .*correct it"),
        ({**SMALLEST, "as_of": "21 November"}, "'as_of' cannot be '21 November': .*YYYY-MM-DD"),
        ({**SMALLEST, "nuggets": [{"text": "x", "aliases": ["**"]}]}, r"'nuggets': '\*\*' has no word or number"),
        ({**SMALLEST, "forbidden": ["…"]}, "'forbidden': '…' has no word or number"),
    ],
)
def test_a_bad_line_is_named_with_its_cure(tmp_path: Path, line: dict[str, Any] | str, complaint: str) -> None:
    file = write(tmp_path / "a.jsonl", {**SMALLEST, "id": "first"}, "", line)
    with pytest.raises(UsageError, match=rf"a\.jsonl', line 3: .*{complaint}"):
        read_cases(file)


def test_all_that_is_wrong_with_a_line_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"'kind' is missing.*'question' is missing"):
        read_cases(write(tmp_path / "a.jsonl", {"id": "b", "expected": "warn"}))


def test_an_id_that_comes_twice_is_refused_with_both_places(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", SMALLEST)
    write(tmp_path / "b.jsonl", {**SMALLEST, "id": "b"}, SMALLEST)
    with pytest.raises(UsageError, match=r"b\.jsonl', line 2: the id 'a-1' was given in .*a\.jsonl', line 1; give"):
        read_cases(tmp_path)


def test_a_place_without_questions_is_an_error(tmp_path: Path) -> None:
    empty = write(tmp_path / "empty.jsonl")
    for place in (empty, tmp_path):
        with pytest.raises(UsageError, match=r"holds no question; name a \.jsonl file"):
            read_cases(place)


def test_a_file_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "latin.jsonl").write_bytes(b"\xff\xfe{}")
    for name in ("latin.jsonl", "missing.jsonl"):
        with pytest.raises(UsageError, match=f"{name}' cannot be read .*give a UTF-8 file"):
            read_cases(tmp_path / name)


# --- gold ----------------------------------------------------------------------------------------


def passage(name: str, document: str, *section: str) -> Passage:
    return Passage(id=name, document=document, title="", section=section, start=0, end=0, text="")


def grades(gold: Sequence[Gold], *passages: Passage) -> dict[str, int]:
    return gold_passages(Case(**SMALLEST, gold=tuple(gold)), passages)


def test_the_key_of_a_gold_section_is_its_page_and_the_slug_of_its_heading() -> None:
    gold = Gold(page="ai.md", section="Phase 2: C# & “Deep” learning (5–6 months)", grade=1)
    assert gold.key == "ai.md#phase-2-c-deep-learning-5-6-months"


def test_a_gold_section_holds_the_passages_under_its_heading_and_under_those_below() -> None:
    found = grades(
        [Gold(page="a.md", section="Phase 1", grade=2)],
        passage("own", "a.md", "Phase 1"),
        passage("below", "a.md", "Phase 1", "Courses"),
        passage("above", "a.md", "Roadmap"),
        passage("beside", "a.md", "Phase 10"),
        passage("other page", "b.md", "Phase 1"),
    )
    assert found == {"own": 2, "below": 2}


def test_headings_are_compared_without_regard_to_case_spaces_and_dashes() -> None:
    found = grades(
        [Gold(page="a.md", section="phase 1:  4–5 months", grade=1)], passage("x", "a.md", "Phase 1: 4-5 Months")
    )
    assert found == {"x": 1}


@pytest.mark.parametrize("order", [1, -1])
def test_a_passage_in_two_gold_sections_has_the_higher_grade(order: int) -> None:
    both = [Gold(page="a.md", section="Roadmap", grade=1), Gold(page="a.md", section="Phase 1", grade=2)][::order]
    found = grades(both, passage("in both", "a.md", "Roadmap", "Phase 1"), passage("in one", "a.md", "Roadmap"))
    assert found == {"in both": 2, "in one": 1}


def test_a_section_named_twice_has_the_higher_grade() -> None:
    twice = [Gold(page="a.md", section="Roadmap", grade=2), Gold(page="a.md", section="roadmap", grade=1)]
    assert grades(twice, passage("x", "a.md", "Roadmap")) == {"x": 2}


# --- the real files: checks that are functions, so that planted faults can show that they catch ---------------------


@lru_cache(maxsize=1)
def pages() -> dict[str, Document]:
    files = (file for file in (ROOT / "corpus").glob("*.md") if file.name != "README.md")
    return {file.name: read_document(file, key=file.name) for file in files}


@lru_cache(maxsize=2)
def split(name: str) -> tuple[Case, ...]:
    return read_cases(QUESTIONS / name)


def everything() -> tuple[Case, ...]:
    return (*split("dev"), *split("test"))


def section_text(gold: Gold, documents: Mapping[str, Document]) -> str:
    """What stands under the heading and under the headings below it; "" where the page has no such heading."""
    document = documents.get(gold.page)
    inside = (section for section in document.sections if gold.section in section.path) if document else ()
    return "".join(document.text[section.start : section.end] for section in inside) if document else ""


def plain(markdown: str) -> str:
    """Lower case, one kind of dash and space, no Markdown marks and no link targets."""
    return normalise(re.sub(r"[*_`|#]", " ", re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", markdown)))


def stands_in(wording: str, text: str) -> bool:
    """Whether the text has these words in a row; a number at either end is whole: 4 is not in 14 or 4-5."""
    wanted = plain(wording)
    before = r"(?<!\w)(?<!\d[.,-])" if wanted[0].isdigit() else ""
    after = r"(?!\w|[.,-]\d|\+)" if wanted[-1].isdigit() else ""
    return re.search(before + re.escape(wanted) + after, plain(text)) is not None


def missing_sections(cases: Sequence[Case], documents: Mapping[str, Document]) -> list[str]:
    return [f"{case.id}: {gold.key}" for case in cases for gold in case.gold if not section_text(gold, documents)]


def missing_nuggets(cases: Sequence[Case], documents: Mapping[str, Document]) -> Iterator[str]:
    for case in cases:
        sections = [section_text(gold, documents) for gold in case.gold]
        for nugget in case.nuggets:
            if not any(stands_in(nugget.text, text) for text in sections):
                yield f"{case.id}: {nugget.text}"


def self_forbidden(cases: Sequence[Case]) -> list[str]:
    return [
        f"{case.id}: {forbidden}"
        for case in cases
        for forbidden in case.forbidden
        for nugget in case.nuggets
        for wording in (nugget.text, *nugget.aliases)
        if plain(forbidden) in plain(wording) or says(wording, forbidden)
    ]


def gold_pages(cases: Sequence[Case]) -> set[str]:
    return {gold.page for case in cases for gold in case.gold}


def listed_test_pages() -> set[str]:
    """The pages that eval/README.md keeps for the test set."""
    (listing,) = re.findall(r"^Test pages:\n\n(.*?)\n\n", README, re.DOTALL | re.MULTILINE)
    return {f"{name}.md" for name in re.findall(r"`([\w-]+)`", listing)}


def test_there_are_at_least_six_hundred_questions_beside_the_seed_sets() -> None:
    assert len(everything()) >= 600


def test_every_id_is_unique_over_all_sets() -> None:
    ids = Counter(case.id for case in read_cases(QUESTIONS))
    assert [name for name, count in ids.items() if count > 1] == []
    assert ids.keys() > {case.id for case in everything()}


def test_every_gold_heading_exists_on_its_page() -> None:
    assert missing_sections(everything(), pages()) == []


def test_every_nugget_stands_in_a_gold_section() -> None:
    assert list(missing_nuggets(everything(), pages())) == []


def test_whoever_quotes_the_gold_sections_whole_says_every_nugget() -> None:
    unsaid = [
        f"{case.id}: {nugget.text}"
        for case in everything()
        for nugget in case.nuggets
        if not any(nugget_found(section_text(gold, pages()), nugget) for gold in case.gold)
    ]
    assert unsaid == []


def test_no_page_is_gold_in_both_splits() -> None:
    assert gold_pages(split("dev")) & gold_pages(split("test")) == set()


def test_the_test_questions_keep_to_the_pages_that_the_readme_lists() -> None:
    assert gold_pages(split("test")) == listed_test_pages()


def test_no_forbidden_string_is_part_of_a_right_answer() -> None:
    assert self_forbidden(everything()) == []


def test_what_is_answered_has_gold_and_nuggets_and_the_rest_has_neither() -> None:
    answered = {Expected.ANSWER, Expected.WARN}
    wrong = [
        case.id
        for case in everything()
        if {bool(case.gold), bool(case.nuggets)} != {case.expected in answered}
        or (case.gold and max(gold.grade for gold in case.gold) < 2)
    ]
    assert wrong == []


def test_every_question_says_for_which_day_it_holds() -> None:
    assert [case.id for case in everything() if case.as_of is None] == []


def test_every_gold_section_is_cut_into_passages() -> None:
    passages = [cut for page in pages().values() for cut in chunk_document(page, count_pieces=lambda t: len(t.split()))]
    uncut = [
        f"{case.id}: {gold.key}"
        for case in everything()
        for gold in case.gold
        if not gold_passages(case.model_copy(update={"gold": (gold,)}), passages)
    ]
    assert uncut == []


def test_the_readme_names_every_key_kind_and_expectation() -> None:
    named = set(re.findall(r"`([\w-]+)`", README))
    used = {case.kind for case in read_cases(QUESTIONS)}
    assert (used | set(Case.model_fields) | set(Gold.model_fields) | set(Expected)) - named == set()


# --- the checks catch what they are for ----------------------------------------------------------

_TEXT = """## Phase 1

It takes **14 weeks** and 4–5 [hours a day](https://x.org/7).

### Costs of phase 1

USD 1,200

## Phase 2

It takes 9 weeks.
"""
PAGE = Document(key="a.md", title="A", text=_TEXT, sections=find_sections(_TEXT), digest="")


def asking(section: str, *nuggets: str, forbidden: tuple[str, ...] = (), page: str = "a.md") -> Case:
    gold = (Gold(page=page, section=section, grade=2),)
    return Case(**SMALLEST, gold=gold, nuggets=tuple(map(Nugget, nuggets)), forbidden=forbidden)


def test_a_heading_that_is_not_on_the_page_is_caught() -> None:
    cases = [asking("Phase 1"), asking("phase 1"), asking("Phase 3"), asking("Phase 1", page="b.md")]
    assert missing_sections(cases, {"a.md": PAGE}) == ["a-1: a.md#phase-1", "a-1: a.md#phase-3", "a-1: b.md#phase-1"]


@pytest.mark.parametrize("nugget", ["14 weeks", "IT TAKES 14 Weeks", "4-5 hours a day", "USD 1,200", "1,200"])
def test_a_nugget_that_stands_in_the_section_or_below_it_is_let_through(nugget: str) -> None:
    assert list(missing_nuggets([asking("Phase 1", nugget)], {"a.md": PAGE})) == []


@pytest.mark.parametrize("nugget", ["4 weeks", "5 hours a day", "4", "7", "USD 1", "200", "9 weeks", "weeks it takes"])
def test_a_nugget_that_only_looks_alike_or_stands_elsewhere_is_caught(nugget: str) -> None:
    assert list(missing_nuggets([asking("Phase 1", nugget)], {"a.md": PAGE})) == [f"a-1: {nugget}"]


def test_a_forbidden_string_inside_a_nugget_is_caught() -> None:
    assert self_forbidden([asking("Phase 1", "14 Weeks", forbidden=("4 weeks", "9 weeks"))]) == ["a-1: 4 weeks"]
    assert self_forbidden([asking("Phase 1", "seven weeks", forbidden=("7 weeks",))]) == ["a-1: 7 weeks"]
