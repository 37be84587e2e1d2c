"""The discussion in a committee: who says something, when, how much, and by which name."""

from typing import Any

import pytest

from evaluation.commands import Say
from evaluation.discussion import MOST
from evaluation.discussion_events import LONGEST
from evaluation.events import CommitteeConvened
from record.errors import Refused
from record.rules import fold
from tests.evaluation.test_story import opened
from tests.opening.world import PROJECT
from tests.project.sitting import Sitting
from tests.project.whole import RULES

TEXT = "请各位先看第三章。"


def refused(code: str) -> Any:
    return pytest.raises(Refused, match=code.replace(".", r"\."))


def say(of: Sitting, seat: int, text: str = TEXT) -> None:
    of.act(seat, Say, text=text)


def test_members_discuss_from_the_chairs_election_until_the_report_is_drawn_up() -> None:
    of = Sitting(opened()).bind().convene()
    for seat in of.people:
        of.sit(seat)
    with refused("discussion.not_begun"):
        say(of, 1)
    of.elect()
    say(of, 1)
    say(of, 2, "同意。")
    of.reviewed().priced().marked()
    say(of, 3)
    assert [(one.seat, one.text) for one in of.found.said] == [
        ("1", TEXT),
        ("2", "同意。"),
        ("3", TEXT),
    ]
    of.draw_up()
    with refused("discussion.over"):
        say(of, 1)
    assert fold(RULES, PROJECT, of.world.record) == of.world.whole


def test_who_is_new_says_nothing_before_it_confirmed_the_names() -> None:
    of = Sitting(opened()).quorate()
    of.stand_aside(2)
    of.replace(2)
    with refused("discussion.not_begun"):
        say(of, 2)
    say(of, 1)
    of.sit(2)
    say(of, 2)


def test_nobody_says_anything_while_it_is_paused() -> None:
    of = Sitting(opened()).quorate()
    of.pause()
    with refused("evaluation.paused"):
        say(of, 1)
    of.go_on()
    say(of, 1)


@pytest.mark.parametrize("text", [" ", "\n\t "])
def test_an_empty_message_is_refused(text: str) -> None:
    with refused("discussion.empty"):
        say(Sitting(opened()).quorate(), 1, text)


def test_a_message_has_its_length_and_a_discussion_its_number() -> None:
    of = Sitting(opened()).quorate()
    say(of, 1, "字" * LONGEST)
    with refused("discussion.too_long"):
        say(of, 1, "字" * (LONGEST + 1))
    for _ in range(MOST - 1):
        say(of, 1, "好")
    with refused("discussion.too_many"):
        say(of, 2)


def test_a_committee_says_by_what_its_members_stand_and_an_older_one_by_name() -> None:
    of = Sitting(opened()).bind().convene("seat")
    assert of.found.shown_by == "seat"
    named = Sitting(opened()).bind().convene()
    convened = named.world.record[-1][0]
    assert isinstance(convened, CommitteeConvened)
    assert b"shown_by" not in convened.body()
    assert named.found.shown_by == "name"
