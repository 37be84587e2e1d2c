"""A committee that pauses, or is suspended, and goes on, as its clerk lets it."""

from evaluation.commands import Pause, Resume
from evaluation.pause import OpenPause
from evaluation.pause_events import PauseCause
from evaluation.pause_rules import FoldedAgain, folded_again
from project.commands import ResumeSection, SuspendSection
from record.rules import fold
from tests.opening.world import PROJECT, SECTION
from tests.project.whole import RULES, Whole


class Pausing:
    """What a sitting does to pause; its record is folded again at each resume."""

    world: Whole

    @property
    def pause_now(self) -> OpenPause:
        """The pause that goes on."""
        found = self.world.whole.evaluation.evaluations[SECTION].pause
        assert found is not None
        return found

    def pause(self, cause: PauseCause = "lunch", reason: str = "午休") -> None:
        command = Pause(section=SECTION, cause=cause, reason=reason)
        self.world.do(self.world.clerk.actor, command)

    def go_on(self) -> None:
        """Resume the evaluation, its record folded again as the service does."""
        again = folded_again(fold(RULES, PROJECT, self.world.record).evaluation, SECTION)
        self.world.do(self.world.clerk.actor, Resume(section=SECTION), checked=again)

    def paused(self, time: int, cause: PauseCause = "lunch") -> None:
        """Pause the evaluation for some time, ms."""
        self.pause(cause)
        self.world.now += time
        self.go_on()

    def stumbled(self) -> None:
        """Pause, find another state at the resume, and go on in the right one after all."""
        self.pause()
        differs = FoldedAgain(SECTION, self.pause_now.salt, "ab" * 32)
        self.world.do(self.world.clerk.actor, Resume(section=SECTION), checked=differs)
        self.go_on()

    def suspended(self, time: int) -> None:
        """Let the clerk suspend the section, and resume it after some time, ms."""
        self.suspend()
        self.world.now += time
        self.resume()

    def suspend(self) -> None:
        self.world.do(self.world.clerk.actor, SuspendSection(section=SECTION, reason="停电"))

    def resume(self) -> None:
        self.world.do(self.world.clerk.actor, ResumeSection(section=SECTION))
