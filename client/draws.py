"""A party's part in a draw: commit to a secret, reveal it once all have committed.

The secret of each draw derives from one random key kept in the profile, so a restart between
commitment and revelation loses nothing. It must not reveal before the draw is sealed.
"""

import hmac
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from client import durable
from client.errors import Declined
from client.seat import Seat
from crypto import random
from opening.commands import CommitDraw, RevealDraw
from opening.drawn import draw_commit

_NOT_YET = frozenset({"draw.timekeeper_last", "draw.not_sealed", "draw.over"})


async def take_part(seat: Seat, project: str, session: Mapping[str, Any]) -> bool:
    """Do what a running draw of a session asks of this account now; tell whether it did any.

    Args:
        seat: a party's.
        project: whose view the session is out of.
        session: as the view has it.
    """
    for draw in session.get("draws", ()):
        if draw["result"] or draw["defaulted"] or seat.account not in draw["parties"]:
            continue
        name = str(draw["draw"])
        secret = secret_of(seat.profile.folder, name)
        if seat.account not in draw["commits"]:
            commit = draw_commit(name, seat.account, secret).hex()
            await seat.do(project, CommitDraw(draw=name, commit=commit))
            return True
        if draw["root"] and seat.account not in draw["reveals"]:
            try:
                await seat.do(project, RevealDraw(draw=name, secret=secret.hex()))
            except Declined as declined:
                if declined.code in _NOT_YET:
                    return False
                raise
            return True
    return False


def secret_of(folder: Path, draw: str) -> bytes:
    """Return this profile's secret of a draw, 32 bytes."""
    path = folder / "draw.key"
    if not path.exists():
        durable.write(path, random.fresh(32))
    return hmac.digest(path.read_bytes(), draw.encode(), "sha256")
