"""A session held by clicks: clerk, bidder and supervisor, from the close to the minutes."""

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from opening.commands import CommitDraw, ConfirmLine, PostPartial, ReleaseKey, RevealDraw
from opening.drawn import draw_commit
from record.rules import Command
from tests.browser.clerking import make_key, sign_here
from tests.browser.conftest import put
from tests.browser.shown import Shown
from tests.browser.stage import Stage
from tests.browser.visit import Visit, check_axe, visit
from tests.opening.parties import Party, seeded
from tests.opening.world import FIRST, HOUR, PROJECT
from tests.web.tender import headers, read_record
from tests.web.witness import SIGNER, witnessing
from web.clock import SetClock

pytestmark = pytest.mark.slow

SLOW_MS = 30_000
"""What the service does by itself may take this long on a busy machine."""
HALL = f"/projects/{PROJECT}/hall/s1-1"


@dataclass
class Play:
    """A stage whose service runs, and those of its people whom nobody's browser plays."""

    stage: Stage
    folder: Path
    service: Shown
    clock: SetClock
    number: int = 0

    def do(self, who: Party, command: Command) -> None:
        body = command.model_dump_json(exclude_none=True)
        self.number += 1
        told = headers(who, idempotency_key=f"play-{self.number}", content_type="application/json")
        path = f"{self.service.url}/api/projects/{PROJECT}/commands"
        answer = httpx.post(path, content=body, headers=told, trust_env=False)
        assert answer.status_code == 200, answer.text

    def catch_up(self) -> None:
        self.stage.follow(read_record(self.folder))

    def release(self) -> None:
        """Let two custodians and the timekeeper release their shares."""
        self.catch_up()
        for i in (1, 3):
            partial = PostPartial(message=self.stage.signed_partial(i))
            self.do(self.stage.holder(i), partial)
        self.catch_up()
        self.do(self.stage.timekeeper, ReleaseKey(message=self.stage.signed_partial(0)))


@contextlib.contextmanager
def playing(stage: Stage, folder: Path) -> Iterator[Play]:
    clock = SetClock(stage.now)
    written = put(stage, folder)
    with witnessing() as (witness, url):
        key = SIGNER.verifier.encode()
        patient = Shown(written, clock, witness_url=url, witness_vkey=key, witness_patience=SLOW_MS)
        with patient as service:
            witness.log = service.services.sequencer.log_key
            yield Play(stage, written, service, clock)


def live(made: Visit) -> Page:
    page = made.goto(HALL)
    expect(page.locator(".line.is-up")).to_be_visible()
    return page


def step(page: Page, name: str) -> Locator:
    return page.locator(f"button[data-step={name}]")


def typed(page: Page, word: str) -> None:
    """Type the word a dialog asks for, and go on."""
    dialog = page.locator("dialog.ask")
    dialog.locator("input").fill(word)
    dialog.locator("button[value=yes]").click()
    expect(dialog).to_have_count(0)


def sure(page: Page) -> None:
    page.locator("dialog.ask button[value=yes]").click()


def test_a_session_is_held_by_clicks(chromium: Browser, tmp_path: Path) -> None:
    stage = Stage().closed()
    with (
        playing(stage, tmp_path / "data") as play,
        visit(chromium, play.service, stage.clerk) as clerk,
        visit(chromium, play.service, stage.bidder[1]) as bidder,
    ):
        desk, turn = live(clerk), live(bidder)
        opens(play, desk)
        reads_out(desk)
        draws(play, desk, turn)
        confirms(play, desk, turn)
        objects(desk, turn)
        play.clock.advance(HOUR)
        signs_and_ends(desk, turn)
        check_axe(clerk)
        clerk.check()
        bidder.check()


def opens(play: Play, desk: Page) -> None:
    """Announce, sign the order, and let the shares come."""
    step(desk, "announce").click()
    dialog = desk.locator("dialog.ask")
    expect(dialog.locator("button[value=yes]")).to_be_disabled()
    typed(desk, "公布")
    sign_here(desk)
    step(desk, "order").click()
    listed = desk.locator("dialog.ask .order-list li")
    expect(listed).to_have_count(4)
    expect(listed.first).to_contain_text(play.stage.bidder[1].organisation_name)
    typed(desk, "签发")
    expect(desk.locator(".steps .is-now")).to_contain_text("解密")
    play.release()


def reads_out(desk: Page) -> None:
    """Read out one, reload, then all that are left."""
    step(desk, "read_next").click()
    expect(desk.locator(".opening-table .price")).to_have_count(1)
    desk.reload()
    expect(desk.locator(".line.is-up")).to_be_visible()
    step(desk, "read_all").click()
    expect(desk.locator(".opening-table .price")).to_have_count(3)
    rows = desk.locator(".opening-table tbody tr")
    expect(rows.nth(3)).to_contain_text("视为撤销")
    desk.locator("button[data-tool=big]").click()
    expect(desk.locator(".stage-bidder")).to_be_visible()
    desk.locator("button[data-tool=big]").click()


def draws(play: Play, desk: Page, turn: Page) -> None:
    """Draw between clerk, supervisor, bidder and timekeeper; two of them at a browser."""
    step(desk, "draw").click()
    desk.get_by_role("button", name="现在开始抽签").click()
    for page in (desk, turn):
        page.locator("kb-draw-party button[data-step=draw]").click()
        expect(page.locator("kb-draw-party .desk-say")).to_contain_text("您已承诺")
    play.catch_up()
    (draw,) = play.stage.state.sessions[FIRST].draws
    others = (play.stage.supervisor, play.stage.timekeeper)
    for one in others:
        commit = draw_commit(draw, one.account, seeded(one.account)).hex()
        play.do(one, CommitDraw(draw=draw, commit=commit))
    for page in (desk, turn):
        expect(page.locator("kb-draw-party .desk-say")).to_contain_text("您已揭示", timeout=SLOW_MS)
    for one in others:
        play.do(one, RevealDraw(draw=draw, secret=seeded(one.account).hex()))
    expect(desk.locator(".draw-result-line")).to_contain_text("0.9")


def confirms(play: Play, desk: Page, turn: Page) -> None:
    """Extend the window with a reason; one bidder confirms at a browser."""
    step(desk, "confirm").click()
    desk.get_by_text("延长时限").click()
    desk.get_by_label("延长分钟数").select_option("15")
    desk.get_by_label("理由（记入记录）").fill("一家投标人线路中断")
    desk.get_by_role("button", name="延长", exact=True).click()
    expect(desk.locator(".timeline")).to_contain_text("一家投标人线路中断")
    expect(step(desk, "end_window")).to_be_disabled()
    expect(turn.locator(".own-line .price")).to_contain_text("86,543,210.55")
    step(turn, "confirm").click()
    expect(turn.locator(".opening-table tbody tr").first).to_contain_text("已确认")
    play.catch_up()
    state = play.stage.state
    for who in (play.stage.bidder[2], play.stage.bidder[3]):
        bid = next(one for one in state.bids.values() if one.account == who.account)
        play.do(who, ConfirmLine(bid=bid.bid))


def objects(desk: Page, turn: Page) -> None:
    step(desk, "objections").click()
    turn.get_by_label("异议内容").fill("唱标顺序请再核对。")
    turn.reload()
    expect(turn.get_by_label("异议内容")).to_have_value("唱标顺序请再核对。")
    step(turn, "object").click()
    answer = desk.get_by_role("button", name="答复异议")
    dialog = desk.locator("dialog.ask")
    answer.click()
    dialog.locator("textarea").fill("按递交先后唱标，符合招标文件。")
    dialog.press("Escape")
    expect(dialog).to_have_count(0)
    answer.click()
    expect(dialog.locator("textarea")).to_have_value("按递交先后唱标，符合招标文件。")
    dialog.locator("button[value=yes]").click()
    expect(turn.locator(".objections .answer")).to_contain_text("按递交先后唱标")


def comes_to_count(turn: Page) -> None:
    """Let this browser's key count in the project; the page ticks before it looks again."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    turn.route("**/api/me", hold)
    with turn.expect_request("**/api/me"):
        turn.locator("kb-signing-key button").click()
    clock = turn.get_by_text("服务器时间")
    before = clock.inner_text()
    expect(clock).not_to_have_text(before)
    expect(turn.locator("kb-signing-key button")).to_have_count(0)
    for route in held:
        route.continue_()
    turn.unroute("**/api/me")
    expect(turn.locator("kb-signing-key button")).to_have_count(0)


def signs_and_ends(desk: Page, turn: Page) -> None:
    expect(step(desk, "end")).to_be_disabled(timeout=SLOW_MS)
    step(desk, "sign").click()
    sure(desk)
    expect(desk.locator(".signatures li")).to_have_count(1)
    make_key(turn)
    comes_to_count(turn)
    step(turn, "sign").click()
    sure(turn)
    expect(desk.locator(".signatures li")).to_have_count(2)
    step(desk, "end").click()
    typed(desk, "结束")
    expect(turn.locator(".onward a").first).to_be_visible()
    expect(turn.locator(".board")).to_contain_text("无须释放")
    turn.get_by_role("button", name="显示更早的事件").click()
    told = turn.locator(".line-what").all_inner_texts()
    assert "唱标 长江路桥建设集团有限公司" in told


def test_a_secret_is_released_from_its_backup_and_from_no_other(
    chromium: Browser, tmp_path: Path
) -> None:
    stage = Stage(co_open=True).closed()
    with (
        playing(stage, tmp_path / "data") as play,
        visit(chromium, play.service, stage.clerk) as clerk,
        visit(chromium, play.service, stage.bidder[1], language="en") as bidder,
    ):
        desk, turn = live(clerk), live(bidder)
        step(desk, "announce").click()
        typed(desk, "公布")
        step(desk, "secrets").click()
        mine, other = list(stage.state.bids)[:2]
        wrong, right = tmp_path / "wrong.json", tmp_path / "bidder-secret.json"
        for path, bid in ((wrong, other), (right, mine)):
            told = {"bid": bid, "secret": stage.bidder_secret(bid).hex()}
            path.write_text(json.dumps(told))
        turn.locator("#secret-file").set_input_files(wrong)
        expect(turn.locator(".problem-line")).to_contain_text("another bid")
        turn.locator("#secret-file").set_input_files(right)
        sure(turn)
        expect(turn.locator("kb-bidder-turn h2")).to_have_text("Nothing to do now")
        expect(step(desk, "end_window")).to_be_disabled()
        check_axe(bidder)
        bidder.check()
