"""A visitor without an account, by clicks: finds a project, reads its minutes, checks a receipt."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, expect

from crypto.notes import COSIGNATURE_V1, NoteSigner
from crypto.signatures import ed25519_private_key
from tests.browser.conftest import shown
from tests.browser.shown import Shown
from tests.browser.stage import Stage
from tests.browser.visit import NARROW, check_axe, visit
from tests.needs import chinese_font
from tests.opening.world import PROJECT
from tests.web import tender
from tests.web.witness import SIGNER, witnessing

pytestmark = pytest.mark.slow

PAGES = ("/", "/public?q=2026", f"/public/{PROJECT}", "/check", "/log", "/downloads")
OTHER = NoteSigner(SIGNER.name, COSIGNATURE_V1, ed25519_private_key(b"o" * 32))
"""Another timekeeper, of the same name."""
PDF = b"%PDF-1.7 the minutes, as printed"
SHA_OF_STAGE = "ab" * 32
"""What a stage says is the hash of the minutes' PDF, which it does not draw up."""


@dataclass
class Receipts:
    """A service with a witness, and what it gave a bidder for a bid."""

    service: Shown
    folder: Path

    @property
    def json(self) -> Path:
        return self.folder / "receipt.json"

    @property
    def pdf(self) -> Path:
        return self.folder / "receipt.pdf"

    @property
    def flipped(self) -> Path:
        """Return the receipt with one digit of its entry changed."""
        told = json.loads(self.json.read_bytes())
        entry = json.loads(told["entry"])
        entry["at"] += 1
        told["entry"] = json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        path = self.folder / "flipped.json"
        path.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
        return path


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shown]:
    folder = tmp_path_factory.mktemp("ended")
    with shown(Stage().ended(), folder) as running:
        (folder / "documents" / SHA_OF_STAGE).write_bytes(PDF)
        yield running


@pytest.fixture(scope="module")
def receipts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Receipts]:
    folder, stage = tmp_path_factory.mktemp("receipts"), Stage().open_up()
    told = {"witness_vkey": SIGNER.verifier.encode(), "witness_patience": 5000}
    with (
        witnessing() as (witness, url),
        shown(stage, folder / "data", witness_url=url, **told) as running,
    ):
        witness.log = running.services.sequencer.log_key
        with ThreadPoolExecutor(1) as threads:
            threads.submit(_bid, running, stage, folder).result()
        yield Receipts(running, folder)


def _bid(service: Shown, stage: Stage, folder: Path) -> None:
    """Hand in a bid, and keep its receipt as a file and printed."""
    who, sealed = stage.bidder[1], stage.seal(1)
    with httpx.Client(base_url=service.url, trust_env=False, timeout=60) as http:
        where = tender.place_of(tender.create(http, who, len(sealed.file)))
        tender.patch(http, who, where, 0, sealed.file)
        body = stage.admission(1, sealed, where.rsplit("/", 1)[1])
        assert tender.command(http, who, body, "bid").status_code == 200
        path, told = f"/api/projects/{PROJECT}/receipts/bid", tender.headers(who)
        found = next(
            answer
            for answer in (http.get(path, headers=told) for _ in range(20))
            if answer.status_code == 200
        )
        (folder / "receipt.json").write_bytes(found.content)
        chinese_font()
        told = tender.headers(who, content_type="application/json")
        printed = http.post("/api/receipt-page", content=found.content, headers=told)
        (folder / "receipt.pdf").write_bytes(printed.content)


def test_a_visitor_finds_a_project_and_reads_its_minutes(chromium: Browser, ended: Shown) -> None:
    with visit(chromium, ended) as made:
        page = made.goto("/")
        expect(page.get_by_role("heading", level=1)).to_contain_text("当众开标")
        page.get_by_label("按编号、项目名称或招标人查找").fill("滨河 0018")
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_contain_text("共 1 个标段")
        page.get_by_role("link", name="滨河路").click()
        expect(page.get_by_role("rowheader", name="长江路桥")).to_be_visible()
        expect(page.get_by_text("86,543,210.55")).to_be_visible()
        page.get_by_text("时间线（附每一条目在日志中的哈希值）").click()
        assert page.locator(".lines li").count() > 20
        with page.expect_download() as arrived:
            page.get_by_role("link", name="开标记录（PDF）").click()
        assert arrived.value.path().read_bytes() == PDF
        made.check()


def test_a_good_receipt_is_told_from_a_changed_one(chromium: Browser, receipts: Receipts) -> None:
    with visit(chromium, receipts.service) as made:
        asked: list[str] = []
        page = made.goto("/")
        page.get_by_role("list").get_by_role("link", name="核验回执").click()
        expect(page.locator(".drop")).to_be_visible()
        page.on("request", lambda request: asked.append(request.url))
        page.locator("#receipt-file").set_input_files(receipts.json)
        expect(page.get_by_role("heading", name="回执有效")).to_be_visible()
        verdict = page.locator(".verdict")
        for said in ("在截止时间前收到密封的投标文件", "bidder-1", "s1 · 第 1 信封", PROJECT):
            expect(verdict).to_contain_text(said)
        assert asked == []
        page.get_by_role("button", name="向日志查询该条目是否仍在").click()
        expect(page.get_by_text("该条目仍在日志中，未被更改")).to_be_visible()
        assert {url.split("?")[0].removeprefix(receipts.service.url) for url in asked} <= {
            "/api/log/checkpoint",
            "/api/log/consistency",
        }
        check_axe(made)
        page.locator("#receipt-file").set_input_files(receipts.flipped)
        expect(page.get_by_role("heading", name="回执无效")).to_be_visible()
        expect(page.locator(".verdict")).to_contain_text("回执出具后，其内容被改动")
        check_axe(made)
        made.check()


def test_the_page_asks_the_log_alone_whoever_is_signed_in(
    chromium: Browser, receipts: Receipts
) -> None:
    who = Stage().bidder[1]
    with visit(chromium, receipts.service, who) as made:
        page = made.goto("/check")
        page.locator("#receipt-file").set_input_files(receipts.json)
        expect(page.get_by_role("heading", name="回执有效")).to_be_visible()
        made.check()


def test_the_printed_receipt_is_checked_and_compared_with_its_code(
    chromium: Browser, receipts: Receipts
) -> None:
    with visit(chromium, receipts.service) as made:
        page = made.goto("/check")
        page.locator("#receipt-file").set_input_files(receipts.pdf)
        expect(page.get_by_role("heading", name="回执有效")).to_be_visible()
        row = page.locator(".proved div").filter(has_text="日志条目")
        leaf = row.locator("code").inner_text()
        assert leaf.encode() in receipts.pdf.read_bytes()
        for code, said in ((leaf, "与二维码所指的回执一致"), ("0" * 64, "不是同一份回执")):
            page.goto("about:blank")
            page = made.goto(f"/check#{code}")
            expect(page.locator("kb-check .note")).to_contain_text("二维码")
            page.locator("#receipt-file").set_input_files(receipts.json)
            expect(page.locator(".verdict")).to_contain_text(said)
        made.check()


def test_a_receipt_is_dropped_and_checked_against_keys_of_ones_own(
    chromium: Browser, receipts: Receipts
) -> None:
    text = receipts.json.read_text(encoding="utf-8")
    flipped = receipts.flipped.read_text(encoding="utf-8")
    drop = """([target, ...texts]) => {
        for (const text of texts) {
            const data = new DataTransfer();
            data.items.add(new File([text], "receipt.json", { type: "application/json" }));
            for (const type of ["dragover", "drop"])
                target.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true }));
        }
    }"""
    with visit(chromium, receipts.service, language="en") as made:
        page = made.goto("/check")
        zone = page.locator(".drop")
        page.evaluate(drop, [zone.element_handle(), text, flipped])
        expect(page.get_by_role("heading", name="The receipt does not hold")).to_be_visible()
        page.evaluate(drop, [zone.element_handle(), text])
        expect(page.get_by_role("heading", name="The receipt holds")).to_be_visible()
        page.get_by_text("Check against keys of your own").click()
        key = page.get_by_label("Verifier key of the timekeeper")
        key.fill("no key")
        page.evaluate(drop, [zone.element_handle(), text])
        expect(page.locator(".verdict")).to_contain_text("not a verifier key")
        key.fill(SIGNER.verifier.encode())
        key.press("Tab")
        expect(page.locator(".verdict")).to_contain_text("Checked against the keys you gave")
        key.fill(OTHER.verifier.encode())
        key.press("Tab")
        expect(page.get_by_role("heading", name="The receipt does not hold")).to_be_visible()
        made.check()


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_accessible_in_the_dark_and_fits_320_pixels(
    chromium: Browser, ended: Shown, path: str
) -> None:
    for told in ({"scheme": "dark", "language": "en"}, {"width": NARROW}):
        with visit(chromium, ended, **told) as made:
            page = made.goto(path)
            if path == "/check":
                expect(page.locator(".drop")).to_be_visible()
            check_axe(made)
            made.check()
            width = page.viewport_size["width"] if page.viewport_size else 0
            assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_programs_are_saved_and_the_formats_read(chromium: Browser, ended: Shown) -> None:
    with visit(chromium, ended, language="en") as made:
        page = made.goto("/downloads")
        verifier = page.locator("section").filter(has_text="verifier.pyz")
        with page.expect_download() as arrived:
            verifier.get_by_role("link", name="Download it").click()
        assert arrived.value.suggested_filename == "verifier.pyz"
        page.get_by_role("link", name="How a bid is sealed and opened").click()
        expect(page.locator("pre")).to_contain_text("HPKE")
