"""R4: kill -9 around what a bidder attaches: while it comes in, before its answer, at the answer."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from evaluation.commands import AnswerClarification, CheckAnswer, JudgeAnswer
from evaluation.messages import Attached
from record.rules import Command
from tests.faults.process import PACE, ServiceProcess
from tests.opening.parties import Party
from tests.opening.world import PROJECT, SECTION
from tests.project.sitting import RULE, Sitting
from tests.web import tender
from tests.web.tender import Tender
from web.clockwork import HOUSEKEEPING

pytestmark = pytest.mark.slow

PROGRAM = Path(__file__).with_name("dying.py")
USED, UNUSED, CUT = (b"%PDF-1.7\n" + bytes([number]) * 300_000 for number in range(3))
LOOKS = 1000


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@dataclass
class Case:
    """A service in a process, with a question out to a bidder."""

    folder: Path
    sitting: Sitting
    question: str
    service: ServiceProcess
    count: int = 0

    @property
    def bidder(self) -> Party:
        return self.sitting.asked(self.question)

    @property
    def where(self) -> str:
        path = f"/api/projects/{PROJECT}/sections/{SECTION}/clarifications"
        return f"{path}/{self.question}/attachments"

    def kept(self) -> set[str]:
        folder = self.folder / "attachments" / self.question
        return {one.name for one in folder.iterdir()} if folder.exists() else set()

    def restart(self) -> None:
        self.service.kill()
        self.service.start()

    def bring(self, content: bytes | Iterator[bytes]) -> httpx.Response:
        told = tender.headers(self.bidder)
        return self.service.http.post(self.where, content=content, headers=told)

    def cut(self) -> Iterator[bytes]:
        """Give half a file, and kill the service once some of that is on its disk."""
        yield CUT[:150_000]
        while not any(name.startswith(".") for name in self.kept()):
            assert not self.service.ended(PACE)
        self.service.kill()
        yield CUT[150_000:]

    def act(self, who: Party, command: Command) -> httpx.Response:
        """Post a command until it is answered, whatever the service dies of."""
        self.count += 1
        body = command.model_dump(mode="json", exclude_none=True)
        while True:
            try:
                return tender.command(self.service.http, who, body, f"attached-{self.count}")
            except httpx.TransportError:
                self.restart()

    def answer(self, name: str, content: bytes) -> httpx.Response:
        attached = Attached(name=name, sha256=sha256(content), size=len(content))
        message = self.sitting.answered(self.question, attachments=(attached,))
        return self.act(self.bidder, AnswerClarification(section=SECTION, message=message))

    def end(self) -> None:
        """Let the answer through, and most members accept it."""
        checked = CheckAnswer(section=SECTION, clarification=self.question)
        self.act(self.sitting.world.supervisor, checked)
        judged = JudgeAnswer(section=SECTION, clarification=self.question, accepts=True)
        for seat in (1, 2, 3):
            assert self.act(self.sitting.people[seat], judged).status_code == 200


@pytest.fixture(params=["never", "before", "after"])
def case(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Case]:
    world = Tender(rule=RULE).open_up().all_opened()
    sitting = Sitting(world).quorate()
    world.experts = list(sitting.people.values())
    question = sitting.ask(sitting.bids[0], "请说明工期。")
    folder = world.folder(tmp_path / "data")
    set_clock(folder, world.now)
    dying = {"DYING_WHEN": request.param, "DYING_EVERY": "1", "DYING_FOLDER": str(folder)}
    program = (str(PROGRAM),)
    with ServiceProcess(folder, program=program, environment=dying) as service:
        yield Case(folder, sitting, question, service)
        assert service.internal_errors() == []


def set_clock(folder: Path, moment: int) -> None:
    draft = folder / "clock.new"
    draft.write_text(str(moment))
    draft.rename(folder / "clock")


@pytest.mark.timeout(300)
def test_what_was_brought_outlives_every_kill_and_what_was_not_used_goes(case: Case) -> None:
    for content in (USED, UNUSED):
        assert case.bring(content).status_code == 201
    with pytest.raises(httpx.TransportError):
        case.bring(case.cut())
    case.service.start()
    assert case.kept() == {sha256(USED), sha256(UNUSED)}
    case.restart()
    missing = case.answer("丙.pdf", CUT)
    assert missing.json()["code"] == "clarification.attachment_missing"
    assert case.answer("甲.pdf", USED).status_code == 200
    case.restart()
    fetched = case.service.http.get(
        f"{case.where}/{sha256(USED)}", headers=tender.headers(case.bidder)
    )
    assert fetched.content == USED
    case.end()
    set_clock(case.folder, case.sitting.world.now + 2 * HOUSEKEEPING)
    case.restart()
    for _ in range(LOOKS):
        if case.kept() == {sha256(USED)}:
            break
        assert not case.service.ended(PACE)
    assert case.kept() == {sha256(USED)}
