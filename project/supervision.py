"""The supervisor's notices, and the record of who looked at others' data; pure."""

from evaluation.commands import AwardSection, OrderReevaluation, PublishCandidates
from opening import commands as opening
from project.commands import AcknowledgeNotice, DecideStage, RaiseNotice, RecordView
from project.events import RecordViewed, SupervisorNoticeAcknowledged, SupervisorNoticeRaised
from project.state import ProjectState
from record.errors import NotFound, OutOfOrder
from record.rules import Command, Given

HOUR = 3_600_000

WAITS_FOR_REPLY: frozenset[type[Command]] = frozenset(
    {
        opening.IssueOrder,
        opening.EndSession,
        DecideStage,
        PublishCandidates,
        OrderReevaluation,
        AwardSection,
    }
)
"""What the clerk cannot do about a section while a notice about it is not acknowledged."""


def raise_notice(
    _: ProjectState, command: RaiseNotice, given: Given
) -> tuple[SupervisorNoticeRaised, ...]:
    """Raise a notice 监督意见 that the clerk must acknowledge."""
    event = SupervisorNoticeRaised(
        notice=given.new_id("notice"),
        section=command.section,
        text=command.text,
        pause=command.pause,
    )
    return (event,)


def acknowledge_notice(
    state: ProjectState, command: AcknowledgeNotice, _: Given
) -> tuple[SupervisorNoticeAcknowledged, ...]:
    """Acknowledge a supervisor's notice, with a reply.

    Refusals: project.no_such_notice, project.already_acknowledged.
    """
    found = state.notices.get(command.notice)
    if found is None:
        raise NotFound("project.no_such_notice", notice=command.notice)
    if found.reply is not None:
        raise OutOfOrder("project.already_acknowledged", notice=command.notice)
    return (SupervisorNoticeAcknowledged(notice=command.notice, reply=command.reply),)


def record_view(state: ProjectState, command: RecordView, given: Given) -> tuple[RecordViewed, ...]:
    """Record that somebody looked at others' data, once a person, subject and hour.

    Refusals: project.already_viewed.
    """
    if already_viewed(state, command.account, command.subject, given.received):
        raise OutOfOrder("project.already_viewed")
    event = RecordViewed(
        account=command.account, subject=command.subject, hour=_hour(given.received)
    )
    return (event,)


def already_viewed(state: ProjectState, account: str, subject: str, now: int) -> bool:
    """Tell whether the record has this view for the hour, so that the service need not ask."""
    return state.views.get((account, subject)) == _hour(now)


def check_acknowledged(state: ProjectState, section: str | None) -> None:
    """Refuse to go on while a notice about the section waits for the clerk's reply.

    Refusals: project.notice_unacknowledged.
    """
    for notice in state.notices.values():
        if notice.section == section and notice.reply is None:
            raise OutOfOrder("project.notice_unacknowledged", notice=notice.notice)


def _hour(now: int) -> int:
    return now // HOUR * HOUR
