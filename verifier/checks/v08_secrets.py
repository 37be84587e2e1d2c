"""V8: bidders' own secrets. In time, as committed to, and before any custodian acts."""

from verifier.entries import Entry
from verifier.hashing import hash_hex
from verifier.scene import Scene
from verifier.sealing import secret_commitment


def look(scene: Scene, entry: Entry) -> None:
    """Check a released secret, or that their time was over before the order."""
    if entry.type == "opening.secret_released":
        _check_secret(scene, entry)
    elif entry.type == "opening.order_issued":
        place = (entry.message["section"], entry.message["envelope"])
        section, session = scene.state.sections.get(place[0]), scene.state.session(place)
        if section is not None and section.terms["co_open"]:
            over = session.stage == "secrets" and "secrets" not in session.windows
            scene.need("V8.2", entry.seq, over, "after the window for secrets", session.stage)


def _check_secret(scene: Scene, entry: Entry) -> None:
    bid = scene.state.bids.get(entry.body["bid"])
    if not scene.has("V8.1", entry.seq, bid is not None, "an admitted bid") or bid is None:
        return
    session = scene.state.session(bid.place)
    secret = bytes.fromhex(entry.body["secret"])
    commit = secret_commitment(secret, bid.bid).hex()
    holds = commit == bid.commit
    found = f"the secret of another, SHA-256 {hash_hex(secret)}"
    scene.need("V8.1", entry.seq, holds, f"the secret of {bid.commit}", found, [bid.seq])
    once = bid.bid not in session.secrets and session.order is None
    scene.need("V8.2", entry.seq, once, "once, before the order", "again, or after it")
    until = session.windows.get("secrets")
    if session.stage == "secrets":
        holds = until is not None and entry.at < until
        scene.need("V8.2", entry.seq, holds, f"before {until}", entry.at)
    own = scene.state.people.get((entry.account, "bidder"))
    holds = own is not None and own.organisation == bid.organisation
    scene.has("V8.1", entry.seq, holds, "the bidder's own bid", "another's")
