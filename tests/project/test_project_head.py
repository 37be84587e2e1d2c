"""What a notice begins with: corrected by the clerk until it is published, and kept as it was said."""

import pytest

from project.commands import CorrectProject, CreateProject
from project.events import ProjectCorrected, ProjectCreated
from project.notice import expected_notice
from record.errors import NotAllowed, OutOfOrder
from tests.project import world as w

CORRECT = CorrectProject(number="2026-2", title="A bridge", tenderer="Builder", agency="Agency")


def begun(agency: str | None = None) -> w.World:
    world = w.World()
    create = CreateProject(number="2026-1", title="A road", tenderer="Tenderer", agency=agency)
    world.does("clerk", create, checked=w.known("clerk"))
    return world


def test_a_correction_is_what_the_project_is_called_from_then_on() -> None:
    world = begun()
    (event,) = world.does("clerk", CORRECT)
    assert isinstance(event, ProjectCorrected)
    created = world.state.created
    assert created == ProjectCreated(
        number="2026-2", title="A bridge", tenderer="Builder", agency="Agency", currency="CNY"
    )


def test_what_was_said_before_stays_on_the_record() -> None:
    world = begun()
    world.does("clerk", CORRECT)
    first, *_ = (event for event, _ in world.told)
    assert isinstance(first, ProjectCreated)
    assert (first.number, first.title) == ("2026-1", "A road")


def test_an_agency_that_is_left_out_is_gone() -> None:
    world = begun(agency="Agency")
    world.does("clerk", CORRECT.model_copy(update={"agency": None}))
    assert world.state.created is not None
    assert world.state.created.agency is None


def test_the_notice_says_what_was_corrected_last_even_after_the_ceremony() -> None:
    world = w.drafted()
    world.does("clerk", CORRECT)
    world.has_key()
    world.does("clerk", CORRECT.model_copy(update={"title": "A tunnel"}))
    notice = expected_notice(world.state, "Bids are returned unopened.")
    assert (notice.number, notice.title, notice.agency) == ("2026-2", "A tunnel", "Agency")
    assert notice.currency == "CNY"
    world.publishes()


def test_a_correction_that_corrects_nothing_is_refused() -> None:
    world = begun()
    same = CorrectProject(number="2026-1", title="A road", tenderer="Tenderer")
    with pytest.raises(OutOfOrder, match=r"project\.head_unchanged"):
        world.does("clerk", same)
    world.does("clerk", same.model_copy(update={"number": "2026-01"}))


def test_nothing_is_corrected_after_the_notice() -> None:
    with pytest.raises(OutOfOrder, match=r"project\.head_published"):
        w.published().does("clerk", CORRECT)


def test_what_does_not_exist_is_not_corrected() -> None:
    with pytest.raises(NotAllowed, match=r"project\.not_permitted"):
        w.World().does("clerk", CORRECT)


def test_nobody_but_a_clerk_corrects() -> None:
    for account in ("supervisor", "custodian1", "timekeeper", "stranger"):
        with pytest.raises(NotAllowed, match=r"project\.not_permitted"):
            w.drafted().does(account, CORRECT)
