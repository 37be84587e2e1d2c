"""The timekeeper in the projects it is bound to: it joins ceremonies, and is the last to release.

It must not release before the time by its own clock and by the log's, nor before k valid shares
of every listed bid are on the record, nor for any bid that is not on the one order.
"""

import asyncio
from dataclasses import dataclass
from typing import Any

from client import ceremonies, clock, draws, keys, notices, opening_checks, record_copy, waiting
from client.custodian import shares as make_shares
from client.errors import ClientError, NotTrusted, Unusable
from client.opening_checks import CheckedOpening
from client.seat import Seat
from client.shares import ShareKeys
from crypto import certificate, dkg, random
from crypto.points import PreparedScalar, base_mul
from crypto.signatures import PrivateKey
from opening import transcripts
from opening.commands import (
    CertifyCeremony,
    DealCeremony,
    EraseKey,
    JoinCeremony,
    ReleaseKey,
)
from opening.messages import (
    CeremonyCertify,
    CeremonyJoin,
    Erase,
    Release,
    TimekeeperDeal,
)
from opening.state import Attempt, Place
from record.errors import Refused

TIMEKEEPER = dkg.TIMEKEEPER
_OVER = frozenset({"failed", "opened1", "opened2", "awarded"})
"""Phases of a section in which nothing is left to join, draw or release."""
PATIENCE = 10.0
"""For how long the proof of what the service says is waited for, seconds."""


@dataclass(frozen=True, slots=True)
class Done:
    """One thing the timekeeper did, or why it did not."""

    project: str
    what: str
    about: str
    problem: str = ""


class Timekeeper:
    """The timekeeper at its seat.

    Args:
        seat: signed in.
        key: its signing key, as bound in projects.
        shares: its share keys, in two places.
        witness: the verifier key of its cosignatures.
    """

    def __init__(self, seat: Seat, key: PrivateKey, shares: ShareKeys, witness: str) -> None:
        self.seat = seat
        self._key = key
        self._spki = keys.spki(key)
        self._shares = shares
        self._witness = witness

    async def projects(self) -> list[str]:
        """Return the projects that may ask something of this timekeeper."""
        found: list[str] = []
        after = ""
        while True:
            page = await self.seat.service.get("/api/projects", after=after)
            found += [one["project"] for one in page["items"] if _may_ask(one)]
            after = page.get("next", "")
            if not after:
                return found

    async def step(self, project: str) -> list[Done]:
        """Do whatever a project asks of the timekeeper now."""
        view = await self.seat.view(project)
        done = []
        for attempt in view["attempts"]:
            done += await self._attempt(project, attempt)
        for session in view["sessions"]:
            done += await self._session(project, session, view)
        return done

    async def release(self, project: str, place: Place) -> str:
        """Release the key of an opening, after every check.

        Raises:
            NotTrusted: something does not hold, or it is not time.
        """
        copy = await record_copy.fetch(self.seat, project)
        opening = await asyncio.to_thread(opening_checks.check, copy, place)
        done = await asyncio.to_thread(opening_checks.check_partials, copy, opening)
        if len(done) < opening.attempt.start.k:
            raise NotTrusted("fewer than k shares are on the record", len(done))
        if opening.order.scheduled_at > clock.now():
            raise NotTrusted("it is not time by this clock", opening.order.scheduled_at)
        message = await asyncio.to_thread(self._release, project, opening)
        await self.seat.do(project, ReleaseKey(message=keys.sign(message, self._key)))
        return opening.opening_id.hex()

    async def erase(self, project: str, sid: str) -> None:
        """Erase the share key of a key or a dead attempt in both places, and record it.

        The service is asked first whether it may be; only then is anything erased.
        """
        attempt = await ceremonies.fetch(self.seat, project, sid)
        key_id = transcripts.key(attempt).key_id.hex() if attempt.status == "made" else None
        message = Erase(v=1, project=project, sid=sid, key_id=key_id)
        await self._check_may_erase(project, attempt)
        self._shares.erase(sid)
        await self.seat.do(project, EraseKey(message=keys.sign(message, self._key)))

    async def _check_may_erase(self, project: str, attempt: Attempt) -> None:
        if attempt.status == "dead":
            return
        view = await self.seat.view(project)
        section = next(one for one in view["sections"] if one["section"] == attempt.start.section)
        stages = {(one["section"], one["envelope"]): one["stage"] for one in view["sessions"]}
        place = (attempt.start.section, attempt.start.envelope)
        if section["phase"] != "terminated" and stages.get(place) != "ended":
            raise Unusable("bids under this key may still be opened; it is not erased")

    async def _attempt(self, project: str, told: dict[str, Any]) -> list[Done]:
        sid = str(told["sid"])
        if told["timekeeper"]["key"] != self._spki:
            return []
        if told["status"] == "dead":
            return await self._bury(project, told)
        if told["status"] != "open":
            return []
        steps = (
            ("join", True, told["joins"], self._join),
            ("deal", len(told["joins"]) > told["n"], told["deals"], self._deal),
            ("certify", len(told["deals"]) > told["n"], told["certifies"], self._certify),
        )
        for what, is_due, posted, doing in steps:
            if is_due and TIMEKEEPER not in posted:
                return await self._try(project, what, sid, doing(project, sid))
        return []

    async def _bury(self, project: str, told: dict[str, Any]) -> list[Done]:
        """Erase the share key of a dead attempt at once."""
        sid = str(told["sid"])
        if told["erased"]:
            return []
        return await self._try(project, "erase", sid, self.erase(project, sid))

    async def _session(
        self, project: str, session: dict[str, Any], view: dict[str, Any]
    ) -> list[Done]:
        place: Place = (session["section"], session["envelope"])
        about = f"{place[0]}/{place[1]}"
        done: list[Done] = []
        try:
            if await draws.take_part(self.seat, project, session):
                done.append(Done(project, "draw", about))
        except ClientError as error:
            done.append(Done(project, "draw", about, str(error)))
        key = next(
            (one for one in view["keys"] if (one["section"], one["envelope"]) == place), None
        )
        if key is None or session["stage"] != "decrypting" or session.get("released"):
            return done
        start = next(one for one in view["attempts"] if one["sid"] == key["sid"])
        if len(session["partials"]) < start["k"] or not self._shares.has(key["sid"]):
            return done
        return done + await self._try(project, "release", about, self.release(project, place))

    async def _try(self, project: str, what: str, about: str, doing: Any) -> list[Done]:
        try:
            await doing
        except (ClientError, Refused, dkg.CeremonyInvalid) as error:
            return [Done(project, what, about, str(error))]
        return [Done(project, what, about)]

    async def _join(self, project: str, sid: str) -> None:
        attempt = await ceremonies.fetch(self.seat, project, sid)
        clerk = await notices.clerk_of(self.seat, project, attempt.started)
        start = ceremonies.check_start(attempt, clerk)
        if (start.timekeeper.key, start.timekeeper.witness) != (self._spki, self._witness):
            raise NotTrusted("the ceremony names another timekeeper or witness")
        x_t = self._shares.make(project, sid)
        commit = dkg.timekeeper_commitment(bytes.fromhex(sid), base_mul(x_t))
        message = CeremonyJoin(v=1, sid=sid, i=TIMEKEEPER, commit=commit.hex())
        await self.seat.do(project, JoinCeremony(message=keys.sign(message, self._key)))

    async def _deal(self, project: str, sid: str) -> None:
        attempt = await self._at(project, sid, "deal")
        x_t = self._shares.read(project, sid)
        dealt = dkg.timekeeper_deal(transcripts.session(attempt), x_t, random.fresh(32))
        y = dealt.y.compressed().hex()
        message = TimekeeperDeal(v=1, sid=sid, i=0, y=y, pop=dealt.pop.hex())
        await self.seat.do(project, DealCeremony(message=keys.sign(message, self._key)))

    async def _certify(self, project: str, sid: str) -> None:
        """Sign the transcript, after both copies of the share key were read again."""
        attempt = await self._at(project, sid, "certify")
        x_t = self._shares.read(project, sid)
        key = transcripts.key(attempt)
        if base_mul(x_t) != key.y_t:
            raise NotTrusted("the share key on the disk is not the one that was dealt", sid)
        signature = certificate.certify(x_t, key.transcript, random.fresh(32))
        message = CeremonyCertify(
            v=1, sid=sid, i=TIMEKEEPER, key_id=key.key_id.hex(), sig=signature.hex()
        )
        await self.seat.do(project, CertifyCeremony(message=keys.sign(message, self._key)))

    async def _at(self, project: str, sid: str, step: str) -> Attempt:
        """Wait until it is proved that a step is due; the proof follows what the view says."""

        async def look() -> Attempt | None:
            attempt = await ceremonies.fetch(self.seat, project, sid)
            is_due = attempt.status == "open" and transcripts.step(attempt) == step
            return attempt if is_due else None

        return await waiting.until(look, "the proof that this step is due", PATIENCE)

    def _release(self, project: str, opening: CheckedOpening) -> Release:
        x_t = self._shares.read(project, opening.attempt.sid)
        if base_mul(x_t) != opening.key.y_t:
            raise NotTrusted("the share key on the disk is not that of this key")
        return Release(
            v=1,
            project=project,
            key_id=opening.order.key_id,
            opening_id=opening.opening_id.hex(),
            i=0,
            shares=make_shares(opening, PreparedScalar(x_t), TIMEKEEPER),
        )


def _may_ask(told: dict[str, Any]) -> bool:
    """Tell whether this account is a project's timekeeper and not all of it is over."""
    is_over = told["sections"] and all(one["phase"] in _OVER for one in told["sections"])
    return "timekeeper" in told["roles"] and not is_over
