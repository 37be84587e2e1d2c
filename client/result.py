"""The result of a section from the seats that act in it: published, objected to, answered, awarded.

What the clerk signs is made from the report's facts, fetched by the hash the record names; it must
not sign what a page of the service says.
"""

from collections.abc import Mapping
from typing import Any

from client import keys
from client.expert import evaluation_view, report_facts
from client.seat import Answer, Seat
from crypto.signatures import PrivateKey
from evaluation.commands import (
    AnswerResultObjection,
    AwardSection,
    ObjectToResult,
    PublishCandidates,
)
from evaluation.messages import Candidate, Candidates

View = dict[str, Any]


async def result(seat: Seat, project: str, section: str) -> View:
    """Return the result of a section as this seat may see it."""
    told: View = await seat.service.get(f"/api/projects/{project}/sections/{section}/result")
    return told


async def publish(seat: Seat, key: PrivateKey, project: str, section: str, until: int) -> Answer:
    """Sign and publish what the report found, until a moment, ms UTC."""
    view = await evaluation_view(seat, project, section)
    facts = await report_facts(seat, project, view)
    said = candidates_of(facts, project, section, view["report"]["facts"], until)
    command = PublishCandidates(section=section, message=keys.sign(said, key))
    return await seat.do(project, command)


def candidates_of(facts: View, project: str, section: str, digest: str, until: int) -> Candidates:
    """Return the message that says what the facts of a report say."""
    who = {one["bid"]: one for one in facts["review"]}
    outcome = facts["outcome"]
    rows = tuple(
        Candidate(
            place=one["rank"],
            bid=one["bid"],
            organisation=who[one["bid"]]["organisation"],
            name=who[one["bid"]]["name"],
            price=one["price"],
            total=one["total"],
        )
        for one in outcome.get("places", ())
        if one["candidate"]
    )
    told = {"candidates": rows} if rows else {"candidates": (), "reason": _why_none(outcome)}
    about = {"v": 1, "project": project, "section": section, "facts": digest, "until": until}
    return Candidates.model_validate({**about, **told, **_follows(facts)})


def _follows(facts: View) -> dict[str, str]:
    """Return which re-evaluation a result is of, and which one that was published it replaces."""
    done = [one for one in facts.get("reevaluations", ()) if "dropped" not in one]
    told = {"reevaluation": done[-1]["reevaluation"]} if done else {}
    replaced = [one["former"] for one in done if one["published"]]
    return {**told, "replaces": replaced[-1]} if replaced else told


def _why_none(outcome: Mapping[str, Any]) -> str:
    """Return why nobody can be published: no bid is in, none competes, or the rule does not fit."""
    why = outcome.get("impossible")
    if why is None:
        return "no_valid_bid"
    return "competition_lacking" if why == "competition_lacking" else "rule_inapplicable"


async def object_to(seat: Seat, project: str, section: str, text: str) -> Answer:
    """Object to the published result, as a bidder."""
    return await seat.do(project, ObjectToResult(section=section, text=text))


async def answer(seat: Seat, project: str, section: str, objection: str, text: str) -> Answer:
    """Answer an objection, as the clerk."""
    command = AnswerResultObjection(section=section, objection=objection, answer=text)
    return await seat.do(project, command)


async def award(
    seat: Seat, project: str, section: str, bid: str, reason: str | None = None
) -> Answer:
    """Name the winner, as the clerk; another than the first candidate with the reason."""
    return await seat.do(project, AwardSection(section=section, bid=bid, reason=reason))
