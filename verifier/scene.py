"""What a check sees: the container, the record up to an entry, and the report to fill."""

from collections.abc import Iterable
from dataclasses import dataclass

from verifier.container import Container
from verifier.report import Report, Subject
from verifier.state import State


@dataclass
class Scene:
    """One verification as it goes on; `state` is what the entries so far come to."""

    container: Container
    report: Report
    state: State

    def need(
        self,
        check: str,
        subject: Subject,
        holds: bool,  # noqa: FBT001 - the outcome of the comparison
        expected: object,
        found: object,
        rests: Iterable[Subject] = (),
    ) -> bool:
        """Take the outcome of a comparison of what is there."""
        return self.report.need(check, subject, holds, expected, found, rests=rests)

    def has(
        self,
        check: str,
        subject: Subject,
        holds: bool,  # noqa: FBT001 - the outcome of the comparison
        expected: object,
        found: object = "nothing of the kind in the record before",
        rests: Iterable[Subject] = (),
    ) -> bool:
        """Take the outcome of a search for something that a hidden entry may hold."""
        return self.report.need(check, subject, holds, expected, found, rests=rests, hideable=True)

    def equal(
        self,
        check: str,
        subject: Subject,
        expected: object,
        found: object,
        rests: Iterable[Subject] = (),
    ) -> bool:
        """Compare what must be there with what is."""
        return self.report.need(check, subject, expected == found, expected, found, rests=rests)
