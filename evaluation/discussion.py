"""The discussion in a committee: who may say something, and how much; pure.

It begins with the chair's election and ends with the report. What is said stands on the record and
decides nothing: whoever wants something of the evaluation acts in it. It must not judge a text.
"""

from dataclasses import dataclass
from typing import Final

from evaluation.committee import Committee, seat_of
from evaluation.discussion_events import LONGEST, Said
from evaluation.report import Report
from record.errors import NotValid, OutOfOrder

MOST: Final = 1_000
"""Messages of one evaluation."""


@dataclass(frozen=True, slots=True)
class Message:
    """What a member said."""

    seat: str
    account: str
    """Who sat there then."""
    text: str
    at: int
    """Ms UTC."""


def say(
    committee: Committee, said: tuple[Message, ...], report: Report, account: str, text: str
) -> tuple[Said, ...]:
    """Say something to the committee, from its chair's election on, until the report is drawn up.

    Args:
        committee: the member's, which has confirmed the names.
        said: what was said before.
        report: not drawn up.
        account: the member.
        text: as it was typed.

    Refusals: committee.not_a_member, discussion.not_begun, discussion.over, discussion.empty,
    discussion.too_long, discussion.too_many.
    """
    seat = seat_of(committee, account)
    if committee.chair is None or seat.standing != "confirmed":
        raise OutOfOrder("discussion.not_begun")
    if report.facts:
        raise OutOfOrder("discussion.over")
    if not text.strip():
        raise NotValid("discussion.empty")
    if len(text) > LONGEST:
        raise NotValid("discussion.too_long", most=LONGEST)
    if len(said) >= MOST:
        raise OutOfOrder("discussion.too_many", most=MOST)
    return (Said(section=committee.section, seat=seat.member.seat, text=text),)
