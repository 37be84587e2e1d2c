"""The Merkle tree of RFC 6962 and its proofs; it must not know what leaves are.

Source: RFC 9162 sections 2.1.3.2 and 2.1.4.2.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256


def leaf(data: bytes) -> bytes:
    """Return the hash of a leaf."""
    return sha256(b"\0" + data).digest()


def node(left: bytes, right: bytes) -> bytes:
    """Return the hash of a node."""
    return sha256(b"\1" + left + right).digest()


def root(leaves: Iterable[bytes]) -> bytes:
    """Return the root over leaf hashes."""
    row = list(leaves)
    if not row:
        return sha256().digest()
    while len(row) > 1:
        pairs = [node(row[at], row[at + 1]) for at in range(0, len(row) - 1, 2)]
        row = pairs + row[len(row) & ~1 :]
    return row[0]


def included(hashed: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes | None:
    """Return the root an inclusion proof leads to; None when the proof has another length."""
    if index >= size:
        return None
    at, last, value = index, size - 1, hashed
    for step in proof:
        if last == 0:
            return None
        if at % 2 or at == last:
            value = node(step, value)
            while at and at % 2 == 0:
                at, last = at // 2, last // 2
        else:
            value = node(value, step)
        at, last = at // 2, last // 2
    return value if last == 0 else None


def grown(
    old: int, old_root: bytes, new: int, proof: Sequence[bytes]
) -> tuple[bytes, bytes] | None:
    """Return both roots that a consistency proof leads to, for sizes 0 < old < new."""
    steps = list(proof) if old & (old - 1) else [old_root, *proof]
    if not steps:
        return None
    at, last = old - 1, new - 1
    while at % 2:
        at, last = at // 2, last // 2
    before = after = steps[0]
    for step in steps[1:]:
        if last == 0:
            return None
        if at % 2 or at == last:
            before, after = node(step, before), node(step, after)
            while at and at % 2 == 0:
                at, last = at // 2, last // 2
        else:
            after = node(after, step)
        at, last = at // 2, last // 2
    return (before, after) if last == 0 else None
