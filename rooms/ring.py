"""The last frames of a channel, each put into words once for all who listen; it sends nothing."""

from collections import deque
from dataclasses import dataclass, field

from rooms import messages
from rooms.projection import Frame

LENGTH = 4096


@dataclass(slots=True)
class _Slot:
    frame: Frame
    text: str | None = None


@dataclass(slots=True)
class Ring:
    """The frames `first` to `last` of a channel."""

    last: int = 0
    _slots: deque[_Slot] = field(default_factory=lambda: deque(maxlen=LENGTH))

    @property
    def first(self) -> int:
        """Return the number of the oldest frame kept, or of the next one where none is."""
        return self.last - len(self._slots) + 1

    def add(self, frame: Frame) -> None:
        """Add the next frame; the oldest goes where there is no room."""
        self._slots.append(_Slot(frame))
        self.last = frame.n

    def text(self, n: int) -> str:
        """Return the message of a frame that is kept."""
        slot = self._slots[n - self.first]
        if slot.text is None:
            slot.text = messages.frame(slot.frame)
        return slot.text

    def frames(self, after: int, limit: int) -> list[Frame]:
        """Return kept frames that follow a number; the caller knows that none between is lost."""
        start = max(0, after + 1 - self.first)
        stop = min(len(self._slots), start + limit)
        return [self._slots[place].frame for place in range(start, stop)]
