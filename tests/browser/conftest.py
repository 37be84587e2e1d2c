"""A real Chromium, started for each module and gone after it, so that no event loop stays behind."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.shown import Shown
from tests.browser.stage import Stage
from tests.needs import program
from tests.web.tender import Tender
from web.bundles import assets
from web.clock import SetClock

ARGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE_MS = 30_000
"""How long a page may take to show what it must, as long as a click waits for its button."""
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    if "hall.js" not in assets():
        pytest.fail("the browser's code is not built; run node web/browser/build.mjs")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program("chromium"), args=ARGS)
        yield browser
        browser.close()


def put(world: Tender, folder: Path) -> Path:
    """Write a tender's store; in a thread, because a driven browser keeps a loop in this one."""
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(world.folder, folder).result()


def shown(stage: Stage, folder: Path, **more: Any) -> Shown:
    """Return the service of a stage, not yet started."""
    return Shown(put(stage, folder), SetClock(stage.now), **more)
