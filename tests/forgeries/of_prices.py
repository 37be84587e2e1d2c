"""Forgeries of corrected prices and of the judgement of competition, logged as if true: V29, V30."""

import json
from dataclasses import replace
from typing import Any

from evaluation.clarification import LONGEST, MINUTE, SHORTEST
from evaluation.correction import MOST
from tests.forgeries.forging import adds, drops, says, signs
from tests.forgeries.of_clarifications import copied
from tests.forgeries.of_the_evaluation import acts_as
from tests.forgeries.of_the_record import Change, dropped, event, message
from tests.opening.parties import Party
from tests.opening.world import FIRST, SERVICE
from tests.verifier.logbook import Logbook
from tests.verifier.told import Told

PROPOSED = "evaluation.correction_proposed"
VOTED = "evaluation.correction_voted"
ASKED = "evaluation.correction_asked"
ANSWERED = "evaluation.correction_answered"
EXPIRED = "evaluation.correction_expired"
CHECKED = "evaluation.prices_checked"
JUDGED = "evaluation.competition_judged"
CLOSED = "evaluation.review_closed"
REPORT = "evaluation.report_drawn_up"
_VOTES_ON_THE_LAST = 4


def _bidder(world: Told) -> Party:
    return world.bidder[1]


def _without_votes_on_the_last(book: Logbook) -> None:
    for _ in range(_VOTES_ON_THE_LAST):
        drops(book, VOTED, 10)


def _before_the_review_is_over(_: Told, book: Logbook) -> None:
    drops(book, VOTED, 0)
    drops(book, CLOSED, 0)


def _of_no_bid(_: Told, book: Logbook) -> None:
    says(book, PROPOSED, 4, bid="8" * 32)
    _without_votes_on_the_last(book)


def _at_the_same_price(world: Told, book: Logbook) -> None:
    bid = book.rows[book.find(PROPOSED, 4)].body["bid"]
    form = world.state.sessions[FIRST].opened[bid].form
    says(book, PROPOSED, 4, price=json.loads(form or "")["price"]["amount"])


def _of_a_bid_that_is_out(_: Told, book: Logbook) -> None:
    says(book, PROPOSED, 4, bid=book.rows[book.find(PROPOSED, 2)].body["bid"])


def _while_one_is_open(_: Told, book: Logbook) -> None:
    place = book.find(PROPOSED, 1)
    first = book.find(ANSWERED, 0)
    early, late = book.rows[place], book.rows[first]
    book.rows[first] = replace(early, at=late.at, cosigned=late.cosigned)
    book.rows[place] = replace(late, at=early.at, cosigned=early.cosigned)


def _too_many(_: Told, book: Logbook) -> None:
    """Propose and drop a correction again and again."""
    place = book.find(PROPOSED, 4)
    rows = book.rows[place : place + 1 + _VOTES_ON_THE_LAST]
    for number in range(MOST):
        name = f"{number:032x}"
        book.rows[place:place] = [
            replace(
                row,
                body={**row.body, "correction": name},
                command=f"{number}-{nth}",
                at=rows[0].at,
                cosigned=rows[0].cosigned,
            )
            for nth, row in enumerate(rows)
        ]


def _after_the_check(_: Told, book: Logbook) -> None:
    _without_votes_on_the_last(book)
    place = book.find(PROPOSED, 4)
    row, at = book.rows.pop(place), book.rows[book.find(CHECKED)]
    book.rows.insert(book.find(CHECKED) + 1, replace(row, at=at.at, cosigned=at.cosigned))


def _names_a_bidder(world: Told, book: Logbook) -> None:
    says(book, PROPOSED, 4, reason=f"与{world.bidder[2].organisation_name}的报价相比")


def _due(by: int) -> Change:
    def change(_: Told, book: Logbook) -> None:
        says(book, ASKED, 0, due=book.rows[book.find(ASKED)].body["due"] + by)

    return change


def _answered_by_another(world: Told, book: Logbook) -> None:
    signs(book, ANSWERED, world.bidder[2])
    acts_as(ANSWERED, 0, "bidder-2")(world, book)


def _answered_when_it_was_due(world: Told, book: Logbook) -> None:
    """Let the bidder whose time is over confirm at that moment."""
    place = book.find(EXPIRED)
    over, row = book.rows[place], book.rows[book.find(ANSWERED, 2)]
    asked = book.rows[book.find(PROPOSED, 3)].body
    body = {**row.body, "correction": asked["correction"]}
    book.rows[place] = replace(
        row, body=body, at=over.at, actor="bidder-3", command="late", cosigned=over.cosigned
    )
    said = {name: asked[name] for name in ("correction", "bid", "price")}
    signs(book, ANSWERED, world.bidder[3], 3, **said)


def _expired_early(_: Told, book: Logbook) -> None:
    place = book.find(EXPIRED)
    before = book.rows[place - 1]
    book.rows[place] = replace(book.rows[place], at=before.at, cosigned=before.cosigned)


def _confirmed_after_all(world: Told, book: Logbook) -> None:
    """Let a price count that its bidder refused."""
    says(book, ANSWERED, 2, accepts=True)
    signs(book, ANSWERED, world.bidder[2], 2, accepts=True)


def _undecided(_: Told, book: Logbook) -> None:
    """Let the committee score two bids although it has not decided; there is no report yet."""
    drops(book, JUDGED, 3)
    del book.rows[book.find(REPORT) :]


def _checked_although_lacking(_: Told, book: Logbook) -> None:
    at = book.rows[book.find(REPORT)]
    body = {"section": at.body["section"]}
    adds(book, REPORT, replace(at, type=CHECKED, body=body, actor="expert-5", command="again"))


def _judged_among_enough(_: Told, book: Logbook) -> None:
    at = book.rows[book.find(CHECKED)]
    body: dict[str, Any] = {"section": at.body["section"], "seat": "5", "lacking": True}
    row = replace(at, type=JUDGED, body={**body, "reason": "r"}, command="again")
    adds(book, CHECKED, row)


def _passed_on_although_lacking(world: Told, book: Logbook) -> None:
    bidders = [one.organisation for one in world.bidder.values()]
    failed = [{"organisation": one, "reason": "r"} for one in bidders[:2]]
    signs(book, "evaluation.stage_decided", world.clerk, passed=bidders[2:], failed=failed)


_OF_PROPOSALS: dict[str, tuple[str, Change]] = {
    "a price corrected for another": ("V29.1", acts_as(PROPOSED, 4, "expert-2")),
    "a price corrected before the review is over": ("V29.1", _before_the_review_is_over),
    "a price corrected under an old name": ("V29.1", copied(PROPOSED, 4, VOTED, 10)),
    "a price of no bid": ("V29.1", _of_no_bid),
    "a price corrected to what it was": ("V29.1", _at_the_same_price),
    "a price of a bid whose price was refused": ("V29.1", _of_a_bid_that_is_out),
    "a price corrected while another correction is open": ("V29.1", _while_one_is_open),
    "a price corrected more often than may be": ("V29.1", _too_many),
    "a price corrected after all are checked": ("V29.1", _after_the_check),
    "too little time to confirm": ("V29.1", event(PROPOSED, 4, period=SHORTEST - 1)),
    "too much time to confirm": ("V29.1", event(PROPOSED, 4, period=LONGEST + 1)),
    "a reason with a member's name": ("V29.1", event(PROPOSED, 4, reason="按 EXPERT -3 所说")),
    "a reason with a bidder's name": ("V29.1", _names_a_bidder),
    "a vote on a price for another": ("V29.2", acts_as(VOTED, 1, "expert-4")),
    "two votes on a price": ("V29.2", copied(VOTED, 1, VOTED, 2)),
    "a vote on a price that is agreed": (
        "V29.2", copied(VOTED, 3, ANSWERED, 0, actor="expert-5", seat="5"),
    ),
    "a vote on no correction": ("V29.2", event(VOTED, 0, correction="8" * 32)),
    "a bidder asked before most agree": ("V29.3", dropped(VOTED, 3)),
    "less time to confirm than was agreed": ("V29.3", _due(-2 * MINUTE)),
    "more time to confirm than was agreed": ("V29.3", _due(1)),
}  # fmt: skip
_OF_ANSWERS: dict[str, tuple[str, Change]] = {
    "confirmed with another's key": ("V2.11", message(ANSWERED, lambda world: world.bidder[2])),
    "confirmed by another bidder": ("V29.4", _answered_by_another),
    "confirmed at another price": ("V29.4", message(ANSWERED, _bidder, price=1)),
    "confirmed for another bid": ("V29.4", message(ANSWERED, _bidder, bid="8" * 32)),
    "confirmed in another project": ("V29.4", message(ANSWERED, _bidder, project="8" * 32)),
    "another correction confirmed": ("V29.4", message(ANSWERED, _bidder, correction="8" * 32)),
    "confirmed and told as refused": ("V29.4", event(ANSWERED, 0, accepts=False)),
    "confirmed when it was due": ("V29.4", _answered_when_it_was_due),
    "answered twice on a price": ("V29.4", copied(ANSWERED, 2, PROPOSED, 3)),
    "a price expired early": ("V29.5", _expired_early),
    "a price expired by a clerk": ("V13.1", acts_as(EXPIRED, 0, "clerk")),
    "prices checked by another member": ("V29.6", acts_as(CHECKED, 0, "expert-1")),
    "prices checked with a correction open": ("V29.6", dropped(EXPIRED)),
    "prices checked twice": ("V29.6", copied(CHECKED, 0, CHECKED)),
    "competition judged among enough bids": ("V30.1", _judged_among_enough),
}


def _expired_after_the_report(_: Told, book: Logbook) -> None:
    """Let the time of a bid that is out be over once the report stands."""
    asked, last = book.rows[book.find(ASKED)], book.rows[-1]
    body = {name: asked.body[name] for name in ("section", "correction")}
    late = last.at + LONGEST
    row = replace(
        last, type=EXPIRED, body=body, actor=SERVICE.account, command="late", at=late,
        cosigned=late // 1000,
    )  # fmt: skip
    book.rows.append(row)


_OF_OTHERS: dict[str, tuple[str, str, Change]] = {
    "a price expired once the report stands": ("V29.5", "left_open", _expired_after_the_report),
    "marks before prices are checked": ("V29.7", "corrected", dropped(CHECKED)),
    "a refused price that counts": ("V25.1", "corrected", _confirmed_after_all),
    "competition judged for another": ("V30.1", "enough", acts_as(JUDGED, 0, "expert-2")),
    "competition judged twice": ("V30.1", "enough", copied(JUDGED, 0, JUDGED, 1)),
    "competition judged once it was decided": (
        "V30.1", "enough",
        copied(JUDGED, 1, "evaluation.report_signed", actor="expert-5", seat="5"),
    ),
    "few bids scored undecided": ("V30.2", "enough", _undecided),
    "prices checked where competition is lacking": (
        "V30.2", "lacking", _checked_although_lacking,
    ),
    "passed on where competition is lacking": (
        "V27.1", "lacking_decided", _passed_on_although_lacking,
    ),
}  # fmt: skip
FORGERIES: dict[str, tuple[str, str, Change]] = {
    **{
        name: (check, "correcting", change)
        for name, (check, change) in {**_OF_PROPOSALS, **_OF_ANSWERS}.items()
    },
    **_OF_OTHERS,
}
"""What is forged: the one check that must find it, in which story, and how."""
