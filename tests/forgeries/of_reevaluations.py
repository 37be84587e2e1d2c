"""Forgeries of re-evaluations, logged as if they were true: V33."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tests.forgeries.forging import says, signs, told
from tests.forgeries.of_clarifications import copied
from tests.forgeries.of_the_evaluation import acts_as, who
from tests.forgeries.of_the_record import Change, clerk, dropped, event, message
from tests.opening.world import HOUR
from tests.verifier.logbook import Logbook
from tests.verifier.told import Told

Fields = dict[str, Any]
ORDERED = "evaluation.reevaluation_ordered"
GIVEN = "evaluation.marks_given_again"
LOCKED = "evaluation.remarks_locked"
DROPPED = "evaluation.reevaluation_dropped"
WITHDRAWN = "evaluation.publication_withdrawn"
RESTORED = "evaluation.publication_restored"
PUBLISHED = "evaluation.candidates_published"
OBJECTED = "evaluation.result_objected"
ANSWERED = "evaluation.result_objection_answered"
AWARDED = "evaluation.awarded"
NOBODY = "8" * 32
HASH = "ab" * 32
THIRD = 1
"""The marks of seat 3, in the story of the one that is not given up."""


def _cells(change: Callable[[list[Fields]], list[Fields]]) -> Change:
    def changed(_: Told, book: Logbook) -> None:
        says(book, ORDERED, 0, cells=change(book.rows[book.find(ORDERED)].body["cells"]))

    return changed


def _marks(change: Callable[[list[Fields]], list[Fields]]) -> Change:
    """Let seat 3 have signed other marks."""

    def changed(world: Told, book: Logbook) -> None:
        rows = told(book.rows[book.find(GIVEN, THIRD)])["marks"]
        signs(book, GIVEN, who(3)(world), THIRD, marks=change(rows))

    return changed


def _shown_before_the_lock(_: Told, book: Logbook) -> None:
    """Open what was given again while the last is awaited."""
    del book.rows[book.find(LOCKED) - 1 :]


def _too_often(_: Told, book: Logbook) -> None:
    """Order and give up twice more."""
    order, place = book.rows[book.find(ORDERED)], book.find(PUBLISHED)
    at = book.rows[place]
    rows = []
    for number in (1, 2):
        about = {"section": order.body["section"], "reevaluation": f"{number:032x}"}
        of = replace(order, at=at.at, cosigned=at.cosigned)
        rows.append(replace(of, body={**order.body, **about}, command=f"order-{number}"))
        body = {**about, "reason": "r"}
        rows.append(replace(of, type=DROPPED, body=body, command=f"drop-{number}"))
    book.rows[place:place] = rows


def _after_the_award(_: Told, book: Logbook) -> None:
    row, last = book.rows[book.find(ORDERED)], book.rows[-1]
    assert last.type == AWARDED
    body = {**row.body, "reevaluation": NOBODY}
    book.rows.append(replace(row, body=body, at=last.at, command="again", cosigned=last.cosigned))


def _until(name: str, nth: int, /, change: Change) -> Change:
    """Change a record that ends with an event."""

    def changed(world: Told, book: Logbook) -> None:
        change(world, book)
        del book.rows[book.find(name, nth) + 1 :]

    return changed


def _withdrawn_by_nobody(_: Told, book: Logbook) -> None:
    place = book.find(WITHDRAWN)
    row = replace(book.rows[place], command="again")
    del book.rows[place - 1 :]
    book.rows.append(row)


def _restored_for_longer(_: Told, book: Logbook) -> None:
    says(book, RESTORED, until=book.rows[book.find(RESTORED)].body["until"] + HOUR)


def _locked_by_itself(_: Told, book: Logbook) -> None:
    place = book.find(LOCKED)
    book.rows[place] = replace(book.rows[place], command="again")


def _without_reason(rows: list[Fields]) -> list[Fields]:
    return [{name: one for name, one in row.items() if name != "reason"} for row in rows]


_OF_ORDERS: dict[str, tuple[str, str, Change]] = {
    "ordered before the report stands": (
        "V33.1", "reevaluated_twice", dropped("evaluation.report_finished"),
    ),
    "ordered once too often": ("V33.1", "reevaluated_twice", _too_often),
    "ordered while one is open": ("V33.1", "reevaluated", copied(ORDERED, 1, GIVEN, 2)),
    "ordered after the award": ("V33.1", "given_up", _after_the_award),
    "ordered for no objection": ("V33.1", "reevaluated", event(ORDERED, objection=NOBODY)),
    "ordered by a member": ("V13.1", "reevaluated_twice", acts_as(ORDERED, 0, "expert-1")),
    "another reason in the report": ("V25.1", "reevaluated_twice", event(ORDERED, reason="r")),
    "a bid named that nobody marked": (
        "V33.1", "reevaluated", _cells(lambda cells: [{**cells[0], "bid": NOBODY}, cells[1]]),
    ),
    "an item named that is not marked": (
        "V33.1", "reevaluated", _cells(lambda cells: [{**cells[0], "item": "licence"}, cells[1]]),
    ),
    "a blind item named": (
        "V33.1", "reevaluated_twice", _cells(lambda cells: [{**cells[0], "item": "quality-plan"}]),
    ),
    "a mark named twice": ("V33.1", "reevaluated", _cells(lambda cells: [*cells, cells[0]])),
    "too many marks named": (
        "V33.1", "reevaluated", _cells(lambda cells: cells[:1] * 101),
    ),
    "a result left published": (
        "V33.2", "given_up", _until(LOCKED, 0, dropped(WITHDRAWN)),
    ),
    "a result withdrawn for nothing": ("V33.2", "given_up", _withdrawn_by_nobody),
    "a result not published again": ("V33.2", "given_up", dropped(RESTORED)),
    "a result published again for longer": ("V33.2", "given_up", _restored_for_longer),
    "another result published again": (
        "V33.2", "given_up", _until(RESTORED, 0, event(RESTORED, reevaluation=NOBODY)),
    ),
}  # fmt: skip
_OF_MARKS: dict[str, tuple[str, Change]] = {
    "marks given again for another": ("V33.3", event(GIVEN, THIRD, seat="5")),
    "marks given again elsewhere": ("V33.3", message(GIVEN, who(3), THIRD, project=NOBODY)),
    "marks of another order": ("V33.3", message(GIVEN, who(3), THIRD, reevaluation=NOBODY)),
    "marks by another rule": ("V33.3", message(GIVEN, who(3), THIRD, rule=HASH)),
    "marks given again twice": ("V33.3", copied(GIVEN, THIRD, GIVEN, 2)),
    "marks under another's key": ("V2.11", message(GIVEN, who(4), THIRD)),
    "a named mark left out": ("V33.4", _marks(lambda rows: rows[:1])),
    "a mark that was not named": (
        "V33.4", _marks(lambda rows: [rows[0], {**rows[1], "item": "record"}]),
    ),
    "a mark out of range": ("V33.4", _marks(lambda rows: [{**rows[0], "mark": "31"}, rows[1]])),
    "a mark between steps": ("V33.4", _marks(lambda rows: [{**rows[0], "mark": "20.3"}, rows[1]])),
    "a mark changed without a reason": ("V33.4", _marks(_without_reason)),
    "a reason where nothing changed": (
        "V33.4", _marks(lambda rows: [rows[0], {**rows[1], "reason": "r"}]),
    ),
    "locked before all are in": ("V33.5", copied(LOCKED, 0, GIVEN, 5)),
    "locked by itself": ("V33.5", _locked_by_itself),
    "reported before all are in": ("V25.2", dropped(LOCKED)),
    "objected to what is withdrawn": ("V33.6", copied(OBJECTED, 0, GIVEN, 2, objection=NOBODY)),
    "awarded while marks are given again": ("V33.6", copied(AWARDED, 0, GIVEN, 2)),
    "published without what it replaces": ("V33.7", message(PUBLISHED, clerk, 1, replaces=None)),
    "published in place of another": ("V33.7", message(PUBLISHED, clerk, 1, replaces=HASH)),
    "published without what it follows": ("V33.7", message(PUBLISHED, clerk, 1, reevaluation=None)),
    "published after another": ("V33.7", message(PUBLISHED, clerk, 1, reevaluation=NOBODY)),
    "marks given again shown before all are in": ("V33.9", _shown_before_the_lock),
    "given up twice": ("V33.8", copied(DROPPED, 0, ANSWERED, 0)),
    "given up when the report stands": ("V33.8", copied(DROPPED, 0, PUBLISHED, 1)),
    "awarded over an objection to what was withdrawn": ("V31.5", dropped(ANSWERED, 1)),
    "an objection to a withdrawn result answered twice": ("V31.4", copied(ANSWERED, 1, AWARDED)),
    "another reason at a pause": ("V32.2", event(ORDERED, 1, reason="另有原因。")),
}  # fmt: skip
FORGERIES: dict[str, tuple[str, str, Change]] = {
    **_OF_ORDERS,
    **{name: (check, "reevaluated", change) for name, (check, change) in _OF_MARKS.items()},
}
"""What is forged: the one check that must find it, in which story, and how."""
