from dataclasses import replace
from typing import Any

import pytest

from opening.events import KeyErased
from opening.messages import (
    Amendment,
    Erase,
    Notice,
    NoticeDocument,
    NoticeSection,
    Periods,
)
from opening.terms import BidsOpenedUp, BidsSuperseded, DeadlineMoved
from project.commands import Amend, PublishNotice
from project.notice import expected_notice
from project.phases import Phase, phase
from project.state import ProjectState
from record.errors import NotFound, NotValid, OutOfOrder, TooLate
from tests.project import world as w


def ready(**changes: Any) -> w.World:
    world = w.drafted(**changes)
    for envelope in range(1, world.terms.envelopes + 1):
        world.has_key(envelope=envelope)
    world.adds_document("tender.pdf")
    return world


def notice_of(world: w.World) -> Notice:
    return expected_notice(world.state, "Bids are returned unopened.")


def publish(world: w.World, notice: Notice, account: str = "clerk") -> Any:
    return world.does("clerk", PublishNotice(message=w.signed(notice, account)))


def test_a_published_notice_opens_every_section_and_its_documents() -> None:
    world = ready(envelopes=2)
    events = publish(world, notice_of(world))
    assert events[1:] == (BidsOpenedUp(section=w.SECTION),)
    assert phase(world.state.opening, w.SECTION) is Phase.OPEN
    assert all(document.published for document in world.state.documents.values())


def test_a_notice_prints_keys_rosters_and_fingerprints() -> None:
    world = ready(envelopes=2)
    keys = notice_of(world).sections[0].keys
    assert [key.envelope for key in keys] == [1, 2]
    assert all(len(key.fingerprint) == 8 for key in keys)
    assert [member.key for member in keys[0].roster] == [
        w.spki("custodian1"),
        w.spki("custodian2"),
    ]


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"title": "Another"}, "title"),
        ({"number": "2026-2"}, "number"),
        ({"documents": ()}, "documents"),
        ({"sections": ()}, "sections"),
        ({"project": "cd" * 16}, "project"),
        ({"currency": "EUR"}, "currency"),
        ({"agency": "Somebody"}, "agency"),
    ],
)
def test_a_notice_that_says_something_else_is_refused(changes: dict[str, Any], part: str) -> None:
    world = ready()
    with pytest.raises(NotValid, match=r"project\.notice_differs") as refused:
        publish(world, notice_of(world).model_copy(update=changes))
    assert part in str(refused.value.facts["parts"])


def other_section(world: w.World, **changes: Any) -> Notice:
    notice = notice_of(world)
    section: NoticeSection = notice.sections[0].model_copy(update=changes)
    return notice.model_copy(update={"sections": (section,)})


@pytest.mark.parametrize(
    "changes",
    [
        {"deadline": w.DEADLINE + 1},
        {"limit": 1},
        {"co_open": True},
        {"minimum_bidders": 1},
        {"keys": ()},
        {"periods": Periods(tender=0)},
    ],
)
def test_a_notice_with_other_terms_names_the_term(changes: dict[str, Any]) -> None:
    world = ready()
    with pytest.raises(NotValid, match=r"project\.notice_differs") as refused:
        publish(world, other_section(world, **changes))
    (name,) = changes
    assert f"sections.{w.SECTION}.{name}" in str(refused.value.facts["parts"])


def test_a_notice_waits_for_every_key() -> None:
    world = ready(envelopes=2)
    world.opening(keys={(w.SECTION, 1): world.state.opening.keys[w.SECTION, 1]})
    with pytest.raises(OutOfOrder, match=r"project\.key_missing"):
        notice_of(world)


def test_an_erased_key_is_no_key() -> None:
    world = ready()
    key = world.state.opening.keys[w.SECTION, 1]
    erase = Erase(v=1, project=w.PROJECT, sid=key.sid, key_id=key.key_id)
    world.happened(KeyErased(envelope=w.signed(erase, "timekeeper")))
    with pytest.raises(OutOfOrder, match=r"project\.key_missing"):
        notice_of(world)


def test_a_notice_without_a_section_is_none() -> None:
    with pytest.raises(OutOfOrder, match=r"project\.no_section"):
        notice_of(w.created())


def test_a_project_nobody_created_has_no_notice() -> None:
    empty: ProjectState = w.World().state
    with pytest.raises(OutOfOrder, match=r"project\.not_created"):
        expected_notice(empty, "None")


def test_bidders_have_the_tender_period() -> None:
    world = ready()
    notice = notice_of(world)
    world.now = w.DEADLINE - 20 * w.DAY + 1
    with pytest.raises(NotValid, match=r"project\.tender_period"):
        publish(world, notice)
    world.now -= 1
    assert publish(world, notice)


def test_a_deadline_that_has_passed_is_not_published_even_without_a_period() -> None:
    world = ready(periods=Periods(tender=0))
    world.now = w.DEADLINE
    with pytest.raises(NotValid, match=r"project\.tender_period"):
        publish(world, notice_of(world))


def test_questions_can_still_be_asked_when_the_notice_appears() -> None:
    world = ready(periods=Periods(tender=0))
    world.now = world.terms.question_deadline
    with pytest.raises(NotValid, match=r"project\.questions_over"):
        publish(world, notice_of(world))


def test_only_a_clerk_of_the_project_signs_a_notice() -> None:
    world = ready()
    with pytest.raises(NotValid, match=r"message\.not_signer"):
        publish(world, notice_of(world), "supervisor")


def test_a_clerk_does_not_publish_what_another_clerk_signed() -> None:
    world = ready()
    world.binds("deputy", "clerk")
    with pytest.raises(NotValid, match=r"message\.not_signer"):
        publish(world, notice_of(world), "deputy")


def test_a_notice_is_published_once() -> None:
    world = ready()
    notice = notice_of(world)
    publish(world, notice)
    with pytest.raises(OutOfOrder, match=r"project\.wrong_phase"):
        publish(world, notice)


def amendment(**changes: Any) -> Amendment:
    fields: dict[str, Any] = {
        "v": 1,
        "project": w.PROJECT,
        "section": w.SECTION,
        "text": "The drawing on page 3 is replaced.",
        "documents": (),
        "affects_bids": False,
        "bids": "stay",
        "deadline": w.DEADLINE,
    }
    return Amendment(**{**fields, **changes})


def amend(world: w.World, **changes: Any) -> Any:
    message = w.signed(amendment(**changes), "clerk")
    return world.does("clerk", Amend(message=message))


def test_an_amendment_that_changes_nothing_for_bids_leaves_the_deadline() -> None:
    world = w.published()
    world.now = w.DEADLINE - 1
    assert len(amend(world)) == 1
    assert world.terms.deadline == w.DEADLINE
    assert len(world.state.amendments) == 1


def test_an_amendment_that_affects_bids_in_time_leaves_the_deadline() -> None:
    world = w.published()
    world.now = w.DEADLINE - 15 * w.DAY
    assert len(amend(world, affects_bids=True)) == 1


def test_a_late_amendment_that_affects_bids_must_move_the_deadline() -> None:
    world = w.published()
    world.now = w.DEADLINE - 15 * w.DAY + 1
    with pytest.raises(NotValid, match=r"project\.amendment_period") as refused:
        amend(world, affects_bids=True)
    earliest = world.now + 15 * w.DAY
    assert refused.value.facts["earliest"] == earliest
    events = amend(world, affects_bids=True, deadline=earliest)
    assert events[1] == DeadlineMoved(section=w.SECTION, deadline=earliest)
    assert world.terms.deadline == earliest


def test_an_amendment_never_brings_the_deadline_forward() -> None:
    with pytest.raises(NotValid, match=r"project\.deadline_earlier"):
        amend(w.published(), deadline=w.DEADLINE - 1)


def test_nothing_is_amended_once_the_deadline_has_passed() -> None:
    world = w.published()
    world.now = w.DEADLINE
    with pytest.raises(TooLate, match=r"project\.deadline_passed"):
        amend(world)


def test_an_amendment_of_another_project_is_refused() -> None:
    with pytest.raises(NotValid, match=r"project\.wrong_project"):
        amend(w.published(), project="cd" * 16)


def test_bids_are_replaced_only_where_they_are_affected() -> None:
    with pytest.raises(NotValid, match=r"project\.replace_unaffected"):
        amend(w.published(), bids="replace")


def test_bids_to_be_replaced_no_longer_stand() -> None:
    world = w.published()
    mine, gone = w.sealed("aa" * 16, "bidder1"), w.sealed("bb" * 16, "bidder2")
    gone = replace(gone, status="withdrawn")
    world.opening(bids={mine.bid: mine, gone.bid: gone})
    events = amend(world, affects_bids=True, bids="replace")
    assert events[-1] == BidsSuperseded(section=w.SECTION)
    assert [bid.status for bid in world.state.opening.bids.values()] == [
        "superseded",
        "withdrawn",
    ]


def test_a_replacing_amendment_says_the_same_whether_or_not_there_are_bids() -> None:
    events = amend(w.published(), affects_bids=True, bids="replace")
    assert events[-1] == BidsSuperseded(section=w.SECTION)


def named(world: w.World, document: str) -> NoticeDocument:
    found = world.state.documents[document]
    return NoticeDocument(
        document=found.document,
        title=found.title,
        name=found.name,
        size=found.size,
        sha256=found.sha256,
    )


def test_an_amendment_publishes_the_documents_it_names() -> None:
    world = w.published()
    first, second = world.adds_document("a.pdf"), world.adds_document("b.pdf")
    amend(world, documents=(named(world, first),))
    assert world.state.documents[first].published
    assert not world.state.documents[second].published


def test_an_amendment_names_only_what_waits_for_it_and_as_it_is() -> None:
    world = w.published()
    public = next(iter(world.state.documents))
    waiting = named(world, world.adds_document("a.pdf"))
    with pytest.raises(OutOfOrder, match=r"project\.document_published"):
        amend(world, documents=(named(world, public),))
    with pytest.raises(NotValid, match=r"project\.document_differs"):
        amend(world, documents=(waiting.model_copy(update={"size": 4}),))
    with pytest.raises(NotValid, match=r"project\.document_differs"):
        amend(world, documents=(waiting, waiting))
    with pytest.raises(NotFound, match=r"project\.no_such_document"):
        amend(world, documents=(waiting.model_copy(update={"document": "ee" * 16}),))
