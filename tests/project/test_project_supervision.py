import pytest

from project import supervision
from project.commands import AcknowledgeNotice, RaiseNotice, RecordView
from project.supervision import HOUR, already_viewed, check_acknowledged
from record.errors import NotFound, OutOfOrder
from tests.project import world as w

RAISE = RaiseNotice(section=w.SECTION, text="The hall has no clock.", pause=True)
VIEW = RecordView(account="supervisor", subject="timeline")


def raised(world: w.World) -> str:
    world.does("supervisor", RAISE)
    return list(world.state.notices)[-1]


def reply(notice: str) -> AcknowledgeNotice:
    return AcknowledgeNotice(notice=notice, reply="A clock is being brought.")


def test_a_notice_is_acknowledged_once() -> None:
    world = w.published()
    notice = raised(world)
    assert world.state.notices[notice].pause
    world.does("clerk", reply(notice))
    assert world.state.notices[notice].reply == "A clock is being brought."
    with pytest.raises(OutOfOrder, match=r"project\.already_acknowledged"):
        world.does("clerk", reply(notice))


def test_a_notice_nobody_raised_is_not_acknowledged() -> None:
    world = w.published()
    with pytest.raises(NotFound, match=r"project\.no_such_subject"):
        world.does("clerk", reply("ee" * 16))
    with pytest.raises(NotFound, match=r"project\.no_such_notice"):
        supervision.acknowledge_notice(world.state, reply("ee" * 16), w.given("clerk", world.now))


def test_nothing_goes_on_over_an_open_notice() -> None:
    world = w.published()
    notice = raised(world)
    with pytest.raises(OutOfOrder, match=r"project\.notice_unacknowledged"):
        check_acknowledged(world.state, w.SECTION)
    check_acknowledged(world.state, "s2")
    world.does("clerk", reply(notice))
    check_acknowledged(world.state, w.SECTION)


def test_a_view_is_recorded_once_a_person_subject_and_hour() -> None:
    world = w.published()
    world.now = w.T0 // HOUR * HOUR
    assert not already_viewed(world.state, "supervisor", "timeline", world.now)
    world.does("service", VIEW)
    world.now += HOUR - 1
    assert already_viewed(world.state, "supervisor", "timeline", world.now)
    with pytest.raises(OutOfOrder, match=r"project\.already_viewed"):
        world.does("service", VIEW)
    world.does("service", VIEW.model_copy(update={"subject": "export"}))
    world.does("service", VIEW.model_copy(update={"account": "clerk"}))
    world.now += 1
    world.does("service", VIEW)
