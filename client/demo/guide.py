"""The file from which the service tells visitors of a demo what to try, and how to sign in.

It must not exist for any other installation: it holds the passwords of the demo's people.
"""

import json
import threading
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from client import durable
from client.demo.home import Home
from client.demo.people import SHOWN, Member


@dataclass(frozen=True, slots=True)
class News:
    """What goes on.

    Args:
        current: project, place and title of the round that is on; nothing between two.
        standing: the project that takes bids for days.
        opened: the one that is over.
        evaluation: project, section and title of the one that waits for its committee.
        evaluated: the last one with a signed report.
    """

    current: dict[str, str] | None = None
    standing: str = ""
    opened: str = ""
    evaluation: dict[str, str] | None = None
    evaluated: str = ""


class Guide:
    """Writes the file anew whenever something changes.

    Args:
        home: knows passwords and rounds.
    """

    def __init__(self, home: Home) -> None:
        self._home = home
        self._news = News()
        self._there: set[str] = set()
        self._writing = threading.Lock()

    @property
    def path(self) -> Path:
        """Where it is."""
        return self._home.data / "guide.json"

    def greet(self, accounts: Iterable[str]) -> None:
        """List the sign-ins of some more; nobody's before it can be used."""
        with self._writing:
            self._there |= {*accounts}
        self.tell()

    def tell(self, **changed: Any) -> None:
        """Write it, whichever thread has news; what is not named stays as it was."""
        with self._writing:
            self._news = replace(self._news, **changed)
            there = [one for one in SHOWN if one.account in self._there]
            told = {
                "sign_ins": [self._sign_in(one) for one in there],
                "rounds": list(reversed(self._home.kept.rounds)),
                **asdict(self._news),
            }
            durable.write(self.path, json.dumps(told, ensure_ascii=False, indent=1).encode())

    def _sign_in(self, one: Member) -> dict[str, str]:
        kit = self._home.data / "people" / one.account / "kit.age"
        return {
            "account": one.account,
            "role": one.role,
            "name": one.name,
            "organisation": one.organisation,
            "password": self._home.password(one.account),
            "kit": str(kit) if one.role == "custodian" else "",
        }
