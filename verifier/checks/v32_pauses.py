"""V32: pauses of an evaluation, nothing in between, one state at both ends; and what is said."""

from verifier.committee import Evaluation
from verifier.entries import Entry
from verifier.scene import Scene
from verifier.sitting import Checks, look_at, sits
from verifier.state_hash import state_hash

_DIFFERED = "evaluation.state_differed"
_ENDS = {"evaluation.resumed", _DIFFERED}
_ANY = "evaluation."


def look(scene: Scene, entry: Entry) -> None:
    """Check a pause or its end, or that anything else of the evaluation is in none."""
    if entry.type.startswith(_ANY) and entry.type not in _CHECKS:
        _check_running(scene, entry)
    look_at(scene, entry, _CHECKS)


def _check_running(scene: Scene, entry: Entry) -> None:
    found = scene.state.evaluations.get(entry.body["section"])
    if found is not None:
        runs = found.pause is None
        scene.need("V32.4", entry.seq, runs, "an evaluation that goes on", "a paused one")


def _check_paused(scene: Scene, entry: Entry, found: Evaluation) -> None:
    seq = entry.seq
    scene.need("V32.1", seq, found.pause is None, "no pause yet", "a paused evaluation")
    stands = found.finished is not None
    scene.need("V32.1", seq, not stands, "no report that stands", "one that does")
    held = state_hash(found, entry.body["salt"])
    scene.has("V32.2", seq, held == entry.body["state"], held, entry.body["state"], found.rests)


def _check_end(scene: Scene, entry: Entry, found: Evaluation) -> None:
    """Check that what goes on is what was paused; what differed is found as that."""
    body, seq, paused = entry.body, entry.seq, found.pause
    if not scene.has("V32.1", seq, paused is not None, "a pause before it") or paused is None:
        return
    wanted = paused.body["state"]
    scene.need("V32.3", seq, wanted == body["state"], wanted, body["state"], [paused.seq])
    if entry.type == _DIFFERED:
        return
    held = state_hash(found, paused.body["salt"])
    rests = [paused.seq, *found.during]
    scene.has("V32.3", seq, held == body["state"], held, body["state"], rests)
    lost = entry.at - paused.at
    holds = 0 <= body["shift"] <= lost
    scene.need("V32.5", seq, holds, f"at most {lost}", body["shift"], [paused.seq])


def _check_said(scene: Scene, entry: Entry, found: Evaluation) -> None:
    """Check that a member says it, while the committee discusses; in a pause nobody does."""
    seq, seat = entry.seq, entry.body["seat"]
    _check_running(scene, entry)
    sits(scene, "V32.6", entry, found, seat)
    at = found.seats.get(seat)
    knows = at is not None and at.step == "confirmed"
    scene.has("V32.6", seq, knows, "a member that confirmed the names", seat, found.rests)
    scene.has("V32.6", seq, found.chair is not None, "a chair", "none yet", found.rests)
    scene.need("V32.6", seq, found.report is None, "no report yet", "one that is drawn up")
    scene.need("V32.6", seq, found.messages < MOST, f"{MOST} messages at most", "more")


MOST = 1_000
_CHECKS: Checks = {
    "evaluation.paused": ("V32.1", _check_paused),
    "evaluation.said": ("V32.6", _check_said),
    **dict.fromkeys(sorted(_ENDS), ("V32.1", _check_end)),
}
