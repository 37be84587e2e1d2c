"""Sealing a large file in Chromium, against the worker's own bound in the same run."""

import functools
import http.server
import json
import os
import statistics
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from crypto.random import fresh
from load_tests.browsers import Peak, resident, spent
from load_tests.house import scratch
from load_tests.results import Goal

CHROMIUM = "/usr/bin/chromium"
ARGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run")
MIB = 1 << 20
SIZE_MIB = int(os.environ.get("SEALING_MIB", "1024"))
LARGE_MIB = 4 * SIZE_MIB
ROUNDS = 3
HERE = Path(__file__).parent
DIST = HERE.parent / "web" / "static" / "dist"
FLAT = 1.25
"""How much more memory four times the file may take; collecting garbage is not exact."""


@dataclass(frozen=True)
class Run:
    """One sealing, or the bound.

    Args:
        sealed: until everything was encrypted, hashed and written, ms.
        whole: until it was opened again too, ms.
        spent: CPU time of all the browser's processes until everything was sealed, s.
        longest: the page's longest task, ms.
        grown: the most memory of all the browser's processes over idle, bytes.
    """

    sealed: float
    whole: float
    spent: float
    longest: float
    grown: int


def measure() -> list[Goal]:
    """Return the ratio of sealing to its bound, how long the page stood still, and the memory."""
    with scratch() as folder, _serving() as address:
        random, zeros = folder / "file", folder / "zeros"
        with random.open("wb") as made:
            for _ in range(SIZE_MIB):
                made.write(fresh(MIB))
        with zeros.open("wb") as made:
            made.truncate(LARGE_MIB * MIB)
        with sync_playwright() as playwright:
            # a fresh context would be a private window, whose disk is memory
            context = playwright.chromium.launch_persistent_context(
                folder / "profile", executable_path=CHROMIUM, args=ARGS
            )
            page = context.pages[0]
            page.set_default_timeout(0)
            page.goto(address)
            found = _rounds(page, random, zeros)
            context.close()
    return found


def _rounds(page: Page, random: Path, zeros: Path) -> list[Goal]:
    page.locator("input").set_input_files(random)
    idle = resident()
    _seal(page, idle)
    runs, bounds = [], []
    for _ in range(ROUNDS):
        bounds.append(_bound(page))
        runs.append(_seal(page, idle))
    page.locator("input").set_input_files(zeros)
    large = _seal(page, idle)
    bound = statistics.median(one.sealed for one in bounds)
    took = statistics.median(one.sealed for one in runs)
    whole = statistics.median(one.whole for one in runs)
    cpu = statistics.median(one.spent for one in runs)
    least = statistics.median(one.spent for one in bounds)
    peer = f"{_speed(bound)}, AES-GCM 16 KiB + SHA-256 in a worker"
    return [
        Goal(f"seal {SIZE_MIB} MiB in Chromium", _speed(took), peer, bound / took, 0.5),
        Goal("the same in CPU time", f"{cpu:.1f} s", f"{least:.1f} s", least / cpu, None),
        Goal("with opening it again", _speed(whole), peer, bound / whole, None),
        _longest(max(one.longest for one in [*runs, large])),
        _memory(max(one.grown for one in runs), large.grown),
    ]


def _bound(page: Page) -> Run:
    before = spent()
    took = page.evaluate("bound", SIZE_MIB * MIB)
    return Run(took, took, spent() - before, 0, 0)


def _seal(page: Page, idle: int) -> Run:
    worker = "/" + json.loads((DIST / "manifest.json").read_bytes())["bidder-worker.js"]
    before = spent()
    with Peak() as peak:
        page.evaluate("begin", worker)
        sealed = page.evaluate("sealed")
        used = spent() - before
        told: dict[str, Any] = page.evaluate("opened")
    return Run(sealed, told["took"], used, told["longest"], peak.most - idle)


def _longest(longest: float) -> Goal:
    return Goal("the page's longest task", f"{longest:.0f} ms", "50 ms", longest / 50, 1, False)


def _memory(usual: int, large: int) -> Goal:
    name = f"the browser's memory over idle, {LARGE_MIB} MiB against {SIZE_MIB}"
    ours, peer = f"{large / MIB:.0f} MiB", f"{usual / MIB:.0f} MiB"
    return Goal(name, ours, peer, large / usual, FLAT, at_least=False)


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
