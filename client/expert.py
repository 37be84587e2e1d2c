"""What a member of a committee 评标委员会 does at its seat, from the commitment to the report.

It must not judge: verdicts, marks and opinions are handed in. What it signs it has compared with
what the record names, the rule and the report alike.
"""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from client import keys, sealing
from client.errors import NotTrusted, Unusable
from client.keys import KeySource
from client.seat import Answer, Seat
from crypto.signatures import PrivateKey
from evaluation.commands import (
    AgreeClarification,
    CastVote,
    CheckPrices,
    CloseReview,
    ConfirmNames,
    DeclareTies,
    DraftClarification,
    DropClarification,
    FinishReport,
    JudgeAnswer,
    JudgeCompetition,
    OpenVote,
    ProposeCorrection,
    ReviewBid,
    Say,
    SignReport,
    StandAside,
    SubmitMarks,
    TakeSeat,
    VoteChair,
    VoteCorrection,
)
from evaluation.events import Ground, ItemVerdict
from evaluation.marking import rule_hash
from evaluation.messages import (
    AliasMarks,
    BidMarks,
    BlindMarks,
    Commitment,
    ItemMark,
    ReportSignature,
    ScoreSheet,
)
from evaluation.promise import promise_hash
from evaluation.scoring.rule import PassItem, ScoringRule

View = dict[str, Any]
SheetMarks = Mapping[str, Mapping[str, str]]
"""Bid, or alias of a blind part -> item -> mark, a decimal text."""


class Expert:
    """A member of committees at its connection, with its signing key."""

    def __init__(self, seat: Seat, key: KeySource) -> None:
        self.seat = seat
        self._key = key

    @property
    def key(self) -> PrivateKey:
        """The signing key."""
        return self._key()

    async def view(self, project: str, section: str) -> View:
        """Read what this member may see of the evaluation."""
        return await evaluation_view(self.seat, project, section)

    async def take_seat(self, project: str, section: str) -> Answer:
        """Sit down, and sign the commitment 承诺书 whose text is `evaluation.promise.TEXT`."""
        message = Commitment(
            v=1,
            project=project,
            section=section,
            seat=own_seat(await self.view(project, section)),
            text=promise_hash(),
        )
        command = TakeSeat(section=section, message=keys.sign(message, self.key))
        return await self.seat.do(project, command)

    async def declare_ties(self, project: str, section: str, ties: Iterable[str]) -> Answer:
        """Declare employers, holdings and relatives 回避事项; none is an answer too."""
        return await self.seat.do(project, DeclareTies(section=section, ties=tuple(ties)))

    async def confirm_names(self, project: str, section: str) -> Answer:
        """Say that none of the bidders' names is a reason to stand aside."""
        return await self.seat.do(project, ConfirmNames(section=section))

    async def stand_aside(self, project: str, section: str, reason: str) -> Answer:
        """Leave the committee 回避."""
        return await self.seat.do(project, StandAside(section=section, reason=reason))

    async def vote_chair(self, project: str, section: str, choice: str) -> Answer:
        """Vote for the member at a seat as chair 组长."""
        return await self.seat.do(project, VoteChair(section=section, choice=choice))

    async def review(
        self, project: str, section: str, bid: str, failed: Mapping[str, str]
    ) -> Answer:
        """Say of every item to be passed whether a bid passes it.

        Args:
            project: whose.
            section: of it.
            bid: that was opened.
            failed: item -> why the bid does not pass it; it passes every other one.
        """
        rule = rule_of(await self.view(project, section))
        items = pass_items(rule)
        if set(failed) - set(items):
            raise Unusable("the rule has no such item", ", ".join(sorted(set(failed) - set(items))))
        verdicts = tuple(
            ItemVerdict(item=item, passed=item not in failed, reason=failed.get(item))
            for item in items
        )
        return await self.seat.do(project, ReviewBid(section=section, bid=bid, verdicts=verdicts))

    async def open_vote(self, project: str, section: str, bid: str, item: str) -> Answer:
        """Chair: have the committee vote on what its members do not agree on."""
        return await self.seat.do(project, OpenVote(section=section, bid=bid, item=item))

    async def cast_vote(
        self, project: str, section: str, vote: tuple[str, str], *, passes: bool
    ) -> Answer:
        """Vote on an item of a bid.

        Args:
            project: whose.
            section: of it.
            vote: the bid and the item.
            passes: whether the bid passes the item.
        """
        bid, item = vote
        command = CastVote(section=section, bid=bid, item=item, passes=passes)
        return await self.seat.do(project, command)

    async def close_review(
        self, project: str, section: str, rejected: Mapping[str, Ground]
    ) -> Answer:
        """Chair: close the preliminary review, each failed bid rejected 否决 on a ground."""
        return await self.seat.do(project, CloseReview(section=section, rejected=rejected))

    async def draft_clarification(
        self, project: str, section: str, bid: str, text: str, period: int
    ) -> Answer:
        """Draft a question 询标 to the bidder of a bid.

        Args:
            project: whose.
            section: of it.
            bid: that is not rejected.
            text: the question, without a name of a member.
            period: how long the bidder has from when the question is sent, ms.
        """
        command = DraftClarification(section=section, bid=bid, text=text, period=period)
        return await self.seat.do(project, command)

    async def agree_clarification(self, project: str, section: str, clarification: str) -> Answer:
        """Want a question asked; the chair's wish or most members' sends it to the supervisor."""
        command = AgreeClarification(section=section, clarification=clarification)
        return await self.seat.do(project, command)

    async def drop_clarification(self, project: str, section: str, clarification: str) -> Answer:
        """Take a question back before it is sent: one's own, or any as the chair."""
        command = DropClarification(section=section, clarification=clarification)
        return await self.seat.do(project, command)

    async def judge_answer(
        self, project: str, section: str, clarification: str, *, accepts: bool
    ) -> Answer:
        """Accept an answer, or find that it changes the substance of the bid."""
        command = JudgeAnswer(section=section, clarification=clarification, accepts=accepts)
        return await self.seat.do(project, command)

    async def judge_competition(
        self, project: str, section: str, reason: str, *, lacking: bool
    ) -> Answer:
        """Say whether fewer than three valid bids are too little competition, and why."""
        command = JudgeCompetition(section=section, lacking=lacking, reason=reason)
        return await self.seat.do(project, command)

    async def propose_correction(self, project: str, wanted: ProposeCorrection) -> Answer:
        """Propose another price 算术修正 for a bid, for the committee to vote on."""
        return await self.seat.do(project, wanted)

    async def vote_correction(
        self, project: str, section: str, correction: str, *, agrees: bool
    ) -> Answer:
        """Agree to a correction or not; most members' agreement asks the bidder."""
        command = VoteCorrection(section=section, correction=correction, agrees=agrees)
        return await self.seat.do(project, command)

    async def check_prices(self, project: str, section: str) -> Answer:
        """Chair: say that the committee has checked the arithmetic of the offers."""
        return await self.seat.do(project, CheckPrices(section=section))

    async def say(self, project: str, section: str, text: str) -> Answer:
        """Say something to the committee; the supervisor reads it too, and nobody else."""
        return await self.seat.do(project, Say(section=section, text=text))

    async def submit_marks(self, project: str, section: str, marks: SheetMarks) -> Answer:
        """Sign and submit all marks, for good; blind items' stand under aliases."""
        view = await self.view(project, section)
        message = ScoreSheet(
            v=1,
            project=project,
            section=section,
            seat=own_seat(view),
            rule=rule_hash(rule_of(view)),
            marks=_as_signed({name: of for name, of in marks.items() if not is_alias(name)}),
            blind=_as_blind(view, {name: of for name, of in marks.items() if is_alias(name)}),
        )
        command = SubmitMarks(section=section, message=keys.sign(message, self.key))
        return await self.seat.do(project, command)

    async def sign_report(self, project: str, section: str, dissent: str | None = None) -> Answer:
        """Fetch the report, compare it with its hashes, and sign it.

        Args:
            project: whose.
            section: of it.
            dissent: the reasons of a dissent 不同意见; None agrees.
        """
        view = await self.view(project, section)
        told = view.get("report")
        if told is None:
            raise Unusable("there is no report yet")
        await report_facts(self.seat, project, view)
        await _fetched(self.seat, project, view, "pdf")
        message = ReportSignature(
            v=1,
            project=project,
            section=section,
            seat=own_seat(view),
            facts=told["facts"],
            pdf=told["pdf"],
            opinion="agrees" if dissent is None else "dissents",
            reasons=dissent,
        )
        command = SignReport(section=section, message=keys.sign(message, self.key))
        return await self.seat.do(project, command)

    async def finish_report(self, project: str, section: str) -> Answer:
        """Chair: finish the report; who neither signed nor gave reasons is deemed to agree."""
        return await self.seat.do(project, FinishReport(section=section))


async def evaluation_view(seat: Seat, project: str, section: str) -> View:
    """Read what a seat may see of the evaluation of a section."""
    told: View = await seat.service.get(f"/api/projects/{project}/sections/{section}/evaluation")
    return told


async def discussion(seat: Seat, project: str, section: str) -> list[View]:
    """Read what a committee says among itself, from the first message on."""
    path = f"/api/projects/{project}/sections/{section}/discussion"
    found: list[View] = []
    while True:
        page = await seat.service.get(f"{path}?after={len(found)}")
        found += page["items"]
        if not page["items"] or len(found) >= page["count"]:
            return found


async def report_facts(seat: Seat, project: str, view: View) -> View:
    """Fetch the facts of the report that a view of the evaluation names.

    Raises:
        NotTrusted: what was fetched is not what the record names.
    """
    facts: View = json.loads(await _fetched(seat, project, view, "facts"))
    return facts


def rule_of(view: View) -> ScoringRule:
    """Return the section's scoring rule.

    Raises:
        NotTrusted: it is not the one that the record names.
    """
    try:
        rule = ScoringRule.model_validate_json(json.dumps(view["rule"]))
    except ValueError as error:
        raise NotTrusted("this is no scoring rule") from error
    if rule_hash(rule) != view["rule_hash"]:
        raise NotTrusted("the scoring rule is not the one on the record")
    return rule


def pass_items(rule: ScoringRule) -> tuple[str, ...]:
    """Return what a bid has to pass, in the rule's order."""
    items = (item for stage in rule.stages for item in stage.items)
    return tuple(item.item for item in items if isinstance(item, PassItem))


def _as_signed(marks: SheetMarks) -> tuple[BidMarks, ...]:
    """Return marks as a score sheet holds them.

    Raises:
        Unusable: something is no mark, or is of nothing that can have one.
    """
    try:
        return tuple(BidMarks(bid=bid, items=_items(of)) for bid, of in marks.items())
    except (ValueError, AttributeError) as error:
        raise Unusable("a sheet holds bids, their items, and a mark as a text for each") from error


def _items(of: Mapping[str, str]) -> tuple[ItemMark, ...]:
    return tuple(ItemMark(item=item, mark=mark) for item, mark in of.items())


def is_alias(name: str) -> bool:
    """Return whether a name of a sheet is an alias of a blind part, and no bid's id."""
    return re.fullmatch("[A-Z]{1,3}", name) is not None


def _as_blind(view: View, marks: SheetMarks) -> BlindMarks | None:
    """Return marks of blind parts as a score sheet holds them; None where the rule has none.

    Raises:
        Unusable: something is no mark, or is of nothing that can have one.
    """
    if "blind" not in view:
        return None
    try:
        return BlindMarks(
            draw=view["blind"]["draw"],
            marks=tuple(AliasMarks(alias=alias, items=_items(of)) for alias, of in marks.items()),
        )
    except (ValueError, AttributeError) as error:
        raise Unusable("blind parts have an alias, items, and a mark as a text for each") from error


_FORMS = {"facts": "json", "pdf": "pdf"}


async def _fetched(seat: Seat, project: str, view: View, which: str) -> bytes:
    """Fetch a form of the report and compare it with its hash."""
    section, form = view["section"], _FORMS[which]
    path = f"/api/projects/{project}/sections/{section}/report/{form}"
    content = await seat.service.get_bytes(path)
    if sealing.sha256(content) != view["report"][which]:
        raise NotTrusted("the report is not the one on the record")
    return content


def own_seat(view: View) -> str:
    """Return the seat of whoever looks.

    Raises:
        Unusable: it has none.
    """
    if "seat" not in view:
        raise Unusable("you have no seat in this committee")
    return str(view["seat"])
