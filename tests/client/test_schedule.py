"""When a rehearsal's deadline has to be: never so near that a crash would carry it past."""

from client.rehearsal.plan import Plan
from client.rehearsal.schedule import lead, margin

SECOND = 1000


def test_without_crashes_a_quick_machine_has_a_short_margin() -> None:
    assert margin(Plan(), 2 * SECOND, 20) == 4 * SECOND


def test_the_margin_outlasts_a_crash_on_a_machine_that_starts_slowly() -> None:
    started = 26 * SECOND
    assert margin(Plan(kill=True), started, 20) > 2 * started


def test_slow_answers_widen_the_margin() -> None:
    assert margin(Plan(), 2 * SECOND, SECOND) == 10 * SECOND


def test_an_answer_that_waited_for_the_service_says_nothing_of_speed() -> None:
    assert margin(Plan(), 2 * SECOND, 25 * SECOND) == margin(Plan(), 2 * SECOND, 2 * SECOND)


def test_a_machine_that_started_slowly_is_given_more_time() -> None:
    plan = Plan(two_envelopes=True)
    quick, slow = lead(plan, 2 * SECOND, 0), lead(plan, 20 * SECOND, 0)
    assert slow > 5 * quick


def test_crashes_are_given_the_time_that_starting_takes() -> None:
    started = 10 * SECOND
    more = lead(Plan(kill=True), started, 0) - lead(Plan(), started, 0)
    assert more >= 2 * started
