"""What the supervisor does: sign in, watch, raise notices, check questions, sign the minutes.

It must not have a way to any trading act.
"""

from client import bidder, record_copy
from client.expert import View, evaluation_view
from client.keys import KeySource
from client.record_copy import RecordCopy
from client.seat import Answer, Seat
from crypto.signatures import PrivateKey
from evaluation.commands import CheckAnswer, CheckQuestion
from opening.commands import SignIn
from opening.state import Place
from project.commands import RaiseNotice


class Supervisor:
    """A supervisor at its seat, with its signing key."""

    def __init__(self, seat: Seat, key: KeySource) -> None:
        self.seat = seat
        self._key = key

    @property
    def key(self) -> PrivateKey:
        """The signing key."""
        return self._key()

    async def sign_in(self, project: str, place: Place) -> Answer:
        """Sign in to the session."""
        command = SignIn(section=place[0], envelope=place[1], role="supervisor")
        return await self.seat.do(project, command)

    async def raise_notice(
        self, project: str, section: str, text: str, *, pause: bool = False
    ) -> Answer:
        """Raise a notice 监督意见 that the clerk must acknowledge."""
        return await self.seat.do(project, RaiseNotice(section=section, text=text, pause=pause))

    async def record(self, project: str) -> RecordCopy:
        """Fetch and check the record; that this was looked at is recorded too."""
        return await record_copy.fetch(self.seat, project)

    async def evaluation(self, project: str, section: str) -> View:
        """Read how far an evaluation is; that this was looked at is recorded too."""
        return await evaluation_view(self.seat, project, section)

    async def check_question(
        self, project: str, section: str, clarification: str, returned: str | None = None
    ) -> Answer:
        """Let a question of the committee out to the bidder, or give it back.

        Args:
            project: whose.
            section: of it.
            clarification: that the committee agreed on.
            returned: why it is given back; None lets it out.
        """
        command = CheckQuestion(section=section, clarification=clarification, returned=returned)
        return await self.seat.do(project, command)

    async def check_answer(
        self, project: str, section: str, clarification: str, returned: str | None = None
    ) -> Answer:
        """Show a bidder's answer to the committee, or give it back.

        Args:
            project: whose.
            section: of it.
            clarification: that the bidder answered.
            returned: why it is given back; None shows it.
        """
        command = CheckAnswer(section=section, clarification=clarification, returned=returned)
        return await self.seat.do(project, command)

    async def sign_minutes(self, project: str, place: Place) -> Answer:
        """Sign the minutes."""
        return await bidder.sign_minutes(self.seat, self.key, project, place)
