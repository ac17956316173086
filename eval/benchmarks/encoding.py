"""Single against half precision in building: `python eval/benchmarks/encoding.py --data CRANFIELD`.

Embeds the documents of a judged set (a folder in BEIR's layout) in single precision and in bfloat16, queries always in
single, and prints how fast each was, how far the vectors are apart, and what became of the ranking by cosines alone.
Processor time is given as well: it is what other work on the machine disturbs least.

    --limit 40     some seconds, to see that everything runs
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, process_time

import numpy as np
from figures import machine, table
from growing import nearest_rows

from advisor.evaluation.beir import BeirSet, read_beir
from advisor.evaluation.metrics import ndcg_at_k
from advisor.index.bert import halves_are_fast
from advisor.index.embedding import Vectors, open_embedder
from advisor.models import locate, weights_digest
from advisor.settings import Settings

STRIDE = 64
DEPTH = 10


@dataclass(frozen=True, slots=True)
class Encoded:
    """The vectors of all documents, and what they took."""

    vectors: Vectors
    seconds: float
    processor_seconds: float


def encoded(texts: Sequence[str], embed: Callable[[Sequence[str]], Vectors]) -> Encoded:
    """Embed texts as a build does: those of one length together."""
    order = sorted(range(len(texts)), key=lambda row: (len(texts[row]), texts[row]))
    vectors = np.zeros((len(texts), embed(["one"]).shape[1]), dtype=np.float32)
    began, worked = perf_counter(), process_time()
    for at in range(0, len(order), STRIDE):
        rows = order[at : at + STRIDE]
        vectors[rows] = embed([texts[row] for row in rows])
    return Encoded(vectors, perf_counter() - began, process_time() - worked)


def ndcg(judged: BeirSet, found: np.ndarray[tuple[int, int], np.dtype[np.int64]]) -> float:
    """nDCG@10 of the rows found for each query."""
    ids = [document.id for document in judged.documents]
    scores = [
        ndcg_at_k([ids[row] for row in rows], query.grades, DEPTH)
        for query, rows in zip(judged.queries, found, strict=True)
    ]
    return sum(scores) / len(scores)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="a judged set in BEIR's layout")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--limit", type=int, metavar="N", help="only so many documents")
    arguments = parser.parse_args()
    on, settings = machine(), Settings()
    whole = read_beir(arguments.data, "test")
    judged = BeirSet(whole.documents[: arguments.limit], whole.queries)
    folder = locate(settings.embedder, models_dir=settings.models_dir)
    ways = {
        halves: open_embedder(
            folder, name=settings.embedder, digest=weights_digest(folder), threads=arguments.threads, halves=halves
        )
        for halves in (False, True)
    }
    asked = ways[False].embed([query.text for query in judged.queries])
    texts = [" ".join(document.text.split()) for document in judged.documents]
    single, half = (encoded(texts, ways[halves].embed) for halves in (False, True))
    ranked = [nearest_rows(one.vectors, asked, DEPTH) for one in (single, half)]
    rows = [
        [
            name,
            f"{len(texts) / one.seconds:.1f}",
            f"{len(texts) / one.processor_seconds:.1f}",
            f"{ndcg(judged, found):.4f}",
        ]
        for name, one, found in zip(("single", "half"), (single, half), ranked, strict=True)
    ]
    cosines = (single.vectors * half.vectors).sum(axis=1)
    same = np.mean([len({*a} & {*b}) / len(a) for a, b in zip(*(found.tolist() for found in ranked), strict=True)])
    sys.stdout.write(
        f"{on}; this processor {'has' if halves_are_fast() else 'lacks'} bfloat16\n\n"
        + table(["precision", "documents/s", "documents/s of processor time", "nDCG@10"], rows)
        + f"\n\nleast cosine of a document's two vectors {cosines.min():.5f}, mean {cosines.mean():.5f}; "
        f"of the first ten {same:.1%} are the same\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
