"""Makes the pictures of the guides, all of them: `./dev pictures`, or `./dev pictures NAME ...`.

Beside them it writes the text that each shows, so that a test can tell when one is out of date.
"""

import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.conftest import ARGS
from tests.browser.guide_camera import LANGUAGES, Taken, taken
from tests.browser.guide_pictures import PICTURES
from tests.browser.guide_png import reduced
from tests.needs import ROOT, program
from web.texts import Language

GUIDES = ROOT / "docs" / "guide"
TEXTS = "texts.json"
"""Beside a language's pictures: name -> the text that the picture shows."""
SETTLED = 3
PAUSE_MS = 300


def place(language: Language) -> Path:
    """Return the folder of a language's pictures."""
    return GUIDES / LANGUAGES[language] / "pictures"


def texts(language: Language) -> dict[str, str]:
    """Return what a language's pictures show, by name."""
    path = place(language) / TEXTS
    if not path.exists():
        return {}
    told: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return told


def write(browser: Browser, language: Language, names: Sequence[str]) -> None:
    """Make a language's pictures; without names all of them, and remove what is no longer one."""
    folder = place(language)
    folder.mkdir(parents=True, exist_ok=True)
    known = {one.name for one in PICTURES}
    told = {name: text for name, text in texts(language).items() if name in known}
    for path in folder.glob("*.png"):
        if path.stem not in known:
            path.unlink()
    scenes = {(one.scene, one.who) for one in PICTURES if one.name in names}
    asked = [one for one in PICTURES if not names or (one.scene, one.who) in scenes]
    empty = browser.new_page()
    with tempfile.TemporaryDirectory() as work:
        for one in taken(browser, asked, language, Path(work)):
            told[one.picture.name] = _quiet(one, empty)
            png = reduced(empty, one.png())
            (folder / f"{one.picture.name}.png").write_bytes(png)
            print(f"{language} {one.picture.name}: {len(png) >> 10} KiB", flush=True)
    empty.close()
    lines = json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True)
    (folder / TEXTS).write_text(lines + "\n", encoding="utf-8")


def _quiet(one: Taken, clock: Page) -> str:
    """Return the text once it has stayed the same for a while."""
    last, times = one.text(), 0
    while times < SETTLED:
        clock.wait_for_timeout(PAUSE_MS)
        text = one.text()
        times = times + 1 if text == last else 0
        last = text
    return last


if __name__ == "__main__":
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=program("chromium"), args=ARGS)
        for each in LANGUAGES:
            write(launched, each, sys.argv[1:])
        launched.close()
