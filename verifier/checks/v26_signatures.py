"""V26: the report's signatures. Of these facts, one a member, and what makes it stand."""

from verifier.committee import Evaluation
from verifier.entries import Entry
from verifier.scene import Scene
from verifier.sitting import Checks, look_at, presides, sits


def look(scene: Scene, entry: Entry) -> None:
    """Check a signature of a report, or that it stands."""
    look_at(scene, entry, _CHECKS)


def _check_signed(scene: Scene, entry: Entry, found: Evaluation) -> None:
    said, seat, drawn = entry.message, entry.body["seat"], found.report
    sits(scene, "V26.1", entry, found, seat)
    wanted = (scene.state.project, entry.body["section"], seat, entry.body["opinion"])
    told = (said["project"], said["section"], said["seat"], said["opinion"])
    scene.equal("V26.1", entry.seq, wanted, told)
    if scene.has("V26.1", entry.seq, drawn is not None, "a report before") and drawn is not None:
        body = drawn.entry.body
        files = (said["facts"], said["pdf"])
        scene.equal("V26.1", entry.seq, (body["facts"], body["pdf"]), files, [drawn.entry.seq])
        fresh = seat not in drawn.signed
        scene.need("V26.2", entry.seq, fresh, "one signature a member", "a second one")
    standing = found.finished is not None
    scene.need("V26.2", entry.seq, not standing, "before the report stands", "after it")
    holds = ("reasons" in said) == (said["opinion"] == "dissents")
    scene.need("V26.2", entry.seq, holds, "reasons of a dissent, and only there", said["opinion"])


def _check_finished(scene: Scene, entry: Entry, found: Evaluation) -> None:
    presides(scene, "V26.3", entry, found)
    once = found.finished is None
    scene.need("V26.3", entry.seq, once, "a report that does not stand yet", "one that does")
    signed = {} if found.report is None else found.report.signed
    by_chair = found.chair in signed
    scene.has("V26.3", entry.seq, by_chair, "a report the chair signed", list(signed), found.rests)
    rest = [seat for seat in found.seats if seat not in signed]
    holds = rest == entry.body["unsigned"]
    scene.has("V26.3", entry.seq, holds, rest, entry.body["unsigned"], found.rests)


_CHECKS: Checks = {
    "evaluation.report_signed": ("V26.1", _check_signed),
    "evaluation.report_finished": ("V26.3", _check_finished),
}
