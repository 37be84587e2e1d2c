"""V21: the committee. Who is named, how each sits down, who stands aside and who comes instead."""

from collections import Counter
from collections.abc import Sequence

from verifier.committee import Evaluation
from verifier.entries import Entry
from verifier.scene import Scene
from verifier.sitting import Checks, look_at, sits

LEAST = 5
_BEFORE = {
    "evaluation.member_signed_in": "named",
    "evaluation.ties_declared": "signed_in",
    "evaluation.member_confirmed": "declared",
}
"""Event -> how far its member has come before."""


def look(scene: Scene, entry: Entry) -> None:
    """Check who is named, sits down, stands aside or comes instead."""
    if entry.type == "evaluation.committee_convened":
        _check_convened(scene, entry)
    else:
        look_at(scene, entry, _CHECKS)


def _check_convened(scene: Scene, entry: Entry) -> None:
    state, section = scene.state, entry.body["section"]
    once = section not in state.evaluations
    scene.need("V21.1", entry.seq, once, "one committee of a section", "a second one")
    scene.has("V21.1", entry.seq, section in state.rules, "a section with a scoring rule", section)
    session = state.session((section, 1))
    scene.has("V21.1", entry.seq, session.stage == "ended", "after the first session", "before it")
    wanted = [bid.bid for bid in state.bids_at((section, 1)) if bid.bid in session.opened]
    rests = [one.seq for one in session.opened.values()]
    scene.has("V21.1", entry.seq, wanted == entry.body["bids"], wanted, entry.body["bids"], rests)
    members = entry.body["members"]
    _check_quorum(scene, entry, [(one["seat"], one["account"], one["capacity"]) for one in members])
    for member in members:
        _check_expert(scene, entry, member["account"])


def _check_quorum(scene: Scene, entry: Entry, members: Sequence[tuple[str, str, str]]) -> None:
    """Check seats, accounts and capacities of a committee as a whole."""
    size = len(members)
    holds = size >= LEAST and size % 2 == 1
    scene.need("V21.2", entry.seq, holds, f"an odd number from {LEAST} on", size)
    for place, what in ((0, "seat"), (1, "person")):
        counts = Counter(member[place] for member in members)
        twice = sorted(one for one, count in counts.items() if count > 1)
        scene.need("V21.2", entry.seq, not twice, f"each {what} once", twice)
    own = sum(capacity == "tenderer" for _, _, capacity in members)
    holds = own * 3 <= size
    scene.need("V21.2", entry.seq, holds, "a third of the tenderer's at most", own)


def _check_expert(scene: Scene, entry: Entry, account: str) -> None:
    held = sorted(role for who, role in scene.state.people if who == account)
    scene.has("V21.3", entry.seq, held == ["expert"], f"{account} an expert alone", held)


def _check_step(scene: Scene, entry: Entry, found: Evaluation) -> None:
    """Check that a member acts for itself, and one step after the other."""
    number = entry.body["seat"]
    if not sits(scene, "V21.4", entry, found, number):
        return
    seat = found.seats[number]
    before = _BEFORE[entry.type]
    scene.has("V21.5", entry.seq, seat.step == before, f"a member {before}", seat.step)
    if entry.type == "evaluation.member_signed_in":
        said = entry.message
        wanted = (scene.state.project, entry.body["section"], number)
        told = (said["project"], said["section"], said["seat"])
        scene.equal("V21.4", entry.seq, wanted, told)
    elif entry.type == "evaluation.member_confirmed":
        tied = _tied(scene, found, seat.ties)
        scene.need("V21.6", entry.seq, not tied, "no tie that names a bidder", tied, [seat.seq])


def _tied(scene: Scene, found: Evaluation, ties: Sequence[str]) -> list[str]:
    """Return the ties that name a bidder, whatever the blanks and the case."""
    state = scene.state
    bidders = {state.bids[bid].organisation for bid in found.bids if bid in state.bids}
    names = {
        _bare(name)
        for person in state.people.values()
        if person.role == "bidder" and person.organisation in bidders
        for name in (person.organisation_name, person.organisation_code)
    }
    return [tie for tie in ties if _bare(tie) in names]


def _bare(text: str) -> str:
    return "".join(text.split()).casefold()


def _check_withdrew(scene: Scene, entry: Entry, found: Evaluation) -> None:
    body = entry.body
    seat = found.seats.get(body["seat"])
    there = seat is not None and seat.step != "gone" and seat.account == body["account"]
    scene.has("V21.7", entry.seq, there, "whoever has the seat", body["account"], found.rests)
    by_clerk = (entry.account, "clerk") in scene.state.people
    holds = by_clerk or entry.account == body["account"]
    scene.has("V21.7", entry.seq, holds, "by the member itself, or by a clerk", entry.account)
    _check_not_standing(scene, entry, found)


def _check_replaced(scene: Scene, entry: Entry, found: Evaluation) -> None:
    member = entry.body["member"]
    seat = found.seats.get(member["seat"])
    free = seat is not None and seat.step == "gone"
    scene.has("V21.7", entry.seq, free, "a free seat", member["seat"], found.rests)
    is_new = member["account"] not in {one["account"] for one in found.gone}
    scene.has("V21.7", entry.seq, is_new, "nobody who left before", member["account"], found.rests)
    _check_not_standing(scene, entry, found)
    others = [
        (number, one.account, one.capacity)
        for number, one in found.seats.items()
        if number != member["seat"]
    ]
    now = (member["seat"], member["account"], member["capacity"])
    _check_quorum(scene, entry, [*others, now])
    _check_expert(scene, entry, member["account"])


def _check_not_standing(scene: Scene, entry: Entry, found: Evaluation) -> None:
    holds = found.finished is None
    scene.need("V21.7", entry.seq, holds, "a report that does not stand yet", "one that does")


_CHECKS: Checks = {
    **dict.fromkeys(_BEFORE, ("V21.4", _check_step)),
    "evaluation.member_withdrew": ("V21.7", _check_withdrew),
    "evaluation.member_replaced": ("V21.7", _check_replaced),
}
