"""What the demo's committee is about, and what its bots think: fit for the rules they meet."""

import pytest

from client.demo import judged
from client.demo.people import EXPERTS, MEMBERS, SHOWN, SPARE
from client.demo.script import BIDDERS, SECTION
from evaluation.clarification import check_names
from evaluation.committee import LEAST, found_ties
from evaluation.scoring.exact import exact
from evaluation.scoring.marks import scored_items
from evaluation.scoring.rule import PassItem

SEATS = tuple(str(number) for number in range(1, LEAST + 1))
BID = "b" * 32


def test_every_mark_is_in_its_range_on_a_step_and_objective_items_are_given_alike() -> None:
    for number in range(50):
        sheets = [judged.marks(judged.RULE, seat, f"{number}") for seat in SEATS]
        for _, item in scored_items(judged.RULE):
            given = [exact(sheet[item.item]) for sheet in sheets]
            assert all(exact(item.lowest) <= mark <= exact(item.highest) for mark in given)
            assert all((mark - exact(item.lowest)) % exact(item.step) == 0 for mark in given)
            assert not item.objective or len(set(given)) == 1


def test_a_minority_doubts_one_item_of_the_first_bid_alone() -> None:
    items = {
        item.item
        for stage in judged.RULE.stages
        for item in stage.items
        if isinstance(item, PassItem)
    }
    doubting = [seat for seat in SEATS if judged.failed(seat, 0)]
    assert 0 < len(doubting) <= len(SEATS) // 2
    assert all(set(judged.failed(seat, 0)) < items for seat in doubting)
    assert not any(judged.failed(seat, number) for seat in SEATS for number in (1, 2))


def test_nobody_is_named_in_a_question_and_nobody_is_tied_to_a_bidder() -> None:
    for question in judged.ASKS:
        check_names(question, [one.name for one in (*EXPERTS, SPARE)])
    assert found_ties(judged.TIES, BIDDERS) == []
    assert not {one.organisation for one in (*EXPERTS, SPARE)} & {*BIDDERS}


def test_experts_are_shown_to_visitors_and_the_spare_is_not() -> None:
    assert len(EXPERTS) == LEAST
    assert (*MEMBERS, *EXPERTS) == SHOWN
    accounts = [one.account for one in (*SHOWN, SPARE)]
    assert len(set(accounts)) == len(accounts)


@pytest.mark.parametrize("longer", [1, 4])
def test_a_slow_machine_is_given_more_time_until_the_deadline(longer: int) -> None:
    script = judged.evaluation_script(0, longer)
    terms = script.terms(1_000_000_000_000)
    assert terms.section == SECTION
    assert terms.deadline - 1_000_000_000_000 == longer * judged.evaluation_script(0).lead
    assert script.rule == judged.RULE
    assert len(script.parts) >= terms.minimum_bidders
