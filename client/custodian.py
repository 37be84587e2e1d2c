"""What a custodian does: the ceremony's steps, rehearsals, and shares of what was ordered.

It must not compute a share before every check of `client.opening_checks` has passed, and never
for a bid that is not on a recorded order.
"""

import asyncio
from collections.abc import Callable, Mapping

from client import ceremonies, keys, kits, opening_checks, record_copy, waiting
from client.errors import Declined, NotProvenYet, NotTrusted, Unusable
from client.opening_checks import CheckedOpening
from client.seat import Answer, Seat
from crypto import certificate, dkg, dleq, random
from crypto.checkpoints import parse_checkpoint
from crypto.dkg import CeremonyInvalid, DealerSecrets
from crypto.kit import EPHEMERAL, STATIC, Kit, coefficient, derive
from crypto.notes import parse_note
from crypto.points import PreparedScalar, base_mul, decode65
from opening import transcripts
from opening.commands import (
    AbortCeremony,
    CertifyCeremony,
    DealCeremony,
    JoinCeremony,
    PostPartial,
    RehearseKey,
)
from opening.envelopes import signer
from opening.messages import (
    BidShare,
    CeremonyAbort,
    CeremonyCertify,
    CeremonyDeal,
    CeremonyJoin,
    OpeningOrder,
    Partial,
    Rehearsal,
)
from opening.state import Attempt, Place

_ALREADY = frozenset(
    ("ceremony.already_joined", "ceremony.already_dealt", "ceremony.already_certified")
) | {"ceremony.not_open"}
"""Refused because it is on the record already, or the attempt ended meanwhile, though no proof of
that has come yet; the next look tells which.
"""


def _quiet(_: str) -> None:
    """Tell nobody."""


class Custodian:
    """A custodian at its seat, its kit opened.

    Args:
        seat: signed in.
        kit: opened; made for this service.
    """

    def __init__(self, seat: Seat, kit: Kit) -> None:
        kits.check_origin(kit, seat.watch.trust)
        self.seat = seat
        self._kit = kit
        self._key = kits.identity(kit)

    @property
    def spki(self) -> str:
        """The public signing key, hex."""
        return keys.spki(self._key)

    @property
    def keyid(self) -> str:
        """The name of that key."""
        return keys.keyid(self._key)

    def number(self, attempt: Attempt) -> int:
        """Return this custodian's place on a roster.

        Raises:
            Unusable: it is not on it.
        """
        for place, member in enumerate(attempt.start.roster, start=1):
            if member.key == self.spki:
                return place
        raise Unusable("this kit is not on the roster of the ceremony")

    async def join(self, project: str, sid: str) -> Answer:
        """Commit to this custodian's part of an attempt."""
        return await self._join(project, await self._at(project, sid, "join"))

    async def deal(self, project: str, sid: str) -> Answer:
        """Deal, once all parties are proved to have joined."""
        return await self._deal(project, await self._at(project, sid, "deal"))

    async def certify(self, project: str, sid: str) -> Answer:
        """Check one's shares and sign the transcript; or abort, with evidence, where one is bad."""
        return await self._certify(project, await self._at(project, sid, "certify"))

    async def _join(self, project: str, attempt: Attempt) -> Answer:
        i, sid = self.number(attempt), attempt.sid
        secrets = self._secrets(attempt)
        c = [base_mul(scalar) for scalar in secrets.coefficients]
        commit = dkg.dealer_commitment(bytes.fromhex(sid), i, c, base_mul(secrets.ephemeral))
        p = base_mul(secrets.static).compressed().hex()
        message = CeremonyJoin(v=1, sid=sid, i=i, commit=commit.hex(), p=p)
        return await self.seat.do(project, JoinCeremony(message=keys.sign(message, self._key)))

    async def _deal(self, project: str, attempt: Attempt) -> Answer:
        i, session = self.number(attempt), transcripts.session(attempt)
        fresh = random.fresh(32)
        dealt = await asyncio.to_thread(dkg.deal, session, i, self._secrets(attempt), fresh)
        message = CeremonyDeal(
            v=1,
            sid=attempt.sid,
            i=i,
            c=tuple(point.compressed().hex() for point in dealt.c),
            pop=dealt.pop.hex(),
            e=dealt.e.compressed().hex(),
            shares=tuple(share.hex() for share in dealt.shares),
        )
        return await self.seat.do(project, DealCeremony(message=keys.sign(message, self._key)))

    async def _certify(self, project: str, attempt: Attempt) -> Answer:
        i = self.number(attempt)
        try:
            await asyncio.to_thread(self._share, attempt)
        except CeremonyInvalid as fault:
            return await self._abort(project, attempt, fault)
        key = transcripts.key(attempt)
        static = self._secrets(attempt).static
        signature = certificate.certify(static, key.transcript, random.fresh(32))
        message = CeremonyCertify(
            v=1, sid=attempt.sid, i=i, key_id=key.key_id.hex(), sig=signature.hex()
        )
        return await self.seat.do(project, CertifyCeremony(message=keys.sign(message, self._key)))

    async def take_part(
        self, project: str, sid: str, *, patience: float, tell: Callable[[str], None] = _quiet
    ) -> None:
        """Take every step of an attempt when it is due, until the key is made.

        Begun again after an interruption it goes on with the next step.

        Raises:
            NotTrusted: the attempt is dead, or something of it does not hold.
            Unreachable: the others did not come in time.
        """
        i = self.number(await self._witnessed(project, sid, patience))
        steps = {"join": self._join, "deal": self._deal, "certify": self._certify}

        async def look() -> bool:
            attempt = await ceremonies.fetch(self.seat, project, sid)
            if attempt.status == "dead":
                raise NotTrusted("the attempt is dead", attempt.ended)
            if attempt.status == "made":
                return True
            step = transcripts.step(attempt)
            if i in transcripts.missing(attempt):
                try:
                    await steps[step](project, attempt)
                except Declined as declined:
                    if declined.code not in _ALREADY:
                        raise
                else:
                    tell(step)
            return False

        await waiting.until(look, "the other parties", patience)

    async def rehearse(self, project: str, sid: str, clerks: Mapping[str, str]) -> Answer:
        """Prove that the share of a key is still at hand.

        Args:
            project: whose key.
            sid: of the ceremony it came from.
            clerks: the keys of the project's clerks: keyid -> SPKI hex.
        """
        attempt = await ceremonies.fetch(self.seat, project, sid)
        key = ceremonies.accept(attempt, clerks.get(signer(attempt.started), ""))
        newest = await self.seat.watch.newest()
        checkpoint = parse_note(newest.note).text
        parse_checkpoint(checkpoint)
        share = await asyncio.to_thread(self._share, attempt)
        signature = certificate.rehearse(share, key.key_id, checkpoint, random.fresh(32))
        message = Rehearsal(
            v=1,
            key_id=key.key_id.hex(),
            i=self.number(attempt),
            checkpoint=checkpoint.decode(),
            sig=signature.hex(),
        )
        return await self.seat.do(project, RehearseKey(message=keys.sign(message, self._key)))

    async def check_opening(self, project: str, place: Place) -> CheckedOpening:
        """Check an ordered opening on the record, without computing anything.

        Raises:
            NotTrusted: something does not hold.
        """
        copy = await record_copy.fetch(self.seat, project)
        return await asyncio.to_thread(opening_checks.check, copy, place)

    async def release(self, project: str, opening: CheckedOpening) -> Answer:
        """Post the shares of every bid on a checked order."""
        message = await asyncio.to_thread(self._partial, project, opening)
        return await self.seat.do(project, PostPartial(message=keys.sign(message, self._key)))

    async def _witnessed(self, project: str, sid: str, patience: float) -> Attempt:
        """Wait until the start of an attempt is proved."""

        async def look() -> Attempt | None:
            try:
                return await ceremonies.fetch(self.seat, project, sid)
            except NotProvenYet:
                return None

        return await waiting.until(look, "the timekeeper", patience)

    async def _at(self, project: str, sid: str, step: str) -> Attempt:
        attempt = await ceremonies.fetch(self.seat, project, sid)
        if attempt.status != "open" or transcripts.step(attempt) != step:
            raise NotTrusted("it is not proved that this step is due", step)
        return attempt

    async def _abort(self, project: str, attempt: Attempt, fault: CeremonyInvalid) -> Answer:
        static = self._secrets(attempt).static
        message = CeremonyAbort(
            v=1,
            sid=attempt.sid,
            i=self.number(attempt),
            offender=fault.party or 0,
            cause="share",
            d=static.to_bytes(32).hex(),
        )
        return await self.seat.do(project, AbortCeremony(message=keys.sign(message, self._key)))

    def _secrets(self, attempt: Attempt) -> DealerSecrets:
        sid, master = bytes.fromhex(attempt.sid), self._kit.master
        return DealerSecrets(
            static=derive(master, STATIC, sid),
            ephemeral=derive(master, EPHEMERAL, sid),
            coefficients=tuple(coefficient(master, place, sid) for place in range(attempt.start.k)),
        )

    def _share(self, attempt: Attempt) -> int:
        """Recover x_i from the kit and the log, and check it against Y_i."""
        session = transcripts.session(attempt)
        deals = transcripts.deals(attempt, session)
        secret = derive(self._kit.master, STATIC, session.sid)
        return dkg.secret_share(session, self.number(attempt), secret, deals)

    def _partial(self, project: str, opening: CheckedOpening) -> Partial:
        i = self.number(opening.attempt)
        return Partial(
            v=1,
            project=project,
            key_id=opening.order.key_id,
            opening_id=opening.opening_id.hex(),
            i=i,
            shares=shares(opening, PreparedScalar(self._share(opening.attempt)), i),
        )


def shares(opening: CheckedOpening, secret: PreparedScalar, i: int) -> tuple[BidShare, ...]:
    """Compute the shares of every bid on a checked order, in its order."""
    issued: OpeningOrder = opening.order
    made = []
    for line in issued.bids:
        ctx = dleq.context(
            issued.project, bytes.fromhex(issued.key_id), opening.opening_id, line.bid, i
        )
        enc = decode65(bytes.fromhex(line.enc))
        made.append(
            BidShare(bid=line.bid, share=dleq.prove(secret, enc, ctx, random.fresh(32)).hex())
        )
    return tuple(made)
