"""The heavy checks of ceremony messages, rehearsals and erasures, made before the desk in threads.

It must not judge order, deadlines or who acts: `opening.ceremony` and `opening.keys` do, on the
state of the moment. What is relied on here never changes once it is there: who is on a roster, and
steps that all parties have done.
"""

from dataclasses import dataclass, replace
from typing import Self, TypeVar

from crypto import certificate, dkg, schnorr
from crypto.dkg import CeremonyInvalid
from crypto.points import InvalidPoint, Point, check_peer_point, decode33
from opening import transcripts
from opening.commands import (
    AbortCeremony,
    CertifyCeremony,
    DealCeremony,
    EraseKey,
    JoinCeremony,
    RehearseKey,
    StartCeremony,
)
from opening.envelopes import Checked, read, signed_as, signer, verify
from opening.messages import (
    CeremonyAbort,
    CeremonyCertify,
    CeremonyDeal,
    CeremonyJoin,
    CeremonyStart,
    Erase,
    Message,
    Rehearsal,
    TimekeeperDeal,
)
from opening.state import Attempt, Key, OpeningState
from record.errors import NotFound, NotValid, OutOfOrder
from record.events import Signed

Step = CeremonyJoin | CeremonyDeal | TimekeeperDeal | CeremonyCertify | CeremonyAbort
S = TypeVar("S", bound=Step)


@dataclass(frozen=True, slots=True)
class CheckedStart(Checked):
    """A `ceremony-start` signed by a clerk."""

    start: CeremonyStart


@dataclass(frozen=True, slots=True)
class CheckedJoin(Checked):
    """A `ceremony-join` signed by the party it names, its point in good form."""

    join: CeremonyJoin


@dataclass(frozen=True, slots=True)
class CheckedDeal(Checked):
    """A `ceremony-deal` that matches its commitment and proves possession."""

    deal: CeremonyDeal | TimekeeperDeal


@dataclass(frozen=True, slots=True)
class CheckedCertify(Checked):
    """A certificate over the transcript of this attempt, and the key the transcript gives."""

    certify: CeremonyCertify
    key: certificate.Key


@dataclass(frozen=True, slots=True)
class CheckedAbort(Checked):
    """An abort, and who broke the attempt as the evidence shows."""

    abort: CeremonyAbort
    offenders: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CheckedRehearsal(Checked):
    """A rehearsal whose signature holds under the custodian's verification share.

    `cosigned_at` is measured by the shell and no rule can know it: when the timekeeper cosigned the
    checkpoint that the rehearsal names, ms, by this installation's own log. The shell looks the
    text up among the cosigned checkpoints and calls `witnessed`; None means that it found none.
    """

    rehearsal: Rehearsal
    cosigned_at: int | None = None

    def witnessed(self, at: int) -> Self:
        """Return the same outcome with the time of the checkpoint's cosignature, ms."""
        return replace(self, cosigned_at=at)


@dataclass(frozen=True, slots=True)
class CheckedErase(Checked):
    """An erasure signed by the timekeeper that the ceremony names."""

    erase: Erase


def check_start(state: OpeningState, command: StartCeremony) -> CheckedStart:
    """Check that a clerk signed a `ceremony-start`."""
    start = signed_as(state, "clerk", command.message, CeremonyStart)
    return CheckedStart(command.message, signer(command.message), start)


def check_join(state: OpeningState, command: JoinCeremony) -> CheckedJoin:
    """Check who signed a `ceremony-join` and that its point is one a secret may multiply.

    Refusals: ceremony.point, and those of every message of a party.
    """
    _, join = _from_party(state, command.message, CeremonyJoin)
    if (join.p is None) != (join.i == transcripts.TIMEKEEPER):
        raise NotValid("message.malformed", message=CeremonyJoin.name)
    if join.p is not None:
        _check_static(join.p)
    return CheckedJoin(command.message, signer(command.message), join)


def check_deal(state: OpeningState, command: DealCeremony) -> CheckedDeal:
    """Check a deal against its commitment and its proof of possession.

    Refusals: ceremony.not_all_joined, ceremony.proof, and those of every message of a party.
    """
    kind = type(transcripts.read_deal(command.message))
    attempt, message = _from_party(state, command.message, kind)
    if len(attempt.joins) <= attempt.start.n:
        raise OutOfOrder("ceremony.not_all_joined")
    try:
        agreed = transcripts.session(attempt)
        commit = transcripts.commitment(attempt, message.i)
        if isinstance(message, TimekeeperDeal):
            dealt = transcripts.decode_timekeeper_deal(message)
            dkg.check_timekeeper_deal(agreed, commit, dealt)
        else:
            dkg.check_deal(agreed, message.i, commit, transcripts.decode_deal(agreed, message))
    except CeremonyInvalid as error:
        raise transcripts.faulty(error) from error
    return CheckedDeal(command.message, signer(command.message), message)


def check_certify(state: OpeningState, command: CertifyCeremony) -> CheckedCertify:
    """Rebuild the transcript and check a party's signature over it.

    Refusals: ceremony.not_all_dealt, ceremony.wrong_key_id, ceremony.proof, and those of every
    message of a party.
    """
    attempt, message = _from_party(state, command.message, CeremonyCertify)
    if len(attempt.deals) <= attempt.start.n:
        raise OutOfOrder("ceremony.not_all_dealt")
    try:
        key = transcripts.key(attempt)
        if message.key_id != key.key_id.hex():
            raise NotValid("ceremony.wrong_key_id", key_id=key.key_id.hex())
        public = _certifying(attempt, message.i, key)
        signature = bytes.fromhex(message.sig)
        certificate.check_certificate(public, key.transcript, signature, message.i)
    except CeremonyInvalid as error:
        raise transcripts.faulty(error) from error
    return CheckedCertify(command.message, signer(command.message), message, key)


def check_abort(state: OpeningState, command: AbortCeremony) -> CheckedAbort:
    """Check an accusation with its evidence, and find who broke the attempt.

    With `d`, the accuser's static secret of this attempt, anyone can see which dealers sent it a
    bad share; when none did, the accuser is the one to blame, since the secret is out and the
    attempt dead. Without evidence a party can name nobody but itself.

    Refusals: ceremony.no_evidence, ceremony.not_all_dealt, ceremony.wrong_secret, and those of
    every message of a party.
    """
    attempt, message = _from_party(state, command.message, CeremonyAbort)
    if message.d is None:
        if message.cause == "share" or message.offender != message.i:
            raise NotValid("ceremony.no_evidence")
        offenders: tuple[int, ...] = (message.i,)
    else:
        offenders = _blamed(attempt, message, message.d)
    return CheckedAbort(command.message, signer(command.message), message, offenders)


def check_rehearsal(state: OpeningState, command: RehearseKey) -> CheckedRehearsal:
    """Check that a custodian still can compute with its share of a key.

    Refusals: ceremony.no_such_key, ceremony.no_such_party, rehearsal.proof, message.signature,
    message.malformed.
    """
    rehearsal = read(command.message, Rehearsal)
    key = key_by_id(state, rehearsal.key_id)
    _verify_party(state.attempts[key.sid], rehearsal.i, command.message, Rehearsal)
    try:
        certificate.check_rehearsal(
            decode33(key.y[rehearsal.i - 1]),
            bytes.fromhex(rehearsal.key_id),
            rehearsal.checkpoint.encode(),
            bytes.fromhex(rehearsal.sig),
        )
    except schnorr.SchnorrInvalid as error:
        raise NotValid("rehearsal.proof") from error
    return CheckedRehearsal(command.message, signer(command.message), rehearsal)


def check_erase(state: OpeningState, command: EraseKey) -> CheckedErase:
    """Check that the timekeeper of an attempt signed its erasure.

    Refusals: ceremony.no_such_attempt, message.signature, message.malformed.
    """
    erase = read(command.message, Erase)
    attempt = attempt_by_sid(state, erase.sid)
    _verify_party(attempt, transcripts.TIMEKEEPER, command.message, Erase)
    return CheckedErase(command.message, signer(command.message), erase)


def attempt_by_sid(state: OpeningState, sid: str) -> Attempt:
    """Return an attempt; raises NotFound `ceremony.no_such_attempt`."""
    attempt = state.attempts.get(sid)
    if attempt is None:
        raise NotFound("ceremony.no_such_attempt", sid=sid)
    return attempt


def key_by_id(state: OpeningState, key_id: str) -> Key:
    """Return a key; raises NotFound `ceremony.no_such_key`."""
    for key in state.keys.values():
        if key.key_id == key_id:
            return key
    raise NotFound("ceremony.no_such_key", key_id=key_id)


def _from_party(state: OpeningState, signed: Signed, kind: type[S]) -> tuple[Attempt, S]:
    """Read a party's message and check that the party it names signed it.

    Refusals: message.malformed, ceremony.no_such_attempt, ceremony.no_such_party,
    message.signature.
    """
    message = read(signed, kind)
    attempt = attempt_by_sid(state, message.sid)
    _verify_party(attempt, message.i, signed, kind)
    return attempt, message


def _verify_party(attempt: Attempt, party: int, signed: Signed, kind: type[Message]) -> None:
    key = transcripts.party_key(attempt.start, party)
    if key is None:
        raise NotValid("ceremony.no_such_party", party=party)
    verify(signed, kind, key)


def _check_static(point: str) -> None:
    try:
        check_peer_point(decode33(bytes.fromhex(point)))
    except InvalidPoint as error:
        raise NotValid("ceremony.point") from error


def _certifying(attempt: Attempt, party: int, key: certificate.Key) -> Point:
    """Return the point under which a party signs the transcript."""
    if party == transcripts.TIMEKEEPER:
        return key.y_t
    return transcripts.session(attempt).static[party - 1]


def _blamed(attempt: Attempt, message: CeremonyAbort, secret: str) -> tuple[int, ...]:
    """Return the dealers whose shares for the accuser are bad, or else the accuser."""
    if message.i == transcripts.TIMEKEEPER or message.cause != "share":
        raise NotValid("ceremony.no_evidence")
    if len(attempt.deals) <= attempt.start.n:
        raise OutOfOrder("ceremony.not_all_dealt")
    try:
        agreed = transcripts.session(attempt)
        dealt = transcripts.deals(attempt, agreed)
        faults = dkg.blame(agreed, message.i, int(secret, 16), dealt)
    except CeremonyInvalid as error:
        raise NotValid("ceremony.wrong_secret", party=message.i) from error
    return tuple(fault.party for fault in faults if fault.party is not None) or (message.i,)
