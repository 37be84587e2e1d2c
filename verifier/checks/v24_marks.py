"""V24: the marks. Signed by whom they are of, whole, within range, once, and then locked."""

from typing import Any

from verifier.committee import Evaluation, rule_hash, sheet_of
from verifier.entries import Entry
from verifier.scene import Scene
from verifier.scoring.marks import is_mark, items_of
from verifier.sitting import Checks, at_work, is_over, look_at, sits

Fields = dict[str, Any]


def look(scene: Scene, entry: Entry) -> None:
    """Check a member's marks, or that all are locked."""
    look_at(scene, entry, _CHECKS)


def finish(scene: Scene) -> None:
    """Check, with all entries read, that no sheet is shown whose marks are still open."""
    for name, found in scene.state.evaluations.items():
        over = found.is_marked or is_over(scene, name)
        for sheet in found.given[found.shown :]:
            scene.has("V24.6", sheet.seq, over, "sheets hidden until the lock", "shown before it")


def _check_sheet(scene: Scene, entry: Entry, found: Evaluation) -> None:
    said, seat = entry.message, entry.body["seat"]
    at_work(scene, "V24.4", entry, found)
    sits(scene, "V24.1", entry, found, seat)
    wanted = (scene.state.project, entry.body["section"], seat)
    scene.equal("V24.1", entry.seq, wanted, (said["project"], said["section"], said["seat"]))
    scene.equal("V24.1", entry.seq, rule_hash(found.rule), said["rule"], [found.ruled.seq])
    closed = found.closed is not None
    scene.has("V24.4", entry.seq, closed, "a review that is over", "one that is not", found.rests)
    fresh = seat not in found.sheets
    scene.need("V24.4", entry.seq, fresh, "one sheet a member", "a second one")
    scene.need("V24.4", entry.seq, not found.locked, "marks before the lock", "after it")
    waiting = [
        one
        for one in found.questions.values()
        if one.is_open and one.drafted.body["bid"] in found.valid
    ]
    names = [one.drafted.body["clarification"] for one in waiting]
    rests = [seq for one in waiting for seq in one.entries]
    scene.has("V24.4", entry.seq, not waiting, "no question that is open", names, rests)
    _check_marks(scene, entry, found)


def _check_marks(scene: Scene, entry: Entry, found: Evaluation) -> None:
    """Check that a sheet has a mark for every item that is not blind, and each may be given."""
    points = items_of(found.rule, "points")
    items = {item["item"]: item for _, item in points if not item["blind"]}
    wanted = {bid: sorted(items) for bid in sorted(found.valid)}
    rows = sorted(entry.message["marks"], key=lambda row: str(row["bid"]))
    given = [(row["bid"], sorted(one["item"] for one in row["items"])) for row in rows]
    whole = list(wanted.items()) == given
    if not scene.has("V24.2", entry.seq, whole, wanted, given, found.rests):
        return
    wrong = [
        f"{mark} for {item} of {bid}"
        for bid, of in sheet_of({"marks": entry.message["marks"]}, {}).items()
        for item, mark in of.items()
        if not is_mark(items[item], mark)
    ]
    scene.need("V24.3", entry.seq, not wrong, "marks within their range", wrong, [found.ruled.seq])


def _check_locked(scene: Scene, entry: Entry, found: Evaluation) -> None:
    missing = sorted(found.seats.keys() - found.sheets.keys())
    draws = (one.seq for one in found.draws.values())
    rests = [*found.rests, *draws, *(one.seq for one in found.given)]
    scene.has("V24.5", entry.seq, not missing, "marks of every member", missing, rests)
    scene.need("V24.5", entry.seq, not found.locked, "one lock", "a second one")
    holds = bool(found.given) and found.given[-1].command == entry.command
    scene.has("V24.5", entry.seq, holds, "a lock by the last sheet", "by something else")


_CHECKS: Checks = {
    "evaluation.marks_submitted": ("V24.1", _check_sheet),
    "evaluation.marks_locked": ("V24.5", _check_locked),
}
