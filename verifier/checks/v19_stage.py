"""V19: the result of the first envelope: everyone opened is judged once, and that counts."""

from verifier.entries import Entry
from verifier.scene import Scene


def look(scene: Scene, entry: Entry) -> None:
    """Check a result, or whom it lets through."""
    state, body = scene.state, entry.body
    if entry.type == "evaluation.stage_decided":
        said = entry.message
        wanted = (state.project, body["section"])
        scene.equal("V19.1", entry.seq, wanted, (said["project"], said["section"]))
        judged = [*said["passed"], *(one["organisation"] for one in said["failed"])]
        opened = sorted(state.opened_first(body["section"]))
        scene.equal("V19.1", entry.seq, opened, sorted(judged))
        ended = state.session((body["section"], 1)).stage == "ended"
        scene.need("V19.1", entry.seq, ended, "after the first session", "before its end")
        once = body["section"] not in state.decided
        scene.need("V19.1", entry.seq, once, "one result", "a second one")
    elif entry.type == "opening.bids_passed_on":
        decided = state.decided.get(body["section"])
        holds = decided is not None and decided.command == entry.command
        if scene.need("V19.2", entry.seq, holds, "a result before it", "none") and decided:
            passed = decided.message["passed"]
            scene.equal("V19.2", entry.seq, passed, body["organisations"], [decided.seq])
