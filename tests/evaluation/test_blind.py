"""Blind parts: their aliases, drawn when marks begin, and the marks that are given under them."""

from collections import Counter
from dataclasses import replace

import pytest

from evaluation import blind, marking
from evaluation.blind import alias_at
from evaluation.commands import DrawAliases, SubmitMarks
from evaluation.marking import signed_marks
from evaluation.report_facts import facts
from evaluation.scoring.rule import ScoringRule
from evaluation.state_hash import state_hash
from project.duties import duties
from record.errors import Refused
from record.rules import Given
from tests.evaluation.test_story import opened
from tests.opening.world import SECTION, SERVICE
from tests.project.sitting import BLIND, RULE, Sitting

SALT = "5a" * 32


def begun(rule: ScoringRule = BLIND) -> Sitting:
    """Return a committee that has closed its review and checked the prices."""
    return Sitting(opened(rule=rule)).quorate().reviewed().priced()


def drawn() -> Sitting:
    sitting = begun()
    sitting.draw_aliases()
    return sitting


def test_aliases_are_letters_in_order() -> None:
    assert [alias_at(place) for place in (0, 25, 26, 51, 52, 701, 702)] == [
        "A", "Z", "AA", "AZ", "BA", "ZZ", "AAA",
    ]  # fmt: skip


def test_the_draw_is_a_duty_once_marks_can_begin() -> None:
    sitting = begun()
    due = duties(sitting.world.whole, sitting.world.now)
    assert [(name, type(one)) for name, one in due.do] == [(f"aliases/{SECTION}/0", DrawAliases)]
    sitting.draw_aliases()
    assert duties(sitting.world.whole, sitting.world.now).do == ()
    assert sorted(sitting.aliases.values()) == sorted(sitting.found.review.valid)
    assert list(sitting.aliases) == ["A", "B", "C"]
    with pytest.raises(Refused, match=r"blind\.not_due"):
        sitting.world.do(SERVICE, DrawAliases(section=SECTION))


def test_no_alias_is_drawn_where_nothing_is_blind() -> None:
    sitting = begun(RULE)
    assert duties(sitting.world.whole, sitting.world.now).do == ()
    with pytest.raises(Refused, match=r"blind\.not_due"):
        sitting.world.do(SERVICE, DrawAliases(section=SECTION))


def test_each_order_of_the_bids_comes_about_as_often() -> None:
    sitting, counts = begun(), Counter[tuple[str, ...]]()
    world = sitting.world
    for number in range(600):
        given = Given(SERVICE, world.now, "c", number.to_bytes(32))
        command = DrawAliases(section=SECTION)
        (event,) = blind.draw_aliases(world.state, world.whole.evaluation, command, given)
        counts[tuple(one.bid for one in event.aliases)] += 1
    assert len(counts) == 6
    assert all(60 < count < 140 for count in counts.values())


def test_marks_wait_for_the_aliases() -> None:
    sitting = begun()
    message = sitting.people[1].sign(sitting.sheet(1))
    with pytest.raises(Refused, match=r"marks\.aliases_awaited"):
        sitting.act(1, SubmitMarks, message=message)


def test_marks_under_aliases_count_for_the_bids_behind_them() -> None:
    sitting = drawn().marked()
    assert sitting.found.marking.is_locked
    marks = signed_marks(sitting.found.marking)
    for bid in sitting.bids:
        for seat in sitting.people:
            wanted = sitting.marks(seat, bid, blind=True)["plan"]
            assert marks[bid]["plan"][str(seat)] == wanted


def test_a_sheet_names_every_alias_of_the_draw_once_and_blind_items_alone() -> None:
    sitting = drawn()
    said = sitting.sheet(1).blind
    assert said is not None
    for changed, code in (
        (None, r"marks\.aliases\b"),
        (said.model_copy(update={"marks": said.marks[1:]}), r"marks\.aliases\b"),
        (said.model_copy(update={"marks": (*said.marks, said.marks[0])}), r"marks\.aliases\b"),
        (said.model_copy(update={"draw": "0" * 32}), r"marks\.other_aliases"),
        (_with_items(said, ()), r"marks\.items"),
        (_with_items(said, (said.marks[0].items[0].model_copy(update={"mark": "31"}),)), "range"),
    ):
        with pytest.raises(Refused, match=code):
            sitting.submit(1, blind=changed)
    open_rows = sitting.sheet(1).marks
    blind_row = open_rows[0].model_copy(
        update={"items": (*open_rows[0].items, *said.marks[0].items)}
    )
    with pytest.raises(Refused, match=r"marks\.items"):
        sitting.submit(1, marks=(blind_row, *open_rows[1:]))


def _with_items(said: object, items: tuple[object, ...]) -> object:
    first, *rest = said.marks  # type: ignore[attr-defined]  # any part of a sheet
    return said.model_copy(  # type: ignore[attr-defined]  # any part of a sheet
        update={"marks": (first.model_copy(update={"items": items}), *rest)}
    )


def test_a_sheet_without_blind_items_names_no_alias() -> None:
    sitting, other = begun(RULE), drawn()
    with pytest.raises(Refused, match=r"marks\.aliases\b"):
        sitting.submit(1, blind=other.sheet(1).blind)


def test_a_new_member_marks_under_new_aliases_and_the_others_sheets_stay() -> None:
    sitting = drawn().marked()
    first = sitting.found.marking.draw
    before = signed_marks(sitting.found.marking)
    sitting.replace(2)
    assert sitting.found.marking.draw is None
    sitting.sit(2)
    for bid in sitting.bids:
        sitting.review(2, bid)
    sitting.close()
    sitting.check_prices()
    sitting.submit(2)
    assert sitting.found.marking.is_locked
    assert sitting.found.marking.draw != first
    after = signed_marks(sitting.found.marking)
    assert {bid: of["plan"]["3"] for bid, of in after.items()} == {
        bid: of["plan"]["3"] for bid, of in before.items()
    }
    used = blind.draws_used(sitting.found.marking)
    assert [sorted(seats) for seats in used.values()] == [["1", "3", "4", "5"], ["2"]]
    told = facts(sitting.world.state, sitting.found, sitting.rule).decode()
    assert all(draw in told for draw in used)


def test_other_bids_void_the_sheets_and_the_aliases() -> None:
    sitting = drawn()
    sitting.submit(1)
    found = marking.without(sitting.found.marking, "2")
    fewer = marking.of_bids(found, sitting.bids[:2])
    assert (fewer.sheets, fewer.draw) == ({}, None)
    assert marking.of_bids(found, sitting.bids).sheets.keys() == {"1"}


def test_another_table_or_salt_is_another_state_and_so_is_a_draw() -> None:
    sitting = begun()
    before = hashed(sitting, sitting.found.marking)
    sitting.draw_aliases()
    drawn = sitting.found.marking
    (draw, table), (salt,) = next(iter(drawn.draws.items())), drawn.salts.values()
    turned = dict(zip(table, (*list(table.values())[1:], *list(table.values())[:1]), strict=True))
    others = (
        replace(drawn, draws={draw: turned}),
        replace(drawn, salts={draw: SALT[:32]}),
        replace(drawn, draw=None),
    )
    assert salt != draw
    hashes = {before, hashed(sitting, drawn), *(hashed(sitting, other) for other in others)}
    assert len(hashes) == 5


def hashed(sitting: Sitting, changed: marking.Marking) -> str:
    return state_hash(replace(sitting.found, marking=changed), sitting.rule, SALT)


def test_the_facts_of_a_report_say_nothing_of_aliases_where_nothing_is_blind() -> None:
    sitting = begun(RULE).marked()
    assert b'"blind":[' not in facts(sitting.world.state, sitting.found, sitting.rule)
    assert replace(sitting.found.marking).draws == {}
