"""One opening session as the bots hold it, stage by stage; it must not skip what the hall sees."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from client import clock, draws, waiting
from client.bidder import session_of
from client.errors import Declined
from opening.state import Place

if TYPE_CHECKING:
    from client.rehearsal.bots import Bot
    from client.rehearsal.story import Story

PATIENCE = 300.0
_FILES_UNKNOWN = frozenset({"opening.files_unknown"})


async def hold_session(story: "Story", place: Place) -> None:
    """Hold the session of a place from sign-in to its end."""
    report, name = story.report, f"envelope {place[1]}: "
    attending = [bot for bot in story.bots if _is_due(bot, place)]
    await open_bids(story, place, attending)
    if place == story.places[-1]:
        with report.stage(name + "draw"):
            await _draw(story, place, attending)
    with report.stage(name + "confirmation and objections"):
        await _confirm(story, place, attending)
        await _object(story, place, attending)
    with report.stage(name + "minutes and signatures"):
        await _minutes(story, place, attending)


async def open_bids(story: "Story", place: Place, attending: "list[Bot]") -> None:
    """Hold a session as far as its read-out: everything that must be opened is then open."""
    report, name = story.report, f"envelope {place[1]}: "
    with report.stage(name + "sign-in and announcement"):
        await _sign_in(story, place, attending)
        await _once(
            lambda: story.cast.clerk.announce(story.project, place), _FILES_UNKNOWN, "the files"
        )
    if story.plan.co_open:
        with report.stage(name + "bidders' secrets"):
            await _secrets(story, place, attending)
    with report.stage(name + "order, shares, release, opening"):
        await _decrypt(story, place)
    with report.stage(name + "read-out"):
        await story.cast.clerk.read_out(story.project, place)


def _is_due(bot: "Bot", place: Place) -> bool:
    """Tell whether a bot has a bid at a place that the session is about."""
    made = bot.current.get(place[1])
    return made is not None and made.fate in {"opened", "body", "secret_missing"}


async def _sign_in(story: "Story", place: Place, attending: "list[Bot]") -> None:
    cast, project = story.cast, story.project
    await cast.clerk.sign_in(project, place)
    await cast.supervisor.sign_in(project, place)
    await asyncio.gather(*(bot.bidder.sign_in(project, place) for bot in attending))


async def _secrets(story: "Story", place: Place, attending: "list[Bot]") -> None:
    await story.cast.clerk.open_window(story.project, place, "secrets")
    await asyncio.gather(
        *(
            bot.bidder.release_secret(bot.current[place[1]].sealed)
            for bot in attending
            if bot.part != "silent"
        )
    )
    await _window_over(story, place, "secrets")


async def _decrypt(story: "Story", place: Place) -> None:
    cast, project, begun = story.cast, story.project, clock.ticks()
    now = clock.now() // 1000 * 1000
    answer = await cast.clerk.order(project, place, now)
    await cast.clerk.seat.receipt(project, answer.command_id)
    acting = cast.custodians[: story.plan.k]
    story.disturb("opening")

    async def act(number: int) -> None:
        custodian = acting[number]
        opening = await custodian.check_opening(project, place)
        story.report.expect(not opening.warnings, f"warnings: {opening.warnings}")
        await custodian.release(project, opening)

    await asyncio.gather(*(act(number) for number in range(len(acting))))
    story.report.figures[f"shares/{place[1]}"] = round((clock.ticks() - begun) * 1000)
    await _stage(story, place, "read_out")


async def _draw(story: "Story", place: Place, attending: "list[Bot]") -> None:
    cast, project = story.cast, story.project
    bidder = attending[0].bidder.seat
    seats = (cast.clerk.seat, cast.supervisor.seat, bidder)
    parties = [seat.account for seat in seats] + [story.timekeeper]
    await cast.clerk.start_draw(project, place, "评标基准价系数", parties)

    async def look() -> bool:
        session = await _session(story, place)
        for seat in seats:
            await draws.take_part(seat, project, session)
        return any(draw["result"] for draw in session["draws"])

    await waiting.until(look, "the draw", PATIENCE)


async def _confirm(story: "Story", place: Place, attending: "list[Bot]") -> None:
    await story.cast.clerk.open_window(story.project, place, "confirm")
    confirming = [bot for bot in attending if bot.current[place[1]].fate == "opened"]
    await asyncio.gather(
        *(
            bot.bidder.confirm(story.project, bot.current[place[1]].sealed.params.bid)
            for bot in confirming
        )
    )
    await _window_over(story, place, "confirm")


async def _object(story: "Story", place: Place, attending: "list[Bot]") -> None:
    cast, project = story.cast, story.project
    await cast.clerk.open_window(project, place, "objections")
    raised = await attending[0].bidder.object(project, place, "对唱标顺序有异议。")
    objection = str(raised.events[0]["objection"])
    await cast.clerk.answer_objection(project, objection, "按递交先后唱标,符合招标文件。")
    await _window_over(story, place, "objections")


async def _minutes(story: "Story", place: Place, attending: "list[Bot]") -> None:
    cast, project = story.cast, story.project
    await _stage(story, place, "minutes")
    await cast.clerk.sign_minutes(project, place)
    await cast.supervisor.sign_minutes(project, place)
    await asyncio.gather(*(bot.bidder.sign_minutes(project, place) for bot in attending[1:]))
    answer = await cast.clerk.end(project, place)
    await cast.clerk.seat.receipt(project, answer.command_id)


async def _session(story: "Story", place: Place) -> dict[str, Any]:
    return session_of(await story.cast.clerk.seat.view(story.project), place)


async def _stage(story: "Story", place: Place, stage: str) -> None:
    async def look() -> bool:
        return bool((await _session(story, place))["stage"] == stage)

    await waiting.until(look, "the stage " + stage, PATIENCE)


async def _window_over(story: "Story", place: Place, window: str) -> None:
    async def look() -> bool:
        return window not in (await _session(story, place))["windows"]

    await waiting.until(look, "the end of the window " + window, PATIENCE)


async def _once(doing: Callable[[], Awaitable[object]], not_yet: frozenset[str], what: str) -> None:
    """Do something as soon as the service takes it; a duty of its own may come first."""

    async def attempt() -> bool:
        try:
            await doing()
        except Declined as declined:
            if declined.code not in not_yet:
                raise
            return False
        return True

    await waiting.until(attempt, what, PATIENCE)
