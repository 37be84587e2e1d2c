"""Checking and combining the shares of many bids, beside the curve's own operations.

Shares are made with `crypto` alone, 3 of 5 custodians and the timekeeper; one thread works.
"""

from collections.abc import Callable
from dataclasses import dataclass

from crypto import dleq, random, sealing
from crypto.hashing import ORDER
from crypto.points import Point, PreparedScalar, base_mul, decode33, decode65
from load_tests.results import Goal, alternate, timed

BIDS = 200
FEW, MANY = 20, 500
N, K = 5, 3
ROUNDS = 3
SAMPLES = 300
KEY_ID = OPENING_ID = bytes(32)
PROJECT = "9" * 32

VERIFY = {"decode65": 1, "decode33": 1, "base": 2, "times": 3, "add": 2}
"""Curve operations to check one share: zG and cY, zE and cD, where z and c are prepared once."""
COMBINE = {"base": K, "times": K, "add": K}
"""Curve operations to combine a bid's shares: each weight times its D, and the sum with D_t."""


@dataclass(frozen=True, slots=True)
class Shared:
    """One bid's encapsulated key, and a share of everybody who released one, by number."""

    bid: str
    enc: bytes
    shares: dict[int, bytes]


def measure() -> list[Goal]:
    """Return what the goals say of 200 bids, and of 20 and 500."""
    holders = _holders()
    y = {i: base_mul(x) for i, x in holders.items()}
    bids = [_shared(number, holders) for number in range(MANY)]
    ours, bound = alternate(ROUNDS, lambda: timed(lambda: _open(bids[:BIDS], y)), _bound)
    apart = [bids[start : start + FEW] for start in range(0, MANY, FEW)]
    many, few = alternate(
        ROUNDS,
        lambda: timed(lambda: _open(bids, y)) / MANY,
        lambda: timed(lambda: _open_each(apart, y)) / MANY,
    )
    return [
        Goal(
            f"verify + combine, {BIDS} bids, {K} of {N}",
            f"{ours * 1000:,.0f} ms",
            f"{bound * 1000:,.0f} ms, curve operations x their time",
            ours / bound,
            1.5,
            at_least=False,
        ),
        Goal(
            f"the same a bid, {MANY} bids",
            f"{many * 1000:.2f} ms",
            f"{few * 1000:.2f} ms, {FEW} bids",
            many / few,
            1.2,
            at_least=False,
        ),
    ]


def _holders() -> dict[int, int]:
    """Return the share of the first k custodians and of the timekeeper, number 0."""
    coefficients = [random.scalar() for _ in range(K)]
    shares = {
        i: sum(c * i**power for power, c in enumerate(coefficients)) % ORDER
        for i in range(1, K + 1)
    }
    return {**shares, 0: random.scalar()}


def _shared(number: int, holders: dict[int, int]) -> Shared:
    bid = f"{number:032x}"
    enc = base_mul(random.scalar())
    shares = {
        i: dleq.prove(x, enc, dleq.context(PROJECT, KEY_ID, OPENING_ID, bid, i), random.fresh(32))
        for i, x in holders.items()
    }
    return Shared(bid, enc.uncompressed(), shares)


def _open(bids: list[Shared], y: dict[int, Point]) -> None:
    """Do what the service does with shares: check each by itself, and combine them."""
    for one in bids:
        opened: dict[int, Point] = {}
        for i, share in one.shares.items():
            ctx = dleq.context(PROJECT, KEY_ID, OPENING_ID, one.bid, i)
            opened[i] = dleq.verify(share, y[i], decode65(one.enc), ctx)
        d_t = opened.pop(0)
        sealing.combine(opened, d_t)


def _open_each(groups: list[list[Shared]], y: dict[int, Point]) -> None:
    """Open several small openings, one after the other."""
    for bids in groups:
        _open(bids, y)


def _bound() -> float:
    """Return what the curve operations of an opening take by themselves, in seconds."""
    cost = _costs()
    verify = sum(count * cost[name] for name, count in VERIFY.items())
    combine = sum(count * cost[name] for name, count in COMBINE.items())
    return BIDS * ((K + 1) * verify + combine)


def _costs() -> dict[str, float]:
    """Time each operation of `crypto.points` on points and scalars it has not seen, in seconds."""
    scalars = [random.scalar() for _ in range(SAMPLES)]
    compressed = [base_mul(scalar).compressed() for scalar in scalars]
    uncompressed = [decode33(point).uncompressed() for point in compressed]
    prepared = PreparedScalar(random.scalar())
    left = [decode33(point) for point in compressed]
    right = left[1:] + left[:1]
    work: dict[str, Callable[[], object]] = {
        "decode33": lambda: [decode33(point) for point in compressed],
        "decode65": lambda: [decode65(point) for point in uncompressed],
        "base": lambda: [base_mul(scalar) for scalar in scalars],
        "times": lambda: [prepared.times(point) for point in left],
        "add": lambda: [a.add(b) for a, b in zip(left, right, strict=True)],
    }
    return {name: timed(run) / SAMPLES for name, run in work.items()}
