"""The report 评标报告: drawn up from the record, signed by every member or dissented from; pure.

It must not render anything: `web` makes the PDF from the facts and says what it measured.

Source: Regulation, article 53; Order 12, articles 42 to 45.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from evaluation.committee import Committee, seat_of
from evaluation.events import (
    ReportDrawnUp,
    ReportEvent,
    ReportFinished,
    ReportSigned,
)
from evaluation.messages import ReportSignature
from record.errors import NotValid, OutOfOrder
from record.events import Signed

Opinion = Literal["agrees", "dissents", "deemed"]


@dataclass(frozen=True, slots=True)
class Report:
    """The report of one section, as far as it has come."""

    facts: str = ""
    """SHA-256 of the facts, hex; empty before it is drawn up."""
    pdf: str = ""
    pdf_size: int = 0
    signed: Mapping[str, ReportSigned] = field(default_factory=dict)
    """By seat."""
    is_finished: bool = False
    finished_at: int = 0
    """When it came to stand, ms UTC."""


def sign_report(
    committee: Committee,
    report: Report,
    *,
    account: str,
    said: ReportSignature,
    envelope: Signed,
) -> tuple[ReportSigned, ...]:
    """Sign the report, agreeing or with a written dissent; a refusal without reasons is neither.

    Refusals: committee.not_a_member, report.not_drawn_up, report.other_report, report.other_seat,
    report.signed, report.finished, report.reasons.
    """
    seat = seat_of(committee, account).member.seat
    if not report.facts:
        raise OutOfOrder("report.not_drawn_up")
    if report.is_finished:
        raise OutOfOrder("report.finished")
    if (said.facts, said.pdf) != (report.facts, report.pdf):
        raise NotValid("report.other_report")
    if (said.section, said.seat) != (committee.section, seat):
        raise NotValid("report.other_seat", seat=said.seat)
    if seat in report.signed:
        raise OutOfOrder("report.signed")
    if (said.opinion == "dissents") != (said.reasons is not None):
        raise NotValid("report.reasons")
    return (
        ReportSigned(section=committee.section, seat=seat, opinion=said.opinion, envelope=envelope),
    )


def finish_report(committee: Committee, report: Report) -> tuple[ReportFinished, ...]:
    """Finish the report once the chair signed; whoever neither signed nor dissented agreed.

    Refusals: report.not_drawn_up, report.finished, report.chair_unsigned.
    """
    if not report.facts:
        raise OutOfOrder("report.not_drawn_up")
    if report.is_finished:
        raise OutOfOrder("report.finished")
    if committee.chair is None or committee.chair not in report.signed:
        raise OutOfOrder("report.chair_unsigned")
    unsigned = tuple(seat for seat in committee.seats if seat not in report.signed)
    return (ReportFinished(section=committee.section, unsigned=unsigned),)


def evolve_report(report: Report, event: ReportEvent, at: int) -> Report:
    """Fold one event in. Never refuses: what is in the record has happened."""
    match event:
        case ReportDrawnUp():
            return Report(event.facts, event.pdf, event.pdf_size)
        case ReportSigned():
            return replace(report, signed={**report.signed, event.seat: event})
        case ReportFinished():
            return replace(report, is_finished=True, finished_at=at)
