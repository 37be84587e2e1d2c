"""V7: what may be opened. The files read again, the list as the rule gives it, the order's time."""

from verifier.entries import Entry
from verifier.report import Subject
from verifier.scene import Scene
from verifier.state import Place, Session

FURTHEST = 24 * 3_600_000
"""How far ahead an opening may be ordered, milliseconds."""


def look(scene: Scene, entry: Entry) -> None:
    """Check the files read again after the close, or an order."""
    if entry.type == "opening.files_checked":
        _check_files(scene, entry)
    elif entry.type == "opening.order_issued":
        _check_order(scene, entry)


def _check_may_open(scene: Scene, entry: Entry, place: Place) -> None:
    """Check that a place is closed, had enough bidders or an approval, and was let through."""
    section, first = scene.state.sections.get(place[0]), scene.state.session((place[0], 1)).closed
    closed = scene.state.session(place).closed is not None and first is not None
    if not scene.has("V7.5", entry.seq, closed and section is not None, "after the close"):
        return
    if section is None or first is None:
        return
    enough = first.body["count"] >= section.terms["minimum_bidders"]
    holds = (enough and not section.failed) or section.approved
    scene.need("V7.5", entry.seq, holds, "enough bidders or an approval", first.body["count"])
    passed = place[1] == 1 or section.passed_on is not None
    scene.need("V7.5", entry.seq, passed, "a result of the first envelope", "none before")


def _check_files(scene: Scene, entry: Entry) -> None:
    body, place = entry.body, (entry.body["section"], entry.body["envelope"])
    _check_may_open(scene, entry, place)
    lost = {one["bid"] for one in body["lost"]}
    due = [bid.bid for bid in scene.state.due(place)]
    holds = lost <= set(due) and body["intact"] == [bid for bid in due if bid not in lost]
    found = {"intact": body["intact"], "lost": sorted(lost)}
    rests = _rests(scene, place)
    scene.need("V7.1", entry.seq, holds, f"every bid due: {due}", found, rests)


def _check_order(scene: Scene, entry: Entry) -> None:
    said, state = entry.message, scene.state
    place = (said["section"], said["envelope"])
    session, key = state.session(place), state.keys.get(place)
    scene.equal("V7.3", entry.seq, state.project, said["project"])
    scene.need("V7.4", entry.seq, session.order is None, "one order for a key", "a second one")
    _check_may_open(scene, entry, place)
    if scene.has("V7.3", entry.seq, key is not None, "a key") and key is not None:
        scene.equal("V7.3", entry.seq, key.key_id, said["key_id"], [key.seq])
        alive = key.erased is None
        scene.need("V7.3", entry.seq, alive, "a key that is not erased", "an erased one")
    scene.has("V7.1", entry.seq, session.files is not None, "files read again before the order")
    wanted = [
        {"bid": bid.bid, "seq": bid.seq, "enc": bid.enc.hex(), "stmt": bid.stmt.hex()}
        for bid in state.openable(place)
    ]
    scene.equal("V7.2", entry.seq, wanted, said["bids"], _rests(scene, place))
    scene.need("V7.2", entry.seq, bool(wanted), "something to open", "nothing")
    _check_time(scene, entry, session)


def _check_time(scene: Scene, entry: Entry, session: Session) -> None:
    at = entry.message["scheduled_at"]
    if session.closed is not None:
        deadline = session.closed.body["deadline"]
        scene.need("V7.4", entry.seq, at >= deadline, f"from {deadline} on", at)
    latest = entry.at + FURTHEST
    scene.need("V7.4", entry.seq, at <= latest, f"until {latest}", at)


def _rests(scene: Scene, place: Place) -> list[Subject]:
    """Name the entries that the list follows from."""
    session = scene.state.session(place)
    rests: list[Subject] = [bid.seq for bid in scene.state.bids_at(place)]
    rests += [one.seq for one in (session.closed, session.files) if one is not None]
    return rests
