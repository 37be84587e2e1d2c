"""V6: withdrawals and the close. Who, what, how many, and in time."""

from verifier import sealing
from verifier.checks.v05_bids import may_follow
from verifier.entries import Entry
from verifier.scene import Scene
from verifier.state import Section

GRACE = 60_000
"""How long the service's clock is believed against the witness's, milliseconds."""


def look(scene: Scene, entry: Entry) -> None:
    """Check a bid's or a withdrawal's time, a withdrawal, a close or what it sets off."""
    match entry.type:
        case "opening.bid_admitted":
            section = scene.state.sections.get((entry.params or {})["section"])
            _check_time(scene, entry, section)
        case "opening.bid_withdrawn":
            _check_withdrawal(scene, entry)
        case "opening.bids_closed":
            _check_close(scene, entry)
        case "opening.section_failed":
            _check_failed(scene, entry)
        case "opening.continuation_approved":
            section = scene.state.sections.get(entry.body["section"])
            holds = section is not None and section.failed and not section.approved
            scene.need("V6.7", entry.seq, holds, "a section that failed", "another")
        case "project.outage_noted" | "project.outage_decided":
            _check_outage(scene, entry)
        case _:
            pass


def _check_time(scene: Scene, entry: Entry, section: Section | None) -> None:
    if section is None:
        return
    deadline = section.terms["deadline"]
    scene.need("V6.4", entry.seq, entry.at < deadline, f"before {deadline}", entry.at)
    if entry.cosigned is not None:
        latest = deadline + GRACE
        holds = entry.cosigned <= latest
        rests = (entry.checkpoint,)
        scene.need("V6.5", entry.seq, holds, f"cosigned until {latest}", entry.cosigned, rests)


def _check_withdrawal(scene: Scene, entry: Entry) -> None:
    state = scene.state
    bid = state.bids.get(entry.message["bid"])
    scene.equal("V6.1", entry.seq, state.project, entry.message["project"])
    if not scene.has("V6.1", entry.seq, bid is not None, "an admitted bid") or bid is None:
        return
    person = state.people.get((entry.account, "bidder"))
    own = person is not None and person.organisation == bid.organisation
    scene.has("V6.1", entry.seq, own, "the bidder's own bid", "another's", [bid.seq])
    last = state.last_bid(bid.place, bid.organisation)
    holds = last is bid and bid.status == "live"
    scene.need("V6.1", entry.seq, holds, "its last bid, live", bid.status, [bid.seq])
    for taken in (bid, state.other_half(bid)):
        if taken is not None and person is not None:
            follows = may_follow(taken, person)
            scene.need("V6.1", entry.seq, follows, "the key of the bid", "another", [taken.seq])
    first = state.session((bid.place[0], 1)).closed
    scene.need("V6.1", entry.seq, first is None, "before the close", "after it")
    _check_time(scene, entry, state.sections.get(bid.place[0]))


def _check_close(scene: Scene, entry: Entry) -> None:
    state, body = scene.state, entry.body
    place = (body["section"], body["envelope"])
    section, key = state.sections.get(place[0]), state.keys.get(place)
    known = section is not None and key is not None
    if not scene.has("V6.6", entry.seq, known, "a section with its key"):
        return
    if section is None or key is None:
        return
    once = state.session(place).closed is None
    scene.need("V6.6", entry.seq, once, "one close of a key", "a second one")
    scene.equal("V6.6", entry.seq, key.key_id, body["key_id"], [key.seq])
    scene.equal("V6.6", entry.seq, section.terms["deadline"], body["deadline"])
    holds = section.open and section.suspended is None and not section.terminated
    first = state.session((place[0], 1)).closed
    holds = holds and (place[1] == 1 or first is not None)
    scene.need("V6.6", entry.seq, holds, "an open section, envelope 1 first", place)
    deadline = body["deadline"]
    scene.need("V6.4", entry.seq, entry.at >= deadline, f"from {deadline} on", entry.at)
    if entry.cosigned is not None:
        latest = entry.at + GRACE
        rests = (entry.checkpoint,)
        holds = entry.cosigned <= latest
        scene.need("V6.5", entry.seq, holds, f"cosigned until {latest}", entry.cosigned, rests)
    _check_waited(scene, entry, section)
    judged = state.judged(place)
    rows = [(bid.seq, bid.bid, status, bid.stmt) for bid, status in judged]
    listed = sealing.close_list(rows).hex()
    seqs = [bid.seq for bid, _ in judged]
    scene.equal("V6.2", entry.seq, listed, body["list"], seqs)
    count = sum(status == "live" for _, status in judged)
    scene.equal("V6.3", entry.seq, count, body["count"], seqs)


def _check_waited(scene: Scene, entry: Entry, section: Section) -> None:
    """Check that a close waited for the decision on an outage."""
    outage = section.outage
    if outage is None or outage["of"] != section.terms["deadline"] or "decision" in outage:
        return
    until = outage["decide_by"]
    scene.need("V6.8", entry.seq, entry.at >= until, f"from {until} on", entry.at, [outage["seq"]])


def _check_failed(scene: Scene, entry: Entry) -> None:
    body = entry.body
    section = scene.state.sections.get(body["section"])
    closed = scene.state.session((body["section"], 1)).closed
    if not scene.has("V6.7", entry.seq, section is not None, "a section") or section is None:
        return
    count = closed.body["count"] if closed is not None else None
    wanted = {"count": count, "minimum": section.terms["minimum_bidders"]}
    found = {"count": body["count"], "minimum": body["minimum"]}
    rests = [] if closed is None else [closed.seq]
    scene.equal("V6.7", entry.seq, wanted, found, rests)
    few = body["count"] < body["minimum"]
    scene.need("V6.7", entry.seq, few, "fewer than the minimum", body["count"], rests)


def _check_outage(scene: Scene, entry: Entry) -> None:
    section = scene.state.sections.get(entry.body["section"])
    if not scene.has("V6.8", entry.seq, section is not None, "a section") or section is None:
        return
    deadline, outage = section.terms["deadline"], section.outage
    current = outage is not None and outage["of"] == deadline
    if entry.type == "project.outage_noted":
        begin = deadline - section.terms["periods"]["outage"]
        touches = entry.body["since"] < deadline and entry.body["until"] > begin
        holds = not current and entry.at >= deadline and touches
        scene.need("V6.8", entry.seq, holds, "an outage before this deadline", "another")
        return
    holds = current and outage is not None and "decision" not in outage
    in_time = outage is not None and entry.at < outage["decide_by"]
    scene.need("V6.8", entry.seq, holds and in_time, "an outage to decide, in time", "none")
