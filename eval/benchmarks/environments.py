"""A virtual environment of its own for each library that is compared, made once below a folder of the user's.

torch comes first, in the build for processors without a graphics card where the index at hand has one. Knows nothing
of what is measured in them.
"""

import os
import subprocess
import venv
from collections.abc import Sequence
from pathlib import Path

TORCH = "torch==2.13.0"
STAMP = "installed.txt"
INSTALL_SECONDS = 3600


class NotInstalled(Exception):
    """Why an environment could not be made, in one line."""


def environment_python(folder: Path) -> Path:
    """The interpreter of the environment in this folder."""
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def make_environment(folder: Path, requirements: Sequence[str], *, torch_index: str | None, log: Path) -> Path:
    """The interpreter of an environment that holds these packages, made where it is not there yet.

    One that holds other packages is added to. `torch_index` is the address of an index that has torch without CUDA.
    Raises NotInstalled, with the last line that pip wrote; all of it is in `log`.
    """
    python, stamp = environment_python(folder), folder / STAMP
    wanted = "\n".join([TORCH, *requirements]) + "\n"
    if python.is_file() and stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
        return python
    if not python.is_file():
        venv.create(folder, with_pip=True)
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    _run([*pip, TORCH, *(["--index-url", torch_index] if torch_index else [])], log)
    _run([*pip, TORCH, *requirements], log)
    stamp.write_text(wanted, encoding="utf-8")
    return python


def _run(command: Sequence[str], log: Path) -> None:
    try:
        ran = subprocess.run(
            command, capture_output=True, encoding="utf-8", errors="replace", timeout=INSTALL_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise NotInstalled(f"pip took more than {INSTALL_SECONDS // 60} minutes") from error
    with log.open("a", encoding="utf-8") as file:
        file.write(f"$ {' '.join(command)}\n{ran.stdout}{ran.stderr}\n")
    if ran.returncode:
        raise NotInstalled(last_line(ran.stderr) or f"pip ended with {ran.returncode}")


def last_line(text: str) -> str:
    """The last line that says something, shortened."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1][:300] if lines else ""
