"""A custodian by clicks: a kit made and opened again, a whole ceremony with reloads, a rehearsal."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from client import keys
from crypto import dkg, kit, xaes
from crypto.points import base_mul, decode33
from opening import transcripts
from opening.commands import DealCeremony, StartCeremony
from opening.state import Key
from tests.browser.ceremonies import Parties
from tests.browser.conftest import put
from tests.browser.shown import Shown
from tests.browser.speech import CHINESE, Say
from tests.browser.stage import Named, Stage
from tests.browser.test_release import served
from tests.browser.visit import NARROW, Visit, check_axe, visit
from tests.opening.parties import Party, seeded
from tests.opening.world import FIRST, HOUR, PROJECT
from tests.web.tender import headers, read_record
from tests.web.witness import SIGNER, witnessing
from web.clock import SetClock

pytestmark = pytest.mark.slow

PASSPHRASE = "北风 吹雁 雪纷纷 1234"
SECOND = 2


@dataclass(frozen=True)
class InBrowser(Named):
    """A custodian whose kit was made in a browser; its file was saved."""

    held: kit.Kit = field(kw_only=True)

    @property
    def master(self) -> bytes:
        return self.held.master


@dataclass
class Ceremony:
    """A draft whose second custodian sits at a browser; everybody else posts by HTTP."""

    stage: Stage
    service: Shown
    folder: Path
    made: Visit
    others: Parties

    @property
    def page(self) -> Page:
        return self.made.page

    def start(self, attempt: int = 1) -> None:
        message = self.stage.start_message(attempt=attempt, deal_by=self.stage.now + 2 * HOUR)
        command = StartCeremony(message=self.stage.clerk.sign(message)).model_dump(mode="json")
        self.post(self.stage.clerk, command, f"start-{attempt}")

    def post(self, who: Party, body: dict[str, Any], key: str) -> None:
        path = f"{self.service.url}/api/projects/{PROJECT}/commands"
        told = headers(who, idempotency_key=key)
        answer = httpx.post(path, json=body, headers=told, trust_env=False)
        assert answer.status_code == 200, answer.text

    def task(self) -> Locator:
        return self.page.locator("article.task")

    def is_done(self, step: int) -> None:
        """Wait until the page shows that this custodian did a step."""
        own = self.task().locator("tr.is-own td").nth(step)
        expect(own).to_contain_text("已完成")

    def open_kit(self) -> None:
        """Open the copy this browser keeps."""
        self.page.get_by_label("口令", exact=True).fill(PASSPHRASE)
        self.page.get_by_role("button", name="打开密钥包", exact=True).click()
        expect(self.page.locator(".kit .tag")).to_have_text("密钥包已打开", timeout=60_000)


@pytest.fixture
def drafted(chromium: Browser, tmp_path: Path) -> Iterator[Ceremony]:
    stage = Stage().begun()
    folder = put(stage, tmp_path / "data")
    with witnessing() as (witness, url):
        told: dict[str, Any] = {"witness_url": url, "witness_vkey": SIGNER.verifier.encode()}
        with (
            Shown(folder, SetClock(stage.now), **told, witness_patience=300) as service,
            visit(chromium, service, stage.custodians[SECOND - 1]) as made,
        ):
            witness.log = service.services.sequencer.log_key
            others = Parties(stage, service, folder, PROJECT)
            yield Ceremony(stage, service, folder, made, others)


def make_kit(one: Ceremony, folder: Path) -> InBrowser:
    """Make a kit by clicks, and return whose it is, from the file that was saved."""
    page = one.made.goto("/custodian")
    page.get_by_role("button", name="制作密钥包", exact=True).click()
    page.get_by_label("口令", exact=True).fill(PASSPHRASE)
    page.get_by_label("再次输入口令").fill(PASSPHRASE)
    page.get_by_label("本设备名称").fill("保管人的笔记本")
    page.get_by_role("button", name="制作密钥包并加密").click()
    with page.expect_download(timeout=60_000) as saving:
        page.get_by_role("button", name="保存密钥包文件").click(timeout=60_000)
    assert saving.value.suggested_filename.startswith("kaibiao-kit-custodian-2-")
    path = folder / "kit.age"
    saving.value.save_as(path)
    page.get_by_label("密钥包文件").set_input_files(path)
    page.get_by_label("口令", exact=True).fill(PASSPHRASE)
    page.get_by_role("button", name="打开已保存的文件").click()
    expect(page.locator(".kit .tag")).to_have_text("密钥包已打开", timeout=60_000)
    expect(page.locator(".kit")).to_contain_text("保管人的笔记本")
    held = kit.unlock(path.read_bytes(), PASSPHRASE)
    key = keys.from_pkcs8(held.identity)
    return InBrowser("custodian-2", "custodian", key, held=held)


def seat(one: Ceremony, who: InBrowser) -> None:
    """Let the kit's key count in the project, by a click."""
    one.page.get_by_role("button", name="在本项目中使用密钥包的密钥").click()
    expect(one.page.get_by_text("目前没有待办事项")).to_be_visible()
    first, _, third = one.stage.custodians
    one.stage.custodians = (first, who, third)


def test_a_custodian_makes_a_kit_and_goes_through_a_ceremony_by_clicks(
    drafted: Ceremony, tmp_path: Path
) -> None:
    who = make_kit(drafted, tmp_path)
    seat(drafted, who)
    page, rest = drafted.page, (0, 1, 3)
    drafted.start()
    expect(drafted.task()).to_contain_text("第一标段")
    expect(drafted.task().locator(".tag").first).to_contain_text("轮到您")
    check_axe(drafted.made)
    page.get_by_role("button", name="加入：提交本人承诺").click()
    drafted.is_done(0)
    page.reload()
    expect(drafted.task()).to_contain_text("等待其他各方")
    drafted.others.step("join", rest)
    drafted.open_kit()
    deals_in_vain(page)
    drafted.open_kit()
    page.get_by_role("button", name="分发份额").click()
    drafted.is_done(1)
    drafted.others.step("deal", rest)
    page.get_by_role("button", name="核验本人份额并认证").click()
    drafted.is_done(2)
    drafted.others.step("certify", rest)
    expect(drafted.task().locator(".fingerprint li")).to_have_count(8)
    page.get_by_role("button", name="演练：证明本人仍持有份额").click()
    expect(drafted.task().locator(".tag").first).to_have_text("已演练")
    page.set_viewport_size({"width": NARROW, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW
    check_axe(drafted.made)
    drafted.made.check()
    check_key(drafted)


def deals_in_vain(page: Page) -> None:
    """Deal, and lose the page while the command is on its way."""
    page.route("**/commands", lambda _route: None)
    with page.expect_request("**/commands", timeout=60_000):
        page.get_by_role("button", name="分发份额").click()
    page.reload()
    page.unroute("**/commands")


def check_key(drafted: Ceremony) -> None:
    """The kit's file and the record give the very share that the key wants."""
    drafted.stage.follow(read_record(drafted.folder))
    key: Key = drafted.stage.state.keys[FIRST]
    share = drafted.stage.share(key, SECOND)
    assert base_mul(share) == decode33(key.y[SECOND - 1])
    assert SECOND in key.rehearsed


def test_a_bad_share_is_shown_and_the_attempt_ends_by_a_click(
    drafted: Ceremony, tmp_path: Path
) -> None:
    who = make_kit(drafted, tmp_path)
    seat(drafted, who)
    page = drafted.page
    drafted.start()
    page.get_by_label("自动完成后续步骤").check()
    page.get_by_role("button", name="加入：提交本人承诺").click()
    drafted.is_done(0)
    drafted.others.step("join", (0, 1, 3))
    drafted.is_done(1)
    drafted.others.step("deal", (0, 1))
    lie(drafted)
    expect(page.get_by_role("heading", name="吴国华分发的份额有误")).to_be_visible(timeout=30_000)
    page.get_by_role("button", name="提交证据并终止本次仪式").click()
    page.get_by_role("dialog").get_by_role("button", name="提交证据并终止本次仪式").click()
    expect(drafted.task()).to_contain_text("经证据认定终止（份额有误）：吴国华")
    drafted.start(attempt=2)
    expect(drafted.task().locator(".tag").first).to_contain_text("轮到您")
    expect(page.locator("article.task")).to_have_count(1)
    drafted.made.check()


def lie(drafted: Ceremony) -> None:
    """Have the third custodian deal the second another value than it committed to."""
    world = drafted.stage
    world.follow(read_record(drafted.folder))
    (sid,) = world.state.attempts
    session = transcripts.session(world.attempt(sid))
    dealt = world.dealt(sid, 3)
    secret = world.custodians[SECOND - 1].secrets(session.sid, session.k).static
    key, nonce = dkg.share_key_of_recipient(session, SECOND, secret, 3, dealt.e)
    shares = (dealt.shares[0], xaes.seal(key, nonce, seeded("a lie")), dealt.shares[2])
    message = world.deal_message(sid, 3, replace(dealt, shares=shares))
    command = DealCeremony(message=world.holder(3).sign(message))
    drafted.post(world.holder(3), command.model_dump(mode="json"), "lie")


def test_a_kit_of_the_command_line_releases_its_shares_here(
    chromium: Browser, tmp_path: Path
) -> None:
    stage = Stage()
    made = kit.Kit(seeded("a kit"), keys.pkcs8(keys.make()), ())
    who = InBrowser("custodian-2", "custodian", keys.from_pkcs8(made.identity), held=made)
    stage.custodians = (stage.custodians[0], who, stage.custodians[2])
    stage.decrypting()
    with served(stage, tmp_path) as service, visit(chromium, service, who) as at:
        page = at.goto("/custodian")
        expect(page.locator("article.task")).to_contain_text(
            "请先打开密钥包，再释放份额", timeout=60_000
        )
        page.get_by_role("button", name="从文件打开密钥包").click()
        page.get_by_label("密钥包文件").set_input_files(kit_file(service, made, tmp_path))
        page.get_by_label("口令", exact=True).fill("another passphrase")
        page.get_by_role("button", name="打开密钥包").click()
        expect(page.get_by_role("alert")).to_contain_text("口令不对", timeout=60_000)
        page.get_by_label("口令", exact=True).fill(PASSPHRASE)
        page.get_by_role("button", name="打开密钥包").click()
        release_shares(page)
        expect(page.locator("article.task .tag").first).to_have_text("已释放份额")
        check_axe(at)
        at.check()


def kit_file(service: Shown, made: kit.Kit, folder: Path) -> Path:
    """Write a kit for a service as the command line does."""
    told = httpx.get(f"{service.url}/api/log/keys", trust_env=False).json()
    note = httpx.get(f"{service.url}/api/log/checkpoint", trust_env=False).text
    origin = kit.Origin(told["log"], told["witness"], note)
    path = folder / "kit.age"
    path.write_bytes(kit.lock(replace(made, origins=(origin,)), PASSPHRASE))
    return path


def release_shares(page: Page, bids: int = 4, say: Say = CHINESE) -> None:
    expect(page.locator("kb-release .release-table tbody tr")).to_have_count(bids, timeout=60_000)
    page.get_by_role("button", name=say("Release my shares")).click(timeout=60_000)
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox").fill(say("RELEASE"))
    dialog.get_by_role("button", name=say("Release my shares")).click()
    released = say("Your shares are released")
    expect(page.locator("kb-release")).to_contain_text(released)
