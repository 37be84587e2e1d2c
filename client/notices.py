"""The notice and the keys as a bidder must see them: proved, signed, and the same in both.

It must not take the service's word for a key: whoever could exchange it would read the bids.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from client import ceremonies, receipts
from client.errors import NotProvenYet, NotTrusted, Unusable
from client.profile import Trust
from client.receipts import Proven
from client.seat import Seat
from crypto import fingerprint
from crypto.certificate import Key
from opening.envelopes import signer, verified
from opening.events import KeyMade
from opening.messages import CeremonyStart, EnvelopeNumber, Notice, NoticeKey, NoticeSection
from opening.state import Place
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
    return clerks_of(await seat.view(project))


def clerks_of(view: Mapping[str, Any]) -> dict[str, str]:
    """Return the clerks' keys, those of released clerks too, out of a project's view."""
    return dict(view["clerk_keys"])


async def clerk_of(seat: Seat, project: str, signed: Signed) -> str:
    """Return the key of the clerk that an envelope names.

    Raises:
        NotTrusted: no clerk of the project ever had it.
    """
    return _clerk(await clerk_keys(seat, project), signed)


def _clerk(clerks: Mapping[str, str], signed: Signed) -> str:
    key = clerks.get(signer(signed))
    if key is None:
        raise NotTrusted("not signed by a clerk of this project")
    return key


@dataclass(frozen=True, slots=True)
class Bundle:
    """What sealing needs of a service, fetched once: receipts, clerks' keys, one's own bids.

    It can be kept in a file and taken to a machine that has no line to anywhere; everything in it
    is checked again when it is opened, against pinned keys.

    Args:
        notice: receipts of the notice and its amendments.
        key: receipts of the ceremony and its key.
        clerks: the clerks' keys as the service told them: keyid -> SPKI hex.
        own: this organisation's bids at the place, by revision: (revision, bid).
    """

    project: str
    section: str
    envelope: EnvelopeNumber
    notice: tuple[str, ...]
    key: tuple[str, ...]
    clerks: Mapping[str, str]
    own: tuple[tuple[int, str], ...]

    def encode(self) -> bytes:
        """Write the bundle as JSON."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True).encode()

    @classmethod
    def decode(cls, data: bytes) -> "Bundle":
        """Read a bundle.

        Raises:
            Unusable: it is none.
        """
        try:
            told = json.loads(data)
            return cls(
                told["project"],
                told["section"],
                2 if told["envelope"] == 2 else 1,
                tuple(told["notice"]),
                tuple(told["key"]),
                dict(told["clerks"]),
                tuple((int(revision), str(bid)) for revision, bid in told["own"]),
            )
        except (ValueError, KeyError, TypeError) as error:
            raise Unusable("this is no bundle of a notice and its key", error) from error


async def fetch(seat: Seat, project: str, place: Place) -> Bundle:
    """Fetch what sealing needs; the log must continue what this profile has seen."""
    view = await seat.view(project)
    notice = await seat.proven(project, kind="notice")
    key = await seat.proven(project, kind="key", section=place[0], envelope=place[1])
    own = [
        (int(bid["revision"]), str(bid["bid"]))
        for bid in view["bids"]
        if (bid["section"], bid["envelope"]) == place
    ]
    return Bundle(
        project,
        *place,
        tuple(one.receipt.decode() for one in notice),
        tuple(one.receipt.decode() for one in key),
        clerks_of(view),
        tuple(sorted(own)),
    )


def open_bundle(bundle: Bundle, trust: Trust) -> TrustedKey:
    """Return the key of an envelope: complete certificate, proved, and equal to the notice's.

    Raises:
        NotTrusted: anything about it does not hold; nothing is to be sealed to it.
    """
    published = _notice(bundle, trust)
    told = [
        (section, key)
        for section in published.sections
        for key in section.keys
        if (section.section, key.envelope) == (bundle.section, bundle.envelope)
    ]
    if len(told) != 1:
        raise NotTrusted("the notice has no such section or envelope")
    announced, printed = told[0]
    found = _checked(bundle.key, trust, bundle.project)
    attempt = ceremonies.fold(bundle.project, printed.sid, found)
    key = ceremonies.accept(attempt, _clerk(bundle.clerks, attempt.started))
    _check_place(attempt.start, bundle.project, bundle.section, bundle.envelope)
    _check_told(printed, key, attempt.start, found)
    return TrustedKey(
        bundle.project, published.currency, announced, bundle.envelope, key, attempt.start
    )


async def notice_of(seat: Seat, project: str) -> Notice:
    """Fetch the notice and check its proof and its signature.

    Raises:
        NotTrusted: it is not there, or does not hold.
    """
    clerks = await clerk_keys(seat, project)
    return _signed_notice(await seat.proven(project, kind="notice"), clerks)


def _notice(bundle: Bundle, trust: Trust) -> Notice:
    return _signed_notice(_checked(bundle.notice, trust, bundle.project), bundle.clerks)


def _signed_notice(found: tuple[Proven, ...], clerks: Mapping[str, str]) -> Notice:
    for one in found:
        if isinstance(one.event, NoticePublished):
            try:
                return verified(one.event.envelope, Notice, _clerk(clerks, one.event.envelope))
            except Refused as error:
                raise NotTrusted("the notice does not hold", error) from error
    raise NotProvenYet("the notice is not published, or not witnessed yet")


def _checked(texts: tuple[str, ...], trust: Trust, project: str) -> tuple[Proven, ...]:
    return tuple(receipts.check(text.encode(), trust, project) for text in texts)


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
