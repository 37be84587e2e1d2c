"""Envelopes as the rules meet them: what a signed message says, and whether its signer's key fits.

It must not decide who may sign what; callers say whose key is meant.
"""

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

from crypto import signatures
from opening.messages import Message
from opening.participants import Participant, Participants, Role
from opening.state import OpeningState
from record.errors import NotAllowed, NotValid
from record.events import Signed
from record.rules import Given

M = TypeVar("M", bound=Message)
C = TypeVar("C", bound="Checked")


@dataclass(frozen=True, slots=True)
class Checked:
    """The outcome of a check made before the desk, about one signed message.

    Only the checks make these. Whoever decides compares `message` with the command's own, and
    `keyid`, under which the signature holds, with the state's.
    """

    message: Signed
    keyid: str


def payload(signed: Signed) -> bytes:
    """Return the bytes that were signed; raises ValueError when they are not strict base64."""
    return base64.b64decode(signed.payload, validate=True)


def read(signed: Signed, kind: type[M]) -> M:
    """Read the message of an envelope without judging its signature.

    Raises:
        NotValid: `message.malformed`.
    """
    try:
        return kind.read(payload(signed))
    except ValueError as error:
        raise NotValid("message.malformed", message=kind.name) from error


def signer(signed: Signed) -> str:
    """Return the key id an envelope names, or nothing where it has not exactly one signature."""
    return signed.signatures[0].keyid if len(signed.signatures) == 1 else ""


def keyid(key: str) -> str:
    """Return the key id of a SubjectPublicKeyInfo in hex."""
    return hashlib.sha256(bytes.fromhex(key)).hexdigest()


def verify(signed: Signed, kind: type[Message], key: str) -> None:
    """Check an envelope's one signature and its payload type.

    Raises:
        NotValid: `message.signature`.
    """
    try:
        envelope = signed.model_dump(mode="json")
        signatures.open_envelope(envelope, kind.payload_type(), bytes.fromhex(key))
    except ValueError as error:
        raise NotValid("message.signature", message=kind.name) from error


def verified(signed: Signed, kind: type[M], key: str) -> M:
    """Check an envelope under a key and read its message.

    Raises:
        NotValid: `message.signature`, `message.malformed`.
    """
    verify(signed, kind, key)
    return read(signed, kind)


def signing(participants: Participants, role: Role, signed: Signed) -> Participant | None:
    """Return who of a role signs with the key an envelope names; the first bound of several."""
    return next(_with_key(participants, role, signer(signed)), None)


def signed_as(state: OpeningState, role: Role, signed: Signed, kind: type[M]) -> M:
    """Check that a participant of a role signed an envelope, and read its message.

    Raises:
        NotValid: `message.not_signer`, `message.signature`, `message.malformed`.
    """
    who = signing(state.participants, role, signed)
    if who is None or who.key is None:
        raise NotValid("message.not_signer", message=kind.name)
    return verified(signed, kind, who.key)


def expect(given: Given, kind: type[C], message: Signed) -> C:
    """Return the outcome of the check of this very message; anything else is a bug of the shell."""
    checked = given.checked
    if not isinstance(checked, kind) or checked.message != message:
        raise TypeError("the command was not checked: " + kind.__name__)
    return checked


def acting(state: OpeningState, given: Given, role: Role) -> Participant:
    """Return the binding under which the actor acts.

    Raises:
        NotAllowed: `opening.not_bound`.
    """
    found = state.participants.get((given.actor.account, role))
    if found is None:
        raise NotAllowed("opening.not_bound", role=role)
    return found


def acting_signer(state: OpeningState, given: Given, role: Role, checked: Checked) -> Participant:
    """Return the binding of the actor, who must have signed with the key it has now.

    Raises:
        NotAllowed: `opening.not_bound`.
        NotValid: `message.not_signer`.
    """
    found = acting(state, given, role)
    if found.keyid != checked.keyid:
        raise NotValid("message.not_signer", role=role)
    return found


def _with_key(participants: Participants, role: Role, wanted: str) -> Iterator[Participant]:
    return (
        found
        for (_, bound_role), found in participants.items()
        if bound_role == role and wanted and found.keyid == wanted
    )
