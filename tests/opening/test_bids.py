import hashlib
from dataclasses import replace

import pytest

from opening import bids, checks, rules
from opening.commands import AdmitBid, RefuseBid
from opening.events import BidAdmitted, BidRefused, BidWithdrawn
from opening.messages import Bid, BidParams, Refusal
from opening.participants import ParticipantReleased
from opening.state import RefusedBid
from opening.terms import SectionResumed, SectionSuspended, SectionTerminated
from record.errors import NotAllowed, NotFound, NotValid, OutOfOrder, TooLate
from record.rules import Facts, Given, StoredFile
from tests.opening.bidding import Sealed, honest_package, seal
from tests.opening.parties import Party, party
from tests.opening.refusals import refused
from tests.opening.submitting import submit
from tests.opening.world import (
    DEADLINE,
    FIRST,
    HOUR,
    PROJECT,
    SECOND,
    SECTION,
    SERVICE,
    World,
)


@pytest.fixture
def world() -> World:
    return World().open_up()


@pytest.fixture
def double() -> World:
    return World(envelopes=2).open_up()


def change_key(world: World, who: Party) -> Party:
    """Have a bidder sign with another key from now on."""
    changed = party("bidder", int(who.account.split("-")[1]), f"key {world.now}")
    world.happened(who.changes_to(changed))
    return changed


# Admission


def test_a_bid_is_admitted_with_all_that_is_told_of_it(world: World) -> None:
    at = world.now
    name = world.bid(1)
    bid, sealed = world.state.bids[name], world.sealed[name]
    assert (bid.place, bid.organisation, bid.revision) == (FIRST, world.bidder[1].organisation, 1)
    assert (bid.account, bid.keyid) == ("bidder-1", world.bidder[1].keyid)
    assert (bid.size, bid.root.hex()) == (len(sealed.file), sealed.bid.root)
    assert bid.params == sealed.params.payload()
    assert (bid.status, bid.stamp.at, bid.secret_commit) == ("live", at, None)
    assert world.folded() == world.state


def test_a_replacement_supersedes_the_bid_before(world: World) -> None:
    first, second = world.bid(1), world.bid(1)
    assert [world.state.bids[name].status for name in (first, second)] == ["superseded", "live"]
    assert [world.state.bids[name].revision for name in (first, second)] == [1, 2]
    assert bids.live_bids(world.state, FIRST) == (world.state.bids[second],)


def test_a_bid_is_in_time_until_the_last_millisecond(world: World) -> None:
    sealed = world.seal(1)
    world.now = DEADLINE
    with refused(TooLate, "bids.late"):
        world.admit(1, sealed)
    world.now = DEADLINE - 1
    world.admit(1, sealed)


def test_after_the_close_a_bid_is_late_for_ever_whenever_it_was_stamped(world: World) -> None:
    sealed = world.seal(1)
    world.close()
    world.now = DEADLINE - 1
    with refused(TooLate, "bids.closed"):
        world.admit(1, sealed)


def test_the_close_of_the_first_envelope_ends_both(double: World) -> None:
    sealed = double.seal(1, 2)
    double.now = DEADLINE
    double.envelopes = 1
    double.close()
    double.now = DEADLINE - 1
    with refused(TooLate, "bids.closed"):
        double.admit(1, sealed)


def test_no_bid_is_taken_before_the_notice_or_without_a_key() -> None:
    world = World().bind()
    world.terms()
    world.ceremony()
    with refused(OutOfOrder, "bids.not_open"):
        world.bid(1)


def test_a_suspended_section_takes_bids_again_when_it_goes_on(world: World) -> None:
    sealed = world.seal(1)
    world.happened(SectionSuspended(section=SECTION, reason="投诉"))
    with refused(OutOfOrder, "bids.not_open"):
        world.admit(1, sealed)
    world.now += HOUR
    world.happened(SectionResumed(section=SECTION, shift=HOUR))
    world.now = DEADLINE + HOUR - 1
    world.admit(1, sealed)


def test_a_terminated_section_takes_no_bids(world: World) -> None:
    sealed = world.seal(1)
    world.happened(SectionTerminated(section=SECTION, reason="撤项"))
    with refused(OutOfOrder, "bids.not_open"):
        world.admit(1, sealed)


def test_a_bid_names_its_project_section_and_envelope(world: World) -> None:
    with refused(NotValid, "bids.wrong_project"):
        world.admit(1, world.seal(1, project="8" * 32))
    with refused(NotValid, "bids.wrong_section"):
        world.admit(1, world.seal(1, section="s9"))
    with refused(NotValid, "bids.wrong_envelope"):
        world.admit(1, replace_params(world, 1, envelope=2))


def replace_params(world: World, bidder: int, **changes: object) -> Sealed:
    """Seal to the first envelope's key whatever the params say."""
    params = world.params(bidder).model_copy(update=changes)
    content = honest_package(world.bidder[bidder], 1)
    return seal(world.state.keys[FIRST], params, content, params.bid)


def test_a_bid_names_the_key_of_its_place(world: World) -> None:
    with refused(NotValid, "bids.wrong_key_id"):
        world.admit(1, world.seal(1, key_id="0" * 64))
    with refused(NotValid, "bids.wrong_key"):
        world.admit(1, world.seal(1, key="0" * 64))


def test_a_bid_for_one_envelope_cannot_be_replayed_for_the_other(double: World) -> None:
    sealed = double.seal(1, 1)
    other = sealed.params.model_copy(update={"envelope": 2})
    with refused(NotValid, "bids.wrong_key_id"):
        submit(double, 1, seal(double.state.keys[FIRST], other, b"x", "x").bid)
    moved = sealed.bid.model_copy(update={"params": other.payload().decode()})
    with refused(NotValid, "bids.proof"):
        submit(double, 1, moved, sealed.facts)


def test_a_bid_is_signed_by_the_bidder_it_names(world: World) -> None:
    sealed = world.seal(1)
    with refused(NotValid, "bids.not_signer"):
        submit(world, 2, sealed.bid, sealed.facts)
    stranger = party("bidder", 9)
    with refused(NotValid, "bids.not_signer"):
        signed = stranger.sign(sealed.bid)
        world.do(world.bidder[1].actor, AdmitBid(message=signed, upload="0" * 32))


def test_a_bidder_cannot_submit_what_another_signed(world: World) -> None:
    sealed = world.seal(1)
    command = world.admit_command(1, sealed)
    with refused(NotValid, "bids.not_signer"):
        world.do(world.bidder[2].actor, command, sealed.facts)
    with refused(NotAllowed, "opening.not_bound"):
        world.do(world.clerk.actor, command, sealed.facts)


def test_a_changed_bid_has_no_signature(world: World) -> None:
    signed = world.admit_command(1, world.seal(1)).message
    other = world.admit_command(1, world.seal(1, media_type="application/zip", created=1)).message
    forged = signed.model_copy(update={"payload": other.payload})
    with refused(NotValid, "bids.signature"):
        world.do(world.bidder[1].actor, AdmitBid(message=forged, upload="0" * 32))


def test_a_key_changed_between_check_and_decision_counts(world: World) -> None:
    sealed = world.seal(1)
    command = world.admit_command(1, sealed)
    checked = checks.check(world.state, command)
    change_key(world, world.bidder[1])
    with refused(NotValid, "bids.not_signer"):
        world.do(world.bidder[1].actor, command, sealed.facts, checked)


def test_a_command_that_was_not_checked_is_a_bug_and_no_refusal(world: World) -> None:
    command = world.admit_command(1, world.seal(1))
    other = checks.check(world.state, world.admit_command(2, world.seal(2)))
    for checked in (None, other, object()):
        given = Given(world.bidder[1].actor, world.now, "c", bytes(32), checked=checked)
        with pytest.raises(TypeError):
            rules.decide(world.state, command, given)


# The sealed file


def test_the_stored_file_is_the_one_the_bid_states(world: World) -> None:
    sealed = world.seal(1)
    stored = sealed.facts.stored
    assert stored is not None
    with refused(NotFound, "bids.no_upload"):
        world.admit(1, sealed, Facts(stored=None))
    with refused(NotValid, "bids.size"):
        world.admit(1, sealed, Facts(stored=StoredFile(stored.size - 1, stored.root)))
    with refused(NotValid, "bids.root"):
        world.admit(1, sealed, Facts(stored=StoredFile(stored.size, bytes(32))))


def test_a_file_may_be_as_large_as_the_terms_say_and_no_larger(world: World) -> None:
    size = world.seal(1).bid.size
    world.terms(max_size=size)
    world.bid(1)
    world.terms(max_size=size - 1)
    with refused(NotValid, "bids.too_large"):
        world.bid(2)


# Keys of bidders


def test_a_bid_is_replaced_and_withdrawn_under_the_key_that_signed_it(world: World) -> None:
    name = world.bid(1)
    second = party("bidder", 1, "second")
    world.happened(
        ParticipantReleased(account="bidder-1", role="bidder", reason="another key, unrecorded")
    )
    world.bidder[1] = second
    world.bind([second])
    with refused(NotValid, "bids.key_changed"):
        world.bid(1)
    with refused(NotValid, "bids.key_changed"):
        world.withdraw(1, name)


def test_a_recorded_change_of_key_is_followed(world: World) -> None:
    world.bid(1)
    world.bidder[1] = change_key(world, world.bidder[1])
    second = world.bid(1)
    world.bidder[1] = change_key(world, world.bidder[1])
    world.bidder[1] = change_key(world, world.bidder[1])
    world.withdraw(1, second)
    assert world.state.bids[second].status == "withdrawn"
    assert [change.account for change in world.state.key_changes] == ["bidder-1"] * 3


def test_a_colleague_cannot_touch_a_bid_with_a_key_of_its_own(double: World) -> None:
    name = double.bid(1)
    colleague = party("bidder", 4)
    double.bidder[4] = colleague
    event = colleague.bound().model_copy(update={"organisation": double.bidder[1].organisation})
    double.happened(event)
    params = double.params(1, 2)
    sealed = seal(double.state.keys[SECOND], params, b"x", "colleague")
    with refused(NotValid, "bids.key_changed"):
        double.admit(4, sealed)
    with refused(NotValid, "bids.key_changed"):
        double.withdraw(4, name)


# Withdrawals


def test_a_withdrawal_takes_the_other_envelope_with_it(double: World) -> None:
    technical, price = double.bid(1, 1), double.bid(1, 2)
    untouched = double.bid(2, 1)
    (event,) = double.withdraw(1, price)
    assert isinstance(event, BidWithdrawn)
    statuses = [double.state.bids[name].status for name in (technical, price, untouched)]
    assert statuses == ["withdrawn", "withdrawn", "live"]
    assert double.folded() == double.state


def test_no_earlier_bid_comes_back_and_a_new_one_may_follow(world: World) -> None:
    first, second = world.bid(1), world.bid(1)
    world.withdraw(1, second)
    assert bids.live_bids(world.state, FIRST) == ()
    third = world.bid(1)
    assert [world.state.bids[name].status for name in (first, second, third)] == [
        "superseded",
        "withdrawn",
        "live",
    ]
    assert world.state.bids[third].revision == 3


def test_only_the_last_bid_can_be_withdrawn_and_only_once(world: World) -> None:
    first, second = world.bid(1), world.bid(1)
    with refused(OutOfOrder, "bids.not_last"):
        world.withdraw(1, first)
    world.withdraw(1, second)
    with refused(OutOfOrder, "bids.not_live"):
        world.withdraw(1, second)


def test_anothers_bid_is_as_unknown_as_one_that_is_not_there(world: World) -> None:
    name = world.bid(1)
    for wanted in (name, "0" * 32):
        with refused(NotFound, "bids.no_such_bid"):
            world.withdraw(2, wanted)


def test_a_withdrawal_is_signed_by_whoever_asks_for_it(world: World) -> None:
    name = world.bid(1)
    command = world.withdraw_command(1, name)
    with refused(NotValid, "message.not_signer"):
        world.do(world.bidder[2].actor, command)
    forged = command.model_copy(
        update={
            "message": command.message.model_copy(
                update={"payload": world.withdraw_command(1, "0" * 32).message.payload}
            )
        }
    )
    with refused(NotValid, "message.signature"):
        world.do(world.bidder[1].actor, forged)


def test_a_withdrawal_of_another_project_is_refused(world: World) -> None:
    name = world.bid(1)
    elsewhere = replace(world.state, project="8" * 32)
    command = world.withdraw_command(1, name)
    checked = checks.check(elsewhere, command)
    given = Given(world.bidder[1].actor, world.now, "c", bytes(32), checked=checked)
    with refused(NotValid, "bids.wrong_project"):
        rules.decide(elsewhere, command, given)


def test_a_withdrawal_comes_before_the_deadline(world: World) -> None:
    name = world.bid(1)
    world.happened(SectionSuspended(section=SECTION, reason="投诉"))
    with refused(OutOfOrder, "bids.not_open"):
        world.withdraw(1, name)
    world.happened(SectionResumed(section=SECTION, shift=0))
    world.now = DEADLINE
    with refused(TooLate, "bids.late"):
        world.withdraw(1, name)
    world.close()
    world.now = DEADLINE - 1
    with refused(TooLate, "bids.closed"):
        world.withdraw(1, name)


# Recorded refusals


def refuse(world: World, bidder: int, bid: Bid, **changes: object) -> RefuseBid:
    """Return the service's command to record a refusal of a signed bid."""
    signed = world.bidder[bidder].sign(bid)
    values = {
        "v": 1,
        "project": PROJECT,
        "code": "bids.late",
        "at": world.now,
        "received": hashlib.sha256(bid.payload()).hexdigest(),
        **changes,
    }
    answer = world.timekeeper.sign(Refusal.model_validate(values))  # any key: the service's is out
    return RefuseBid(message=signed, answer=answer)


def test_a_late_bid_is_recorded_with_its_answer(world: World) -> None:
    sealed = world.seal(1)
    world.now = DEADLINE + 5
    (event,) = world.do(SERVICE, refuse(world, 1, sealed.bid))
    assert isinstance(event, BidRefused)
    organisation = world.bidder[1].organisation
    assert world.state.refused == (RefusedBid(FIRST, organisation, DEADLINE + 5, "bids.late"),)
    assert world.state.bids == {}
    assert world.folded() == world.state


def test_a_bid_of_no_readable_form_is_recorded_too_when_a_bidder_signed_it(world: World) -> None:
    bid = world.seal(1).bid.model_copy(update={"params": "nothing"})
    world.do(SERVICE, refuse(world, 1, bid, code="bids.malformed"))
    assert world.state.refused[0].place is None


def test_only_the_service_records_a_refusal(world: World) -> None:
    command = refuse(world, 1, world.seal(1).bid)
    with refused(NotAllowed, "bids.service_only"):
        world.do(world.bidder[1].actor, command)


@pytest.mark.parametrize("changes", [{"project": "8" * 32}, {"received": "0" * 64}], ids=str)
def test_an_answer_is_to_this_very_bid(world: World, changes: dict[str, object]) -> None:
    with refused(NotValid, "bids.wrong_answer"):
        world.do(SERVICE, refuse(world, 1, world.seal(1).bid, **changes))


def test_what_no_bidder_signed_or_is_too_large_is_not_recorded(world: World) -> None:
    bid = world.seal(1).bid
    command = refuse(world, 1, bid)
    with refused(NotValid, "bids.not_signer"):
        unsigned = command.model_copy(update={"message": party("bidder", 9).sign(bid)})
        world.do(SERVICE, unsigned)
    other = refuse(world, 1, world.seal(1, created=1).bid)
    forged = command.message.model_copy(update={"payload": other.message.payload})
    with refused(NotValid, "bids.signature"):
        world.do(SERVICE, command.model_copy(update={"message": forged}))
    large = command.message.model_copy(update={"payload": "A" * (17 << 10)})
    with refused(NotValid, "bids.malformed"):
        world.do(SERVICE, command.model_copy(update={"message": large}))
    answer = world.timekeeper.sign(bid)
    with refused(NotValid, "message.malformed"):
        world.do(SERVICE, command.model_copy(update={"answer": answer}))


def test_events_of_bids_carry_the_envelope_as_it_was_signed(world: World) -> None:
    sealed = world.seal(1)
    command = world.admit_command(1, sealed)
    (event,) = world.decide(world.bidder[1].actor, command, sealed.facts)
    assert event == BidAdmitted(envelope=command.message)
    assert BidParams.read(sealed.bid.params.encode()) == sealed.params
