"""The libraries that are compared, in their default setting and in the best we know; what is measured of each.

Knows nothing of how they are run or reported.
"""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Setting:
    """One way to use a library; `exact` where it ranks by cosines alone, so that it can be held against all of them."""

    name: str
    told: str
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Peer:
    """A library: its script below peers/, and what its environment holds beside torch."""

    name: str
    script: str
    settings: tuple[Setting, ...]
    requirements: tuple[str, ...] = ()


_ST, _FAISS = "sentence-transformers==6.2.0", "faiss-cpu==1.15.1"
OURS = Peer(
    "ours",
    "ours.py",
    (
        Setting("default", "vectors and BM25; passages in half precision where the processor has it", exact=False),
        Setting("vectors alone", "flat FAISS, single precision, files verified"),
    ),
)
PLAIN = Peer(
    "sentence-transformers + FAISS",
    "sentence_transformers_faiss.py",
    (Setting("default", "flat index, written by hand"), Setting("bfloat16", "the model in half precision")),
    (_ST, _FAISS),
)
PEERS = (
    OURS,
    PLAIN,
    Peer(
        "LangChain + FAISS",
        "langchain_faiss.py",
        (
            Setting("default", "FAISS.from_texts"),
            Setting("with BM25", "EnsembleRetriever, ranks combined", exact=False),
        ),
        (
            "langchain==1.4.7",
            "langchain-classic==1.0.8",
            "langchain-community==0.4.2",
            "langchain-huggingface==1.2.3",
            "rank-bm25==0.2.2",
            _ST,
            _FAISS,
        ),
    ),
    Peer(
        "txtai",
        "txtai_index.py",
        (Setting("default", "its own choice of index"), Setting("hybrid", "with its BM25", exact=False)),
        ("txtai==9.14.0",),
    ),
    Peer(
        "LlamaIndex + FAISS",
        "llamaindex_faiss.py",
        (
            Setting("default", "FaissVectorStore, 10 texts at a time"),
            Setting("with BM25", "QueryFusionRetriever, 32 texts at a time", exact=False),
        ),
        (
            "llama-index-core==0.14.25",
            "llama-index-embeddings-huggingface==0.8.0",
            "llama-index-vector-stores-faiss==0.7.0",
            "llama-index-retrievers-bm25==0.8.0",
            _FAISS,
        ),
    ),
    Peer(
        "Haystack",
        "haystack_memory.py",
        (
            Setting("default", "InMemoryDocumentStore"),
            Setting("with BM25", "joined by reciprocal ranks", exact=False),
        ),
        ("haystack-ai==3.4.0", "sentence-transformers-haystack==2.0.0"),
    ),
    Peer(
        "Chroma",
        "chroma_store.py",
        (Setting("default", "graph on disk"), Setting("broader graph", "ef 256, 32 links")),
        ("chromadb==1.5.9", _ST),
    ),
)


@dataclass(frozen=True, slots=True)
class Conditions:
    """What all measurements of a report have in common."""

    data: str
    passages: int
    queries: int
    model: str
    model_digest: str
    threads: int
    machine: str


@dataclass(frozen=True, slots=True)
class Measured:
    """One process: what it wrote, or why it did not."""

    peer: str
    setting: str
    phase: str
    found: dict[str, Any] | None  # the fields of protocol.Built or protocol.First
    reason: str = ""
