"""How something of the demo goes on: a step where one can be taken, an end where none is for long.

It must not know what is done; what is declined is told once, for it comes right by itself.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from client import clock
from client.errors import Declined, Unusable


@dataclass(slots=True)
class Going:
    """One thing that goes on.

    Args:
        stood: what is said where it does not.
        tell: says something to whoever watches the terminal.
        stuck: for how long it may stand still, seconds.
    """

    stood: str
    tell: Callable[[str], None]
    stuck: float
    _limit: float = field(init=False)
    _told: str = ""

    def __post_init__(self) -> None:
        self.rest()

    def rest(self) -> None:
        """Count from now on: it went on, or need not."""
        self._limit = clock.ticks() + self.stuck

    async def step(self, number: str, act: Awaitable[bool], longer: float = 0) -> bool:
        """Take a step; tell whether anything was done.

        Args:
            number: the project's, as people know it.
            act: does what is next, and tells whether anything was.
            longer: how much longer it may stand still now, seconds.

        Raises:
            Unusable: it stood still for too long.
        """
        try:
            has_acted = await act
        except Declined as declined:
            # somebody was faster, or something is missing that comes
            has_acted = False
            if self._told != declined.code:
                self._told = declined.code
                self.tell(f"{number}: {declined}")
        if has_acted:
            self.rest()
        elif clock.ticks() > self._limit + longer:
            raise Unusable(self.stood, number)
        return has_acted
