"""Forgeries of pauses and of the discussion of a committee, logged as if they were true: V32."""

from dataclasses import replace
from typing import Any

from evaluation.discussion import MOST
from tests.forgeries.forging import adds, says
from tests.forgeries.of_clarifications import copied
from tests.forgeries.of_the_evaluation import acts_as
from tests.forgeries.of_the_record import Change, dropped, event
from tests.verifier.logbook import Logbook
from tests.verifier.told import Told

SAID = "evaluation.said"
PAUSED = "evaluation.paused"
RESUMED = "evaluation.resumed"
DRAWN = "evaluation.aliases_drawn"
SIGNED = "evaluation.report_signed"
FINISHED = "evaluation.report_finished"
NOBODY = "ab" * 32
_NIGHT = 2
"""The last pause: it is not in the report."""


def _after_the_report(_: Told, book: Logbook) -> None:
    row, last = book.rows[book.find(PAUSED, _NIGHT)], book.rows[-1]
    assert last.type == FINISHED
    book.rows.append(replace(row, at=last.at, command="again", cosigned=last.cosigned))


def _differed(_: Told, book: Logbook) -> None:
    """Let the service have found another state, and go on all the same."""
    row = book.rows[book.find(RESUMED, _NIGHT)]
    body: dict[str, Any] = {"section": row.body["section"], "state": NOBODY}
    again = replace(row, type="evaluation.state_differed", body=body, command="again")
    adds(book, RESUMED, again, _NIGHT)


def _signed_at_night(_: Told, book: Logbook) -> None:
    place = book.find(SIGNED, 1)
    row, at = book.rows.pop(place), book.rows[book.find(RESUMED, _NIGHT)]
    adds(book, RESUMED, replace(row, at=at.at, cosigned=at.cosigned), _NIGHT)


def _for_other_bids(_: Told, book: Logbook) -> None:
    """Let aliases stand for other bids than those that were marked under them before lunch."""
    rows = book.rows[book.find(DRAWN)].body["aliases"]
    names, bids = [row["alias"] for row in rows], [row["bid"] for row in rows]
    turned = zip(names, [*bids[1:], bids[0]], strict=True)
    says(book, DRAWN, aliases=[{"alias": alias, "bid": bid} for alias, bid in turned])


def _longer(_: Told, book: Logbook) -> None:
    row = book.rows[book.find(RESUMED, _NIGHT)]
    says(book, RESUMED, _NIGHT, shift=row.body["shift"] + 1)


def _too_often(_: Told, book: Logbook) -> None:
    place = book.find(SAID)
    row = book.rows[place]
    book.rows[place:place] = [replace(row, command=f"again-{n}") for n in range(MOST)]


_CHANGES: dict[str, tuple[str, Change]] = {
    "paused by a member": ("V13.1", acts_as(PAUSED, _NIGHT, "expert-1")),
    "paused twice": ("V32.1", copied(PAUSED, _NIGHT, RESUMED, _NIGHT)),
    "resumed without a pause": ("V32.1", dropped(PAUSED, _NIGHT)),
    "paused after the report": ("V32.1", _after_the_report),
    "paused in another state": ("V32.2", event(PAUSED, _NIGHT, state=NOBODY)),
    "paused with another salt": ("V32.2", event(PAUSED, _NIGHT, salt=NOBODY)),
    "resumed in another state": ("V32.3", event(RESUMED, _NIGHT, state=NOBODY)),
    "gone on although it differed": ("V32.3", _differed),
    "signed while paused": ("V32.4", _signed_at_night),
    "a pause that gives more than it took": ("V32.5", _longer),
    "said for another": ("V32.6", acts_as(SAID, 0, "expert-3")),
    "said before there is a chair": ("V32.6", copied(SAID, 0, "evaluation.chair_ballot_cast", 4)),
    "said after the report": ("V32.6", copied(SAID, 0, SIGNED, 0)),
    "said once too often": ("V32.6", _too_often),
}
FORGERIES: dict[str, tuple[str, str, Change]] = {
    **{name: (check, "paused", change) for name, (check, change) in _CHANGES.items()},
    "aliases turned since a pause": ("V32.2", "blind_ended", _for_other_bids),
    "aliases under another salt than at a pause": (
        "V32.2", "blind_ended", event(DRAWN, salt="7" * 32),
    ),
}  # fmt: skip
"""What is forged: the one check that must find it, in which story, and how."""
