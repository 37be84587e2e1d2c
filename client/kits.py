"""A custodian's kit as a file: made, re-opened before it is used, opened again later.

It must not leave the master secret anywhere but in the age file.
"""

from pathlib import Path

from client import durable, keys
from client.errors import Unusable
from client.profile import Trust
from crypto import random
from crypto.kit import MASTER_LENGTH, Kit, KitInvalid, Origin, lock, unlock
from crypto.passphrase import Locked
from crypto.signatures import PrivateKey


def make(path: Path, passphrase: str, trust: Trust, checkpoint: bytes) -> Kit:
    """Make a kit, write it, and open it again from the disk.

    Raises:
        Unusable: there is a file already, or what was written does not open.
    """
    if path.exists():
        raise Unusable("there is a file already; a kit is never overwritten", path)
    if len(passphrase) < 8:
        raise Unusable("a passphrase has at least 8 characters")
    origin = Origin(trust.log, trust.timekeeper, checkpoint.decode())
    made = Kit(random.fresh(MASTER_LENGTH), keys.pkcs8(keys.make()), (origin,))
    durable.write(path, lock(made, passphrase))
    if load(path, passphrase) != made:
        raise Unusable("the kit that was written is not the one that was made", path)
    return made


def load(path: Path, passphrase: str) -> Kit:
    """Open a kit.

    Raises:
        Unusable: there is none, the passphrase is wrong, or the file is broken.
    """
    if not path.exists():
        raise Unusable("there is no kit", path)
    try:
        return unlock(path.read_bytes(), passphrase)
    except (Locked, KitInvalid) as error:
        raise Unusable("the kit does not open", error) from error


def identity(kit: Kit) -> PrivateKey:
    """Return the signing key of a kit."""
    return keys.from_pkcs8(kit.identity)


def check_origin(kit: Kit, trust: Trust) -> None:
    """Refuse a service that is not the one the kit was made for.

    Raises:
        Unusable: the kit knows other keys.
    """
    known = {(origin.log, origin.timekeeper) for origin in kit.origins}
    if (trust.log, trust.timekeeper) not in known:
        raise Unusable("this kit was made for another log or another timekeeper")
