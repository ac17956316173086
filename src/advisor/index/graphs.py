"""The files of a graph over the vectors of a build, and what the manifest says of it.

Knows nothing of checksums or of publishing, nor of how a graph is made or walked.
"""

from pathlib import Path

import numpy as np
from pydantic import BaseModel, ConfigDict

from advisor.index.dense import Graph

_LINKS, _LEVELS = "graph_links.npy", "graph_levels.npy"


class GraphEntry(BaseModel):
    """What the manifest says of a graph; its two arrays are files beside the vectors."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    links_per_row: int
    entry: int


def graph_files(entry: GraphEntry | None, prefix: str = "") -> frozenset[str]:
    """The names of the files of this graph; none where there is no graph."""
    return frozenset() if entry is None else frozenset((f"{prefix}{_LINKS}", f"{prefix}{_LEVELS}"))


def write_graph(folder: Path, graph: Graph | None, prefix: str = "") -> GraphEntry | None:
    """Write the arrays of a graph into this folder; None where there is no graph. Does not wait for the disk."""
    if graph is None:
        return None
    np.save(folder / f"{prefix}{_LINKS}", graph.links, allow_pickle=False)
    np.save(folder / f"{prefix}{_LEVELS}", graph.levels, allow_pickle=False)
    return GraphEntry(links_per_row=graph.links_per_row, entry=graph.entry)


def read_graph(folder: Path, entry: GraphEntry | None, prefix: str = "") -> Graph | None:
    """The graph that `write_graph` wrote here; raises OSError or ValueError where a file is not an array."""
    if entry is None:
        return None
    links = np.load(folder / f"{prefix}{_LINKS}", allow_pickle=False)
    levels = np.load(folder / f"{prefix}{_LEVELS}", allow_pickle=False)
    return Graph(entry.links_per_row, entry.entry, levels, links)
