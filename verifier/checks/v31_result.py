"""V31: the result. Published 公示 as the report has it, objections 异议 and answers, the award."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from verifier.entries import Entry
from verifier.evaluation_facts import facts
from verifier.facts import name_of
from verifier.scene import Scene
from verifier.sitting import convened
from verifier.state import BEFORE_THERE_WAS, Published, State

DAY = 86_400_000
ANSWER_WITHIN = 3 * DAY
"""Within what time an objection is to be answered, ms."""
LONGEST = 90 * DAY
"""For how long candidates are published at the most, ms."""
MOST = 3
"""Objections of one bidder."""
_QUEUED = 60_000
"""How much earlier than its entry a command may have come in, ms."""


def look(scene: Scene, entry: Entry) -> None:
    """Check a step of a section's result."""
    check = _CHECKS.get(entry.type)
    if check is not None:
        check(scene, entry)


def _check_published(scene: Scene, entry: Entry) -> None:
    said, section = entry.message, entry.body["section"]
    told = (said["project"], said["section"])
    scene.equal("V31.1", entry.seq, (scene.state.project, section), told)
    once = section not in scene.state.results
    scene.need("V31.1", entry.seq, once, "one publication", "a second one")
    _check_period(scene, entry)
    found = convened(scene, "V31.1", entry)
    if found is None:
        return
    stands = found.finished is not None
    if scene.has("V31.1", entry.seq, stands, "a report that stands", "none") and found.report:
        drawn = found.report.entry
        scene.equal("V31.1", entry.seq, drawn.body["facts"], said["facts"], [drawn.seq])
        _check_candidates(scene, entry, drawn)


def _check_period(scene: Scene, entry: Entry) -> None:
    section = scene.state.sections.get(entry.body["section"])
    if section is None:
        scene.has("V31.1", entry.seq, False, "terms of the section")
        return
    period = {**BEFORE_THERE_WAS, **section.terms["periods"]}["publication"]
    low, high = entry.at - _QUEUED + period, entry.at + max(period, LONGEST)
    until = entry.message["until"]
    scene.need("V31.1", entry.seq, low <= until <= high, f"{low} to {high}", until, [section.seq])


def _check_candidates(scene: Scene, entry: Entry, drawn: Entry) -> None:
    state = scene.state
    told = facts(state, state.evaluations[entry.body["section"]])
    if told is None:
        scene.report.skip("V31.2", entry.seq, "the record lacks terms, people or bids")
        return
    wanted = _result(state, json.loads(told)["outcome"])
    said = {name: entry.message.get(name) for name in wanted}
    rests = [drawn.seq, *range(1, entry.seq)]
    scene.has("V31.2", entry.seq, wanted == said, wanted, said, rests)


def _result(state: State, outcome: Mapping[str, Any]) -> dict[str, Any]:
    """Return candidates as an outcome has them, or why there is none."""
    rows = [
        {
            "place": one["rank"],
            "bid": one["bid"],
            "organisation": state.bids[one["bid"]].organisation,
            "name": name_of(state, state.bids[one["bid"]].organisation),
            "price": one["price"],
            "total": one["total"],
        }
        for one in outcome.get("places", [])
        if one["candidate"]
    ]
    return {"candidates": rows, "reason": None if rows else _why_none(outcome.get("impossible"))}


def _why_none(impossible: str | None) -> str:
    if impossible is None:
        return "no_valid_bid"
    return impossible if impossible == "competition_lacking" else "rule_inapplicable"


def _check_objected(scene: Scene, entry: Entry) -> None:
    body, found = entry.body, _published(scene, "V31.3", entry)
    evaluation = convened(scene, "V31.3", entry)
    if found is None or evaluation is None:
        return
    state, seq = scene.state, entry.seq
    bidders = {state.bids[bid].organisation for bid in evaluation.bids if bid in state.bids}
    opened = body["organisation"] in bidders
    scene.has("V31.3", seq, opened, "a bidder whose bid was opened", body["organisation"])
    in_time = entry.at - _QUEUED < found.until
    scene.has("V31.3", seq, in_time, f"before {found.until}", entry.at, found.entries)
    low, high = entry.at - _QUEUED + ANSWER_WITHIN, entry.at + ANSWER_WITHIN
    scene.need("V31.3", seq, low <= body["due"] <= high, f"{low} to {high}", body["due"])
    fresh = body["objection"] not in found.objections
    scene.need("V31.3", seq, fresh, "a new objection", body["objection"])
    own = [one for one in found.objections.values() if _by(one) == _by(entry)]
    scene.need("V31.3", seq, len(own) < MOST, f"{MOST} objections of a bidder at most", "more")


def _by(entry: Entry) -> str:
    organisation: str = entry.body["organisation"]
    return organisation


def _check_answered(scene: Scene, entry: Entry) -> None:
    known = scene.state.results_of(entry.body["section"])
    name = entry.body["objection"]
    found = next((one for one in known if name in one.objections), None)
    if scene.has("V31.4", entry.seq, found is not None, "an objection") and found is not None:
        fresh = name not in found.answered
        scene.need("V31.4", entry.seq, fresh, "one answer", "a second one")


def _check_awarded(scene: Scene, entry: Entry) -> None:
    found = _published(scene, "V31.5", entry)
    if found is None:
        return
    body, seq = entry.body, entry.seq
    scene.need("V31.5", seq, found.awarded is None, "one award", "a second one")
    over = entry.at >= found.until
    scene.has("V31.5", seq, over, f"from {found.until} on", entry.at, found.entries)
    known = scene.state.results_of(body["section"])
    asked = [
        objection.seq
        for one in known
        for name, objection in one.objections.items()
        if name not in one.answered
    ]
    waiting = [f"objection {number}" for number in asked]
    scene.has("V31.5", seq, not waiting, "every objection answered", waiting, asked)
    candidates = [one["bid"] for one in found.entry.message["candidates"]]
    rests = [found.entry.seq]
    named = body["bid"] in candidates
    if scene.need("V31.5", seq, named, f"one of {candidates}", body["bid"], rests):
        holds = (body["bid"] == candidates[0]) != ("reason" in body)
        wanted = "a reason for another than the first, and only for that"
        scene.need("V31.5", seq, holds, wanted, body.get("reason"), rests)


def _published(scene: Scene, check: str, entry: Entry) -> Published | None:
    found = scene.state.results.get(entry.body["section"])
    scene.has(check, entry.seq, found is not None, "candidates that were published")
    return found


_CHECKS: Mapping[str, Callable[[Scene, Entry], None]] = {
    "evaluation.candidates_published": _check_published,
    "evaluation.result_objected": _check_objected,
    "evaluation.result_objection_answered": _check_answered,
    "evaluation.awarded": _check_awarded,
}
