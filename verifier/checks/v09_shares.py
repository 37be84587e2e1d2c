"""V9: partials and the release. Every proof, under the order, in time, the timekeeper last."""

from typing import Any

from verifier import sealing
from verifier.curve import Affine
from verifier.entries import Entry
from verifier.report import Subject
from verifier.scene import Scene
from verifier.state import Bid, Key, Session


def look(scene: Scene, entry: Entry) -> None:
    """Check the shares of one party."""
    if entry.type not in {"opening.partial_posted", "opening.key_released"}:
        return
    message, state = entry.message, scene.state
    found = state.order_of(message["opening_id"])
    if not scene.has("V9.1", entry.seq, found is not None, "an order before it"):
        return
    if found is None:
        return
    place, session = found
    key = state.keys.get(place)
    if not scene.has("V9.1", entry.seq, key is not None, "a key") or key is None:
        return
    rests = [key.seq] if session.order is None else [key.seq, session.order.seq]
    wanted = (state.project, key.key_id)
    scene.equal("V9.1", entry.seq, wanted, (message["project"], message["key_id"]), rests)
    if message["i"] > len(key.y):
        scene.need("V9.1", entry.seq, False, "a custodian of the key", message["i"])
        return
    _check_turn(scene, entry, session)
    _check_time(scene, entry, session)
    _check_shares(scene, entry, session, key)


def _check_turn(scene: Scene, entry: Entry, session: Session) -> None:
    party = entry.message["i"]
    fresh = session.release is None and party not in session.partials
    scene.need("V9.4", entry.seq, fresh, "once a party, before the release", party)
    scene.need("V9.4", entry.seq, session.order is not None, "after the order", "before")
    if party == 0:
        attempt = scene.state.attempts.get(_sid(scene, entry))
        k = attempt.start["k"] if attempt is not None else 0
        posted = len(session.partials)
        rests = [one.seq for one in session.partials.values()]
        holds = attempt is not None and posted >= k
        scene.need("V9.3", entry.seq, holds, f"{k} custodians before", posted, rests)


def _check_time(scene: Scene, entry: Entry, session: Session) -> None:
    """Nobody acts before the time ordered, by the service's clock and by the witness's."""
    if session.order is None:
        return
    scheduled = session.order.message["scheduled_at"]
    rests: list[Subject] = [session.order.seq]
    scene.need("V9.5", entry.seq, entry.at >= scheduled, f"from {scheduled} on", entry.at, rests)
    if entry.cosigned is not None:
        holds = entry.cosigned + 999 >= scheduled
        rests.append(entry.checkpoint)
        scene.need("V9.5", entry.seq, holds, f"cosigned from {scheduled} on", entry.cosigned, rests)


def _check_shares(scene: Scene, entry: Entry, session: Session, key: Key) -> None:
    if session.order is None:
        return
    party = entry.message["i"]
    rows: list[dict[str, Any]] = session.order.message["bids"]
    listed = [row["bid"] for row in rows]
    given = {share["bid"]: bytes.fromhex(share["share"]) for share in entry.message["shares"]}
    order = [share["bid"] for share in entry.message["shares"] if share["bid"] in listed]
    rests = [session.order.seq, key.seq]
    scene.equal("V9.1", entry.seq, listed, order, rests)
    public = key.y[party - 1] if party else key.y_t
    points = session.points.setdefault(party, {})
    for name in listed:
        bid = scene.state.bids.get(name)
        if bid is None or bid.point is None or name not in given:
            scene.report.skip("V9.2", entry.seq, f"there is no share or no bid {name}")
            continue
        point = _point(scene, entry, (bid, public, given[name]))
        what = f"a share of bid {name} with its proof"
        rested = [*rests, bid.seq]
        holds = point is not None
        if scene.need("V9.2", entry.seq, holds, what, "none that holds", rested) and point:
            points[name] = point


def _point(scene: Scene, entry: Entry, given: tuple[Bid, Affine, bytes]) -> Affine | None:
    bid, public, share = given
    message = entry.message
    ctx = sealing.share_context(
        scene.state.project,
        bytes.fromhex(message["key_id"]),
        bytes.fromhex(message["opening_id"]),
        bid.bid,
        message["i"],
    )
    return None if bid.point is None else sealing.share_point(share, public, bid.point, ctx)


def _sid(scene: Scene, entry: Entry) -> str:
    key = scene.state.key_by_id(entry.message["key_id"])
    return "" if key is None else key.sid
