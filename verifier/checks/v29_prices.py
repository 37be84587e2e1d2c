"""V29: prices. Who corrects one and wants it, what the bidder says, and that they were checked."""

from verifier.checks.v28_clarifications import LONGEST, SHORTEST, named
from verifier.committee import Correction, Evaluation
from verifier.entries import Entry
from verifier.evaluation_facts import Asked
from verifier.facts import name_of
from verifier.scene import Scene
from verifier.sitting import Checks, at_work, look_at, presides, sits, unreported

MOST = 5
"""Corrections of one bid."""
_QUEUED = 60_000
"""How much earlier than its entry a command may have come in, ms."""


def look(scene: Scene, entry: Entry) -> None:
    """Check a step of a correction, that prices are checked, and what has to wait for that."""
    look_at(scene, entry, _CHECKS)


def _check_proposed(scene: Scene, entry: Entry, found: Evaluation) -> None:
    body, seq = entry.body, entry.seq
    at_work(scene, "V29.1", entry, found)
    sits(scene, "V29.1", entry, found, body["seat"])
    _check_moment(scene, "V29.1", entry, found)
    fresh = body["correction"] not in found.corrections
    scene.need("V29.1", seq, fresh, "a new correction", body["correction"])
    holds = SHORTEST <= body["period"] <= LONGEST
    scene.need("V29.1", seq, holds, f"{SHORTEST} to {LONGEST}", body["period"])
    bidders = {scene.state.bids[bid].organisation for bid in found.bids if bid in scene.state.bids}
    names = [name_of(scene.state, one) for one in bidders]
    carried = named(scene, found, body["reason"], names)
    scene.need("V29.1", seq, not carried, "a reason without a name", carried, found.rests)
    of_bid = [one for one in found.corrections.values() if one.bid == body["bid"]]
    rests = [*found.rests, *(place for one in of_bid for place in one.entries)]
    waiting = any(one.is_open for one in of_bid)
    scene.has("V29.1", seq, not waiting, "one open correction of a bid", "a second one", rests)
    scene.need("V29.1", seq, len(of_bid) < MOST, f"{MOST} corrections of a bid at most", "more")
    _check_price(scene, entry, found, rests)


def _check_price(scene: Scene, entry: Entry, found: Evaluation, rests: list[int]) -> None:
    """Check that a bid has an amount, and that the correction comes to another one."""
    body, seq = entry.body, entry.seq
    known = body["bid"] in found.valid and body["bid"] in scene.state.bids
    if not scene.has("V29.1", seq, known, "a bid that is still in", body["bid"], rests):
        return
    if set(found.valid) - scene.state.bids.keys() or body["section"] not in scene.state.sections:
        return
    present = Asked(scene.state, found, body["section"]).amount(body["bid"])
    if scene.has("V29.1", seq, present is not None, "a bid with an amount", "none", rests):
        differs = body["price"] != present
        scene.has("V29.1", seq, differs, "another price than before", present, rests)


def _check_moment(scene: Scene, check: str, entry: Entry, found: Evaluation) -> None:
    """Check that the prices are open and the review over, and that none is checked yet."""
    seq, rests = entry.seq, found.rests
    scene.has(check, seq, found.closed is not None, "a review that is over", "none", rests)
    scene.need(check, seq, found.checked is None, "prices that are not checked yet", "others")
    section = scene.state.sections.get(entry.body["section"])
    if section is not None:
        last = scene.state.session((entry.body["section"], section.terms["envelopes"]))
        scene.has(check, seq, last.stage == "ended", "after the last session", last.stage)


def _check_voted(scene: Scene, entry: Entry, found: Evaluation) -> None:
    at_work(scene, "V29.2", entry, found)
    sits(scene, "V29.2", entry, found, entry.body["seat"])
    one = _at(scene, "V29.2", entry, found, "proposed")
    if one is None:
        return
    _check_moment(scene, "V29.2", entry, found)
    known = one.bid in found.valid
    scene.has("V29.2", entry.seq, known, "a bid that is still in", one.bid, found.rests)
    fresh = entry.body["seat"] not in one.votes and not _agreed(one, found)
    scene.need("V29.2", entry.seq, fresh, "one vote a seat before most agree", "another")


def _check_asked(scene: Scene, entry: Entry, found: Evaluation) -> None:
    one = _at(scene, "V29.3", entry, found, "proposed")
    if one is None:
        return
    agreed = _agreed(one, found)
    votes = [seat for seat, agrees in one.votes.items() if agrees]
    scene.has("V29.3", entry.seq, agreed, "most members agree", votes, one.entries)
    high = entry.at + one.proposed.body["period"]
    holds = high - _QUEUED <= entry.body["due"] <= high
    scene.has("V29.3", entry.seq, holds, f"up to {high}", entry.body["due"], one.entries)


def _agreed(one: Correction, found: Evaluation) -> bool:
    return 2 * list(one.votes.values()).count(True) > found.size


def _check_answered(scene: Scene, entry: Entry, found: Evaluation) -> None:
    said, body = entry.message, entry.body
    one = _at(scene, "V29.4", entry, found, "asked")
    wanted = (scene.state.project, body["section"], body["correction"], body["accepts"])
    told = tuple(said[name] for name in ("project", "section", "correction", "accepts"))
    scene.equal("V29.4", entry.seq, wanted, told)
    if one is None:
        return
    asked = (one.bid, one.proposed.body["price"])
    scene.equal("V29.4", entry.seq, asked, (said["bid"], said["price"]), one.entries)
    scene.has("V29.4", entry.seq, entry.at < one.due, f"before {one.due}", entry.at, one.entries)
    bid = scene.state.bids.get(one.bid)
    person = scene.state.people.get((entry.account, "bidder"))
    own = bid is not None and person is not None and person.organisation == bid.organisation
    scene.has("V29.4", entry.seq, own, "the bidder whose bid it is", entry.account, one.entries)


def _check_expired(scene: Scene, entry: Entry, found: Evaluation) -> None:
    one = _at(scene, "V29.5", entry, found, "asked")
    if one is not None:
        over = entry.at >= one.due
        scene.has("V29.5", entry.seq, over, f"from {one.due} on", entry.at, one.entries)


def _check_checked(scene: Scene, entry: Entry, found: Evaluation) -> None:
    at_work(scene, "V29.6", entry, found)
    presides(scene, "V29.6", entry, found)
    _check_moment(scene, "V29.6", entry, found)
    waiting = [one for one in found.corrections.values() if one.is_open and one.bid in found.valid]
    names = [one.proposed.body["correction"] for one in waiting]
    rests = [seq for one in waiting for seq in one.entries]
    scene.has("V29.6", entry.seq, not waiting, "no correction that is open", names, rests)


def _check_waited(scene: Scene, entry: Entry, found: Evaluation) -> None:
    """Check that marks of one envelope, and every report, wait for the prices."""
    section = scene.state.sections.get(entry.body["section"])
    is_report = entry.type == "evaluation.report_drawn_up"
    waits = is_report or (section is not None and section.terms["envelopes"] == 1)
    if waits and found.closed is not None and not found.lacks_competition:
        checked = found.checked is not None
        scene.has("V29.7", entry.seq, checked, "prices that are checked", "none", found.rests)


def _at(
    scene: Scene, check: str, entry: Entry, found: Evaluation, status: str
) -> Correction | None:
    """Return the correction an entry is about if it is at the step for it; a finding if not."""
    one = found.corrections.get(entry.body["correction"])
    if not scene.has(check, entry.seq, one is not None, "a correction proposed") or not one:
        return None
    rests = [*found.rests, *one.entries]
    unreported(scene, check, entry, found)
    wanted = f"a correction {status}"
    holds = scene.has(check, entry.seq, one.status == status, wanted, one.status, rests)
    return one if holds else None


_CHECKS: Checks = {
    "evaluation.correction_proposed": ("V29.1", _check_proposed),
    "evaluation.correction_voted": ("V29.2", _check_voted),
    "evaluation.correction_asked": ("V29.3", _check_asked),
    "evaluation.correction_answered": ("V29.4", _check_answered),
    "evaluation.correction_expired": ("V29.5", _check_expired),
    "evaluation.prices_checked": ("V29.6", _check_checked),
    "evaluation.marks_submitted": ("V29.7", _check_waited),
    "evaluation.report_drawn_up": ("V29.7", _check_waited),
}
