"""What can go wrong in the client, told apart by who is to do what about it.

ClientError
├── Declined       the service refused, with a code and a sentence for people
├── Unreachable    the service did not answer in time; the same thing can be tried again
├── NotTrusted     something the service showed does not hold; nothing was done with it
│   └── NotProvenYet   the proof has not come yet, because the timekeeper has not cosigned
└── Unusable       what is on this machine (a file, a passphrase, a setting) cannot be used

This module knows no exit code and prints nothing.
"""

from collections.abc import Mapping
from typing import Any


class ClientError(Exception):
    """Something the client cannot get past by itself.

    Args:
        what: the sentence.
        about: the file, address or name it is about.
    """

    def __init__(self, what: str, about: object = "") -> None:
        super().__init__(f"{what}: {about}" if str(about) else what)


class Declined(ClientError):
    """The service refused.

    Args:
        status: of the answer.
        code: stable, "area.snake_case".
        detail: the service's own sentence.
        facts: whatever else the answer named.
    """

    def __init__(self, status: int, code: str, detail: str, facts: Mapping[str, Any]) -> None:
        super().__init__(detail, code)
        self.status = status
        self.code = code
        self.detail = detail
        self.facts = facts


class Unreachable(ClientError):
    """The service did not answer, or said it cannot at the moment, for as long as we waited."""


class NotTrusted(ClientError):
    """A proof, a signature or a comparison failed: somebody is wrong, and we do not go on."""


class NotProvenYet(NotTrusted):
    """What the service says has no proof yet: the timekeeper has not seen it."""


class Unusable(ClientError):
    """A file, a passphrase or a setting on this machine cannot be used as it is."""
