"""What the clerk does: project, people, ceremony, notice, the stages of the session, committee.

It must not decide what the record decides: notice and order are made from what is recorded.
"""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from client import bidder, keys, record_copy, waiting
from client.errors import Declined, Unusable
from client.expert import View, evaluation_view
from client.keys import KeySource
from client.seat import Answer, Seat
from crypto import fingerprint, sealing
from crypto.signatures import PrivateKey
from evaluation.commands import ConveneCommittee, Pause, ReplaceMember, Resume, SetRule
from evaluation.discussion_events import Naming
from evaluation.events import Member
from evaluation.pause_events import PauseCause
from evaluation.scoring.rule import ScoringRule
from opening import order
from opening.commands import (
    AnnounceSession,
    AnswerObjection,
    ApproveContinuation,
    EndSession,
    EndWindow,
    ExtendWindow,
    IssueOrder,
    OpenWindow,
    PauseSession,
    ReadOut,
    ResumeSession,
    SignIn,
    StartCeremony,
    StartDraw,
    Window,
)
from opening.envelopes import payload
from opening.messages import (
    CeremonyStart,
    FailedBidder,
    Notice,
    NoticeDocument,
    NoticeSection,
    OpeningOrder,
    RosterMember,
    StageDecision,
    Timekeeper,
)
from opening.participants import Role
from opening.state import Place
from project.commands import (
    AddDocument,
    AnswerQuestion,
    BindParticipant,
    CreateProject,
    DecideStage,
    DefineSection,
    PublishNotice,
)
from record.events import Signed
from record.rules import Command

_TRAILING = frozenset({"opening.not_the_list"})
"""Refusals of an order that was made before the newest entries were witnessed."""


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Until when the three steps of a ceremony are to be done, ms UTC."""

    join_by: int
    deal_by: int
    certify_by: int


class Clerk:
    """A clerk at its seat, with its signing key."""

    def __init__(self, seat: Seat, key: KeySource) -> None:
        self.seat = seat
        self._key = key

    @property
    def key(self) -> PrivateKey:
        """The signing key."""
        return self._key()

    async def create(self, project: str, command: CreateProject) -> Answer:
        """Begin a project; the id is 32 random hex characters of one's own."""
        return await self.seat.do(project, command, "create-" + project)

    async def define(self, project: str, command: DefineSection) -> Answer:
        """Set the terms of a section."""
        return await self.seat.do(project, command)

    async def bind(self, project: str, account: str, role: Role) -> Answer:
        """Bind somebody who takes part."""
        return await self.seat.do(project, BindParticipant(account=account, role=role))

    async def add_document(self, project: str, title: str, path: Path) -> Answer:
        """Bring a tender document and put it in."""
        content = await asyncio.to_thread(path.read_bytes)
        answer = await self.seat.service.request(
            "POST",
            "/api/documents",
            content=content,
            headers={"content-type": "application/octet-stream"},
        )
        told = answer.json()
        command = AddDocument(title=title, name=path.name, size=told["size"], sha256=told["sha256"])
        return await self.seat.do(project, command)

    async def start_ceremony(self, project: str, place: Place, by: Deadlines) -> str:
        """Start an attempt at the key of a place among all bound custodians; return its sid."""
        view = await self.seat.view(project)
        terms = section_of(view, place[0])
        people = view["participants"]
        custodians = [one for one in people if one["role"] == "custodian"]
        timekeepers = [one for one in people if one["role"] == "timekeeper"]
        if not timekeepers:
            raise Unusable("no timekeeper is bound")
        attempts = [one for one in view["attempts"] if (one["section"], one["envelope"]) == place]
        message = CeremonyStart(
            v=1,
            project=project,
            section=place[0],
            envelope=place[1],
            attempt=len(attempts) + 1,
            suite="P256-SHA256-A256GCM",
            n=terms["n"],
            k=terms["k"],
            roster=tuple(
                RosterMember(
                    name=one["name"], organisation=one["organisation_name"], key=one["key"]
                )
                for one in custodians
            ),
            timekeeper=Timekeeper(
                name=timekeepers[0]["name"],
                key=timekeepers[0]["key"],
                witness=self.seat.watch.trust.timekeeper,
            ),
            join_by=by.join_by,
            deal_by=by.deal_by,
            certify_by=by.certify_by,
            co_open=terms["co_open"],
        )
        signed = keys.sign(message, self.key)
        await self.seat.do(project, StartCeremony(message=signed))
        return sealing.sid(payload(signed)).hex()

    async def publish(self, project: str, remedy: str) -> Answer:
        """Sign and publish the notice that says what the record says."""
        message = notice_of(await self.seat.view(project), remedy)
        command = PublishNotice(message=keys.sign(message, self.key))
        return await self.seat.do(project, command)

    async def answer(self, project: str, question: str, text: str, answer: str) -> Answer:
        """Answer a question to all, in words that do not name who asked."""
        command = AnswerQuestion(question=question, text=text, answer=answer)
        return await self.seat.do(project, command)

    async def order(self, project: str, place: Place, scheduled_at: int) -> Answer:
        """Order the opening of exactly the bids that the record gives.

        The copy of the record ends at what the timekeeper has seen; when the newest entries are
        missing from it the list is another one, and the order is made again.
        """

        async def attempt() -> Answer | None:
            message = await self._order(project, place, scheduled_at)
            try:
                return await self.seat.do(project, IssueOrder(message=message))
            except Declined as declined:
                if declined.code not in _TRAILING:
                    raise
                return None

        return await waiting.until(attempt, "the timekeeper", self.seat.service.patience)

    async def _order(self, project: str, place: Place, scheduled_at: int) -> Signed:
        copy = await record_copy.fetch(self.seat, project)
        state = copy.state.opening
        message = OpeningOrder(
            v=1,
            project=project,
            section=place[0],
            envelope=place[1],
            key_id=state.keys[place].key_id,
            scheduled_at=scheduled_at,
            bids=order.opening_list(state, place),
        )
        return keys.sign(message, self.key)

    async def decide_stage(
        self, project: str, section: str, passed: Iterable[str], failed: Mapping[str, str]
    ) -> Answer:
        """Record the result of the first envelopes: who passed, who failed and why."""
        message = StageDecision(
            v=1,
            project=project,
            section=section,
            passed=tuple(passed),
            failed=tuple(
                FailedBidder(organisation=who, reason=reason) for who, reason in failed.items()
            ),
        )
        return await self.seat.do(project, DecideStage(message=keys.sign(message, self.key)))

    async def set_rule(self, project: str, section: str, rule: ScoringRule) -> Answer:
        """Set a section's scoring rule 评分办法, whole; the notice names it by its hash."""
        return await self.seat.do(project, SetRule(section=section, rule=rule))

    async def convene(
        self, project: str, section: str, members: Iterable[Member], shown_by: Naming = "name"
    ) -> Answer:
        """Name the committee 评标委员会 of a section, each member with its seat."""
        command = ConveneCommittee(section=section, members=tuple(members), shown_by=shown_by)
        return await self.seat.do(project, command)

    async def replace_member(
        self, project: str, section: str, member: Member, reason: str
    ) -> Answer:
        """Give a seat of the committee to another member."""
        command = ReplaceMember(section=section, member=member, reason=reason)
        return await self.seat.do(project, command)

    async def pause_evaluation(
        self, project: str, section: str, cause: PauseCause, reason: str
    ) -> Answer:
        """Pause an evaluation for lunch, overnight or a fault; every site is locked."""
        command = Pause(section=section, cause=cause, reason=reason)
        return await self.seat.do(project, command)

    async def resume_evaluation(self, project: str, section: str) -> Answer:
        """Let an evaluation go on, as the service folded its record again."""
        return await self.seat.do(project, Resume(section=section))

    async def evaluation(self, project: str, section: str) -> View:
        """Read how far an evaluation is, and what of it the clerk has to act on."""
        return await evaluation_view(self.seat, project, section)

    async def sign_in(self, project: str, place: Place) -> Answer:
        """Sign in to the session."""
        return await self._at(project, place, SignIn, role="clerk")

    async def approve(self, project: str, section: str, approval: str, reason: str) -> Answer:
        """Go on with fewer bidders than the minimum."""
        command = ApproveContinuation(section=section, approval=approval, reason=reason)
        return await self.seat.do(project, command)

    async def announce(self, project: str, place: Place) -> Answer:
        """Publish the list of bidders."""
        return await self._at(project, place, AnnounceSession)

    async def open_window(self, project: str, place: Place, window: Window) -> Answer:
        """Open a window of the session."""
        return await self._at(project, place, OpenWindow, window=window)

    async def extend_window(
        self, project: str, place: Place, window: Window, until: int, reason: str
    ) -> Answer:
        """Extend an open window."""
        return await self._at(
            project, place, ExtendWindow, window=window, until=until, reason=reason
        )

    async def end_window(self, project: str, place: Place, window: Window) -> Answer:
        """End a window in which nobody is waited for."""
        return await self._at(project, place, EndWindow, window=window)

    async def read_out(self, project: str, place: Place, bid: str | None = None) -> Answer:
        """Read out one bid, or all that are left."""
        return await self._at(project, place, ReadOut, bid=bid)

    async def start_draw(
        self, project: str, place: Place, purpose: str, parties: Iterable[str]
    ) -> Answer:
        """Start the draw."""
        return await self._at(project, place, StartDraw, purpose=purpose, parties=tuple(parties))

    async def answer_objection(self, project: str, objection: str, answer: str) -> Answer:
        """Answer an objection on the spot."""
        command = AnswerObjection(objection=objection, answer=answer)
        return await self.seat.do(project, command)

    async def pause(self, project: str, place: Place, reason: str) -> Answer:
        """Pause the session."""
        return await self._at(project, place, PauseSession, reason=reason)

    async def resume(self, project: str, place: Place) -> Answer:
        """Go on."""
        return await self._at(project, place, ResumeSession)

    async def sign_minutes(self, project: str, place: Place) -> Answer:
        """Sign the minutes."""
        return await bidder.sign_minutes(self.seat, self.key, project, place)

    async def end(self, project: str, place: Place) -> Answer:
        """End the session."""
        return await self._at(project, place, EndSession)

    async def _at(self, project: str, place: Place, kind: type[Command], **fields: Any) -> Answer:
        command = kind.model_validate(
            {
                "type": kind.model_fields["type"].default,
                "section": place[0],
                "envelope": place[1],
                **fields,
            }
        )
        return await self.seat.do(project, command)


def section_of(view: Mapping[str, Any], section: str) -> dict[str, Any]:
    """Return a section out of a project's view.

    Raises:
        Unusable: there is none of that name.
    """
    for one in view["sections"]:
        if one["section"] == section:
            return dict(one)
    raise Unusable("the project has no such section", section)


def notice_of(view: Mapping[str, Any], remedy: str) -> Notice:
    """Make the notice from a project's view; the service compares it with the record."""
    head = ("number", "title", "tenderer", "agency", "currency")
    return Notice(
        v=1,
        project=view["project"],
        **{name: view[name] for name in head},
        documents=tuple(NoticeDocument.model_validate(one) for one in view["documents"]),
        sections=tuple(
            _section(view, one) for one in view["sections"] if one["phase"] != "terminated"
        ),
        remedy=remedy,
    )


def _section(view: Mapping[str, Any], terms: Mapping[str, Any]) -> NoticeSection:
    names = set(NoticeSection.model_fields) - {"keys"}
    said = {name: value for name, value in terms.items() if name in names}
    section = terms["section"]
    made = sorted(
        (one for one in view["keys"] if one["section"] == section),
        key=lambda one: int(one["envelope"]),
    )
    told = {**said, "keys": [_key(view, one) for one in made]}
    return NoticeSection.model_validate(told, strict=False)


def _key(view: Mapping[str, Any], key: Mapping[str, Any]) -> dict[str, Any]:
    attempt = next(one for one in view["attempts"] if one["sid"] == key["sid"])
    return {
        "envelope": key["envelope"],
        "sid": key["sid"],
        "key_id": key["key_id"],
        "key": key["pk"],
        "fingerprint": fingerprint.numbers(bytes.fromhex(key["key_id"])),
        "k": attempt["k"],
        "roster": attempt["roster"],
        "timekeeper": attempt["timekeeper"],
    }
