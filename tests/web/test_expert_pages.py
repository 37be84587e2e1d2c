"""The expert's pages as the service writes them: what is due at each step, for nobody else to see."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from evaluation.commands import ConfirmNames, DeclareTies, OpenVote, TakeSeat, VoteChair
from tests.opening.world import PROJECT, SECTION
from tests.project.sitting import RULE, Sitting
from tests.web.scene import Scene, scene
from tests.web.tender import STRANGER, Tender, headers
from web.pages_expert import sittings

DESK = f"/projects/{PROJECT}/desk/{SECTION}"
OTHERS = (2, 3, 4, 5)


def opened() -> Tender:
    """Return a tender whose session has ended, and which has a scoring rule."""
    return Tender(rule=RULE).open_up().all_opened()


def doing(of: Sitting, seat: int = 1) -> str:
    (found,) = sittings(of.world.whole, of.people[seat].account)
    return found.doing


def test_each_step_waits_for_a_member_until_it_is_done() -> None:
    of = Sitting(opened()).bind().convene()
    assert doing(of) == "sign_in"
    of.act(1, TakeSeat, message=of.people[1].sign(of.commitment(1)))
    assert doing(of) == "ties"
    of.act(1, DeclareTies, ties=())
    assert doing(of) == "names"
    of.act(1, ConfirmNames)
    assert doing(of) == "wait"
    for seat in OTHERS:
        of.sit(seat)
    assert doing(of) == "ballot"
    of.act(1, VoteChair, choice="1")
    assert doing(of) == "wait"
    for seat in OTHERS:
        of.act(seat, VoteChair, choice="1")
    assert doing(of) == "review"


def test_votes_and_the_end_of_the_review_wait_for_whoever_they_are_for() -> None:
    of = Sitting(opened()).quorate()
    chair, bid = of.chair, of.bids[0]
    for one in of.bids:
        for seat in of.people:
            of.review(seat, one, ("grade",) if (seat, one) == (1, bid) else ())
    assert (doing(of, chair), doing(of, 1)) == ("vote", "wait")
    of.act(chair, OpenVote, bid=bid, item="grade")
    assert (doing(of, chair), doing(of, 1)) == ("vote", "vote")


def test_marks_and_the_report_wait_until_they_are_given_and_signed() -> None:
    of = Sitting(opened()).quorate()
    for bid in of.bids:
        for seat in of.people:
            of.review(seat, bid)
    assert (doing(of, of.chair), doing(of, 1)) == ("close", "wait")
    of = Sitting(opened()).quorate().reviewed()
    assert (doing(of, of.chair), doing(of, 1)) == ("prices", "wait")
    of.agree_price(of.propose(of.chair, of.bids[0], 90_000_000), agreeing=0)
    of.propose(of.chair, of.bids[0], 90_000_000)
    assert (doing(of, of.chair), doing(of, 1)) == ("prices", "correction")
    of.agree_price(list(of.found.corrections)[-1], agreeing=0)
    of.check_prices()
    assert doing(of) == "marks"
    of.submit(1)
    assert doing(of) == "wait"
    for seat in OTHERS:
        of.submit(seat)
    assert doing(of) == "wait"
    of.draw_up()
    assert doing(of) == "sign"
    for seat in of.people:
        of.sign(seat)
    assert (doing(of, of.chair), doing(of, 1)) == ("finish", "wait")


def test_a_finished_evaluation_waits_for_nobody_and_one_left_is_not_listed() -> None:
    of = Sitting(opened()).quorate().reviewed().marked()
    of.draw_up()
    of.signed()
    assert doing(of) == "nothing"
    of = Sitting(opened()).quorate()
    of.stand_aside(1)
    assert list(sittings(of.world.whole, of.people[1].account)) == []


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Scene, Sitting]]:
    world = opened()
    of = Sitting(world).bind().convene()
    of.sit(2)
    world.experts = list(of.people.values())
    with scene(tmp_path, world) as made:
        yield made, of


@pytest.fixture
def page(served: tuple[Scene, Sitting]) -> Callable[[int, str], str]:
    made, of = served

    def read(seat: int, path: str) -> str:
        told = {**headers(of.people[seat]), "accept-language": "en"}
        answer = made.http.get(path, headers=told)
        assert answer.status_code == 200, answer.text
        return answer.text

    return read


def test_the_committees_can_be_read_without_scripts(page: Callable[[int, str], str]) -> None:
    told = page(1, "/expert")
    assert f'href="{DESK}"' in told
    assert "sign in and sign the commitment" in told
    assert 'href="/expert" aria-current="page"' in told


def test_the_desk_stands_below_ones_committees_in_the_navigation(
    page: Callable[[int, str], str],
) -> None:
    told = page(1, DESK)
    assert 'href="/expert" aria-current="page"' in told
    assert 'href="/projects" aria-current="page"' not in told


def test_the_desk_names_no_bidder_before_the_ties_are_declared(
    served: tuple[Scene, Sitting], page: Callable[[int, str], str]
) -> None:
    name = served[0].bidder.organisation_name
    before, after = page(1, DESK), page(2, DESK)
    assert "郑重承诺" in before
    assert name not in before
    assert name in after


def test_the_desk_is_there_for_members_alone(served: tuple[Scene, Sitting]) -> None:
    made = served[0]
    everybody = (*made.world.one_of_each.values(), STRANGER)
    for who in (one for one in everybody if one is not None):
        assert made.http.get(DESK, headers=headers(who)).status_code == 404
    assert made.http.get(DESK, follow_redirects=False).status_code == 303
