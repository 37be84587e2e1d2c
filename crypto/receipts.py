"""Receipts: an entry with the proof that it stands in the cosigned log, checked offline.

It must not know events; what an entry says is for whoever asked for the receipt.
"""

from dataclasses import dataclass

from crypto import canonical
from crypto.canonical import JsonValue, NotCanonical
from crypto.checkpoints import Checkpoint
from crypto.hashing import H
from crypto.merkle import leaf_hash
from crypto.notes import VerifierKey
from crypto.tlog_proof import TlogProof, parse_tlog_proof

RECEIPT_LIMIT = 32 << 20
SALT_BYTES = 32


class ReceiptInvalid(ValueError):
    """A receipt that is malformed or does not hold; its cause says which check failed."""


@dataclass(frozen=True, slots=True)
class CheckedReceipt:
    """A receipt that holds.

    Args:
        entry: the entry as parsed.
        entry_bytes: the entry as it was hashed.
        leaf: the leaf data, which the next entry of the project binds.
        index: the entry's place in the log, from 0.
        cosigned_at: POSIX seconds by the witness's clock: the trusted time.
        checkpoint: the tree head both signed.
        note: its bytes.
    """

    entry: dict[str, JsonValue]
    entry_bytes: bytes
    leaf: bytes
    index: int
    cosigned_at: int
    checkpoint: Checkpoint
    note: bytes


@dataclass(frozen=True, slots=True)
class UnwitnessedReceipt:
    """What the log alone vouches for while the witness is away: an entry, at no trusted time."""

    entry: dict[str, JsonValue]
    entry_bytes: bytes
    leaf: bytes
    index: int
    checkpoint: Checkpoint


def make_receipt(
    entry: bytes, salt: bytes, index: int, path: tuple[bytes, ...], note: bytes
) -> bytes:
    """Write a receipt.

    Args:
        entry: the entry bytes, canonical JSON.
        salt: the 32 bytes its leaf was hashed with.
        index: its place in the log, from 0.
        path: the inclusion proof under the checkpoint.
        note: the first cosigned checkpoint that holds the entry.
    """
    proof = TlogProof(salt, index, path, note).encode()
    return canonical.dumps({"v": 1, "entry": entry.decode(), "proof": proof.decode()})


def check_receipt(receipt: bytes, log_vkey: str, witness_vkey: str) -> CheckedReceipt:
    """Check a receipt with nothing but the two verifier keys.

    Raises:
        ReceiptInvalid: it is malformed, a signature is missing or wrong, or the proof leads
            elsewhere.

    Source: docs/sealing.md section 6.
    """
    try:
        log, witness = VerifierKey.decode(log_vkey), VerifierKey.decode(witness_vkey)
        entry_bytes, proof = _parse(receipt)
        entry, leaf = _read_entry(entry_bytes, proof)
        cosigned = proof.verify(leaf_hash(leaf), log, witness)
    except ValueError as error:
        raise ReceiptInvalid(str(error)) from error
    return CheckedReceipt(
        entry,
        entry_bytes,
        leaf,
        proof.index,
        cosigned.cosigned_at,
        cosigned.checkpoint,
        proof.note,
    )


def check_unwitnessed(receipt: bytes, log_vkey: str) -> UnwitnessedReceipt:
    """Check a receipt that waits for its cosignature with the log's verifier key.

    Raises:
        ReceiptInvalid: it is malformed, the log did not sign, or the proof leads elsewhere.
    """
    try:
        log = VerifierKey.decode(log_vkey)
        entry_bytes, proof = _parse(receipt)
        entry, leaf = _read_entry(entry_bytes, proof)
        checkpoint = proof.verify_log(leaf_hash(leaf), log)
    except ValueError as error:
        raise ReceiptInvalid(str(error)) from error
    return UnwitnessedReceipt(entry, entry_bytes, leaf, proof.index, checkpoint)


def _parse(receipt: bytes) -> tuple[bytes, TlogProof]:
    match canonical.loads(receipt, RECEIPT_LIMIT):
        case {"v": version, "entry": str(entry), "proof": str(proof), **rest} if not rest:
            if version is True or version != 1:
                raise NotCanonical("a receipt of another version")
            return entry.encode(), parse_tlog_proof(proof.encode())
    raise NotCanonical("not a receipt")


def _read_entry(entry_bytes: bytes, proof: TlogProof) -> tuple[dict[str, JsonValue], bytes]:
    entry = canonical.loads(entry_bytes, RECEIPT_LIMIT)
    if not isinstance(entry, dict):
        raise NotCanonical("the entry is no object")
    if proof.extra is None or len(proof.extra) != SALT_BYTES:
        raise NotCanonical("the receipt has no salt")
    return entry, H("leaf", proof.extra, entry_bytes)
