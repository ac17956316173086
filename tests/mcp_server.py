"""`advisor mcp` with light parts, for tests of the protocol: `python tests/mcp_server.py INDEX_DIR`.

Like many a library, its parts talk on standard output while they load.
"""

import sys
from dataclasses import replace

from cli_bench import Bench
from conftest import HashingEmbedder

from advisor.cli import run
from advisor.pipeline import Advisor
from advisor.settings import Settings


def serve(index_dir: str) -> int:
    bench = Bench(HashingEmbedder())

    def open_talking(settings: Settings) -> Advisor:
        sys.stdout.write("loading weights: 100%\n")
        sys.stdout.flush()
        return bench.open_advisor(settings)

    return run(["mcp", "--index", index_dir], parts=replace(bench.parts(), open_advisor=open_talking))


if __name__ == "__main__":
    sys.exit(serve(sys.argv[1]))
