"""Forgeries of questions to bidders and of their answers, logged as if they were true: V28."""

from dataclasses import replace
from typing import Any

from evaluation.attachments import LARGEST
from evaluation.attachments import MOST as ATTACHED_AT_MOST
from evaluation.clarification import LONGEST, MINUTE, MOST, SHORTEST
from tests.forgeries.forging import adds, drops, says, signs
from tests.forgeries.of_the_evaluation import acts_as
from tests.forgeries.of_the_record import Change, dropped, event, message
from tests.opening.parties import Party
from tests.verifier.evaluated import PLAN
from tests.verifier.logbook import Logbook
from tests.verifier.told import Told

DRAFTED = "evaluation.clarification_drafted"
AGREED = "evaluation.clarification_agreed"
DROPPED = "evaluation.clarification_dropped"
QUESTION = "evaluation.question_checked"
ANSWERED = "evaluation.clarification_answered"
ANSWER = "evaluation.answer_checked"
JUDGED = "evaluation.answer_judged"
EXPIRED = "evaluation.clarification_expired"
SHEET = "evaluation.marks_submitted"
NOBODY = "ab" * 32


def _bidder(world: Told) -> Party:
    return world.bidder[1]


def copied(
    what: str, nth: int, before: str, to: int = 0, /, actor: str | None = None, **fields: Any
) -> Change:
    """Let something happen once more, right before another event."""

    def change(_: Told, book: Logbook) -> None:
        row, at = book.rows[book.find(what, nth)], book.rows[book.find(before, to)]
        again = replace(
            row,
            body={**row.body, **fields},
            at=at.at,
            actor=actor or row.actor,
            command="again",
            cosigned=at.cosigned,
        )
        adds(book, before, again, to)

    return change


def _before_the_chair(_: Told, book: Logbook) -> None:
    place = book.find("evaluation.chair_elected")
    row, at = book.rows.pop(book.find(DRAFTED)), book.rows[place - 1]
    book.rows.insert(place - 1, replace(row, at=at.at, cosigned=at.cosigned))


def _too_many(_: Told, book: Logbook) -> None:
    """Draft and drop a question again and again."""
    place = book.find(DRAFTED, 3)
    asked, gone = book.rows[place : place + 2]
    for number in range(MOST):
        name = f"{number:032x}"
        rows = [
            replace(
                row,
                body={**row.body, "clarification": name},
                command=f"{number}-{row.type}",
                at=asked.at,
                cosigned=asked.cosigned,
            )
            for row in (asked, gone)
        ]
        book.rows[place:place] = rows


def _under_an_old_name(_: Told, book: Logbook) -> None:
    name = book.rows[book.find(DRAFTED)].body["clarification"]
    says(book, DRAFTED, 3, clarification=name)
    says(book, DROPPED, 0, clarification=name)


def _dropped_by_a_third(world: Told, book: Logbook) -> None:
    says(book, DROPPED, 0, seat="3")
    acts_as(DROPPED, 0, "expert-3")(world, book)


def _drop_late(_: Told, book: Logbook) -> None:
    """Let the chair drop a question that is with its bidder."""
    place = book.find(ANSWERED)
    row = replace(book.rows[book.find(AGREED, 4)], type=DROPPED, command="late")
    at = book.rows[place]
    book.rows.insert(place, replace(row, at=at.at, cosigned=at.cosigned))


def _due(what: str, nth: int, by: int) -> Change:
    """Let a bidder have more or less time."""

    def change(_: Told, book: Logbook) -> None:
        says(book, what, nth, due=book.rows[book.find(what, nth)].body["due"] + by)

    return change


def _without_a_due_time(_: Told, book: Logbook) -> None:
    place = book.find(QUESTION, 2)
    body = {name: one for name, one in book.rows[place].body.items() if name != "due"}
    book.rows[place] = replace(book.rows[place], body=body)


def _answered_by_another(world: Told, book: Logbook) -> None:
    signs(book, ANSWERED, world.bidder[2])
    acts_as(ANSWERED, 0, "bidder-2")(world, book)


def _judgements_exchanged(_: Told, book: Logbook) -> None:
    """Let as many accept an answer as did, but other members."""
    says(book, JUDGED, 5, accepts=False)
    says(book, JUDGED, 7, accepts=True)


def _expired_early(_: Told, book: Logbook) -> None:
    place = book.find(EXPIRED)
    before = book.rows[place - 1]
    book.rows[place] = replace(book.rows[place], at=before.at, cosigned=before.cosigned)


def _attached(*names: str, **changes: Any) -> Change:
    """Let an answer that was given back have attachments of these names."""
    each = {"sha256": PLAN.sha256, "size": PLAN.size, **changes}
    return message(ANSWERED, _bidder, attachments=[{"name": name, **each} for name in names])


_OF_DRAFTS: dict[str, tuple[str, Change]] = {
    "drafted for another": ("V28.1", acts_as(DRAFTED, 3, "expert-3")),
    "drafted before there is a chair": ("V28.1", _before_the_chair),
    "drafted under an old name": ("V28.1", _under_an_old_name),
    "a question about no bid": ("V28.1", event(DRAFTED, 3, bid="8" * 32)),
    "a question after the first marks": (
        "V28.1", copied(DRAFTED, 3, SHEET, 1, clarification="8" * 32),
    ),
    "too little time to answer": ("V28.1", event(DRAFTED, 3, period=SHORTEST - 1)),
    "too much time to answer": ("V28.1", event(DRAFTED, 3, period=LONGEST + 1)),
    "more questions than may be": ("V28.1", _too_many),
    "a question with a member's name": ("V28.1", event(DRAFTED, 3, text="请答复 EXPERT -3。")),
    "agreed for another": ("V28.2", acts_as(AGREED, 1, "expert-3")),
    "agreed twice": ("V28.2", copied(AGREED, 1, AGREED, 2)),
    "agreed once it is out": ("V28.2", copied(AGREED, 4, ANSWERED)),
    "agreed to nothing": ("V28.2", event(AGREED, 0, clarification="8" * 32)),
    "dropped by a third": ("V28.2", _dropped_by_a_third),
    "dropped once it is out": ("V28.2", _drop_late),
}  # fmt: skip
_OF_ANSWERS: dict[str, tuple[str, Change]] = {
    "sent before it was agreed": ("V28.3", dropped(AGREED, 4)),
    "sent with less time": ("V28.3", _due(QUESTION, 2, -2 * MINUTE)),
    "sent with more time": ("V28.3", _due(QUESTION, 2, 1)),
    "sent without a due time": ("V28.3", _without_a_due_time),
    "given back with a due time": ("V28.3", event(QUESTION, 0, due=1 << 42)),
    "an answer given back with less time": ("V28.3", _due(ANSWER, 0, -2 * MINUTE)),
    "an answer given back for longer": ("V28.3", _due(ANSWER, 3, 1)),
    "an answer given back for less than before": ("V28.3", _due(ANSWER, 3, -1)),
    "shown twice": ("V28.3", copied(ANSWER, 1, JUDGED)),
    "checked by a clerk": ("V13.1", acts_as(ANSWER, 1, "clerk")),
    "answered with another's key": ("V2.11", message(ANSWERED, lambda world: world.bidder[2])),
    "answered by another bidder": ("V28.4", _answered_by_another),
    "answer to other words": ("V28.4", message(ANSWERED, _bidder, question=NOBODY)),
    "answer for another project": ("V28.4", message(ANSWERED, _bidder, project="8" * 32)),
    "answer to another question": ("V28.4", message(ANSWERED, _bidder, clarification="8" * 32)),
    "answered when it was due": ("V28.4", copied(ANSWERED, 3, EXPIRED)),
    "answered before it was sent": ("V28.4", dropped(QUESTION, 1)),
    "judged for another": ("V28.5", acts_as(JUDGED, 0, "expert-3")),
    "judged twice": ("V28.5", copied(JUDGED, 1, JUDGED, 2)),
    "judged before it was shown": ("V28.5", dropped(ANSWER, 1)),
    "judged once it was decided": (
        "V28.5", copied(JUDGED, 3, DRAFTED, 1, actor="expert-5", seat="5"),
    ),
    "expired early": ("V28.6", _expired_early),
    "expired although it was answered": ("V28.6", dropped(ANSWER, 3)),
    "expired by a clerk": ("V13.1", acts_as(EXPIRED, 0, "clerk")),
    "marks with a question open": ("V24.4", lambda _, book: drops(book, EXPIRED)),
    "judgements exchanged": ("V25.1", _judgements_exchanged),
}  # fmt: skip
_OF_ATTACHMENTS: dict[str, tuple[str, Change]] = {
    "an attachment of another size": ("V28.7", _attached("a.pdf", size=PLAN.size + 1)),
    "an attachment that is too large": (
        "V28.7", _attached("a.pdf", size=LARGEST + 1, sha256=NOBODY),
    ),
    "attachments that are too large": (
        "V28.7", _attached("a.pdf", "b.pdf", "c.pdf", size=LARGEST, sha256=NOBODY),
    ),
    "more attachments than may be": (
        "V28.7", _attached(*(f"{number}.pdf" for number in range(ATTACHED_AT_MOST + 1))),
    ),
    "an attachment in a folder": ("V28.7", _attached("../a.pdf")),
    "an attachment that looks like another": ("V28.7", _attached("a\u202efdp.pdf")),
    "an attachment of no kind that is taken": ("V28.7", _attached("a.html")),
    "two attachments of one name": ("V28.7", _attached("a.pdf", "A.pdf")),
}  # fmt: skip
FORGERIES: dict[str, tuple[str, str, Change]] = {
    **{
        name: (check, "clarified", change)
        for name, (check, change) in {**_OF_DRAFTS, **_OF_ANSWERS, **_OF_ATTACHMENTS}.items()
    },
    "judged once the report is drawn up": (
        "V28.5", "left_open",
        copied(JUDGED, 0, "evaluation.report_signed", actor="expert-3", seat="3"),
    ),
}  # fmt: skip
"""What is forged: the one check that must find it, in which story, and how."""
