import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from crypto import sealing
from crypto.hashing import ORDER, h2s, lp
from crypto.points import GENERATOR, InvalidPoint, Point, base_mul, decode65, encode_scalar

PARAMS = b'{"a":1}'
ENC = base_mul(2)
ENC65 = ENC.uncompressed()
CT = bytes(48)
ZERO = bytes(32)
FRESH = b"\x05" * 32
BID = "0" * 32
STMT = sealing.statement(PARAMS, ENC65, CT, 1, ZERO)


def test_the_session_id_is_the_known_one() -> None:
    known = "d48ee7b4ffaa65b75788e4d0b0e10e2f0e1e1718a7c06b9ef692cd62bd73c703"
    assert sealing.sid(b"{}").hex() == known


def test_the_statement_is_the_known_one() -> None:
    known = "9013e760733538a439c42d778cdf8dd02053f65829be3df4fc98fe65db075080"
    assert STMT.hex() == known


def test_the_content_key_is_the_known_one() -> None:
    known = "127955ce4799805d349ee3c38d45389c000d289d504bda65dffab5d94482aa2d"
    assert sealing.cek(ZERO, None, PARAMS, ENC65, CT).hex() == known


def test_the_sealers_proof_is_the_known_one() -> None:
    first = base_mul(3).compressed()
    challenge = h2s("sealer-pok", lp(ENC.compressed(), first, STMT))
    response = encode_scalar((3 + challenge * 2) % ORDER)
    known = "03f27fca9e16c15fa7c913289fb593606e268fceb1dca1ba49afdee6f1051f72"
    assert response.hex() == known
    sealing.verify_sealer(first + response, ENC, STMT)


def test_the_close_list_is_the_known_one() -> None:
    known = "5251d201705ea01cb5a560b296ecd1e3cf8dff968c692031a6abf03f46fc9a7f"
    assert sealing.close_list([(7, BID, "live", ZERO)]).hex() == known


def test_a_close_list_is_in_order_and_binds_every_column() -> None:
    rows = [(7, BID, "live", ZERO), (9, "1" * 32, "withdrawn", ZERO)]
    listed = sealing.close_list(rows)
    others = [
        rows[:1],
        [(8, BID, "live", ZERO), rows[1]],
        [(7, "2" * 32, "live", ZERO), rows[1]],
        [(7, BID, "superseded", ZERO), rows[1]],
        [(7, BID, "live", b"\1" * 32), rows[1]],
    ]
    assert len({listed, *map(sealing.close_list, others), sealing.close_list([])}) == 7
    for disordered in (rows[::-1], [rows[0], rows[0]]):
        with pytest.raises(ValueError, match="order"):
            sealing.close_list(disordered)


def test_the_statement_binds_every_part() -> None:
    others = {
        sealing.statement(b'{"a":2}', ENC65, CT, 1, ZERO),
        sealing.statement(PARAMS, base_mul(3).uncompressed(), CT, 1, ZERO),
        sealing.statement(PARAMS, ENC65, b"\1" * 48, 1, ZERO),
        sealing.statement(PARAMS, ENC65, CT, 2, ZERO),
        sealing.statement(PARAMS, ENC65, CT, 1, b"\1" * 32),
        STMT,
    }
    assert len(others) == 6


def test_the_content_key_depends_on_both_secrets_and_on_the_bid() -> None:
    keys = {
        sealing.cek(ZERO, None, PARAMS, ENC65, CT),
        sealing.cek(ZERO, ZERO, PARAMS, ENC65, CT),
        sealing.cek(ZERO, b"\1" * 32, PARAMS, ENC65, CT),
        sealing.cek(b"\1" * 32, None, PARAMS, ENC65, CT),
        sealing.cek(ZERO, None, b'{"a":2}', ENC65, CT),
        sealing.cek(ZERO, None, PARAMS, ENC65, b"\1" * 48),
    }
    assert len(keys) == 6


@pytest.mark.parametrize(("secret", "bidder_secret"), [(31, None), (32, 0), (32, 33), (64, None)])
def test_secrets_of_other_lengths_are_refused(secret: int, bidder_secret: int | None) -> None:
    other = None if bidder_secret is None else bytes(bidder_secret)
    with pytest.raises(ValueError, match="32 bytes"):
        sealing.cek(bytes(secret), other, PARAMS, ENC65, CT)


def test_a_bidder_that_says_another_secret_does_not_meet_its_commitment() -> None:
    commit = sealing.bidder_secret_commit(b"\1" * 32, BID)
    assert commit == sealing.bidder_secret_commit(b"\1" * 32, BID)
    assert commit != sealing.bidder_secret_commit(b"\2" * 32, BID)
    assert commit != sealing.bidder_secret_commit(b"\1" * 32, "1" * 32)


def test_a_secret_opens_by_the_combined_point_with_its_own_params_only() -> None:
    pk, secret = base_mul(1001), bytes(range(32))
    enc, ct = sealing.seal_secret(pk, PARAMS, secret, 77)
    dh_x = decode65(enc).mul_secret(1001).x()
    assert (len(enc), len(ct)) == (65, sealing.CT_LENGTH)
    assert sealing.open_secret(dh_x, pk, PARAMS, enc, ct) == secret
    for opened in (
        (dh_x, pk, b'{"a":2}', enc, ct),
        (dh_x, base_mul(1002), PARAMS, enc, ct),
        (bytes(32), pk, PARAMS, enc, ct),
        (dh_x, pk, PARAMS, base_mul(78).uncompressed(), ct),
        (dh_x, pk, PARAMS, enc, ct[:-1]),
        (dh_x, pk, PARAMS, enc, b"\0" + ct[1:] if ct[0] else b"\1" + ct[1:]),
    ):
        with pytest.raises(sealing.SecretInvalid):
            sealing.open_secret(*opened)


def test_another_implementation_opens_a_sealed_secret_with_the_whole_key() -> None:
    private = ec.derive_private_key(1001, ec.SECP256R1())
    enc, ct = sealing.seal_secret(base_mul(1001), PARAMS, bytes(range(32)), 77)
    suite = Suite(KEM.P256, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
    info = lp(b"kaibiao-v1/hpke-info", PARAMS)
    assert suite.decrypt(enc + ct, private, info) == bytes(range(32))


def test_only_secrets_of_32_bytes_are_sealed() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        sealing.seal_secret(base_mul(1001), PARAMS, bytes(31), 77)


def test_the_sealers_proof_holds_for_its_bid_alone() -> None:
    pok = sealing.prove_sealer(2, STMT, FRESH)
    assert len(pok) == sealing.POK_LENGTH
    sealing.verify_sealer(pok, ENC, STMT)
    for enc, stmt in ((ENC, ZERO), (base_mul(3), STMT), (ENC.neg(), STMT)):
        with pytest.raises(sealing.InvalidProof):
            sealing.verify_sealer(pok, enc, stmt)


@pytest.mark.parametrize("place", [0, 1, 32, 33, 64])
def test_a_flipped_byte_spoils_the_sealers_proof(place: int) -> None:
    good = sealing.prove_sealer(2, STMT, FRESH)
    bad = good[:place] + bytes([good[place] ^ 1]) + good[place + 1 :]
    with pytest.raises(sealing.InvalidProof):
        sealing.verify_sealer(bad, ENC, STMT)


def test_sealers_proofs_out_of_form_are_refused() -> None:
    good = sealing.prove_sealer(2, STMT, FRESH)
    for bad in (b"", good[:-1], good + b"\0", bytes(65), good[:33] + ORDER.to_bytes(32, "big")):
        with pytest.raises(sealing.InvalidProof):
            sealing.verify_sealer(bad, ENC, STMT)


@pytest.mark.parametrize(("r", "enc"), [(1, GENERATOR), (ORDER - 1, GENERATOR.neg())])
def test_the_generator_or_its_negative_is_no_encapsulation(r: int, enc: Point) -> None:
    # The proof itself is right: it is the point that would stop the opening.
    with pytest.raises(sealing.InvalidProof, match="generator"):
        sealing.verify_sealer(sealing.prove_sealer(r, STMT, FRESH), enc, STMT)


def test_any_k_shares_combine_to_the_same_point() -> None:
    secret, slope, x_t, enc = 111, 222, 333, base_mul(444)
    partials = {index: enc.mul_public(secret + slope * index) for index in (1, 2, 3)}
    d_t = enc.mul_public(x_t)
    expected = enc.mul_public(secret + x_t).x()
    for chosen in ((1, 2), (1, 3), (3, 2)):
        assert sealing.combine({index: partials[index] for index in chosen}, d_t) == expected
    assert sealing.combine({1: partials[1]}, d_t) != expected


def test_a_combination_that_is_the_identity_is_refused() -> None:
    partials = {1: base_mul(10), 2: base_mul(13)}
    with pytest.raises(InvalidPoint):
        sealing.combine(partials, base_mul(7).neg())


def test_weights_need_distinct_numbers_from_one() -> None:
    assert sealing.lagrange_at_zero([1, 2]) == {1: 2, 2: ORDER - 1}
    for indices in ([], [1, 1], [0, 1], [-1, 2], [ORDER, 1]):
        with pytest.raises(ValueError, match="distinct"):
            sealing.lagrange_at_zero(indices)


def test_the_key_is_named_by_its_long_form() -> None:
    assert sealing.key_hash(ENC) != sealing.key_hash(ENC.neg())
    assert len(sealing.key_hash(ENC)) == 32
