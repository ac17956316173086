"""The pages of a build, made ready for questions when first asked for, and kept.

Knows nothing of questions. Threads may share it: at worst two make the same page, and one of the two is kept.
"""

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

from advisor.answer.retired import Gone, find_gone, may_hold_gone
from advisor.answer.weigh import Page, make_page
from advisor.corpus.outline import outline_document
from advisor.corpus.roadmap import Roadmap, read_roadmap
from advisor.index.publish import Snapshot
from advisor.records import Document, Passage
from advisor.text import normalise

KEPT = 256  # pages, and as many roadmaps


class Pages:
    """Documents by key as answering reads them: lines with their meaning, roadmaps, certificates that have ended."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._passages: dict[str, list[Passage]] = defaultdict(list)
        for passage in snapshot.passages:
            self._passages[passage.document].append(passage)
        self.page = lru_cache(KEPT)(self._make_page)
        self.roadmap = lru_cache(KEPT)(self._read_roadmap)
        self.gone = lru_cache(1)(self._find_gone)

    @property
    def documents(self) -> tuple[Document, ...]:
        """All documents of the build."""
        return self._snapshot.documents

    def called(self, names: Iterable[str]) -> tuple[str, ...]:
        """The keys of the documents whose title is one of these names."""
        wanted = {normalise(name) for name in names}
        return tuple(document.key for document in self.documents if normalise(document.title) in wanted)

    def prepare(self) -> None:
        """Make ahead what questions would wait for: about a second for fifty pages, and no more than are kept."""
        for document in self.documents[:KEPT]:
            self.roadmap(document.key)
        self.gone()

    def _make_page(self, key: str) -> Page:
        """The page of a document; raises KeyError where there is none."""
        outline, start = outline_document(self._snapshot.document(key)), self._snapshot.lines.starts[key]
        vectors = self._snapshot.lines.vectors[start : start + len(outline.nodes)]
        return make_page(outline, self._passages[key], vectors)

    def _read_roadmap(self, key: str) -> Roadmap:
        return read_roadmap(self.page(key).outline)

    def _find_gone(self) -> tuple[Gone, ...]:
        keys = (document.key for document in self.documents if may_hold_gone(document))
        return find_gone((self.page(key), self.roadmap(key)) for key in keys)
