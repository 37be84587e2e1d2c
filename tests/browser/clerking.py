"""What tests of the clerk's pages do again and again, by clicks."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.visit import Visit
from tests.web.tender import Tender
from tests.web.witness import SIGNER

AXE = Axe()
WITNESS = SIGNER.verifier.encode()


def written(world: Tender, folder: Path) -> Path:
    """Write a tender's store; in a thread, because a driven browser keeps a loop in this one."""
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(world.folder, folder).result()


def make_key(page: Page) -> None:
    """Make this browser's signing key."""
    page.get_by_role("button", name="生成本浏览器的签名密钥").click()
    expect(page.locator(".key-named .tag-green")).to_be_visible()


def sign_here(page: Page) -> None:
    """Make this browser's key, and let it count in the project."""
    make_key(page)
    page.locator("kb-signing-key button").click()
    expect(page.locator("kb-signing-key button")).to_have_count(0)


def confirm(page: Page, word: str = "") -> None:
    """Go on in a dialog, with a word where one must be typed."""
    dialog = page.get_by_role("dialog")
    if word:
        expect(dialog.locator("button[value=yes]")).to_be_disabled()
        dialog.get_by_role("textbox").fill(word)
    dialog.locator("button[value=yes]").click()


def check_axe(made: Visit) -> None:
    """Fail on what keeps somebody from using the page."""
    found = AXE.run(made.page).response["violations"]
    grave = [
        f"{one['id']}: {node['html']}"
        for one in found
        if one["impact"] in {"serious", "critical"}
        for node in one["nodes"]
    ]
    assert grave == []
