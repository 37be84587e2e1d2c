"""V30: fewer than three valid bids. The committee judges the competition, and what follows."""

from verifier.committee import Evaluation
from verifier.entries import Entry
from verifier.scene import Scene
from verifier.sitting import Checks, at_work, look_at, sits


def look(scene: Scene, entry: Entry) -> None:
    """Check a member's judgement, and that nothing goes on before most have judged."""
    look_at(scene, entry, _CHECKS)


def _check_judged(scene: Scene, entry: Entry, found: Evaluation) -> None:
    seat, seq = entry.body["seat"], entry.seq
    at_work(scene, "V30.1", entry, found)
    sits(scene, "V30.1", entry, found, seat)
    valid = f"{len(found.valid)} valid bids"
    scene.has("V30.1", seq, found.few, "a review that leaves few bids", valid, found.rests)
    rests = [one.seq for one in found.judged.values()]
    scene.has("V30.1", seq, found.lacking is None, "nothing decided", found.lacking, rests)
    scene.need("V30.1", seq, seat not in found.judged, "one judgement a seat", "a second one")


def _check_goes_on(scene: Scene, entry: Entry, found: Evaluation) -> None:
    """Check that of few bids nothing is priced or scored unless competition is enough."""
    enough = not found.few or found.lacking is False
    rests = [*found.rests, *(one.seq for one in found.judged.values())]
    scene.has("V30.2", entry.seq, enough, "competition enough", found.lacking, rests)


_CHECKS: Checks = {
    "evaluation.competition_judged": ("V30.1", _check_judged),
    "evaluation.correction_proposed": ("V30.2", _check_goes_on),
    "evaluation.prices_checked": ("V30.2", _check_goes_on),
    "evaluation.marks_submitted": ("V30.2", _check_goes_on),
}
