import dataclasses
import json
from typing import Any

from crypto import canonical
from opening.commands import DrawUpMinutes, PauseSession, ResumeSession, SignMinutes
from opening.events import MinutesDrawnUp, MinutesSigned, SessionEnded
from opening.facts import facts
from opening.participants import ParticipantReleased
from opening.state import Place
from record.errors import NotAllowed, NotValid, OutOfOrder
from tests.opening.day import PDF, Day
from tests.opening.parties import party
from tests.opening.refusals import refused
from tests.opening.world import DEADLINE, FIRST, HOUR, SECOND, SERVICE

DRAW_UP = DrawUpMinutes(section="s1", envelope=1)


def told(day: Day, place: Place = FIRST) -> dict[str, Any]:
    """Return the facts of a place, read back."""
    value: dict[str, Any] = json.loads(facts(day.state, place))
    return value


# Facts


def test_the_facts_are_canonical_and_a_function_of_the_record() -> None:
    day = Day()
    day.objecting()
    made = facts(day.state, FIRST)
    assert canonical.dumps(canonical.loads(made)) == made
    assert facts(day.folded(), FIRST) == made


def test_the_facts_hold_what_was_opened_and_read_out() -> None:
    day = Day()
    bids = day.objecting()
    value = told(day)
    assert [row["bid"] for row in value["bids"]] == list(bids.values())
    first = value["bids"][0]
    assert first["name"] == day.bidder[1].organisation_name
    assert json.loads(first["opened"]["form"])["bidder"] == day.bidder[1].organisation_name
    assert first["read_out_at"] > first["at"]
    assert value["close"]["count"] == 3
    assert value["order"]["bids"] == list(bids.values())
    assert [row["i"] for row in value["releases"]] == [1, 2, 0]
    assert value["draws"][0]["result"] in value["draws"][0]["values"]
    assert value["key"]["k"] == 2


def test_the_facts_name_every_bid_that_was_not_opened_and_why() -> None:
    day = Day(minimum=1, co_open=True)
    bids = day.opened_up()
    day.withdraw(1, bids[1])
    newer = day.bid(2)
    day.at(DEADLINE)
    day.announce()
    day.window("secrets")
    day.at(day.session().windows["secrets"])
    rows = {row["bid"]: row for row in told(day)["bids"]}
    assert rows[bids[1]]["status"] == "withdrawn"
    assert rows[bids[2]]["status"] == "superseded"
    assert rows[newer]["spoiled"]["cause"] == "secret_missing"
    assert "opened" not in rows[newer]
    assert "order" not in told(day)


def test_the_facts_hold_sign_ins_confirmations_objections_and_pauses() -> None:
    day = Day()
    bids = day.decrypted()
    day.sign_in(day.bidder[1])
    day.do(day.clerk.actor, PauseSession(section="s1", envelope=1, reason="断电"))
    day.do(day.clerk.actor, ResumeSession(section="s1", envelope=1))
    day.read()
    day.draw()
    day.window("confirm")
    day.confirm(1, bids[1])
    day.at(day.session().windows["confirm"])
    day.window("objections")
    day.answer(day.object(2, "异议"))
    value = told(day)
    assert value["sign_ins"][0]["account"] == "bidder-1"
    assert value["sign_ins"][0]["at"] > DEADLINE
    assert "confirmed_at" in value["bids"][0]
    assert "confirmed_at" not in value["bids"][1]
    assert value["objections"][0]["answer"] == "已核实。"
    assert value["objections"][0]["answered_at"] > value["objections"][0]["at"]
    assert [(row["what"], row.get("reason")) for row in value["remarks"]] == [
        ("paused", "断电"),
        ("resumed", None),
    ]


def test_the_facts_name_a_bidders_change_of_key() -> None:
    day = Day()
    day.opened_up()
    new = party("bidder", 1, "new")
    day.happened(day.bidder[1].changes_to(new))
    day.at(DEADLINE)
    (change,) = told(day)["key_changes"]
    assert (change["old"], change["new"]) == (day.bidder[1].keyid, new.keyid)


def test_the_facts_name_whoever_signed_in_and_was_released_since() -> None:
    day = Day()
    day.opened_up()
    day.now = DEADLINE - HOUR
    day.sign_in(day.clerk)
    left = ParticipantReleased(account=day.clerk.account, role="clerk", reason="调岗")
    day.happened(left)
    day.at(DEADLINE)
    (seen,) = told(day)["sign_ins"]
    assert seen["name"] == day.clerk.name


def test_the_facts_of_one_envelope_say_nothing_of_the_others_bids() -> None:
    day = Day(envelopes=2)
    day.closed()
    first = {row["bid"] for row in told(day)["bids"]}
    second = {row["bid"] for row in told(day, SECOND)["bids"]}
    assert first
    assert second
    assert first.isdisjoint(second)


# Drawing up


def test_the_minutes_are_drawn_up_when_the_objections_are_over() -> None:
    day = Day()
    day.objecting()
    with refused(OutOfOrder, "opening.window_running"):
        day.duty(DRAW_UP)
    expected = day.drawn_up()
    assert day.at(day.session().windows["objections"]) == [
        "end/s1/1/objections",
        "minutes/s1/1",
    ]
    event = day.record[-1][0]
    assert isinstance(event, MinutesDrawnUp)
    assert event.pdf_size == len(PDF)
    assert event.facts != expected.facts, "the end of the window is one of the facts"


def test_no_minutes_while_an_objection_is_unanswered() -> None:
    day = Day()
    day.objecting()
    objection = day.object(1, "报价读错")
    day.at(day.session().windows["objections"])
    with refused(OutOfOrder, "opening.unanswered"):
        day.duty(DRAW_UP)
    day.answer(objection)
    assert day.do_duties() == ["minutes/s1/1"]


def test_minutes_from_older_facts_are_refused() -> None:
    day = Day()
    day.objecting()
    objection = day.object(1, "报价读错")
    day.now = day.session().windows["objections"]
    stale = day.drawn_up()
    day.answer(objection)
    day.do_duties_before_minutes()
    with refused(OutOfOrder, "minutes.facts_changed"):
        day.do(SERVICE, DRAW_UP, checked=stale)


def test_minutes_are_rendered_by_the_service() -> None:
    day = Day()
    day.objecting()
    day.now = day.session().windows["objections"]
    day.do_duties_before_minutes()
    with refused(OutOfOrder, "minutes.not_rendered"):
        day.do(day.clerk.actor, DRAW_UP)


# Signing


def test_clerk_supervisor_and_bidders_sign() -> None:
    day = Day()
    day.drawn_minutes()
    for who in (day.clerk, day.supervisor, day.bidder[1]):
        (event,) = day.sign_minutes(who)
        assert isinstance(event, MinutesSigned)
        assert (event.account, event.role) == (who.account, who.role)
    with refused(OutOfOrder, "minutes.already_signed"):
        day.sign_minutes(day.clerk)


def test_a_signature_is_of_these_minutes_of_this_session() -> None:
    day = Day()
    day.drawn_minutes()
    with refused(NotValid, "minutes.other_minutes"):
        day.sign_minutes(day.clerk, facts="0" * 64)
    with refused(NotValid, "minutes.other_minutes"):
        day.sign_minutes(day.clerk, pdf="0" * 64)
    with refused(NotValid, "opening.wrong_project"):
        day.sign_minutes(day.clerk, project="0" * 32)
    with refused(NotValid, "opening.wrong_project"):
        day.sign_minutes(day.clerk, envelope=2)


def test_who_did_not_bid_here_does_not_sign() -> None:
    day = Day(bidders=4, minimum=1)
    day.open_up()
    for bidder in (1, 2, 3):
        day.bid(bidder)
    day.at(DEADLINE)
    day.announce()
    day.order()
    day.decrypt(FIRST)
    day.finish_reading(FIRST)
    day.at(day.session().windows["objections"])
    for outsider in (day.bidder[4], day.custodians[0]):
        with refused(NotAllowed, "minutes.not_a_signer"):
            day.sign_minutes(outsider)


def test_nobody_signs_for_another() -> None:
    day = Day()
    day.drawn_minutes()
    signed = day.clerk.sign(day.minutes_message())
    command = SignMinutes(section="s1", envelope=1, message=signed)
    with refused(NotValid, "message.not_signer"):
        day.do(day.supervisor.actor, command)
    with refused(NotValid, "message.not_signer"):
        day.sign_minutes(party("bidder", 9))


def test_nothing_is_signed_before_the_minutes() -> None:
    day = Day()
    day.objecting()
    with refused(OutOfOrder, "opening.wrong_stage"):
        day.sign_minutes(day.clerk)


# The end


def test_the_clerk_signs_before_the_session_ends() -> None:
    day = Day()
    day.drawn_minutes()
    day.sign_minutes(day.bidder[1])
    with refused(OutOfOrder, "minutes.clerk_unsigned"):
        day.end()
    day.sign_minutes(day.clerk)
    (event,) = day.end()
    assert isinstance(event, SessionEnded)
    assert event.unsigned == tuple(day.bidder[number].organisation for number in (2, 3))
    with refused(OutOfOrder, "opening.wrong_stage"):
        day.end()


def test_the_signature_is_kept_with_its_moment() -> None:
    day = Day()
    day.drawn_minutes()
    at = day.now
    day.sign_minutes(day.clerk)
    assert day.session().moments["signed/clerk"] == at
    minutes = day.session().minutes
    assert minutes is not None
    assert dataclasses.asdict(minutes)["signed"] == {"clerk": "clerk"}
