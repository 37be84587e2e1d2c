"""The story of a whole project, from its creation to the end of its last session.

It must not go on when the service refuses what must be allowed: the error ends the rehearsal.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from client import clock, keys, waiting
from client.bars import Bars
from client.clerk import Deadlines, section_of
from client.errors import Declined, Unusable
from client.rehearsal import (
    clarifying,
    committee,
    conclusion,
    judging,
    pricing,
    publishing,
    schedule,
)
from client.rehearsal.bots import SECTION, Bot
from client.rehearsal.cast import Cast
from client.rehearsal.committee import Bench
from client.rehearsal.plan import Plan
from client.rehearsal.report import Report
from client.rehearsal.session import hold_session
from crypto import random
from opening.messages import Amendment, Periods, Windows
from opening.state import Place
from project.commands import Amend, CreateProject, DecideOutage, DefineSection

SECOND = 1000
MINUTE = 60 * SECOND
PATIENCE = 120.0
_CORES = 3
_OVER = frozenset({"project.wrong_phase", "project.deadline_passed"})
REMEDY = "可用的密钥保管包少于法定份数时,投标文件保持密封并退回,招标人重新招标。"


def undisturbed(_: str) -> None:
    """Let everything go its way."""


@dataclass(slots=True)
class Story:
    """One project on its way.

    Args:
        folder: what the bots keep.
    """

    cast: Cast
    plan: Plan
    report: Report
    folder: Path
    timekeeper: str
    project: str = field(default_factory=lambda: random.fresh(16).hex())
    bots: list[Bot] = field(default_factory=list)
    disturb: Callable[[str], None] = undisturbed

    @property
    def places(self) -> tuple[Place, ...]:
        """The places of the project's one section."""
        return ((SECTION, 1), (SECTION, 2)) if self.plan.two_envelopes else ((SECTION, 1),)

    async def play(self) -> None:
        """Play all of it."""
        await self.begin()
        bench = None
        for place in self.places:
            if place[1] == 2:
                await self._between()
            await hold_session(self, place)
            if place[1] == 1 and self.plan.experts:
                bench = await self._evaluate()
        if bench is not None:
            if self.plan.two_envelopes:
                await self._price(bench)
            with self.report.stage("evaluation: report and signatures"):
                await conclusion.conclude(bench)
            with self.report.stage("publication, objection, award", live=False):
                await publishing.publish(bench)

    async def begin(self) -> None:
        """Play it from its creation to the close."""
        with self.report.stage("project and people"):
            await self._create()
        with self.report.stage("key ceremony"):
            for place in self.places:
                self.disturb("ceremony")
                await self._ceremony(place)
        with self.report.stage("documents and notice"):
            documents = await self._publish()
        with self.report.stage("question and answer"):
            await self._take_part(documents)
        with self.report.stage("rehearsal of possession"):
            await self._rehearse()
        with self.report.stage("bids sealed, uploaded, receipted", live=False):
            await self._bids()
        with self.report.stage("close"):
            await self._close()

    async def _create(self) -> None:
        clerk = self.cast.clerk
        now = clock.now()
        create = CreateProject(
            number="ZB-2026-001", title="市政道路改造工程", tenderer="市城市建设投资有限公司"
        )
        await clerk.create(self.project, create)
        deadline = (now + self._estimate()) // SECOND * SECOND
        await clerk.define(self.project, self._terms(deadline))
        if self.plan.experts:
            await clerk.set_rule(self.project, SECTION, judging.rule_for(self.plan))
        await clerk.bind(self.project, self.timekeeper, "timekeeper")
        await clerk.bind(self.project, self.cast.supervisor.seat.account, "supervisor")
        for custodian in self.cast.custodians:
            await clerk.bind(self.project, custodian.seat.account, "custodian")

    def _estimate(self) -> int:
        so_far = sum(int(stage["ms"]) for stage in self.report.stages)
        return schedule.lead(self.plan, self._started, so_far)

    @property
    def _started(self) -> int:
        """How long service and timekeeper took to start, ms."""
        return int(self.report.stages[0]["ms"]) if self.report.stages else 0

    def _terms(self, deadline: int) -> DefineSection:
        plan = self.plan
        return DefineSection(
            section=SECTION,
            title="第一标段",
            envelopes=2 if plan.two_envelopes else 1,
            limit=900_000_000_00,
            minimum_bidders=1,
            max_size=plan.size + plan.size // 100 + (1 << 20),
            co_open=plan.co_open,
            question_deadline=deadline,
            deadline=deadline,
            windows=Windows(
                sign_in=60 * MINUTE,
                secrets=5 * SECOND if plan.silent else 60 * SECOND,
                draw=60 * SECOND,
                confirm=60 * SECOND,
                objections=SECOND,
            ),
            periods=Periods(tender=0, amendment=0, publication=publishing.PUBLISHED),
            draw=("0.95", "0.96", "0.97"),
            n=plan.n,
            k=plan.k,
        )

    async def _ceremony(self, place: Place) -> None:
        now = clock.now()
        by = Deadlines(now + 5 * MINUTE, now + 6 * MINUTE, now + 7 * MINUTE)
        sid = await self.cast.clerk.start_ceremony(self.project, place, by)
        await asyncio.gather(
            *(
                custodian.take_part(self.project, sid, patience=PATIENCE)
                for custodian in self.cast.custodians
            )
        )

    async def _publish(self) -> list[str]:
        clerk = self.cast.clerk
        path = self.folder / "招标文件.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        await asyncio.to_thread(path.write_text, "招标文件\n" * 1000)
        added = await clerk.add_document(self.project, "招标文件", path)
        answer = await clerk.publish(self.project, REMEDY)
        await clerk.seat.receipt(self.project, answer.command_id)
        return [str(added.events[0]["document"])]

    async def _take_part(self, documents: list[str]) -> None:
        parts = zip(self.cast.bidders, self.plan.parts, strict=True)
        self.bots = [
            Bot(
                bidder,
                part,
                number,
                self.plan,
                self.project,
                self.folder / bidder.seat.account,
            )
            for number, (bidder, part) in enumerate(parts, start=1)
        ]
        await asyncio.gather(*(bot.prepare(documents) for bot in self.bots))
        asked = await self.cast.bidders[0].ask(self.project, SECTION, "工期如何计算?")
        question = str(asked.events[0]["question"])
        await self.cast.clerk.answer(
            self.project, question, "工期的计算方法", "自开工令载明之日起计算。"
        )

    async def _rehearse(self) -> None:
        view = await self.cast.clerk.seat.view(self.project)
        clerk = self.cast.clerk.key
        clerks = {keys.keyid(clerk): keys.spki(clerk)}
        await asyncio.gather(
            *(
                custodian.rehearse(self.project, key["sid"], clerks)
                for custodian in self.cast.custodians
                for key in view["keys"]
            )
        )

    async def _bids(self) -> None:
        begun = clock.ticks()
        cores = asyncio.Semaphore(_CORES)
        self.disturb("bids")
        with Bars(self.report.console) as bars:
            for bot in self.bots:
                bot.progress = bars.teller()
            working = asyncio.gather(*(bot.hand_in(cores) for bot in self.bots))
            try:
                await self._hold_open(working)
            finally:
                # whoever still seals when this fails has nobody to hand in to
                working.cancel()
                await asyncio.wait([working])
        count = sum(one.sealed.bid.size for bot in self.bots for one in bot.made)
        self.report.bytes_done("sealed and uploaded", count, clock.ticks() - begun)

    async def _hold_open(self, working: "asyncio.Future[list[None]]") -> None:
        """Wait for the bidders; where they take longer, amend the deadline as a clerk would.

        Raises:
            Unusable: the deadline came first, all the same.
        """
        slowest = 0
        while not working.done():
            begun = clock.ticks()
            section = await self._section()
            slowest = max(slowest, round((clock.ticks() - begun) * 1000))
            margin = schedule.margin(self.plan, self._started, slowest)
            left = int(section["deadline"]) - clock.now()
            if "outage" in section:
                await self._decide("extend", clock.now() + 2 * margin)
            elif left < margin:
                await self._extend(clock.now() + 2 * margin)
            else:
                await asyncio.wait([working], timeout=min(1.0, (left - margin) / 1000 + 0.01))
        await working

    async def _section(self) -> dict[str, Any]:
        return section_of(await self.cast.clerk.seat.view(self.project), SECTION)

    async def _deadline(self) -> int:
        return int((await self._section())["deadline"])

    async def _decide(self, decision: Literal["extend", "close"], later: int | None = None) -> None:
        """Decide what follows from an outage across the deadline."""
        command = DecideOutage(
            section=SECTION,
            decision=decision,
            deadline=None if later is None else later // SECOND * SECOND,
            reason="系统中断",
        )
        await self.cast.clerk.seat.do(self.project, command)

    async def _extend(self, until: int) -> None:
        message = Amendment(
            v=1,
            project=self.project,
            section=SECTION,
            text="投标截止时间顺延。",
            documents=(),
            affects_bids=False,
            bids="stay",
            deadline=until // SECOND * SECOND,
        )
        command = Amend(message=keys.sign(message, self.cast.clerk.key))
        try:
            await self.cast.clerk.seat.do(self.project, command)
        except Declined as declined:
            if declined.code not in _OVER:
                raise
            raise Unusable(
                "the deadline came while bids were still being handed in; the machine is too "
                "slow for this plan. Nothing accepted was lost",
                declined.code,
            ) from declined

    async def _close(self) -> None:
        await self.closed()
        late = [bot for bot in self.bots if bot.part == "late"]
        await asyncio.gather(*(bot.hand_in_late() for bot in late))

    async def closed(self) -> dict[str, Any]:
        """Wait until every place is closed and return the clerk's view."""

        async def look() -> dict[str, Any] | None:
            view = await self.cast.clerk.seat.view(self.project)
            if "outage" in section_of(view, SECTION):
                await self._decide("close")
            closed = [one for one in view["sessions"] if "closed" in one]
            return view if len(closed) == len(self.places) else None

        left = (await self._deadline() - clock.now()) / 1000
        return await waiting.until(look, "the close", max(0.0, left) + PATIENCE)

    async def _evaluate(self) -> Bench:
        """Have a committee judge the bids that were opened first."""
        bench, report = committee.bench_of(self), self.report
        with report.stage("evaluation: committee, ties, names"):
            await committee.convene(bench)
        with report.stage("evaluation: chair"):
            await committee.elect(bench)
        with report.stage("evaluation: preliminary review"):
            found = await judging.review(bench)
        if self.plan.clarifications:
            with report.stage("evaluation: clarifications"):
                await clarifying.clarify(bench, found)
        await pricing.compete(bench)
        if not self.plan.two_envelopes:
            await self._price(bench)
        with report.stage("evaluation: marks"):
            await judging.give_marks(bench, found)
        return bench

    async def _price(self, bench: Bench) -> None:
        """Correct what prices are planned to be, and check all."""
        with self.report.stage("evaluation: prices"):
            await pricing.check(bench)

    async def _between(self) -> None:
        """Record the result of the first envelope."""
        passed, reasons = await self._found() if self.plan.experts else self._made_up()
        for bot in self.bots:
            if bot.organisation in reasons and 2 in bot.current:
                bot.current[2].fate = "passed_over"
        with self.report.stage("result of the first envelope"):
            await self.cast.clerk.decide_stage(self.project, SECTION, passed, reasons)

    async def _found(self) -> tuple[list[str], dict[str, str]]:
        """Return what the committee found, as the clerk is told."""
        view = await self.cast.clerk.evaluation(self.project, SECTION)
        failed = view["stage"]["failed"]
        words = {"too_low": "技术标未达到合格线", "unqualified": "初步评审不合格"}
        return (
            list(view["stage"]["passed"]),
            {one["organisation"]: words[one["why"]] for one in failed},
        )

    def _made_up(self) -> tuple[list[str], dict[str, str]]:
        """Return a result nobody found: the last bid opened fails, if there are more."""
        opened = [bot for bot in self.bots if bot.current[1].fate == "opened"]
        failing = opened[-1:] if len(opened) > 1 else []
        passed = [bot.organisation for bot in opened if bot not in failing]
        return passed, {bot.organisation: "技术标未达到合格线" for bot in failing}
