"""What an accepted command is answered with; it shows a command's own events to whoever sent it."""

from typing import Annotated, Any

from fastapi import Header

from record.desk import Outcome
from record.lane import Recorded
from web.services import Services

CommandId = Annotated[
    str,
    Header(
        alias="idempotency-key",
        pattern=r"^[A-Za-z0-9_.-]{1,64}$",
        description="chosen by the sender; the same again gives the same answer",
    ),
]
"""Duties have a slash in their ids, so nobody outside can take one."""


def told(services: Services, outcome: Outcome) -> dict[str, Any]:
    """Return the answer to an accepted command: its events, without their number in the record.

    `receipts` tells whether a witness is set up, so that receipts with a cosignature follow.
    """
    return {
        "events": [event_json(recorded) for recorded in outcome.entries],
        "receipts": services.settings.witness_url is not None,
    }


def event_json(recorded: Recorded) -> dict[str, Any]:
    """Return an event as JSON, with its moment and command; its number stays inside."""
    fields = recorded.event.model_dump(mode="json", exclude_none=True)
    return {**fields, "at": recorded.stamp.at, "command": recorded.stamp.command}
