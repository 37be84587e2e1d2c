from dataclasses import replace
from typing import Any

import pytest

from opening.messages import FormField
from opening.terms import SectionResumed, TermsSet
from project import sections
from project.commands import (
    AddDocument,
    RemoveDocument,
    ResumeSection,
    SuspendSection,
    TerminateSection,
)
from project.phases import Phase, phase
from project.sections import StoredDocument
from record.errors import NotFound, NotValid, OutOfOrder, TooLate
from tests.project import world as w

SUSPEND = SuspendSection(section=w.SECTION, reason="A flaw was found")
RESUME = ResumeSection(section=w.SECTION)
TERMINATE = TerminateSection(section=w.SECTION, reason="No need any more")
FIELD = FormField(field="warranty", title="Warranty", kind="integer", required=True)


def at(world: w.World) -> Phase:
    return phase(world.state.opening, w.SECTION)


def test_the_terms_of_a_section_carry_the_projects_currency() -> None:
    world = w.created()
    (event,) = world.does("clerk", w.terms(limit=5_000_00, draw=("0.95", "0.96"), form=(FIELD,)))
    assert isinstance(event, TermsSet)
    assert (event.currency, event.limit, event.draw) == ("CNY", 5_000_00, ("0.95", "0.96"))


def test_terms_are_set_again_until_a_ceremony_runs() -> None:
    world = w.drafted()
    world.does("clerk", w.terms(title="Another"))
    assert world.terms.title == "Another"
    world.ceremony_started()
    with pytest.raises(OutOfOrder, match=r"project\.wrong_phase"):
        world.does("clerk", w.terms())


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"deadline": w.T0}, r"project\.deadline_passed"),
        ({"question_deadline": w.DEADLINE + 1}, r"project\.question_deadline"),
        ({"k": 3}, r"project\.threshold"),
        ({"form": (FIELD, FIELD)}, r"project\.form_fields"),
        ({"draw": ("0.95",)}, r"project\.draw_values"),
        ({"draw": ("0.95", "0.95")}, r"project\.draw_values"),
    ],
)
def test_terms_that_cannot_hold_are_refused(changes: dict[str, Any], code: str) -> None:
    with pytest.raises((NotValid, TooLate), match=code):
        w.created().does("clerk", w.terms(**changes))


def test_no_section_is_added_after_the_notice() -> None:
    with pytest.raises(OutOfOrder, match=r"project\.notice_published"):
        w.published().does("clerk", w.terms(section="s2"))


def test_the_number_of_sections_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sections, "MOST_SECTIONS", 1)
    with pytest.raises(OutOfOrder, match=r"project\.too_many_sections"):
        w.drafted().does("clerk", w.terms(section="s2"))


def test_a_document_is_what_the_service_measured() -> None:
    command = AddDocument(title="T", name="t.pdf", size=3, sha256="aa" * 32)
    with pytest.raises(NotFound, match=r"project\.no_such_file"):
        w.created().does("clerk", command)
    with pytest.raises(NotValid, match=r"project\.file_differs"):
        w.created().does("clerk", command, checked=StoredDocument(4, "aa" * 32))


def test_two_documents_never_have_one_name() -> None:
    world = w.created()
    world.adds_document("tender.pdf")
    with pytest.raises(NotValid, match=r"project\.document_name"):
        world.adds_document("tender.pdf")


def test_the_number_of_documents_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sections, "MOST_DOCUMENTS", 1)
    world = w.created()
    world.adds_document("one.pdf")
    with pytest.raises(OutOfOrder, match=r"project\.too_many_documents"):
        world.adds_document("two.pdf")


def test_a_document_is_taken_out_before_it_is_published_and_never_after() -> None:
    world = w.published()
    public = next(iter(world.state.documents))
    waiting = world.adds_document("annex.pdf")
    world.does("clerk", RemoveDocument(document=waiting))
    assert list(world.state.documents) == [public]
    with pytest.raises(OutOfOrder, match=r"project\.document_published"):
        world.does("clerk", RemoveDocument(document=public))
    with pytest.raises(NotFound, match=r"project\.no_such_document"):
        world.does("clerk", RemoveDocument(document=waiting))


def test_a_suspension_moves_the_deadline_by_its_length() -> None:
    world = w.published()
    world.does("clerk", SUSPEND)
    assert at(world) is Phase.SUSPENDED
    world.now += 3 * w.DAY
    (event,) = world.does("clerk", RESUME)
    assert event == SectionResumed(section=w.SECTION, shift=3 * w.DAY)
    assert world.terms.deadline == w.DEADLINE + 3 * w.DAY
    assert at(world) is Phase.OPEN


def test_a_section_is_not_suspended_between_its_deadline_and_its_close() -> None:
    world = w.published()
    world.now = w.DEADLINE
    with pytest.raises(TooLate, match=r"project\.deadline_passed"):
        world.does("clerk", SUSPEND)


def test_only_what_is_suspended_is_resumed_and_nothing_is_suspended_twice() -> None:
    world = w.published()
    with pytest.raises(OutOfOrder, match=r"project\.wrong_phase"):
        world.does("clerk", RESUME)
    world.does("clerk", SUSPEND)
    with pytest.raises(OutOfOrder, match=r"project\.wrong_phase"):
        world.does("clerk", SUSPEND)


@pytest.mark.parametrize("make", [w.drafted, w.published])
def test_a_section_is_terminated_for_good(make: Any) -> None:
    world = make()
    world.does("clerk", TERMINATE)
    assert at(world) is Phase.TERMINATED
    for again in (TERMINATE, SUSPEND, RESUME):
        with pytest.raises(OutOfOrder, match=r"project\.wrong_phase"):
            world.does("clerk", again)


def test_a_section_terminated_in_the_draft_is_left_out_of_the_notice() -> None:
    world = w.drafted()
    world.does("clerk", w.terms(section="s2"))
    world.does("clerk", replace_section(TERMINATE, "s2"))
    world.has_key()
    world.publishes()
    assert world.state.notice is not None
    assert [one.section for one in world.state.notice.notice.sections] == [w.SECTION]


def replace_section(command: TerminateSection, section: str) -> TerminateSection:
    return command.model_copy(update={"section": section})


def test_a_section_nobody_defined_is_not_found() -> None:
    with pytest.raises(NotFound, match=r"project\.no_such_section"):
        w.published().does("clerk", replace_section(TERMINATE, "s9"))


def test_a_draft_without_its_beginning_defines_nothing() -> None:
    world = w.created()
    world.state = replace(world.state, created=None)
    with pytest.raises(OutOfOrder, match=r"project\.not_created"):
        world.does("clerk", w.terms())
