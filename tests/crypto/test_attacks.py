"""Attacks on sealing, carried out as far as they go, and what stops each of them."""

import pytest

from crypto import dkg, dleq, sealing
from crypto.hashing import ORDER, h2s, lp
from crypto.points import InvalidPoint, Point, base_mul, decode33, decode65, encode_scalar
from tests.vectors.make_sealing import Ceremony, draw, scalar

VICTIM = b'{"bid":"victim"}'
ATTACKER = b'{"bid":"attacker"}'
SHIFT = scalar("attacker's shift")


@pytest.fixture(scope="module")
def ceremony() -> Ceremony:
    return Ceremony()


class Bid:
    """A bid as everybody can see it; its secret and r stay with whoever made it."""

    def __init__(self, pk: Point, params: bytes, secret: bytes, r: int) -> None:
        self.params = params
        self.enc65, self.ct = sealing.seal_secret(pk, params, secret, r)
        self.enc = decode65(self.enc65)
        self.stmt = sealing.statement(params, self.enc65, self.ct, 1, bytes(32))
        self.pok = sealing.prove_sealer(r, self.stmt, draw("pok"))


@pytest.fixture(scope="module")
def victim(ceremony: Ceremony) -> Bid:
    return Bid(ceremony.key.pk, VICTIM, b"the victim's secret, 32 bytes...", scalar("victim's r"))


def opened(ceremony: Ceremony, enc: Point) -> Point:
    """What the published partials of a bid give to everybody."""
    secrets = {1: ceremony.shares[0], 2: ceremony.shares[1]}
    weights = sealing.lagrange_at_zero(secrets)
    parts = [enc.mul_public(secrets[i]).mul_public(weights[i]) for i in secrets]
    return parts[0].add(parts[1]).add(enc.mul_public(ceremony.x_t))


def test_a_related_enc_would_read_a_withdrawn_bid_and_the_proof_stops_it(
    ceremony: Ceremony, victim: Bid
) -> None:
    # The victim withdraws; the attacker hands in enc + bG with any ct and file of its own.
    related = victim.enc.add(base_mul(SHIFT))
    assert related.x() != victim.enc.x()
    ct = draw("attacker's ct", 48)
    stmt = sealing.statement(ATTACKER, related.uncompressed(), ct, 1, bytes(32))

    # Were it opened, its partials and PK alone would give the victim's point, and so the secret.
    combined = opened(ceremony, related)
    recovered = combined.sub(ceremony.key.pk.mul_public(SHIFT)).x()
    secret = sealing.open_secret(recovered, ceremony.key.pk, VICTIM, victim.enc65, victim.ct)
    assert secret == b"the victim's secret, 32 bytes..."

    # But the attacker has no proof for it: not the victim's, nor one for the shift, nor a sum.
    first, response = victim.pok[:33], int.from_bytes(victim.pok[33:])
    seen = h2s("sealer-pok", lp(victim.enc.compressed(), first, victim.stmt))
    own = h2s("sealer-pok", lp(related.compressed(), first, stmt))
    attempts = [
        victim.pok,
        sealing.prove_sealer(SHIFT, stmt, draw("attempt")),
        first + encode_scalar((response + seen * SHIFT) % ORDER),
        first + encode_scalar((response + own * SHIFT) % ORDER),
    ]
    for pok in attempts:
        with pytest.raises(sealing.InvalidProof):
            sealing.verify_sealer(pok, related, stmt)


def test_a_challenge_without_the_bid_would_let_the_shifted_proof_pass(victim: Bid) -> None:
    r, nonce = scalar("victim's r"), scalar("weak nonce")
    first = base_mul(nonce)
    weak = h2s("sealer-pok", lp(first.compressed()))
    response = (nonce + weak * r) % ORDER
    shifted = (response + weak * SHIFT) % ORDER
    related = victim.enc.add(base_mul(SHIFT))
    assert base_mul(shifted) == first.add(related.mul_public(weak))
    with pytest.raises(sealing.InvalidProof):
        sealing.verify_sealer(first.compressed() + encode_scalar(shifted), related, victim.stmt)


def test_a_copied_bid_under_other_params_is_refused_and_would_not_open(
    ceremony: Ceremony, victim: Bid
) -> None:
    stmt = sealing.statement(ATTACKER, victim.enc65, victim.ct, 1, bytes(32))
    with pytest.raises(sealing.InvalidProof):
        sealing.verify_sealer(victim.pok, victim.enc, stmt)
    dh_x = opened(ceremony, victim.enc).x()
    with pytest.raises(sealing.SecretInvalid):
        sealing.open_secret(dh_x, ceremony.key.pk, ATTACKER, victim.enc65, victim.ct)


def test_a_bid_replayed_to_another_sections_key_does_not_open(victim: Bid) -> None:
    other = base_mul(scalar("other key"))
    dh_x = victim.enc.mul_public(scalar("other key")).x()
    with pytest.raises(sealing.SecretInvalid):
        sealing.open_secret(dh_x, other, VICTIM, victim.enc65, victim.ct)


def test_a_negated_enc_keeps_its_x_and_has_no_proof(victim: Bid) -> None:
    negated = victim.enc.neg()
    assert negated.x() == victim.enc.x()
    response = ORDER - int.from_bytes(victim.pok[33:])
    first = decode33(victim.pok[:33]).neg().compressed()
    for pok in (victim.pok, first + encode_scalar(response)):
        with pytest.raises(sealing.InvalidProof):
            sealing.verify_sealer(pok, negated, victim.stmt)


def test_a_bid_with_minus_the_generator_is_refused_wherever_a_secret_meets_it() -> None:
    enc = base_mul(ORDER - 1)
    with pytest.raises(sealing.InvalidProof):
        sealing.verify_sealer(sealing.prove_sealer(ORDER - 1, bytes(32), draw("f")), enc, bytes(32))
    with pytest.raises(InvalidPoint):
        dleq.prove(5, enc, b"ctx", draw("f"))


def test_a_wrong_partial_changes_the_secret_and_is_caught_by_its_proof(
    ceremony: Ceremony, victim: Bid
) -> None:
    ctx = dleq.context("P-1", ceremony.key.key_id, bytes(32), "0" * 32, 1)
    lie = dleq.prove(scalar("liar"), victim.enc, ctx, draw("f"))
    with pytest.raises(dleq.InvalidShare):
        dleq.verify(lie, ceremony.key.y[0], victim.enc, ctx)
    partials = {1: decode33(lie[:33]), 2: victim.enc.mul_public(ceremony.shares[1])}
    dh_x = sealing.combine(partials, victim.enc.mul_public(ceremony.x_t))
    with pytest.raises(sealing.SecretInvalid):
        sealing.open_secret(dh_x, ceremony.key.pk, VICTIM, victim.enc65, victim.ct)


def test_k_custodians_without_the_timekeeper_cannot_open(ceremony: Ceremony, victim: Bid) -> None:
    everybody = {i: victim.enc.mul_public(share) for i, share in enumerate(ceremony.shares, 1)}
    weights = sealing.lagrange_at_zero(everybody)
    parts = [everybody[i].mul_public(weights[i]) for i in everybody]
    dh_x = parts[0].add(parts[1]).add(parts[2]).x()
    with pytest.raises(sealing.SecretInvalid):
        sealing.open_secret(dh_x, ceremony.key.pk, VICTIM, victim.enc65, victim.ct)


def test_extra_commitment_points_that_would_raise_the_threshold_are_refused(
    ceremony: Ceremony,
) -> None:
    secret = ceremony.secrets[0]
    higher = dkg.Session(
        ceremony.sid, 3, ceremony.session.static, ceremony.session.context
    )  # the same session in the attacker's eyes, with one degree more
    longer = dkg.DealerSecrets(
        secret.static, secret.ephemeral, (*secret.coefficients, scalar("one more"))
    )
    raised = dkg.deal(higher, 1, longer, draw("f"))
    commit = dkg.dealer_commitment(ceremony.sid, 1, raised.c, raised.e)
    with pytest.raises(dkg.CeremonyInvalid) as refused:
        dkg.check_deal(ceremony.session, 1, commit, raised)
    assert (refused.value.fault, refused.value.party) == ("length", 1)
