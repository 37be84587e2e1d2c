"""A whole project as rooms see it: real keys and bids, a notice, questions, a session to its end."""

from dataclasses import dataclass
from typing import Any

from crypto.hashing import H
from opening.events import BidRefused
from opening.messages import Amendment, NoticeDocument, Refusal
from opening.terms import BidsOpenedUp, DeadlineMoved
from project.events import (
    Amended,
    DocumentAdded,
    DocumentFetched,
    DocumentRemoved,
    NoticePublished,
    OutageDecided,
    OutageNoted,
    ProjectCorrected,
    ProjectCreated,
    QuestionAnswered,
    QuestionAsked,
    RecordViewed,
    SupervisorNoticeAcknowledged,
    SupervisorNoticeRaised,
)
from project.notice import expected_notice
from project.rules import ProjectRules
from project.state import ProjectState
from record.events import Actor, Event, Stamp
from rooms.facts import Happened
from rooms.projection import Frame, Projection
from tests.opening.day import Day
from tests.opening.parties import Party, seeded
from tests.opening.world import FIRST, HOUR, MINUTE, PROJECT, SECTION

REMEDY = "密钥保管人不足时，投标文件原封退回。"


@dataclass
class Story(Day):
    """A day that is told with everything around it."""

    def told(self, event: Event, actor: Actor | None = None) -> None:
        """Put an event of the project itself on the record."""
        who = actor or self.clerk.actor
        stamp = Stamp(len(self.record) + 1, self.now, who, f"c{len(self.record)}")
        self.record.append((type(event).from_body(event.body()), stamp))
        self.now += 1000

    def open_up(self) -> "Story":
        created = ProjectCreated(
            number="ZB-2026-081",
            title="滨河路改造工程",
            tenderer="滨河市交通局",
            agency="公证招标代理有限公司",
            currency="CNY",
        )
        self.told(created)
        corrected = ProjectCorrected(
            number="ZB-2026-018",
            title="滨河路改造工程",
            tenderer="滨河市交通局",
            agency="公正招标代理有限公司",
        )
        self.told(corrected)
        self.bind([one for one in self.people if one.role != "bidder"])
        self.terms()
        for number, name in enumerate(("招标文件.pdf", "图纸.zip", "旧稿.pdf"), 1):
            self.told(self._document(number, name))
        self.told(DocumentRemoved(document=seeded("document/3")[:16].hex()))
        dead = self.start(1)
        self.now = self.attempt(dead).start.join_by
        self.do_duties()
        self.ceremony(1, 2)
        if self.envelopes == 2:
            self.ceremony(2)
        notice = expected_notice(self.project_state(), REMEDY)
        self.told(NoticePublished(envelope=self.clerk.sign(notice)))
        self.happened(BidsOpenedUp(section=SECTION), self.clerk.actor)
        self.bind(self.bidder.values())
        self._asks_and_answers()
        self._amends()
        self._is_supervised()
        self._was_away()
        return self

    def project_state(self) -> ProjectState:
        rules = ProjectRules()
        state = rules.initial(PROJECT)
        for event, stamp in self.record:
            state = rules.evolve(state, event, stamp)
        return state

    def refuse(self, bidder: int, code: str = "bids.closed") -> None:
        """Put the refusal of a bid on the record."""
        who = self.bidder[bidder]
        sealed = self.seal(bidder, 1)
        refusal = Refusal(v=1, project=PROJECT, code=code, at=self.now, received="0" * 64)
        self.happened(
            BidRefused(
                organisation=who.organisation,
                envelope=who.sign(sealed.bid),
                answer=self.clerk.sign(refusal),
            ),
            Actor(Actor.SERVICE),
        )

    def opened_up(self) -> dict[int, str]:
        """Let all bid, one twice; one withdraws and comes back."""
        bids = super().opened_up()
        bids[1] = self.bid(1)
        self.withdraw(2, bids[2])
        bids[2] = self.bid(2)
        if self.envelopes == 2:
            self.bid(2, 2)
        self.refuse(3, "bids.wrong_revision")
        self.now = self.state.sections[SECTION].terms.deadline - 30 * MINUTE
        for who in (self.clerk, self.bidder[1], self.custodians[0]):
            self.sign_in(who)
        return bids

    def whole(self) -> dict[int, str]:
        """Go through everything to the end, with a pause and an objection."""
        bids = self.decrypted()
        self.sign_in(self.bidder[2])
        self.sign_in(self.supervisor)
        self.sign_in(self.timekeeper)
        self.read(FIRST, next(iter(self.session().opened)))
        self.pause("设备故障")
        self.read()
        if self.envelopes == 1:
            self.draw()
        self.window("confirm")
        for bidder, bid in bids.items():
            self.confirm(bidder, bid)
        self.window("objections")
        self.answer(self.object(1, "唱标金额与大写不一致，请核对。"))
        self.ended()
        return bids

    def pause(self, reason: str) -> None:
        place: dict[str, Any] = {"section": SECTION, "envelope": 1}
        from opening.commands import PauseSession, ResumeSession  # noqa: PLC0415 - one use

        self.do(self.clerk.actor, PauseSession.model_validate({**place, "reason": reason}))
        self.now += MINUTE
        self.do(self.clerk.actor, ResumeSession.model_validate(place))

    def entries(self) -> list[Happened]:
        """Return the record as rooms are given it."""
        return [
            Happened(event, stamp, H("leaf", str(stamp.seq).encode()).hex())
            for event, stamp in self.record
        ]

    def frames(self) -> tuple[Projection, list[Frame]]:
        """Show the whole record."""
        projection = Projection(PROJECT)
        return projection, [frame for one in self.entries() for frame in projection.show(one)]

    def _document(self, number: int, name: str) -> DocumentAdded:
        return DocumentAdded(
            document=seeded(f"document/{number}")[:16].hex(),
            title=name.partition(".")[0],
            name=name,
            size=1_234_567 * number,
            sha256=seeded(name).hex(),
        )

    def _asks_and_answers(self) -> None:
        question = seeded("question")[:16].hex()
        asker = self.bidder[1]
        self.told(
            QuestionAsked(
                question=question,
                section=SECTION,
                organisation=asker.organisation,
                text="我方丙公司询问：工期能否按日历天计？",
            ),
            asker.actor,
        )
        self.told(
            QuestionAnswered(
                question=question, section=SECTION, text="工期如何计算？", answer="按日历天计。"
            )
        )
        fetched = DocumentFetched(
            document=seeded("document/1")[:16].hex(), organisation=asker.organisation
        )
        self.told(fetched, Actor(Actor.SERVICE))

    def _amends(self) -> None:
        deadline = self.state.sections[SECTION].terms.deadline + 24 * HOUR
        document = self._document(4, "补遗一.pdf")
        self.told(document)
        amendment = Amendment(
            v=1,
            project=PROJECT,
            section=SECTION,
            text="补充图纸。",
            documents=(NoticeDocument(**document.model_dump(exclude={"type"})),),
            affects_bids=True,
            bids="stay",
            deadline=deadline,
        )
        self.told(Amended(envelope=self.clerk.sign(amendment)))
        self.happened(DeadlineMoved(section=SECTION, deadline=deadline), self.clerk.actor)

    def _is_supervised(self) -> None:
        notice = seeded("notice")[:16].hex()
        raised = SupervisorNoticeRaised(
            notice=notice, section=SECTION, text="请核对保管人名单。", pause=False
        )
        self.told(raised, self.supervisor.actor)
        self.told(SupervisorNoticeAcknowledged(notice=notice, reply="已核对。"))
        viewed = RecordViewed(account=self.supervisor.account, subject="timeline", hour=0)
        self.told(viewed, Actor(Actor.SERVICE))

    def _was_away(self) -> None:
        noted = OutageNoted(section=SECTION, since=1, until=2, decide_by=3)
        self.told(noted, Actor(Actor.SERVICE))
        self.told(OutageDecided(section=SECTION, decision="close", reason="影响轻微。"))


def bidder_channel(who: Party) -> str:
    return f"bidder/{who.organisation}"
