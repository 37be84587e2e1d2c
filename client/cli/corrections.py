"""Corrected prices 算术修正 at the command line: proposed, agreed, confirmed, each by its seat.

It must not say more of a correction than its seat is shown.
"""

from typing import Annotated

import typer

from client.bidder import Bidder
from client.cli import output, seats
from client.cli.acting import Sure, act, ask, look
from client.cli.clarifications import Minutes
from client.cli.seats import DEFAULT, ProfileFolder, ProjectId, Section
from client.expert import Expert
from client.seat import Answer
from evaluation.clarification import MINUTE
from evaluation.commands import ProposeCorrection

CorrectionId = Annotated[str, typer.Argument(help="the correction's id")]


def propose(
    project: ProjectId,
    bid: Annotated[str, typer.Argument(help="the bid's id")],
    section: Section,
    ground: Annotated[str, typer.Option(help="opening_list, words, decimal or unit_price")],
    price: Annotated[int, typer.Option(help="what it comes to, in minor units")],
    reason: Annotated[str, typer.Option(help="for committee and report; nobody's name in it")],
    minutes: Minutes,
    profile: ProfileFolder = DEFAULT,
) -> None:
    """Propose another price for a bid; once most members agree, its bidder is asked."""

    async def propose(expert: Expert) -> Answer:
        told = {"section": section, "bid": bid, "ground": ground, "price": price, "reason": reason}
        wanted = ProposeCorrection.model_validate({**told, "period": minutes * MINUTE})
        return await expert.propose_correction(project, wanted)

    act(seats.expert(profile), propose)


def agree(
    project: ProjectId,
    correction: CorrectionId,
    section: Section,
    profile: ProfileFolder = DEFAULT,
    *,
    agrees: Annotated[bool, typer.Option("--agree/--refuse", help="whether the price is right")],
) -> None:
    """Agree to a correction or not."""
    act(
        seats.expert(profile),
        lambda expert: expert.vote_correction(project, section, correction, agrees=agrees),
    )


def check_prices(project: ProjectId, section: Section, profile: ProfileFolder = DEFAULT) -> None:
    """Chair: say that the arithmetic of the offers is checked; none is corrected any more."""
    act(seats.expert(profile), lambda expert: expert.check_prices(project, section))


def judge_competition(
    project: ProjectId,
    section: Section,
    reason: Annotated[str, typer.Option(help="why; it stands in the report")],
    profile: ProfileFolder = DEFAULT,
    *,
    lacking: Annotated[bool, typer.Option("--lacking/--enough", help="lacking rejects all bids")],
) -> None:
    """Judge whether fewer than three valid bids are too little competition."""
    act(
        seats.expert(profile),
        lambda expert: expert.judge_competition(project, section, reason, lacking=lacking),
    )


def show(project: ProjectId, section: Section, profile: ProfileFolder = DEFAULT) -> None:
    """Print the corrected prices this bidder is asked to confirm, and until when, as JSON."""
    items = look(seats.bidder(profile), lambda bidder: bidder.corrections(project, section))
    output.tell({"items": items}, as_json=True)


def confirm(
    project: ProjectId,
    correction: CorrectionId,
    section: Section,
    profile: ProfileFolder = DEFAULT,
    *,
    accepts: Annotated[
        bool, typer.Option("--accept/--refuse", help="a bid whose price is refused is invalid")
    ],
    yes: Sure = False,
) -> None:
    """Read a corrected price, sign whether it holds, and send that."""

    async def confirm(bidder: Bidder) -> Answer:
        asked = await bidder.correction(project, section, correction)
        told = f"{asked['ground']}: {asked['read_out']} -> {asked['price']}"
        output.errors.print(told, markup=False)
        ask("Sign and send this?", yes=yes)
        return await bidder.confirm_correction(project, section, asked, accepts=accepts)

    act(seats.bidder(profile), confirm)
