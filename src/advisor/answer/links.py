"""Answers to "where": what is linked under what is asked for, or the list of resources that it stands in.

Knows nothing of other questions; a link is never made here, only found.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from advisor.answer.listing import grouped, is_list, listed
from advisor.answer.readout import select_read
from advisor.answer.selection import Group, Selection, Shape
from advisor.answer.weigh import SURE, Weighed
from advisor.answer.wording import GENERIC, name_above, snippet_of
from advisor.corpus.outline import Kind, Node
from advisor.corpus.quantities import without_durations
from advisor.records import Query
from advisor.text import normalise

_NO_NAME = re.compile(r"^\W*((click )?here|this|link|website|page|url|platform)?\W*$", re.IGNORECASE)
_OFFERS = re.compile(r"\b(how to learn|resources?|courses?|reading|links?|learn)\b", re.IGNORECASE)


def select_links(query: Query, weighed: Sequence[Weighed]) -> Selection | None:
    """The line that says where, surely and without a link of its own; else what is linked; else the best list."""
    said = weighed[0].node
    is_plain = said.kind is Kind.SENTENCE and not said.links and not said.text.endswith(":")
    if is_plain and (read := select_read(weighed, question=query.question, least=SURE)):
        return read
    if together := _offered_together(query, weighed[0]):
        return Selection(Shape.LIST, (_with_links(together),))
    ranked = sorted(weighed[:60], key=lambda w: -(w.score + (0.12 if _OFFERS.search(" ".join(w.path)) else 0.0)))
    for candidate in ranked:
        if candidate.score < weighed[0].score - 0.25:
            continue
        linked = _link_holder(candidate)
        if linked:
            text = _link_line(candidate, linked)
            return Selection(Shape.SENTENCES, (Group("", (snippet_of(candidate, text, linked),)),))
    best = ranked[0]
    return listed(query, [best], Shape.LIST) if is_list(best) else None


MOST_OFFERED = 8  # members of a list of resources that is told whole
_RESOURCES = re.compile(
    r"\b(?:resources|courses|books|videos|playlists|tutorials|sites|websites|platforms|links|channels|forums|blogs"
    r"|podcasts|newsletters|communities)\b",
    re.IGNORECASE,
)
_ASKS_ONE = re.compile(
    r"\b(?:which|what|an?|one|the|that) (?:\w+ ){0,2}"
    r"(?:course|book|video|site|website|channel|tutorial|page|repo)\b|\blink\b|\burl\b",
    re.IGNORECASE,
)


def _offered_together(query: Query, best: Weighed) -> Weighed | None:
    """The short list of resources that the best line is, or is one of and nothing asked for tells it from others."""
    outline = best.page.outline
    if _ASKS_ONE.search(query.question):
        return None
    if best.node.text.endswith(":") and _RESOURCES.search(best.node.text) and is_list(best):
        return best if len(best.node.children) <= MOST_OFFERED else None
    above = outline.nodes[best.node.parent]
    others = [node for node in outline.children(above) if node.index != best.node.index]
    is_offer = best.node.kind is Kind.ITEM and above.text.endswith(":") and bool(_RESOURCES.search(above.text))
    if not is_offer or not 1 <= len(others) < MOST_OFFERED:
        return None
    asked = best.page.own_stems(best.node) & set(query.terms)
    shared = all(sum(stem in best.page.own_stems(node) for node in others) >= len(others) / 2 for stem in asked)
    whole = replace(best, node=above)
    return whole if shared and is_list(whole) else None


def _with_links(whole: Weighed) -> Group:
    """The list under its name, each of its members that is linked with its link."""
    group, members = grouped(whole, Shape.LIST, several=False), whole.page.outline.children(whole.node)
    told = []
    for node, snippet in zip(members, group.snippets, strict=False):
        is_linked = any(link.url.startswith("http") for link in node.links)
        told.append(replace(snippet, text=_link_line(replace(whole, node=node), node)) if is_linked else snippet)
    return replace(group, snippets=tuple(told))


_LINKED = frozenset({"course", "courses", "link", "url", "platform", "website", "provider", "book"})


def _link_holder(weighed: Weighed) -> Node | None:
    """The node itself or the child that carries its link: one that calls it so before one that happens to hold one.

    Of a mere property ("Topics: …") the course beside it.
    """
    outline = weighed.page.outline
    holders = [weighed.node, *outline.children(weighed.node)]
    if normalise(weighed.node.label) in GENERIC:
        beside = outline.children(outline.nodes[weighed.node.parent])
        holders += [node for node in beside if normalise(node.label) in _LINKED]
    linking = [node for node in holders if any(link.url.startswith("http") for link in node.links)]
    return next((node for node in linking if _OFFERS.search(node.label)), linking[0] if linking else None)


def _link_line(candidate: Weighed, linked: Node) -> str:
    """What is linked and where to: "[Masakhane](https://…)", with a name where the link's own words are none."""
    name = without_durations((linked if linked.index == candidate.node.index else candidate.node).label)
    if _NO_NAME.search(name) or linked.kind is Kind.SENTENCE:
        name = name_above(candidate, linked) or name
    links = [f"[{name if _NO_NAME.search(link.words) else link.words}]({link.url})" for link in linked.links[:6]]
    told = any(normalise(name) in normalise(link) for link in links)
    return ", ".join(links) if told else f"{name}: {', '.join(links)}"
