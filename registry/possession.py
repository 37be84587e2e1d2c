"""The proof by which a device's signing key signs for itself; it must not judge who may."""

from base64 import b64decode
from dataclasses import dataclass

from crypto.signatures import EnvelopeInvalid, SignatureInvalid, keyid, open_envelope
from record.errors import NotValid
from record.events import Signed
from registry.commands import RegisterKey
from registry.events import KeyRegistration


@dataclass(frozen=True, slots=True)
class CheckedKey:
    """A key whose possession was proved by the message it names; only `check_key` makes it."""

    account: str
    keyid: str
    key: str


def registered(envelope: Signed) -> KeyRegistration:
    """Read the message of an envelope without checking its signature.

    Raises:
        ValueError: the payload is not a key registration.
    """
    return KeyRegistration.read(b64decode(envelope.payload, validate=True))


def check_key(command: RegisterKey) -> CheckedKey:
    """Check that a key registration is signed by the very key it names.

    Raises:
        NotValid: `registry.key_not_proved`.
    """
    envelope = command.message
    try:
        message = registered(envelope)
        spki = bytes.fromhex(message.key)
        open_envelope(envelope.model_dump(mode="json"), KeyRegistration.payload_type(), spki)
    except (ValueError, EnvelopeInvalid, SignatureInvalid) as error:
        raise NotValid("registry.key_not_proved") from error
    return CheckedKey(message.account, keyid(spki), message.key)
