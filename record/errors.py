"""The refusals of the house; a refusal is an answer, never a bug, and leaves no trace.

Refused
├── NotAllowed   the actor may not do this (403)
├── NotFound     what the command names is not there (404)
├── OutOfOrder   not now: another step comes first, or it was done already (409)
├── TooLate      the time for it has passed (409)
├── NotValid     the command or its proof is wrong in itself (422)
└── Busy         nothing is wrong with the command; try again in a moment (503)

This module knows no HTTP and no sentence for people; `web/problems.py` and the catalogue do.
"""

from collections.abc import Mapping

Fact = str | int | bool | list[str]


class Refused(Exception):
    """A command was refused.

    Args:
        code: "area.snake_case", stable for ever; the catalogue has a sentence for each.
        facts: what the sentence needs; shown to the person who asked, so never a secret.
    """

    def __init__(self, code: str, **facts: Fact) -> None:
        super().__init__(code)
        self.code = code
        self.facts: Mapping[str, Fact] = facts

    def __str__(self) -> str:
        told = ", ".join(f"{name}={value!r}" for name, value in sorted(self.facts.items()))
        return f"{self.code}({told})"


class NotAllowed(Refused):
    """The actor has no right to this command."""


class NotFound(Refused):
    """What the command names does not exist, or not for this actor."""


class OutOfOrder(Refused):
    """Another step comes first, or this one was taken already."""


class TooLate(Refused):
    """The time for this has passed."""


class NotValid(Refused):
    """The command, or a proof in it, is wrong in itself."""


class Busy(Refused):
    """The service cannot do this at the moment; the same command may be sent again."""
