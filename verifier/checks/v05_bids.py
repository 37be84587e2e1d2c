"""V5: each admitted bid, A1 to A8 again."""

from verifier import sealing
from verifier.body import root
from verifier.curve import G
from verifier.entries import Entry
from verifier.fold import bid_of
from verifier.scene import Scene
from verifier.state import Bid, Person, Section


def look(scene: Scene, entry: Entry) -> None:
    """Check an admitted bid."""
    if entry.type == "opening.bid_admitted":
        bid = bid_of(entry)
        section = scene.state.sections.get(bid.place[0])
        if scene.has("V5.A1", entry.seq, section is not None, "a section") and section is not None:
            _check_open(scene, entry, bid, section)
        _check_key(scene, entry, bid)
        _check_point(scene, entry, bid)
        _check_lineage(scene, entry, bid)


def finish(scene: Scene) -> None:
    """Check the sealed files of an export, and that each belongs to a bid."""
    for name, part in scene.container.sealed.items():
        bid = scene.state.bids.get(name)
        subject = f"sealed file {name}"
        if not scene.has("V5.A8", subject, bid is not None, "an admitted bid") or bid is None:
            continue
        if not _is_lost(scene, bid):
            found = (part.size, root(part).hex())
            scene.equal("V5.A8", subject, (bid.size, bid.root), found, [bid.seq])
    for bid in scene.state.bids.values():
        if bid.bid not in scene.container.sealed:
            scene.report.skip("V5.A8", bid.seq, "its sealed file is not in the export")


def may_follow(bid: Bid, person: Person | None) -> bool:
    """Tell whether a bidder's present key may replace or withdraw a bid."""
    if person is None:
        return False
    if person.keyid == bid.keyid:
        return True
    return bid.keyid in person.keys and person.since > bid.seq


def _is_lost(scene: Scene, bid: Bid) -> bool:
    """Tell whether the record says that the service lost a sealed file."""
    session = scene.state.session(bid.place)
    result = session.spoiled.get(bid.bid)
    return bid.bid in session.lost or (result is not None and result.body["cause"] == "file_lost")


def _check_open(scene: Scene, entry: Entry, bid: Bid, section: Section) -> None:
    first = scene.state.session((bid.place[0], 1)).closed
    scene.need("V5.A1", entry.seq, first is None, "before the close", "after it")
    takes = section.open and section.suspended is None and not section.terminated
    scene.need("V5.A1", entry.seq, takes, "a section that takes bids", "one that does not")
    most = section.terms["max_size"]
    scene.need("V5.A1", entry.seq, bid.size <= most, f"at most {most} bytes", bid.size)
    inside = bid.place[1] <= section.terms["envelopes"]
    scene.need("V5.A3", entry.seq, inside, "an envelope of the section", bid.place[1])
    co_open = section.terms["co_open"]
    holds = (bid.commit is not None) == co_open
    scene.need("V5.A3", entry.seq, holds, f"co-opening {co_open}", f"commitment {bid.commit}")


def _check_key(scene: Scene, entry: Entry, bid: Bid) -> None:
    params = entry.params or {}
    scene.equal("V5.A3", entry.seq, scene.state.project, params["project"])
    key = scene.state.keys.get(bid.place)
    if scene.has("V5.A3", entry.seq, key is not None, "a key") and key is not None:
        wanted = (key.key_id, sealing.key_hash(key.pk))
        scene.equal("V5.A3", entry.seq, wanted, (bid.key_id, params["key"]), [key.seq])
        alive = key.erased is None
        scene.need("V5.A3", entry.seq, alive, "a key that is not erased", "an erased one")
    person = scene.state.people.get((entry.account, "bidder"))
    if scene.has("V5.A3", entry.seq, person is not None, "a bidder") and person is not None:
        scene.equal("V5.A3", entry.seq, person.organisation, bid.organisation, [person.seq])


def _check_point(scene: Scene, entry: Entry, bid: Bid) -> None:
    point = bid.point
    holds = point is not None and point[0] != G[0]
    if not scene.need("V5.A4", entry.seq, holds, "a point a secret may multiply", "another"):
        return
    if point is None:
        return
    same = [
        one.seq
        for one in scene.state.bids.values()
        if one.key_id == bid.key_id and one.enc[1:33] == bid.enc[1:33]
    ]
    scene.need("V5.A5", entry.seq, not same, "a new encapsulated key", f"that of entries {same}")
    knew = sealing.sealer_knew(bytes.fromhex(entry.message["pok"]), point, bid.stmt)
    scene.need("V5.A6", entry.seq, knew, "the sealer's proof", "none that holds")


def _check_lineage(scene: Scene, entry: Entry, bid: Bid) -> None:
    state = scene.state
    again = state.bids.get(bid.bid)
    scene.need("V5.A7", entry.seq, again is None, "a new bid id", "one seen before")
    last = state.last_bid(bid.place, bid.organisation)
    wanted = (1, None) if last is None else (last.revision + 1, last.bid)
    found = (bid.revision, (entry.params or {}).get("supersedes"))
    rests = [] if last is None else [last.seq]
    scene.equal("V5.A7", entry.seq, wanted, found, rests)
    person = state.people.get((entry.account, "bidder"))
    for envelope in (1, 2):
        before = state.last_bid((bid.place[0], envelope), bid.organisation)
        if before is not None and person is not None:
            holds = may_follow(before, person)
            wanted_key = f"the key of bid {before.bid}, or a change from it"
            scene.need("V5.A3", entry.seq, holds, wanted_key, bid.keyid, [before.seq])
