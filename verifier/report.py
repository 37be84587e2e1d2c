"""What was checked and what was found; it must not check anything itself.

One failure does not drown in its followers: a check that fails on what another check has refused
already is told as not checked, with what it rests on.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

_RESTS = "rests on "
_MAY_REST = "it may rest on "

Subject = int | str
"""An entry by its number, or something else by a name, such as `checkpoint 3`."""


@dataclass(frozen=True)
class Finding:
    """Something that is not as it must be.

    Args:
        check: the number of the check, such as `V5.A6`.
        entry: the entry it is about, None where it is about no single one.
        expected: what must be there.
        found: what is there.
    """

    check: str
    entry: int | None
    expected: str
    found: str

    def told(self) -> dict[str, Any]:
        """Return it for JSON."""
        told = {"check": self.check, "expected": self.expected, "found": self.found}
        return told if self.entry is None else {**told, "entry": self.entry}


Obstacle = Literal["rests", "hidden", "missing"]
"""What stands in the way of a check."""


@dataclass(frozen=True)
class Unchecked:
    """A check that could not be made, and what it rests on."""

    check: str
    entry: int | None
    because: str

    @property
    def kind(self) -> Obstacle:
        """What stands in the way: another check, entries not shown, or something not there."""
        if self.because.startswith(_RESTS):
            return "rests"
        return "hidden" if self.because.startswith(_MAY_REST) else "missing"

    @property
    def rests(self) -> str:
        """The number of the check it rests on, where it does."""
        if self.kind != "rests":
            return ""
        return self.because.removeprefix(_RESTS).partition(" ")[0].rstrip(":")

    def told(self) -> dict[str, Any]:
        """Return it for JSON."""
        told: dict[str, Any] = {"check": self.check, "because": self.because, "kind": self.kind}
        if self.rests:
            told["rests"] = self.rests
        return told if self.entry is None else {**told, "entry": self.entry}


@dataclass(frozen=True)
class Note:
    """Something that is allowed, and that whoever reads the outcome should know."""

    entry: int
    said: str

    def told(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {"entry": self.entry, "said": self.said}


@dataclass
class Report:
    """The outcome of all checks, filled as they are made."""

    passed: Counter[str] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)
    unchecked: list[Unchecked] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    _broken: dict[Subject, str] = field(default_factory=dict)
    _blind: tuple[int, str] | None = None
    _hidden: int | None = None

    @property
    def holds(self) -> bool:
        """Whether nothing was found."""
        return not self.findings

    def need(
        self,
        check: str,
        subject: Subject,
        holds: bool,  # noqa: FBT001 - the outcome of the comparison
        expected: object,
        found: object,
        *,
        rests: Iterable[Subject] = (),
        hideable: bool = False,
    ) -> bool:
        """Take the outcome of one comparison and return it.

        Args:
            check: the number of the check.
            subject: what it is about.
            holds: whether it is as it must be.
            expected: what must be there, told when it is not.
            found: what is there.
            rests: what else it rests on.
            hideable: it fails for want of something that a hidden entry may hold.
        """
        if holds:
            self.passed[check] += 1
            return True
        entry = subject if isinstance(subject, int) else None
        because = self._follows((subject, *rests), entry, hideable=hideable)
        if because is not None:
            self.unchecked.append(Unchecked(check, entry, because))
            if because.startswith(_RESTS):
                self._broken.setdefault(subject, because.removeprefix(_RESTS))
            return False
        self._broken.setdefault(subject, self._where(check, subject))
        self.findings.append(Finding(check, entry, _short(expected), _short(found)))
        return False

    def skip(self, check: str, subject: Subject, because: str) -> None:
        """Note that a check could not be made."""
        entry = subject if isinstance(subject, int) else None
        self.unchecked.append(Unchecked(check, entry, because))

    def note(self, entry: int, said: str) -> None:
        """Note something that is as it may be, but should be seen."""
        self.notes.append(Note(entry, said))

    def hide(self, entry: int) -> None:
        """Note an entry whose content is not shown."""
        self._hidden = self._hidden or entry

    def blind(self, entry: int) -> None:
        """Note an entry that could not be read: nothing after it is sure to be known whole."""
        if self._blind is None:
            self._blind = (entry, self._broken.get(entry, f"V2 at entry {entry}"))

    def is_broken(self, subject: Subject) -> bool:
        """Tell whether something was found about a subject."""
        return subject in self._broken

    def told(self) -> dict[str, Any]:
        """Return the whole outcome for JSON."""
        return {
            "holds": self.holds,
            "findings": [finding.told() for finding in self.findings],
            "not_checked": [one.told() for one in self.unchecked],
            "notes": [note.told() for note in self.notes],
            "passed": dict(sorted(self.passed.items())),
        }

    def _follows(
        self, subjects: tuple[Subject, ...], entry: int | None, *, hideable: bool
    ) -> str | None:
        for subject in subjects:
            if subject in self._broken:
                return _RESTS + self._broken[subject]
        if self._blind is not None and (entry is None or entry >= self._blind[0]):
            return _RESTS + self._blind[1]
        if hideable and self._hidden is not None:
            return _MAY_REST + f"what is hidden, from entry {self._hidden} on"
        return None

    def _where(self, check: str, subject: Subject) -> str:
        return f"{check} at " + (f"entry {subject}" if isinstance(subject, int) else subject)


def _short(value: object) -> str:
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= 200 else text[:197] + "..."
