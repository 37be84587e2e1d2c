import hashlib
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed448
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from crypto.signatures import (
    EnvelopeInvalid,
    PrivateKey,
    SignatureInvalid,
    ed25519_private_key,
    envelope_bytes,
    keyid,
    load_spki,
    look_into,
    open_envelope,
    p256_private_key,
    pae,
    parse_envelope,
    payload_type,
    public_spki,
    sign,
    verify,
)

P256 = p256_private_key(0x1234567)
ED = ed25519_private_key(bytes(range(32)))
BID = payload_type("bid")
KEYS = pytest.mark.parametrize("key", [P256, ED], ids=["p256", "ed25519"])


def test_the_pre_authentication_encoding_is_the_standards() -> None:
    # The example of the DSSE protocol text.
    found = pae("http://example.com/HelloWorld", b"hello world")
    assert found == b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"


def test_the_ecdsa_example_of_rfc_6979_verifies_as_sixty_four_bytes() -> None:
    # RFC 6979 appendix A.2.5: P-256, SHA-256, message "sample".
    key = p256_private_key(0xC9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721)
    raw = bytes.fromhex(
        "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
        "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8"
    )
    verify(public_spki(key), raw, b"sample")
    with pytest.raises(SignatureInvalid, match="does not verify"):
        verify(public_spki(key), raw, b"test")


def test_the_first_example_of_rfc_8032_verifies() -> None:
    key = ed25519_private_key(
        bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
    )
    signature = bytes.fromhex(
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701c"
        "f9b46bd25bf5f0595bbe24655141438e7a100b"
    )
    verify(public_spki(key), signature, b"")


@KEYS
@given(payload=st.binary(max_size=300))
def test_what_was_signed_opens(key: PrivateKey, payload: bytes) -> None:
    envelope = sign(BID, payload, key)
    assert open_envelope(envelope, BID, public_spki(key)) == payload
    assert parse_envelope(envelope_bytes(envelope)) == envelope
    claimed = look_into(envelope)
    assert (claimed.payload, claimed.type_) == (payload, BID)
    assert claimed.keyid == keyid(public_spki(key)) == hashlib.sha256(public_spki(key)).hexdigest()
    assert len(claimed.signature) == 64


@KEYS
def test_signing_twice_gives_the_same_envelope(key: PrivateKey) -> None:
    assert sign(BID, b"{}", key) == sign(BID, b"{}", key)


def test_an_ecdsa_signature_is_one_that_others_verify() -> None:
    signature = look_into(sign(BID, b"{}", P256)).signature
    r, s = int.from_bytes(signature[:32]), int.from_bytes(signature[32:])
    P256.public_key().verify(encode_dss_signature(r, s), pae(BID, b"{}"), ec.ECDSA(SHA256()))


@KEYS
def test_another_payload_type_or_key_does_not_open(key: PrivateKey) -> None:
    envelope = sign(BID, b"{}", key)
    with pytest.raises(EnvelopeInvalid, match="another type"):
        open_envelope(envelope, payload_type("withdraw"), public_spki(key))
    with pytest.raises(SignatureInvalid, match="another key"):
        open_envelope(envelope, BID, public_spki(p256_private_key(99)))


def changed(envelope: Any, **fields: Any) -> Any:
    copy = json.loads(json.dumps(envelope))
    for name, value in fields.items():
        target = copy["signatures"][0] if name in {"keyid", "sig"} else copy
        target[name] = value
    return copy


@KEYS
def test_a_relabelled_message_does_not_verify(key: PrivateKey) -> None:
    moved = changed(sign(BID, b"{}", key), payloadType=payload_type("withdraw"))
    with pytest.raises(SignatureInvalid, match="does not verify"):
        open_envelope(moved, payload_type("withdraw"), public_spki(key))


@KEYS
@given(data=st.data())
def test_a_flipped_bit_anywhere_in_the_envelope_is_found(
    key: PrivateKey, data: st.DataObject
) -> None:
    good = envelope_bytes(sign(BID, b'{"v":1}', key))
    at = data.draw(st.integers(0, len(good) - 1))
    broken = good[:at] + bytes([good[at] ^ (1 << data.draw(st.integers(0, 7)))]) + good[at + 1 :]
    with pytest.raises((EnvelopeInvalid, SignatureInvalid)):
        open_envelope(parse_envelope(broken), BID, public_spki(key))


def without(envelope: Any, name: str) -> Any:
    copy = json.loads(json.dumps(envelope))
    del copy[name]
    return copy


GOOD: Any = sign(BID, b"{}", P256)
LINE: Any = GOOD["signatures"][0]

MALFORMED: dict[str, Any] = {
    "no object": [GOOD],
    "no payload": without(GOOD, "payload"),
    "no type": without(GOOD, "payloadType"),
    "no signatures": without(GOOD, "signatures"),
    "empty signatures": {**GOOD, "signatures": []},
    "two signatures": {**GOOD, "signatures": [LINE, LINE]},
    "unknown field": {**GOOD, "extra": "x"},
    "unknown field in the signature": {**GOOD, "signatures": [{**LINE, "cert": "x"}]},
    "no key id": {**GOOD, "signatures": [{"sig": LINE["sig"]}]},
    "key id in capitals": changed(GOOD, keyid=LINE["keyid"].upper()),
    "payload no text": changed(GOOD, payload=5),
    "payload not base64": changed(GOOD, payload="{}"),
    "payload without padding": changed(GOOD, payload="e30"),
    "payload with spare bits": changed(GOOD, payload="e31="),
    "payload url-safe": changed(GOOD, payload="-_8="),
    "payload with a newline": changed(GOOD, payload="e30=\n"),
    "signature without padding": changed(GOOD, sig=LINE["sig"].rstrip("=")),
    "foreign type": changed(GOOD, payloadType="application/json"),
}


@pytest.mark.parametrize("envelope", MALFORMED.values(), ids=MALFORMED.keys())
def test_a_malformed_envelope_is_refused(envelope: Any) -> None:
    with pytest.raises(EnvelopeInvalid):
        open_envelope(envelope, BID, public_spki(P256))
    with pytest.raises(EnvelopeInvalid):
        parse_envelope(json.dumps(envelope, sort_keys=True, separators=(",", ":")).encode())


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff",
        b"[" * 100_000,
        json.dumps(GOOD).encode(),
        envelope_bytes(GOOD) + b"\n",
        envelope_bytes(GOOD).replace(b'{"keyid"', b'{"keyid":"","keyid"'),
        b" " * ((24 << 20) + 1),
    ],
)
def test_bytes_that_are_not_the_one_form_are_refused(data: bytes) -> None:
    with pytest.raises(EnvelopeInvalid):
        parse_envelope(data)


@KEYS
@pytest.mark.parametrize("length", [0, 63, 65, 72])
def test_a_signature_of_another_length_is_refused(key: PrivateKey, length: int) -> None:
    with pytest.raises(SignatureInvalid, match="64 bytes"):
        verify(public_spki(key), bytes(length), b"x")


@KEYS
def test_an_all_zero_signature_does_not_verify(key: PrivateKey) -> None:
    with pytest.raises(SignatureInvalid, match="does not verify"):
        verify(public_spki(key), bytes(64), b"x")


def test_keys_of_other_kinds_and_forms_are_refused() -> None:
    p384 = ec.derive_private_key(5, ec.SECP384R1()).public_key()
    shake = ed448.Ed448PrivateKey.from_private_bytes(bytes(57)).public_key()
    other = [
        key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo) for key in (p384, shake)
    ]
    spki = public_spki(P256)
    point = P256.public_key().public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
    compressed = bytes.fromhex("3039301306072a8648ce3d020106082a8648ce3d030107032200") + point
    off_curve = spki[:-1] + bytes([spki[-1] ^ 1])
    for wrong in (*other, compressed, off_curve, spki[:-1], spki + b"\x00", b"", bytes(300)):
        with pytest.raises(SignatureInvalid):
            load_spki(wrong)
    assert isinstance(load_spki(public_spki(ED)), Ed25519PublicKey)


@pytest.mark.parametrize("name", ["", "Bid", "bid v1", "bid/x", "-bid", "bid-"])
def test_a_message_name_outside_the_rule_has_no_type(name: str) -> None:
    with pytest.raises(EnvelopeInvalid):
        payload_type(name)


def test_only_whole_payload_types_are_signed() -> None:
    with pytest.raises(EnvelopeInvalid, match="payload type"):
        sign("bid", b"{}", P256)
