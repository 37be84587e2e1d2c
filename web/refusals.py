"""The signed answer to a signed bid that was not admitted, kept on the record.

What no registered bidder of the project signed is answered and not recorded.
"""

import hashlib
from typing import Any

from crypto import signatures
from crypto.hashing import H
from crypto.random import fresh
from opening.checks_bids import CheckedRefusal, read_bid
from opening.commands import AdmitBid, RefuseBid
from opening.envelopes import payload
from opening.events import BidRefused
from opening.messages import Refusal
from opening.state import OpeningState
from project.checks import check
from record.errors import NotValid, Refused
from record.events import Actor, Signed
from record.rules import Given
from web.asked import Asked
from web.deps import project_state
from web.services import Services

BEFORE_THE_RULES = ("record.", "web.", "project.")
"""Areas whose refusals say nothing about the bid: who asks, how, or that the service is away."""


async def refuse(
    services: Services, asked: Asked, command: AdmitBid, refused: Refused
) -> dict[str, Any]:
    """Record that a bid was not admitted, and return what the answer carries besides.

    The entry is named for the payload, so the same bid sent again is answered with the same entry.

    Returns:
        The signed answer and the id under which its receipt is found; nothing when the bid was
        not signed by a registered bidder who sent it itself.
    """
    if refused.code.startswith(BEFORE_THE_RULES):
        return {}
    state = await project_state(services, asked.project)
    if _is_admitted(state.opening, command.message):
        return {}
    try:
        refusal = _sign(services, asked, command, refused)
        checked = await services.workers.run(check, state, refusal)
    except (Refused, ValueError):
        return {}
    if not isinstance(checked, CheckedRefusal) or checked.organisation != asked.who.organisation:
        return {}
    return await _record(services, asked, refusal, checked)


async def _record(
    services: Services, asked: Asked, refusal: RefuseBid, checked: CheckedRefusal
) -> dict[str, Any]:
    rate = services.settings.limits.refusals_by_account
    services.rates.take("refusal", asked.who.account, rate)
    received = checked.refusal.received
    given = Given(
        actor=Actor(Actor.SERVICE),
        received=services.clock.now(),
        command_id=f"refuse/{received[:48]}",
        fresh=fresh(32),
        checked=checked,
    )
    outcome = await services.desk.submit(
        asked.project,
        refusal,
        given,
        digest=H("refused", bytes.fromhex(received)),
        trace=asked.who.trace,
    )
    event = outcome.entries[0].event
    if not isinstance(event, BidRefused):
        raise TypeError("a refusal was recorded as something else")
    return {"refusal": event.answer.model_dump(mode="json"), "command": given.command_id}


def _sign(services: Services, asked: Asked, command: AdmitBid, refused: Refused) -> RefuseBid:
    message = Refusal(
        v=1,
        project=asked.project,
        code=refused.code,
        at=asked.received,
        received=hashlib.sha256(payload(command.message)).hexdigest(),
    )
    envelope = signatures.sign(Refusal.payload_type(), message.payload(), services.keys.refusals)
    answer = Signed.model_validate_json(signatures.envelope_bytes(envelope))
    return RefuseBid(message=command.message, answer=answer)


def _is_admitted(state: OpeningState, message: Signed) -> bool:
    """Tell whether this very bid stands on the record already, sent twice under two ids."""
    try:
        found = read_bid(message)
    except NotValid:
        return False
    bid = state.bids.get(found.params.bid)
    return bid is not None and bid.stmt == found.stmt
