"""Words that only some may read are planted in an evaluation; every seat reads every page for them."""

import base64
import binascii
import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from evaluation.commands import ReviewBid
from evaluation.events import ItemVerdict
from tests.faults.routes import asks, fill, routes_of
from tests.opening.bidding import honest_package
from tests.opening.parties import Party
from tests.opening.world import PROJECT, SECTION
from tests.project.publishing import object_to, publish
from tests.project.remarking import order, remark, remarks
from tests.project.sitting import RULE, Sitting, sheet_rows
from tests.web.scene import Scene, scene
from tests.web.tender import ADMINISTRATOR, STRANGER, Tender, headers

DRAFT = f"/api/projects/{PROJECT}/sections/{SECTION}/draft"
NOTES = f"/api/projects/{PROJECT}/sections/{SECTION}/notes"
CHANNELS = f"/api/projects/{PROJECT}/channels"
ENCODED = re.compile(rb"[A-Za-z0-9+/]{40,}={0,2}")
NOBODY: Final = frozenset[str]()
INSIDE: Final = frozenset({"supervisor", "own", "member"})
ASKING: Final[dict[str, tuple[str, frozenset[str]]]] = {
    "tie": ("canary-tie", frozenset({"supervisor", "own"})),
    "reason": ("canary-reason", NOBODY),
    "drafted": ("canary-drafted", INSIDE),
    "sent": ("canary-sent", INSIDE | {"bidder"}),
    "answer": ("canary-answer", frozenset({"supervisor", "bidder"})),
}
"""What is planted while the committee asks, and who reads it somewhere."""
MARKING: Final[dict[str, tuple[str, frozenset[str]]]] = {
    "submitted": ("17.5", NOBODY),
    "draft": ("13.5", frozenset({"own"})),
    "note": ("canary-note", frozenset({"own"})),
}
"""Marks before the lock: those that were submitted, those of a draft; and a note on a page."""
BETWEEN: Final[dict[str, tuple[str, frozenset[str]]]] = {
    "submitted": ("17.5", INSIDE),
    "sealed": ("70654322", NOBODY),
}
"""Marks that are locked between two envelopes, and a price that is still sealed."""
CORRECTING: Final[dict[str, tuple[str, frozenset[str]]]] = {
    "proposed": ("canary-proposed", INSIDE),
    "asked": ("canary-asked", INSIDE),
    "price": ("70654399", INSIDE | {"bidder"}),
}
"""What is said of prices after the second envelope, and what a bidder is asked to confirm."""


AGAIN: Final[dict[str, tuple[str, frozenset[str]]]] = {
    "objection": ("canary-objection", frozenset({"supervisor", "clerk", "bidder"})),
    "ordered": ("canary-ordered", INSIDE | {"clerk"}),
    "mark": ("17.5", NOBODY),
    "why": ("canary-why", NOBODY),
}
"""What is said of a re-evaluation, and what a member gave again while others are awaited."""


def opened(envelopes: int = 1) -> Sitting:
    world = Tender(rule=RULE, envelopes=envelopes).open_up()
    if envelopes == 1:
        world.all_opened()
    else:
        for number, who in world.bidder.items():
            world.bid(number)
            world.bid(number, 2, honest_package(who, 70_654_321 + number))
        world.now = world.deadline
        world.serve()
        world.session()
    made = Sitting(world).bind().convene()
    for seat in made.people:
        made.sit(seat, (ASKING["tie"][0],) if seat == 5 else ())
    made.elect()
    world.experts = list(made.people.values())
    return made


def asking() -> Sitting:
    """A failed item with its reason, a question in draft, one answered and not checked yet."""
    made = opened()
    failed = ItemVerdict(item="licence", passed=False, reason=ASKING["reason"][0])
    passed = ItemVerdict(item="grade", passed=True, reason=None)
    made.act(5, ReviewBid, bid=made.bids[0], verdicts=(failed, passed))
    made.draft(5, made.bids[1], ASKING["drafted"][0])
    made.answer(made.ask(made.bids[0], ASKING["sent"][0]), text=ASKING["answer"][0])
    return made


def marking() -> Sitting:
    """Two members have submitted their marks, one has some in draft."""
    made = opened().reviewed().priced()
    for seat in (1, 2):
        rows = [
            sheet_rows(bid, {"plan": MARKING["submitted"][0], "safety": "9"}) for bid in made.bids
        ]
        made.submit(seat, marks=tuple(rows))
    return made


def between() -> Sitting:
    """All marks of two envelopes are locked; the prices are sealed."""
    made = opened(envelopes=2).reviewed()
    rows = [sheet_rows(bid, {"plan": "17.5", "safety": "9"}) for bid in made.bids]
    for seat in made.people:
        made.submit(seat, marks=tuple(rows))
    return made


def correcting() -> Sitting:
    """Prices of two envelopes are read out; a correction is proposed, another asked."""
    made = between()
    world = made.world
    made.decide_stage(tuple(world.state.bids[bid].organisation for bid in made.bids))
    world.serve()
    world.session((SECTION, 2))
    read_out = {one.form or "" for one in world.state.sessions[SECTION, 2].opened.values()}
    assert any(BETWEEN["sealed"][0] in one for one in read_out)
    made.correct(made.bids[0], int(CORRECTING["price"][0]), reason=CORRECTING["asked"][0])
    made.propose(5, made.bids[1], 60_000_000, reason=CORRECTING["proposed"][0])
    return made


def marking_again() -> Sitting:
    """One member has given a mark again over an objection; all others are awaited."""
    made = opened().reviewed().marked()
    made.draw_up()
    made.signed()
    publish(made)
    bid = made.bids[0]
    objection = object_to(made, 1, AGAIN["objection"][0])
    order(made, [(bid, "plan")], reason=AGAIN["ordered"][0], objection=objection)
    given = remarks(made, 5, {(bid, "plan"): AGAIN["mark"][0]})
    told = [one.model_copy(update={"reason": AGAIN["why"][0]}) for one in given.marks]
    remark(made, 5, {}, marks=tuple(told))
    return made


def readers(made: Scene, of: Sitting) -> dict[str, Party | None]:
    return {
        **made.world.one_of_each,
        "": None,
        "stranger": STRANGER,
        "administrator": ADMINISTRATOR,
        "timekeeper": made.world.timekeeper,
        "other bidder": made.world.bidder[2],
        "own": of.people[5],
        "member": of.people[3],
    }


def read(made: Scene, who: Party | None) -> bytes:
    """Return all that somebody is answered on every page and route that only reads."""
    told = headers(who) if who else {}
    found = []
    for name, ask in asks(made.world, "0" * 32).items():
        method, path = name.split(" ")
        if method == "GET":
            where = fill(path, ask.path)
            answer = made.http.get(
                where, headers={**told, **(ask.headers or {})}, params=ask.params
            )
            found.append(answer.content)
    for channel in made.http.get(CHANNELS, headers=told).json().get("channels", ()):
        where = f"{CHANNELS}/{channel}/events"
        found.append(made.http.get(where, headers=told, params={"wait": "0"}).content)
    whole = b"\n".join(found)
    return b"\n".join((whole, *(decoded(one) for one in ENCODED.findall(whole))))


def decoded(text: bytes) -> bytes:
    """Return what signed messages say, which records carry as base64."""
    try:
        return base64.b64decode(text + b"=" * (-len(text) % 4))
    except binascii.Error:
        return b""


def holds(text: bytes, word: str) -> bool:
    return re.search(rb"(?<![\d.])" + re.escape(word.encode()) + rb"(?![\d.])", text) is not None


@pytest.mark.parametrize(
    ("stage", "planted"),
    [
        (asking, ASKING),
        (marking, MARKING),
        (between, BETWEEN),
        (correcting, CORRECTING),
        (marking_again, AGAIN),
    ],
    ids=["asking", "marking", "between", "correcting", "marking_again"],
)
def test_what_is_not_for_a_seat_is_on_no_page_and_in_no_answer(
    tmp_path: Path, stage: Callable[[], Sitting], planted: dict[str, tuple[str, frozenset[str]]]
) -> None:
    of = stage()
    assert isinstance(of.world, Tender)
    with scene(tmp_path, of.world) as made:
        assert {name for name in routes_of(made.service.app) if name.startswith("GET ")}
        if not of.found.marking.is_locked:
            marks = {of.bids[0]: {"plan": MARKING["draft"][0]}}
            body = {"version": 0, "marks": marks, "review": {}}
            kept = made.http.put(DRAFT, json=body, headers=headers(of.people[5]))
            assert kept.status_code == 200
        if "note" in planted:
            note = {"bid": of.bids[0], "file": 0, "page": 1, "was": "", "text": planted["note"][0]}
            assert made.http.put(NOTES, json=note, headers=headers(of.people[5])).is_success
        found = {name: read(made, who) for name, who in readers(made, of).items()}
    seen = {
        what: {name for name, text in found.items() if holds(text, word)}
        for what, (word, _) in planted.items()
    }
    assert seen == {what: set(who) for what, (_, who) in planted.items()}


def test_names_of_bidders_are_on_no_page_of_a_member_that_has_not_declared_its_ties(
    tmp_path: Path,
) -> None:
    world = Tender(rule=RULE).open_up().all_opened()
    of = Sitting(world).bind().convene()
    world.experts = list(of.people.values())
    desk = f"/projects/{PROJECT}/desk/{SECTION}"
    evaluation = f"/api/projects/{PROJECT}/sections/{SECTION}/evaluation"
    names = [one.organisation_name for one in world.bidder.values()]
    with scene(tmp_path, world) as made:
        own = headers(of.people[1])
        before = [made.http.get(path, headers=own).text for path in (desk, evaluation, "/expert")]
    assert not [name for name in names for text in before if name in text]
