"""A discussion and a pause in a rehearsal: who reads it; all are locked and see the same state.

It must not judge the hash: the verifier makes it again from the record.
"""

import asyncio

from client.errors import Declined
from client.expert import discussion
from client.rehearsal.bots import SECTION
from client.rehearsal.committee import Bench

_REASON = "午间休息。"


async def pause(bench: Bench) -> None:
    """Pause between two sheets, try to act all the same, and go on where it was."""
    story = bench.story
    clerk, project = story.cast.clerk, story.project
    await clerk.pause_evaluation(project, SECTION, "lunch", _REASON)
    members = bench.sitting.values()
    views = await asyncio.gather(*(one.view(project, SECTION) for one in members))
    views = [*views, await bench.view(), await story.cast.supervisor.evaluation(project, SECTION)]
    states = {view["paused"]["state"] for view in views}
    story.report.expect(len(states) == 1, f"the seats see the states {sorted(states)}")
    hidden = not any("bids" in view for view in views[:-1])
    story.report.expect(hidden, "a seat sees bids during a pause")
    await _is_locked(bench)
    story.disturb("marks")
    await clerk.resume_evaluation(project, SECTION)
    story.report.expect("paused" not in await bench.view(), "the evaluation should go on")


async def discuss(bench: Bench) -> None:
    """Have two members say something; the committee and the supervisor read it, the clerk not."""
    story = bench.story
    first, second, *_ = bench.seats
    for seat in (first, second):
        await bench.sitting[seat].say(story.project, SECTION, f"席位 {seat}: 请注意计价清单。")
    for reader in (bench.sitting[second].seat, story.cast.supervisor.seat):
        said = [one["seat"] for one in await discussion(reader, story.project, SECTION)]
        story.report.expect(said == [first, second], f"the discussion is by {said}")
    told = "what was said"
    try:
        await discussion(story.cast.clerk.seat, story.project, SECTION)
    except Declined as declined:
        told = declined.code
    story.report.expect(told == "web.no_evaluation", f"the clerk is told {told}")


async def _is_locked(bench: Bench) -> None:
    """Have a member try to leave, which is refused as everything is."""
    last = bench.seats[-1]
    told = "nothing"
    try:
        await bench.sitting[last].stand_aside(bench.story.project, SECTION, "换人。")
    except Declined as declined:
        told = declined.code
    bench.story.report.expect(told == "evaluation.paused", f"leaving is refused with {told}")
