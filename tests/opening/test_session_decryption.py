import dataclasses

import pytest

from opening.bodies import OpenedBody
from opening.commands import PostPartial, RecordBody, ReleaseKey
from opening.events import BidOpened, DecryptionEnded, KeyReleased, PartialPosted
from opening.messages import BidShare, Partial, Release
from record.errors import NotAllowed, NotFound, NotValid, OutOfOrder
from record.events import Event
from tests.opening.day import Day
from tests.opening.parties import Party, ed25519
from tests.opening.refusals import refused
from tests.opening.world import FIRST, SERVICE


def post(day: Day, message: Partial, who: Party | None = None) -> tuple[Event, ...]:
    holder = who or day.holder(message.i)
    return day.do(holder.actor, PostPartial(message=holder.sign(message)))


def partial(day: Day, i: int, **changes: object) -> Partial:
    message = day.partial_message(i)
    assert isinstance(message, Partial)
    return message.model_copy(update=changes)


def release(day: Day, who: Party | None = None, **changes: object) -> tuple[Event, ...]:
    message = day.partial_message(0).model_copy(update=changes)
    assert isinstance(message, Release)
    signed = (who or day.timekeeper).sign(message)
    return day.do((who or day.timekeeper).actor, ReleaseKey(message=signed))


def flipped(share: BidShare, place: int) -> BidShare:
    raw = bytearray(bytes.fromhex(share.share))
    raw[place] ^= 1
    return BidShare(bid=share.bid, share=raw.hex())


# Partials


def test_a_custodian_posts_the_shares_of_all_listed_bids() -> None:
    day = Day()
    day.ordered()
    (event,) = post(day, partial(day, 1))
    assert isinstance(event, PartialPosted)
    assert list(day.session().partials) == [1]


@pytest.mark.parametrize("place", [1, 40, 70, 130])
def test_a_wrong_share_of_one_bid_refuses_the_whole_message(place: int) -> None:
    day = Day()
    day.ordered()
    shares = day.shares(FIRST, 1)
    wrong = (*shares[:2], flipped(shares[2], place))
    with refused(NotValid, "opening.share_wrong"):
        post(day, partial(day, 1, shares=wrong))


def test_another_custodians_shares_are_wrong_shares() -> None:
    day = Day()
    day.ordered()
    with refused(NotValid, "opening.share_wrong"):
        post(day, partial(day, 1, shares=day.shares(FIRST, 2)))


def test_shares_follow_the_order_exactly() -> None:
    day = Day()
    day.ordered()
    shares = day.shares(FIRST, 1)
    for wrong in (shares[1:], shares[::-1], (*shares, shares[0])):
        with refused(NotValid, "opening.shares_not_the_list"):
            post(day, partial(day, 1, shares=wrong))


def test_a_partial_names_project_key_opening_and_custodian() -> None:
    day = Day()
    day.ordered()
    message = partial(day, 1)
    with refused(NotValid, "opening.wrong_project"):
        post(day, message.model_copy(update={"project": "0" * 32}))
    with refused(NotValid, "opening.wrong_key"):
        post(day, message.model_copy(update={"key_id": "0" * 64}))
    with refused(NotFound, "opening.no_such_order"):
        post(day, message.model_copy(update={"opening_id": "0" * 64}))
    with refused(NotValid, "opening.no_such_custodian"):
        post(day, message.model_copy(update={"i": 9}), day.custodians[0])


def test_a_partial_is_signed_by_the_custodian_it_names_and_posted_by_that_account() -> None:
    day = Day()
    day.ordered()
    with refused(NotValid, "message.signature"):
        post(day, partial(day, 1), day.custodians[1])
    with refused(NotAllowed, "ceremony.not_this_party"):
        day.do(day.custodians[1].actor, PostPartial(message=day.signed_partial(1)))


def test_a_custodian_with_a_newer_key_still_opens_with_the_one_on_the_roster() -> None:
    day = Day()
    day.ordered()
    new = Party("custodian-1", "custodian", ed25519("new"))
    day.happened(day.custodians[0].changes_to(new))
    post(day, partial(day, 1))


def test_a_custodian_posts_once() -> None:
    day = Day()
    day.ordered()
    post(day, partial(day, 1))
    with refused(OutOfOrder, "opening.already_posted"):
        post(day, partial(day, 1))


def test_nobody_posts_before_the_time_of_the_order() -> None:
    day = Day()
    day.announced()
    scheduled = day.now + 1000
    day.now = scheduled
    day.order()
    day.now = scheduled - 1
    with refused(OutOfOrder, "opening.not_yet"):
        post(day, partial(day, 1))
    day.now = scheduled
    day.partials()
    day.now = scheduled - 1
    with refused(OutOfOrder, "opening.not_yet"):
        release(day)


# The release


def test_the_timekeeper_releases_only_after_k_custodians() -> None:
    day = Day()
    day.ordered()
    day.partials((3,))
    with refused(OutOfOrder, "opening.too_few_partials"):
        release(day)
    day.partials((1,))
    (event,) = release(day)
    assert isinstance(event, KeyReleased)


def test_after_the_release_nothing_more_is_posted() -> None:
    day = Day()
    day.ordered()
    day.partials()
    release(day)
    with refused(OutOfOrder, "opening.key_released"):
        release(day)
    with refused(OutOfOrder, "opening.key_released"):
        post(day, partial(day, 3))


def test_a_release_is_the_timekeepers_own() -> None:
    day = Day()
    day.ordered()
    day.partials()
    with refused(NotValid, "message.signature"):
        release(day, day.custodians[0])
    with refused(NotAllowed, "opening.not_bound"):
        day.do(day.custodians[0].actor, ReleaseKey(message=day.signed_partial(0)))
    shares = day.shares(FIRST, 0)
    with refused(NotValid, "opening.share_wrong"):
        release(day, shares=(flipped(shares[0], 130), *shares[1:]))
    with refused(NotValid, "opening.share_wrong"):
        release(day, shares=day.shares(FIRST, 1))


# Bodies


def test_the_last_body_ends_the_decryption() -> None:
    day = Day()
    bids = day.ordered()
    day.partials()
    release(day)
    assert [type(event) for event in day.duty(RecordBody(bid=bids[3]))] == [BidOpened]
    day.duty(RecordBody(bid=bids[1]))
    assert [type(event) for event in day.duty(RecordBody(bid=bids[2]))] == [
        BidOpened,
        DecryptionEnded,
    ]


def test_a_body_is_recorded_once_and_only_of_a_listed_bid_after_the_release() -> None:
    day = Day(minimum=1)
    first = day.opened_up()
    day.withdraw(3, first[3])
    day.at(day.state.sections["s1"].terms.deadline)
    day.announce()
    day.order()
    day.partials()
    with refused(OutOfOrder, "opening.not_released"):
        day.do(SERVICE, RecordBody(bid=first[1]))
    release(day)
    with refused(NotFound, "opening.no_such_bid"):
        day.do(SERVICE, RecordBody(bid="0" * 32))
    with refused(OutOfOrder, "opening.not_listed"):
        day.do(SERVICE, RecordBody(bid=first[3]))
    found = day.body(first[1])
    day.duty(RecordBody(bid=first[1]))
    with refused(OutOfOrder, "opening.already_opened"):
        day.do(SERVICE, RecordBody(bid=first[1]), checked=found)


def test_the_result_of_another_bid_or_opening_is_refused() -> None:
    day = Day()
    bids = day.ordered()
    day.partials()
    release(day)
    found = day.body(bids[2])
    assert isinstance(found, OpenedBody)
    with refused(NotValid, "opening.other_opening"):
        day.do(SERVICE, RecordBody(bid=bids[1]), checked=found)
    elsewhere = dataclasses.replace(found, opening_id="0" * 64)
    with refused(NotValid, "opening.other_opening"):
        day.do(SERVICE, RecordBody(bid=bids[2]), checked=elsewhere)
    with pytest.raises(TypeError):
        day.do(SERVICE, RecordBody(bid=bids[2]))
