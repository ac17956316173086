"""The HTML of a career's roadmap: the list of careers, its head, items, certificates and folded sections.

Pure functions, every foreign character escaped, each result one line. Knows nothing of controls or of the store.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from html import escape
from urllib.parse import quote, urlencode

from advisor.career.families import Family
from advisor.career.markdown import counted, linked, shown
from advisor.career.marks import ItemState
from advisor.career.planned import PlannedPhase, Step, WaitKind, hours_words
from advisor.career.progress import Standing
from advisor.career.syllabus import Certified, Part, Syllabus
from advisor.career.waits import ASKED
from advisor.corpus.items import CertificateState
from advisor.corpus.measures import Cost
from advisor.corpus.subjects import Subject
from advisor.text import visible
from advisor.web.markup import markdown_html, one_line, source_cards

GROUP = "roadmap"
_TOPICS_SHOWN = 6
_STATES = {
    CertificateState.ACTIVE: "Current",
    CertificateState.RETIRED: "Retired",
    CertificateState.REPLACED: "Replaced",
    CertificateState.NOT_CHECKED: "Not checked",
}
_QUESTIONS = {
    Subject.DAILY_WORK: "What is the day-to-day work of the {} career?",
    Subject.SUITS: "Who does the {} career suit?",
    Subject.SKILLS: "Which skills does the {} career need?",
    Subject.TITLES: "Which job titles are there in the {} career?",
    Subject.FIRST_JOBS: "Which first jobs lead to the {} career?",
    Subject.DIFFICULTY: "How hard is the {} career?",
    Subject.PITFALLS: "What are common pitfalls in the {} career?",
    Subject.MYTHS: "What is a myth about the {} career?",
}
_BRACKET = re.compile(r" \([^()]*\)$")  # by what rule an estimate was made
_PAGE_LINK = re.compile(r"\[(?P<words>[^\]\n]+)\]\((?!https?:)[^)\n]*\)")


# --- addresses ------------------------------------------------------------------------------------


def ask_address(question: str) -> str:
    """Where the question stands in the box, ready to be asked."""
    return "/?" + urlencode({"q": question}, quote_via=quote)


def roadmap_address(short_name: str) -> str:
    """Where this career's roadmap stands."""
    return "/roadmaps?" + urlencode({"career": short_name}, quote_via=quote)


def _link(address: str, words: str, kind: str) -> str:
    return f'<a class="{kind}" href="{escape(address)}">{escape(visible(words))}</a>'


# --- choosing -------------------------------------------------------------------------------------


def families_html(families: Iterable[Family]) -> str:
    """All careers by family, one line each, each a link to its roadmap."""
    return one_line("".join(map(_family_html, families)) or '<p class="ca-empty">No page of the index is a career.</p>')


def _family_html(family: Family) -> str:
    rows = "".join(
        f"<li>{_link(roadmap_address(one.short_name), one.name, 'ca-career')}"
        f'<span class="ca-career-about">{escape(visible(one.summary))}</span></li>'
        for one in family.careers
    )
    return f'<section class="ca-family"><h2>{escape(visible(family.name))}</h2><ul>{rows}</ul></section>'


# --- the head -------------------------------------------------------------------------------------


def head_html(career: str, summary: str) -> str:
    """The career's name and what its page says of itself."""
    back = _link("/roadmaps", "All careers", "ca-back")
    ask = _link(
        ask_address(f"What are the steps of the {in_sentence(career)} roadmap?"), "Ask about this career", "ca-ask-link"
    )
    about = f"<p>{escape(visible(summary))}</p>" if summary else ""
    return one_line(
        f'<div class="ca-roadmap-head" id="answer-{GROUP}">{back}'
        f"<h1>{escape(visible(career))}</h1>{about}<p>{ask}</p></div>"
    )


def in_sentence(career: str) -> str:
    """The career's name within a sentence: "Data engineer" is "data engineer", "UX designer" stays."""
    first = career.split(" ")[0]
    return career if first[1:] != first[1:].lower() or len(first) < 2 else career[0].lower() + career[1:]


def standing_html(found: Standing, following: Iterable[Step]) -> str:
    """How far the learner is, as a bar and in words, and what can be started now."""
    done, begun, skipped = (found.steps(state) for state in ItemState)
    kept = [row.step for row in found.rows if row.step not in skipped]
    whole, finished = sum(step.minutes for step in kept), sum(step.minutes for step in done)
    share = 100 * finished / whole if whole else 0
    said = [f"<strong>{len(done)} of {counted(len(found.rows), 'item')} done</strong>"]
    said += [f"{len(begun)} in progress"] if begun else []
    said += [f"{len(skipped)} skipped"] if skipped else []
    hours = f"{hours_words(finished) if finished else '0 h'} of {hours_words(whole)}"
    later = ", ".join(escape(visible(step.name)) for step in following) if done or begun else ""
    lines = [f"<p>{', '.join(said)}; {hours}.</p>", f"<p>Next: {later}.</p>" if later else "", _strays_html(found)]
    bar = f'<rect class="ca-bar" x="0" width="{share:.2f}%" y="0" height="8" rx="4"></rect>'
    track = f'<div class="ca-track"><svg width="100%" height="8">{bar}</svg></div>'
    return one_line(f'<div class="ca-standing" role="status">{track}{"".join(lines)}</div>')


def _strays_html(found: Standing) -> str:
    if not found.strays:
        return ""
    named = ", ".join(f"{escape(visible(mark.item))} ({mark.state})" for mark in found.strays)
    return f"<p>Marked, but not on the page any more: {named}.</p>"


# --- phases and items -----------------------------------------------------------------------------


def phase_html(phase: PlannedPhase, minutes: int) -> str:
    """A phase's name, its work, the length its page gives it and where it says one is done."""
    length = f"; the page gives it {escape(visible(phase.length))}" if phase.length else ""
    goal = f"<p>{_text(f'{shown(phase.done_when)} [{_goal(phase)}]', {_goal(phase)})}</p>" if phase.done_when else ""
    work = f'<span class="ca-phase-work">{hours_words(minutes)}{length}</span>'
    return one_line(f'<div class="ca-phase"><h2>{escape(visible(phase.label))}</h2>{work}{goal}</div>')


def _goal(phase: PlannedPhase) -> int:
    return phase.done_when_citation or phase.citation


def step_html(step: Step, career: str) -> str:
    """An item: name with its link, what it is, how long, what it costs, and a way to ask about it."""
    name = _text(f"**{linked(step)}**{f' by {shown(step.provider)}' if step.provider else ''}", ())
    mark = _text(f"[{step.citation}]", {step.citation})
    told = _BRACKET.sub("", step.workload.told)
    facts = " · ".join(filter(None, (step.kind, told, step.price.words or "cost not stated")))
    more = "".join(f'<div class="ca-step-more">{escape(visible(line))}</div>' for line in _more(step))
    asking = _ask_html(step.name, career)
    return one_line(
        f'<div class="ca-step"><div class="ca-step-name">{name} {mark}</div>'
        f'<div class="ca-step-facts">{escape(visible(facts))} · {asking}</div>{more}</div>'
    )


def _more(step: Step) -> Iterator[str]:
    asks = [wait.reason for wait in step.waits if wait.kind not in {WaitKind.PHASE, WaitKind.KNOWN}]
    if step.topics:
        rest = "…" if len(step.topics) > _TOPICS_SHOWN else ""
        yield f"Topics: {', '.join(step.topics[:_TOPICS_SHOWN])}{rest}"
    if step.outcomes:
        yield f"Result: {step.outcomes}"
    if asks:
        yield "Needs: " + "; ".join(one.removeprefix(ASKED) for one in asks)


def _ask_html(name: str, career: str) -> str:
    return _link(
        ask_address(f"What does the {in_sentence(career)} roadmap say about {name}?"), "Ask about it", "ca-ask-link"
    )


def _text(markdown: str, cited: Iterable[int]) -> str:
    """Markdown of one paragraph as HTML without the paragraph."""
    return markdown_html(markdown, frozenset(cited), GROUP).strip().removeprefix("<p>").removesuffix("</p>")


# --- certificates ---------------------------------------------------------------------------------


def certificates_html(syllabus: Syllabus) -> str:
    """Every certificate with its status and, where it was replaced, what replaced it; "" where there is none."""
    if not syllabus.certificates:
        return ""
    rows = "".join(_certificate_html(one, syllabus.career) for one in syllabus.certificates)
    return one_line(f'<section class="ca-certificates"><h2>Certificates</h2><ul>{rows}</ul></section>')


def _certificate_html(one: Certified, career: str) -> str:
    item, status = one.certificate.item, one.certificate.status
    name = shown(item.name)
    if item.url and re.fullmatch(r"https?://[^\s()<>]+", item.url):
        name = f"[{name}]({item.url})"
    provider = f" by {shown(item.provider)}" if item.provider else ""
    state = status.state if status else None
    word = _STATES[state] if state else "No status"
    kind = str(state).replace(" ", "-") if state else "none"
    facts = " · ".join([*map(escape, map(visible, _certificate_facts(one))), _ask_html(item.name, career)])
    return (
        f'<li><div class="ca-step-name">{_text(f"**{name}**{provider} [{one.citation}]", {one.citation})} '
        f'<span class="ca-state ca-state-{escape(kind)}">{word}</span></div> '
        f'<div class="ca-step-facts">{facts}</div></li>'
    )


def _certificate_facts(one: Certified) -> Iterator[str]:
    certificate = one.certificate
    if certificate.status and certificate.status.state is not CertificateState.ACTIVE:
        yield certificate.status.words
    if certificate.successors:
        yield f"instead: {', '.join(certificate.successors)}"
    yield _cost_words(certificate.item.cost)
    if certificate.validity:
        yield f"valid for {certificate.validity}"
    if certificate.checked:
        yield f"checked {certificate.checked:%Y-%m}"


def _cost_words(cost: Cost | None) -> str:
    return cost.words if cost else "cost not stated"


# --- the sections every page has ------------------------------------------------------------------


def parts_html(syllabus: Syllabus) -> str:
    """The standing sections, folded, in the page's own words, each with a way to ask about it."""
    if not syllabus.parts:
        return ""
    folded = "".join(_part_html(part, syllabus.career) for part in syllabus.parts)
    return one_line(f'<section class="ca-parts"><h2>What else its pages say</h2>{folded}</section>')


def _part_html(part: Part, career: str) -> str:
    text = markdown_html(_PAGE_LINK.sub(r"\g<words>", part.text), (), GROUP)
    question = _QUESTIONS.get(part.subject, "").format(in_sentence(career))
    ask = _link(ask_address(question), "Ask about this", "ca-ask-link") if question else ""
    place = f'<span class="ca-path">{escape(visible(f"{part.title} › {part.heading}"))}</span>'
    return (
        f'<details class="ca-part"><summary>{escape(visible(part.heading))}</summary>'
        f'<div class="ca-text">{text}</div><div class="ca-step-facts">{place} {ask}</div></details>'
    )


def roadmap_sources_html(syllabus: Syllabus, document_text: Callable[[str], str]) -> str:
    """The sources of the items and certificates, the very words marked."""
    return source_cards(syllabus.citations, GROUP, document_text)
