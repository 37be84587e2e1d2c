"""The published FROST(P-256) sharing: the same polynomials, weights and verification shares."""

import json
from pathlib import Path
from typing import Any

import pytest

from crypto.dkg import is_share
from crypto.hashing import ORDER
from crypto.points import base_mul, evaluate
from crypto.sealing import combine, lagrange_at_zero

FILE = Path(__file__).parents[1] / "vectors" / "frost.json"


@pytest.fixture(scope="module")
def inputs() -> dict[str, Any]:
    told: dict[str, Any] = json.loads(FILE.read_text())["inputs"]
    return told


def shares_of(inputs: dict[str, Any]) -> dict[int, int]:
    return {
        row["identifier"]: int(row["participant_share"], 16) for row in inputs["participant_shares"]
    }


def test_the_shares_are_values_of_the_published_polynomial(inputs: dict[str, Any]) -> None:
    secrets = [inputs["group_secret_key"], *inputs["share_polynomial_coefficients"]]
    coefficients = [base_mul(int(secret, 16)) for secret in secrets]
    assert coefficients[0].compressed().hex() == inputs["group_public_key"]
    for index, share in shares_of(inputs).items():
        assert evaluate(coefficients, index) == base_mul(share)
        assert is_share(share, index, coefficients)
        assert not is_share(share + 1, index, coefficients)


@pytest.mark.parametrize("chosen", [(1, 2), (1, 3), (2, 3), (3, 1)])
def test_any_two_shares_give_the_published_key(
    inputs: dict[str, Any], chosen: tuple[int, int]
) -> None:
    shares, weights = shares_of(inputs), lagrange_at_zero(chosen)
    secret = sum(weights[index] * shares[index] for index in chosen) % ORDER
    assert f"{secret:064x}" == inputs["group_secret_key"]


def test_partials_combine_to_the_published_key_times_the_point(inputs: dict[str, Any]) -> None:
    enc, x_t = base_mul(12345), 678
    secret = int(inputs["group_secret_key"], 16)
    partials = {index: enc.mul_public(share) for index, share in shares_of(inputs).items()}
    two = {index: partials[index] for index in (2, 3)}
    assert combine(two, enc.mul_public(x_t)) == enc.mul_public(secret + x_t).x()
