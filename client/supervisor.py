"""What the supervisor does: sign in, watch, raise notices, sign the minutes; nothing else.

It must not have a way to any trading act.
"""

from client import bidder, record_copy
from client.expert import View, evaluation_view
from client.keys import KeySource
from client.record_copy import RecordCopy
from client.seat import Answer, Seat
from crypto.signatures import PrivateKey
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

    async def sign_minutes(self, project: str, place: Place) -> Answer:
        """Sign the minutes."""
        return await bidder.sign_minutes(self.seat, self.key, project, place)
