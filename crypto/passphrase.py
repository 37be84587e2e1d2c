"""Files under a passphrase: age v1 with scrypt; it must not know what is in them.

The age library measures the machine to choose, and to judge, how much work a guess costs. On a
machine that is busy at that moment the measure is off, so it is taken again.
"""

import pyrage
from pyrage import passphrase as age_passphrase

WORK = range(15, 21)
"""Work factors of scrypt that files are made with, as powers of two: part of a second to some."""
_TRIES = 8
_EXCESSIVE = "Excessive work"


class Locked(ValueError):
    """The file does not open: the passphrase is wrong, or it is not an age file under one."""


def encrypt(plain: bytes, passphrase: str) -> bytes:
    """Return an age file under a passphrase, made with as much work as `WORK` says."""
    locked = bytes(age_passphrase.encrypt(plain, passphrase))
    for _ in range(_TRIES):
        if _work(locked) in WORK:
            break
        locked = bytes(age_passphrase.encrypt(plain, passphrase))
    return locked


def decrypt(data: bytes, passphrase: str) -> bytes:
    """Open an age file under a passphrase.

    Raises:
        Locked: the passphrase is wrong, the file is not such a file, or it asks for more work
            than this machine can do.
    """
    return _decrypted(data, passphrase, _TRIES)


def _decrypted(data: bytes, passphrase: str, tries: int) -> bytes:
    try:
        return bytes(age_passphrase.decrypt(data, passphrase))
    except pyrage.DecryptError as error:
        if tries and _EXCESSIVE in str(error) and _work(data) in WORK:
            return _decrypted(data, passphrase, tries - 1)
        raise Locked("this passphrase does not open the file") from error


def _work(locked: bytes) -> int:
    """Return the scrypt work factor in an age file's header, as a power of two; 0 without one.

    Source: age-encryption.org/v1, the scrypt recipient stanza.
    """
    stanza = locked[:200].split(b"\n")[1:2]
    fields = stanza[0].split(b" ") if stanza else []
    is_scrypt = len(fields) == 4 and fields[:2] == [b"->", b"scrypt"] and fields[3].isdigit()
    return int(fields[3]) if is_scrypt else 0
