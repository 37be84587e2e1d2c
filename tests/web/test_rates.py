import pytest

from web.clock import SetClock
from web.rates import Rates, TooMany
from web.settings import Limits, Rate

RATE = Rate(burst=3, refill_ms=1_000)


def rates(keys: int = 100) -> tuple[Rates, SetClock]:
    clock = SetClock(1_000_000)
    return Rates(clock, Limits(bucket_keys=keys)), clock


def test_a_bucket_gives_its_burst_and_then_one_each_refill() -> None:
    bucket, clock = rates()
    for _ in range(3):
        bucket.take("what", "who", RATE)
    with pytest.raises(TooMany) as refused:
        bucket.take("what", "who", RATE)
    assert refused.value.facts == {"seconds": 1}
    clock.advance(999)
    with pytest.raises(TooMany):
        bucket.take("what", "who", RATE)
    clock.advance(1)
    bucket.take("what", "who", RATE)


def test_a_refused_try_costs_nothing_more() -> None:
    bucket, clock = rates()
    for _ in range(3):
        bucket.take("what", "who", RATE)
    for _ in range(50):
        with pytest.raises(TooMany):
            bucket.take("what", "who", RATE)
    clock.advance(1_000)
    bucket.take("what", "who", RATE)


def test_others_have_buckets_of_their_own() -> None:
    bucket, _ = rates()
    for who in ("a", "b"):
        for what in ("x", "y"):
            for _ in range(3):
                bucket.take(what, who, RATE)


def test_a_clock_that_goes_back_gives_nothing_away() -> None:
    bucket, clock = rates()
    for _ in range(3):
        bucket.take("what", "who", RATE)
    clock.advance(-60_000)
    with pytest.raises(TooMany):
        bucket.take("what", "who", RATE)


def test_what_is_forgotten_is_what_was_not_used_for_longest() -> None:
    bucket, _ = rates(keys=2)
    for _ in range(3):
        bucket.take("what", "a", RATE)
    bucket.take("what", "b", RATE)
    bucket.take("what", "c", RATE)
    assert len(bucket._buckets) == 2
    bucket.take("what", "a", RATE)
