"""Arithmetic corrections, from the proposal to what is scored, and the step that ends them."""

from fractions import Fraction
from typing import Any

import pytest
from pydantic import ValidationError

from evaluation.clarification import LONGEST, SHORTEST
from evaluation.commands import (
    AnswerCorrection,
    CheckPrices,
    ExpireCorrection,
    ProposeCorrection,
    VoteCorrection,
)
from evaluation.correction import MOST, Correction
from evaluation.messages import CorrectionAnswer
from project.commands import ResumeSection, SuspendSection
from project.duties import duties
from record.errors import Refused
from record.rules import fold
from tests.evaluation.test_story import one_unreadable, opened, told, two_envelopes
from tests.opening.world import PROJECT, SECOND, SECTION, SERVICE
from tests.project.sitting import Sitting
from tests.project.whole import RULES

PRICE = 88_000_000


def sitting() -> Sitting:
    return Sitting(opened()).quorate().reviewed()


def refused(code: str) -> Any:
    return pytest.raises(Refused, match=code.replace(".", r"\."))


def one(of: Sitting, name: str) -> Correction:
    return of.found.corrections[name]


def price_of(of: Sitting, bid: str) -> str:
    places = told(of)["outcome"]["places"]
    return next(str(place["price"]) for place in places if place["bid"] == bid)


def test_a_price_that_most_members_correct_and_its_bidder_confirms_is_scored() -> None:
    of = sitting()
    bid = of.bids[0]
    name = of.propose(2, bid, PRICE)
    assert one(of, name).votes == {"2": True}
    of.act(1, VoteCorrection, correction=name, agrees=True)
    assert one(of, name).status == "proposed"
    of.act(3, VoteCorrection, correction=name, agrees=True)
    assert one(of, name).status == "asked"
    assert one(of, name).due == of.world.record[-1][1].at + one(of, name).period
    of.confirm_price(name)
    of.marked()
    (row,) = told(of)["corrections"]
    assert row["price"] == str(PRICE)
    assert row["read_out"] != row["price"]
    assert row["status"] == "accepted"
    assert [vote["seat"] for vote in row["votes"]] == ["2", "1", "3"]
    assert price_of(of, bid) == str(PRICE)
    assert told(of)["unpriced"] == []
    assert fold(RULES, PROJECT, of.world.record) == of.world.whole


def test_the_price_that_was_read_out_is_scored_where_most_members_do_not_agree() -> None:
    of = sitting()
    bid = of.bids[0]
    name = of.propose(2, bid, PRICE)
    of.agree_price(name, agreeing=1)
    assert one(of, name).status == "dropped"
    assert not one(of, name).due
    with refused("correction.wrong_step"):
        of.act(5, VoteCorrection, correction=name, agrees=True)
    of.marked()
    assert told(of)["corrections"][0]["status"] == "dropped"
    assert price_of(of, bid) == told(of)["corrections"][0]["read_out"]


def test_a_price_its_bidder_refuses_is_neither_scored_nor_ranked() -> None:
    of = sitting()
    bid, *others = of.bids
    of.confirm_price(of.correct(bid, PRICE), accepts=False)
    with refused("correction.no_amount"):
        of.propose(1, bid, PRICE)
    of.marked()
    assert told(of)["unpriced"] == [{"bid": bid, "why": "not_confirmed"}]
    assert {place["bid"] for place in told(of)["outcome"]["places"]} == set(others)
    of.draw_up()
    of.signed()


def test_a_price_nobody_confirms_in_time_expires_by_itself() -> None:
    of = sitting()
    bid = of.bids[0]
    name = of.correct(bid, PRICE)
    due = one(of, name).due
    assert duties(of.world.whole, due - 1).again == due
    with refused("correction.not_due"):
        of.world.do(SERVICE, ExpireCorrection(section=SECTION, correction=name))
    of.world.now = due
    with refused("correction.expired"):
        of.confirm_price(name)
    assert of.world.serve() == [f"unconfirmed/{name}"]
    assert one(of, name).status == "expired"
    of.marked()
    assert told(of)["unpriced"] == [{"bid": bid, "why": "not_confirmed"}]


def test_a_suspension_gives_a_bidder_its_time_back() -> None:
    of = sitting()
    name = of.correct(of.bids[0], PRICE)
    due = one(of, name).due
    of.world.do(of.world.clerk.actor, SuspendSection(section=SECTION, reason="r"))
    since = of.world.record[-1][1].at
    of.world.now = due
    with refused("project.wrong_phase"):
        of.confirm_price(name)
    assert not of.world.serve()
    of.world.do(of.world.clerk.actor, ResumeSection(section=SECTION))
    assert one(of, name).due == due + of.world.record[-1][1].at - since
    of.confirm_price(name)
    assert fold(RULES, PROJECT, of.world.record) == of.world.whole


def test_a_price_can_be_corrected_again_and_the_last_one_confirmed_counts() -> None:
    of = sitting()
    bid = of.bids[0]
    of.confirm_price(of.correct(bid, PRICE))
    with refused("correction.price"):
        of.propose(1, bid, PRICE)
    of.confirm_price(of.correct(bid, PRICE + 1, ground="words"))
    of.marked()
    assert price_of(of, bid) == str(PRICE + 1)
    first, second = told(of)["corrections"]
    assert first["read_out"] == second["read_out"]


def test_the_lowest_price_is_found_among_the_corrected_ones() -> None:
    of = sitting()
    bid = of.bids[0]
    of.confirm_price(of.correct(bid, PRICE))
    of.marked()
    for place in told(of)["outcome"]["places"]:
        points = 50 * Fraction(PRICE) / Fraction(place["price"])
        assert abs(Fraction(place["value"]) - points) <= Fraction(1, 200)


def test_no_marks_are_taken_before_the_prices_are_checked_and_no_price_is_corrected_after() -> None:
    of = sitting()
    with refused("prices.unchecked"):
        of.submit(1)
    with refused("review.not_chair"):
        of.act(1, CheckPrices)
    name = of.propose(1, of.bids[0], PRICE)
    with refused("correction.open"):
        of.check_prices()
    of.agree_price(name, agreeing=4)
    with refused("correction.open"):
        of.check_prices()
    of.confirm_price(name)
    of.check_prices()
    with refused("prices.checked"):
        of.check_prices()
    with refused("prices.checked"):
        of.propose(1, of.bids[1], PRICE)
    of.submit(1)


def test_nothing_is_corrected_or_checked_before_the_review_is_over() -> None:
    of = Sitting(opened()).quorate()
    with refused("prices.too_early"):
        of.check_prices()
    with refused("correction.too_early"):
        of.propose(1, of.bids[0], PRICE)
    of.stand_aside(1)
    with refused("review.not_begun"):
        of.check_prices()


def test_whoever_comes_into_a_seat_finds_the_prices_unchecked_and_its_vote_open() -> None:
    of = sitting()
    name = of.propose(2, of.bids[0], PRICE)
    of.act(1, VoteCorrection, correction=name, agrees=True)
    of.stand_aside(1)
    assert one(of, name).votes == {"2": True}
    of.replace(1)
    of.sit(1)
    with refused("correction.too_early"):
        of.act(1, VoteCorrection, correction=name, agrees=True)
    for bid in of.bids:
        of.review(1, bid)
    of.close()
    of.act(1, VoteCorrection, correction=name, agrees=False)
    of.agree_price(name, agreeing=4)
    of.confirm_price(name)
    of.check_prices()
    of.stand_aside(3)
    assert not of.found.prices_checked
    assert one(of, name).status == "accepted"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"period": SHORTEST - 1}, "correction.period"),
        ({"period": LONGEST + 1}, "correction.period"),
        ({"reason": "按 EXPERT -3 的计算"}, "correction.carries_name"),
        ({"bid": "8" * 32}, "review.no_such_bid"),
    ],
)
def test_a_proposal_that_cannot_stand_is_refused(changes: dict[str, Any], code: str) -> None:
    of = sitting()
    with refused(code):
        of.propose(1, of.bids[0], PRICE, **changes)


def test_a_reason_does_not_name_a_bidder() -> None:
    of = sitting()
    with refused("correction.carries_name"):
        of.propose(1, of.bids[0], PRICE, reason=of.world.bidder[2].organisation_name)


def test_a_price_is_one_that_is_and_another_than_before() -> None:
    of = sitting()
    name = of.propose(1, of.bids[0], PRICE)
    of.agree_price(name, agreeing=1)
    read_out = int(told_read_out(of))
    with refused("correction.price"):
        of.propose(1, of.bids[0], read_out)
    for price in (0, -1, 1 << 53):
        with pytest.raises(ValidationError, match="price"):
            of.propose(1, of.bids[0], price)


def told_read_out(of: Sitting) -> str:
    of.marked()
    said = str(told(of)["corrections"][0]["read_out"])
    of.stand_aside(4)
    of.replace(4)
    of.sit(4)
    for bid in of.bids:
        of.review(4, bid)
    of.close()
    return said


def test_a_bid_is_corrected_one_by_one_and_so_often_and_no_more() -> None:
    of = sitting()
    for number in range(MOST):
        name = of.propose(1, of.bids[0], PRICE + number)
        with refused("correction.open"):
            of.propose(2, of.bids[0], PRICE + 9)
        of.agree_price(name, agreeing=0)
    with refused("correction.too_many"):
        of.propose(1, of.bids[0], PRICE)
    of.propose(1, of.bids[1], PRICE)


def test_only_members_of_the_committee_propose_and_vote_and_each_once() -> None:
    of = sitting()
    name = of.propose(1, of.bids[0], PRICE)
    with refused("committee.has_voted"):
        of.act(1, VoteCorrection, correction=name, agrees=True)
    with refused("correction.not_found"):
        of.act(2, VoteCorrection, correction="8" * 32, agrees=True)
    of.stand_aside(3)
    for kind, fields in (
        (VoteCorrection, {"correction": name, "agrees": True}),
        (CheckPrices, {}),
        (
            ProposeCorrection,
            {"bid": of.bids[1], "ground": "words", "price": 1, "reason": "r", "period": SHORTEST},
        ),
    ):
        with refused("committee.not_a_member"):
            of.act(3, kind, **fields)


def test_the_bidder_whose_bid_it_is_answers_once_and_to_what_it_is_asked() -> None:
    of = sitting()
    name = of.propose(1, of.bids[0], PRICE)
    with refused("correction.wrong_step"):
        of.confirm_price(name)
    of.agree_price(name, agreeing=4)
    for code, changes in (
        ("correction.other_price", {"price": PRICE + 1}),
        ("correction.other_price", {"bid": of.bids[1]}),
        ("correction.not_found", {"correction": "8" * 32}),
        ("evaluation.wrong_project", {"project": "1" * 32}),
        ("evaluation.wrong_project", {"section": "s2"}),
    ):
        with refused(code):
            of.confirm_price(name, **changes)
    asked = of.corrected(name)
    other = next(one for one in of.world.bidder.values() if one.account != asked.account)
    said = CorrectionAnswer(
        v=1, project=PROJECT, section=SECTION, correction=name, bid=of.bids[0], price=PRICE,
        accepts=True,
    )  # fmt: skip
    by_another = AnswerCorrection(section=SECTION, message=other.sign(said))
    with refused("correction.not_yours"):
        of.world.do(other.actor, by_another)
    with refused("message.not_signer"):
        of.world.do(asked.actor, by_another)
    of.confirm_price(name)
    with refused("correction.wrong_step"):
        of.confirm_price(name, accepts=False)


def test_a_rejected_bid_is_not_corrected_and_an_open_correction_of_it_holds_nobody_up() -> None:
    of = sitting()
    first = of.bids[0]
    name = of.propose(1, first, PRICE)
    of.stand_aside(2)
    of.replace(2)
    of.sit(2)
    of.review(2, first, ("licence",))
    for bid in of.bids[1:]:
        of.review(2, bid)
    of.vote(first, "licence", passing=2)
    of.close({first: "unqualified"})
    with refused("review.no_such_bid"):
        of.act(4, VoteCorrection, correction=name, agrees=True)
    of.marked()
    assert told(of)["corrections"][0]["status"] == "proposed"


def test_a_price_that_cannot_be_read_is_not_corrected() -> None:
    of = one_unreadable().quorate().reviewed()
    with refused("correction.no_amount"):
        of.propose(1, of.bids[0], PRICE)
    of.propose(1, of.bids[1], PRICE)


def test_a_second_envelopes_price_is_corrected_once_its_session_is_over() -> None:
    of = two_envelopes()
    of.reviewed()
    bid = of.bids[1]
    with refused("project.wrong_phase"):
        of.propose(1, bid, PRICE)
    with refused("project.wrong_phase"):
        of.check_prices()
    of.marked()
    state = of.world.state
    of.decide_stage(tuple(state.bids[one].organisation for one in of.bids))
    of.world.serve()
    of.world.session(SECOND)
    assert not duties(of.world.whole, of.world.now).do
    with refused("prices.unchecked"):
        of.draw_up()
    of.confirm_price(of.correct(bid, PRICE))
    of.check_prices()
    assert price_of(of, bid) == str(PRICE)
    assert [name for name, _ in duties(of.world.whole, of.world.now).do] == [f"report/{SECTION}/0"]
    of.draw_up()
    of.signed()
