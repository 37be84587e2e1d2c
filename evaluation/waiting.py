"""What a committee put to bidders, questions and corrected prices alike, and until when; pure.

It must not know what either is about, nor refuse: whoever asks here says in its own words why not.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import Field, dataclass, replace
from typing import Any, ClassVar, Final, TypeVar

from record.events import Signed

_ASKED: Final = frozenset({"sent", "asked"})
_ENDED: Final = frozenset(
    {"accepted", "not_accepted", "refused", "expired", "dropped"},
)


@dataclass(frozen=True, slots=True)
class Said:
    """That somebody answers for a bidder.

    Args:
        owner: the organisation whose bid it is about; empty where nothing was asked.
        organisation: whose account answers.
        at: when it came in, ms UTC.
        envelope: the answer; its signature is checked.
    """

    owner: str
    organisation: str
    at: int
    envelope: Signed


class Waiting:
    """One thing that was put to one bidder; whatever is one is a frozen dataclass."""

    __slots__ = ()
    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]
    bid: str
    """Whose bidder is asked."""
    status: str
    due: int
    """Until when the bidder can answer, ms UTC."""

    @property
    def is_open(self) -> bool:
        """Whether it still waits for somebody."""
        return self.status not in _ENDED

    @property
    def awaits_bidder(self) -> bool:
        """Whether the bidder has yet to answer, or may have to again."""
        return self.is_asked or self.status == "answered"

    @property
    def is_asked(self) -> bool:
        """Whether the bidder has the word: nothing was said since, and its time may end."""
        return self.status in _ASKED


W = TypeVar("W", bound=Waiting)


def expiring(found: Mapping[str, Waiting]) -> Iterator[tuple[str, int]]:
    """Give what will expire, and when, ms UTC."""
    return ((name, one.due) for name, one in found.items() if one.is_asked)


def still_open(found: Mapping[str, Waiting], valid: Collection[str]) -> list[str]:
    """Return what still waits for anybody and is about a bid that is in."""
    return [name for name, one in found.items() if one.is_open and one.bid in valid]


def resumed(found: Mapping[str, W], since: int, shift: int) -> Mapping[str, W]:
    """Let what could still be answered when a section was suspended be due later by that time.

    Args:
        found: what was put to bidders of the section.
        since: when it was suspended, ms UTC.
        shift: how long it was, ms.
    """
    return {
        name: replace(one, due=one.due + shift) if one.awaits_bidder and since < one.due else one
        for name, one in found.items()
    }
