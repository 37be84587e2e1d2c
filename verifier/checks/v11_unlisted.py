"""V11: no share for a bid that is not on the order, ever."""

from verifier.entries import Entry
from verifier.scene import Scene


def look(scene: Scene, entry: Entry) -> None:
    """Check that a party gave shares of listed bids alone, each once."""
    if entry.type not in {"opening.partial_posted", "opening.key_released"}:
        return
    found = scene.state.order_of(entry.message["opening_id"])
    given = [share["bid"] for share in entry.message["shares"]]
    order = found[1].order if found is not None else None
    listed = [] if order is None else [row["bid"] for row in order.message["bids"]]
    rests = [] if order is None else [order.seq]
    extra = [bid for bid in given if bid not in listed]
    holds = not extra and len(set(given)) == len(given)
    scene.need("V11.1", entry.seq, holds, "shares of listed bids alone", extra or given, rests)
