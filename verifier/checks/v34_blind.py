"""V34: blind parts 暗标. Their aliases: when they are drawn, for what, and who marks under them."""

from typing import Any

from verifier.committee import Evaluation
from verifier.entries import Entry
from verifier.scene import Scene
from verifier.scoring.marks import is_mark, items_of
from verifier.sitting import Checks, at_work, is_over, look_at

Fields = dict[str, Any]
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def look(scene: Scene, entry: Entry) -> None:
    """Check a draw of aliases, or what a sheet says of blind items."""
    look_at(scene, entry, _CHECKS)


def finish(scene: Scene) -> None:
    """Check, with all entries read, that no draw is shown whose marks are still open."""
    for name, found in scene.state.evaluations.items():
        over = found.is_marked or is_over(scene, name)
        for drawn in found.draws.values():
            scene.has("V34.5", drawn.seq, over, "aliases hidden until the lock", "shown before it")


def _check_drawn(scene: Scene, entry: Entry, found: Evaluation) -> None:
    body, seq, rests = entry.body, entry.seq, found.rests
    blind = bool(_blind(found))
    scene.need("V34.1", seq, blind, "a rule with blind items", "none", [found.ruled.seq])
    rows = body["aliases"]
    bids = sorted(row["bid"] for row in rows)
    scene.has("V34.1", seq, bids == sorted(found.valid), found.valid, bids, rests)
    wanted = [_alias(place) for place in range(len(rows))]
    scene.equal("V34.1", seq, wanted, [row["alias"] for row in rows])
    _check_moment(scene, entry, found)


def _check_moment(scene: Scene, entry: Entry, found: Evaluation) -> None:
    """Check that aliases are drawn when marks can begin, once, and again after a member left."""
    seq, rests = entry.seq, found.rests
    at_work(scene, "V34.2", entry, found)
    scene.has("V34.2", seq, found.closed is not None, "a review that is over", "none", rests)
    fresh = found.drawn is None and not found.locked
    scene.need("V34.2", seq, fresh, "one draw for all marks", "a second one")
    new = entry.body["draw"] not in found.draws
    scene.need("V34.2", seq, new, "a new draw", entry.body["draw"])
    enough = not found.few or found.lacking is False
    scene.has("V34.2", seq, enough, "competition enough", found.lacking, rests)
    section = scene.state.sections.get(entry.body["section"])
    if section is not None and section.terms["envelopes"] == 1:
        checked = found.checked is not None
        scene.has("V34.2", seq, checked, "prices that are checked", "none", rests)


def _check_sheet(scene: Scene, entry: Entry, found: Evaluation) -> None:
    """Check that blind items, and they alone, are marked under exactly the aliases in force."""
    items, said = _blind(found), entry.message.get("blind")
    if not items or said is None:
        wanted = "blind marks" if items else "none"
        scene.need(
            "V34.3", entry.seq, not items and said is None, wanted, "the other", [found.ruled.seq]
        )
        return
    drawn = found.drawn
    if not scene.has("V34.3", entry.seq, drawn is not None, "a draw of aliases") or drawn is None:
        return
    rests = [drawn.seq]
    scene.equal("V34.3", entry.seq, drawn.body["draw"], said["draw"], rests)
    wanted_rows = [(row["alias"], sorted(items)) for row in drawn.body["aliases"]]
    given = [(row["alias"], sorted(one["item"] for one in row["items"])) for row in said["marks"]]
    if not scene.equal("V34.3", entry.seq, sorted(wanted_rows), sorted(given), rests):
        return
    wrong = [
        f"{one['mark']} for {one['item']} of {row['alias']}"
        for row in said["marks"]
        for one in row["items"]
        if not is_mark(items[one["item"]], one["mark"])
    ]
    scene.need("V34.4", entry.seq, not wrong, "marks within their range", wrong, [found.ruled.seq])


def _blind(found: Evaluation) -> dict[str, Fields]:
    return {item["item"]: item for _, item in items_of(found.rule, "points") if item["blind"]}


def _alias(place: int) -> str:
    """Return the alias at a place: A to Z, then AA."""
    name = _LETTERS[place % len(_LETTERS)]
    return name if place < len(_LETTERS) else _alias(place // len(_LETTERS) - 1) + name


_CHECKS: Checks = {
    "evaluation.aliases_drawn": ("V34.2", _check_drawn),
    "evaluation.marks_submitted": ("V34.3", _check_sheet),
}
