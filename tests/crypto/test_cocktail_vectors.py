"""The published COCKTAIL-DKG vectors, byte for byte; the randomness of their round 1 is not told."""

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from crypto import certificate, dkg, schnorr, xaes
from crypto.hashing import ORDER
from crypto.points import base_mul, decode33, encode_scalar, sum_points
from crypto.sealing import lagrange_at_zero

FILE = Path(__file__).parents[1] / "vectors" / "cocktail.json"
CASES = ("2 of 3", "3 of 5", "7 of 14", "2 of 3 with payloads")


@cache
def published() -> list[dict[str, Any]]:
    vectors: list[dict[str, Any]] = json.loads(FILE.read_text())["vectors"]
    return vectors


@pytest.fixture(params=range(len(CASES)), ids=CASES)
def case(request: pytest.FixtureRequest) -> dict[str, Any]:
    number: int = request.param
    return published()[number]


@pytest.fixture
def with_payloads() -> dict[str, Any]:
    return published()[3]


@pytest.fixture
def plain() -> dict[str, Any]:
    return published()[1]


def raw(text: str) -> bytes:
    return bytes.fromhex(text)


def session_of(case: dict[str, Any]) -> dkg.Session:
    static = [decode33(raw(key)) for key in case["config"]["static_public_keys"]]
    return dkg.Session.begin(raw(case["session_tag"]), case["t"], static)


def secrets_of(case: dict[str, Any]) -> list[int]:
    return [int(key, 16) for key in case["config"]["static_secret_keys"]]


def deals_of(case: dict[str, Any]) -> list[dkg.Deal]:
    """The deals with the share part of each ciphertext alone, where payloads are appended."""
    return [
        dkg.Deal(
            tuple(decode33(raw(point)) for point in row["vss_commitment"]),
            raw(row["pop"]),
            decode33(raw(row["ephemeral_public_key"])),
            tuple(raw(share) for share in row["encrypted_shares"]),
        )
        for row in case["round1"]
    ]


def is_plain(case: dict[str, Any]) -> bool:
    return "payloads" not in case


def test_the_context_is_the_published_one(case: dict[str, Any]) -> None:
    session = session_of(case)
    assert session.context.hex() == case["context"]
    assert [base_mul(secret) for secret in secrets_of(case)] == list(session.static)


def test_every_possession_is_proved_as_published(case: dict[str, Any]) -> None:
    session = session_of(case)
    for index, (row, dealt) in enumerate(zip(case["round1"], deals_of(case), strict=True), 1):
        told = row["pop_intermediate"]
        message = raw(told["message"])
        prefix = len(schnorr.PREFIX + b"NONCE")
        secret = int.from_bytes(raw(told["nonce_input"])[prefix : prefix + 32])
        assert schnorr.sign(secret, message, b"").hex() == row["pop"]
        assert f"{schnorr.hash_to_scalar(raw(told['nonce_input'])):064x}" == told["nonce"]
        assert f"{schnorr.hash_to_scalar(raw(told['challenge_input'])):064x}" == told["challenge"]
        if is_plain(case):
            commit = dkg.dealer_commitment(session.sid, index, dealt.c, dealt.e)
            dkg.check_deal(session, index, commit, dealt)


def test_every_share_decrypts_and_adds_up_to_the_published_one(case: dict[str, Any]) -> None:
    session, deals = session_of(case), deals_of(case)
    for index, (secret, row) in enumerate(zip(secrets_of(case), case["round2"], strict=True), 1):
        if is_plain(case):
            total = dkg.secret_share(session, index, secret, deals)
        else:
            total = sum(share_with_payload(session, index, secret, case)) % ORDER
        assert encode_scalar(total).hex() == row["secret_share"]
        assert base_mul(total).compressed().hex() == row["verification_share"]


def share_with_payload(
    session: dkg.Session, index: int, secret: int, case: dict[str, Any]
) -> list[int]:
    """Shares of the case that appends a payload, which no ceremony of ours does."""
    shares = []
    for dealer, dealt in enumerate(deals_of(case), 1):
        key, nonce = dkg.share_key_of_recipient(session, index, secret, dealer, dealt.e)
        opened = xaes.unseal(key, nonce, dealt.shares[index - 1])
        assert opened[32:].hex() == case["payloads"][dealer - 1]
        shares.append(int.from_bytes(opened[:32]))
        assert dkg.is_share(shares[-1], index, dealt.c)
    return shares


def test_a_deal_with_payloads_is_refused_by_its_lengths(
    with_payloads: dict[str, Any],
) -> None:
    with pytest.raises(dkg.CeremonyInvalid) as refused:
        dkg.check_deal(session_of(with_payloads), 1, b"", deals_of(with_payloads)[0])
    assert refused.value.fault == "length"


def test_the_transcript_and_its_signatures_are_the_published_ones(case: dict[str, Any]) -> None:
    session, deals = session_of(case), deals_of(case)
    signed = certificate.transcript(session, deals, raw(case["extension"]))
    assert hashlib.sha256(signed).hexdigest() == case["round3"]["transcript_hash"]
    rows = zip(secrets_of(case), session.static, case["round3"]["signatures"], strict=True)
    for party, (secret, public, row) in enumerate(rows, 1):
        assert certificate.certify(secret, signed, b"").hex() == row["signature"]
        certificate.check_certificate(public, signed, raw(row["signature"]), party)


def test_the_group_key_is_the_published_one_and_any_k_shares_give_it(case: dict[str, Any]) -> None:
    deals = deals_of(case)
    group = sum_points(dealt.c[0] for dealt in deals)
    assert group.compressed().hex() == case["group_public_key"]
    shares = {row["participant_id"]: int(row["secret_share"], 16) for row in case["round2"]}
    chosen = list(shares)[-case["t"] :]
    weights = lagrange_at_zero(chosen)
    assert base_mul(sum(weights[i] * shares[i] for i in chosen) % ORDER) == group


def test_a_dealer_encrypts_as_its_recipients_decrypt(plain: dict[str, Any]) -> None:
    session, deals = session_of(plain), deals_of(plain)
    secret = secrets_of(plain)[0]
    share = dkg.decrypt_share(session, 1, secret, 2, deals[1])
    key, nonce = dkg.share_key_of_recipient(session, 1, secret, 2, deals[1].e)
    assert xaes.seal(key, nonce, encode_scalar(share)) == deals[1].shares[0]
