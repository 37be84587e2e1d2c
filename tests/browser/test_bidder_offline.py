"""A bid sealed by the offline sealer's file: no line, a secret of the bidder's own, carried back."""

import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.bidder import BID, PATIENCE, files, is_sealed, press, scene, submit, take_key
from tests.browser.speech import CHINESE, Say
from tests.browser.visit import visit
from web.bundles import DIST

pytestmark = pytest.mark.slow

SEALER = DIST / "kaibiao-sealer.html"


def save(page: Page, name: str, path: Path) -> Path:
    """Press what saves a file, and keep the file."""
    with page.expect_download() as told:
        press(page, name)
    told.value.save_as(path)
    return path


def choose(page: Page, button: str, path: Path) -> None:
    """Give a file to the field behind a button."""
    page.locator("label", has_text=button).locator("input").set_input_files(path)


def test_a_bid_is_sealed_without_a_line_and_submitted_from_the_page(
    chromium: Browser, tmp_path: Path
) -> None:
    with (
        scene(tmp_path, co_open=True) as made,
        visit(chromium, made.service, made.stage.bidder[1]) as seen,
    ):
        page = seen.goto(BID)
        take_key(page)
        page.get_by_text("在不联网的电脑上密封").click()
        key = save(page, "保存密钥文件", tmp_path / "key.json")
        sealed = seal_alone(chromium, key, tmp_path)
        choose(page, "导入已密封的投标文件", sealed)
        is_sealed(page)
        submit(page)
        (bid,) = made.bids()
        assert bid.status == "live"
        with zipfile.ZipFile(sealed) as packed:
            assert packed.testzip() is None
            assert packed.getinfo("sealed").file_size == bid.size
        seen.check()


def save_secret(page: Page, other: Path, folder: Path) -> None:
    """Save the bidder's own secret, and open it again before going on; another file is refused."""
    expect(page.get_by_role("heading", name="保存解密口令")).to_be_visible(timeout=PATIENCE)
    choose(page, "选择已保存的文件", other)
    expect(page.get_by_text("这不是本投标文件的解密口令文件")).to_be_visible()
    secret = save(page, "保存解密口令文件", folder / "secret.json")
    choose(page, "选择已保存的文件", secret)


def seal_alone(
    chromium: Browser, key: Path, folder: Path, *, co_open: bool = True, say: Say = CHINESE
) -> Path:
    """Seal with the offline sealer and return the file to carry back."""
    context = chromium.new_context(locale="zh-CN" if say is CHINESE else "en", offline=True)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(SEALER.as_uri())
    choose(page, say("Choose the key's file"), key)
    expect(page.locator(".fingerprint li")).to_have_count(8)
    press(page, say("The words are the same"))
    page.locator("input[type=file][multiple]").set_input_files(files(folder / "files"))
    press(page, say("Continue"))
    page.get_by_label(say("Price in figures")).fill("86543210.55")
    press(page, say("Continue"))
    press(page, say("Seal the bid"))
    if co_open:
        save_secret(page, key, folder)
    is_sealed(page, say)
    sealed = save(page, say("Save the sealed bid"), folder / "sealed.zip")
    context.close()
    assert complaints == []
    return sealed
