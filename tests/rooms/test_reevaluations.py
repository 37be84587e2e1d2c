"""Who is shown what of a re-evaluation: what is named, who has marked again, what changed."""

from functools import cache
from typing import Any

import pytest

from evaluation.marking import signed_marks
from rooms.evaluation import Viewer, view
from rooms.facts import facts_of
from rooms.results import result_view
from rooms.views import ROWS, kind_of
from tests.evaluation.test_story import opened
from tests.opening.world import SECTION
from tests.project.publishing import answer, award, object_to, over, publish, published
from tests.project.remarking import (
    REASON,
    WHY,
    again,
    drop,
    order,
    plan_of,
    remark,
    remarked,
    reported_again,
)
from tests.project.sitting import RULE, Sitting
from tests.rooms.test_evaluation import OF_A_REEVALUATION, Shown, shown, text
from tests.rooms.test_results import OBJECTION, organisation, told_of

MARK = "27.5"
"""What is given again; nobody gave it before."""


VIEWERS: tuple[Viewer, ...] = ("member", "supervisor", "clerk")


def reported() -> Sitting:
    sitting = Sitting(opened(4, RULE)).quorate().reviewed().marked()
    sitting.draw_up()
    return sitting.signed()


def seen(sitting: Sitting, viewer: Viewer, seat: int = 1) -> dict[str, Any]:
    return view(sitting.world.whole, SECTION, viewer, sitting.people[seat].account)


def row(sitting: Sitting, viewer: Viewer) -> dict[str, Any]:
    found: dict[str, Any] = seen(sitting, viewer)["reevaluations"][-1]
    return found


def result(sitting: Sitting, role: str = "public", of: str = "") -> dict[str, Any] | None:
    return result_view(sitting.world.whole, SECTION, frozenset({role}), of)


@cache
def awarded() -> Shown:
    """Return a story with one re-evaluation given up and one that changed a mark."""
    sitting = reported()
    publish(sitting)
    objection = object_to(sitting, 1, OBJECTION)
    order(sitting, objection=objection)
    drop(sitting)
    order(sitting, objection=objection)
    remarked(sitting, {plan_of(sitting)[0]: MARK}, 2)
    reported_again(sitting)
    publish(sitting)
    answer(sitting, objection)
    over(sitting)
    award(sitting)
    return shown(sitting)


def test_every_event_of_it_was_shown_with_fields_it_has() -> None:
    of_it = [one for one, _ in awarded().frames if kind_of(one.event) in OF_A_REEVALUATION]
    assert {kind_of(one.event) for one in of_it} == OF_A_REEVALUATION
    state = awarded().sitting.world.whole
    for happened in of_it:
        fields = {name for of in ROWS[kind_of(happened.event)].now.values() for name in of}
        assert fields <= set(facts_of(happened, state, state))


def test_no_channel_is_told_a_mark_or_why_it_was_changed() -> None:
    for _, frame in awarded().frames:
        assert MARK not in text([frame.event, frame.patch])
        assert WHY not in text([frame.event, frame.patch])
        assert REASON not in text([frame.event, frame.patch])


def test_the_public_is_told_that_the_result_is_withdrawn_and_of_what_follows() -> None:
    names = {frame.event["type"] for frame in awarded().of("public")}
    assert "evaluation.publication_withdrawn" in names
    assert "evaluation.publication_restored" in names
    assert "evaluation.reevaluation_ordered" not in names
    found = awarded().projection.channel("public").view["results"][SECTION]
    assert "withdrawn" not in found
    assert found["facts"] == awarded().sitting.found.report.facts


def test_the_report_of_the_channel_goes_and_comes_back_with_a_drop() -> None:
    sitting = reported()
    report = shown(sitting).projection.channel("clerk").view["evaluations"][SECTION]["report"]
    order(sitting)
    assert "report" not in shown(sitting).projection.channel("clerk").view["evaluations"][SECTION]
    remark(sitting, 2)
    told = shown(sitting).projection.channel("clerk").view["evaluations"][SECTION]["reevaluation"]
    assert list(told["submitted"]) == ["2"]
    drop(sitting)
    again_told = shown(sitting).projection.channel("clerk").view["evaluations"][SECTION]
    assert again_told["report"] == {
        name: report[name] for name in ("facts", "pdf", "pdf_size", "finished")
    }


def test_another_re_evaluation_begins_in_the_channel_with_nothing_of_the_one_before() -> None:
    sitting = reported()
    order(sitting)
    remark(sitting, 2)
    drop(sitting)
    order(sitting)
    remark(sitting, 3)
    told = shown(sitting).projection.channel("clerk").view["evaluations"][SECTION]["reevaluation"]
    assert list(told["submitted"]) == ["3"]
    assert told["reevaluation"] == again(sitting).reevaluation
    assert not {"dropped", "reason", "locked"} & set(told)


def test_nobody_sees_what_others_gave_before_everybody_has() -> None:
    sitting = reported()
    bid, item = plan_of(sitting)[0]
    order(sitting)
    for seat in (1, 2, 3, 4):
        remark(sitting, seat, {(bid, item): MARK})
        for viewer in VIEWERS:
            found = {**seen(sitting, viewer, 5), "rule": None}
            assert WHY not in text(found)
            assert "changes" not in row(sitting, viewer)
            assert row(sitting, viewer)["submitted"] == [str(one) for one in range(1, seat + 1)]
            if viewer != "clerk":
                assert found["marks"] == signed_marks(sitting.found.marking)
    remark(sitting, 5)
    for viewer in VIEWERS[:2]:
        assert {one["seat"] for one in row(sitting, viewer)["changes"]} == {"1", "2", "3", "4"}
        assert seen(sitting, viewer)["marks"][bid][item]["1"] == MARK
    assert "changes" not in row(sitting, "clerk")
    reported_again(sitting)
    assert len(row(sitting, "clerk")["changes"]) == 4
    assert "marks" not in seen(sitting, "clerk")


@pytest.mark.parametrize("viewer", ["member", "supervisor", "clerk"])
def test_what_was_given_before_it_was_given_up_is_never_shown(viewer: Viewer) -> None:
    sitting = reported()
    order(sitting)
    for seat in (1, 2, 3, 4):
        remark(sitting, seat, {plan_of(sitting)[0]: MARK})
    drop(sitting, "成员住院。")
    found = row(sitting, viewer)
    assert (found["step"], found["dropped"]) == ("dropped", "成员住院。")
    assert "changes" not in found
    assert WHY not in text({**seen(sitting, viewer), "rule": None})


def test_a_member_is_shown_its_own_former_marks_of_what_is_named() -> None:
    sitting = reported()
    marks = signed_marks(sitting.found.marking)
    assert "remarks" not in seen(sitting, "member")
    order(sitting)
    for seat in (1, 2):
        told = seen(sitting, "member", seat)["remarks"]
        assert told["reevaluation"] == again(sitting).reevaluation
        assert not told["submitted"]
        assert told["marks"] == [
            {"bid": bid, "item": item, "mark": marks[bid][item][str(seat)]}
            for bid, item in plan_of(sitting)
        ]
    remark(sitting, 1)
    assert seen(sitting, "member", 1)["remarks"]["submitted"]
    assert not seen(sitting, "member", 2)["remarks"]["submitted"]
    assert "remarks" not in seen(sitting, "supervisor")
    sitting.pause()
    assert "remarks" not in seen(sitting, "member", 1)
    assert "reevaluations" not in seen(sitting, "member", 1)


def test_its_steps_and_the_report_before_it() -> None:
    sitting = reported()
    report = sitting.found.report
    order(sitting)
    steps = [row(sitting, "clerk")["step"]]
    remarked(sitting)
    steps.append(row(sitting, "clerk")["step"])
    sitting.draw_up()
    assert "report" not in seen(sitting, "clerk")
    steps.append(row(sitting, "clerk")["step"])
    sitting.signed()
    steps.append(row(sitting, "clerk")["step"])
    assert steps == ["marks", "report", "report", "done"]
    former = row(sitting, "clerk")["former"]
    assert (former["facts"], former["pdf"]) == (report.facts, report.pdf)
    assert former["finished_at"] == report.finished_at


def test_a_withdrawn_result_is_everybodys_as_it_was_until_another_is_published() -> None:
    sitting = reported()
    assert result(sitting) is None
    publish(sitting)
    first = result(sitting)
    objection = object_to(sitting, 1, OBJECTION)
    order(sitting, objection=objection)
    own = organisation(sitting, "bidder-1")
    told = result(sitting)
    assert told is not None
    assert first is not None
    assert (told["step"], told["since"]) == ("withdrawn", again(sitting).at)
    assert told["former"][0]["candidates"] == first["candidates"]
    assert "objections" not in told["former"][0]
    assert REASON not in text(told)
    assert "may_object" not in told
    for role, of, seen_by in (
        ("bidder", own, True),
        ("bidder", organisation(sitting, "bidder-2"), False),
        ("clerk", "", True),
        ("supervisor", "", True),
    ):
        found = result(sitting, role, of)
        assert found is not None
        assert (OBJECTION in text(found)) is seen_by
        assert not found.get("may_object", False)
    remarked(sitting)
    reported_again(sitting)
    still = result(sitting)
    assert still is not None
    assert still["step"] == "withdrawn"
    clerk = result(sitting, "clerk")
    assert clerk is not None
    assert clerk["step"] == "reported"
    assert clerk["reevaluation"] == again(sitting).reevaluation
    assert clerk["replaces"] == first["facts"]
    assert OBJECTION in text(clerk["former"])
    publish(sitting)
    anew = result(sitting, "bidder", own)
    assert anew is not None
    assert anew["step"] == "published"
    assert anew["former"][0]["facts"] == first["facts"]
    assert anew["may_object"]
    assert OBJECTION in text(anew["former"])
    assert anew["objections"] == []


def test_a_result_that_was_not_published_is_withdrawn_from_nobody_but_the_clerk() -> None:
    sitting = reported()
    order(sitting)
    assert result(sitting) is None
    assert result(sitting, "supervisor") is None
    told = result(sitting, "clerk")
    assert told is not None
    assert told["step"] == "withdrawn"
    assert "former" not in told
    remarked(sitting)
    reported_again(sitting)
    anew = result(sitting, "clerk")
    assert anew is not None
    assert "replaces" not in anew
    assert anew["reevaluation"] == again(sitting).reevaluation


def test_a_restored_result_is_as_it_was() -> None:
    sitting = reported()
    publish(sitting)
    order(sitting)
    drop(sitting)
    told = result(sitting)
    assert told is not None
    assert told["step"] == "published"
    assert told["until"] == published(sitting).until
    assert "former" not in told


def test_whoever_it_concerns_is_told() -> None:
    sitting = reported()
    experts = {f"expert-{seat}" for seat in sitting.people}
    bidders = {f"bidder-{number}" for number in sitting.world.bidder}
    publish(sitting)
    order(sitting)
    assert told_of(sitting) == ({"result_withdrawn"}, bidders | {"supervisor"})
    drop(sitting)
    assert told_of(sitting) == ({"result_restored"}, bidders | {"supervisor"})
    order(sitting)
    remarked(sitting)
    assert told_of(sitting) == (
        {"remarks_locked"},
        (experts | {"clerk", "supervisor"}) - {"expert-5"},
    )
    other = reported()
    order(other)
    assert told_of(other) == ({"reevaluation"}, experts | {"supervisor"})
    drop(other)
    assert told_of(other) == ({"reevaluation_dropped"}, experts | {"supervisor"})
