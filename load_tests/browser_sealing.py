"""Sealing a large file in Chromium, against the worker's own bound in the same run."""

import functools
import http.server
import json
import os
import statistics
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from crypto.random import fresh
from load_tests.house import scratch
from load_tests.results import Goal

CHROMIUM = "/usr/bin/chromium"
ARGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run")
MIB = 1 << 20
SIZE_MIB = int(os.environ.get("SEALING_MIB", "1024"))
ROUNDS = 3
HERE = Path(__file__).parent
DIST = HERE.parent / "web" / "static" / "dist"
PHASES = ("read", "seal", "check")


def measure() -> list[Goal]:
    """Return the ratio of sealing to its bound, and how long the page stood still at most."""
    with scratch() as folder, _serving() as address:
        package = folder / "file"
        with package.open("wb") as made:
            for _ in range(SIZE_MIB):
                made.write(fresh(MIB))
        with sync_playwright() as playwright:
            # a fresh context would be a private window, whose disk is memory
            context = playwright.chromium.launch_persistent_context(
                folder / "profile", executable_path=CHROMIUM, args=ARGS
            )
            page = context.pages[0]
            page.set_default_timeout(0)
            page.goto(address)
            page.locator("input").set_input_files(package)
            found = _rounds(page)
            context.close()
    return found


def _rounds(page: Page) -> list[Goal]:
    names = json.loads((DIST / "manifest.json").read_bytes())
    worker = "/" + names["bidder-worker.js"]
    page.evaluate("seal", worker)
    runs: list[dict[str, Any]] = []
    bounds: list[float] = []
    for _ in range(ROUNDS):
        bounds.append(page.evaluate("bound", SIZE_MIB * MIB))
        runs.append(page.evaluate("seal", worker))
    bound = statistics.median(bounds)
    took = statistics.median(_until(run, "seal") for run in runs)
    whole = statistics.median(run["took"] for run in runs)
    longest = max(run["longest"] for run in runs)
    peer = f"{_speed(bound)}, AES-GCM 16 KiB + SHA-256 in a worker"
    return [
        Goal(f"seal {SIZE_MIB} MiB in Chromium", _speed(took), peer, bound / took, 0.5),
        Goal("with opening it again", _speed(whole), peer, bound / whole, None),
        Goal("the page's longest task", f"{longest:.0f} ms", "50 ms", longest / 50, 1, False),
    ]


def _until(run: dict[str, Any], phase: str) -> float:
    return float(run["ended"][phase])


def _speed(millis: float) -> str:
    return f"{SIZE_MIB * 1000 / millis:,.0f} MiB/s"


class _Handler(http.server.SimpleHTTPRequestHandler):
    """Serves the built scripts, and the page that is measured."""

    def translate_path(self, path: str) -> str:
        """Return the file for an address."""
        own = {"/": "sealing_page.html", "/measure.js": "sealing_page.js"}
        return str(HERE / own[path]) if path in own else super().translate_path(path)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def _serving() -> Iterator[str]:
    handler = functools.partial(_Handler, directory=str(DIST))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_port}/"
        server.shutdown()
