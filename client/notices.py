"""The notice and the keys as a bidder must see them: proved, signed, and the same in both.

It must not take the service's word for a key: whoever could exchange it would read the bids.
"""

from dataclasses import dataclass
from typing import Any

from client import ceremonies
from client.errors import NotTrusted
from client.receipts import Proven
from client.seat import Seat
from crypto import fingerprint
from crypto.certificate import Key
from opening.envelopes import signer, verified
from opening.events import KeyMade
from opening.messages import CeremonyStart, Notice, NoticeKey, NoticeSection
from project.events import NoticePublished
from record.errors import Refused
from record.events import Signed


@dataclass(frozen=True, slots=True)
class TrustedKey:
    """The key of one envelope, certificate and notice agreeing on it."""

    project: str
    currency: str
    section: NoticeSection
    envelope: int
    key: Key
    start: CeremonyStart

    @property
    def words(self) -> tuple[str, ...]:
        """The fingerprint as it is printed in the notice."""
        return fingerprint.words(self.key.key_id)


async def clerk_keys(seat: Seat, project: str) -> dict[str, str]:
    """Return the clerks' signing keys as the service tells them: keyid -> SPKI hex."""
    view = await seat.view(project)
    return {
        one["keyid"]: one["key"]
        for one in view["participants"]
        if one["role"] == "clerk" and one.get("key")
    }


async def clerk_of(seat: Seat, project: str, signed: Signed) -> str:
    """Return the key of the clerk that an envelope names.

    Raises:
        NotTrusted: no clerk of the project has it.
    """
    key = (await clerk_keys(seat, project)).get(signer(signed))
    if key is None:
        raise NotTrusted("not signed by a clerk of this project")
    return key


async def notice(seat: Seat, project: str) -> Notice:
    """Fetch the notice and check its proof and its signature.

    Raises:
        NotTrusted: it is not there, or does not hold.
    """
    for one in await seat.proven(project, kind="notice"):
        if isinstance(one.event, NoticePublished):
            clerk = await clerk_of(seat, project, one.event.envelope)
            try:
                return verified(one.event.envelope, Notice, clerk)
            except Refused as error:
                raise NotTrusted("the notice does not hold", error) from error
    raise NotTrusted("the notice is not published, or not witnessed yet")


async def trusted_key(seat: Seat, project: str, section: str, envelope: int) -> TrustedKey:
    """Fetch the key of an envelope: complete certificate, proved, and equal to the notice's.

    Raises:
        NotTrusted: anything about it does not hold; nothing is to be sealed to it.
    """
    published = await notice(seat, project)
    announced = next((one for one in published.sections if one.section == section), None)
    told = (
        next((one for one in announced.keys if one.envelope == envelope), None)
        if (announced)
        else None
    )
    if announced is None or told is None:
        raise NotTrusted("the notice has no such section or envelope")
    found = await seat.proven(project, kind="key", section=section, envelope=envelope)
    attempt = ceremonies.fold(project, told.sid, found)
    key = ceremonies.accept(attempt, await clerk_of(seat, project, attempt.started))
    _check_place(attempt.start, project, section, envelope)
    _check_told(told, key, attempt.start, found)
    return TrustedKey(project, published.currency, announced, envelope, key, attempt.start)


def _check_place(start: CeremonyStart, project: str, section: str, envelope: int) -> None:
    if (start.project, start.section, start.envelope) != (project, section, envelope):
        raise NotTrusted("the key was made for another place")


def _check_told(told: NoticeKey, key: Key, start: CeremonyStart, found: tuple[Proven, ...]) -> None:
    key_id, pk = key.key_id.hex(), key.pk.uncompressed().hex()
    made = [one.event for one in found if isinstance(one.event, KeyMade)]
    said: dict[str, Any] = {
        "key_id": key_id,
        "key": pk,
        "fingerprint": fingerprint.numbers(key.key_id),
        "k": start.k,
        "roster": start.roster,
        "timekeeper": start.timekeeper,
    }
    different = [name for name, value in said.items() if getattr(told, name) != value]
    if different:
        raise NotTrusted("the notice prints another key than the ceremony gives", different)
    if [(one.key_id, one.pk) for one in made] != [(key_id, pk)]:
        raise NotTrusted("the record has another key than the ceremony gives")
