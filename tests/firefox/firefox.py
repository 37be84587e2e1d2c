"""A Firefox of the machine, driven by a program of Node; it says what a person would see."""

import json
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.needs import ROOT, browser_packages, program

DRIVER = ROOT / "tests" / "firefox" / "drive.mjs"
PATIENCE = 120_000
WIDE = 1280


@dataclass
class Firefox:
    """One Firefox and the page it shows."""

    driver: "subprocess.Popen[str]"

    def ask(self, doing: str, **facts: Any) -> Any:
        """Have something done, and return the answer.

        Raises:
            AssertionError: the page does not do it; what it shows instead is told.
        """
        line_in = self.driver.stdin
        assert line_in is not None
        line_in.write(json.dumps({"doing": doing, "patience": PATIENCE, **facts}) + "\n")
        line_in.flush()
        return self.heard()

    def heard(self) -> Any:
        """Return the next answer."""
        assert self.driver.stdout is not None
        told = json.loads(self.driver.stdout.readline() or '{"problem": "Firefox has ended"}')
        assert "problem" not in told, told["problem"]
        return told["answer"]

    def visit(self, url: str, path: str, cookie: str, *, width: int = WIDE) -> None:
        """Go somewhere as somebody who is signed in, in a page of its own."""
        self.ask("visit", url=url, path=path, cookie=cookie, width=width)

    def reload(self) -> None:
        """Load the page again."""
        self.ask("reload")

    def press(self, name: str) -> None:
        """Press a button by its name, once it can be pressed."""
        self.ask("press", name=name)

    def click(self, selector: str) -> None:
        """Press the first that a selector finds, once it can be pressed."""
        self.ask("click", selector=selector)

    def fill(self, label: str, text: str) -> None:
        """Type into an empty field."""
        self.ask("fill", label=label, text=text)

    def choose(self, selector: str, paths: Sequence[Path]) -> None:
        """Give files to a field."""
        self.ask("choose", selector=selector, paths=[str(path) for path in paths])

    def sees(self, selector: str, text: str = "", count: int = -1) -> list[str]:
        """Wait until elements are there that say something; return what they say."""
        found: list[str] = self.ask("sees", selector=selector, text=text, count=count)
        return found

    def complaints(self) -> list[str]:
        """Return what the page's console complained about."""
        found: list[str] = self.ask("complaints")
        return found

    def shot(self, path: Path) -> None:
        """Keep a picture of the page."""
        self.ask("shot", path=str(path))


@contextmanager
def firefox(**preferences: object) -> Iterator[Firefox]:
    """Run a Firefox with a fresh profile until the block is left."""
    browser_packages()
    chosen = {"intl.accept_languages": "zh-CN, zh", **preferences}
    command = [program("node"), str(DRIVER), program("firefox-esr"), json.dumps(chosen)]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as driver:
        made = Firefox(driver)
        try:
            made.heard()
            yield made
        finally:
            if driver.stdin is not None:
                driver.stdin.close()
