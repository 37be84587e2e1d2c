"""The end of a rehearsal's evaluation: the report awaited, signed, finished, its outcome told.

It must not compute the outcome; it says what the report says.
"""

import asyncio
from typing import Any

from client import waiting
from client.expert import report_facts
from client.rehearsal.bots import SECTION
from client.rehearsal.committee import Bench

PATIENCE = 120.0
_DISSENT = "对第一中标候选人的施工方案评分持保留意见,理由见本人的评分表。"


async def conclude(bench: Bench) -> None:
    """Have everybody sign the report, some dissenting, and the chair finish it."""
    story, chair = bench.story, bench.sitting[bench.chair]

    async def look() -> bool:
        return "report" in await chair.view(story.project, SECTION)

    await waiting.until(look, "the report", PATIENCE)
    count = story.plan.dissent
    dissenting = bench.seats[len(bench.seats) - count :]
    await asyncio.gather(
        *(
            one.sign_report(story.project, SECTION, _DISSENT if seat in dissenting else None)
            for seat, one in bench.sitting.items()
        )
    )
    answer = await chair.finish_report(story.project, SECTION)
    await chair.seat.receipt(story.project, answer.command_id)
    view = await bench.view()
    signed = list(view["report"]["signed"].values())
    said = {opinion: signed.count(opinion) for opinion in ("agrees", "dissents")}
    planned = {"agrees": len(bench.seats) - count, "dissents": count}
    story.report.expect(said == planned, f"of the report the committee says {said}")
    _tell(bench, await report_facts(story.cast.clerk.seat, story.project, view))


def _tell(bench: Bench, facts: dict[str, Any]) -> None:
    """Print the candidates, and keep the figures."""
    report, outcome = bench.story.report, facts["outcome"]
    names = {one["bid"]: one["name"] for one in facts["review"]}
    places = outcome.get("places", [])
    report.expect(bool(places), f"the report has no candidate: {outcome.get('impossible')}")
    for one in places:
        if one["candidate"]:
            report.console.print(f"  {one['rank']}. {names[one['bid']]}  {one['total']}")
    asked = facts["clarifications"]
    accepted = sum(one["status"] == "accepted" for one in asked)
    if asked:
        report.console.print(f"  clarifications: {len(asked)} asked, {accepted} accepted")
    corrected = [one["status"] for one in facts["corrections"]]
    if corrected:
        report.console.print(f"  corrected prices: {', '.join(corrected)}")
    again = [len(one.get("changes", ())) for one in facts.get("reevaluations", ())]
    if again:
        report.console.print(f"  marked again: {again[-1]} changed")
    report.figures["evaluation"] = {
        "marked_again": again,
        "corrections": corrected,
        "clarifications": {"asked": len(asked), "accepted": accepted},
        "rejected": sum("rejected" in one for one in facts["review"]),
        "too_low": sum(one["why"] == "too_low" for one in facts["unpriced"]),
        "votes": len(facts["votes"]),
        "places": [{"name": names[one["bid"]], "total": one["total"]} for one in places],
        "findings": len(outcome.get("findings", [])),
    }
