"""A few faults of each kind done to the advisor on purpose; `make torture` does hundreds."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the faults need a system with fork and signals")
def test_it_survives_a_few_faults_of_each_kind() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "tests.torture", "--fast"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
