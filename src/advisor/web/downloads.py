"""Plans and conversations as files to be fetched: in a folder of our own that nobody else can list, gone after a day.

Knows nothing of controls or of how a plan or a text is made.
"""

import re
import secrets
import shutil
import time
from codecs import BOM_UTF8
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from advisor.career.export import PlanFormat, export_plan
from advisor.career.planned import Plan
from advisor.text import normalise

KEPT_SECONDS = 24 * 60 * 60  # a page left open over night still finds its files


@dataclass(frozen=True, slots=True)
class Downloads:
    """The folder of the files that this server may hand out, and nothing else."""

    folder: Path

    def write(self, plan: Plan) -> Mapping[PlanFormat, Path]:
        """The plan in every format, below a name that cannot be guessed; what is older than a day is removed."""
        place = self._new_place()
        name = re.sub(r"[^a-z0-9]+", "-", normalise(plan.career)).strip("-") or "study"
        files = {form: place / f"{name}-plan.{form}" for form in PlanFormat}
        for form, path in files.items():
            mark = BOM_UTF8 if form is PlanFormat.CSV else b""  # by which spreadsheets know UTF-8
            path.write_bytes(mark + export_plan(plan, form))
        return files

    def write_text(self, name: str, text: str) -> Path:
        """A file of this name and text, likewise."""
        path = self._new_place() / name
        path.write_bytes(text.encode())
        return path

    def _new_place(self) -> Path:
        self._sweep()
        place = self.folder / secrets.token_urlsafe(24)
        place.mkdir(mode=0o700, parents=True)
        return place

    def _sweep(self) -> None:
        oldest = time.time() - KEPT_SECONDS
        for place in self.folder.glob("*/"):
            if place.stat().st_mtime < oldest:
                shutil.rmtree(place, ignore_errors=True)
