"""What a channel is shown of one entry, and what makes a patch of it; it knows no event."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from rooms.merge import Patch, View, at_path


@dataclass(frozen=True, slots=True)
class Shown:
    """What a channel is shown of one entry.

    Args:
        told: the fields it may see.
        view: the channel's view before.
        id: the line's id.
        at: ms UTC.
    """

    told: Mapping[str, Any]
    view: View
    id: str
    at: int

    def take(self, *names: str) -> dict[str, Any]:
        """Return those of these fields that are told."""
        return {name: self.told[name] for name in names if name in self.told}

    def but(self, *names: str) -> dict[str, Any]:
        """Return all fields told but these."""
        return {name: value for name, value in self.told.items() if name not in names}

    def path(self, *path: str) -> tuple[str, ...]:
        """Return a path with `{field}` filled in from what is told."""
        return tuple(str(self.told[step[1:-1]]) if step[0] == "{" else step for step in path)

    def put(self, path: tuple[str, ...], value: Any) -> Patch:
        """Return the patch that puts a value at a path with fields in it."""
        return at_path(self.path(*path), value)

    def session(self, value: Mapping[str, Any]) -> Patch:
        """Return the patch that changes the session of the place that is told."""
        section, envelope = self.told["section"], self.told["envelope"]
        place = {"section": section, "envelope": envelope, **value}
        return at_path(("sessions", f"{section}-{envelope}"), place)


Change = Callable[[Shown], Patch]
