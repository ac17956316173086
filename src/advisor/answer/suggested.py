"""Questions to ask next, after an answer or in place of a refused question.

Owns from which pages they come; which questions a page can answer is `following`'s. Knows nothing of search.
"""

from collections.abc import Callable, Sequence

from advisor.answer.following import follow_answer, instead_of
from advisor.answer.weigh import Page
from advisor.corpus.roadmap import Roadmap
from advisor.records import Answer, Passage, Query, Status


def suggest(
    query: Query,
    answer: Answer,
    history: Sequence[Answer],
    *,
    near: Sequence[Passage],
    page: Callable[[str], Page],
    roadmap: Callable[[str], Roadmap],
) -> tuple[str, ...]:
    """On from what was cited; after a refusal what the sections that it names, or those `near`, do answer.

    `page` and `roadmap` give what is known of a document by its key.
    """
    if answer.status is Status.CLARIFY:
        return ()
    keys = dict.fromkeys(citation.document for citation in answer.citations)
    if answer.status is Status.ANSWERED and keys:
        key = next(iter(keys))
        return tuple(one.text for one in follow_answer(query, answer, page(key), roadmap(key), history))
    cited = {citation.passage_id for citation in answer.citations}
    named = [passage for key in keys for passage in page(key).passages if passage.id in cited] or near
    pages = {passage.document: page(passage.document) for passage in named}
    return tuple(one.text for one in instead_of(query, named, pages, history))
