"""What the committee of a rehearsal asks bidders 询标, and what becomes of each answer.

It must not leave a question open: no marks are taken before all of them have ended.
"""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from client.bidder import Bidder
from client.errors import Declined
from client.expert import View
from client.rehearsal.bots import SECTION
from client.rehearsal.committee import Bench
from client.rehearsal.judging import Fates, sheets
from client.seat import Answer
from evaluation.clarification import MINUTE

_PERIOD = 60 * MINUTE
_NAMED = "请就{name}提出的疑问,说明投入本项目的主要人员安排。"


@dataclass(frozen=True, slots=True)
class Course:
    """How one question goes.

    Args:
        question: no two characters of it are the name of somebody of this cast.
        answer: the bidder's.
        accepted: whether most members accept it.
        question_returned: why the supervisor gives the question back at first.
        answer_returned: why the supervisor gives the answer back at first.
        attached: what goes with the answer.
    """

    question: str
    answer: str
    accepted: bool
    question_returned: str | None = None
    answer_returned: str | None = None
    attached: tuple[str, bytes] | None = None
    """The name and the bytes of what goes with the answer."""

    @property
    def by_chair(self) -> bool:
        """Whether the chair's wish sends the question on; otherwise most members' does."""
        return not self.accepted


_ACCEPTED = Course(
    "投标文件前后两处的交付日期不一致,请说明以哪一处为准。", "以投标函为准。", accepted=True
)
_REFUSED = Course("投标报价的大小写不一致,请说明。", "我方愿将报价再降低百分之三。", accepted=False)
_FIRST = (
    replace(
        _ACCEPTED,
        question_returned="问题暗示了答复的内容。",
        attached=("交付说明.txt", "交付日期以投标函为准。\n".encode()),
    ),
    replace(_REFUSED, answer_returned="答复写明了经办人的姓名。"),
)


def courses(count: int) -> tuple[Course, ...]:
    """Return how so many questions go: by turns accepted and not, the first two returned once."""
    further = (_ACCEPTED, _REFUSED) * count
    return (*_FIRST, *further)[:count]


async def clarify(bench: Bench, found: Fates) -> None:
    """Ask as many questions as are planned, one after the other, of one bid after the other."""
    view = await _view(bench)
    await _name_a_colleague(bench, view)
    valid = [str(bid) for bid in view["valid"]]
    for number, course in enumerate(courses(bench.story.plan.clarifications)):
        await _ask(bench, course, valid[number % len(valid)], found)


async def _ask(bench: Bench, course: Course, bid: str, found: Fates) -> None:
    """Take one question from its draft to its end."""
    drafting, project = bench.sitting[bench.seats[-1]], bench.story.project
    drafted = await drafting.draft_clarification(project, SECTION, bid, course.question, _PERIOD)
    name = str(drafted.events[0]["clarification"])
    asked = Asked(bench, course, name, bidder_of(bench, bid))
    await asked.send()
    await _try_marks(bench, found)
    await asked.answer()
    await asked.judge()


@dataclass(frozen=True, slots=True)
class Asked:
    """A question on its way."""

    bench: Bench
    course: Course
    name: str
    bidder: Bidder

    async def send(self) -> None:
        """Have it agreed and checked, and once given back where that is planned."""
        supervisor, where = self.bench.story.cast.supervisor, self._where
        reason = self.course.question_returned
        if reason is not None:
            await self._agree([self.bench.chair])
            await supervisor.check_question(*where, returned=reason)
            view = await self._expect("drafted")
            self._told(not view["agreed"] and not await self._own(), "goes back unseen")
        others = [seat for seat in self.bench.seats if seat != self.bench.chair]
        needed = others[: most(self.bench)]
        await self._agree([self.bench.chair] if self.course.by_chair else needed)
        await self._expect("agreed")
        self._told(not await self._own(), "is not seen by the bidder before it is checked")
        await supervisor.check_question(*where)
        await self._expect("sent")

    async def answer(self) -> None:
        """Have it answered and the answer checked, and once given back where that is planned."""
        supervisor, where = self.bench.story.cast.supervisor, self._where
        reason = self.course.answer_returned
        if reason is not None:
            await self._answer(self.course.answer + "经办人:某某。")
            await supervisor.check_answer(*where, returned=reason)
            own = await self._own()
            self._told(own.get("returned") == reason, "tells the bidder why it was given back")
        await self._answer(self.course.answer)
        view = await self._expect("answered")
        self._told("answer" not in view, "shows no answer that is not checked")
        await supervisor.check_answer(*where)
        view = await self._expect("shown")
        self._told(view.get("answer") == self.course.answer, "shows the answer as it was given")
        if self.course.attached is not None:
            await self._fetch(view, *self.course.attached)

    async def _fetch(self, view: View, name: str, content: bytes) -> None:
        """Have the chair fetch what is attached, as it was brought."""
        (one,) = view["attachments"]
        project, section, asked = self._where
        path = f"/api/projects/{project}/sections/{section}/clarifications/{asked}/attachments"
        chair = self.bench.sitting[self.bench.chair]
        answer = await chair.seat.service.request("GET", f"{path}/{one['sha256']}")
        self._told((one["name"], answer.content) == (name, content), "keeps what is attached")

    async def judge(self) -> None:
        """Have the last member judge otherwise than all that are needed."""
        *others, last = self.bench.seats
        accepted = self.course.accepted
        await self._judge(last, accepts=not accepted)
        needed = others[: most(self.bench)]
        await asyncio.gather(*(self._judge(seat, accepts=accepted) for seat in needed))
        await self._expect("accepted" if accepted else "not_accepted")
        own = await self._own()
        self._told(own.get("status") == "answered", "tells the bidder no more than that it is in")

    @property
    def _where(self) -> tuple[str, str, str]:
        return self.bench.story.project, SECTION, self.name

    async def _agree(self, seats: list[str]) -> None:
        wanted = (self.bench.sitting[seat].agree_clarification(*self._where) for seat in seats)
        await asyncio.gather(*wanted)

    async def _judge(self, seat: str, *, accepts: bool) -> None:
        await self.bench.sitting[seat].judge_answer(*self._where, accepts=accepts)

    async def _answer(self, text: str) -> None:
        """Answer, and take the receipt."""
        answer = await self._signed(text)
        await self.bidder.seat.receipt(self.bench.story.project, answer.command_id)

    async def _signed(self, text: str) -> Answer:
        """Answer, with what is to be attached."""
        if self.course.attached is None:
            return await self._sent(text)
        name, content = self.course.attached
        with TemporaryDirectory() as folder:
            path = Path(folder) / name
            path.write_bytes(content)
            return await self._sent(text, path)

    async def _sent(self, text: str, *files: Path) -> Answer:
        asked = await self.bidder.question(*self._where)
        return await self.bidder.answer(self.bench.story.project, SECTION, asked, text, files)

    async def _own(self) -> View:
        """Return the question as the bidder sees it; empty before it is sent."""
        items = await self.bidder.clarifications(self.bench.story.project, SECTION)
        return next((one for one in items if one["clarification"] == self.name), {})

    async def _expect(self, status: str) -> View:
        """Return the question as the chair sees it, at the step where it has to be."""
        asked = (await _view(self.bench))["clarifications"]
        view: View = next(one for one in asked if one["clarification"] == self.name)
        self._told(view["status"] == status, f"should be {status}, is {view['status']}")
        return view

    def _told(self, holds: bool, what: str) -> None:  # noqa: FBT001 - as Report.expect
        self.bench.story.report.expect(holds, f"question {self.name[:8]} {what}")


async def _name_a_colleague(bench: Bench, view: View) -> None:
    """Have a member carry a colleague's name to a bidder, which is refused."""
    colleague = next(one["name"] for one in view["members"] if one["seat"] == bench.chair)
    member, bid = bench.sitting[bench.seats[-1]], str(view["valid"][0])
    text = _NAMED.format(name=colleague)
    drafting = member.draft_clarification(bench.story.project, SECTION, bid, text, _PERIOD)
    await refused(bench, drafting, "clarification.carries_name")


async def _try_marks(bench: Bench, found: Fates) -> None:
    """Have a member submit its marks while a question is open, which is refused."""
    seat = bench.seats[0]
    marks = (await sheets(bench, found))[seat]
    submitting = bench.sitting[seat].submit_marks(bench.story.project, SECTION, marks)
    await refused(bench, submitting, "clarification.open")


async def refused(bench: Bench, doing: Coroutine[Any, Any, object], code: str) -> None:
    """Have something refused with a code, and nothing else."""
    try:
        await doing
    except Declined as declined:
        if declined.code != code:
            raise
    else:
        bench.story.report.expect(holds=False, what=f"this was to be refused with {code}")


async def _view(bench: Bench) -> View:
    return await bench.sitting[bench.chair].view(bench.story.project, SECTION)


def most(bench: Bench) -> int:
    """Return how many seats are most of them."""
    return len(bench.seats) // 2 + 1


def bidder_of(bench: Bench, bid: str) -> Bidder:
    """Return the bidder of a bid, by its first envelope."""
    bots = [bot for bot in bench.story.bots if bot.made]
    return next(bot.bidder for bot in bots if bot.current[1].sealed.params.bid == bid)
