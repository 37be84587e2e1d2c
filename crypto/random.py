"""Fresh randomness, the only source of it in the product.

It must not be imported by pure packages: they are given their random bytes.
"""

import secrets  # noqa: TID251 - this module is where randomness comes from

from crypto.hashing import ORDER


def fresh(count: int) -> bytes:
    """Return that many random bytes from the operating system."""
    return secrets.token_bytes(count)


def scalar() -> int:
    """Return a uniform scalar in [1, q-1]."""
    return 1 + secrets.randbelow(ORDER - 1)
