"""One socket as a machine: what may come when, and how long it may stay silent.

Pure: it is told what arrived and at which moment, and returns what that means. It reads no clock,
holds no connection and sends nothing.
"""

from collections import deque
from dataclasses import dataclass, field
from enum import Enum, auto

from rooms.messages import MESSAGE_LIMIT, Ack, Code, Hello, Malformed, Ping, read

HELLO_MS = 5_000
"""How long a page may take to say hello."""
IDLE_MS = 30_000
"""How long a page may be silent; it pings every four seconds."""
RATE = 10
"""Messages a second."""
SECOND_MS = 1_000


class Stage(Enum):
    """Where a socket stands."""

    GREETING = auto()
    """Waiting for hello."""
    ENTERING = auto()
    """Hello came; whoever owns the socket looks at the ticket."""
    OPEN = auto()
    CLOSED = auto()


@dataclass(frozen=True, slots=True)
class Close:
    """The socket is to be closed."""

    code: Code


Meaning = Hello | Ack | Ping | Close


@dataclass(slots=True)
class SocketSession:
    """The state of one socket.

    Args:
        begun: when the socket was accepted, ms.
    """

    begun: int
    stage: Stage = Stage.GREETING
    heard: int = field(init=False)
    _recent: deque[int] = field(init=False, default_factory=lambda: deque(maxlen=RATE))

    def __post_init__(self) -> None:
        self.heard = self.begun

    def text(self, message: str, now: int) -> Meaning:
        """Take in a text message; what is wrong in any way closes the socket."""
        if self._is_too_fast(now):
            return self._close(Code.TOO_MANY)
        if len(message) > MESSAGE_LIMIT or len(message.encode(errors="replace")) > MESSAGE_LIMIT:
            return self._close(Code.TOO_LONG)
        try:
            found = read(message)
        except Malformed:
            return self._close(Code.MALFORMED)
        self.heard = now
        return self._fits(found)

    def binary(self) -> Close:
        """Take in a binary message: there are none."""
        return self._close(Code.NOT_TEXT)

    def entered(self) -> None:
        """Note that the ticket was good."""
        if self.stage is Stage.ENTERING:
            self.stage = Stage.OPEN

    def check_time(self, now: int) -> Close | None:
        """Close a socket that is silent for too long."""
        if self.stage is Stage.GREETING and now - self.begun >= HELLO_MS:
            return self._close(Code.NO_HELLO)
        if self.stage is Stage.OPEN and now - self.heard >= IDLE_MS:
            return self._close(Code.IDLE)
        return None

    def _fits(self, found: Hello | Ack | Ping) -> Meaning:
        """Check that a message belongs where the socket stands."""
        is_hello = isinstance(found, Hello)
        if is_hello != (self.stage is Stage.GREETING) or self.stage is Stage.CLOSED:
            return self._close(Code.MALFORMED)
        if is_hello:
            self.stage = Stage.ENTERING
        return found

    def _is_too_fast(self, now: int) -> bool:
        is_full = len(self._recent) == RATE
        is_fast = is_full and now - self._recent[0] < SECOND_MS
        self._recent.append(now)
        return is_fast

    def _close(self, code: Code) -> Close:
        self.stage = Stage.CLOSED
        return Close(code)
