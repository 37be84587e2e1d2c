"""A corrected price by clicks: proposed, voted on, confirmed by its bidder, and all checked."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from evaluation.commands import VoteCorrection
from evaluation.correction import Correction
from opening.envelopes import payload
from tests.browser.clerking import confirm, sign_here
from tests.browser.committee import NAMES, convened
from tests.browser.speech import CHINESE as SAY
from tests.browser.test_desk import DESK, Room, served
from tests.browser.test_desk_clarifying import ask_for
from tests.browser.visit import NARROW, Visit, check_axe, visit

pytestmark = pytest.mark.slow

CHAIR, MEMBER = 5, 1
FIRM, FIRST = "北方市政工程股份有限公司", "88,000,000.00"
REASON = "清单第 12 项单价与数量的乘积与合价不一致"


@pytest.fixture
def pricing(tmp_path: Path) -> Iterator[Room]:
    bench = convened().seated()
    bench.reviewed()
    with served(bench, tmp_path) as made:
        yield made


def found(room: Room) -> Correction:
    """Return the one correction as the record has it now."""
    room.others.follow()
    (one,) = room.bench.found.corrections.values()
    return one


def press(page: Page, sentence: str) -> None:
    page.get_by_role("button", name=re.compile("^" + SAY(sentence))).click()


def status(page: Page, name: str) -> None:
    """Wait until the one correction is said to have come so far."""
    expect(page.locator(".vote .tag")).to_have_text(SAY(f"correction {name}"))


def propose(made: Visit, price: str, reason: str) -> None:
    page = made.page
    page.locator(".correction-form summary").click()
    page.get_by_label(SAY("Bid"), exact=True).select_option(label=FIRM)
    page.get_by_label(SAY("What rules")).select_option(label=SAY("corrects unit_price"))
    page.get_by_label(SAY("Corrected price")).fill("0")
    page.get_by_label(SAY("Reason; for the committee and the report")).fill(reason)
    page.get_by_label(SAY("Minutes to confirm")).fill("45")
    press(page, "Propose the correction")
    said = SAY("Enter the corrected price as an amount above zero.")
    expect(page.get_by_role("alert")).to_have_text(said)
    page.get_by_label(SAY("Corrected price")).fill(price)
    press(page, "Propose the correction")


def test_a_price_is_corrected_by_most_members_and_its_bidder(
    chromium: Browser, pricing: Room
) -> None:
    people = pricing.bench.people
    with (
        visit(chromium, pricing.service, people[MEMBER]) as one,
        visit(chromium, pricing.service, people[CHAIR]) as two,
    ):
        member, chair = one.goto(DESK), two.goto(DESK)
        expect(member.locator("#h-panel")).to_have_text(SAY("panel prices"))
        propose(one, FIRST, f"{REASON}，{NAMES[3]}")
        expect(member.get_by_role("alert")).to_contain_text(NAMES[3])
        (said,) = one.complaints
        assert "422" in said
        one.complaints.clear()
        member.get_by_label(SAY("Reason; for the committee and the report")).fill(REASON)
        press(member, "Propose the correction")
        for page in (member, chair):
            status(page, "proposed")
        expect(chair.locator(".vote")).to_contain_text(REASON)
        expect(member.locator(".vote").get_by_role("button")).to_have_count(0)
        waits = SAY("A correction is open: it waits for votes or for the bidder.")
        expect(chair.get_by_text(waits)).to_be_visible()
        check_axe(two)
        press(chair, "Agree")
        expect(member.locator(".vote .hint")).to_contain_text(
            SAY("{count} of {all} have voted", count=2, all=5)
        )
        name = found(pricing).correction
        ask_for(pricing, people[3], VoteCorrection, correction=name, agrees=True)
        for page in (member, chair):
            status(page, "asked")
        is_confirmed(chromium, pricing)
        status(member, "accepted")
        row = chair.locator(".prices-table tr", has_text=FIRM)
        expect(row.locator("td").last).to_have_text(FIRST)
        press(chair, "The prices are checked")
        confirm(chair)
        for page in (member, chair):
            expect(page.locator("#h-panel")).to_have_text(SAY("panel marks"))
        one.check()
        two.check()
    assert pricing.bench.found.prices_checked is False
    assert found(pricing).status == "accepted"
    assert pricing.bench.found.prices_checked


def is_confirmed(chromium: Browser, room: Room) -> None:
    """Let the bidder read what it is asked, without the reason, and confirm it."""
    bidder = room.bench.corrected(found(room).correction)
    with visit(chromium, room.service, bidder, width=NARROW) as made:
        page = made.goto("/bidder")
        asked = page.locator(".asked")
        expect(asked).to_contain_text(FIRST)
        assert REASON not in page.content()
        expect(asked).to_contain_text(SAY("corrects unit_price"))
        sign_here(page)
        check_axe(made)
        press(page, "Confirm the corrected price")
        confirm(page)
        expect(page.locator(".asked h4 .tag")).to_have_text(SAY("correction accepted"))
        expect(page.locator("kb-confirm")).to_have_count(0)
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW
        made.check()
    answer = found(room).answer
    assert answer is not None
    assert b'"accepts":true' in payload(answer)


def test_a_bidder_that_does_not_confirm_is_told_what_follows(
    chromium: Browser, tmp_path: Path
) -> None:
    bench = convened().seated()
    bench.reviewed()
    name = bench.correct(bench.bids[1], 8_800_000_000)
    with (
        served(bench, tmp_path) as room,
        visit(chromium, room.service, bench.corrected(name)) as made,
    ):
        page = made.goto("/bidder")
        sign_here(page)
        press(page, "Do not confirm")
        dialog = page.get_by_role("dialog")
        expect(dialog).to_contain_text(
            SAY("The bid is invalid then: it is neither scored nor ranked.")
        )
        dialog.locator("button[value=no]").click()
        expect(page.locator(".asked h4 .tag")).to_have_text(SAY("to answer"))
        press(page, "Do not confirm")
        confirm(page)
        expect(page.locator(".asked h4 .tag")).to_have_text(SAY("correction refused"))
        made.check()
        assert found(room).status == "refused"
