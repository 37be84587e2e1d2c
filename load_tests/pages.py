"""What pages load first and how soon they show; how soon a hall of 500 shows what happens.

Chromium counts the bytes, each page in a context that has kept nothing. Answers of the API are the
project's own data and are left out.
"""

import statistics
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Browser, Page, expect, sync_playwright

from load_tests.house import scratch
from load_tests.results import Goal
from opening.commands import AnnounceSession, ReadOut
from tests.browser.shown import Shown
from tests.browser.stage import Stage
from tests.browser.visit import Visit, visit
from tests.opening.parties import Party
from tests.opening.world import PROJECT, SECTION
from tests.web.first_load import HALL, PAGES, budget
from tests.web.tender import Tender, headers
from web.clock import SetClock

CHROMIUM = "/usr/bin/chromium"
ARGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run")
PAINT_MS = 1000
SHOWN_MS = 100
BIDS = 500
READ = 100
"""How many of the bids are read out one by one."""
OPEN_MS = 120_000
ROUNDS = 3
PAINTED = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"
WATCH = """
window.took = [];
let arrived = 0, prices = 0;
const Native = window.WebSocket;
window.WebSocket = class extends Native {
  constructor(...how) {
    super(...how);
    this.addEventListener("message", () => { arrived = performance.now(); });
  }
};
new MutationObserver(() => {
  const now = document.querySelectorAll(".opening-table .price").length;
  if (now === prices) return;
  const before = arrived;
  prices = now;
  // the task after a frame's callbacks runs when the frame was painted
  requestAnimationFrame(() => {
    const after = new MessageChannel();
    after.port1.onmessage = () => { window.took.push(performance.now() - before); };
    after.port2.postMessage(0);
  });
}).observe(document, { childList: true, subtree: true });
"""


def measure() -> Iterator[Goal]:
    """Yield bytes and first paint of each page, then how soon 500 rows show an event."""
    with scratch() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        with _running(Stage().reading, folder / "pages") as (stage, service):
            for role, paths in PAGES.items():
                for path in paths:
                    yield from _first_load(browser, service, stage.one_of_each[role], role, path)
        with _running(_crowded, folder / "crowd") as (crowd, service):
            for role, who in (("bidder", crowd.bidder[1]), ("clerk", crowd.clerk)):
                yield _shown(browser, service, crowd, role, who)
        browser.close()


@contextmanager
def _running(make: Any, folder: Path) -> Iterator[tuple[Any, Shown]]:
    # a driven browser keeps a loop in this thread, and putting a store together runs one
    def written() -> Tender:
        world: Tender = make()
        world.folder(folder)
        return world

    with ThreadPoolExecutor(1) as threads:
        world = threads.submit(written).result()
    with Shown(folder, SetClock(world.now)) as service:
        yield world, service


def _first_load(
    browser: Browser, service: Shown, who: Party | None, role: str, path: str
) -> Iterator[Goal]:
    """Yield the bytes of a page and the median of its first paints."""
    loads = [_load(browser, service, who, path) for _ in range(ROUNDS)]
    size, painted = loads[0][0], statistics.median(paint for _, paint in loads)
    name = f"{path.replace(PROJECT, '…')} ({role or 'public'})"
    limit = budget(path)
    yield Goal(
        f"{name}: first load",
        f"{size / 1000:,.1f} KB",
        f"{limit // 1000} KB",
        size / limit,
        1,
        at_least=False,
    )
    yield Goal(
        f"{name}: first paint",
        f"{painted:,.0f} ms",
        f"{PAINT_MS} ms",
        painted / PAINT_MS,
        1,
        at_least=False,
    )


def _load(browser: Browser, service: Shown, who: Party | None, path: str) -> tuple[int, float]:
    with visit(browser, service, who) as made:
        line = made.page.context.new_cdp_session(made.page)
        line.send("Network.enable")
        named: dict[str, str] = {}
        sizes: dict[str, int] = {}
        line.on("Network.requestWillBeSent", lambda one: named.update(_name(one)))
        line.on("Network.loadingFinished", lambda one: sizes.update(_size(one)))
        made.page.goto(service.url + path, wait_until="networkidle")
        painted = float(made.page.evaluate(PAINTED))
        own = [of for of, url in named.items() if _is_ours(url.removeprefix(service.url))]
        return sum(sizes.get(of, 0) for of in own), painted


def _name(told: dict[str, Any]) -> dict[str, str]:
    return {told["requestId"]: told["request"]["url"]}


def _size(told: dict[str, Any]) -> dict[str, int]:
    return {told["requestId"]: int(told["encodedDataLength"])}


def _is_ours(path: str) -> bool:
    return path.startswith("/") and not path.startswith("/api/")


def _crowded() -> Tender:
    """Put together a hall of 500 bids that are opened, and none read out."""
    world = Tender(bidders=BIDS).open_up()
    for bidder in world.bidder:
        world.bid(bidder)
    world.now = max(world.now, world.deadline)
    world.serve()
    world.do(world.clerk.actor, AnnounceSession(section=SECTION, envelope=1))
    world.order()
    world.partials()
    world.release()
    world.serve()
    return world


def _shown(browser: Browser, service: Shown, world: Tender, role: str, who: Party) -> Goal:
    """Read bids out one by one, and return how soon a seat's hall shows it."""
    begin = 0 if role == "bidder" else READ
    opened = list(world.state.sessions[SECTION, 1].opened)
    with visit(browser, service, who) as made:
        made.page.add_init_script(WATCH)
        page = _hall(made)
        page.evaluate("window.took.length = 0")
        with httpx.Client(base_url=service.url, trust_env=False) as http:
            for number, bid in enumerate(opened[begin : begin + READ], begin + 1):
                command = ReadOut(section=SECTION, envelope=1, bid=bid)
                body = command.model_dump_json(exclude_none=True)
                told = headers(
                    world.clerk, idempotency_key=f"read-{number}", content_type="application/json"
                )
                path = f"/api/projects/{PROJECT}/commands"
                http.post(path, content=body, headers=told).raise_for_status()
                expect(page.locator(".opening-table .price")).to_have_count(number)
        took = sorted(page.evaluate("window.took"))
    slowest = took[int(len(took) * 0.95)]
    return Goal(
        f"hall of {BIDS}, {role}: a line from its frame to its paint, 95th of {len(took)}",
        f"{slowest:,.0f} ms",
        f"{SHOWN_MS} ms",
        slowest / SHOWN_MS,
        1,
        at_least=False,
    )


def _hall(made: Visit) -> Page:
    page = made.goto(HALL)
    expect(page.locator(".line.is-up")).to_be_visible(timeout=OPEN_MS)
    expect(page.locator(".opening-table tbody tr")).to_have_count(BIDS, timeout=OPEN_MS)
    return page
