"""What people are told of without looking: never more than their own channels show."""

from collections.abc import Iterator

import pytest

from project.rules import ProjectRules, evolve
from project.state import ProjectState
from rooms.facts import Happened, facts_of
from rooms.notices import FIELDS, TOLD, Notice, deadlines, notices
from rooms.rights import AUDIENCE_OF, channels_of
from rooms.views import ROWS
from tests.opening.world import PROJECT
from tests.rooms.story import Story

HOUR = 3_600_000
Told = tuple[Happened, ProjectState, Notice]


@pytest.fixture(scope="module")
def story() -> Story:
    made = Story(co_open=True)
    made.whole()
    return made


def told(story: Story) -> Iterator[Told]:
    """Give every notice of a story, with what it is about."""
    state = ProjectRules().initial(PROJECT)
    for happened in story.entries():
        before, event = state, happened.event
        state = evolve(before, event, happened.stamp)  # type: ignore[arg-type]  # a project's record holds no others
        facts = facts_of(happened, before, state)
        for notice in notices(state, event, facts, happened.stamp.actor.account):
            yield happened, state, notice


def test_nobody_is_told_what_no_channel_of_theirs_shows(story: Story) -> None:
    count = 0
    for happened, state, notice in told(story):
        channels = {name.split("/")[0] for name in channels_of(state, notice.account)}
        fields: set[str] = set()
        for kind, row in ROWS.items():
            if kind.split("/")[0] == happened.event.type:
                seen = (names for seat, names in row.now.items() if seat in channels)
                fields |= {field for names in seen for field in names}
        if not notice.kind.startswith("ceremony_"):
            assert set(notice.facts) <= fields, (happened.event.type, notice)
        count += 1
    assert count > 20


def test_before_the_close_bidders_are_told_of_nobody_else_and_clerks_of_no_bid(
    story: Story,
) -> None:
    for happened, state, notice in told(story):
        is_closed = any(session.closed for session in state.opening.sessions.values())
        if is_closed or not happened.event.type.startswith("opening.bid_"):
            continue
        roles = {
            one.role for one in state.opening.participants.values() if one.account == notice.account
        }
        assert roles == {"bidder"}, (happened.event.type, notice)


def test_everybody_is_told_when_it_is_their_turn(story: Story) -> None:
    kinds = {notice.kind for _, _, notice in told(story)}
    assert {"ceremony", "ceremony_deal", "ceremony_certify", "release", "window"} <= kinds
    assert {"question", "answer", "amendment", "refusal", "minutes", "objection"} <= kinds


def test_whoever_acts_is_not_told_of_it(story: Story) -> None:
    for happened, _, notice in told(story):
        is_own_next_step = notice.kind in {"ceremony_deal", "ceremony_certify"}
        assert is_own_next_step or notice.account != happened.stamp.actor.account


@pytest.mark.parametrize("kind", sorted(TOLD))
def test_every_role_that_is_told_of_a_kind_is_shown_it(kind: str) -> None:
    row = next(row for name, row in ROWS.items() if kind in {name, name.split("/")[0]})
    for role in TOLD[kind].roles:
        assert {"hall", AUDIENCE_OF[role]} & set(row.now), (kind, role)


def test_what_a_notice_may_repeat_names_no_person_and_no_bid() -> None:
    assert FIELDS.isdisjoint({"bid", "name", "account", "organisation", "organisation_name"})


def test_a_deadline_is_told_of_a_day_and_an_hour_before_and_not_earlier() -> None:
    story = Story()
    story.open_up()
    state = story.project_state()
    deadline = state.opening.sections["s1"].terms.deadline
    for hours in (24, 1):
        moment = deadline - hours * HOUR
        assert not list(deadlines(state, moment - 1, hours))
        found = {notice.account for _, notice in deadlines(state, moment, hours)}
        assert story.clerk.account in found
        assert not list(deadlines(state, deadline, hours))
