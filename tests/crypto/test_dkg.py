from dataclasses import replace

import pytest

from crypto import certificate, dkg, schnorr, xaes
from crypto.hashing import ORDER
from crypto.points import GENERATOR, Point, base_mul, encode_scalar, sum_points
from crypto.sealing import lagrange_at_zero
from tests.vectors.make_sealing import Ceremony, draw, scalar

NOTE = b"log.example/kaibiao\n12\nAAAA\n"


@pytest.fixture(scope="module")
def ceremony() -> Ceremony:
    return Ceremony()


def fault_of(refused: pytest.ExceptionInfo[dkg.CeremonyInvalid]) -> tuple[str, int | None]:
    return refused.value.fault, refused.value.party


def accept(ceremony: Ceremony, **changed: object) -> certificate.Key:
    parts: dict[str, object] = {
        "session": ceremony.session,
        "commits": ceremony.commits,
        "deals": ceremony.deals,
        "timekeeper": ceremony.timekeeper,
        "certificates": ceremony.certificates,
    }
    return certificate.accept(**{**parts, **changed})  # type: ignore[arg-type] # one of five parts


def changed_deal(ceremony: Ceremony, index: int, dealt: dkg.Deal) -> list[dkg.Deal]:
    return [dealt if place == index else other for place, other in enumerate(ceremony.deals, 1)]


def dealt_wrongly(ceremony: Ceremony, recipient: int, share: bytes | None) -> dkg.Deal:
    """Dealer 2's message with another share for a recipient, right in everything public."""
    dealt, secret = ceremony.deals[1], ceremony.secrets[recipient - 1].static
    key, nonce = dkg.share_key_of_recipient(ceremony.session, recipient, secret, 2, dealt.e)
    sealed = draw("garbage", 48) if share is None else xaes.seal(key, nonce, share)
    shares = list(dealt.shares)
    shares[recipient - 1] = sealed
    return replace(dealt, shares=tuple(shares))


def test_a_ceremony_gives_a_key_whose_secret_is_the_sum_of_all(ceremony: Ceremony) -> None:
    key = accept(ceremony)
    constants = sum(secret.coefficients[0] for secret in ceremony.secrets)
    assert key == ceremony.key
    assert key.pk == base_mul((constants + ceremony.x_t) % ORDER)
    assert key.y == tuple(base_mul(share) for share in ceremony.shares)
    weights = lagrange_at_zero([1, 3])
    shared = weights[1] * ceremony.shares[0] + weights[3] * ceremony.shares[2]
    assert shared % ORDER == constants % ORDER


def test_a_reloaded_kit_deals_the_same_polynomial_again(ceremony: Ceremony) -> None:
    again = Ceremony()
    assert again.deals == ceremony.deals
    assert again.key == ceremony.key


def test_dealt_bytes_decode_to_the_deal(ceremony: Ceremony) -> None:
    dealt = ceremony.deals[0]
    points, e = [point.compressed() for point in dealt.c], dealt.e.compressed()
    assert dkg.decode_deal(ceremony.session, 1, points, dealt.pop, e, dealt.shares) == dealt


def test_dealt_bytes_out_of_form_are_their_senders_fault(ceremony: Ceremony) -> None:
    dealt = ceremony.deals[0]
    points, e = [point.compressed() for point in dealt.c], dealt.e.compressed()
    bad = bytes(33)
    for c, ephemeral, shares, fault in (
        (points[:1], e, dealt.shares, "length"),
        ([*points, points[0]], e, dealt.shares, "length"),
        (points, e, dealt.shares[:2], "length"),
        (points, e, (*dealt.shares[:2], dealt.shares[2][:-1]), "length"),
        ([points[0], bad], e, dealt.shares, "point"),
        (points, bad, dealt.shares, "point"),
        (points, b"\4" + e[1:], dealt.shares, "point"),
    ):
        with pytest.raises(dkg.CeremonyInvalid) as refused:
            dkg.decode_deal(ceremony.session, 1, c, dealt.pop, ephemeral, shares)
        assert fault_of(refused) == (fault, 1)


def test_a_roster_needs_distinct_keys_and_a_threshold_within_it(ceremony: Ceremony) -> None:
    a, b, c = ceremony.session.static
    for k, static, party in (
        (2, [a, b, a], 3),
        (2, [GENERATOR, b, c], 1),
        (2, [a, GENERATOR.neg(), c], 2),
        (1, [a, b, c], None),
        (4, [a, b, c], None),
        (2, [a], None),
    ):
        with pytest.raises(dkg.CeremonyInvalid) as refused:
            dkg.Session.begin(ceremony.sid, k, static)
        assert refused.value.party == party


def test_the_context_binds_session_roster_and_order(ceremony: Ceremony) -> None:
    a, b, c = ceremony.session.static
    contexts = {
        ceremony.session.context,
        dkg.Session.begin(bytes(32), 2, [a, b, c]).context,
        dkg.Session.begin(ceremony.sid, 2, [b, a, c]).context,
        dkg.Session.begin(ceremony.sid, 2, [a, b]).context,
    }
    assert len(contexts) == 4


def test_a_dealer_with_another_secret_or_another_degree_does_not_deal(ceremony: Ceremony) -> None:
    secret = ceremony.secrets[0]
    with pytest.raises(dkg.CeremonyInvalid) as refused:
        dkg.deal(ceremony.session, 2, secret, draw("f"))
    assert fault_of(refused) == ("secret", 2)
    short = replace(secret, coefficients=secret.coefficients[:1])
    with pytest.raises(ValueError, match="exactly k"):
        dkg.deal(ceremony.session, 1, short, draw("f"))


def test_whoever_deals_other_than_it_committed_is_named(ceremony: Ceremony) -> None:
    commits = [*ceremony.commits[:2], bytes(32), ceremony.commits[3]]
    with pytest.raises(dkg.CeremonyInvalid) as refused:
        accept(ceremony, commits=commits)
    assert fault_of(refused) == ("commitment", 2)
    with pytest.raises(dkg.CeremonyInvalid) as refused:
        accept(ceremony, commits=[bytes(32), *ceremony.commits[1:]])
    assert fault_of(refused) == ("commitment", dkg.TIMEKEEPER)


def test_commitments_of_two_dealers_never_meet(ceremony: Ceremony) -> None:
    dealt = ceremony.deals[0]
    commits = {
        dkg.dealer_commitment(ceremony.sid, index, dealt.c, dealt.e) for index in range(1, 4)
    }
    assert len(commits) == 3


def test_a_copied_commitment_is_refused_for_want_of_possession(ceremony: Ceremony) -> None:
    # Dealer 2 hands in what dealer 1 committed to, under a commitment of its own number.
    copied = ceremony.deals[0]
    rogue = replace(copied, e=ceremony.deals[1].e)
    commit = dkg.dealer_commitment(ceremony.sid, 2, rogue.c, rogue.e)
    with pytest.raises(dkg.CeremonyInvalid) as refused:
        dkg.check_deal(ceremony.session, 2, commit, rogue)
    assert fault_of(refused) == ("possession", 2)


def test_an_ephemeral_key_that_no_secret_may_multiply_is_refused(ceremony: Ceremony) -> None:
    rogue = replace(ceremony.deals[1], e=GENERATOR.neg())
    commit = dkg.dealer_commitment(ceremony.sid, 2, rogue.c, rogue.e)
    with pytest.raises(dkg.CeremonyInvalid) as refused:
        dkg.check_deal(ceremony.session, 2, commit, rogue)
    assert fault_of(refused) == ("point", 2)


def test_a_timekeeper_without_its_secret_is_refused(ceremony: Ceremony) -> None:
    rogue = replace(ceremony.timekeeper, pop=ceremony.deals[0].pop)
    with pytest.raises(dkg.CeremonyInvalid) as refused:
        accept(ceremony, timekeeper=rogue)
    assert fault_of(refused) == ("possession", dkg.TIMEKEEPER)


def test_a_timekeeper_that_would_cancel_the_custodians_is_refused(ceremony: Ceremony) -> None:
    group = sum_points(dealt.c[0] for dealt in ceremony.deals)
    rogue = replace(ceremony.timekeeper, y=group.neg())
    with pytest.raises(dkg.CeremonyInvalid) as refused:
        certificate.key(ceremony.session, ceremony.deals, rogue)
    assert fault_of(refused) == ("identity", None)


def test_an_aggregated_coefficient_that_cancels_out_is_refused(ceremony: Ceremony) -> None:
    others = ceremony.deals[0].c[1].add(ceremony.deals[1].c[1])
    rogue = replace(ceremony.deals[2], c=(ceremony.deals[2].c[0], others.neg()))
    with pytest.raises(dkg.CeremonyInvalid) as refused:
        certificate.key(ceremony.session, changed_deal(ceremony, 3, rogue), ceremony.timekeeper)
    assert fault_of(refused) == ("identity", None)


def test_a_verification_share_that_is_the_identity_is_refused() -> None:
    with pytest.raises(dkg.CeremonyInvalid) as refused:
        dkg.verification_share([base_mul(ORDER - 6), base_mul(3)], 2)
    assert fault_of(refused) == ("identity", None)


def test_a_share_may_be_zero_only_where_the_polynomial_is() -> None:
    points = [base_mul(ORDER - 6), base_mul(3)]
    assert dkg.is_share(0, 2, points)
    assert not dkg.is_share(1, 2, points)
    assert not dkg.is_share(0, 1, points)


@pytest.mark.parametrize(
    ("share", "fault"),
    [
        (encode_scalar(scalar("wrong share")), "share"),
        (encode_scalar(0), "share"),
        (ORDER.to_bytes(32, "big"), "undecryptable"),
        (None, "undecryptable"),
    ],
    ids=["wrong", "zero", "over q", "garbage"],
)
def test_a_bad_share_is_found_by_its_recipient_and_proved_by_its_opened_secret(
    ceremony: Ceremony, share: bytes | None, fault: str
) -> None:
    deals = changed_deal(ceremony, 2, dealt_wrongly(ceremony, 1, share))
    # All that is public still holds.
    dkg.check_deal(ceremony.session, 2, ceremony.commits[2], deals[1])
    # The recipient finds it, the others do not.
    with pytest.raises(dkg.CeremonyInvalid) as refused:
        dkg.secret_share(ceremony.session, 1, ceremony.secrets[0].static, deals)
    assert fault_of(refused) == (fault, 2)
    assert dkg.secret_share(ceremony.session, 3, ceremony.secrets[2].static, deals)
    # With the recipient's secret everybody sees who lied.
    faults = dkg.blame(ceremony.session, 1, ceremony.secrets[0].static, deals)
    assert [(found.fault, found.party) for found in faults] == [(fault, 2)]


def test_an_empty_accusation_names_nobody(ceremony: Ceremony) -> None:
    secret = ceremony.secrets[0].static
    assert dkg.blame(ceremony.session, 1, secret, ceremony.deals) == ()


@pytest.mark.parametrize("secret", [0, 1, ORDER, scalar("not its own")])
def test_an_accuser_with_another_secret_is_itself_at_fault(ceremony: Ceremony, secret: int) -> None:
    with pytest.raises(dkg.CeremonyInvalid) as refused:
        dkg.blame(ceremony.session, 1, secret, ceremony.deals)
    assert fault_of(refused) == ("secret", 1)


def test_every_certificate_is_needed(ceremony: Ceremony) -> None:
    for party in range(4):
        signatures = list(ceremony.certificates)
        signatures[party] = ceremony.certificates[(party + 1) % 4]
        with pytest.raises(dkg.CeremonyInvalid) as refused:
            accept(ceremony, certificates=signatures)
        assert fault_of(refused) == ("certificate", party)
    with pytest.raises(dkg.CeremonyInvalid) as refused:
        accept(ceremony, certificates=ceremony.certificates[:3])
    assert refused.value.fault == "length"


def test_a_swapped_ciphertext_breaks_every_certificate(ceremony: Ceremony) -> None:
    # COCKTAIL's own transcript does not bind ciphertexts; our extension does.
    rogue = dealt_wrongly(ceremony, 1, None)
    with pytest.raises(dkg.CeremonyInvalid) as refused:
        accept(ceremony, deals=changed_deal(ceremony, 2, rogue))
    assert fault_of(refused) == ("certificate", dkg.TIMEKEEPER)


def test_a_rehearsal_proves_the_share_for_one_key_and_checkpoint(ceremony: Ceremony) -> None:
    key_id, y = ceremony.key.key_id, ceremony.key.y[0]
    signature = certificate.rehearse(ceremony.shares[0], key_id, NOTE, draw("f"))
    certificate.check_rehearsal(y, key_id, NOTE, signature)
    others: list[tuple[Point, bytes, bytes]] = [
        (ceremony.key.y[1], key_id, NOTE),
        (y, bytes(32), NOTE),
        (y, key_id, NOTE + b"\n"),
    ]
    for public, other_key, note in others:
        with pytest.raises(schnorr.SchnorrInvalid):
            certificate.check_rehearsal(public, other_key, note, signature)
