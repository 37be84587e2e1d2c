"""The preliminary review: item by item, votes where members disagree, rejections with grounds."""

from collections.abc import Iterable

import pytest

from evaluation import review
from evaluation.committee import Committee
from evaluation.events import Ground, ItemVerdict, ReviewEvent
from evaluation.review import Review
from evaluation.scoring.rule import ScoringRule
from record.errors import Refused
from tests.evaluation.scoring.rules import rule
from tests.evaluation.test_committee import elect, quorate

BIDS = ("a" * 32, "b" * 32)
A, B = BIDS
ACCOUNTS = [f"e{seat}" for seat in range(1, 6)]


def reviewed_by() -> ScoringRule:
    items = [{"kind": "pass", "item": name, "title": name} for name in ("signed", "licence")]
    return rule("lowest_price", stages=[{"part": "formal", "title": "形式", "items": items}])


def begun() -> tuple[Committee, Review]:
    return elect(quorate(), ("1",) * 5), review.begin("s1", reviewed_by(), BIDS)


def after(found: Review, events: Iterable[ReviewEvent]) -> Review:
    for event in events:
        found = review.evolve_review(found, event)
    return found


def verdicts(*failed: str) -> list[ItemVerdict]:
    return [
        ItemVerdict(item=item, passed=item not in failed, reason="no" if item in failed else None)
        for item in ("signed", "licence")
    ]


def all_say(
    committee: Committee, found: Review, bid: str, failing: dict[str, tuple[str, ...]] | None = None
) -> Review:
    for account in ACCOUNTS:
        said = verdicts(*(failing or {}).get(account, ()))
        found = after(found, review.review_bid(committee, found, account, bid, said))
    return found


def test_what_all_agree_on_stands() -> None:
    committee, found = begun()
    assert review.outcome(committee, found, A, "signed") == "open"
    found = all_say(committee, found, A)
    found = all_say(committee, found, B, dict.fromkeys(ACCOUNTS, ("licence",)))
    assert review.outcome(committee, found, A, "signed") == "passed"
    assert review.outcome(committee, found, B, "licence") == "failed"
    assert review.disagreements(committee, found) == []
    found = after(found, review.close_review(committee, found, "e1", {B: "unqualified"}))
    assert (found.valid, found.is_closed) == ((A,), True)
    assert found.rejected == {B: "unqualified"}


def test_what_they_disagree_on_is_voted_on_and_most_of_all_seats_decide() -> None:
    committee, found = begun()
    found = all_say(committee, found, A, {"e2": ("licence",)})
    found = all_say(committee, found, B)
    assert review.disagreements(committee, found) == [(A, "licence")]
    with pytest.raises(Refused, match=r"review\.unfinished"):
        review.close_review(committee, found, "e1", {})
    with pytest.raises(Refused, match=r"review\.not_chair"):
        review.open_vote(committee, found, "e2", A, "licence")
    found = after(found, review.open_vote(committee, found, "e1", A, "licence"))
    vote = (A, "licence")
    for account, passes in (("e1", True), ("e2", False), ("e3", False)):
        events = review.cast_vote(committee, found, account, vote, passes=passes)
        found = after(found, events)
        assert review.outcome(committee, found, A, "licence") == "open"
    with pytest.raises(Refused, match=r"committee\.has_voted"):
        review.cast_vote(committee, found, "e1", vote, passes=True)
    found = after(found, review.cast_vote(committee, found, "e4", vote, passes=False))
    assert review.outcome(committee, found, A, "licence") == "failed"
    found = after(found, review.close_review(committee, found, "e1", {A: "unresponsive"}))
    assert found.valid == (B,)


@pytest.mark.parametrize(
    ("account", "bid", "said", "code"),
    [
        ("stranger", A, verdicts(), r"committee\.not_a_member"),
        ("e1", "c" * 32, verdicts(), r"review\.no_such_bid"),
        ("e1", A, verdicts()[:1], r"review\.items"),
        ("e1", A, [*verdicts(), verdicts()[0]], r"review\.items"),
        (
            "e1",
            A,
            [ItemVerdict(item="signed", passed=False), verdicts()[1]],
            r"review\.reason_missing",
        ),
    ],
)
def test_a_review_is_whole_and_says_why(
    account: str, bid: str, said: list[ItemVerdict], code: str
) -> None:
    committee, found = begun()
    with pytest.raises(Refused, match=code):
        review.review_bid(committee, found, account, bid, said)


def test_nobody_reviews_a_bid_twice_nor_after_the_end_nor_before_the_chair_is_elected() -> None:
    committee, found = begun()
    with pytest.raises(Refused, match=r"review\.not_begun"):
        review.review_bid(quorate(), found, "e1", A, verdicts())
    found = after(found, review.review_bid(committee, found, "e1", A, verdicts()))
    with pytest.raises(Refused, match=r"review\.done"):
        review.review_bid(committee, found, "e1", A, verdicts())
    whole = all_say(committee, review.begin("s1", reviewed_by(), (A,)), A)
    closed = after(whole, review.close_review(committee, whole, "e1", {}))
    with pytest.raises(Refused, match=r"review\.closed"):
        review.review_bid(committee, closed, "e1", A, verdicts())


@pytest.mark.parametrize("grounds", [{}, {A: "unsigned"}, {A: "unsigned", B: "unsigned"}])
def test_exactly_the_bids_that_failed_are_rejected(grounds: dict[str, Ground]) -> None:
    committee, found = begun()
    found = all_say(committee, found, A)
    found = all_say(committee, found, B, dict.fromkeys(ACCOUNTS, ("signed",)))
    with pytest.raises(Refused, match=r"review\.grounds"):
        review.close_review(committee, found, "e1", grounds)


def test_a_vote_is_opened_only_on_what_is_open_and_once() -> None:
    committee, found = begun()
    found = all_say(committee, found, A, {"e2": ("licence",)})
    for bid, item in ((A, "signed"), (B, "signed"), (A, "nothing")):
        with pytest.raises(Refused, match=r"review\.nothing_to_vote"):
            review.open_vote(committee, found, "e1", bid, item)
    found = after(found, review.open_vote(committee, found, "e1", A, "licence"))
    with pytest.raises(Refused, match=r"review\.nothing_to_vote"):
        review.open_vote(committee, found, "e1", A, "licence")
    with pytest.raises(Refused, match=r"review\.no_such_vote"):
        review.cast_vote(committee, found, "e1", (B, "licence"), passes=True)


def test_whoever_takes_a_seat_reviews_everything_again() -> None:
    committee, found = begun()
    found = all_say(committee, found, A, {"e2": ("licence",)})
    found = after(found, review.open_vote(committee, found, "e1", A, "licence"))
    found = after(found, review.cast_vote(committee, found, "e2", (A, "licence"), passes=True))
    found = review.without(found, "2")
    assert ("2", A) not in found.verdicts
    assert found.votes[A, "licence"].votes == {}
    assert ("1", A) in found.verdicts
