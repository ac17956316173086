"""The pictures of docs/screenshots/: `python docs/screenshots.py [--index DIR] [--only NAME …]`.

Serves the page with the extractive answer and an empty store, uses it in a Chromium of the system (or the one named by
ADVISOR_CHROMIUM), and writes one PNG per state, of always the same size, in a palette so that it stays small.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import Page, expect, sync_playwright

FOLDER = Path(__file__).with_name("screenshots")
CHROMIUM = os.environ.get("ADVISOR_CHROMIUM") or next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
DESK, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 780}
MOST_BYTES = 150_000
COLOURS = 160
QUESTION = "Which certifications should an AI/ML engineer get?"


@dataclass(frozen=True, slots=True)
class Picture:
    """A state of the page: where it is, and what is done before the picture is taken."""

    name: str
    path: str
    prepare: Callable[[Page], None]
    size: dict[str, int] = field(default_factory=lambda: DESK)
    scheme: str = "light"


# --- the states --------------------------------------------------------------------------------------


def ready(page: Page) -> None:
    """Until a question can be typed."""
    expect(page.get_by_label("Your question")).to_be_enabled()


def ask(page: Page, question: str, number: int = 1) -> None:
    """Ask, until the answer is whole."""
    ready(page)
    page.get_by_label("Your question").fill(question)
    page.get_by_label("Your question").press("Enter")
    expect(page.locator(f"#answer-{number}.ca-rateable")).to_be_visible()


def citation(page: Page) -> None:
    """An answer with its first passage open."""
    ask(page, QUESTION)
    expect(page.locator("#ca-chat .option").first).to_be_visible()
    page.wait_for_timeout(1500)  # a new answer is scrolled to its end
    page.get_by_role("log").get_by_role("button", name="Source [1]").first.click()
    expect(page.get_by_role("log").get_by_role("region", name="Source 1")).to_be_visible()
    page.wait_for_timeout(500)
    page.locator("#ca-chat .bubble-wrap").evaluate("log => { log.scrollTop = 0; }")


def refusal(page: Page) -> None:
    """A question that the pages do not answer."""
    ask(page, "What does a data engineer earn in Oslo?")


def career(page: Page, label: str, name: str) -> None:
    """Choose a career in a list."""
    box = page.get_by_label(label, exact=True)
    box.click()
    box.fill(name)
    box.press("Enter")


def plan(page: Page) -> None:
    """A plan from a fixed day."""
    career(page, "Career", "Data engineer")
    expect(page.locator(".ca-timeline rect").first).to_be_visible()
    page.get_by_label("Start", exact=True).fill("2027-01-04")
    expect(page.locator("#ca-plan-summary")).to_contain_text("from 2027-01-04")
    page.keyboard.press("Escape")


def comparison(page: Page) -> None:
    """Two careers side by side."""
    for name in ("Data analyst", "Data scientist"):
        career(page, "Careers", name)
    expect(page.locator("#ca-compare-table table")).to_be_visible()
    page.keyboard.press("Escape")


def roadmap(page: Page) -> None:
    """A career's items, the first one done."""
    done = page.locator(".ca-tick-row").first.get_by_role("radio", name="Done")
    expect(done).to_be_enabled()
    done.check()
    expect(page.locator(".ca-standing")).to_contain_text("1 of ")


def about(page: Page) -> None:
    """What the answers stand on."""
    expect(page.locator("#ca-about")).to_contain_text("What this adviser cannot know")


def maintenance(page: Page) -> None:
    """The index, once its pages are read too."""
    for part in ("#ca-changes", "#ca-findings"):
        expect(page.locator(part)).not_to_contain_text("Reading the pages")


PICTURES = (
    Picture("chat", "", ready),
    Picture("answer", "", citation),
    Picture("refusal", "", refusal),
    Picture("plan", "plan", plan),
    Picture("compare", "compare", comparison),
    Picture("roadmap", "roadmaps?career=data-engineer", roadmap),
    Picture("about", "about", about),
    Picture("maintain", "maintain", maintenance),
    Picture("phone", "", citation, PHONE),
    Picture("dark", "", citation, scheme="dark"),
    Picture("plan-dark", "plan", plan, scheme="dark"),
)


# --- taking them -------------------------------------------------------------------------------------


@contextmanager
def served(index: Path) -> Iterator[str]:
    """The address of a page with an empty store, in a process of its own."""
    command = [sys.executable, "-m", "advisor", "serve", "--no-setup", "--port", "0", "--index", str(index)]
    with TemporaryDirectory(prefix="screenshots-") as data:
        own = os.environ | {"ADVISOR_DATA_DIR": data, "ADVISOR_GENERATOR": "extractive"}
        process = subprocess.Popen(command, env=own, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        try:
            found = next(filter(None, (re.search(r"http://[\w.]+:\d+/?", line) for line in process.stdout or ())), None)
            if found is None:
                raise SystemExit(f"the page did not start; run by hand: {' '.join(command)}")
            yield found[0].rstrip("/") + "/"
        finally:
            process.terminate()
            process.wait(30)


def take(page: Page, picture: Picture, address: str) -> Path:
    """Bring the page into the state, and write its picture."""
    page.goto(address + picture.path)
    picture.prepare(page)
    page.mouse.move(0, 0)
    page.evaluate("document.activeElement?.blur()")
    page.wait_for_timeout(800)  # transitions of colours
    path = FOLDER / f"{picture.name}.png"
    page.screenshot(path=path, animations="disabled", caret="hide")
    with Image.open(path) as taken:
        taken.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    return path


def main() -> int:
    """Take all of them, or those that are named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--index", type=Path, default=Path("index"), help="a published index (default index)")
    parser.add_argument("--only", nargs="*", default=[one.name for one in PICTURES], metavar="NAME")
    arguments = parser.parse_args()
    FOLDER.mkdir(exist_ok=True)
    expect.set_options(timeout=60_000)
    with served(arguments.index) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for picture in (one for one in PICTURES if one.name in arguments.only):
            context = browser.new_context(viewport=picture.size, color_scheme=picture.scheme, locale="en-GB")
            path = take(context.new_page(), picture, address)
            context.close()
            size_bytes = path.stat().st_size
            sys.stderr.write(f"{path.name}: {size_bytes / 1000:.0f} kB{' TOO LARGE' * (size_bytes > MOST_BYTES)}\n")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
