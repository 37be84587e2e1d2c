"""The first page of a 50 MB PDF out of a sealed package of 500 MB, against nginx and a plain file.

Chromium opens both with the desk's own code from one address. nginx stands before the service too,
as it would in a real house, so that what is ours pays for that hand-over besides.
"""

import json
import os
import shutil
import statistics
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from playwright.sync_api import Page, sync_playwright

from crypto.random import fresh
from load_tests.house import free_port, process, running, scratch
from load_tests.results import Goal
from tests.browser.pdf_files import FONT, text
from tests.opening.bidding import form
from tests.opening.packages import build, foreign
from tests.opening.parties import Party
from tests.opening.world import PROJECT, SECTION
from tests.project.sitting import RULE, Sitting
from tests.web.tender import Tender, headers, token
from web.clock import SystemClock

CHROMIUM = "/usr/bin/chromium"
ARGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run")
HERE = Path(__file__).parent
STATIC = HERE.parent / "web" / "static"
HOUR = 3_600_000
MIB = 1 << 20
PAGES, PICTURE = 100, (512, 341)
"""A hundred pages of half a megabyte each."""
PACKAGE_MIB = int(os.environ.get("READING_MIB", "500"))
ROUNDS = 9
TIMES = 1.5
FLAT_MIB = 64
PDF, REST = "1-plan.pdf", "2-rest.bin"


@dataclass(frozen=True, slots=True)
class Reading:
    """What runs: the service, nginx before it, and where things are."""

    pid: int
    port: int
    service: int
    bids: tuple[str, ...]
    """The one whose files are stored, and the one whose files are deflated."""
    member: Party

    def file(self, of: int, name: str) -> str:
        """Return the path of a bid's file."""
        files = f"/api/projects/{PROJECT}/sections/{SECTION}/bids/{self.bids[of]}/files"
        url, told = f"http://127.0.0.1:{self.service}{files}", headers(self.member)
        listed = httpx.get(url, headers=told, timeout=120, trust_env=False).json()["items"]
        return f"{files}/{next(row['n'] for row in listed if row['path'] == name)}"


def measure() -> Iterator[Goal]:
    """Yield the first page's ratio, stored and deflated, and what memory the service took."""
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if nginx is None:
        print("nginx is not installed: skipped (apt-get install nginx-light)")
        return
    with scratch() as folder, _serving(folder, nginx) as made:
        before = _resident(made.pid)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
            page = browser.new_page()
            page.goto(f"http://127.0.0.1:{made.port}/reading/reading.html")
            page.locator("html[data-ready]").wait_for()
            yield from _first_pages(page, made)
            browser.close()
        took = _whole(made)
        grown = (_resident(made.pid) - before) / MIB
        name = f"memory of the service, having read {PACKAGE_MIB} MB besides at {took:,.0f} MB/s"
        yield Goal(
            name, f"+{grown:.0f} MiB", f"{FLAT_MIB} MiB", grown / FLAT_MIB, 1, at_least=False
        )


def _first_pages(page: Page, made: Reading) -> Iterator[Goal]:
    plain, ours, tight = f"/plain/{PDF}", made.file(0, PDF), made.file(1, PDF)
    cold = _first(page, tight)
    for url in (plain, ours):
        _first(page, url)
    found = [[_first(page, url) for url in (plain, ours, tight)] for _ in range(ROUNDS)]
    peer, stored, deflated = (statistics.median(column) for column in zip(*found, strict=True))
    name = f"first page of 50 MB in a package of {PACKAGE_MIB} MB"
    yield _goal(name, stored, peer)
    yield _goal("the same, of a file that had been deflated", deflated, peer)
    yield Goal(
        "and the very first time, when it is inflated", f"{cold:,.0f} ms", "", cold / peer, None
    )


def _goal(name: str, ours: float, peer: float) -> Goal:
    told = f"{peer:,.0f} ms, nginx and a plain file"
    return Goal(name, f"{ours:,.0f} ms", told, ours / peer, TIMES, at_least=False)


def _first(page: Page, url: str) -> float:
    name = json.loads((STATIC / "dist" / "manifest.json").read_bytes())
    tools = {
        "worker": f"/static/dist/{name['desk-worker.js']}",
        "folder": f"/static/dist/{name['pdf']}",
    }
    found = page.evaluate("([url, tools]) => window.first(url, tools)", [url, tools])
    if (found["pages"], found["text"]) != (PAGES, "page 1"):
        message = f"not the page that was put there: {found}"
        raise RuntimeError(message)
    return float(found["took"])


def _whole(made: Reading) -> float:
    """Read the largest file from its first byte to its last; returns MB a second."""
    url = f"http://127.0.0.1:{made.service}{made.file(0, REST)}"
    begun, read = SystemClock().now(), 0
    with httpx.stream("GET", url, headers=headers(made.member), trust_env=False) as answer:
        for piece in answer.iter_raw():
            read += len(piece)
    return read / 1000 / max(1, SystemClock().now() - begun)


@contextmanager
def _serving(folder: Path, nginx: str) -> Iterator[Reading]:
    # putting a store together runs a loop, and a driven browser keeps one in this thread
    with ThreadPoolExecutor(1) as threads:
        bids, member, plain = threads.submit(_put, folder / "data").result()
    root, port, service = folder / "nginx", free_port(), free_port()
    for name in ("files", "page"):
        (root / name).mkdir(parents=True)
    (root / "files" / PDF).write_bytes(plain)
    _bundle(root / "page")
    told = {
        "ROOT": root,
        "PORT": port,
        "SERVICE": service,
        "STATIC": STATIC,
        "TOKEN": token(member),
    }
    settings = (HERE / "reading_nginx.conf").read_text()
    for name, value in told.items():
        settings = settings.replace(name, str(value))
    (root / "nginx.conf").write_text(settings)
    environment = {
        "KAIBIAO_DATA_DIR": str(folder / "data"),
        "KAIBIAO_PORT": str(service),
        "KAIBIAO_ORIGIN": f"http://127.0.0.1:{port}",
        "DATABASE_URL": "",
        # nobody opens thirty files in as many seconds
        "KAIBIAO_LIMITS__FILE_READS_BY_ACCOUNT": '{"burst": 100000, "refill_ms": 10}',
    }
    command = [nginx, "-p", str(root), "-c", str(root / "nginx.conf"), "-e", "stderr"]
    with (
        process(service, "web", "serve", log=folder / "service.log", settings=environment) as ours,
        running(port, command, log=folder / "nginx.log"),
    ):
        yield Reading(ours.pid, port, service, bids, member)


def _bundle(to: Path) -> None:
    """Bundle the page that opens files as the desk does."""
    program = HERE.parent / "node_modules" / ".bin" / "esbuild"
    options = ("--bundle", "--format=esm", "--minify", "--target=es2022")
    out = f"--outfile={to / 'reading_page.js'}"
    command: list[str | Path] = [program, HERE / "reading_page.js", *options, out]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    shutil.copy(HERE / "reading.html", to)


def _put(folder: Path) -> tuple[tuple[str, ...], Party, bytes]:
    """Write a store whose first bid is large; returns two bids, a member and the first's PDF."""
    now = SystemClock().now()
    changes = {"max_size": 2 << 30}
    begin, deadline = now - 300 * HOUR, now - 50 * HOUR
    world = Tender(rule=RULE, changes=changes, now=begin, deadline=deadline).open_up()
    plan = _pdf(fresh)
    packages = {
        1: build(
            {PDF: plan, REST: fresh((PACKAGE_MIB - 50) * 1_000_000)}, form(world.bidder[1], 1)
        ),
        # noise would not shrink; of this a quarter is left
        2: foreign({PDF: _pdf(lambda count: bytes(byte & 3 for byte in fresh(count)))}),
    }
    for bidder in world.bidder:
        world.bid(bidder, content=packages.pop(bidder, None))
    world.now = world.deadline
    world.serve()
    world.session()
    made = Sitting(world).quorate()
    world.experts = list(made.people.values())
    world.folder(folder)
    of = {world.state.bids[bid].organisation: bid for bid in made.bids}
    bids = tuple(of[world.bidder[number].organisation] for number in (1, 2))
    return bids, made.people[1], plan


def _pdf(noise: Callable[[int], bytes]) -> bytes:
    """Return a PDF of a hundred pages, each with a line of text and a picture of its own."""
    width, height = PICTURE
    kids = b" ".join(b"%d 0 R" % (4 + 3 * at) for at in range(PAGES))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count %d/Kids[%b]>>" % (PAGES, kids),
        FONT,
    ]
    for at in range(PAGES):
        own = 4 + 3 * at
        drawn = b"q 400 0 0 266 60 60 cm /I Do Q " + text(f"page {at + 1}")
        about = b"/Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent 8" % PICTURE
        objects += [
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents %d 0 R"
            b"/Resources<</Font<</F 3 0 R>>/XObject<</I %d 0 R>>>>>>" % (own + 1, own + 2),
            _stream(b"", drawn),
            _stream(about + b"/ColorSpace/DeviceRGB", noise(width * height * 3)),
        ]
    parts, places, at = [b"%PDF-1.7\n"], [], 9
    for number, body in enumerate(objects, 1):
        places.append(at)
        parts.append(b"%d 0 obj" % number + body + b"endobj\n")
        at += len(parts[-1])
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    table = b"xref\n0 %d\n0000000000 65535 f \n%b" % (count, rows)
    tail = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (count, at)
    return b"".join([*parts, table, tail])


def _stream(about: bytes, content: bytes) -> bytes:
    return b"<<%b/Length %d>>stream\n%b\nendstream " % (about, len(content), content)


def _resident(pid: int) -> int:
    """Return how much memory a process holds now, bytes."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
