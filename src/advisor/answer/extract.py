"""Choose the evidence and give it the shape the question wants: a sentence, a list, steps, a definition, a table.

Deterministic and without a language model. Every piece of a selection is a `Snippet`: words that can stand in an
answer, the verbatim quote they rest on and the passage that holds it. Knows nothing of citation numbers or of writers.
"""

import re
from collections.abc import Callable, Iterator, Sequence

from advisor.answer.among import select_among
from advisor.answer.beside import select_beside
from advisor.answer.both import select_both
from advisor.answer.contents import select_contents
from advisor.answer.contrast import select_contrast
from advisor.answer.differing import with_other_sources
from advisor.answer.facts import select_facts
from advisor.answer.fields import select_fields
from advisor.answer.kinds import select_counted, select_of_kind, select_one_of_kind
from advisor.answer.links import select_links
from advisor.answer.listing import select_list, select_named, select_steps
from advisor.answer.moving import select_move
from advisor.answer.numbered import in_its_part, select_numbered, select_numbered_time
from advisor.answer.order import select_before_or_after, select_neighbour
from advisor.answer.pace import asks_whole_time, select_pace, states_pace
from advisor.answer.parttimes import select_time_around
from advisor.answer.readout import select_read
from advisor.answer.sections import heading_of, select_section
from advisor.answer.selection import Group, Selection, Shape, distinct
from advisor.answer.tallied import select_tallied
from advisor.answer.timing import select_times
from advisor.answer.weigh import ANCESTOR, CONVINCING, SURE, Weighed, likeness
from advisor.answer.when import select_when
from advisor.answer.wording import UNTOLD, snippet_of, worded
from advisor.corpus.outline import Kind, Node
from advisor.corpus.quantities import durations, without_durations
from advisor.corpus.subjects import Subject
from advisor.records import Intent, Query
from advisor.search.asked import asks_whole_way, names_no_part
from advisor.search.compared import things_compared
from advisor.text import normalise, stem, stems

NAMED = ANCESTOR  # a thing is named in a line or above it; a title alone or a line below is not enough
_COSTS = frozenset(
    stem(word) for word in "cost free paid pay fee price money afford cheap budget expensive audit".split()
)
_BY_NAME = (select_numbered, select_named)  # lists
# Shapes that the reader's lines answer better than rules do; times, links and comparisons have rules that do better.
_READ = frozenset({Intent.FACT, Intent.LIST, Intent.COST, Intent.DEFINITION, Intent.STEPS})
LEAST_SHARE = 0.2  # of the surest reading, for a time that rules find to stand against it
BEST_LINES = 50  # whose pages a question for the whole way may be about
CAREER_SENTENCES = 2  # that say what a career is
MOST_OF_IT = 0.6  # share of a thing's words that a node must have to be about it


def select(query: Query, weighed: Sequence[Weighed]) -> Selection | None:
    """The evidence that answers the query best, in the shape it asks for; `weighed` is best first.

    None where nothing was weighed, and where a time or a price is asked for and no line about the thing states one: all
    else is beside the point.
    """
    shaped: dict[Intent, Callable[[Query, Sequence[Weighed]], Selection | None]] = {
        Intent.DURATION: _times,
        Intent.LIST: select_list,
        Intent.STEPS: select_steps,
        Intent.DEFINITION: _definition,
        Intent.RESOURCE: select_links,
        Intent.COMPARISON: _comparison,
    }
    of_items_or_parts = (
        select_move, select_when, select_among, select_of_kind, select_one_of_kind, select_counted, select_tallied,
        select_fields, select_neighbour, select_before_or_after,
    )  # fmt: skip
    for of_items in of_items_or_parts:
        if told := of_items(query, weighed):
            return told
    everything = weighed
    if query.intent is Intent.COST and query.is_follow_up:  # "and what does it cost?" is about that very thing
        weighed = _about_the_thing(query, weighed)
    if not weighed:
        return select_read(everything, question=query.question, least=CONVINCING)
    own_shapes = (
        select_beside, select_contrast, select_both, select_contents, _plainly_defined, select_section, *_BY_NAME,
        _paced,
    )  # fmt: skip
    for own_shape in own_shapes:
        if own := own_shape(query, weighed):
            return own
    if query.intent in _READ and not _asks_whole_way(query, weighed):
        asks_list = query.intent is Intent.LIST
        if read := select_read(in_its_part(query, weighed), question=query.question, asks_list=asks_list):
            return read
    choose = shaped.get(query.intent)
    chosen = choose(query, weighed) if choose else None
    if chosen is None and query.intent is Intent.DURATION:
        read = select_read(weighed, question=query.question, least=CONVINCING)
        return read or select_time_around(query, weighed)
    return chosen or select_facts(query, weighed)


def _is_read_worse(told: Selection, weighed: Sequence[Weighed]) -> bool:
    """Whether a line is surely read as the answer, and the one that rules tell is read as none beside it."""
    surest = max(w.likely for w in weighed)
    if surest < SURE or len(told.snippets) > 1:
        return False
    (only,) = told.snippets
    read = [w for w in weighed if w.reading is not None and w.page.outline.document.key == only.passage.document]
    quoted = ((w, w.page.outline.quote(w.node)) for w in read)
    about_it = (w.likely for w, quote in quoted if quote in only.quote or only.quote in quote)
    return max(about_it, default=0.0) < LEAST_SHARE * surest


def _paced(query: Query, weighed: Sequence[Weighed]) -> Selection | None:
    """How many hours each week something wants; where its whole time is asked for besides, that first."""
    pace = select_pace(query, weighed)
    whole = _times(query, weighed) if pace and asks_whole_time(query.question) else None
    if pace is None or whole is None:
        return pace
    if states_pace(whole.snippets[0].text):
        return Selection(Shape.SENTENCES, (Group("", whole.snippets[:1]),))
    snippets = distinct((*whole.snippets[:1], *pace.snippets), key=lambda snippet: normalise(snippet.text))
    return Selection(Shape.SENTENCES, (Group("", tuple(snippets)),))


def _times(query: Query, weighed: Sequence[Weighed]) -> Selection | None:
    """How long it takes: of a counted part of a career's way what its own page says, of anything else who says what."""
    asks_when = bool(_WHEN.search(query.question))  # "when am I done with it?" may want what is to be shown for it
    told = (None if asks_when else select_numbered_time(query, weighed)) or select_times(query, weighed)
    if told and _is_read_worse(told, weighed):
        told = select_read(weighed, question=query.question, least=SURE) or told
    return with_other_sources(query, told, weighed) if told else None


_WHEN = re.compile(r"\bwhen\b", re.IGNORECASE)


def _asks_whole_way(query: Query, weighed: Sequence[Weighed]) -> bool:
    """Whether all steps are asked for: of a career, or of what a page as a whole is about; it has them in order."""
    if query.intent is not Intent.STEPS:
        return False
    if asks_whole_way(query) or _WHOLE_WAY.search(query.question):
        return True
    named = {term for term in query.terms if not names_no_part((term,))}
    titles = {w.page.outline.document.title for w in weighed[:BEST_LINES]} if _TO_BECOME.search(query.question) else ()
    return bool(named) and any(named <= set(stems(title)) for title in titles)


_TO_BECOME = re.compile(r"\b(?:become|get into|break into|go into)\b", re.IGNORECASE)
_WHOLE_WAY = re.compile(
    r"\b(?:whole|entire|full|complete)\b[^.?!]*\b(?:plan|roadmap|path|order)\b"
    r"|\ball (?:the )?(?:phases|steps|stages)\b",
    re.IGNORECASE,
)


# --- definitions, comparisons, facts ----------------------------------------------------------------

_DEFINES = re.compile(
    r"\b(is|are|means?|refers? to|stands? for|describes?|can be seen as|speciali[sz]es?|designs?|builds?)\b", re.I
)


def _about_the_thing(query: Query, weighed: Sequence[Weighed]) -> Sequence[Weighed]:
    """The lines that name most of what the price is asked of, themselves or above; all where nothing is named."""
    carried = set(query.terms) - set(stems(query.question))  # "what does it cost, and is there a second try?"
    things = (carried or set(query.terms)) - _COSTS
    if not things:
        return weighed
    told = (w for w in weighed if normalise(w.node.label) not in UNTOLD)
    return [w for w in told if _times_named(things, w) > len(things) / 2]


def _times_named(things: set[str], weighed: Weighed) -> int:
    worth = weighed.page.worth[weighed.node.index]
    return sum(worth.get(term, 0.0) >= NAMED for term in things)


def _plainly_defined(query: Query, weighed: Sequence[Weighed]) -> Selection | None:
    """The sentence "X is …", or what a career is where its name alone is asked for; None where no line says it so."""
    if query.intent is not Intent.DEFINITION:
        return None
    wanted = set(query.terms)
    saying = [w for w in weighed if w.node.kind is Kind.SENTENCE and _added_words(w, wanted) == 0]
    if best := max(saying, key=lambda w: w.score, default=None):
        return Selection(Shape.SENTENCES, (Group("", (snippet_of(best, worded(best)),)),))
    careers = query.careers
    if len(careers) != 1 or not wanted <= set(stems(" ".join(careers))):
        return None
    heading = heading_of(Subject.DEFINITION, careers, weighed)
    told = heading.page.outline.children(heading.node) if heading else ()
    by_name = [node for node in told if _opens_with_asked(node, query)]  # "a scrum master helps one team"
    below = by_name or told[:CAREER_SENTENCES]
    snippets = tuple(snippet_of(heading, node.text, node) for node in below) if heading else ()
    return Selection(Shape.SENTENCES, (Group("", snippets),)) if snippets else None


def _opens_with_asked(node: Node, query: Query) -> bool:
    """Whether a sentence says something of what the question calls the career by, and its pages do not."""
    said, career = set(stems(query.question)), set(stems(" ".join(query.careers)))
    opening = stems(" ".join(node.text.split()[:4]))[:2]
    return len(opening) == 2 and set(opening) <= said and not set(opening) <= career


def _definition(query: Query, weighed: Sequence[Weighed]) -> Selection | None:
    wanted = set(query.terms)
    opening = [w for w in weighed if _added_words(w, wanted) <= 1]
    defining = opening or [w for w in weighed if _stands_first_under(w, wanted)]
    if not defining:
        return None
    best = min(defining, key=lambda w: (_added_words(w, wanted), -w.score))
    return Selection(Shape.SENTENCES, (Group("", (snippet_of(best, worded(best)),)),))


_BRACKETS = re.compile(r"\([^)]*\)")
NEVER = 99


def _added_words(weighed: Weighed, wanted: set[str]) -> int:
    """How many words "X is …" or "X: …" adds to the X that is asked for; NEVER where the node says neither."""
    node = weighed.node
    if node.kind is Kind.ITEM and (node.value or node.children):
        opening = set(stems(_BRACKETS.sub(" ", node.label)))
    else:
        verb = _DEFINES.search(node.text) if node.kind is Kind.SENTENCE and not node.children else None
        opening = set(stems(node.text[: verb.start()])) if verb else set()
    return len(opening - wanted) if opening and wanted <= opening else NEVER


def _stands_first_under(weighed: Weighed, wanted: set[str]) -> bool:
    """Whether the node is the sentence that opens the section named after the thing asked for."""
    node = weighed.node
    heading = weighed.page.outline.nodes[node.parent]
    named = set(stems(without_durations(heading.text)))
    is_first = node.kind is Kind.SENTENCE and heading.children[:1] == (node.index,)
    defines = bool(_DEFINES.search(node.text)) or named == wanted
    return is_first and defines and wanted <= named and len(named - wanted) <= 2


_LONGER = re.compile(r"\b(longer|shorter|quicker|faster|more time|less time|how long)\b", re.IGNORECASE)


def _comparison(query: Query, weighed: Sequence[Weighed]) -> Selection | None:
    things = things_compared(query.question)
    if len(things) == 2 and _LONGER.search(query.question) and (both := _times_of_both(things, weighed)):
        return both
    if weighed[0].likely >= SURE and (read := select_read(weighed, question=query.question)):
        return read
    if len(things) != 2:
        return None
    groups = tuple(group for thing in things for group in _compared(query, thing, weighed))
    return Selection(Shape.TABLE, groups) if len(groups) == len(things) else None


def _times_of_both(things: Sequence[str], weighed: Sequence[Weighed]) -> Selection | None:
    """How long each of the two takes; None where the pages do not tell it of both."""
    cells = []
    for thing in things:
        terms = set(stems(thing))
        called = [w for w in weighed if w.node.kind in {Kind.ITEM, Kind.HEADING} and terms <= set(stems(w.node.label))]
        children = [(w, child) for w in called for child in w.page.outline.children(w.node)]
        times = [(w, child) for w, child in children if normalise(child.label) == "duration" and durations(child.text)]
        cells += [Group(thing, (snippet_of(w, child.value, child),)) for w, child in times[:1]]
    return Selection(Shape.TABLE, tuple(cells)) if len(cells) == len(things) else None


def _compared(query: Query, thing: str, weighed: Sequence[Weighed]) -> Iterator[Group]:
    """What the pages say of one of the things compared; nothing where they do not name it."""
    terms = set(stems(thing))
    about = [w for w in weighed if terms <= _named(w)] or [w for w in weighed if _share(terms, w) >= MOST_OF_IT]
    if not about:
        return
    about.sort(key=lambda w: -(likeness(sorted(terms), w.node.label) + 0.3 * w.score))
    asked = Query(thing, thing, Intent.DEFINITION, tuple(sorted(terms)))
    told = select_times(asked, about) if _LONGER.search(query.question) else _definition(asked, about)
    told = told or Selection(Shape.SENTENCES, (Group("", (snippet_of(about[0], worded(about[0])),)),))
    yield Group(" ".join(word for word in thing.split() if stems(word)) or thing, told.snippets[:1])


def _named(weighed: Weighed) -> set[str]:
    """The stems of a node and of what stands above it."""
    return set(stems(" ".join([*weighed.path, weighed.node.text])))


def _share(terms: set[str], weighed: Weighed) -> float:
    own = weighed.page.own_stems(weighed.node)
    return len(terms & own) / len(terms) if terms else 0.0
