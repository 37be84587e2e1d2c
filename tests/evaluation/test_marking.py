"""Marks: signed, whole, alone and for good; the last member's lock everybody's."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from crypto import signatures
from evaluation import marking, review
from evaluation.committee import Committee
from evaluation.events import ItemVerdict, MarkingEvent
from evaluation.marking import Marking
from evaluation.messages import ScoreSheet
from evaluation.review import Review
from evaluation.scoring.rule import ScoringRule
from record.errors import Refused
from record.events import Signed
from tests.evaluation.scoring.rules import points, rule
from tests.evaluation.test_committee import elect, quorate
from tests.evaluation.test_review import ACCOUNTS, A, B
from tests.evaluation.test_review import after as reviewed
from tests.project.sitting import sheet_rows

STAGES = [{"part": "technical", "title": "技术", "items": [points("t1", "70")]}]
RULE: ScoringRule = rule("lowest_price", stages=STAGES)
PROJECT = "9" * 32
KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))


def begun() -> tuple[Committee, Review, Marking]:
    committee = elect(quorate(), ("1",) * 5)
    found = review.begin("s1", RULE, (A, B))
    closed = reviewed(found, review.close_review(committee, found, "e1", {}))
    return committee, closed, Marking("s1")


def sheet(seat: str, **changed: Any) -> ScoreSheet:
    told: dict[str, Any] = {
        "v": 1,
        "project": PROJECT,
        "section": "s1",
        "seat": seat,
        "rule": marking.rule_hash(RULE),
        "marks": {bid: {"t1": f"6{seat}"} for bid in (A, B)},
        **changed,
    }
    marks = tuple(sheet_rows(bid, of) for bid, of in told["marks"].items())
    return ScoreSheet.model_validate({**told, "marks": marks})


def submit(
    committee: Committee, closed: Review, found: Marking, account: str, said: ScoreSheet
) -> tuple[MarkingEvent, ...]:
    envelope = signed(said)
    return marking.submit_marks(
        committee, closed, found, RULE, account=account, sheet=said, envelope=envelope
    )


def signed(said: ScoreSheet) -> Signed:
    envelope = signatures.sign(said.payload_type(), said.payload(), KEY)
    return Signed.model_validate(envelope, strict=False)


def after(found: Marking, events: Iterable[MarkingEvent]) -> Marking:
    for event in events:
        found = marking.evolve_marking(found, event)
    return found


def test_the_last_members_marks_lock_everybodys() -> None:
    committee, closed, found = begun()
    for seat, account in enumerate(ACCOUNTS, 1):
        assert not found.is_locked
        found = after(found, submit(committee, closed, found, account, sheet(str(seat))))
    assert found.is_locked
    marks = marking.marks_of(found)
    assert marks[A]["t1"] == {str(seat): Fraction(60 + seat) for seat in range(1, 6)}
    with pytest.raises(Refused, match=r"marks\.locked"):
        submit(committee, closed, found, "e1", sheet("1"))


def test_a_bid_or_an_item_stands_in_a_sheet_once() -> None:
    committee, closed, found = begun()
    whole = sheet("1")
    twice = whole.model_copy(update={"marks": (*whole.marks, whole.marks[0])})
    with pytest.raises(Refused, match=r"marks\.bids"):
        submit(committee, closed, found, "e1", twice)
    first = whole.marks[0]
    doubled = first.model_copy(update={"items": (*first.items, *first.items)})
    again = whole.model_copy(update={"marks": (doubled, *whole.marks[1:])})
    with pytest.raises(Refused, match=r"marks\.items"):
        submit(committee, closed, found, "e1", again)


def test_nobody_submits_twice_or_from_anothers_seat() -> None:
    committee, closed, found = begun()
    found = after(found, submit(committee, closed, found, "e1", sheet("1")))
    with pytest.raises(Refused, match=r"marks\.submitted"):
        submit(committee, closed, found, "e1", sheet("1"))
    with pytest.raises(Refused, match=r"marks\.other_seat"):
        submit(committee, closed, found, "e2", sheet("3"))
    with pytest.raises(Refused, match=r"committee\.not_a_member"):
        submit(committee, closed, found, "stranger", sheet("1"))


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"section": "s2"}, r"marks\.other_section"),
        ({"rule": "0" * 64}, r"marks\.other_rule"),
        ({"marks": {A: {"t1": "60"}}}, r"marks\.bids"),
        ({"marks": {A: {"t1": "60"}, B: {"t1": "60"}, "c" * 32: {"t1": "60"}}}, r"marks\.bids"),
        ({"marks": {A: {"t1": "60"}, B: {}}}, r"marks\.items"),
        ({"marks": {A: {"t1": "60"}, B: {"t1": "60", "t2": "1"}}}, r"marks\.items"),
        ({"marks": {A: {"t1": "60"}, B: {"t1": "70.5"}}}, r"marks\.range"),
        ({"marks": {A: {"t1": "60"}, B: {"t1": "60.25"}}}, r"marks\.range"),
    ],
)
def test_a_sheet_has_every_mark_and_each_within_its_range(
    changed: Mapping[str, Any], code: str
) -> None:
    committee, closed, found = begun()
    with pytest.raises(Refused, match=code):
        submit(committee, closed, found, "e1", sheet("1", **changed))


def test_nothing_is_marked_before_the_review_is_over() -> None:
    committee, _, found = begun()
    with pytest.raises(Refused, match=r"marks\.too_early"):
        submit(committee, review.begin("s1", RULE, (A, B)), found, "e1", sheet("1"))


def test_a_bid_that_was_rejected_is_not_marked() -> None:
    committee = elect(quorate(), ("1",) * 5)
    items = [{"kind": "pass", "item": "signed", "title": "signed"}]
    tried = rule("lowest_price", stages=[{"part": "formal", "title": "形式", "items": items}])
    found = review.begin("s1", tried, (A, B))
    for bid, passed in ((A, True), (B, False)):
        verdict = ItemVerdict(item="signed", passed=passed, reason=None if passed else "no")
        for account in ACCOUNTS:
            events = review.review_bid(committee, found, account, bid, [verdict])
            found = reviewed(found, events)
    found = reviewed(found, review.close_review(committee, found, "e1", {B: "unsigned"}))
    with pytest.raises(Refused, match=r"marks\.bids"):
        submit(committee, found, Marking("s1"), "e1", sheet("1"))


def test_a_member_that_is_replaced_leaves_no_mark_behind() -> None:
    committee, closed, found = begun()
    for seat, account in enumerate(ACCOUNTS, 1):
        found = after(found, submit(committee, closed, found, account, sheet(str(seat))))
    found = marking.without(found, "3")
    assert not found.is_locked
    assert set(found.sheets) == {"1", "2", "4", "5"}
