"""The custodian's kit: one master secret in a file under a passphrase, every other key derived.

It must not hold anything of one ceremony: what a ceremony needs derives from master and its id.
The file's own salt and nonce come from the age library; nothing here asks for randomness.
"""

import hmac
from dataclasses import dataclass, field

from crypto import canonical
from crypto.hashing import ORDER, PREFIX, lp
from crypto.passphrase import decrypt, encrypt
from crypto.points import InvalidScalar

MASTER_LENGTH = 32
STATIC = "static"
EPHEMERAL = "eph"


class KitInvalid(ValueError):
    """What the file holds is not a kit."""


@dataclass(frozen=True, slots=True)
class Origin:
    """One installation's log as the custodian knew it when the kit was made."""

    log: str
    timekeeper: str
    checkpoint: str


@dataclass(frozen=True, slots=True)
class Kit:
    """A custodian's master secret, signing key (PKCS #8) and the logs it trusts."""

    master: bytes = field(repr=False)
    identity: bytes = field(repr=False)
    origins: tuple[Origin, ...]


def derive(master: bytes, purpose: str, sid: bytes) -> int:
    """Return the secret scalar of one purpose in one ceremony, in [1, q-1].

    Args:
        master: 32 bytes.
        purpose: `static`, `eph` or a coefficient's name.
        sid: the ceremony's id, 32 bytes.

    Raises:
        InvalidScalar: it came out zero, which asks for another ceremony; it will not happen.
    """
    if len(master) != MASTER_LENGTH:
        raise ValueError("a master secret has 32 bytes")
    prk = hmac.digest((PREFIX + "kit").encode(), master, "sha256")
    info = lp(purpose.encode(), sid)
    first = hmac.digest(prk, info + b"\1", "sha256")
    second = hmac.digest(prk, first + info + b"\2", "sha256")
    scalar = int.from_bytes(first + second[:16]) % ORDER
    if scalar == 0:
        raise InvalidScalar("the derived scalar is zero")
    return scalar


def coefficient(master: bytes, place: int, sid: bytes) -> int:
    """Return one coefficient of the custodian's polynomial, counted from 0."""
    return derive(master, f"coef/{place}", sid)


def encode(kit: Kit) -> bytes:
    """Return a kit as canonical JSON; it is secret in this form."""
    return canonical.dumps(
        {
            "v": 1,
            "master": kit.master.hex(),
            "identity": kit.identity.hex(),
            "origins": [
                {
                    "log": origin.log,
                    "timekeeper": origin.timekeeper,
                    "checkpoint": origin.checkpoint,
                }
                for origin in kit.origins
            ],
        },
    )


def decode(data: bytes) -> Kit:
    """Read a kit from canonical JSON.

    Raises:
        KitInvalid: a field is missing, unknown or out of form.
    """
    try:
        kit = _kit(canonical.loads(data))
    except ValueError as error:
        raise KitInvalid(str(error)) from error
    if len(kit.master) != MASTER_LENGTH or encode(kit) != data:
        raise KitInvalid("not the one form of a kit")
    return kit


def lock(kit: Kit, passphrase: str) -> bytes:
    """Return a kit as an age file under a passphrase."""
    return encrypt(encode(kit), passphrase)


def unlock(data: bytes, passphrase: str) -> Kit:
    """Open a kit's file.

    Raises:
        Locked: the passphrase is wrong, the file is not an age file under a passphrase, or it
            asks for more work than this machine can do.
        KitInvalid: what it holds is not a kit.
    """
    return decode(decrypt(data, passphrase))


def _kit(value: canonical.JsonValue) -> Kit:
    match value:
        case {"master": str(master), "identity": str(identity), "origins": list(rows)}:
            origins = tuple(_origin(row) for row in rows)
            return Kit(bytes.fromhex(master), bytes.fromhex(identity), origins)
        case _:
            raise KitInvalid("fields are missing")


def _origin(row: canonical.JsonValue) -> Origin:
    match row:
        case {"log": str(log), "timekeeper": str(timekeeper), "checkpoint": str(checkpoint)}:
            return Origin(log, timekeeper, checkpoint)
        case _:
            raise KitInvalid("an origin is out of form")
