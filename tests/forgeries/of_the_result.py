"""Forgeries of published candidates, objections and the award, logged as if they were true: V31."""

from dataclasses import replace
from typing import Any

from evaluation.clarification import MINUTE
from evaluation.publication import DAY, LONGEST
from tests.forgeries.forging import adds, drops, signs, told
from tests.forgeries.of_the_evaluation import acts_as
from tests.forgeries.of_the_record import Change, clerk, dropped, event, message
from tests.verifier.logbook import Logbook
from tests.verifier.told import Told

PUBLISHED = "evaluation.candidates_published"
OBJECTED = "evaluation.result_objected"
ANSWERED = "evaluation.result_objection_answered"
AWARDED = "evaluation.awarded"
FINISHED = "evaluation.report_finished"
NOBODY = "8" * 32


def _until(by: int) -> Change:
    """Publish for longer or shorter."""

    def change(world: Told, book: Logbook) -> None:
        said = told(book.rows[book.find(PUBLISHED)])
        signs(book, PUBLISHED, world.clerk, until=said["until"] + by)

    return change


def _again(what: str, nth: int, before: str, to: int = 0, /, **fields: Any) -> Change:
    """Let something happen once more, right before another event."""

    def change(_: Told, book: Logbook) -> None:
        row, at = book.rows[book.find(what, nth)], book.rows[book.find(before, to)]
        body, command = {**row.body, **fields}, f"again-{len(book.rows)}"
        copy = replace(row, body=body, at=at.at, command=command, cosigned=at.cosigned)
        adds(book, before, copy, to)

    return change


def _candidates(*order: int, **fields: Any) -> Change:
    """Publish those candidates in this order, the first one changed."""

    def change(world: Told, book: Logbook) -> None:
        rows = told(book.rows[book.find(PUBLISHED)])["candidates"]
        first, *others = (rows[place] for place in order)
        signs(book, PUBLISHED, world.clerk, candidates=[{**first, **fields}, *others])

    return change


def _by_a_stranger(world: Told, book: Logbook) -> None:
    event(OBJECTED, 0, organisation=world.bidder[4].organisation)(world, book)
    acts_as(OBJECTED, 0, "bidder-4")(world, book)


def _too_many(world: Told, book: Logbook) -> None:
    """Let a bidder object twice more, and be answered."""
    for number in (1, 2):
        name = f"{number:032x}"
        _again(OBJECTED, 2, ANSWERED, 2, objection=name)(world, book)
        _again(ANSWERED, 1, ANSWERED, 2, objection=name)(world, book)


def _objected_late(world: Told, book: Logbook) -> None:
    place = book.find(AWARDED)
    row = replace(book.rows[place], at=book.rows[place].at + 2 * MINUTE)
    book.rows[place] = replace(row, cosigned=row.cosigned + 120)
    due = row.at + 3 * DAY
    _again(OBJECTED, 0, AWARDED, objection=NOBODY, due=due)(world, book)


def _without_a_reason(_: Told, book: Logbook) -> None:
    place = book.find(AWARDED)
    body = {name: one for name, one in book.rows[place].body.items() if name != "reason"}
    book.rows[place] = replace(book.rows[place], body=body)


def _to_the_first(_: Told, book: Logbook) -> None:
    bid = told(book.rows[book.find(PUBLISHED)])["candidates"][0]["bid"]
    place = book.find(AWARDED)
    book.rows[place] = replace(book.rows[place], body={**book.rows[place].body, "bid": bid})


_OF_PUBLICATIONS: dict[str, tuple[str, Change]] = {
    "candidates of another project": ("V31.1", message(PUBLISHED, clerk, project=NOBODY)),
    "candidates of another report": ("V31.1", message(PUBLISHED, clerk, facts="ab" * 32)),
    "candidates of another section": ("V31.1", message(PUBLISHED, clerk, section="other")),
    "published for too short a time": ("V31.1", _until(-2 * MINUTE)),
    "published for too long a time": ("V31.1", _until(LONGEST)),
    "published twice": ("V31.1", _again(PUBLISHED, 0, OBJECTED)),
    "published before the report stands": ("V31.1", dropped(FINISHED)),
    "published with a bidder's key": ("V2.11", message(PUBLISHED, lambda world: world.bidder[1])),
    "candidates in another order": ("V31.2", _candidates(1, 0, 2)),
    "a candidate left out": ("V31.2", _candidates(0, 1)),
    "a candidate with another total": ("V31.2", _candidates(0, 1, 2, total="99.99")),
    "a candidate under another name": ("V31.2", _candidates(0, 1, 2, name="某公司")),
    "no candidate although there are": (
        "V31.2", message(PUBLISHED, clerk, candidates=[], reason="no_valid_bid"),
    ),
}  # fmt: skip
_OF_OBJECTIONS: dict[str, tuple[str, Change]] = {
    "an objection of whoever did not bid": ("V31.3", _by_a_stranger),
    "an objection for another bidder": ("V13.1", acts_as(OBJECTED, 0, "bidder-2")),
    "an objection when time is over": ("V31.3", _objected_late),
    "an objection to be answered late": ("V31.3", event(OBJECTED, 0, due=1 << 42)),
    "an objection under an old name": ("V31.3", _again(OBJECTED, 0, ANSWERED)),
    "more objections than may be": ("V31.3", _too_many),
    "an objection answered twice": ("V31.4", _again(ANSWERED, 0, AWARDED)),
    "an answer to no objection": ("V31.4", _again(ANSWERED, 0, AWARDED, objection=NOBODY)),
    "an answer by the supervisor": ("V13.1", acts_as(ANSWERED, 0, "supervisor")),
}
_OF_AWARDS: dict[str, tuple[str, Change]] = {
    "awarded before time": ("V31.5", _until(DAY)),
    "awarded over an objection": ("V31.5", lambda _, book: drops(book, ANSWERED, 2)),
    "awarded to no candidate": ("V31.5", event(AWARDED, bid=NOBODY)),
    "awarded to the second without a reason": ("V31.5", _without_a_reason),
    "awarded to the first with a reason": ("V31.5", _to_the_first),
    "awarded twice": ("V31.5", _again(AWARDED, 0, AWARDED)),
}
FORGERIES: dict[str, tuple[str, str, Change]] = {
    name: (check, "awarded", change)
    for name, (check, change) in {**_OF_PUBLICATIONS, **_OF_OBJECTIONS, **_OF_AWARDS}.items()
} | {
    "another reason for no candidate": (
        "V31.2", "nobody_won", message(PUBLISHED, clerk, reason="rule_inapplicable"),
    ),
}  # fmt: skip
"""What is forged: the one check that must find it, in which story, and how."""
