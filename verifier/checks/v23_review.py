"""V23: the preliminary review. Every item by every member, votes on what differs, rejections."""

from verifier.committee import Evaluation
from verifier.entries import Entry
from verifier.scene import Scene
from verifier.sitting import Checks, at_work, look_at, presides, sits


def look(scene: Scene, entry: Entry) -> None:
    """Check a part of a review."""
    look_at(scene, entry, _CHECKS)


def _check_open(scene: Scene, number: str, entry: Entry, found: Evaluation) -> None:
    """Check that the committee is at work on its review."""
    at_work(scene, number, entry, found)
    still = found.closed is None
    scene.need(number, entry.seq, still, "a review that is open", "a closed one")


def _check_reviewed(scene: Scene, entry: Entry, found: Evaluation) -> None:
    _check_open(scene, "V23.1", entry, found)
    body = entry.body
    sits(scene, "V23.1", entry, found, body["seat"])
    known = body["bid"] in found.bids
    scene.has("V23.1", entry.seq, known, "a bid of this committee", body["bid"], found.rests)
    fresh = body["seat"] not in found.verdicts.get(body["bid"], {})
    scene.need("V23.1", entry.seq, fresh, "one review of each bid", "a second one")
    items = sorted(one["item"] for one in body["verdicts"])
    scene.equal("V23.1", entry.seq, sorted(found.items), items, found.rests)
    bare = [one["item"] for one in body["verdicts"] if not one["passed"] and "reason" not in one]
    scene.need("V23.1", entry.seq, not bare, "a reason for each failure", bare)


def _check_opened(scene: Scene, entry: Entry, found: Evaluation) -> None:
    _check_open(scene, "V23.2", entry, found)
    bid, item = entry.body["bid"], entry.body["item"]
    presides(scene, "V23.2", entry, found)
    known = bid in found.bids and item in found.items
    scene.has("V23.2", entry.seq, known, "an item of a bid", (bid, item), found.rests)
    all_said = found.is_reviewed(bid)
    scene.has("V23.2", entry.seq, all_said, "a review by every member", "some", found.rests)
    fresh = (bid, item) not in found.votes
    scene.need("V23.2", entry.seq, fresh, "one vote on an item", "a second one")
    said = found.said(bid, item)
    holds = not fresh or said == "open"
    scene.has("V23.2", entry.seq, holds, "members who differ", f"{said} by all", found.rests)


def _check_cast(scene: Scene, entry: Entry, found: Evaluation) -> None:
    _check_open(scene, "V23.3", entry, found)
    body = entry.body
    sits(scene, "V23.3", entry, found, body["seat"])
    votes = found.votes.get((body["bid"], body["item"]))
    scene.has("V23.3", entry.seq, votes is not None, "a vote that was opened")
    fresh = votes is None or body["seat"] not in votes
    scene.need("V23.3", entry.seq, fresh, "one vote a seat", "a second one")


def _check_rejected(scene: Scene, entry: Entry, found: Evaluation) -> None:
    _check_open(scene, "V23.4", entry, found)
    body = entry.body
    presides(scene, "V23.4", entry, found)
    known = body["bid"] in found.bids
    scene.has("V23.4", entry.seq, known, "a bid of this committee", body["bid"], found.rests)
    fresh = body["bid"] not in found.rejected
    scene.need("V23.4", entry.seq, fresh, "one rejection of a bid", "a second one")
    failed = _failed(found, body["bid"])
    holds = bool(failed) and failed == body["items"]
    wanted = f"what the committee failed: {failed}"
    scene.has("V23.4", entry.seq, holds, wanted, body["items"], found.rests)


def _check_closed(scene: Scene, entry: Entry, found: Evaluation) -> None:
    _check_open(scene, "V23.5", entry, found)
    presides(scene, "V23.5", entry, found)
    left = [
        bid for bid in found.bids if any(found.said(bid, item) == "open" for item in found.items)
    ]
    scene.has("V23.5", entry.seq, not left, "nothing that is open", left, found.rests)
    wanted = [bid for bid in found.bids if _failed(found, bid)]
    rejected = [bid for bid in found.bids if bid in found.rejected]
    scene.has("V23.5", entry.seq, wanted == rejected, wanted, rejected, found.rests)
    together = all(one.command == entry.command for one in found.rejected.values())
    scene.need("V23.5", entry.seq, together, "rejections by the close", "another command")


def _failed(found: Evaluation, bid: str) -> list[str]:
    return [item for item in found.items if found.said(bid, item) == "failed"]


_CHECKS: Checks = {
    "evaluation.bid_reviewed": ("V23.1", _check_reviewed),
    "evaluation.vote_opened": ("V23.2", _check_opened),
    "evaluation.vote_cast": ("V23.3", _check_cast),
    "evaluation.bid_rejected": ("V23.4", _check_rejected),
    "evaluation.review_closed": ("V23.5", _check_closed),
}
