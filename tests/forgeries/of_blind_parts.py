"""Forgeries of aliases and of the marks under them, logged as if true: V34."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tests.forgeries.forging import Fields, adds, says, signs, told
from tests.forgeries.of_the_evaluation import acts_as
from tests.forgeries.of_the_record import Change
from tests.project.sitting import expert
from tests.verifier.logbook import Logbook
from tests.verifier.told import Told

DRAWN = "evaluation.aliases_drawn"
SUBMITTED = "evaluation.marks_submitted"
CHECKED = "evaluation.prices_checked"
LOCKED = "evaluation.marks_locked"
REVIEWED = "evaluation.bid_reviewed"
CONVENED = "evaluation.committee_convened"
OTHER = "7" * 32


def _aliases(change: Callable[[list[Fields]], list[Fields]]) -> Change:
    def changed(_: Told, book: Logbook) -> None:
        rows = book.rows[book.find(DRAWN)].body["aliases"]
        says(book, DRAWN, aliases=change(rows))

    return changed


def _of_a_rejected_bid(_: Told, book: Logbook) -> None:
    rows = book.rows[book.find(DRAWN)].body["aliases"]
    bids = {row["bid"] for row in rows}
    (out,) = [bid for bid in book.rows[book.find(CONVENED)].body["bids"] if bid not in bids]
    says(book, DRAWN, aliases=[{**rows[0], "bid": out}, *rows[1:]])


def _where_nothing_is_blind(_: Told, book: Logbook) -> None:
    place = book.find(SUBMITTED)
    given = book.rows[place]
    bids = [row["bid"] for row in told(given)["marks"]]
    rows = [{"alias": "ABC"[at], "bid": bid} for at, bid in enumerate(bids)]
    body = {"section": given.body["section"], "draw": OTHER, "salt": OTHER, "aliases": rows}
    row = replace(given, type=DRAWN, body=body, actor="service", command="forged")
    adds(book, SUBMITTED, row)


def _drawn_again(_: Told, book: Logbook) -> None:
    row, at = book.rows[book.find(DRAWN)], book.rows[book.find(SUBMITTED, 1)]
    body = {**row.body, "draw": OTHER}
    again = replace(row, body=body, at=at.at, command="again", cosigned=at.cosigned)
    adds(book, SUBMITTED, again, 1)


def _drawn_early(before: str) -> Change:
    def change(_: Told, book: Logbook) -> None:
        row = book.rows.pop(book.find(DRAWN))
        at = book.rows[book.find(before)]
        adds(book, before, replace(row, at=at.at, cosigned=at.cosigned))

    return change


def _the_old_draw_again(_: Told, book: Logbook) -> None:
    says(book, DRAWN, 1, draw=book.rows[book.find(DRAWN)].body["draw"])


def _sheet(change: Callable[[Fields], Any], nth: int = 0) -> Change:
    """Let a member sign something else of the blind parts."""

    def changed(_: Told, book: Logbook) -> None:
        row = book.rows[book.find(SUBMITTED, nth)]
        who = expert(int(row.actor.removeprefix("expert-")))
        signs(book, SUBMITTED, who, nth, blind=change(told(row).get("blind", {})))

    return changed


def _mark(blind: Fields) -> Fields:
    first, *rest = blind["marks"]
    return {**blind, "marks": [{**first, "items": [{**first["items"][0], "mark": "31"}]}, *rest]}


def _under_the_draw_before(_: Told, book: Logbook) -> None:
    old = book.rows[book.find(DRAWN)].body["draw"]
    _sheet(lambda blind: {**blind, "draw": old}, -1)(_, book)


def _shown_before_the_lock(_: Told, book: Logbook) -> None:
    """Open the draw to somebody before there is a sheet."""
    del book.rows[book.find(SUBMITTED) :]


FORGERIES: dict[str, tuple[str, str, Change]] = {
    "an alias for a bid that is out": ("V34.1", "blind", _of_a_rejected_bid),
    "a bid without an alias": ("V34.1", "blind", _aliases(lambda rows: rows[:-1])),
    "an alias of the service's own": (
        "V34.1", "blind", _aliases(lambda rows: [*rows[:-1], {**rows[-1], "alias": "ZZ"}]),
    ),
    "aliases where nothing is blind": ("V34.1", "evaluated", _where_nothing_is_blind),
    "aliases drawn by the clerk": ("V13.1", "blind", acts_as(DRAWN, 0, "clerk-1")),
    "aliases drawn twice": ("V34.2", "blind", _drawn_again),
    "aliases drawn before the review is over": ("V34.2", "blind_decided", _drawn_early(REVIEWED)),
    "aliases drawn before the prices are checked": ("V34.2", "blind", _drawn_early(CHECKED)),
    "a draw named as the one before": ("V34.2", "blind", _the_old_draw_again),
    "blind items left unmarked": ("V34.3", "blind", _sheet(lambda _: None)),
    "blind marks where nothing is blind": (
        "V34.3", "evaluated", _sheet(lambda _: {"draw": OTHER, "marks": []}),
    ),
    "an alias marked twice": (
        "V34.3", "blind",
        _sheet(lambda blind: {**blind, "marks": [*blind["marks"], blind["marks"][0]]}),
    ),
    "marks under another draw": (
        "V34.3", "blind", _sheet(lambda blind: {**blind, "draw": OTHER}),
    ),
    "marks under the draw before": ("V34.3", "blind", _under_the_draw_before),
    "a blind mark out of range": ("V34.4", "blind", _sheet(_mark)),
    "aliases shown before the lock": ("V34.5", "blind", _shown_before_the_lock),
}  # fmt: skip
"""What is forged: the one check that must find it, in which story, and how."""
