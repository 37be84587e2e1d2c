"""V22: the chair. One vote a seat and ballot, for whom it may be; most votes decide."""

from collections import Counter

from verifier.committee import Evaluation
from verifier.entries import Entry
from verifier.scene import Scene
from verifier.sitting import Checks, look_at, sits


def look(scene: Scene, entry: Entry) -> None:
    """Check a vote for the chair, or what the votes came to."""
    look_at(scene, entry, _CHECKS)


def _check_vote(scene: Scene, entry: Entry, found: Evaluation) -> None:
    body, ballot = entry.body, found.ballot
    sits(scene, "V22.1", entry, found, body["seat"])
    scene.has("V22.1", entry.seq, found.quorate, "every member confirmed", "not yet", found.rests)
    vacant = found.chair is None
    scene.need("V22.1", entry.seq, vacant, "no chair yet", found.chair, found.rests)
    fresh = body["seat"] not in ballot.votes
    scene.need("V22.1", entry.seq, fresh, "one vote a seat and ballot", "a second one")
    scene.has("V22.1", entry.seq, body["round"] == ballot.round, ballot.round, body["round"])
    may = [
        number
        for number, seat in found.seats.items()
        if seat.capacity == "expert" and (not ballot.among or number in ballot.among)
    ]
    holds, rests = body["choice"] in may, [*found.rests, *_called(found)]
    scene.has("V22.2", entry.seq, holds, f"one of {may}", body["choice"], rests)


def _called(found: Evaluation) -> list[int]:
    called = found.ballot.called
    return [] if called is None else [called]


def _check_count(scene: Scene, entry: Entry, found: Evaluation) -> None:
    """Check who was elected, or between whom it is."""
    body, ballot = entry.body, found.ballot
    missing = sorted(found.seats.keys() - ballot.votes.keys())
    scene.has("V22.3", entry.seq, not missing, "a vote of every seat", missing, found.rests)
    together = ballot.command == entry.command
    scene.has("V22.3", entry.seq, together, "decided by the last vote", "by something else")
    counts = Counter(ballot.votes.values())
    leading = [seat for seat in found.seats if counts and counts[seat] == max(counts.values())]
    if entry.type == "evaluation.chair_elected":
        scene.has("V22.3", entry.seq, leading == [body["seat"]], leading, [body["seat"]])
        return
    scene.has("V22.3", entry.seq, leading == body["seats"], leading, body["seats"])
    several = len(body["seats"]) > 1
    scene.need("V22.3", entry.seq, several, "several seats", body["seats"])
    scene.has("V22.3", entry.seq, body["round"] == ballot.round, ballot.round, body["round"])


_CHECKS: Checks = {
    "evaluation.chair_ballot_cast": ("V22.1", _check_vote),
    "evaluation.chair_elected": ("V22.3", _check_count),
    "evaluation.chair_tied": ("V22.3", _check_count),
}
