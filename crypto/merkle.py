"""The Merkle tree of RFC 6962 over leaf hashes; it never stores, hides or signs anything."""

import hashlib
import hmac
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

HASH_BYTES = 32


class ProofInvalid(ValueError):
    """A Merkle proof that does not lead from what it starts with to the root given."""


class Node(NamedTuple):
    """A complete subtree: it covers leaves `number << level` up to `(number + 1) << level`."""

    level: int
    number: int


Nodes = Mapping[Node, bytes]
"""Where the hashes of complete subtrees are read; a dict, or rows fetched beforehand."""


def empty_root() -> bytes:
    """Return the root of the tree without leaves: the hash of nothing."""
    return hashlib.sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    """Hash one leaf.

    Source: RFC 6962 section 2.1, prefix 00.
    """
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two subtrees into the one above.

    Source: RFC 6962 section 2.1, prefix 01.
    """
    return hashlib.sha256(b"\x01" + left + right).digest()


class Frontier:
    """The right edge of a growing tree: all that is needed to go on, in O(log n) memory."""

    __slots__ = ("_peaks", "size")

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes] = []

    def push(self, leaf: bytes) -> None:
        """Append one leaf hash."""
        width = self.size
        while width & 1:
            leaf = node_hash(self._peaks.pop(), leaf)
            width >>= 1
        self._peaks.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        """Return the root over all leaves so far."""
        return _fold(self._peaks)

    def root_with(self, last: bytes | None) -> bytes:
        """Return the root as it would be with one more leaf hash, or as it is."""
        return self.root() if last is None else _fold([*self._peaks, last])


def root(leaf_hashes: Iterable[bytes]) -> bytes:
    """Return the root over leaf hashes, read once from left to right."""
    frontier = Frontier()
    for leaf in leaf_hashes:
        frontier.push(leaf)
    return frontier.root()


def frontier(size: int) -> tuple[Node, ...]:
    """Name the complete subtrees that make up a tree, from left to right."""
    return tuple(_cover(0, size))


def append(nodes: Nodes, size: int, leaf_hashes: Sequence[bytes]) -> dict[Node, bytes]:
    """Compute every subtree that leaves appended to a tree complete, the leaves included.

    Args:
        nodes: holds at least `frontier(size)`.
        size: leaves in the tree so far.
        leaf_hashes: hashes of the new leaves, in order.

    Returns:
        The new nodes, to be stored beside the old ones.
    """
    new: dict[Node, bytes] = {}
    for at, leaf in enumerate(leaf_hashes, start=size):
        node, value = Node(0, at), leaf
        new[node] = value
        while node.number & 1:
            left = Node(node.level, node.number - 1)
            value = node_hash(new[left] if left in new else nodes[left], value)
            node = Node(node.level + 1, node.number >> 1)
            new[node] = value
    return new


def tree_root(nodes: Nodes, size: int) -> bytes:
    """Return the root of the tree's first leaves; reads `frontier(size)`."""
    return _range_hash(nodes, 0, size)


def inclusion_needs(index: int, size: int) -> tuple[Node, ...]:
    """Name the nodes that the inclusion proof of one leaf is made of."""
    return tuple(node for span in _inclusion_spans(index, size) for node in _cover(*span))


def inclusion_proof(nodes: Nodes, index: int, size: int) -> tuple[bytes, ...]:
    """Prove that a leaf is in the tree of the first `size` leaves; reads `inclusion_needs`.

    Source: RFC 6962 section 2.1.1.
    """
    return tuple(_range_hash(nodes, *span) for span in _inclusion_spans(index, size))


def consistency_needs(old: int, new: int) -> tuple[Node, ...]:
    """Name the nodes that the consistency proof between two sizes is made of."""
    return tuple(node for span in _consistency_spans(old, new) for node in _cover(*span))


def consistency_proof(nodes: Nodes, old: int, new: int) -> tuple[bytes, ...]:
    """Prove that a tree only grew between two sizes; reads `consistency_needs`.

    Source: RFC 6962 section 2.1.2; empty when `old` is 0 or equals `new`.
    """
    return tuple(_range_hash(nodes, *span) for span in _consistency_spans(old, new))


def verify_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], expected: bytes
) -> None:
    """Check that a leaf hash is at this place under this root.

    Source: RFC 9162 section 2.1.3.2.

    Raises:
        ProofInvalid: the proof has the wrong length or leads elsewhere.
    """
    if not 0 <= index < size:
        raise ProofInvalid("the index is outside the tree")
    at, last, value = index, size - 1, leaf
    for step in _hashes(proof):
        if last == 0:
            raise ProofInvalid("the proof is too long")
        if at & 1 or at == last:
            value = node_hash(step, value)
            at, last = _climb(at, last)
        else:
            value = node_hash(value, step)
        at, last = at >> 1, last >> 1
    if last != 0:
        raise ProofInvalid("the proof is too short")
    _expect(value, expected)


def verify_consistency(
    old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]
) -> None:
    """Check that the tree of `new` leaves begins with the tree of `old` leaves.

    Source: RFC 9162 section 2.1.4.2; old size 0 asks for the empty tree's root and no proof.

    Raises:
        ProofInvalid: the proof has the wrong length or leads elsewhere.
    """
    if not 0 <= old <= new:
        raise ProofInvalid("the tree shrank")
    steps = list(_hashes(proof))
    if old in (0, new):
        if steps:
            raise ProofInvalid("the proof is too long")
        _expect(old_root, empty_root() if old == 0 else new_root)
        if new == 0:
            _expect(new_root, empty_root())
        return
    if old & (old - 1) == 0:
        steps.insert(0, old_root)
    if not steps:
        raise ProofInvalid("the proof is too short")
    _walk_consistency(old - 1, new - 1, steps, (old_root, new_root))


def _walk_consistency(at: int, last: int, steps: list[bytes], roots: tuple[bytes, bytes]) -> None:
    while at & 1:
        at, last = at >> 1, last >> 1
    was = now = steps[0]
    for step in steps[1:]:
        if last == 0:
            raise ProofInvalid("the proof is too long")
        if at & 1 or at == last:
            was, now = node_hash(step, was), node_hash(step, now)
            at, last = _climb(at, last)
        else:
            now = node_hash(now, step)
        at, last = at >> 1, last >> 1
    if last != 0:
        raise ProofInvalid("the proof is too short")
    _expect(was, roots[0])
    _expect(now, roots[1])


def _climb(at: int, last: int) -> tuple[int, int]:
    """Skip the levels on which a ragged right edge has no left sibling to hash with."""
    while at != 0 and at & 1 == 0:
        at, last = at >> 1, last >> 1
    return at, last


def _expect(value: bytes, expected: bytes) -> None:
    if not hmac.compare_digest(value, expected):
        raise ProofInvalid("the proof leads to another root")


def _hashes(proof: Sequence[bytes]) -> Iterator[bytes]:
    for step in proof:
        if len(step) != HASH_BYTES:
            raise ProofInvalid("a step of the proof is not a hash")
        yield step


def _split(width: int) -> int:
    """Return the largest power of two below a width of two or more."""
    return 1 << (width - 1).bit_length() - 1


def _cover(low: int, high: int) -> Iterator[Node]:
    """Name the complete subtrees of a span that starts at a multiple of its own width."""
    while low < high:
        level = (high - low).bit_length() - 1
        yield Node(level, low >> level)
        low += 1 << level


def _range_hash(nodes: Nodes, low: int, high: int) -> bytes:
    return _fold([nodes[node] for node in _cover(low, high)])


def _fold(peaks: Sequence[bytes]) -> bytes:
    if not peaks:
        return empty_root()
    value = peaks[-1]
    for peak in reversed(peaks[:-1]):
        value = node_hash(peak, value)
    return value


def _inclusion_spans(index: int, size: int) -> list[tuple[int, int]]:
    if not 0 <= index < size:
        raise ValueError("the index is outside the tree")
    low, high = 0, size
    spans: list[tuple[int, int]] = []
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            spans.append((middle, high))
            high = middle
        else:
            spans.append((low, middle))
            low = middle
    return spans[::-1]


def _consistency_spans(old: int, new: int) -> list[tuple[int, int]]:
    if not 0 <= old <= new:
        raise ValueError("a tree never shrinks")
    if old in (0, new):
        return []
    low, high = 0, new
    spans: list[tuple[int, int]] = []
    while old != high:
        middle = low + _split(high - low)
        if old <= middle:
            spans.append((middle, high))
            high = middle
        else:
            spans.append((low, middle))
            low = middle
    if low:
        spans.append((low, high))
    return spans[::-1]
