"""V33: re-evaluations 复评. What is ordered, who marks what again, what waits, what is restored."""

from typing import Any

from verifier.committee import Again, Evaluation, is_same
from verifier.entries import Entry
from verifier.scene import Scene
from verifier.scoring.marks import is_mark, items_of
from verifier.sitting import Checks, is_over, look_at, sits
from verifier.state import Published

MOST = 3
"""Re-evaluations of a section, those given up among them."""
MOST_CELLS = 100
_QUEUED = 60_000
"""How much earlier than its entry a command may have come in, ms."""
_ANY = "evaluation."
_WITHDRAWN = "evaluation.publication_withdrawn"
_RESTORED = "evaluation.publication_restored"
_PUBLISHED = "evaluation.candidates_published"
_WHILE_OPEN = {
    _ANY + name
    for name in (
        "reevaluation_ordered", "marks_given_again", "remarks_locked", "reevaluation_dropped",
        "publication_withdrawn", "publication_restored", "report_drawn_up", "report_signed",
        "report_finished", "result_objection_answered", "paused", "resumed", "state_differed",
        "said",
    )
}  # fmt: skip


def look(scene: Scene, entry: Entry) -> None:
    """Check a step of a re-evaluation, what waits for its end, and what is published after it."""
    if not entry.type.startswith(_ANY):
        return
    _check_pair(scene, entry)
    _check_waiting(scene, entry)
    if entry.type == _WITHDRAWN:
        _check_withdrawn(scene, entry)
    elif entry.type == _RESTORED:
        _check_restored(scene, entry)
    elif entry.type == _PUBLISHED:
        _check_follows(scene, entry)
    look_at(scene, entry, _CHECKS)


def finish(scene: Scene) -> None:
    """Check, with all entries read, that no marks given again are shown before all were in."""
    for name, found in scene.state.evaluations.items():
        for again in found.again:
            over = again.locked is not None or is_over(scene, name)
            for given in again.given.values():
                what = "marks given again hidden until their lock"
                scene.has("V33.9", given.seq, over, what, "shown before it")


def _check_pair(scene: Scene, entry: Entry) -> None:
    """Check that an order's withdrawal, or a drop's restoring, comes at once."""
    section = entry.body["section"]
    found = scene.state.evaluations.get(section)
    if found is None or not found.again:
        return
    last, seq = found.again[-1], entry.seq
    if last.dropped is None:
        stands = section in scene.state.results and found.finished is None
        held = stands and entry.type != _WITHDRAWN
        what, rests = "the published result withdrawn at once", [last.ordered.seq]
        scene.need("V33.2", seq, not held, what, entry.type, rests)
    elif _withdrawn_for(scene, section, last) is not None:
        what, rests = "the withdrawn result published again at once", [last.dropped.seq]
        scene.need("V33.2", seq, entry.type == _RESTORED, what, entry.type, rests)


def _withdrawn_for(scene: Scene, section: str, one: Again) -> Published | None:
    """Return the result that a re-evaluation had withdrawn."""
    former = scene.state.former.get(section, [])
    return next((each for each in former if each.withdrawn_for == one.name), None)


def _check_waiting(scene: Scene, entry: Entry) -> None:
    """Check that nothing but the re-evaluation goes on while one is open."""
    found = scene.state.evaluations.get(entry.body["section"])
    one = None if found is None else found.open_again
    if one is not None:
        rests = [one.ordered.seq]
        goes_on = entry.type in _WHILE_OPEN
        scene.need("V33.6", entry.seq, goes_on, "nothing but marks and report", entry.type, rests)


def _check_ordered(scene: Scene, entry: Entry, found: Evaluation) -> None:
    body, seq, rests = entry.body, entry.seq, found.rests
    scene.need("V33.1", seq, found.open_again is None, "none that is open", "one")
    stands = found.finished is not None
    scene.has("V33.1", seq, stands, "a report that stands", "none", rests)
    scene.need("V33.1", seq, len(found.again) < MOST, f"{MOST} of a section at most", "more")
    names = [one.name for one in found.again]
    new = body["reevaluation"] not in names
    scene.need("V33.1", seq, new, "a new one", body["reevaluation"])
    section = scene.state.sections.get(body["section"])
    known = scene.state.results_of(body["section"])
    awarded = [one.awarded.seq for one in known if one.awarded is not None]
    scene.need("V33.1", seq, not awarded, "before the award", "after it", awarded)
    objections = {name for one in known for name in one.objections}
    raised = body.get("objection", None) in {None, *objections}
    scene.has("V33.1", seq, raised, "an objection to the result", body.get("objection"))
    if section is not None:
        _check_cells(scene, entry, found)


def _check_cells(scene: Scene, entry: Entry, found: Evaluation) -> None:
    """Check that each cell was marked, is named once, and is not blind."""
    named = [(one["bid"], one["item"]) for one in entry.body["cells"]]
    seq = entry.seq
    scene.need("V33.1", seq, len(named) <= MOST_CELLS, f"{MOST_CELLS} marks at most", len(named))
    once = len(set(named)) == len(named)
    scene.need("V33.1", seq, once, "each mark named once", "one that is named twice")
    open_items = {item["item"] for _, item in items_of(found.rule, "points") if not item["blind"]}
    marks = {} if found.lacks_competition else found.marks()
    wrong = [
        f"{item} of {bid}"
        for bid, item in named
        if item not in open_items or item not in marks.get(bid, {})
    ]
    scene.has("V33.1", seq, not wrong, "marks that were given, not blind", wrong, found.rests)


def _check_given(scene: Scene, entry: Entry, found: Evaluation) -> None:
    one = _open(scene, "V33.3", entry, found)
    if one is None:
        return
    said, seat, seq = entry.message, entry.body["seat"], entry.seq
    sits(scene, "V33.3", entry, found, seat)
    wanted = (scene.state.project, entry.body["section"], one.name, seat)
    told = (said["project"], said["section"], said["reevaluation"], said["seat"])
    scene.equal("V33.3", seq, wanted, told, [one.ordered.seq])
    scene.equal("V33.3", seq, found.rule_hash, said["rule"], [found.ruled.seq])
    scene.need("V33.3", seq, seat not in one.given, "marks once a member", "a second time")
    locked = [] if one.locked is None else [one.locked.seq]
    scene.need("V33.3", seq, not locked, "marks before the lock", "after it", locked)
    _check_marks(scene, entry, found, one)


def _check_marks(scene: Scene, entry: Entry, found: Evaluation, one: Again) -> None:
    """Check that just what is named is marked, within range, a reason with every change alone."""
    rows: list[dict[str, Any]] = entry.message["marks"]
    given = sorted((row["bid"], row["item"]) for row in rows)
    wanted = sorted((cell["bid"], cell["item"]) for cell in one.ordered.body["cells"])
    rests = [one.ordered.seq, *found.rests]
    if not scene.equal("V33.4", entry.seq, wanted, given, rests):
        return
    items = {item["item"]: item for _, item in items_of(found.rule, "points")}
    before, seat = found.marks(), entry.body["seat"]
    wrong = [
        f"{row['mark']} for {row['item']} of {row['bid']}"
        for row in rows
        if not is_mark(items[row["item"]], row["mark"])
    ]
    scene.need("V33.4", entry.seq, not wrong, "marks within their range", wrong, rests)
    unsaid = [
        f"{row['item']} of {row['bid']}"
        for row in rows
        if is_same(row["mark"], before[row["bid"]][row["item"]][seat]) == ("reason" in row)
    ]
    what = "a reason for every change, and only there"
    scene.need("V33.4", entry.seq, not unsaid, what, unsaid, rests)


def _check_locked(scene: Scene, entry: Entry, found: Evaluation) -> None:
    one = _open(scene, "V33.5", entry, found)
    if one is None:
        return
    missing = sorted(found.seats.keys() - one.given.keys())
    rests = [*found.rests, *(each.seq for each in one.given.values())]
    scene.has("V33.5", entry.seq, not missing, "marks of every member", missing, rests)
    scene.need("V33.5", entry.seq, one.locked is None, "one lock", "a second one")
    last = list(one.given.values())[-1:]
    holds = [each.command for each in last] == [entry.command]
    scene.has("V33.5", entry.seq, holds, "a lock by the last marks", "by something else", rests)


def _check_dropped(scene: Scene, entry: Entry, found: Evaluation) -> None:
    _open(scene, "V33.8", entry, found)


def _open(scene: Scene, check: str, entry: Entry, found: Evaluation) -> Again | None:
    """Return the re-evaluation an entry is about; a finding where that is not open."""
    one = found.open_again
    name = None if one is None else one.name
    named = entry.body["reevaluation"]
    holds = named == name
    scene.has(check, entry.seq, holds, "the re-evaluation that is open", named, found.rests)
    return one if holds else None


def _check_withdrawn(scene: Scene, entry: Entry) -> None:
    section, seq = entry.body["section"], entry.seq
    stands = section in scene.state.results
    scene.need("V33.2", seq, stands, "a result that is published", "none")
    found = scene.state.evaluations.get(section)
    one = None if found is None else found.open_again
    told = (None, None) if one is None else (one.name, one.ordered.command)
    wanted = (entry.body["reevaluation"], entry.command)
    scene.has("V33.2", seq, told == wanted, "an order in the same command", told)


def _check_restored(scene: Scene, entry: Entry) -> None:
    body, seq = entry.body, entry.seq
    former = scene.state.former.get(body["section"], [])
    last = former[-1] if former else None
    holds = last is not None and last.withdrawn_for == body["reevaluation"]
    if not scene.need("V33.2", seq, holds, "the result withdrawn last", "none") or last is None:
        return
    lost = entry.at - last.withdrawn_at if last.withdrawn_at < last.until else 0
    low, high = last.until + max(0, lost - _QUEUED), last.until + lost
    holds = low <= body["until"] <= high
    scene.has("V33.2", seq, holds, f"until {low} to {high}", body["until"], last.entries)
    found = scene.state.evaluations.get(body["section"])
    dropped = None if found is None or not found.again else found.again[-1].dropped
    command = None if dropped is None else dropped.command
    scene.has("V33.2", seq, command == entry.command, "a drop in the same command", command)


def _check_follows(scene: Scene, entry: Entry) -> None:
    """Check that a publication names the re-evaluation it is of, and the result it replaces."""
    section, said = entry.body["section"], entry.message
    former = scene.state.former.get(section, [])
    replaces = former[-1].entry.message["facts"] if former else None
    rests = [one.entry.seq for one in former[-1:]]
    scene.has("V33.7", entry.seq, replaces == said.get("replaces"), replaces, said, rests)
    found = scene.state.evaluations.get(section)
    done = [] if found is None else [one for one in found.again if one.dropped is None]
    name = done[-1].name if done else None
    rests = [one.ordered.seq for one in done[-1:]]
    follows = said.get("reevaluation")
    scene.has("V33.7", entry.seq, name == follows, name, follows, rests)


_CHECKS: Checks = {
    "evaluation.reevaluation_ordered": ("V33.1", _check_ordered),
    "evaluation.marks_given_again": ("V33.3", _check_given),
    "evaluation.remarks_locked": ("V33.5", _check_locked),
    "evaluation.reevaluation_dropped": ("V33.8", _check_dropped),
}
