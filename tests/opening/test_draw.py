from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto.hashing import H
from opening.commands import CommitDraw, EndWindow, RevealDraw, SealDraw, StartDraw
from opening.drawn import accepted, draw_commit, draw_result
from opening.events import (
    DrawDefaulted,
    DrawEnded,
    DrawRevealed,
    DrawSealed,
    DrawStarted,
    WindowEnded,
    WindowOpened,
)
from record.errors import NotAllowed, NotFound, NotValid, OutOfOrder, TooLate
from tests.opening.day import ROOT, Day
from tests.opening.parties import seeded
from tests.opening.refusals import refused
from tests.opening.world import FIRST, MINUTE, SECOND, SERVICE


def ready() -> Day:
    """Return a day on which everything is read out and bidder 1 has signed in."""
    day = Day()
    day.announced()
    day.sign_in(day.bidder[1])
    day.order()
    day.decrypt(FIRST)
    day.read()
    return day


def drawing() -> tuple[Day, str]:
    day = ready()
    return day, day.start_draw()


def sealed() -> tuple[Day, str]:
    day, draw = drawing()
    for who in day.drawers:
        day.commit(who, draw)
    day.do_duties()
    return day, draw


def time_out(day: Day) -> list[str]:
    return day.at(day.session().windows["draw"])


# The arithmetic


def test_the_result_is_computed_as_documented() -> None:
    values = ("a", "b", "c")
    secrets = [bytes([i]) * 32 for i in range(3)]
    seed, result = draw_result("0" * 32, ROOT, secrets, values)
    assert seed == H("draw-seed", b"0" * 32, ROOT, *secrets)
    assert result == values[int.from_bytes(seed) % 3]


def test_a_candidate_above_the_bound_is_drawn_again() -> None:
    count = (1 << 255) + 1
    low, high = bytes(32), bytes([255]) * 32
    assert accepted(low, count) == low
    found = accepted(high, count)
    candidate = H("draw-next", high)
    while int.from_bytes(candidate) >= count:
        candidate = H("draw-next", candidate)
    assert found == candidate


@given(st.integers(1, 40), st.binary(min_size=32, max_size=32))
def test_the_result_is_one_of_the_values(count: int, secret: bytes) -> None:
    values = [str(number) for number in range(count)]
    seed, result = draw_result("0" * 32, ROOT, [secret], values)
    assert values[int.from_bytes(seed) % count] == result


def test_all_values_come_up_about_as_often() -> None:
    counted = Counter(
        draw_result("0" * 32, ROOT, [seeded(str(number))], ("a", "b", "c"))[1]
        for number in range(600)
    )
    assert all(150 < count < 250 for count in counted.values())


def test_a_commitment_belongs_to_its_draw_and_its_party() -> None:
    made = draw_commit("0" * 32, "clerk", ROOT)
    assert made == H("draw-commit", b"0" * 32, b"clerk", ROOT)
    assert made != draw_commit("0" * 32, "supervisor", ROOT)
    assert made != draw_commit("1" * 32, "clerk", ROOT)


# A draw as it should be


def test_all_commit_then_all_reveal_and_anyone_can_compute_the_result() -> None:
    day, draw = sealed()
    assert day.drawing().root == ROOT.hex()
    for who in day.drawers[:-1]:
        (event,) = day.reveal(who, draw)
        assert isinstance(event, DrawRevealed)
    _, ended, window = day.reveal(day.timekeeper, draw)
    assert isinstance(ended, DrawEnded)
    assert isinstance(window, WindowEnded)
    secrets = [seeded(f"{draw}/{who.account}") for who in day.drawers]
    seed, result = draw_result(draw, ROOT, secrets, day.drawing().values)
    assert (ended.seed, ended.result) == (seed.hex(), result)
    assert day.folded() == day.state


def test_each_part_of_a_draw_has_a_window_of_its_own() -> None:
    day, draw = drawing()
    assert day.session().windows["draw"] == day.now - 1000 + 10 * MINUTE
    for who in day.drawers:
        day.commit(who, draw)
    now = day.now
    events = day.duty(SealDraw(draw=draw))
    assert [type(event) for event in events] == [DrawSealed, WindowOpened]
    assert day.session().windows["draw"] == now + 10 * MINUTE


# Starting


def test_a_draw_starts_when_all_is_read_out_and_one_at_a_time() -> None:
    day = Day()
    day.decrypted()
    with refused(OutOfOrder, "opening.not_all_read_out"):
        day.start_draw()
    day.read()
    day.start_draw()
    with refused(OutOfOrder, "draw.running"):
        day.start_draw()


def test_a_draw_is_held_once() -> None:
    day = ready()
    day.draw()
    with refused(OutOfOrder, "draw.done"):
        day.start_draw()


def test_nothing_is_drawn_in_a_first_envelope_of_two_or_without_values() -> None:
    day = Day(envelopes=2)
    day.decrypted()
    day.read()
    with refused(OutOfOrder, "draw.nothing_to_draw"):
        day.start_draw()
    bare = Day(envelopes=2)
    bare.objecting()
    bare.ended()
    bare.passed_on(1)
    bare.do_duties()
    bare.announce(SECOND)
    bare.order(SECOND)
    bare.decrypt(SECOND)
    bare.read(SECOND)
    assert bare.draw(SECOND) in bare.state.sections["s1"].terms.draw


def test_the_parties_are_a_clerk_the_timekeeper_the_supervisor_and_a_bidder_who_is_there() -> None:
    day = ready()
    with refused(NotValid, "draw.party_missing"):
        day.start_draw(day.clerk, day.supervisor, day.timekeeper)
    with refused(NotValid, "draw.party_missing"):
        day.start_draw(day.clerk, day.supervisor, day.bidder[1])
    with refused(NotValid, "draw.party_missing"):
        day.start_draw(day.clerk, day.timekeeper, day.bidder[1])
    with refused(NotValid, "draw.party_missing"):
        day.start_draw(day.supervisor, day.timekeeper, day.bidder[1])
    with refused(NotValid, "draw.party_twice"):
        day.start_draw(*day.drawers, day.clerk)
    with refused(NotValid, "draw.not_taking_part"):
        day.start_draw(*day.drawers, day.custodians[0])


def test_where_no_bidder_came_none_is_needed() -> None:
    day = Day()
    day.decrypted()
    day.read()
    day.start_draw(day.clerk, day.supervisor, day.timekeeper)


def test_a_party_may_be_named_only_by_an_account_that_takes_part() -> None:
    day = ready()
    names = (*(who.account for who in day.drawers), "没有这个账号")
    command = StartDraw(section="s1", envelope=1, purpose="抽取", parties=names)
    with refused(NotValid, "draw.not_taking_part"):
        day.do(day.clerk.actor, command)


# Committing and revealing


def test_only_parties_commit_and_each_once() -> None:
    day, draw = drawing()
    with refused(NotAllowed, "draw.not_a_party"):
        day.commit(day.bidder[2], draw)
    day.commit(day.clerk, draw)
    with refused(OutOfOrder, "draw.already_committed"):
        day.commit(day.clerk, draw)
    with refused(NotFound, "draw.not_found"):
        day.do(day.clerk.actor, CommitDraw(draw="0" * 32, commit="0" * 64))


def test_a_commitment_after_the_window_is_too_late() -> None:
    day, draw = drawing()
    day.now = day.session().windows["draw"]
    with refused(TooLate, "opening.window_over"):
        day.commit(day.clerk, draw)


def test_a_draw_is_sealed_once_when_all_have_committed_and_with_a_root() -> None:
    day, draw = drawing()
    with refused(OutOfOrder, "draw.not_committed"):
        day.duty(SealDraw(draw=draw))
    for who in day.drawers:
        day.commit(who, draw)
    with refused(OutOfOrder, "draw.no_root"):
        day.do(SERVICE, SealDraw(draw=draw))
    day.duty(SealDraw(draw=draw))
    with refused(OutOfOrder, "draw.sealed"):
        day.duty(SealDraw(draw=draw))
    with refused(OutOfOrder, "draw.sealed"):
        day.commit(day.clerk, draw)


def test_nobody_reveals_before_the_seal() -> None:
    day, draw = drawing()
    day.commit(day.clerk, draw)
    with refused(OutOfOrder, "draw.not_sealed"):
        day.reveal(day.clerk, draw)


def test_the_timekeeper_reveals_last() -> None:
    day, draw = sealed()
    with refused(OutOfOrder, "draw.timekeeper_last"):
        day.reveal(day.timekeeper, draw)


def test_what_is_revealed_is_what_was_committed_to() -> None:
    day, draw = sealed()
    with refused(NotValid, "draw.commit_differs"):
        day.do(day.clerk.actor, RevealDraw(draw=draw, secret="0" * 64))
    day.reveal(day.clerk, draw)
    with refused(OutOfOrder, "draw.already_revealed"):
        day.reveal(day.clerk, draw)
    with refused(NotAllowed, "draw.not_a_party"):
        day.reveal(day.bidder[2], draw)


# Who does not act in time


def test_who_does_not_commit_is_named_and_all_commit_anew() -> None:
    day, draw = drawing()
    for who in (day.clerk, day.supervisor, day.timekeeper):
        day.commit(who, draw)
    assert time_out(day) == [f"end/draw/{draw}"]
    assert day.session().draws[draw].defaulted == ("bidder-1",)
    again = day.drawing()
    assert (again.attempt, again.parties) == (2, ("clerk", "supervisor", "timekeeper"))
    assert again.draw != draw
    assert again.commits == {}
    with refused(OutOfOrder, "draw.over"):
        day.commit(day.clerk, draw)


def test_who_committed_and_does_not_reveal_is_named() -> None:
    day, draw = sealed()
    day.reveal(day.clerk, draw)
    day.reveal(day.supervisor, draw)
    day.now = day.session().windows["draw"]
    events = day.duty(EndWindow(section="s1", envelope=1, window="draw"))
    assert [type(event) for event in events] == [DrawDefaulted, DrawStarted, WindowOpened]
    assert day.session().draws[draw].defaulted == ("bidder-1",)


def test_the_timekeeper_is_named_only_when_it_was_its_turn() -> None:
    day, draw = sealed()
    for who in day.drawers[:-1]:
        day.reveal(who, draw)
    time_out(day)
    assert day.session().draws[draw].defaulted == ("timekeeper",)


def test_with_too_few_left_the_draw_is_over_and_the_clerk_starts_anew() -> None:
    day, draw = drawing()
    day.commit(day.clerk, draw)
    time_out(day)
    assert day.session().windows == {}
    assert day.do_duties() == []
    with refused(OutOfOrder, "draw.not_held"):
        day.window("confirm")
    day.draw()
    assert day.drawing().attempt == 2
    day.window("confirm")


def test_a_draw_is_not_timed_out_early_or_while_it_waits_for_the_service() -> None:
    day, draw = drawing()
    command = EndWindow(section="s1", envelope=1, window="draw")
    with refused(OutOfOrder, "opening.window_running"):
        day.duty(command)
    for who in day.drawers:
        day.commit(who, draw)
    day.now = day.session().windows["draw"]
    with refused(OutOfOrder, "draw.nobody_missed"):
        day.duty(command)
    assert day.do_duties() == [f"seal/{draw}"]


@pytest.mark.parametrize("late", range(3))
def test_a_withheld_reveal_never_decides_the_result(late: int) -> None:
    day, draw = sealed()
    holding_back = day.drawers[late]
    for who in day.drawers[:-1]:
        if who != holding_back:
            day.reveal(who, draw)
    time_out(day)
    assert day.session().draws[draw].result is None
    assert holding_back.account not in day.drawing().parties
