"""What the result in public leaves on the record: candidates, objections, the award."""

from typing import Literal

from evaluation.values import Statement
from opening.messages import BidId, SectionId
from record.events import Event, Hex32, Millis, OrganisationId, Prose, Signed


class CandidatesPublished(Event):
    """What the report found was published 公示 for objections; holds `candidates`."""

    type: Literal["evaluation.candidates_published"] = "evaluation.candidates_published"
    section: SectionId
    envelope: Signed


class ResultObjected(Event):
    """A bidder objects 异议 to the result; nothing is awarded before the answer."""

    type: Literal["evaluation.result_objected"] = "evaluation.result_objected"
    section: SectionId
    objection: Hex32
    organisation: OrganisationId
    text: Statement
    due: Millis
    """Until when the law wants it answered; an answer is taken later too."""


class ResultObjectionAnswered(Event):
    """The clerk answered an objection to the result."""

    type: Literal["evaluation.result_objection_answered"] = "evaluation.result_objection_answered"
    section: SectionId
    objection: Hex32
    answer: Statement


class Awarded(Event):
    """The tenderer chose the winner 中标人 among the published candidates."""

    type: Literal["evaluation.awarded"] = "evaluation.awarded"
    section: SectionId
    bid: BidId
    reason: Prose | None = None
    """Why it is not the first candidate; only there."""


ResultEvent = CandidatesPublished | ResultObjected | ResultObjectionAnswered | Awarded
