"""Clarifications 询标 at the command line: asked, checked, answered, judged, each by its seat.

It must not say more of a question than its seat is shown.
"""

from pathlib import Path
from typing import Annotated

import typer

from client.bidder import Bidder
from client.cli import output, seats
from client.cli.acting import Sure, act, ask, look
from client.cli.seats import DEFAULT, ProfileFolder, ProjectId, Section
from client.seat import Answer
from evaluation.clarification import LONGEST, MINUTE, SHORTEST

ClarificationId = Annotated[str, typer.Argument(help="the question's id")]
Minutes = Annotated[
    int,
    typer.Option(
        min=SHORTEST // MINUTE,
        max=LONGEST // MINUTE,
        help="how long the bidder has once it is sent",
    ),
]
Attachments = Annotated[
    list[Path] | None,
    typer.Option(
        exists=True,
        dir_okay=False,
        help="a PDF, PNG, JPEG or text file to attach; may be given up to ten times",
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
    act(
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
    act(
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
    act(
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
    act(
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
    act(
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
    act(
        seats.supervisor(profile),
        lambda supervisor: supervisor.check_answer(project, section, clarification, returned),
    )


def show(project: ProjectId, section: Section, profile: ProfileFolder = DEFAULT) -> None:
    """Print what the committee asks this bidder, until when, and what it answered, as JSON."""
    items = look(seats.bidder(profile), lambda bidder: bidder.clarifications(project, section))
    output.tell({"items": items}, as_json=True)


def answer(
    project: ProjectId,
    clarification: ClarificationId,
    section: Section,
    text: Annotated[str, typer.Option(help="the answer")],
    profile: ProfileFolder = DEFAULT,
    *,
    attach: Attachments = None,
    yes: Sure = False,
) -> None:
    """Read a question, sign the answer with what is attached to it, and send it."""

    async def sign(bidder: Bidder) -> Answer:
        asked = await bidder.question(project, section, clarification)
        output.errors.print(asked["question"], markup=False)
        ask("Sign and send this answer?", yes=yes)
        return await bidder.answer(project, section, asked, text, attach or ())

    act(seats.bidder(profile), sign)
