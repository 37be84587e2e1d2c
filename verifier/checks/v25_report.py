"""V25: the report 评标报告. Its facts again, sums and places among them; its moment, its file."""

from verifier.committee import Evaluation
from verifier.entries import Entry
from verifier.evaluation_facts import facts
from verifier.hashing import hash_hex
from verifier.scene import Scene
from verifier.sitting import Checks, look_at


def look(scene: Scene, entry: Entry) -> None:
    """Check a report that is drawn up."""
    look_at(scene, entry, _CHECKS)


def _check_drawn_up(scene: Scene, entry: Entry, found: Evaluation) -> None:
    _check_moment(scene, entry, found)
    told = facts(scene.state, found)
    if told is None:
        scene.report.skip("V25.1", entry.seq, "the record lacks terms, people or bids")
    else:
        wanted = hash_hex(told)
        holds = entry.body["facts"] == wanted
        scene.has("V25.1", entry.seq, holds, wanted, entry.body["facts"], range(1, entry.seq))
    _check_file(scene, entry)


def _check_moment(scene: Scene, entry: Entry, found: Evaluation) -> None:
    section = scene.state.sections.get(entry.body["section"])
    rests = found.rests
    again = found.open_again
    is_marked = found.locked and (again is None or again.locked is not None)
    ready = is_marked or found.lacks_competition
    scene.has("V25.2", entry.seq, ready, "marks that are locked", "open ones", rests)
    scene.need("V25.2", entry.seq, found.report is None, "one report", "a second one")
    if section is not None:
        last = scene.state.session((entry.body["section"], section.terms["envelopes"]))
        scene.has("V25.2", entry.seq, last.stage == "ended", "after the last session", last.stage)


def _check_file(scene: Scene, entry: Entry) -> None:
    pdf = scene.container.documents.get(entry.body["pdf"])
    if pdf is None:
        scene.report.skip("V25.3", entry.seq, "the PDF is not in the export")
        return
    rests = ["document " + entry.body["pdf"]]
    scene.equal("V25.3", entry.seq, entry.body["pdf_size"], pdf.size, rests)


_CHECKS: Checks = {"evaluation.report_drawn_up": ("V25.2", _check_drawn_up)}
