import pytest

from opening.commands import EndWindow, ExtendWindow, ReleaseSecret, Window
from opening.events import BidSpoiled, DecryptionEnded, SecretReleased, WindowEnded, WindowOpened
from record.errors import NotAllowed, NotValid, OutOfOrder, TooLate
from record.events import Event
from tests.opening.day import Day
from tests.opening.refusals import refused
from tests.opening.world import DEADLINE, MINUTE, SERVICE


def extend(day: Day, window: Window, until: int) -> None:
    command = ExtendWindow(section="s1", envelope=1, window=window, until=until, reason="人数多")
    day.do(day.clerk.actor, command)


def end(day: Day, window: Window) -> tuple[Event, ...]:
    return day.do(SERVICE, EndWindow(section="s1", envelope=1, window=window))


def co_opening() -> tuple[Day, dict[int, str]]:
    day = Day(co_open=True)
    return day, day.announced()


# Secrets


def test_the_last_secret_ends_the_window() -> None:
    day, bids = co_opening()
    day.window("secrets")
    day.release_secret(1, bids[1])
    day.release_secret(2, bids[2])
    released, ended = day.release_secret(3, bids[3])
    assert isinstance(released, SecretReleased)
    assert isinstance(ended, WindowEnded)
    day.order()
    assert day.session().stage == "decrypting"


def test_a_bid_without_its_secret_is_spoiled_by_its_bidder_when_the_window_ends() -> None:
    day, bids = co_opening()
    day.window("secrets")
    day.release_secret(1, bids[1])
    day.release_secret(3, bids[3])
    assert day.at(day.session().windows["secrets"]) == ["end/s1/1/secrets"]
    spoiled = day.session().spoiled[bids[2]]
    assert (spoiled.cause, spoiled.blame) == ("secret_missing", "bidder")
    day.order()
    assert [line.bid for line in day.session().order.bids] == [bids[1], bids[3]]  # type: ignore[union-attr]  # just issued


def test_when_no_bidder_releases_nothing_is_left_to_decrypt() -> None:
    day, _ = co_opening()
    day.window("secrets")
    day.now = day.session().windows["secrets"]
    events = end(day, "secrets")
    assert [type(event) for event in events] == [BidSpoiled] * 3 + [WindowEnded, DecryptionEnded]
    assert day.session().stage == "read_out"


def test_secrets_may_come_from_the_close_on_and_then_the_window_ends_at_once() -> None:
    day = Day(co_open=True)
    bids = day.closed()
    for bidder, bid in bids.items():
        day.release_secret(bidder, bid)
    day.announce()
    opened, ended = day.window("secrets")
    assert isinstance(opened, WindowOpened)
    assert isinstance(ended, WindowEnded)
    day.order()


def test_a_secret_that_is_not_the_committed_one_is_refused() -> None:
    day, bids = co_opening()
    day.window("secrets")
    command = ReleaseSecret(bid=bids[1], secret="0" * 64)
    with refused(NotValid, "opening.secret_wrong"):
        day.do(day.bidder[1].actor, command)


def test_another_bidders_secret_is_not_ones_own_to_release() -> None:
    day, bids = co_opening()
    with refused(NotAllowed, "opening.not_own_bid"):
        day.release_secret(2, bids[1])
    with refused(NotAllowed, "opening.not_own_bid"):
        day.release_secret(2, "0" * 32)


def test_a_secret_is_released_once() -> None:
    day, bids = co_opening()
    day.release_secret(1, bids[1])
    with refused(OutOfOrder, "opening.already_released"):
        day.release_secret(1, bids[1])


def test_a_secret_before_the_close_is_refused() -> None:
    day = Day(co_open=True)
    bids = day.opened_up()
    with refused(OutOfOrder, "opening.wrong_stage"):
        day.release_secret(1, bids[1])


def test_a_secret_after_the_window_is_too_late() -> None:
    day, bids = co_opening()
    day.window("secrets")
    day.now = day.session().windows["secrets"]
    with refused(TooLate, "opening.window_over"):
        day.release_secret(1, bids[1])
    end(day, "secrets")
    with refused(OutOfOrder, "opening.wrong_stage"):
        day.release_secret(1, bids[1])


def test_a_secret_after_a_window_that_some_met_finds_it_gone() -> None:
    day, bids = co_opening()
    day.window("secrets")
    day.release_secret(1, bids[1])
    day.at(day.session().windows["secrets"])
    with refused(OutOfOrder, "opening.window_not_open"):
        day.release_secret(2, bids[2])


def test_a_superseded_bids_secret_stays_with_its_bidder() -> None:
    day = Day(co_open=True)
    bids = day.opened_up()
    day.bid(1)
    day.at(DEADLINE)
    with refused(OutOfOrder, "opening.not_due"):
        day.release_secret(1, bids[1])


def test_without_the_policy_there_are_no_secrets() -> None:
    day = Day()
    bids = day.announced()
    with refused(OutOfOrder, "opening.no_secrets"):
        day.window("secrets")
    with refused(OutOfOrder, "opening.no_secrets"):
        day.release_secret(1, bids[1])


def test_a_failed_sections_secrets_stay_with_their_bidders() -> None:
    day = Day(co_open=True)
    day.open_up()
    bid = day.bid(1)
    day.at(DEADLINE)
    with refused(OutOfOrder, "opening.section_failed"):
        day.release_secret(1, bid)


# Windows as such


def test_a_window_lasts_as_the_terms_say_and_is_extended_with_a_reason() -> None:
    day, bids = co_opening()
    before = day.now
    day.window("secrets")
    until = day.session().windows["secrets"]
    assert until == before + 10 * MINUTE
    with refused(NotValid, "opening.window_not_later"):
        extend(day, "secrets", until)
    extend(day, "secrets", until + 1)
    day.now = until
    day.release_secret(1, bids[1])
    assert [remark.what for remark in day.session().remarks] == ["extended/secrets"]


def test_a_window_that_is_over_or_not_open_is_not_extended() -> None:
    day, _ = co_opening()
    with refused(OutOfOrder, "opening.window_not_open"):
        extend(day, "secrets", day.now + MINUTE)
    day.window("secrets")
    day.now = day.session().windows["secrets"]
    with refused(TooLate, "opening.window_over"):
        extend(day, "secrets", day.now + MINUTE)


def test_a_window_ends_when_its_time_is_over_and_not_before() -> None:
    day, _ = co_opening()
    with refused(OutOfOrder, "opening.window_not_open"):
        end(day, "secrets")
    day.window("secrets")
    with refused(OutOfOrder, "opening.window_running"):
        end(day, "secrets")


def test_objections_are_never_cut_short() -> None:
    day = Day()
    day.objecting()
    with refused(OutOfOrder, "opening.window_running"):
        end(day, "objections")


@pytest.mark.parametrize("window", ["draw", "confirm", "objections"])
def test_a_window_opens_in_its_own_stage_only(window: Window) -> None:
    day = Day()
    day.announced()
    with refused(OutOfOrder, "opening.wrong_stage"):
        day.window(window)


def test_confirmation_waits_for_the_read_out_and_the_draw() -> None:
    day = Day()
    day.decrypted()
    with refused(OutOfOrder, "opening.not_all_read_out"):
        day.window("confirm")
    day.read()
    with refused(OutOfOrder, "draw.not_held"):
        day.window("confirm")
    day.draw()
    day.window("confirm")


def test_objections_wait_for_the_end_of_the_confirmation() -> None:
    day = Day()
    day.decrypted()
    day.read()
    day.draw()
    day.window("confirm")
    with refused(OutOfOrder, "opening.window_running"):
        day.window("objections")
