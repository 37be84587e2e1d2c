"""The state of the evaluation, folded from the record; values only, no judgement."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from evaluation import (
    clarification,
    competition,
    correction,
    marking,
    publication,
    review,
    waiting,
)
from evaluation.blind_events import BlindEvent
from evaluation.clarification import Clarifications
from evaluation.committee import Committee, evolve_committee
from evaluation.competition import Competition
from evaluation.correction import Corrections
from evaluation.discussion import Message
from evaluation.discussion_events import Naming, Said
from evaluation.events import (
    ClarificationEvent,
    CommitteeConvened,
    CommitteeEvent,
    CompetitionJudged,
    EvaluationEvent,
    MarkingEvent,
    MemberReplaced,
    MemberWithdrew,
    PriceEvent,
    PricesChecked,
    ReportEvent,
    ReviewClosed,
    ReviewEvent,
    RuleSet,
    StageDecided,
)
from evaluation.marking import Marking
from evaluation.pause import OpenPause, PastPause
from evaluation.pause_events import Paused, PauseEvent, StateDiffered
from evaluation.publication import Publication, evolve_publication
from evaluation.reevaluation import Reevaluation
from evaluation.reevaluation_events import (
    MarksGivenAgain,
    PublicationRestored,
    PublicationWithdrawn,
    ReevaluationDropped,
    ReevaluationEvent,
    ReevaluationOrdered,
    RemarksLocked,
)
from evaluation.report import Report, evolve_report
from evaluation.result_events import ResultEvent, ResultObjectionAnswered
from evaluation.review import Review
from evaluation.scoring.rule import ScoringRule
from opening.envelopes import payload
from opening.messages import StageDecision
from record.events import Stamp


@dataclass(frozen=True, slots=True)
class DecidedStage:
    """The recorded result of the first envelope of a section."""

    stamp: Stamp
    passed: tuple[str, ...]
    """Organisations whose second envelope may be opened."""
    failed: Mapping[str, str]
    """Organisation -> why its second envelope stays sealed."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The evaluation of one section, from the naming of its committee on."""

    committee: Committee
    review: Review
    marking: Marking
    clarifications: Clarifications = field(default_factory=dict)
    corrections: Corrections = field(default_factory=dict)
    prices_checked: bool = False
    """Whether the chair said that the arithmetic of the offers was checked."""
    competition: Competition = field(default_factory=Competition)
    report: Report = field(default_factory=Report)
    publication: Publication | None = None
    pause: OpenPause | None = None
    """The pause that goes on."""
    pauses: tuple[PastPause, ...] = ()
    """Those that are over, in their order."""
    shown_by: Naming = "name"
    said: tuple[Message, ...] = ()
    """What members said to each other, in its order."""
    reevaluations: tuple[Reevaluation, ...] = ()
    """Those that were ordered, in their order; the last one is open until a report stands."""

    @property
    def reevaluation(self) -> Reevaluation | None:
        """The re-evaluation that is open."""
        last = self.reevaluations[-1] if self.reevaluations else None
        is_open = last is not None and last.dropped is None and not self.report.is_finished
        return last if is_open else None

    @property
    def awaits_remarks(self) -> bool:
        """Whether a re-evaluation is open in which not every member has marked again."""
        return self.reevaluation is not None and not self.reevaluation.is_locked

    @property
    def lacks_competition(self) -> bool:
        """Whether all bids are rejected because the committee found too little competition."""
        return competition.is_lacking(self.committee, self.review, self.competition)

    @property
    def is_reportable(self) -> bool:
        """Whether a report can be drawn up: nothing is left to mark, nor a price to check."""
        is_marked = self.marking.is_locked and not self.awaits_remarks
        return self.lacks_competition or (is_marked and self.prices_checked)


@dataclass(frozen=True, slots=True)
class EvaluationState:
    """Everything the evaluation rules know of one project."""

    stages: Mapping[str, DecidedStage] = field(default_factory=dict)
    """By section."""
    rules: Mapping[str, ScoringRule] = field(default_factory=dict)
    """By section: the scoring rule, as last set."""
    evaluations: Mapping[str, Evaluation] = field(default_factory=dict)
    """By section."""

    def sections_of(self, account: str) -> frozenset[str]:
        """Return the sections on whose committee an account sits."""
        evaluations = self.evaluations.items()
        return frozenset(name for name, one in evaluations if one.committee.held_by(account))


def evolve_evaluation(
    state: EvaluationState, event: EvaluationEvent, stamp: Stamp
) -> EvaluationState:
    """Fold one event in. Never refuses: what is in the record has happened."""
    if isinstance(event, StageDecided):
        return _decided(state, event, stamp)
    if isinstance(event, RuleSet):
        return replace(state, rules={**state.rules, event.section: event.rule})
    if isinstance(event, ResultEvent | ReevaluationEvent):
        return _after_report(state, event, stamp.at)
    if isinstance(event, PauseEvent | Said):
        return _beside(state, event, stamp)
    found = _after(state, event, stamp)
    if found is None:
        return state
    return replace(state, evaluations={**state.evaluations, event.section: found})


def resumed(state: EvaluationState, section: str, since: int, shift: int) -> EvaluationState:
    """Let what bidders may still say of a section be due later, as it goes on after a suspension.

    Args:
        state: before.
        section: which goes on.
        since: when it was suspended, ms UTC.
        shift: how long it was, ms.
    """
    found = state.evaluations.get(section)
    if found is None:
        return state
    until = publication.resumed(found.publication, since, shift)
    # a pause goes on for longer than a suspension within it, and moves all of it at its end
    later = found if found.pause is not None else _later(found, since, shift)
    moved = replace(later, publication=until)
    return replace(state, evaluations={**state.evaluations, section: moved})


def _later(found: Evaluation, since: int, shift: int) -> Evaluation:
    """Return an evaluation in which what bidders may still say is due later."""
    later = waiting.resumed(found.clarifications, since, shift)
    corrected = waiting.resumed(found.corrections, since, shift)
    return replace(found, clarifications=later, corrections=corrected)


def _beside(state: EvaluationState, event: PauseEvent | Said, stamp: Stamp) -> EvaluationState:
    """Fold what decides nothing: a pause, its end, what was said."""
    found = state.evaluations.get(event.section)
    if found is None:
        return state
    if isinstance(event, Said):
        message = Message(event.seat, stamp.actor.account, event.text, stamp.at)
        moved = replace(found, said=(*found.said, message))
    else:
        moved = _paused(found, event, stamp.at)
    return replace(state, evaluations={**state.evaluations, event.section: moved})


def _paused(found: Evaluation, event: PauseEvent, at: int) -> Evaluation:
    pause = found.pause
    if isinstance(event, Paused):
        begun = OpenPause(event.cause, event.reason, at, event.salt, event.state)
        return replace(found, pause=begun)
    if pause is None:
        return found
    if isinstance(event, StateDiffered):
        return replace(found, pause=replace(pause, differed=event.state))
    over = PastPause(pause.cause, pause.reason, pause.since, at, pause.state)
    later = _later(found, pause.since, event.shift)
    return replace(later, pause=None, pauses=(*found.pauses, over))


def _after_report(
    state: EvaluationState, event: ResultEvent | ReevaluationEvent, at: int
) -> EvaluationState:
    """Fold what follows a report that stands: its result, and that it is marked again."""
    found = state.evaluations.get(event.section)
    if found is None:
        return state
    if isinstance(event, ResultEvent):
        moved = _published(found, event, at)
    elif isinstance(event, ReevaluationOrdered):
        said = event.model_dump(include={"reevaluation", "ground", "reason", "objection"})
        begun = Reevaluation(**said, cells=event.cells, at=at, report=found.report)
        moved = replace(found, report=Report(), reevaluations=(*found.reevaluations, begun))
    elif found.reevaluations:
        moved = _in_last(found, found.reevaluations[-1], event, at)
    else:
        return state
    return replace(state, evaluations={**state.evaluations, event.section: moved})


def _in_last(
    found: Evaluation,
    last: Reevaluation,
    event: MarksGivenAgain
    | RemarksLocked
    | ReevaluationDropped
    | PublicationWithdrawn
    | PublicationRestored,
    at: int,
) -> Evaluation:
    """Return an evaluation whose last re-evaluation went on or ended."""
    amended = found.marking.amended
    match event:
        case MarksGivenAgain():
            last = replace(last, remarks={**last.remarks, event.seat: event.envelope})
        case RemarksLocked():
            last = replace(last, is_locked=True)
            found = replace(found, marking=replace(found.marking, amended=(*amended, last.remarks)))
        case ReevaluationDropped():
            kept = amended[:-1] if last.is_locked else amended
            marks = replace(found.marking, amended=kept)
            found = replace(found, marking=marks, report=last.report)
            last = replace(last, dropped=event.reason, dropped_at=at)
        case PublicationWithdrawn():
            last = replace(last, publication=found.publication)
            found = replace(found, publication=None)
        case PublicationRestored():
            stands = last.publication
            again = None if stands is None else replace(stands, until=event.until)
            found = replace(found, publication=again)
            last = replace(last, publication=None)
    return replace(found, reevaluations=(*found.reevaluations[:-1], last))


def _published(found: Evaluation, event: ResultEvent, at: int) -> Evaluation:
    """Return an evaluation after something about its result; answers reach withdrawn ones too."""
    published = evolve_publication(found.publication, event, at)
    if not isinstance(event, ResultObjectionAnswered):
        return replace(found, publication=published)
    former = tuple(
        replace(one, publication=evolve_publication(one.publication, event, at))
        for one in found.reevaluations
    )
    return replace(found, publication=published, reevaluations=former)


def _decided(state: EvaluationState, event: StageDecided, stamp: Stamp) -> EvaluationState:
    message = StageDecision.read(payload(event.envelope))
    decided = DecidedStage(
        stamp=stamp,
        passed=message.passed,
        failed={bidder.organisation: bidder.reason for bidder in message.failed},
    )
    return replace(state, stages={**state.stages, event.section: decided})


def _after(
    state: EvaluationState,
    event: CommitteeEvent
    | ReviewEvent
    | ClarificationEvent
    | PriceEvent
    | BlindEvent
    | MarkingEvent
    | ReportEvent,
    stamp: Stamp,
) -> Evaluation | None:
    found = state.evaluations.get(event.section)
    if isinstance(event, CommitteeEvent):
        return _of_committee(state, found, event)
    if found is None:
        return None
    return _within(found, event, stamp)


def _within(
    found: Evaluation,
    event: ReviewEvent | ClarificationEvent | PriceEvent | BlindEvent | MarkingEvent | ReportEvent,
    stamp: Stamp,
) -> Evaluation:
    if isinstance(event, ReviewEvent):
        return _of_review(found, event)
    if isinstance(event, ClarificationEvent):
        asked = clarification.evolve_clarifications(found.committee, found.clarifications, event)
        return replace(found, clarifications=asked)
    if isinstance(event, PriceEvent):
        return _of_prices(found, event)
    if isinstance(event, BlindEvent | MarkingEvent):
        return replace(found, marking=marking.evolve_marking(found.marking, event))
    return replace(found, report=evolve_report(found.report, event, stamp.at))


def _of_review(found: Evaluation, event: ReviewEvent) -> Evaluation:
    reviewed = review.evolve_review(found.review, event)
    if not isinstance(event, ReviewClosed):
        return replace(found, review=reviewed)
    return replace(
        found,
        review=reviewed,
        marking=marking.of_bids(found.marking, reviewed.valid),
        competition=competition.of_bids(found.competition, reviewed.valid),
    )


def _of_prices(found: Evaluation, event: PriceEvent) -> Evaluation:
    if isinstance(event, PricesChecked):
        return replace(found, prices_checked=True)
    if isinstance(event, CompetitionJudged):
        judged = competition.evolve_competition(found.competition, event)
        return replace(found, competition=judged)
    corrected = correction.evolve_corrections(found.committee, found.corrections, event)
    return replace(found, corrections=corrected)


def _of_committee(
    state: EvaluationState, found: Evaluation | None, event: CommitteeEvent
) -> Evaluation | None:
    committee = evolve_committee(None if found is None else found.committee, event)
    rule = state.rules.get(event.section)
    if committee is None or rule is None:
        return found
    if isinstance(event, CommitteeConvened):
        begun = review.begin(event.section, rule, event.bids)
        named = event.shown_by or "name"
        return Evaluation(committee, begun, Marking(event.section), shown_by=named)
    if found is None:
        return None
    if isinstance(event, MemberWithdrew | MemberReplaced):
        seat = event.seat if isinstance(event, MemberWithdrew) else event.member.seat
        return replace(
            found,
            committee=committee,
            review=review.without(found.review, seat),
            marking=marking.without(found.marking, seat),
            clarifications=clarification.without(found.clarifications, seat),
            corrections=correction.without(found.corrections, seat),
            prices_checked=False,
            competition=competition.without(found.competition, seat),
            report=Report(),
        )
    return replace(found, committee=committee)
