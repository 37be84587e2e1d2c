"""V12: erasures. Of which key, by when, and that nothing was done with it after."""

from verifier.entries import Entry
from verifier.scene import Scene


def look(scene: Scene, entry: Entry) -> None:
    """Check an erasure, or that a release is not under an erased key."""
    state = scene.state
    if entry.type == "opening.key_released":
        key = state.key_by_id(entry.message["key_id"])
        if key is not None:
            alive = key.erased is None
            scene.need("V12.2", entry.seq, alive, "a key that is not erased", "an erased one")
    if entry.type != "opening.key_erased":
        return
    message = entry.message
    attempt = state.attempts.get(message["sid"])
    scene.equal("V12.1", entry.seq, state.project, message["project"])
    if not scene.has("V12.1", entry.seq, attempt is not None, "an attempt") or attempt is None:
        return
    once = attempt.erased is None and attempt.status != "open"
    scene.need("V12.1", entry.seq, once, "an attempt that is over, once", attempt.status)
    key = state.keys.get(attempt.place)
    wanted = key.key_id if key is not None and key.sid == attempt.sid else None
    scene.equal("V12.1", entry.seq, wanted, message.get("key_id"))
    if wanted is not None:
        section = state.sections.get(attempt.place[0])
        over = state.session(attempt.place).stage == "ended"
        over = over or (section is not None and section.terminated)
        scene.need("V12.2", entry.seq, over, "after the session or the section's end", "before")
