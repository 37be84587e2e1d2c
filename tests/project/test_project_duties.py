from dataclasses import replace

import pytest

from opening.commands import CloseBids, ExpireCeremony, RecordFiles
from opening.duties import Due
from project.commands import (
    DecideOutage,
    NoteOutage,
    ResumeSection,
    SuspendSection,
    TerminateSection,
)
from project.duties import duties
from project.rules import ProjectRules
from record.errors import Refused
from record.rules import Command, fold
from tests.project import world as w

CLOSE = (f"close/{w.SECTION}/1", CloseBids(section=w.SECTION, envelope=1))
NOTE = (f"outage/{w.SECTION}/{w.DEADLINE}", NoteOutage(section=w.SECTION))
AWAY = ((w.DEADLINE - 5 * w.MINUTE, w.DEADLINE - w.MINUTE),)


def due(world: w.World, away: tuple[tuple[int, int], ...] = ()) -> Due:
    return duties(world.state, world.now, away)


def at_deadline() -> w.World:
    world = w.published()
    world.now = w.DEADLINE
    return world


def test_before_the_deadline_the_service_waits_for_it() -> None:
    assert due(w.published()) == Due(do=(), again=w.DEADLINE)


def test_at_the_deadline_it_closes() -> None:
    assert due(at_deadline()).do == (CLOSE,)


def test_after_the_close_of_a_failed_section_nothing_is_due() -> None:
    world = at_deadline()
    world.does("service", CLOSE[1])
    assert world.state.opening.sections[w.SECTION].failed
    assert due(world) == Due(do=(), again=None)


def test_the_files_are_read_once_every_envelope_is_closed() -> None:
    world = w.published(envelopes=2)
    section = world.state.opening.sections[w.SECTION]
    world.opening(sections={w.SECTION: replace(section, approved=True)})
    world.now = w.DEADLINE
    world.does("service", CLOSE[1])
    assert [name for name, _ in due(world).do] == [f"close/{w.SECTION}/2"]
    world.does("service", CloseBids(section=w.SECTION, envelope=2))
    assert due(world).do == ((f"files/{w.SECTION}/1", RecordFiles(section=w.SECTION, envelope=1)),)


def test_an_outage_is_noted_first_and_the_close_waits_for_the_decision() -> None:
    world = at_deadline()
    assert due(world, AWAY).do == (NOTE,)
    world.does("service", NOTE[1], away=AWAY)
    assert due(world, AWAY) == Due(do=(), again=w.DEADLINE + 30 * w.MINUTE)
    world.now = w.DEADLINE + 30 * w.MINUTE
    assert due(world, AWAY).do == (CLOSE,)


def test_a_decision_to_close_makes_the_close_due_at_once() -> None:
    world = at_deadline()
    world.does("service", NOTE[1], away=AWAY)
    world.does("clerk", DecideOutage(section=w.SECTION, decision="close", reason="r"))
    assert due(world, AWAY).do == (CLOSE,)


def test_a_decision_to_extend_puts_the_close_off() -> None:
    world = at_deadline()
    world.does("service", NOTE[1], away=AWAY)
    later = w.DEADLINE + w.DAY
    extend = DecideOutage(section=w.SECTION, decision="extend", deadline=later, reason="r")
    world.does("clerk", extend)
    assert due(world, AWAY) == Due(do=(), again=later)


def test_an_outage_before_the_deadline_is_not_due_to_be_noted_yet() -> None:
    world = w.published()
    world.now = w.DEADLINE - 1
    assert due(world, AWAY) == Due(do=(), again=w.DEADLINE)


@pytest.mark.parametrize(
    "stop",
    [
        SuspendSection(section=w.SECTION, reason="r"),
        TerminateSection(section=w.SECTION, reason="r"),
    ],
)
def test_nothing_is_due_in_a_section_that_is_stopped(stop: Command) -> None:
    world = w.published()
    world.does("clerk", stop)
    world.now = w.DEADLINE
    assert due(world, AWAY) == Due(do=(), again=None)


def test_after_a_suspension_the_close_is_due_that_much_later() -> None:
    world = w.published()
    world.does("clerk", SuspendSection(section=w.SECTION, reason="r"))
    world.now += w.DAY
    world.does("clerk", ResumeSection(section=w.SECTION))
    assert due(world).again == w.DEADLINE + w.DAY


def test_a_ceremony_whose_step_is_missed_expires() -> None:
    world = w.drafted()
    world.ceremony_started()
    world.now = w.T0 + 1
    ((name, command),) = due(world).do
    assert isinstance(command, ExpireCeremony)
    assert name.startswith("expire/")


def test_whatever_is_due_is_never_refused_for_its_place() -> None:
    world = w.published(envelopes=2)
    world.now = w.DEADLINE
    for _ in range(5):
        for _, command in due(world, AWAY).do:
            try:
                world.does("service", command, away=AWAY)
            except Refused as refused:
                pytest.fail(str(refused))
        world.now += 10 * w.MINUTE
    assert due(world, AWAY).do == ()


def test_the_state_is_a_function_of_the_record() -> None:
    world = at_deadline()
    world.does("service", NOTE[1], away=AWAY)
    assert fold(ProjectRules(), w.PROJECT, world.told) == world.state
