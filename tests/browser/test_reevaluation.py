"""A committee marks again by clicks: ordered from an objection, reported anew, published anew."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from evaluation.commands import (
    FinishReport,
    GiveMarksAgain,
    ObjectToResult,
    OrderReevaluation,
    PublishCandidates,
)
from evaluation.reevaluation_events import Cell
from evaluation.result_events import CandidatesPublished
from tests.browser.clerking import confirm, sign_here
from tests.browser.committee import NAMES, Others, convened
from tests.browser.looking import faults
from tests.browser.speech import CHINESE as SAY
from tests.browser.speech import speaker
from tests.browser.test_desk import DESK, Room, agree, click, panel, served
from tests.browser.test_publication import ANSWER, OBJECTION, PUBLIC, STEP, number_of, road
from tests.browser.visit import LOOKS, Visit, check_axe, visit
from tests.opening.world import PROJECT, SECTION
from tests.project.publishing import said
from tests.project.remarking import REASON, WHY, remarks
from tests.web.tender import headers, read_record
from web.texts import Language

pytestmark = pytest.mark.slow

COMMITTEE = f"/clerk/{PROJECT}/committee/{SECTION}"
CHAIR, CHANGES, STAYS = 5, 1, 2
AWAY = (3, 4)
"""The members who do not sit at a browser when marks are given again."""
TITLE = "施工方案与技术措施"


def acts(room: Room, who: Any, kind: type[Any], **fields: Any) -> None:
    """Let somebody who is no member act by HTTP."""
    body = kind(section=SECTION, **fields).model_dump(mode="json")
    path = f"{room.service.url}/api/projects/{PROJECT}/commands"
    told = headers(who, idempotency_key=f"{kind.__name__}-{who.account}")
    answer = httpx.post(path, json=body, headers=told, trust_env=False)
    assert answer.status_code == 200, answer.text


@pytest.fixture
def objected(chromium: Browser, tmp_path: Path) -> Iterator[Room]:
    """A committee whose result is published, and was objected to."""
    bench = convened().seated()
    bench.reviewed({bench.bids[2]: "unqualified"}).marked()
    with served(bench, tmp_path) as room:
        world = bench.world
        with visit(chromium, room.service, world.clerk) as made:
            # the service draws the report up by itself
            expect(made.goto(COMMITTEE).locator(".note").first).to_have_text(SAY("awaits report"))
        everybody = Others(bench, room.service, room.folder, tuple(bench.people))
        everybody.sign()
        everybody.act(CHAIR, FinishReport)
        everybody.follow()
        acts(room, world.clerk, PublishCandidates, message=world.clerk.sign(said(bench)))
        acts(room, world.bidder[1], ObjectToResult, text=OBJECTION)
        everybody.follow()
        yield room


def order(room: Room) -> None:
    """Order that the first bid's plan and quality are marked again, as the clerk does."""
    bid = room.bench.found.review.valid[0]
    cells = tuple(Cell(bid=bid, item=item) for item in ("plan", "quality"))
    clerk = room.bench.world.clerk
    acts(room, clerk, OrderReevaluation, ground="extreme", reason=REASON, cells=cells)
    room.others.follow()


def remark(room: Room, seats: tuple[int, ...]) -> None:
    """Let members mark again by HTTP, as they marked before."""
    others = Others(room.bench, room.service, room.folder, seats, count=100 + seats[0])
    others.follow()
    for seat in seats:
        message = room.bench.people[seat].sign(remarks(room.bench, seat))
        others.act(seat, GiveMarksAgain, message=message)


def key_here(page: Page) -> None:
    """Let this browser's key count for a member."""
    click(page, "Make this browser's signing key")
    click(page, "Sign with this browser's key in this project")


def orders_from_the_objection(made: Visit, number: str) -> None:
    page = made.goto(STEP)
    page.get_by_role("link", name=SAY("Order a re-evaluation from this objection")).click()
    form = page.locator(".reevaluate")
    expect(form.locator("blockquote")).to_have_text(OBJECTION)
    expect(form.get_by_text(TITLE)).to_have_count(2)
    go = form.get_by_role("button", name=SAY("Order the re-evaluation"))
    form.get_by_label(SAY("reevaluation extreme")).check()
    form.get_by_label(SAY("Reason, for the committee and on the record")).fill(REASON)
    expect(go).to_be_disabled()
    for box in range(2):
        form.get_by_role("checkbox").nth(box).focus()
        page.keyboard.press("Space")
    expect(form.locator(".again-count")).to_have_text(
        SAY("{count} chosen; each of {all} members marks them again", count=2, all=5)
    )
    page.reload()
    expect(form.get_by_role("checkbox", checked=True)).to_have_count(2)
    check_axe(made)
    go.click()
    confirm(page, number)
    expect(page.locator(".reevaluation")).to_contain_text(REASON)
    expect(form).to_have_count(0)


def changes_a_mark(made: Visit) -> None:
    """Give another mark for a reason, over a reload."""
    page = made.goto(DESK)
    panel(page, "remarks")
    key_here(page)
    row = page.locator(".again-row").first
    mark = row.get_by_label(SAY("Mark now"))
    go = page.locator("[data-step=remarks]")
    expect(go).to_be_enabled()
    mark.fill("25.5")
    expect(row.locator(".cell-wrong")).to_have_text(SAY("wrong range"))
    expect(go).to_be_disabled()
    mark.fill("12.5")
    expect(go).to_be_disabled()
    row.locator("textarea").fill(WHY)
    page.reload()
    expect(mark).to_have_value("12.5")
    expect(row.locator("textarea")).to_have_value(WHY)
    check_axe(made)
    go.click()
    agree(page, "Submit my marks again", "SUBMIT")
    expect(page.locator(".waits")).to_have_count(1)


def stays(page: Page) -> None:
    """Give the marks again as they were."""
    key_here(page)
    page.locator("[data-step=remarks]").click()
    agree(page, "Submit my marks again", "SUBMIT")
    expect(page.locator(".again-row")).to_have_count(0)


def reports_anew(chair: Page) -> None:
    """Find what changed, sign the new report and let it stand."""
    panel(chair, "report")
    folded = chair.locator("details.folded", has=chair.locator(".reevaluation"))
    folded.locator("summary").first.click()
    expect(folded.locator(".changes tbody tr")).to_contain_text(NAMES[CHANGES])
    expect(chair.locator(".panel .changes tbody tr")).to_contain_text("12.5")
    chair.get_by_label(SAY("I agree with the report")).check()
    click(chair, "Sign the report")
    click(chair, "Let the report stand")
    agree(chair, "Let the report stand", "FINISH")


def publishes_anew(made: Visit, number: str) -> None:
    """Answer the objection to what was published, and publish the new result."""
    page = made.goto(STEP)
    page.locator("article.entry textarea").fill(ANSWER)
    page.locator("article.entry").get_by_role("button").click()
    confirm(page)
    expect(page.locator("article.entry .answer")).to_contain_text(ANSWER)
    sign_here(page)
    page.get_by_role("button", name=SAY("Sign and publish the candidates")).click()
    confirm(page, number)
    expect(page.locator("#former-1")).to_contain_text(SAY("replaced"))


def is_withdrawn(anybody: Visit, bidder: Visit) -> None:
    """Find nothing published for now, nor why; the objector's own words stay."""
    seen, own = anybody.goto(PUBLIC), bidder.goto("/bidder")
    expect(seen.locator(f"#result-{SECTION} .tag-amber")).to_have_text(SAY("withdrawn"))
    expect(seen.locator("main")).not_to_contain_text(REASON)
    expect(own.locator(".asked")).to_contain_text(OBJECTION)
    expect(own.locator("kb-object")).to_have_count(0)


def is_replaced(anybody: Visit, bidder: Visit) -> None:
    """Find the new result beside the one it replaces; it can be objected to."""
    anybody.page.reload()
    former = anybody.page.locator(f"#former-{SECTION}-1 > summary")
    expect(former).to_contain_text(SAY("replaced"))
    bidder.page.reload()
    expect(bidder.page.locator("kb-object")).to_be_visible()
    for made in (anybody, bidder):
        check_axe(made)


def test_a_re_evaluation_goes_from_objection_to_new_publication_by_clicks(
    chromium: Browser, objected: Room
) -> None:
    room, bench = objected, objected.bench
    stage = road(bench)
    number = number_of(stage)
    with (
        visit(chromium, room.service, stage.clerk) as clerk,
        visit(chromium, room.service, bench.people[CHANGES]) as one,
        visit(chromium, room.service, bench.people[STAYS]) as two,
        visit(chromium, room.service, bench.people[CHAIR]) as three,
        visit(chromium, room.service, stage.supervisor) as watching,
        visit(chromium, room.service, None) as anybody,
        visit(chromium, room.service, stage.bidder[1]) as bidder,
    ):
        chair, watch = three.goto(DESK), watching.goto("/supervisor")
        panel(chair, "report")
        orders_from_the_objection(clerk, number)
        # no page is loaded again for it
        panel(chair, "remarks")
        told = watch.locator(".reevaluation")
        expect(told).to_contain_text(SAY("{count} of {all} have marked again", count=0, all=5))
        expect(watch.locator(".tile .tag-amber")).to_contain_text(SAY("progress reevaluation"))
        is_withdrawn(anybody, bidder)
        changes_a_mark(one)
        expect(told).to_contain_text(SAY("{count} of {all} have marked again", count=1, all=5))
        for page in (two.goto(DESK), chair):
            stays(page)
        expect(told.locator(".changes")).to_have_count(0)
        check_axe(watching)
        remark(room, AWAY)
        expect(told.locator(".changes tbody tr")).to_contain_text(WHY)
        expect(clerk.page.locator(".changes")).to_have_count(0)
        reports_anew(chair)
        expect(clerk.page.locator(".changes tbody tr")).to_contain_text("12.5")
        check_axe(clerk)
        publishes_anew(clerk, number)
        is_replaced(anybody, bidder)
        for made in (clerk, one, two, three, watching, anybody, bidder):
            made.check()
    events = [event for event, _ in read_record(room.folder)]
    assert len([one for one in events if isinstance(one, CandidatesPublished)]) == 2


def test_a_re_evaluation_is_given_up_and_what_was_published_is_back(
    chromium: Browser, objected: Room
) -> None:
    room, stage = objected, road(objected.bench)
    order(room)
    with (
        visit(chromium, room.service, stage.clerk) as clerk,
        visit(chromium, room.service, objected.bench.people[STAYS]) as member,
        visit(chromium, room.service, None) as anybody,
    ):
        desk, page = member.goto(DESK), clerk.goto(COMMITTEE)
        panel(desk, "remarks")
        page.locator(".give-up > summary").click()
        page.locator(".give-up").get_by_label(SAY("Reason, on the record")).fill("成员住院。")
        check_axe(clerk)
        page.get_by_role("button", name=SAY("Give the re-evaluation up for good")).click()
        confirm(page, number_of(stage))
        expect(page.locator(".reevaluation")).to_contain_text("成员住院。")
        expect(page.locator(".reevaluate")).to_have_count(1)
        panel(desk, "report")
        seen = anybody.goto(PUBLIC)
        expect(seen.locator(f"#result-{SECTION} tbody tr")).to_have_count(2)
        for made in (clerk, member, anybody):
            made.check()


def is_sound(made: Visit, language: Language, width: int) -> None:
    assert list(faults(made, language)) == []
    check_axe(made)
    assert made.page.evaluate("document.documentElement.scrollWidth") <= width
    made.check()


def test_its_pages_are_sound_in_both_languages_and_at_320_pixels(
    chromium: Browser, objected: Room
) -> None:
    room, stage = objected, road(objected.bench)
    people = objected.bench.people
    for language, look in LOOKS.items():
        with visit(chromium, room.service, stage.clerk, language=language, **look) as made:
            page = made.goto(f"{COMMITTEE}?objection=")
            page.locator("#reevaluate").click()
            expect(page.locator(".again-choice")).to_have_count(2)
            is_sound(made, language, look.get("width", 1280))
    order(room)
    remark(room, (STAYS,))
    for who, path, there in (
        (stage.clerk, COMMITTEE, ".reevaluation"),
        (stage.clerk, STEP, "#former-1"),
        (people[CHANGES], DESK, ".again-row"),
        (people[STAYS], DESK, ".waits"),
        (stage.supervisor, "/supervisor", ".reevaluation"),
        (stage.bidder[1], "/bidder", ".former"),
        (None, PUBLIC, ".former"),
    ):
        for language, look in LOOKS.items():
            with visit(chromium, room.service, who, language=language, **look) as made:
                expect(made.goto(path).locator(there).first).to_be_visible()
                is_sound(made, language, look.get("width", 1280))
    remark(room, (CHAIR, CHANGES, *AWAY))
    for language, look in LOOKS.items():
        with visit(chromium, room.service, people[CHAIR], language=language, **look) as made:
            page = made.goto(DESK)
            expect(page.locator("#h-panel")).to_have_text(speaker(language)("panel report"))
            page.locator("details.folded", has=page.locator(".reevaluation")).click()
            expect(page.locator(".reevaluation")).to_be_visible()
            is_sound(made, language, look.get("width", 1280))
