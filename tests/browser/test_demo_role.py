"""One person at one browser plays a role of the demo by clicks alone; bots are all the others.

The demo keeps its own time, so this takes minutes and belongs to the faults; it waits for what the
page shows and never for a moment.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.bidder import PATIENCE, files, is_sealed, prepare, press, submit
from tests.browser.demos import LONG, Demo, demonstrated, have_key, person, use_key
from tests.browser.test_hall_acting import step, sure, typed

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800), pytest.mark.minutes]

PRICE = "4,321,098.76"
PLACE = "s1-1"
WORDS = {"announce": "公布", "order": "签发", "end": "结束"}
"""What is typed before what cannot be taken back."""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    with demonstrated(tmp_path_factory.mktemp("up"), 2) as running:
        yield running


def test_a_bidder_from_the_guide_to_the_receipt(
    chromium: Browser, demo: Demo, tmp_path: Path
) -> None:
    with person(chromium, demo, "bidder-1", tmp_path) as one:
        project = one.next_round()
        page = one.waits_for(f"/projects/{project}/bid/{PLACE}")
        part = page.get_by_role("button", name="参加投标", exact=True)
        begin = page.get_by_role("button", name="开始", exact=True)
        expect(part.or_(begin).first).to_be_visible(timeout=LONG)
        have_key(page)
        if part.count():
            part.click()
            expect(part).to_have_count(0)
        use_key(page)
        expect(begin).to_be_enabled()
        prepare(page, files(tmp_path / "files", 1 << 20), price=PRICE)
        has_secret = seals(page, tmp_path)
        submit(page)
        with page.expect_download() as saving:
            press(page, "保存回执（JSON）")
        receipt = tmp_path / "receipt.json"
        saving.value.save_as(receipt)
        one.go(f"/projects/{project}/hall/{PLACE}")
        step(page, "sign_in").click(timeout=LONG)
        if has_secret:
            step(page, "secret").click(timeout=LONG)
            sure(page)
        confirm = step(page, "confirm")
        commit = page.locator("kb-draw-party button[data-step=draw]")
        expect(commit.or_(confirm).first).to_be_visible(timeout=LONG)
        if commit.count():
            commit.click()
        confirm.click(timeout=LONG)
        step(page, "sign").click(timeout=LONG)
        sure(page)
        is_over(page)
        expect(page.locator(".opening-table")).to_contain_text(PRICE)
        one.go("/check")
        page.locator("#receipt-file").set_input_files(receipt)
        expect(page.get_by_role("heading", name="回执有效")).to_be_visible()


def seals(page: Page, folder: Path) -> bool:
    """Seal; where the bidder has a secret of its own, save it and open it again. Tells which."""
    press(page, "密封投标文件")
    save = page.get_by_role("button", name="保存解密口令文件", exact=True)
    sealed = page.get_by_role("heading", name="已在本机密封")
    expect(save.or_(sealed).first).to_be_visible(timeout=PATIENCE)
    has_secret = save.is_visible()
    if has_secret:
        with page.expect_download() as saving:
            save.click()
        path = folder / "secret.json"
        saving.value.save_as(path)
        page.locator("label", has_text="选择已保存的文件").locator("input").set_input_files(path)
    is_sealed(page)
    return has_secret


def test_a_clerk_runs_the_hall(chromium: Browser, demo: Demo, tmp_path: Path) -> None:
    with person(chromium, demo, "clerk", tmp_path) as one:
        page = one.go(f"/projects/{one.next_round()}/hall/{PLACE}")
        step(page, "sign_in").click(timeout=LONG)
        step(page, "announce").click(timeout=LONG)
        typed(page, WORDS["announce"])
        secrets = step(page, "secrets")
        expect(secrets.or_(step(page, "order")).first).to_be_visible()
        if secrets.count():
            secrets.click()
        use_key(page)
        step(page, "order").click(timeout=LONG)
        typed(page, WORDS["order"])
        step(page, "read_next").click(timeout=LONG)
        step(page, "read_all").click(timeout=LONG)
        draw = step(page, "draw")
        expect(draw.or_(step(page, "confirm")).first).to_be_visible()
        if draw.count():
            draw.click()
            press(page, "现在开始抽签")
            page.locator("kb-draw-party button[data-step=draw]").click(timeout=LONG)
        step(page, "confirm").click(timeout=LONG)
        step(page, "objections").click(timeout=LONG)
        answers(page, step(page, "sign"))
        step(page, "sign").click()
        sure(page)
        step(page, "end").click(timeout=LONG)
        typed(page, WORDS["end"])
        is_over(page)


def answers(page: Page, later: Locator) -> None:
    """Answer the objections that come, until the session goes on."""
    answer = page.get_by_role("button", name="答复异议").first
    expect(answer.or_(later).first).to_be_visible(timeout=LONG)
    while not later.is_visible():
        if answer.is_visible():
            answer.click()
            dialog = page.locator("dialog.ask")
            dialog.locator("textarea").fill("已记录，由评标委员会依法评审。")
            dialog.locator("button[value=yes]").click()
            expect(dialog).to_have_count(0)
        expect(answer.or_(later).first).to_be_visible(timeout=LONG)


def is_over(page: Page) -> None:
    """Wait until the session ended and the page says where to go on."""
    expect(page.locator(".onward a").first).to_be_visible(timeout=LONG)


def test_a_custodian_releases_from_the_demos_kit(
    chromium: Browser, demo: Demo, tmp_path: Path
) -> None:
    with person(chromium, demo, "custodian-1", tmp_path) as one:
        project = one.next_round()
        told = one.page.locator("li").filter(has=one.page.get_by_text("custodian-1", exact=True))
        kit = told.last.locator("code").last.inner_text()
        page = one.go("/custodian")
        press(page, "从文件打开密钥包")
        page.get_by_label("密钥包文件").set_input_files(kit)
        page.get_by_label("口令", exact=True).fill(one.password)
        press(page, "打开密钥包")
        task = page.locator(f"kb-release[data-project='{project}']")
        release = task.get_by_role("button", name="释放我的份额")
        release.click(timeout=LONG)
        dialog = page.get_by_role("dialog")
        dialog.get_by_role("textbox").fill("释放份额")
        dialog.get_by_role("button", name="释放我的份额").click()
        expect(task).to_contain_text("您的份额已释放", timeout=LONG)
        one.go(f"/projects/{project}/hall/{PLACE}")
        is_over(page)


def test_a_supervisor_watches_signs_and_verifies(
    chromium: Browser, demo: Demo, tmp_path: Path
) -> None:
    with person(chromium, demo, "supervisor", tmp_path) as one:
        page = one.go(f"/projects/{one.next_round()}/hall/{PLACE}")
        step(page, "sign_in").click(timeout=LONG)
        expect(page.locator("kb-supervisor-seat")).to_contain_text("未发现异常")
        page.locator("kb-draw-party button[data-step=draw]").click(timeout=LONG)
        expect(page.locator(".draw-result-line")).to_be_visible(timeout=LONG)
        expect(step(page, "sign")).to_be_visible(timeout=LONG)
        use_key(page)
        step(page, "sign").click()
        sure(page)
        is_over(page)
        page.reload()
        press(page, "立即核验")
        expect(page.locator("kb-verification")).to_contain_text("核验通过", timeout=LONG)
