"""What the tests of gaps, comparisons and rankings share: small pages as careers, and the careers of corpus/.

PYTEST_DONT_REWRITE: tests import names from here.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from conftest import count_pieces, write_corpus

from advisor.career.careers import find_career, read_careers
from advisor.career.citing import Cited, cite_all
from advisor.career.pages import RolePages, needs_of, read_roles
from advisor.career.skills import Known, Vocabulary, read_known, read_vocabulary
from advisor.corpus.chunking import chunk_document
from advisor.corpus.reading import read_corpus
from advisor.records import Document, Passage

CORPUS = Path(__file__).parents[1] / "corpus"

BAKER = """---
title: Baker
role: Baker
aliases: [bread maker]
---

## What a baker is

A baker makes bread | and rolls. Many start young.

## Day-to-day work of a baker

On an ordinary day a baker does four things:

- Kneads dough
- Heats the oven: before sunrise
- Talks with mills
- Cleans up

## Who the baker career suits

- Interests: flour, chemistry, early mornings
- Strengths: strong arms, patience
- Less suited: people who want to sleep long, or who dislike heat

## Essential skills of a baker

- Kneading: by hand, by machine
- Ovens: gas ovens; wood or steam will do as well
- Calculus: for the dough

## Optional skills of a baker

- Writing: labels

## Roadmap to becoming a baker, in order

1. Phase 1: Dough
2. Phase 2: Heat

## Phase 1: Dough

- **[Kneading for everybody](https://bread.example.org/knead)** by the Mill
  - Kind: course
  - Duration: 10 hours
  - Cost: EUR 20
- **[Kneading in short](https://bread.example.org/short)** by the Mill
  - Kind: course
  - Duration: 30 hours
  - Cost: free
- **Project: a loaf**
  - Kind: project
  - Duration: not stated
  - Cost: free
  - Prerequisites: Kneading

## Phase 2: Heat

- **[Fire](https://bread.example.org/fire)** by the Guild
  - Kind: book
  - Duration: not stated
  - Cost: free
  - Prerequisites: Kneading in short
  - Topics: ovens and chimneys, smoke

## How long it takes to become a baker

| Source | Duration |
|---|---|
| The Guild | 3 years |
| The Mill | 2 years at 40 hours per week |

## Certificates for bakers

- **Master of Bread** by the Guild
  - Kind: certificate
  - Status: retired on 1 May 2024
  - Cost: EUR 90
- **Friend of Bread** by the Mill
  - Kind: certificate
  - Status: active
  - Cost: EUR 10

## First jobs that lead to baking

- Shop assistant: sells bread

## How hard it is to become a baker

Difficulty is medium.
"""

MILLER = """---
title: Miller
role: Miller
---

## What a miller is

A miller grinds corn.

## Who the miller career suits

- Interests: water, machines
- Strengths: good ears

## Essential skills of a miller

- Kneading: to test the flour
- Java: for the mill's computer

## Phase 1: Stones (6 weeks)

- **[Writing for millers](https://mill.example.org/write)** by the Mill
  - Kind: course
  - Duration: 2 hours
  - Cost: free
"""


@dataclass(frozen=True, slots=True)
class Shelf:
    """Careers with what it takes to cite them."""

    roles: tuple[RolePages, ...]
    documents: tuple[Document, ...]
    passages: tuple[Passage, ...]
    vocabulary: Vocabulary

    def role(self, name: str) -> RolePages:
        career = find_career(name, [role.career for role in self.roles])
        return next(role for role in self.roles if role.name == career.name)

    def known(self, given: str) -> tuple[Known, ...]:
        return read_known(given, self.vocabulary)

    def cite(self, found: object) -> Cited:
        return cite_all(found, self.documents, self.passages)

    def unresolved(self, cited: Cited) -> Iterator[str]:
        """Citations whose quote is not in their document, or whose passage is another document's or does not exist."""
        texts = {document.key: document.text for document in self.documents}
        passages = {passage.id: passage for passage in self.passages}
        for citation in cited.values():
            passage = passages.get(citation.passage_id)
            holds = bool(citation.quote) and citation.quote in texts[citation.document]
            if not holds or passage is None or passage.document != citation.document:
                yield f"{citation.number}: {citation.quote[:60]!r} ({citation.document})"


def shelf_of(folder: Path) -> Shelf:
    documents = read_corpus(folder).documents
    roles = read_roles(read_careers(documents), documents)
    names = [need.name for role in roles for need in needs_of(role)]
    passages = [passage for document in documents for passage in chunk_document(document, count_pieces=count_pieces)]
    return Shelf(roles, documents, tuple(passages), read_vocabulary(names, [one.text for one in documents]))


def small_shelf(folder: Path, pages: Mapping[str, str] | None = None) -> Shelf:
    """The baker and the miller, or these pages."""
    return shelf_of(write_corpus(folder / "small", dict(pages or {"baker.md": BAKER, "miller.md": MILLER})))


@lru_cache(maxsize=1)
def whole_shelf() -> Shelf:
    """Every page of corpus/."""
    return shelf_of(CORPUS)


def marked_lines(text: str) -> Sequence[str]:
    """The bullets of a Markdown text above its sources."""
    return [line for line in text.split("## Sources")[0].splitlines() if line.lstrip().startswith("- ")]
