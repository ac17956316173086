"""Faults done to the advisor on purpose, with numbers: `python -m tests.torture`. pytest does not collect these.

Needs a system with `fork` and signals. The tiny truths of the ordinary tests (conftest, page_server) are shared.
"""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

# A process that is forked while a pool of threads of numpy or FAISS exists may wait for one of them for ever.
for pool in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(pool, "1")
