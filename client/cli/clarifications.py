"""Clarifications 询标 at the command line: asked, checked, answered, judged, each by its seat.

It must not say more of a question than its seat is shown.
"""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Annotated, Any, TypeVar

import typer
from pydantic import ValidationError

from client.cli import output, seats
from client.cli.seats import DEFAULT, ProfileFolder, ProjectId, Section
from client.seat import Answer
from evaluation.clarification import LONGEST, MINUTE, SHORTEST

Opened = TypeVar("Opened")
ClarificationId = Annotated[str, typer.Argument(help="the question's id")]
Minutes = Annotated[
    int,
    typer.Option(
        min=SHORTEST // MINUTE,
        max=LONGEST // MINUTE,
        help="how long the bidder has once it is sent",
    ),
]
Returned = Annotated[str | None, typer.Option("--return", help="why it is given back")]


def draft(
    project: ProjectId,
    bid: Annotated[str, typer.Argument(help="the bid's id")],
    section: Section,
    text: Annotated[str, typer.Option(help="the question; without a name of a member")],
    minutes: Minutes,
    profile: ProfileFolder = DEFAULT,
) -> None:
    """Draft a question to the bidder of a bid; nobody outside the committee sees it yet."""
    period = minutes * MINUTE
    _do(
        seats.expert(profile),
        lambda expert: expert.draft_clarification(project, section, bid, text, period),
    )


def agree(
    project: ProjectId,
    clarification: ClarificationId,
    section: Section,
    profile: ProfileFolder = DEFAULT,
) -> None:
    """Want a question asked; the chair or most members send it to the supervisor."""
    _do(
        seats.expert(profile),
        lambda expert: expert.agree_clarification(project, section, clarification),
    )


def drop(
    project: ProjectId,
    clarification: ClarificationId,
    section: Section,
    profile: ProfileFolder = DEFAULT,
) -> None:
    """Take a question back before it is sent: one's own, or any as the chair."""
    _do(
        seats.expert(profile),
        lambda expert: expert.drop_clarification(project, section, clarification),
    )


def judge(
    project: ProjectId,
    clarification: ClarificationId,
    section: Section,
    profile: ProfileFolder = DEFAULT,
    *,
    accepts: Annotated[
        bool, typer.Option("--accept/--refuse", help="refuse what changes the bid's substance")
    ],
) -> None:
    """Accept an answer, or refuse it."""
    _do(
        seats.expert(profile),
        lambda expert: expert.judge_answer(project, section, clarification, accepts=accepts),
    )


def check_question(
    project: ProjectId,
    clarification: ClarificationId,
    section: Section,
    returned: Returned = None,
    profile: ProfileFolder = DEFAULT,
) -> None:
    """Let a question out to the bidder, or give it back: no names, nothing leading."""
    _do(
        seats.supervisor(profile),
        lambda supervisor: supervisor.check_question(project, section, clarification, returned),
    )


def check_answer(
    project: ProjectId,
    clarification: ClarificationId,
    section: Section,
    returned: Returned = None,
    profile: ProfileFolder = DEFAULT,
) -> None:
    """Show a bidder's answer to the committee, or give it back."""
    _do(
        seats.supervisor(profile),
        lambda supervisor: supervisor.check_answer(project, section, clarification, returned),
    )


def show(project: ProjectId, section: Section, profile: ProfileFolder = DEFAULT) -> None:
    """Print what the committee asks this bidder, until when, and what it answered, as JSON."""

    async def do() -> dict[str, Any]:
        async with seats.bidder(profile) as bidder:
            return {"items": await bidder.clarifications(project, section)}

    output.tell(output.run(do()), as_json=True)


def answer(
    project: ProjectId,
    clarification: ClarificationId,
    section: Section,
    text: Annotated[str, typer.Option(help="the answer")],
    profile: ProfileFolder = DEFAULT,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="do not ask")] = False,
) -> None:
    """Read a question, sign the answer, and send it."""

    async def act(bidder: Any) -> Answer:
        for one in await bidder.clarifications(project, section):
            if one["clarification"] == clarification:
                output.errors.print(one["question"], markup=False)
        if not yes:
            typer.confirm("Sign and send this answer?", abort=True, err=True)
        answered: Answer = await bidder.answer(project, section, clarification, text)
        return answered

    _do(seats.bidder(profile), act)


def _do(
    seat: AbstractAsyncContextManager[Opened], act: Callable[[Opened], Awaitable[Answer]]
) -> None:
    async def do() -> Answer:
        async with seat as opened:
            return await act(opened)

    try:
        done = output.run(do())
    except ValidationError as error:
        problem = error.errors()[0]
        about = problem["loc"][-1]
        raise typer.BadParameter(f"{about}: " + problem["msg"]) from error
    output.tell({"command": done.command_id, "events": list(done.events)}, as_json=True)
