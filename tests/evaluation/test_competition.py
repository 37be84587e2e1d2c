"""Fewer than three valid bids: the committee judges the competition before anything is scored."""

from typing import Any

import pytest

from evaluation.commands import CheckPrices, JudgeCompetition
from evaluation.events import Ground
from project.duties import duties
from project.phases import Phase, phase
from record.errors import Refused
from record.rules import fold
from tests.evaluation.test_story import opened, told, two_envelopes
from tests.opening.world import PROJECT, SECOND, SECTION
from tests.project.sitting import Sitting
from tests.project.whole import RULES

REASON = "两家报价接近且均低于限价"


def refused(code: str) -> Any:
    return pytest.raises(Refused, match=code.replace(".", r"\."))


def out(of: Sitting, n: int) -> dict[str, Ground]:
    return dict.fromkeys(of.bids[:n], "unqualified")


def sitting(rejected: int = 1) -> Sitting:
    of = Sitting(opened()).quorate()
    return of.reviewed(out(of, rejected))


def judge(of: Sitting, seat: int, *, lacking: bool) -> None:
    of.act(seat, JudgeCompetition, lacking=lacking, reason=REASON)


def test_two_valid_bids_are_scored_once_most_members_find_competition_enough() -> None:
    of = sitting()
    for kind in (CheckPrices,):
        with refused("competition.undecided"):
            of.act(of.chair, kind)
    with refused("competition.undecided"):
        of.submit(1)
    judge(of, 1, lacking=True)
    with refused("committee.has_voted"):
        judge(of, 1, lacking=False)
    for seat in (2, 3, 4):
        judge(of, seat, lacking=False)
    with refused("competition.decided"):
        judge(of, 5, lacking=True)
    of.check_prices()
    of.marked()
    found = told(of)
    assert [one["seat"] for one in found["competition"]["votes"]] == ["1", "2", "3", "4"]
    assert found["competition"]["lacking"] is False
    assert found["competition"]["votes"][0] == {"seat": "1", "lacking": True, "reason": REASON}
    assert len(found["outcome"]["places"]) == 2
    assert fold(RULES, PROJECT, of.world.record) == of.world.whole


@pytest.mark.parametrize("rejected", [1, 2])
def test_where_competition_is_lacking_a_report_without_scores_is_due(rejected: int) -> None:
    of = sitting(rejected)
    of.judge_competition(lacking=3)
    with refused("competition.lacking"):
        of.check_prices()
    with refused("competition.lacking"):
        of.propose(1, of.bids[2], 1)
    with refused("competition.lacking"):
        of.submit(1)
    assert [name for name, _ in duties(of.world.whole, of.world.now).do] == [f"report/{SECTION}/0"]
    found = told(of)
    valid = list(of.bids[rejected:])
    assert found["outcome"] == {"impossible": "competition_lacking", "about": valid}
    assert found["competition"]["lacking"] is True
    assert (found["marks"], found["unpriced"]) == ([], [])
    of.draw_up()
    of.signed()
    assert of.found.report.is_finished


@pytest.mark.parametrize("rejected", [0, 3])
def test_three_valid_bids_or_none_are_no_matter_of_competition(rejected: int) -> None:
    of = sitting(rejected)
    with refused("competition.not_due"):
        judge(of, 1, lacking=True)
    of.marked()
    assert "competition" not in told(of)


def test_nobody_judges_before_the_review_is_over_or_without_a_committee() -> None:
    of = Sitting(opened()).quorate()
    with refused("competition.not_due"):
        judge(of, 1, lacking=True)
    of.stand_aside(2)
    with refused("review.not_begun"):
        judge(of, 1, lacking=True)
    with refused("committee.not_a_member"):
        judge(of, 2, lacking=True)


def test_what_a_member_judged_that_is_replaced_is_void() -> None:
    of = sitting()
    of.judge_competition(lacking=3)
    assert of.found.lacks_competition
    of.stand_aside(1)
    assert not of.found.lacks_competition
    of.replace(1)
    of.sit(1)
    first, *others = of.bids
    of.review(1, first, ("licence",))
    for bid in others:
        of.review(1, bid)
    of.close({first: "unqualified"})
    assert set(of.found.competition.judged) == {"2", "3"}
    judge(of, 1, lacking=False)
    judge(of, 4, lacking=False)
    judge(of, 5, lacking=False)
    of.marked()
    assert of.found.marking.is_locked


def test_what_was_judged_of_other_bids_is_void() -> None:
    of = sitting()
    of.judge_competition(lacking=3)
    of.stand_aside(1)
    of.replace(1)
    of.sit(1)
    first, second, third = of.bids
    of.review(1, first, ("licence",))
    of.review(1, second, ("licence",))
    of.review(1, third)
    of.vote(second, "licence", passing=0)
    of.close({first: "unqualified", second: "unqualified"})
    assert not of.found.competition.judged


def test_of_two_envelopes_nobody_is_passed_on_where_competition_is_lacking() -> None:
    of = two_envelopes()
    of.reviewed(out(of, 1))
    of.judge_competition(lacking=5)
    organisations = [of.world.state.bids[bid].organisation for bid in of.bids[1:]]
    with refused("evaluation.not_the_outcome"):
        of.decide_stage(tuple(organisations))
    of.decide_stage(())
    of.world.serve()
    of.world.session(SECOND)
    assert phase(of.world.state, SECTION) is Phase.OPENED2
    assert not of.world.state.sessions[SECTION, 2].opened
    of.draw_up()
    of.signed()
    assert told(of)["outcome"]["impossible"] == "competition_lacking"
