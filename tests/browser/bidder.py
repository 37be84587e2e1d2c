"""What a bidder does on its pages, step by step, and a project that takes its bids."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from opening.commands import AnnounceSession
from opening.events import BidOpened
from opening.state import SealedBid
from tests.browser.conftest import shown
from tests.browser.shown import Shown
from tests.browser.speech import CHINESE, Say
from tests.browser.stage import Stage
from tests.opening.world import FIRST, PROJECT, SECTION
from tests.web.tender import read_record
from tests.web.witness import SIGNER, witnessing

BID = f"/projects/{PROJECT}/bid/s1-1"
MIB = 1 << 20
PATIENCE = 60_000
BLOCK = 1024


@dataclass
class Scene:
    """A project that takes bids, and the service that shows it."""

    stage: Stage
    service: Shown
    folder: Path

    def bids(self) -> list[SealedBid]:
        """Return the bids on the record, by revision."""
        self.stage.follow(read_record(self.folder))
        return sorted(self.stage.state.bids.values(), key=lambda bid: bid.revision)

    def opened(self, name: str) -> BidOpened:
        """Go on by the rules to the opening, beside two more bids, and return what a bid held."""
        stage, told = self.stage, read_record(self.folder)
        stage.follow(told)
        stage.record = list(told)
        stage.now = told[-1][1].at
        others = [stage.bid(bidder, content=stage.offer(bidder)) for bidder in (2, 3)]
        content = (self.folder / "sealed" / stage.state.bids[name].root.hex()).read_bytes()
        stage.sealed[name] = replace(stage.sealed[others[0]], file=content)
        stage.now = stage.deadline
        stage.serve()
        stage.do(stage.clerk.actor, AnnounceSession(section=SECTION, envelope=1))
        stage.order()
        stage.partials()
        stage.release()
        stage.serve()
        found: BidOpened = stage.state.sessions[FIRST].opened[name]
        return found


@contextmanager
def scene(folder: Path, **how: Any) -> Iterator[Scene]:
    """Run a service that a witness cosigns for."""
    stage = Stage(**how)
    stage.open_up()
    with witnessing() as (witness, url):
        more = {"witness_url": url, "witness_vkey": SIGNER.verifier.encode()}
        with shown(stage, folder / "data", witness_patience=2000, **more) as service:
            witness.log = service.services.sequencer.log_key
            yield Scene(stage, service, folder / "data")


def files(folder: Path, size: int = 7 * MIB) -> list[Path]:
    """Make three files, no two pieces of which are alike."""
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for name in ("投标函.pdf", "工程量清单.xlsx", "施工组织设计.pdf"):
        block = hashlib.sha256(name.encode()).digest() * (BLOCK // 32)
        pieces = (block + number.to_bytes(8, "big") for number in range(size // (BLOCK + 8)))
        path = folder / name
        path.write_bytes(b"".join(pieces))
        made.append(path)
    return made


def press(page: Page, name: str) -> None:
    """Press a button by its exact name."""
    page.get_by_role("button", name=name, exact=True).click()


def take_key(page: Page) -> None:
    """Make this browser's key, and let it count in the project."""
    press(page, "生成本浏览器的签名密钥")
    press(page, "在本项目中改用本浏览器的密钥")
    expect(page.get_by_role("button", name="开始", exact=True)).to_be_enabled()


def prepare(
    page: Page, chosen: list[Path], *, price: str, begin: str = "Begin", say: Say = CHINESE
) -> None:
    """Go from the overview to the last look before sealing."""
    press(page, say(begin))
    press(page, say("Continue"))
    expect(page.locator(".fingerprint li")).to_have_count(8)
    press(page, say("The words are the same"))
    page.locator("input[type=file][multiple]").set_input_files(chosen)
    press(page, say("Continue"))
    page.get_by_label(say("Price in figures")).fill(price)
    write = page.get_by_role("button", name=say("Write it so"))
    agrees = page.get_by_text(say("Figures and capitals agree"))
    expect(write.or_(agrees)).to_be_visible()
    if write.is_visible():
        write.click()
    expect(agrees).to_be_visible()
    press(page, say("Continue"))


def seal(page: Page, say: Say = CHINESE) -> None:
    """Seal, and wait until it opened again."""
    press(page, say("Seal the bid"))
    is_sealed(page, say)


def is_sealed(page: Page, say: Say = CHINESE) -> None:
    """Wait until a sealed bid waits to be submitted."""
    sealed = page.get_by_role("heading", name=say("Sealed on this device"))
    expect(sealed).to_be_visible(timeout=PATIENCE)


def submit(page: Page, say: Say = CHINESE) -> None:
    """Submit, and wait for the receipt."""
    press(page, say("Sign and submit"))
    has_receipt(page, say)


def has_receipt(page: Page, say: Say = CHINESE) -> None:
    """Wait for the receipt."""
    receipt = page.get_by_role("heading", name=say("Receipt"))
    expect(receipt).to_be_visible(timeout=PATIENCE)
