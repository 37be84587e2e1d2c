"""A tender from "new project" to its published minutes, by clicks and keys, with real processes.

Everybody has a browser of its own; each reloads once, and the service is killed three times. The
deadline is a real one, so this takes minutes and belongs to the faults.
"""

import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect

from client.bidder import Bidder
from crypto.canonical import JsonInput
from opening.package import Source
from tests.browser.bidder import files, has_receipt, is_sealed, prepare, press, seal, submit
from tests.browser.speech import Say
from tests.browser.stage import REMEDY
from tests.browser.test_bidder_offline import choose, save, seal_alone
from tests.browser.test_custodian import release_shares
from tests.browser.test_hall_acting import step, sure, typed
from tests.browser.visit import verifies
from tests.browser.way import LONG, Way, make_key, make_kit, open_kit, own, way
from web.texts import LANGUAGES, Language

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(1800),
    pytest.mark.minutes,
]

NUMBER = "BHZB-2027-0018"
MINUTES = int(os.environ.get("KAIBIAO_DEADLINE_MINUTES", "7"))
"""From the terms to the deadline; more on a slow machine."""
MIB = 1 << 20
FREE_LINE = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
SLOW_LINE = {**FREE_LINE, "uploadThroughput": 2 * MIB}


@pytest.mark.parametrize("language", LANGUAGES)
def test_from_a_new_project_to_its_minutes(
    chromium: Browser, tmp_path: Path, language: Language
) -> None:
    with way(chromium, tmp_path, language) as made:
        readies(made)
        prepares(made)
        ceremony(made)
        publishes(made)
        bids(made)
        opens(made)
        draws(made)
        concludes(made)
        visits(made)
        url = f"{made.house.url}/api/projects/{made.project}/record?files=1"
        verifies(made.pages["supervisor"], url, made.folder / "record")
        assert made.complaints == []


def readies(made: Way) -> None:
    """Custodians make their kits, the supervisor and the bidders their keys."""
    for number in (1, 2, 3):
        made.enter(f"custodian-{number}")
        page = made.go(f"custodian-{number}", "/custodian")
        make_kit(page, made.folder / f"kit-{number}.age", made.say)
    for name in ("supervisor", "anna", "offline"):
        made.enter(name)
        make_key(made.go(name, "/me"), made.say)


def prepares(made: Way) -> None:
    made.enter("clerk")
    page, say = made.go("clerk", "/clerk"), made.say
    page.get_by_role("link", name=say("New project")).click()
    make_key(page, say)
    page.get_by_label(say("Number of the project")).fill(NUMBER)
    page.get_by_label(say("Title"), exact=True).fill("滨河二路改造工程施工")
    page.get_by_label(say("Tenderer"), exact=True).fill("滨河市交通运输局")
    page.reload()
    page.get_by_role("button", name=say("Begin the project")).click()
    expect(page.get_by_role("heading", name=say("Steps to the notice"))).to_be_visible()
    made.project = page.url.rsplit("/", 1)[1]
    terms(page, say)
    people(page, say)
    document(page, made.folder, say)


def terms(page: Page, say: Say) -> None:
    page.get_by_role("link", name=say("Sections and their terms"), exact=True).click()
    page.get_by_role("link", name=say("Go on")).click()
    zone = ZoneInfo("Asia/Shanghai")
    now = datetime.now(UTC).astimezone(zone)  # noqa: TID251 - the deadline is a real one
    deadline = (now + timedelta(minutes=MINUTES + 1)).replace(second=0)
    moments = {
        "Deadline for bids, which is the opening": deadline,
        "Questions until": deadline - timedelta(minutes=1),
    }
    for label, moment in moments.items():
        page.get_by_label(say(label)).fill(moment.strftime("%Y-%m-%dT%H:%M"))
    told = {
        "Price limit, if there is one": "90,000,000.50",
        "Needed to open": "2",
        "Confirming one's line": "2",
    }
    for label, text in told.items():
        page.get_by_label(say(label)).fill(text)
    page.get_by_label(say("Custodians"), exact=True).fill("3")
    page.get_by_label(say("Objections"), exact=True).fill("1")
    extra = page.get_by_role("button", name=re.compile(say("Remove field {n}", n=r"\d+")))
    for left in (1, 0):
        extra.first.click()
        expect(extra).to_have_count(left)
    page.get_by_text(say("Periods the law asks for, and outages")).click()
    page.get_by_label(say("From notice to deadline, at least")).fill("0")
    page.get_by_label(say("From an amendment that affects bids, at least")).fill("0")
    page.get_by_role("button", name=say("Save the terms")).click()
    expect(page.locator(".rows")).to_contain_text("90,000,000.50 CNY")


def people(page: Page, say: Say) -> None:
    page.get_by_role("link", name=say("Back to the project's steps")).click()
    page.get_by_role("link", name=say("People"), exact=True).click()
    for role, wanted in (("custodian", 3), ("timekeeper", 1), ("supervisor", 1)):
        who = say("{name} as {role}", name=".*", role=say(f"role {role}"))
        offer = page.get_by_role("button", name=re.compile(f"^{say('Bind')} {who}$"))
        expect(offer).to_have_count(wanted)
        for left in reversed(range(wanted)):
            offer.first.click()
            expect(offer).to_have_count(left)


def document(page: Page, folder: Path, say: Say) -> None:
    page.get_by_role("link", name=say("Back to the project's steps")).click()
    page.get_by_role("link", name=say("Tender documents"), exact=True).click()
    path = folder / "招标文件 正文.pdf"
    path.write_bytes(b"%PDF-1.7 " + bytes(300_000))
    page.get_by_label(say("Choose a file")).set_input_files(path)
    page.get_by_role("button", name=say("Add the document")).click()
    expect(page.locator(".rows")).to_contain_text("SHA-256")


def ceremony(made: Way) -> None:
    """Three browsers and the timekeeper; the service is killed between joining and dealing."""
    page, say = made.pages["clerk"], made.say
    page.get_by_role("link", name=say("Back to the project's steps")).click()
    page.get_by_role("link", name=say("Key ceremony"), exact=True).click()
    page.get_by_role("button", name=say("Sign and start the ceremony")).click()
    seats = [made.pages[f"custodian-{number}"] for number in (1, 2, 3)]
    for seat in seats:
        seat.get_by_role("button", name=say("Join: commit to my part")).click(timeout=LONG)
        expect(own(seat, 0)).to_contain_text(say("done"), timeout=LONG)
    made.house.crash()
    for seat in seats:
        seat.reload()
        open_kit(seat, say)
    for seat in seats:
        seat.get_by_role("button", name=say("Deal the shares")).click(timeout=LONG)
        expect(own(seat, 1)).to_contain_text(say("done"), timeout=LONG)
    for seat in seats:
        certify = seat.get_by_role("button", name=say("Check my shares and certify"))
        certify.click(timeout=LONG)
    rehearse = say("Rehearse: show that I still have my share")
    for seat in seats:
        expect(seat.locator("article.task .fingerprint li")).to_have_count(8, timeout=LONG)
        seat.get_by_role("button", name=rehearse).click(timeout=LONG)
        tag = seat.locator("article.task .tag").first
        expect(tag).to_have_text(say("Rehearsed"), timeout=LONG)


def publishes(made: Way) -> None:
    page, say = made.go("clerk", f"/clerk/{made.project}"), made.say
    page.get_by_role("link", name=say("Check and publish the notice"), exact=True).click()
    expect(page.locator(".paper .fingerprint li")).to_have_count(8)
    remedy = say("What happens to the bids if fewer custodians than needed can release")
    page.get_by_label(remedy).fill(REMEDY)
    page.get_by_role("button", name=say("Sign and publish the notice")).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox").fill(NUMBER)
    dialog.locator("button[value=yes]").click()
    published = say("The notice is published")
    expect(page.locator(".panel")).to_contain_text(published, timeout=LONG)
    made.open("visitor")
    notice = made.go("visitor", f"/public/{made.project}")
    expect(notice.locator(".fingerprint li").first).to_be_visible()


def bids(made: Way) -> None:
    """One in the browser with a kill in the upload, one offline, one by the client."""
    client, say = made.house.bidder(3), made.say
    made.house.run(by_client(client, made))
    page = take_part(made, "anna")
    page.reload()
    prepare(page, files(made.folder / "anna", 40 * MIB), price="86543210.55", say=say)
    seal(page, say)
    uploads(made, page)
    page = take_part(made, "offline")
    page.get_by_text(say("Seal on a machine without a line")).click()
    key = save(page, say("Save the key's file"), made.folder / "key.json")
    sealed = seal_alone(made.browser, key, made.folder, co_open=False, say=say)
    choose(page, say("Bring a sealed bid"), sealed)
    is_sealed(page, say)
    page.reload()
    submit(page, say)


def uploads(made: Way, page: Page) -> None:
    """Submit over a slow line; the service is killed when a part of the file is there."""
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", SLOW_LINE)
    press(page, made.say("Sign and submit"))
    expect(page.locator(".work-facts")).to_contain_text(re.compile(r"[1-9]\d %"), timeout=LONG)
    made.house.crash()
    line.send("Network.emulateNetworkConditions", FREE_LINE)
    has_receipt(page, made.say)


def take_part(made: Way, name: str) -> Page:
    page, say = made.go(name, "/bidder"), made.say
    page.get_by_role("button", name=say("Take part"), exact=True).first.click()
    expect(page.get_by_text(say("You take part"), exact=True).first).to_be_visible()
    return made.go(name, f"/projects/{made.project}/bid/s1-1")


async def by_client(bidder: Bidder, made: Way) -> None:
    await bidder.take_part(made.project)
    path = made.folder / "client.pdf"
    path.write_bytes(b"%PDF-1.7 " + bytes(1_000_000))
    price: dict[str, JsonInput] = {
        "amount": 88_000_000_00,
        "currency": "CNY",
        "capitals": "捌仟捌佰万元整",
    }
    form: dict[str, JsonInput] = {"v": 1, "bidder": "第3建设工程有限公司", "price": price}
    security: dict[str, JsonInput] = {"given": True, "amount": 80_000_000, "form": "银行保函"}
    form |= {"security": security}
    form |= {"quality": "合格", "duration_days": 500, "leader": "王建国"}
    chosen: dict[str, Source] = {"投标文件.pdf": path}
    order = await bidder.prepare(made.project, ("s1", 1), chosen, form)
    await bidder.submit(await bidder.seal(order, made.folder))


def opens(made: Way) -> None:
    """Close, order, shares out of two browsers, the timekeeper last; read out across a kill."""
    for name in ("clerk", "anna", "offline", "supervisor"):
        page = made.go(name, made.hall)
        step(page, "sign_in").click(timeout=LONG)
    desk, say = made.pages["clerk"], made.say
    closes(desk)
    step(desk, "announce").click(timeout=LONG)
    typed(desk, say("word announce"))
    step(desk, "order").click(timeout=LONG)
    expect(desk.locator("dialog.ask .order-list li")).to_have_count(3)
    typed(desk, say("word order"))
    for number in (1, 3):
        releases(made.pages[f"custodian-{number}"], say)
    step(desk, "read_next").click(timeout=LONG)
    expect(desk.locator(".opening-table .price")).to_have_count(1)
    made.house.crash()
    desk.reload()
    step(desk, "read_all").click(timeout=LONG)
    for name in ("clerk", "anna", "offline", "supervisor"):
        expect(made.pages[name].locator(".opening-table .price")).to_have_count(3, timeout=LONG)


def closes(desk: Page) -> None:
    """Wait for the close; where starting again after the kill took long, it waits for the clerk."""
    announce, decide = step(desk, "announce"), step(desk, "outage_close")
    announce.or_(decide).wait_for(timeout=(MINUTES + 2) * 60_000)
    if decide.is_visible():
        decide.click()
        desk.locator("dialog.ask input").fill("各投标文件均已递交，无须顺延。")
        sure(desk)


def releases(page: Page, say: Say) -> None:
    page.reload()
    open_kit(page, say)
    release_shares(page, bids=3, say=say)


def draws(made: Way) -> None:
    """A draw of four; a bidder reloads between its commitment and the others'."""
    desk, turn, supervisor = (made.pages[name] for name in ("clerk", "anna", "supervisor"))
    step(desk, "draw").click()
    desk.locator("#draw-bidder").select_option("anna")
    desk.get_by_role("button", name=made.say("Start the draw now")).click()
    commits(turn)
    turn.reload()
    expect(turn.locator("kb-draw-party")).to_contain_text(
        made.say("You have committed. The others are to commit as well.")
    )
    for page in (desk, supervisor):
        commits(page)
    for page in (desk, turn, supervisor):
        expect(page.locator(".draw-values .is-drawn")).to_have_count(1, timeout=LONG)


def commits(page: Page) -> None:
    """Commit to a secret; revealing is the page's own doing."""
    button = page.locator("kb-draw-party button[data-step=draw]")
    button.click(timeout=LONG)
    expect(button).to_have_count(0, timeout=LONG)


def concludes(made: Way) -> None:
    desk, turn, say = made.pages["clerk"], made.pages["anna"], made.say
    supervisor = made.pages["supervisor"]
    step(desk, "confirm").click()
    for page in (turn, made.pages["offline"]):
        page.reload()
        step(page, "confirm").click(timeout=LONG)
    step(desk, "objections").click(timeout=3 * 60_000)
    supervisor.reload()
    turn.get_by_label(say("Your objection")).fill("唱标顺序请再核对。")
    step(turn, "object").click()
    desk.get_by_role("button", name=say("Answer the objection")).click()
    desk.locator("dialog.ask textarea").fill("按递交先后唱标，符合招标文件。")
    sure(desk)
    for page in (desk, turn, supervisor):
        step(page, "sign").click(timeout=3 * 60_000)
        sure(page)
    expect(desk.locator(".signatures li")).to_have_count(3)
    step(desk, "end").click()
    typed(desk, say("word end"))
    for page in (turn, supervisor):
        expect(page.locator(".onward a").first).to_be_visible()
    made.shots("ended")


def visits(made: Way) -> None:
    """A citizen reads the minutes without an account."""
    page = made.pages["visitor"]
    page.reload()
    with page.expect_download() as told:
        page.get_by_role("link", name="PDF").first.click()
    assert Path(told.value.path()).read_bytes().startswith(b"%PDF")
    made.shots("minutes")
