"""V27: the result of the first envelope is what the committee found, and goes on finding."""

from verifier.entries import Entry
from verifier.scene import Scene
from verifier.scoring.engine import passed
from verifier.scoring.sheet import Impossible

_AFTER = {
    "evaluation." + name
    for name in (
        "stage_decided", "correction_proposed", "correction_voted", "correction_asked",
        "correction_answered", "correction_expired", "prices_checked", "report_drawn_up",
        "report_signed", "report_finished",
        "candidates_published", "result_objected", "result_objection_answered", "awarded",
        "paused", "resumed", "state_differed", "said",
        "reevaluation_ordered", "marks_given_again", "remarks_locked", "reevaluation_dropped",
        "publication_withdrawn", "publication_restored",
    )
}  # fmt: skip
"""What may follow a result; a second result is judged by V19."""


def look(scene: Scene, entry: Entry) -> None:
    """Check a result in a section that has a scoring rule, or that nothing changes after it."""
    if entry.type == "evaluation.stage_decided":
        _check_result(scene, entry)
    elif entry.type.startswith("evaluation.") and entry.type not in _AFTER:
        settled = entry.body["section"] in scene.state.decided
        scene.need("V27.1", entry.seq, not settled, "nothing after a result", entry.type)


def _check_result(scene: Scene, entry: Entry) -> None:
    state = scene.state
    if entry.body["section"] not in state.rules:
        return
    found = state.evaluations.get(entry.body["section"])
    locked = found is not None and (found.locked or found.lacks_competition)
    rests = [] if found is None else found.rests
    if not scene.has("V27.1", entry.seq, locked, "locked marks", "none yet", rests) or not found:
        return
    try:
        marks, none = found.marks(), found.lacks_competition
        bids = [] if none else passed(found.rule, list(found.seats), marks, found.valid)
    except Impossible as error:
        scene.report.skip("V27.1", entry.seq, f"rests on V24.3: {error.code}")
        return
    wanted = sorted(state.bids[bid].organisation for bid in bids if bid in state.bids)
    said = sorted(entry.message["passed"])
    scene.has("V27.1", entry.seq, wanted == said, wanted, said, range(1, entry.seq))
