"""What a demo keeps between two starts: passwords, ids and how far it got, in one private file.

It must not hold more than the demo's own people need; the service keeps its own data.
"""

import fcntl
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Self

from client import durable
from client.errors import Unusable
from crypto import random

PORT = 8000
_RECENT = 4
"""How many rounds have their halls looked into for visitors."""
_ROUNDS = 500
"""How many rounds are remembered at all."""


@dataclass(slots=True)
class Remembered:
    """What stands in the file.

    Args:
        port: the service listens there; its log is named by it, so it never changes.
        passphrase: of the timekeeper's files.
        passwords: account -> password; it opens kit and keys of that person as well.
        projects: what for -> project id, chosen before the project is made.
        round: the number of the newest round; 0 before the first.
        recent: project ids of the last rounds, the newest last.
        rounds: of more of them, for telling the old from the new.
        is_over: whether the newest round has come to its end.
        evaluations: how many evaluations were brought to their report.
    """

    port: int
    passphrase: str = field(default_factory=lambda: random.fresh(16).hex())
    passwords: dict[str, str] = field(default_factory=dict)
    projects: dict[str, str] = field(default_factory=dict)
    round: int = 0
    recent: list[str] = field(default_factory=list)
    rounds: list[str] = field(default_factory=list)
    is_over: bool = True
    evaluations: int = 0


class Home:
    """The folder of one installation, held by one process at a time.

    Args:
        folder: of this checkout or wherever somebody wants it.
        name: `demo`, or `own` for an installation that begins empty.
    """

    def __init__(self, folder: Path, name: str, kept: Remembered) -> None:
        self.name = name
        self.file = folder / f"{name}.json"
        self.data = folder / name
        self.kept = kept

    @classmethod
    @contextmanager
    def held(cls, folder: Path, name: str, port: int | None) -> Iterator[Self]:
        """Hold an installation, beginning it where there is none.

        Raises:
            Unusable: another process holds it, or it was begun on another port.
        """
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (folder / f"{name}.lock").open("wb") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise Unusable("it is running already, in another window", folder) from error
            home = cls(folder, name, _read(folder / f"{name}.json", port or PORT))
            if port is not None and port != home.kept.port:
                raise Unusable(
                    "an installation stays on the port it was begun on, for its log is named by "
                    "it; use that port, or another folder with --folder. Its port is",
                    home.kept.port,
                )
            home.data.mkdir(exist_ok=True, mode=0o700)
            home.save()
            yield home

    def save(self) -> None:
        """Write the file, whole, readable by its owner alone."""
        text = json.dumps(asdict(self.kept), ensure_ascii=False, indent=2)
        durable.write(self.file, text.encode() + b"\n")

    def password(self, account: str) -> str:
        """Return the password of an account of ours, chosen and kept at first use."""
        found = self.kept.passwords.get(account)
        if found is None:
            drawn = random.fresh(6).hex()
            found = "-".join(drawn[at : at + 4] for at in (0, 4, 8))
            self.kept.passwords[account] = found
            self.save()
        return found

    def project(self, purpose: str) -> str:
        """Return the id of a project of ours, chosen and kept before it is made."""
        found = self.kept.projects.get(purpose)
        return found if found is not None else self.another(purpose)

    def another(self, purpose: str) -> str:
        """Choose a new id for a purpose."""
        chosen = random.fresh(16).hex()
        self.kept.projects[purpose] = chosen
        self.save()
        return chosen

    def evaluation_over(self, purpose: str) -> None:
        """Remember that a project's evaluation is over; it is an earlier one from now on."""
        kept = self.kept
        kept.rounds = [*kept.rounds, self.project(purpose)][-_ROUNDS:]
        kept.evaluations += 1
        self.another(purpose)

    def next_round(self) -> tuple[int, str]:
        """Return number and project id of the round to hold: the one begun, or a new one."""
        kept = self.kept
        if kept.is_over or not kept.recent:
            kept.round += 1
            project = random.fresh(16).hex()
            kept.recent = [*kept.recent, project][-_RECENT:]
            kept.rounds = [*kept.rounds, project][-_ROUNDS:]
            kept.is_over = False
            self.save()
        return kept.round, kept.recent[-1]

    def round_over(self) -> None:
        """Remember that the newest round has come to its end."""
        self.kept.is_over = True
        self.save()


@dataclass(frozen=True, slots=True)
class KeeperPlace:
    """Where the timekeeper of an installation on this machine lives, and what opens it."""

    home: Path
    second: Path
    passphrase: str
    password: str


def keeper_place(folder: Path, account: str) -> KeeperPlace:
    """Return where the timekeeper of an installation that began empty lives; it may be running.

    Args:
        folder: the one `up --empty` was given.
        account: of the timekeeper.

    Raises:
        Unusable: none was begun there.
    """
    path, data = folder / "own.json", folder / "own"
    if not path.exists():
        raise Unusable("nothing was begun here with --empty", folder)
    kept = _read(path, PORT)
    password = kept.passwords.get(account)
    if password is None:
        raise Unusable("the timekeeper was not started here yet", folder)
    return KeeperPlace(data / account, data / f"{account}-second", kept.passphrase, password)


def _read(path: Path, port: int) -> Remembered:
    if not path.exists():
        return Remembered(port)
    try:
        return Remembered(**json.loads(path.read_bytes()))
    except (ValueError, TypeError) as error:
        raise Unusable("this file is not what a demo remembers", path) from error
