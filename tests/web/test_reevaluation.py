"""A re-evaluation over HTTP: the second report and the first, what is exported, who is told."""

import json
from hashlib import sha256
from typing import Any

import pytest

from evaluation.commands import (
    DropReevaluation,
    FinishReport,
    GiveMarksAgain,
    OrderReevaluation,
    SignReport,
)
from evaluation.events import ReportDrawnUp
from evaluation.publication import ANSWER_WITHIN
from evaluation.reevaluation_events import Cell
from tests.opening.parties import Party
from tests.opening.world import SECTION
from tests.project.publishing import object_to, over, publish
from tests.project.remarking import again, order, plan_of, remarks
from tests.project.sitting import Sitting
from tests.waiting import wait_for
from tests.web import tender
from tests.web.scene import Scene
from tests.web.tender import Tender
from tests.web.test_evaluation import (
    EVALUATION,
    REPORT,
    begun,
    everybody,
    get,
    locked,
    opened_to,
    post,
)
from tests.web.test_result import reported
from web.clerk_due import due_in
from web.letters import sentence, way
from web.pages_expert import doing

__all__ = ["begun"]
GIVEN = "evaluation.marks_given_again"


def stands(made: Scene, of: Sitting, name: str) -> None:
    """Let everybody sign the report that is drawn up, and the chair finish it."""
    for seat, who in of.people.items():
        command = SignReport(section=SECTION, message=who.sign(of.signature(seat)))
        assert post(made, who, command, f"sign-{seat}-{name}").status_code == 200
    done = post(made, of.people[of.chair], FinishReport(section=SECTION), f"finish-{name}")
    assert done.status_code == 200, done.text
    follow(made)


def follow(made: Scene) -> None:
    assert isinstance(made.world, Tender)
    made.world.follow(tender.read_record(made.folder))


def ordered(made: Scene, of: Sitting) -> str:
    """Order a re-evaluation of two marks, and return its id."""
    cells = tuple(Cell(bid=bid, item=item) for bid, item in plan_of(of))
    command = OrderReevaluation(section=SECTION, ground="extreme", reason="畸高", cells=cells)
    assert post(made, made.world.clerk, command, "order").status_code == 200
    follow(made)
    return again(of).reevaluation


def given(made: Scene, of: Sitting, seat: int, to: Any = None) -> None:
    who = of.people[seat]
    command = GiveMarksAgain(section=SECTION, message=who.sign(remarks(of, seat, to)))
    done = post(made, who, command, f"again-{seat}")
    assert done.status_code == 200, done.text
    follow(made)


def opened_with(made: Scene, who: Party, wanted: str) -> set[str]:
    """Return what an export opens, once an event is in it."""
    found: set[str] = set()

    def opened() -> bool:
        found.update(opened_to(made, who))
        return wanted in found

    wait_for(opened)
    return found


def test_the_service_draws_up_the_new_report_and_keeps_the_former(
    begun: tuple[Scene, Sitting],
) -> None:
    made, of = begun
    first = locked(made, of)
    stands(made, of, "first")
    clerk, member = made.world.clerk, of.people[1]
    name = ordered(made, of)
    former = f"?before={name}"
    assert get(made, clerk, f"{REPORT}/pdf").status_code == 404
    kept = get(made, clerk, f"{REPORT}/json{former}").content
    assert sha256(kept).hexdigest() == first.facts
    assert get(made, member, f"{REPORT}/pdf{former}").content.startswith(b"%PDF-")
    assert get(made, made.world.supervisor, f"{REPORT}/pdf{former}").status_code == 200
    for who in (made.world.bidder[1], made.world.custodians[0]):
        assert get(made, who, f"{REPORT}/pdf{former}").status_code == 404
    assert get(made, clerk, f"{REPORT}/pdf?before={'0' * 32}").status_code == 404
    assert get(made, clerk, f"{REPORT}/pdf?before=x").status_code == 422
    for seat in (2, 3, 4, 5):
        given(made, of, seat)
    assert get(made, clerk, EVALUATION).json()["step"] == "reevaluation"
    given(made, of, 1, {plan_of(of)[0]: "1.5"})
    wait_for(lambda: len(made.wait_for(ReportDrawnUp)) == 2)
    follow(made)
    facts = json.loads(get(made, member, f"{REPORT}/json").content)
    (change,) = facts["reevaluations"][0]["changes"]
    assert (change["seat"], change["after"]) == ("1", "1.5")
    stands(made, of, "second")
    assert get(made, clerk, EVALUATION).json()["reevaluations"][0]["changes"] == [change]
    assert sha256(get(made, clerk, f"{REPORT}/json{former}").content).hexdigest() == first.facts


def test_marks_given_again_are_in_nobodys_record_before_all_are_in(
    begun: tuple[Scene, Sitting],
) -> None:
    made, of = begun
    locked(made, of)
    stands(made, of, "first")
    ordered(made, of)
    for seat in (1, 2, 3, 4):
        given(made, of, seat)
    opened_with(made, made.world.custodians[0], "evaluation.reevaluation_ordered")
    opened = {name: opened_to(made, who) for name, who in everybody(made, of).items()}
    assert not [name for name, found in opened.items() if GIVEN in found]
    given(made, of, 5)
    assert GIVEN in opened_with(made, made.world.supervisor, "evaluation.remarks_locked")
    assert GIVEN not in opened_to(made, made.world.bidder[1])


def test_what_was_given_before_it_was_given_up_stays_closed(
    begun: tuple[Scene, Sitting],
) -> None:
    made, of = begun
    locked(made, of)
    stands(made, of, "first")
    ordered(made, of)
    given(made, of, 1)
    drop = DropReevaluation(section=SECTION, reason="成员住院")
    assert post(made, made.world.clerk, drop, "drop").status_code == 200
    for who in (made.world.supervisor, made.world.clerk, made.world.custodians[0]):
        assert GIVEN not in opened_with(made, who, "evaluation.reevaluation_dropped")


def test_the_clerk_is_told_what_is_due_while_marks_are_given_again() -> None:
    of = reported()
    world = of.world
    publish(of)
    objection = object_to(of, 1)
    order(of, objection=objection)
    told = {one.kind: one for one in due_in(world.whole, world.now)}
    assert set(told) == {"evaluating", "objections"}
    assert told["evaluating"].facts["step"] == "reevaluation"
    former = of.found.reevaluations[0].publication
    assert former is not None
    assert told["objections"].facts["at"] == former.objections[objection].at + ANSWER_WITHIN
    (mine, other) = (doing(world.state, of.found, of.people[seat].account) for seat in (1, 2))
    assert mine == other == "remarks"


def test_an_objection_to_a_withdrawn_result_is_due_after_the_new_one_is_over() -> None:
    of = reported()
    publish(of)
    object_to(of, 1)
    order(of)
    for seat in of.people:
        message = of.people[seat].sign(remarks(of, seat))
        of.act(seat, GiveMarksAgain, message=message)
    of.draw_up()
    of.signed()
    publish(of)
    over(of)
    kinds = {one.kind for one in due_in(of.world.whole, of.world.now)}
    assert kinds == {"objections"}


@pytest.mark.parametrize(
    ("kind", "role", "page"),
    [
        ("reevaluation", "expert", "/projects/1/desk/s1"),
        ("reevaluation", "supervisor", "/supervisor"),
        ("remarks_locked", "expert", "/projects/1/desk/s1"),
        ("remarks_locked", "clerk", "/clerk/1"),
        ("reevaluation_dropped", "expert", "/projects/1/desk/s1"),
        ("result_withdrawn", "bidder", "/bidder"),
        ("result_restored", "bidder", "/bidder"),
    ],
)
def test_news_of_it_lead_to_where_something_can_be_done(kind: str, role: str, page: str) -> None:
    assert way("1", kind, {"section": "s1"}, {role}) == page
    assert "…" not in sentence("en", kind, {"section": "s1", "until": 0})
