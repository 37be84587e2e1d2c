"""What tests of the clerk's pages do again and again, by clicks."""

from playwright.sync_api import Page, expect

from tests.web.witness import SIGNER

WITNESS = SIGNER.verifier.encode()


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
