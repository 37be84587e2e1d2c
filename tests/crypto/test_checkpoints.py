import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from crypto import checkpoints, merkle, witness
from crypto.checkpoints import Checkpoint, NoteInvalid
from crypto.notes import COSIGNATURE_V1, ED25519, NoteSigner, parse_note
from crypto.witness import AddCheckpoint, WitnessRefused

# The example of the tlog-cosignature specification.
EXAMPLE = (
    "example.com/behind-the-sofa\n"
    "20852163\n"
    "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    "\n"
    "— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2"
    "q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
    "— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2"
    "oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n"
).encode()
EXAMPLE_REQUEST = (
    "old 20852014\n"
    "PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\n"
    "jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=\n"
    "5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=\n"
    "/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=\n"
    "\n"
    "example.com/behind-the-sofa\n"
    "20852163\n"
    "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    "\n"
    "— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2"
    "q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
    "— example.com/behind-the-sofa opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V62"
    "67UEjw6QUXTS5Rovnzv++qbSzm9Q=\n"
).encode()

LOG = NoteSigner("log.example/one", ED25519, Ed25519PrivateKey.from_private_bytes(b"\1" * 32))
TK = NoteSigner("tk.example/w", COSIGNATURE_V1, Ed25519PrivateKey.from_private_bytes(b"\2" * 32))
OTHER = NoteSigner("log.example/two", ED25519, Ed25519PrivateKey.from_private_bytes(b"\3" * 32))

LEAVES = [merkle.leaf_hash(bytes([number])) for number in range(20)]
NODES = merkle.append({}, 0, LEAVES)


def head(size: int, origin: str = LOG.name) -> Checkpoint:
    return Checkpoint(origin, size, merkle.tree_root(NODES, size))


def signed(size: int) -> bytes:
    return checkpoints.sign_checkpoint(head(size), LOG)


def cosigned(size: int, seconds: int = 1_700_000_000) -> bytes:
    return checkpoints.add_cosignature(signed(size), checkpoints.cosign(head(size), TK, seconds))


def test_the_published_example_reads_back_to_the_byte() -> None:
    note = parse_note(EXAMPLE)
    checkpoint = checkpoints.parse_checkpoint(note.text)
    assert (checkpoint.origin, checkpoint.size) == ("example.com/behind-the-sofa", 20852163)
    assert checkpoint.encode() == note.text
    assert note.encode() == EXAMPLE
    assert int.from_bytes(note.signatures[1].signature[:8]) == 1679315147


def test_a_cosigned_checkpoint_tells_its_head_and_its_time() -> None:
    note = cosigned(7)
    opened = checkpoints.open_cosigned(note, LOG.verifier, TK.verifier)
    assert opened.checkpoint == head(7)
    assert opened.cosigned_at == 1_700_000_000
    assert opened.note == note
    assert checkpoints.open_checkpoint(note, LOG.verifier) == head(7)


def test_a_cosignature_signs_the_time_and_the_whole_head() -> None:
    line = checkpoints.cosign(head(3), TK, 1679315147)
    body = head(3).encode().decode()
    message = f"cosignature/v1\ntime 1679315147\n{body}".encode()
    assert line.signature[:8] == (1679315147).to_bytes(8)
    Ed25519PublicKey.from_public_bytes(TK.verifier.public).verify(line.signature[8:], message)
    seed = b"tk.example/w\n\x04" + TK.verifier.public
    assert line.key_id == hashlib.sha256(seed).digest()[:4]


@given(st.data())
def test_a_flipped_bit_anywhere_is_found(data: st.DataObject) -> None:
    note = cosigned(7)
    at = data.draw(st.integers(0, len(note) - 1))
    broken = note[:at] + bytes([note[at] ^ (1 << data.draw(st.integers(0, 7)))]) + note[at + 1 :]
    with pytest.raises(NoteInvalid):
        checkpoints.open_cosigned(broken, LOG.verifier, TK.verifier)


def test_a_checkpoint_of_another_log_is_refused() -> None:
    foreign = checkpoints.sign_checkpoint(head(3, OTHER.name), OTHER)
    with pytest.raises(NoteInvalid, match="another log"):
        checkpoints.open_checkpoint(foreign, LOG.verifier)


def test_the_log_signs_only_its_own_checkpoints_and_only_as_a_log() -> None:
    with pytest.raises(ValueError, match="its own"):
        checkpoints.sign_checkpoint(head(3), OTHER)
    with pytest.raises(ValueError, match="its own"):
        checkpoints.sign_checkpoint(head(3, TK.name), TK)


def test_a_missing_cosignature_or_log_signature_is_refused() -> None:
    with pytest.raises(NoteInvalid, match="missing"):
        checkpoints.open_cosigned(signed(3), LOG.verifier, TK.verifier)
    only = parse_note(cosigned(3))
    without = type(only)(only.text, only.signatures[1:]).encode()
    with pytest.raises(NoteInvalid, match="missing"):
        checkpoints.open_cosigned(without, LOG.verifier, TK.verifier)


def test_two_cosignatures_of_one_witness_are_refused() -> None:
    twice = checkpoints.add_cosignature(cosigned(3), checkpoints.cosign(head(3), TK, 5))
    with pytest.raises(NoteInvalid, match="twice"):
        checkpoints.open_cosigned(twice, LOG.verifier, TK.verifier)


def test_a_cosignature_of_another_head_does_not_verify() -> None:
    moved = checkpoints.add_cosignature(signed(4), checkpoints.cosign(head(3), TK, 5))
    with pytest.raises(NoteInvalid, match="does not verify"):
        checkpoints.open_cosigned(moved, LOG.verifier, TK.verifier)


def test_keys_of_the_wrong_kind_are_refused() -> None:
    with pytest.raises(ValueError, match="witness key"):
        checkpoints.cosign(head(3), LOG, 5)
    with pytest.raises(NoteInvalid, match="not a witness key"):
        checkpoints.verify_cosignature(head(3), checkpoints.cosign(head(3), TK, 5), LOG.verifier)
    posing = NoteSigner(LOG.name, COSIGNATURE_V1, LOG.private)
    with pytest.raises(NoteInvalid, match="not a log key"):
        checkpoints.open_checkpoint(signed(3), posing.verifier)


@pytest.mark.parametrize("seconds", [0, -1, 1 << 63])
def test_a_time_out_of_range_is_refused(seconds: int) -> None:
    with pytest.raises(ValueError, match="out of range"):
        checkpoints.cosign(head(3), TK, seconds)


def test_a_cosignature_that_claims_no_time_is_refused() -> None:
    message = b"cosignature/v1\ntime 0\n" + head(3).encode()
    line = TK.line(message, bytes(8))
    with pytest.raises(NoteInvalid, match="out of range"):
        checkpoints.verify_cosignature(head(3), line, TK.verifier)


BODY = head(7).encode().decode()


@pytest.mark.parametrize(
    "text",
    [
        BODY + "extension\n",
        BODY[:-1],
        BODY.replace("\n7\n", "\n07\n"),
        BODY.replace("\n7\n", "\n-7\n"),
        BODY.replace("\n7\n", "\n\n"),
        BODY.replace("=\n", "\n"),
        BODY.replace(LOG.name, ""),
        "log\n7\nAAAA\n",
        "",
    ],
)
def test_a_malformed_head_is_refused_even_when_signed(text: str) -> None:
    raw = text.encode()
    note = type(parse_note(signed(7)))(raw, (LOG.line(raw),))
    with pytest.raises(NoteInvalid):
        checkpoints.open_checkpoint(note.encode(), LOG.verifier)
    with pytest.raises(NoteInvalid):
        checkpoints.parse_checkpoint(raw)


def test_a_head_that_is_not_utf_8_is_refused() -> None:
    with pytest.raises(NoteInvalid, match="UTF-8"):
        checkpoints.parse_checkpoint(b"\xff\n7\n")


def test_the_published_request_reads_back_to_the_byte() -> None:
    request = witness.parse_add_checkpoint(EXAMPLE_REQUEST)
    assert request.old == 20852014
    assert len(request.proof) == 4
    assert request.encode() == EXAMPLE_REQUEST


def request(old: int, new: int) -> bytes:
    return AddCheckpoint(old, merkle.consistency_proof(NODES, old, new), signed(new)).encode()


@given(st.integers(0, 20).flatmap(lambda new: st.tuples(st.integers(0, new), st.just(new))))
def test_a_witness_takes_every_continuation(sizes: tuple[int, int]) -> None:
    old, new = sizes
    last = head(old) if old else None
    assert witness.judge(request(old, new), LOG.verifier, last) == head(new)


def refusal(body: bytes, last: Checkpoint | None) -> WitnessRefused:
    with pytest.raises(WitnessRefused) as caught:
        witness.judge(body, LOG.verifier, last)
    return caught.value


def test_a_witness_refuses_what_does_not_start_at_its_last_size() -> None:
    found = refusal(request(3, 9), head(5))
    assert (found.status, found.size) == (409, 5)
    assert refusal(request(3, 9), None).size == 0
    assert witness.parse_size(witness.encode_size(5)) == 5


def test_a_witness_refuses_a_fork() -> None:
    forged = Checkpoint(LOG.name, 9, bytes(32))
    note = checkpoints.sign_checkpoint(forged, LOG)
    proof = merkle.consistency_proof(NODES, 5, 9)
    assert refusal(AddCheckpoint(5, proof, note).encode(), head(5)).status == 422
    same = checkpoints.sign_checkpoint(Checkpoint(LOG.name, 5, bytes(32)), LOG)
    assert refusal(AddCheckpoint(5, (), same).encode(), head(5)).status == 422


def test_a_witness_refuses_a_proof_that_is_too_long_or_of_nothing() -> None:
    assert refusal(AddCheckpoint(0, (bytes(32),), signed(5)).encode(), None).status == 422
    empty = checkpoints.sign_checkpoint(Checkpoint(LOG.name, 0, bytes(32)), LOG)
    assert refusal(AddCheckpoint(0, (), empty).encode(), None).status == 422


def test_a_witness_refuses_a_size_that_shrinks() -> None:
    assert refusal(AddCheckpoint(9, (), signed(5)).encode(), head(9)).status == 400


def test_a_witness_refuses_an_unknown_log_and_an_unsigned_head() -> None:
    foreign = checkpoints.sign_checkpoint(head(5, OTHER.name), OTHER)
    assert refusal(AddCheckpoint(0, (), foreign).encode(), None).status == 404
    posing = NoteSigner(LOG.name, ED25519, OTHER.private)
    unsigned = checkpoints.sign_checkpoint(head(5), posing)
    assert refusal(AddCheckpoint(0, (), unsigned).encode(), None).status == 403


@pytest.mark.parametrize(
    "body",
    [
        b"",
        request(3, 9).replace(b"old 3", b"old 03"),
        request(3, 9).replace(b"old 3", b"new 3"),
        request(3, 9).replace(b"=\n", b"\n", 1),
        request(3, 9).replace(b"\n\n", b"\n", 1),
        request(3, 9)[:-1],
        b"old 3\n" + b"A" * 43 + b"=\n" * 64 + b"\n" + signed(9),
        AddCheckpoint(3, (bytes(32),) * 64, signed(9)).encode(),
        AddCheckpoint(3, (bytes(31),), signed(9)).encode(),
        b"\xff" + request(3, 9),
    ],
)
def test_a_witness_refuses_a_malformed_request(body: bytes) -> None:
    assert refusal(body, head(3)).status == 400


def test_the_log_reads_the_witness_answer() -> None:
    line = checkpoints.cosign(head(5), TK, 77)
    unknown = OTHER.line(b"x")
    body = unknown.encode() + line.encode()
    assert witness.parse_cosignatures(body, head(5), TK.verifier) == (line, 77)
    for wrong in (b"", unknown.encode(), line.encode() * 2, line.encode()[:-1]):
        with pytest.raises(NoteInvalid):
            witness.parse_cosignatures(wrong, head(5), TK.verifier)
    with pytest.raises(NoteInvalid, match="does not verify"):
        witness.parse_cosignatures(body, head(6), TK.verifier)
    with pytest.raises(NoteInvalid, match="another key"):
        checkpoints.verify_cosignature(head(5), unknown, TK.verifier)


@pytest.mark.parametrize("body", [b"", b"5", b"05\n", b"5\n\n", b"\xff\n"])
def test_a_malformed_size_is_refused(body: bytes) -> None:
    with pytest.raises(NoteInvalid):
        witness.parse_size(body)
