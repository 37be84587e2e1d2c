"""What several checks ask about a committee: whether there is one, who sits where, who presides."""

from collections.abc import Callable, Mapping

from verifier.committee import Evaluation
from verifier.entries import Entry
from verifier.scene import Scene

Checks = Mapping[str, tuple[str, Callable[[Scene, Entry, Evaluation], None]]]
"""Event -> the number under which its committee is missed, and how it is checked."""


def look_at(scene: Scene, entry: Entry, checks: Checks) -> None:
    """Check an entry of a committee by a table; what stands in none is no matter here."""
    if entry.type not in checks:
        return
    number, check = checks[entry.type]
    found = convened(scene, number, entry)
    if found is not None:
        check(scene, entry, found)


def convened(scene: Scene, check: str, entry: Entry) -> Evaluation | None:
    """Return the evaluation an entry is about; a finding where no committee was named before."""
    found = scene.state.evaluations.get(entry.body["section"])
    scene.has(check, entry.seq, found is not None, "a committee of the section")
    return found


def sits(scene: Scene, check: str, entry: Entry, found: Evaluation, number: str) -> bool:
    """Check that whoever acts has a seat."""
    seat = found.seats.get(number)
    holds = seat is not None and seat.step != "gone" and seat.account == entry.account
    wanted = f"whoever sits on seat {number}"
    return scene.has(check, entry.seq, holds, wanted, entry.account, found.rests)


def presides(scene: Scene, check: str, entry: Entry, found: Evaluation) -> None:
    """Check that whoever acts is the chair."""
    if found.chair is None:
        scene.has(check, entry.seq, False, "a chair", "none", found.rests)
    else:
        sits(scene, check, entry, found, found.chair)


def at_work(scene: Scene, check: str, entry: Entry, found: Evaluation) -> None:
    """Check that everybody has confirmed the names, and that somebody presides."""
    waiting = [number for number, seat in found.seats.items() if seat.step != "confirmed"]
    scene.has(check, entry.seq, not waiting, "every member confirmed", waiting, found.rests)
    scene.has(check, entry.seq, found.chair is not None, "a chair", "none", found.rests)


def unreported(scene: Scene, check: str, entry: Entry, found: Evaluation) -> None:
    """Check that nothing is asked, said or decided of a bidder's word once there was a report."""
    rests = [] if found.report is None else [found.report.entry.seq]
    holds = found.report is None and not found.again
    scene.need(check, entry.seq, holds, "no report yet", "one that is drawn up", rests)


def is_over(scene: Scene, section: str) -> bool:
    """Return whether nobody marks any more in a section: it was awarded, or ended."""
    of, result = scene.state.sections.get(section), scene.state.results.get(section)
    return (of is not None and of.terminated) or (result is not None and result.awarded is not None)
