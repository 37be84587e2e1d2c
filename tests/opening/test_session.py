from typing import Any

import pytest

from opening.commands import (
    AnnounceSession,
    ApproveContinuation,
    PauseSession,
    RecordFiles,
    ResumeSession,
    SignIn,
)
from opening.events import (
    BidSpoiled,
    DecryptionEnded,
    FilesChecked,
    LostFile,
    SessionAnnounced,
    SessionResumed,
    SignedIn,
)
from opening.session import FilesRead
from opening.state import Place
from opening.terms import SectionResumed, SectionSuspended, SectionTerminated
from record.errors import NotAllowed, NotFound, NotValid, OutOfOrder
from tests.opening.day import Day
from tests.opening.parties import party
from tests.opening.refusals import refused
from tests.opening.world import DEADLINE, FIRST, HOUR, MINUTE, SECOND, SERVICE


def pause(day: Day, place: Place = FIRST) -> None:
    values = {**day.where(place), "reason": "网络中断"}
    day.do(day.clerk.actor, PauseSession.model_validate(values))


def resume(day: Day, place: Place = FIRST) -> SessionResumed:
    (event,) = day.do(day.clerk.actor, ResumeSession.model_validate(day.where(place)))
    assert isinstance(event, SessionResumed)
    return event


def sign_in_as(day: Day, account: str, section: str = "s1", envelope: int = 1) -> None:
    values: dict[str, Any] = {"section": section, "envelope": envelope, "role": "bidder"}
    who = party("bidder", 9) if account == "stranger" else day.bidder[1]
    day.do(who.actor, SignIn.model_validate(values))


# Signing in


def test_sign_in_opens_an_hour_before_the_deadline() -> None:
    day = Day()
    day.opened_up()
    day.now = DEADLINE - HOUR - 1
    with refused(OutOfOrder, "opening.sign_in_not_open"):
        day.sign_in(day.bidder[1])
    day.now = DEADLINE - HOUR
    (event,) = day.sign_in(day.bidder[1])
    assert isinstance(event, SignedIn)
    assert event.organisation == day.bidder[1].organisation
    assert day.session().moments["sign_in/bidder/bidder-1"] == DEADLINE - HOUR


def test_nobody_signs_in_twice_in_one_role() -> None:
    day = Day()
    day.closed()
    day.sign_in(day.bidder[1])
    day.sign_in(day.bidder[2])
    with refused(OutOfOrder, "opening.already_signed_in"):
        day.sign_in(day.bidder[1])


def test_a_stranger_does_not_sign_in() -> None:
    day = Day()
    day.closed()
    with refused(NotAllowed, "opening.not_bound"):
        sign_in_as(day, "stranger")


def test_signing_in_needs_a_section_and_an_envelope_that_exist() -> None:
    day = Day()
    day.closed()
    with refused(NotFound, "opening.no_such_section"):
        sign_in_as(day, "bidder-1", section="s9")
    with refused(NotFound, "opening.no_such_envelope"):
        sign_in_as(day, "bidder-1", envelope=2)


def test_signing_in_is_possible_until_the_objections_are_over() -> None:
    day = Day()
    day.objecting()
    day.sign_in(day.bidder[1])
    day.at(day.session().windows["objections"])
    with refused(OutOfOrder, "opening.wrong_stage"):
        day.sign_in(day.bidder[2])


# Files


def test_every_live_file_is_read_again_after_the_close() -> None:
    day = Day()
    bids = day.opened_up()
    day.close_now()
    (event,) = day.duty(RecordFiles(section="s1", envelope=1))
    assert isinstance(event, FilesChecked)
    assert event.intact == tuple(bids.values())


def test_a_lost_file_spoils_its_bid_and_blames_the_platform() -> None:
    day = Day()
    bids = day.opened_up()
    day.gone.add(bids[1])
    day.damaged[bids[2]] = day.sealed[bids[2]].file[:-1]
    day.damaged[bids[3]] = day.sealed[bids[3]].file[:-1] + b"?"
    day.close_now()
    checked, *spoiled = day.duty(RecordFiles(section="s1", envelope=1))
    assert isinstance(checked, FilesChecked)
    assert checked.intact == ()
    assert checked.lost == (
        LostFile(bid=bids[1], found="missing"),
        LostFile(bid=bids[2], found="size"),
        LostFile(bid=bids[3], found="root"),
    )
    for event in spoiled:
        assert isinstance(event, BidSpoiled)
        assert (event.cause, event.blame) == ("file_lost", "platform")


def test_files_are_checked_once() -> None:
    day = Day()
    day.closed()
    with refused(OutOfOrder, "opening.files_known"):
        day.duty(RecordFiles(section="s1", envelope=1))


def test_files_are_not_checked_before_the_close() -> None:
    day = Day()
    day.opened_up()
    with refused(OutOfOrder, "opening.wrong_stage"):
        day.duty(RecordFiles(section="s1", envelope=1))


def test_a_check_that_left_a_file_out_or_read_another_place_is_refused() -> None:
    day = Day(envelopes=2)
    day.opened_up()
    day.close_now()
    whole = day.files_read(FIRST)
    command = RecordFiles(section="s1", envelope=1)
    for wrong in (FilesRead(FIRST, whole.found[1:]), FilesRead(SECOND, whole.found)):
        with refused(NotValid, "opening.files_not_read"):
            day.do(SERVICE, command, checked=wrong)


def test_files_that_nobody_read_are_a_bug() -> None:
    day = Day()
    day.opened_up()
    day.close_now()
    with pytest.raises(TypeError):
        day.do(SERVICE, RecordFiles(section="s1", envelope=1))


# The announcement


def test_the_announcement_names_the_bidders_in_the_order_of_submission() -> None:
    day = Day()
    bids = day.closed()
    (event,) = day.announce()
    assert isinstance(event, SessionAnnounced)
    assert [bidder.bid for bidder in event.bidders] == list(bids.values())
    assert [bidder.name for bidder in event.bidders] == [
        day.bidder[number].organisation_name for number in bids
    ]
    assert day.session().announced == tuple(bids.values())


def test_a_withdrawn_bid_is_not_announced() -> None:
    day = Day(minimum=1)
    day.open_up()
    day.withdraw(1, day.bid(1))
    stays = day.bid(2)
    day.at(DEADLINE)
    day.announce()
    assert day.session().announced == (stays,)


def test_nothing_is_announced_before_the_close_or_twice() -> None:
    day = Day()
    day.opened_up()
    with refused(OutOfOrder, "opening.wrong_stage"):
        day.announce()
    day.at(DEADLINE)
    day.announce()
    with refused(OutOfOrder, "opening.wrong_stage"):
        day.announce()


def test_nothing_is_announced_before_the_files_are_checked() -> None:
    day = Day()
    day.opened_up()
    day.close_now()
    with refused(OutOfOrder, "opening.files_unknown"):
        day.announce()


def test_a_failed_section_is_not_opened_and_its_files_are_left_alone() -> None:
    day = Day(minimum=3)
    day.open_up()
    day.bid(1)
    assert day.at(DEADLINE) == ["close/s1/1"]
    with refused(OutOfOrder, "opening.section_failed"):
        day.announce()
    with refused(OutOfOrder, "opening.section_failed"):
        day.duty(RecordFiles(section="s1", envelope=1))


def test_an_approved_section_goes_on_with_fewer_bidders() -> None:
    day = Day(minimum=3)
    day.open_up()
    bid = day.bid(1)
    day.at(DEADLINE)
    command = ApproveContinuation(section="s1", approval="批〔2026〕1号", reason="重招仍不足三家")
    day.do(day.clerk.actor, command)
    assert day.do_duties() == ["files/s1/1"]
    day.announce()
    assert day.session().announced == (bid,)


def test_a_second_envelope_waits_for_the_decision() -> None:
    day = Day(envelopes=2)
    day.closed()
    with refused(OutOfOrder, "opening.not_passed_on"):
        day.announce(SECOND)


def test_with_no_bid_left_the_session_goes_on_without_an_order() -> None:
    day = Day()
    bids = day.opened_up()
    day.gone.update(bids.values())
    day.at(DEADLINE)
    announced, ended = day.announce()
    assert isinstance(announced, SessionAnnounced)
    assert isinstance(ended, DecryptionEnded)
    assert day.session().stage == "read_out"
    day.window("confirm")
    day.window("objections")
    day.ended()
    assert day.session().stage == "ended"


# Pauses


def test_a_pause_shifts_the_open_window() -> None:
    day = Day()
    day.objecting()
    until = day.session().windows["objections"]
    pause(day)
    paused = day.session().paused
    assert paused is not None
    day.now = paused + 7 * MINUTE
    assert resume(day).shift == 7 * MINUTE
    assert day.session().windows == {"objections": until + 7 * MINUTE}
    assert [remark.what for remark in day.session().remarks] == ["paused", "resumed"]


def test_while_paused_only_sign_ins_happen() -> None:
    day = Day()
    day.announced()
    pause(day)
    with refused(OutOfOrder, "opening.paused"):
        day.order()
    with refused(OutOfOrder, "opening.paused"):
        pause(day)
    day.sign_in(day.bidder[1])


def test_a_session_is_paused_from_the_announcement_to_the_objections_only() -> None:
    day = Day()
    day.closed()
    with refused(OutOfOrder, "opening.wrong_stage"):
        pause(day)
    day.announce()
    pause(day)
    resume(day)
    with refused(OutOfOrder, "opening.not_paused"):
        resume(day)


def test_a_suspended_section_stands_still_and_its_pause_too() -> None:
    day = Day()
    day.announced()
    pause(day)
    day.happened(SectionSuspended(section="s1", reason="投诉处理"))
    with refused(OutOfOrder, "opening.suspended"):
        resume(day)
    with refused(OutOfOrder, "opening.suspended"):
        day.order()
    day.happened(SectionResumed(section="s1", shift=0))
    resume(day)
    day.order()


def test_a_terminated_section_is_over() -> None:
    day = Day()
    day.closed()
    day.happened(SectionTerminated(section="s1", reason="项目取消"))
    with refused(OutOfOrder, "opening.terminated"):
        day.announce()
    with refused(OutOfOrder, "opening.terminated"):
        day.sign_in(day.bidder[1])


def test_an_announcement_at_no_place_is_not_found() -> None:
    day = Day()
    day.closed()
    with refused(NotFound, "opening.no_such_section"):
        day.do(day.clerk.actor, AnnounceSession(section="s9", envelope=1))
