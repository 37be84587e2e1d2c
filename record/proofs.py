"""Proofs out of the log's stored nodes; it must not sign, and it never waits for the witness."""

from collections.abc import Sequence

from crypto import merkle
from crypto.receipts import make_receipt
from record.entries import Entry
from record.store import Log


async def inclusion(log: Log, places: Sequence[tuple[int, int]]) -> list[tuple[bytes, ...]]:
    """Prove leaves, each (position, size) in the tree of its size; one reading for all."""
    needs = {need for place in places for need in merkle.inclusion_needs(*place)}
    nodes = await log.nodes(needs)
    return [merkle.inclusion_proof(nodes, *place) for place in places]


async def consistency(log: Log, old: int, new: int) -> tuple[bytes, ...]:
    """Prove that the log only grew between two sizes."""
    nodes = await log.nodes(merkle.consistency_needs(old, new))
    return merkle.consistency_proof(nodes, old, new)


async def root(log: Log, size: int) -> bytes:
    """Return the root of the log's first leaves."""
    return merkle.tree_root(await log.nodes(merkle.frontier(size)), size)


async def receipt(log: Log, entry: Entry, place: tuple[int, int], note: bytes) -> bytes:
    """Make the receipt of an entry.

    Args:
        log: holds the nodes.
        entry: what the receipt is for.
        place: the entry's position, and the size of the checkpoint.
        note: the checkpoint, signed and, for a receipt in full, cosigned.
    """
    (path,) = await inclusion(log, [place])
    return make_receipt(entry.text, entry.salts.leaf, place[0], path, note)
