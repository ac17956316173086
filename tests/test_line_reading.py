"""Lines read beside the question, and the answers made of those that were read to answer."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from advisor.answer import reading
from advisor.answer.extract import select
from advisor.answer.reading import ADAPTER, LogOdds, by_reading, likeliest, line_text, open_reader, reread
from advisor.answer.readout import select_read
from advisor.answer.selection import Selection, Shape
from advisor.answer.weigh import Weighed, make_page
from advisor.corpus.chunking import chunk_document
from advisor.corpus.outline import outline_document
from advisor.corpus.reading import find_sections
from advisor.errors import ModelError
from advisor.records import Document, Hit, Intent, Query

PAGE = """# Beekeeping

## First hive

- **Langstroth course** by the Guild
  - Duration: 6 weeks
  - Cost: EUR 40
- Smoker
- Gloves

## Winter

Bees keep together in cold winters. Feeding sugar is the last resort. A hive is not opened below ten degrees.
"""
YES, MAYBE, NO = 3.0, 0.0, -3.0  # log-odds: likely 0.95, 0.5 and 0.05


class Told:
    """A reader that knows the log-odds of a line by its own words; NO for any other."""

    def __init__(self, odds: Mapping[str, float]) -> None:
        self.odds = odds
        self.read_lines: list[str] = []

    def read(self, question: str, lines: Sequence[str]) -> LogOdds:
        self.read_lines += lines
        found = [self.odds.get(line.rpartition(" > ")[2], NO) for line in lines]
        return np.array(found, dtype=np.float32)


def lines(scores: Mapping[str, float] | None = None, text: str = PAGE) -> list[Weighed]:
    document = Document("bees.md", "Beekeeping", text, find_sections(text), "0")
    outline = outline_document(document)
    passages = chunk_document(document, count_pieces=len)
    page = make_page(outline, passages, np.zeros((len(outline.nodes), 2), dtype=np.float32))
    found = [Weighed(page, node, 0.0, 0.0, 0.0, (scores or {}).get(node.text, 0.0)) for node in outline.nodes[1:]]
    return sorted(found, key=lambda one: -one.score)


def read(odds: Mapping[str, float], scores: Mapping[str, float] | None = None) -> Selection | None:
    return select_read(reread("what?", lines(scores), Told(odds)))


def texts(selection: Selection | None) -> list[str]:
    assert selection is not None
    return [snippet.text for snippet in selection.snippets]


# --- reading ---------------------------------------------------------------------------------------


def test_a_line_is_shown_with_its_title_and_what_stands_above_and_below_it() -> None:
    shown = {one.node.text: line_text(one.page.outline, one.node) for one in lines()}
    assert shown["Duration: 6 weeks"] == "Beekeeping > First hive > Langstroth course by the Guild > Duration: 6 weeks"
    course = "Beekeeping > First hive > Langstroth course by the Guild: Duration, Cost"
    assert shown["Langstroth course by the Guild"] == course


def test_reading_lifts_the_line_that_answers() -> None:
    found = reread("what?", lines(), Told({"Gloves": YES}))
    assert found[0].node.text == "Gloves"
    assert found[0].reading == pytest.approx(0.9526, abs=1e-3)


def test_the_weighing_still_counts() -> None:
    found = reread("what?", lines({"Smoker": 0.9}), Told({"Gloves": MAYBE, "Smoker": MAYBE}))
    assert [one.node.text for one in found[:2]] == ["Smoker", "Gloves"]


def test_what_stands_beside_the_best_lines_is_read_too() -> None:
    told = Told({"Smoker": YES})
    found = reread("what?", lines({"Smoker": 0.9}), told, lines_read=1)
    assert {line.rpartition(" > ")[2] for line in told.read_lines} >= {"Smoker", "Gloves"}
    assert not any("winter" in line for line in told.read_lines)
    assert [one.reading for one in found if one.node.text.startswith("Bees keep")] == [None]


def test_no_line_is_lost_or_read_twice() -> None:
    told = Told({"Smoker": YES})
    before = lines()
    after = reread("what?", before, told)
    assert {one.node.index for one in after} == {one.node.index for one in before}
    assert len(told.read_lines) == len(set(told.read_lines))


# --- answers ---------------------------------------------------------------------------------------


def test_one_line_that_answers_is_the_answer() -> None:
    assert texts(read({"Duration: 6 weeks": YES})) == ["Langstroth course by the Guild: Duration: 6 weeks."]


def test_lines_read_nearly_as_likely_come_with_it_in_reading_order() -> None:
    answer = read({"A hive is not opened below ten degrees.": YES, "Bees keep together in cold winters.": YES})
    assert texts(answer) == ["Bees keep together in cold winters.", "A hive is not opened below ten degrees."]


def test_a_sentence_beside_the_best_comes_with_it_from_two_fifths_of_its_reading_whatever_its_score() -> None:
    best, beside = "A hive is not opened below ten degrees.", "Feeding sugar is the last resort."
    assert texts(read({best: YES, beside: MAYBE}, {best: 2.0})) == [beside, best]
    assert texts(read({best: YES, beside: -0.7}, {best: 2.0})) == [best]  # 0.33 of a reading against 0.95
    assert texts(read({best: YES, "Gloves": MAYBE}, {best: 2.0})) == [best]


def test_where_nothing_convinces_the_rules_decide() -> None:
    assert read({}) is None
    assert select_read(lines()) is None
    assert select_read([]) is None


def test_most_members_of_a_list_are_the_list() -> None:
    answer = read({"Smoker": YES, "Gloves": YES})
    assert answer is not None
    assert answer.shape is Shape.LIST
    assert len(answer.snippets) == 3


def test_a_line_of_a_list_that_says_it_exacter_is_told_alone() -> None:
    course = "Langstroth course by the Guild: Duration, Cost"
    answer = read({course: YES, "Cost: EUR 40": YES}, {"Langstroth course by the Guild": 0.1})
    assert answer is not None
    assert answer.shape is Shape.SENTENCES


def test_a_heading_over_sentences_is_told_by_its_sentences() -> None:
    sentences = "Bees keep together in cold winters., Feeding sugar is the last resort., A hive is not opened below ten"
    winter = f"Winter: {sentences} degrees."
    answer = read({winter: YES})
    assert texts(answer) == [
        "Bees keep together in cold winters.",
        "Feeding sugar is the last resort.",
        "A hive is not opened below ten degrees.",
    ]


def test_a_line_is_not_told_again_by_the_one_above_it() -> None:
    course = "Langstroth course by the Guild: Duration, Cost"
    answer = read({course: MAYBE, "Cost: EUR 40": YES})
    assert texts(answer) == ["Langstroth course by the Guild: Cost: EUR 40."]


def test_the_steps_of_a_career_are_its_list_whatever_was_read() -> None:
    steps = "## Roadmap to becoming a beekeeper, in order\n\n1. Phase 1: Theory\n2. Phase 2: First hive\n"
    text = f"{steps}\n## Talk\n\nIt takes years of patience.\n"
    document = Document("bee.md", "Beekeeper", text, find_sections(text), "0", role="Beekeeper")
    outline = outline_document(document)
    passages = chunk_document(document, count_pieces=len)
    page = make_page(outline, passages, np.zeros((len(outline.nodes), 2), dtype=np.float32))
    found = [Weighed(page, node, 0.5, 0.5, 0.5, 0.5) for node in outline.nodes[1:]]
    question = "How do I become a beekeeper?"
    query = Query(question, question, Intent.STEPS, ("becom",), roles=("Beekeeper",))
    answer = select(query, reread(question, found, Told({"It takes years of patience.": YES})))
    assert answer is not None
    assert answer.shape is Shape.STEPS
    assert texts(answer) == ["Phase 1: Theory", "Phase 2: First hive"]


# --- the shipped adapter ---------------------------------------------------------------------------


@pytest.mark.models
def test_the_shipped_reader_tells_the_answer_from_its_neighbours() -> None:
    from advisor.models import locate, weights_digest
    from advisor.settings import Settings

    folder = locate(reading.BASE, models_dir=Settings().models_dir)
    reader = open_reader(folder, digest=weights_digest(folder))
    shown = [line_text(one.page.outline, one.node) for one in lines()]
    best = shown[int(reader.read("how long is the langstroth course?", shown).argmax())]
    assert best.endswith("Duration: 6 weeks")
    assert reader.read("how long?", []).shape == (0,)
    assert reader.read("why " * 1500, shown[:2]).shape == (2,)  # the longest question that can be asked


@pytest.mark.models
def test_a_light_reader_reads_as_the_other_does() -> None:
    from advisor.models import locate, weights_digest
    from advisor.settings import Settings

    folder = locate(reading.BASE, models_dir=Settings().models_dir)
    shown = [line_text(one.page.outline, one.node) for one in lines()]
    odds = [
        open_reader(folder, digest=weights_digest(folder), light=light).read(
            "how long is the langstroth course?", shown
        )
        for light in (False, True)
    ]
    assert np.abs(odds[0] - odds[1]).max() < 0.2  # the other may compute in half precision


@pytest.mark.models
def test_a_reader_over_other_weights_is_refused() -> None:
    from advisor.models import locate
    from advisor.settings import Settings

    folder = locate(reading.BASE, models_dir=Settings().models_dir)
    with pytest.raises(ModelError, match="other weights"):
        open_reader(folder, digest="0" * 64)


def test_an_adapter_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="nowhere"):
        open_reader(tmp_path, digest="0", adapter=tmp_path / "nowhere.safetensors")


def test_the_adapter_ships_with_its_model_card() -> None:
    card = (ADAPTER.parent / "README.md").read_text("utf-8")
    assert ADAPTER.name in card
    assert ADAPTER.stat().st_size < 6_000_000


def test_where_no_time_is_stated_what_was_read_to_answer_is_told() -> None:
    line = "A hive is not opened below ten degrees."
    query = Query("how long can i open the hive?", "", Intent.DURATION, ("hive",))
    assert texts(select(query, reread("?", lines({line: 1.0}), Told({line: YES})))) == [line]
    assert select(query, reread("?", lines({line: 1.0}), Told({line: -1.0}))) is None


def test_of_each_career_that_is_compared_some_lines_are_read() -> None:
    document = Document("bees.md", "Beekeeping", PAGE, find_sections(PAGE), "0", role="Beekeeper")
    outline = outline_document(document)
    page = replace(lines()[0].page, outline=outline)
    of_career = [replace(line, page=page) for line in lines()]
    few, more = Told({}), Told({})
    reread("?", of_career, few, lines_read=1, each_of=("Baker",))
    reread("?", of_career, more, lines_read=1, each_of=("Beekeeper",))
    assert len(few.read_lines) < len(more.read_lines)
    assert len(more.read_lines) == len(set(more.read_lines))


def test_the_likeliest_of_the_lines_read_is_what_the_gate_hears() -> None:
    assert likeliest(reread("?", lines(), Told({"Smoker": MAYBE}))) == pytest.approx(0.5)
    assert likeliest(lines()) is None
    assert likeliest([]) is None


@pytest.mark.models
def test_the_shipped_reader_knows_what_no_line_answers() -> None:
    from advisor.models import locate, weights_digest
    from advisor.settings import Settings

    folder = locate(reading.BASE, models_dir=Settings().models_dir)
    shipped = open_reader(folder, digest=weights_digest(folder))
    answered = likeliest(reread("how much is the langstroth course?", lines(), shipped))
    unanswerable = likeliest(reread("which university taught the first beekeeper in Peru?", lines(), shipped))
    assert answered is not None
    assert unanswerable is not None
    assert answered > unanswerable


def test_a_list_whose_members_are_read_as_well_as_the_best_line_is_told_with_it() -> None:
    hive = (
        PAGE
        + """
## Signs of a strong hive

A strong hive is loud.

Look for these:

- Eggs
- Pollen
- Honey
- A queen
"""
    )
    odds = {"A strong hive is loud.": YES, "Eggs": YES, "Pollen": YES, "Honey": YES}
    answer = select_read(reread("what?", lines(text=hive), Told(odds)))
    assert answer is not None
    assert answer.shape is Shape.LIST
    assert texts(answer) == ["A strong hive is loud.", "Eggs", "Pollen", "Honey", "A queen"]


def test_a_sentence_that_announces_a_list_is_told_with_it() -> None:
    hive = PAGE + "\n## Work\n\nA keeper does many things.\n\nSome of them are:\n\n- Feeding\n- Swarming\n- Selling\n"
    odds = {"A keeper does many things.": YES, "Some of them are:: Feeding, Swarming, Selling": YES}
    answer = select_read(reread("what?", lines(text=hive), Told(odds)))
    assert answer is not None
    assert answer.shape is Shape.LIST
    assert texts(answer) == ["A keeper does many things.", "Feeding", "Swarming", "Selling"]


def test_the_same_field_of_a_thing_that_is_asked_for_less_stays_out() -> None:
    pay = PAGE + "\n## Keeper\n\n- Pay: 30\n\n## Seller\n\n- Pay: 40\n"
    weighed = [replace(w, coverage=0.9 if "Keeper" in w.path else 0.6) for w in lines({"Pay: 30": 0.1}, pay)]
    assert texts(select_read(reread("what?", weighed, Told({"Pay: 30": YES, "Pay: 40": YES})))) == ["Keeper: Pay: 30."]
    alike = [replace(w, coverage=0.6) for w in weighed]
    assert len(texts(select_read(reread("what?", alike, Told({"Pay: 30": YES, "Pay: 40": YES}))))) == 2


def test_two_lists_that_answer_alike_are_told_together() -> None:
    hive = PAGE + "\n## Hives\n\nFor beginners:\n\n- Box\n- Log\n\nFor experts:\n\n- Skep\n- Tube\n"
    odds = {"For beginners:: Box, Log": YES, "For experts:: Skep, Tube": YES}
    both = select_read(reread("what?", lines(text=hive), Told(odds)))
    assert both is not None
    assert [group.lead for group in both.groups] == ["Hives – For beginners:", "Hives – For experts:"]
    one = select_read(reread("what?", lines(text=hive), Told({"For beginners:: Box, Log": YES})))
    assert texts(one) == ["Box", "Log"]


def test_a_line_that_announces_the_list_of_the_best_item_is_told_whole() -> None:
    hive = PAGE + "\n## Hives\n\nFor beginners:\n\n- Box\n- Log\n"
    odds = {"Box": YES, "For beginners:: Box, Log": YES}
    answer = select_read(reread("what?", lines({"Box": 0.1}, hive), Told(odds)))
    assert texts(answer) == ["Box", "Log"]


def test_a_line_that_leads_on_to_its_list_names_it_whole() -> None:
    hive = PAGE + "\n## Year\n\n**Month 2**: Build a box\n- Saw\n- Nails\n"
    answer = select_read(reread("what?", lines(text=hive), Told({"Month 2: Build a box: Saw, Nails": YES})))
    assert answer is not None
    assert [group.lead for group in answer.groups] == ["Year – Month 2: Build a box:"]


CAREFUL = """# Beekeeping

## Common pitfalls

- Haste: Bees feel it
- Sugar: Too much of it
- Gloves: Thick ones

Good luck on your way with bees!
"""


def test_the_list_of_a_section_is_told_where_a_list_is_asked_for() -> None:
    odds = dict.fromkeys(("Haste: Bees feel it", "Sugar: Too much of it", "Gloves: Thick ones"), YES)
    weighed = reread("what?", lines({GOOD_LUCK: 0.1}, CAREFUL), Told(odds | {GOOD_LUCK: YES}))
    asked = select_read(weighed, asks_list=True)
    assert asked is not None
    assert asked.groups[-1].lead == "Common pitfalls:"
    assert [piece.text for piece in asked.groups[-1].snippets] == list(odds)
    plain = select_read(weighed)
    assert plain is not None
    assert plain.shape is Shape.SENTENCES


GOOD_LUCK = "Good luck on your way with bees!"
NAMES = """# Beekeeping

## Breeds

- European breeds
  - Carniolan
  - Buckfast
  - Dark bee
"""


def test_one_name_of_a_short_list_of_names_is_told_with_the_others_where_a_list_is_asked_for() -> None:
    weighed = reread("what?", lines(None, NAMES), Told({"Buckfast": YES}))
    assert texts(select_read(weighed, asks_list=True)) == ["Carniolan", "Buckfast", "Dark bee"]
    assert len(texts(select_read(weighed))) == 1


def test_a_line_read_much_less_likely_about_something_else_stays_out() -> None:
    odds = {"Bees keep together in cold winters.": YES, "Gloves": MAYBE}
    close = read(odds, {"Bees keep together in cold winters.": 0.3, "Gloves": 0.3})
    far = read(odds, {"Bees keep together in cold winters.": 0.9, "Gloves": 0.1})
    assert len(texts(close)) == 2
    assert texts(far) == ["Bees keep together in cold winters."]


# --- the order of passages ---------------------------------------------------------------------------


def hits_of(found: Sequence[Weighed]) -> list[Hit]:
    """The page's passages as a search found them: in reading order, each a little worse than the one before."""
    passages = found[0].page.passages
    return [Hit(passage, 1.0 - place / 10, 0.5, 0.5) for place, passage in enumerate(passages)]


def test_the_passage_whose_line_answers_best_comes_first() -> None:
    found = reread("what?", lines(), Told({"A hive is not opened below ten degrees.": YES}))
    before = hits_of(found)
    after = by_reading(before, found)
    assert "ten degrees" not in before[0].passage.text
    assert "ten degrees" in after[0].passage.text
    assert {hit.passage.id for hit in after} == {hit.passage.id for hit in before}


def test_lines_that_nobody_read_leave_the_order_of_the_search() -> None:
    before = hits_of(lines())
    assert list(by_reading(before, lines())) == before


def test_the_passage_of_a_line_that_reads_well_is_listed_though_the_search_missed_it() -> None:
    found = reread("what?", lines(), Told({"A hive is not opened below ten degrees.": YES}))
    missed = [hit for hit in hits_of(found) if "ten degrees" not in hit.passage.text]
    assert "ten degrees" in by_reading(missed, found)[0].passage.text
    badly = reread("what?", lines(), Told({"A hive is not opened below ten degrees.": -YES}))
    assert {hit.passage.id for hit in by_reading(missed, badly)} == {hit.passage.id for hit in missed}


def test_what_another_line_of_the_answer_says_already_is_not_said_twice() -> None:
    myth = PAGE + "\n## A myth\n\n- Myth: bees are mean.\n- Reality: bees are busy.\n"
    odds = {"Myth: bees are mean.": YES, "Reality: bees are busy.": YES, "Bees keep together in cold winters.": YES}
    said = texts(select_read(reread("what?", lines(text=myth), Told(odds))))
    assert sum("bees are busy" in line for line in said) == 1
