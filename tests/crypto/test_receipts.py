import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from crypto import canonical, checkpoints, merkle
from crypto.checkpoints import Checkpoint
from crypto.hashing import H
from crypto.notes import COSIGNATURE_V1, ED25519, NoteInvalid, NoteSigner, encode_base64
from crypto.receipts import ReceiptInvalid, check_receipt, check_unwitnessed, make_receipt
from crypto.tlog_proof import TlogProof, parse_tlog_proof

LOG = NoteSigner("log.example/one", ED25519, Ed25519PrivateKey.from_private_bytes(b"\1" * 32))
TK = NoteSigner("tk.example/w", COSIGNATURE_V1, Ed25519PrivateKey.from_private_bytes(b"\2" * 32))
LOG_VKEY, TK_VKEY = LOG.verifier.encode(), TK.verifier.encode()

SALT = bytes(range(32))


def entry_bytes() -> bytes:
    return canonical.dumps({"v": 1, "at": 1700000000000, "type": "opening.bid_admitted"})


def receipt_of(entry: bytes, salt: bytes = SALT, size: int = 6, index: int = 3) -> bytes:
    leaves = [merkle.leaf_hash(bytes([number])) for number in range(size)]
    leaves[index] = merkle.leaf_hash(H("leaf", salt, entry))
    nodes = merkle.append({}, 0, leaves)
    head = Checkpoint(LOG.name, size, merkle.tree_root(nodes, size))
    note = checkpoints.add_cosignature(
        checkpoints.sign_checkpoint(head, LOG), checkpoints.cosign(head, TK, 1_700_000_001)
    )
    return make_receipt(entry, salt, index, merkle.inclusion_proof(nodes, index, size), note)


GOOD = receipt_of(entry_bytes())


def test_a_receipt_holds_offline() -> None:
    found = check_receipt(GOOD, LOG_VKEY, TK_VKEY)
    assert found.entry == {"v": 1, "at": 1700000000000, "type": "opening.bid_admitted"}
    assert found.entry_bytes == entry_bytes()
    assert found.leaf == H("leaf", SALT, entry_bytes())
    assert (found.index, found.cosigned_at) == (3, 1_700_000_001)
    assert found.checkpoint.size == 6
    assert found.note == parse_tlog_proof(json.loads(GOOD)["proof"].encode()).note


def test_the_known_answer_of_the_leaf_stands() -> None:
    found = check_receipt(receipt_of(b"{}", bytes(32)), LOG_VKEY, TK_VKEY)
    assert found.leaf.hex() == "340173352f219141601fe320bbfd266b5d3dcb1e19b3ae7d35eb488e233c41eb"


@given(st.data())
def test_a_flipped_bit_anywhere_is_found(data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(GOOD) - 1))
    broken = GOOD[:at] + bytes([GOOD[at] ^ (1 << data.draw(st.integers(0, 7)))]) + GOOD[at + 1 :]
    with pytest.raises(ReceiptInvalid):
        check_receipt(broken, LOG_VKEY, TK_VKEY)


def with_proof(**fields: object) -> bytes:
    receipt = json.loads(GOOD)
    proof = parse_tlog_proof(receipt["proof"].encode())
    values = {name: getattr(proof, name) for name in ("extra", "index", "path", "note")}
    receipt["proof"] = TlogProof(**{**values, **fields}).encode().decode()
    return canonical.dumps(receipt)


def test_a_receipt_with_a_wrong_part_is_refused() -> None:
    assert with_proof() == GOOD
    other = parse_tlog_proof(json.loads(receipt_of(entry_bytes(), size=7))["proof"].encode())
    log_only = checkpoints.sign_checkpoint(check_receipt(GOOD, LOG_VKEY, TK_VKEY).checkpoint, LOG)
    for wrong in (
        with_proof(extra=None),
        with_proof(extra=SALT[:31]),
        with_proof(extra=SALT[::-1]),
        with_proof(index=2),
        with_proof(path=()),
        with_proof(path=other.path),
        with_proof(note=other.note, path=()),
        with_proof(note=log_only),
    ):
        with pytest.raises(ReceiptInvalid):
            check_receipt(wrong, LOG_VKEY, TK_VKEY)


def test_a_receipt_without_cosignature_holds_for_the_log_alone() -> None:
    checked = check_receipt(GOOD, LOG_VKEY, TK_VKEY)
    waiting = with_proof(note=checkpoints.sign_checkpoint(checked.checkpoint, LOG))
    found = check_unwitnessed(waiting, LOG_VKEY)
    assert (found.entry, found.entry_bytes) == (checked.entry, checked.entry_bytes)
    assert (found.leaf, found.index) == (checked.leaf, 3)
    assert found.checkpoint == checked.checkpoint
    for wrong in (with_proof(index=2), with_proof(extra=None), b"{}"):
        with pytest.raises(ReceiptInvalid):
            check_unwitnessed(wrong, LOG_VKEY)
    with pytest.raises(ReceiptInvalid):
        check_unwitnessed(waiting, TK_VKEY)


def test_other_keys_do_not_check_it() -> None:
    for log, witness in ((TK_VKEY, TK_VKEY), (LOG_VKEY, LOG_VKEY), ("", TK_VKEY), (LOG_VKEY, "x")):
        with pytest.raises(ReceiptInvalid):
            check_receipt(GOOD, log, witness)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        json.dumps(json.loads(GOOD)).encode(),
        GOOD.replace(b'"v":1}', b'"v":2}'),
        GOOD.replace(b'"v":1}', b'"v":true}'),
        GOOD.replace(b'"v":1}', b'"v":1,"w":1}'),
        receipt_of(b"[]"),
        receipt_of(b'{"b":1,"a":2}'),
        receipt_of(b"not json"),
    ],
)
def test_a_malformed_receipt_is_refused(data: bytes) -> None:
    with pytest.raises(ReceiptInvalid):
        check_receipt(data, LOG_VKEY, TK_VKEY)


NOTE = checkpoints.sign_checkpoint(Checkpoint(LOG.name, 5, bytes(32)), LOG)
HASH = encode_base64(bytes(32))


@given(
    st.none() | st.binary(max_size=40),
    st.integers(0, (1 << 63) - 1),
    st.lists(st.binary(min_size=32, max_size=32), max_size=63),
)
def test_a_proof_file_reads_back(extra: bytes | None, index: int, path: list[bytes]) -> None:
    proof = TlogProof(extra, index, tuple(path), NOTE)
    assert parse_tlog_proof(proof.encode()) == proof


def test_a_proof_file_has_the_lines_of_its_format() -> None:
    written = TlogProof(b"salt", 9, (bytes(32),), NOTE).encode()
    head = f"c2sp.org/tlog-proof@v1\nextra c2FsdA==\nindex 9\n{HASH}\n\n".encode()
    assert written == head + NOTE


@pytest.mark.parametrize(
    "head",
    [
        "c2sp.org/tlog-proof@v2\nindex 9\n\n",
        "c2sp.org/tlog-proof@v1\n\n",
        "c2sp.org/tlog-proof@v1\nindex 09\n\n",
        "c2sp.org/tlog-proof@v1\nindex -1\n\n",
        "c2sp.org/tlog-proof@v1\nindex 9\nextra AAAA\n\n",
        "c2sp.org/tlog-proof@v1\nextra AAA\nindex 9\n\n",
        "c2sp.org/tlog-proof@v1\nextra AAAA\nextra AAAA\nindex 9\n\n",
        "c2sp.org/tlog-proof@v1\nindex 9\nAAAA\n\n",
        "c2sp.org/tlog-proof@v1\nindex 9\n" + (HASH + "\n") * 64 + "\n",
        "c2sp.org/tlog-proof@v1\nindex 9\n",
        "c2sp.org/tlog-proof@v1\r\nindex 9\n\n",
        "\nc2sp.org/tlog-proof@v1\nindex 9\n\n",
        "c2sp.org/tlog-proof@v1\nindex 9\n" + "A" * 140_000 + "\n\n",
    ],
)
def test_a_malformed_proof_file_is_refused(head: str) -> None:
    with pytest.raises(NoteInvalid):
        parse_tlog_proof(head.encode() + NOTE)
