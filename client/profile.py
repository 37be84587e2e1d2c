"""What the client remembers of one service, in a folder: who, whom it trusts, how far it has seen.

It must not hold anything unencrypted that opens a bid; the session's token is readable by its
owner alone.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from client import durable
from client.errors import Unusable

_FILE = "profile.json"
_SESSION = "session"
_CHECKPOINT = "checkpoint"


@dataclass(frozen=True, slots=True)
class Trust:
    """The keys pinned at first use; both are compared with what is printed elsewhere.

    Args:
        log: the log's verifier key.
        timekeeper: the verifier key of its cosignatures.
        service: SubjectPublicKeyInfo, in hex, of the key that signs refusals.
    """

    log: str
    timekeeper: str
    service: str


@dataclass(slots=True)
class Profile:
    """One folder: server, account, trust; the session and the newest checkpoint beside them."""

    folder: Path
    server: str = ""
    account: str = ""
    trust: Trust | None = None
    more: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def load(cls, folder: Path) -> "Profile":
        """Read a profile; an empty one where there is none yet.

        Raises:
            Unusable: the file is there and is no profile.
        """
        path = folder / _FILE
        if not path.exists():
            return cls(folder)
        try:
            value = json.loads(path.read_bytes())
            trust = Trust(**value["trust"]) if value.get("trust") else None
            return cls(folder, value["server"], value["account"], trust, value.get("more", {}))
        except (ValueError, KeyError, TypeError) as error:
            raise Unusable("this is no profile", path) from error

    def save(self) -> None:
        """Write everything but the token and the checkpoint, which have files of their own."""
        trust = None
        if self.trust is not None:
            trust = {
                "log": self.trust.log,
                "timekeeper": self.trust.timekeeper,
                "service": self.trust.service,
            }
        value = {
            "server": self.server,
            "account": self.account,
            "trust": trust,
            "more": self.more,
        }
        text = json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True)
        durable.write(self.folder / _FILE, text.encode() + b"\n")

    @property
    def token(self) -> str:
        """The session's token, or nothing."""
        path = self.folder / _SESSION
        return path.read_text().strip() if path.exists() else ""

    @token.setter
    def token(self, token: str) -> None:
        durable.write(self.folder / _SESSION, token.encode())

    @property
    def checkpoint(self) -> bytes:
        """The newest cosigned checkpoint seen, its note; empty before the first."""
        path = self.folder / _CHECKPOINT
        return path.read_bytes() if path.exists() else b""

    @checkpoint.setter
    def checkpoint(self, note: bytes) -> None:
        durable.write(self.folder / _CHECKPOINT, note)
