"""How often one account or address may ask; kept in memory, for one process."""

from collections import OrderedDict
from dataclasses import dataclass

from record.errors import Busy
from web.clock import Clock
from web.settings import Limits, Rate


class TooMany(Busy):
    """Asked too often; the same request may be sent again after `seconds`."""

    status = 429


@dataclass(slots=True)
class _Bucket:
    debt: int
    """Milliseconds of refilling that are owed; 0 is a full bucket."""
    at: int


class Rates:
    """Token buckets by (what, who); the ones not used for longest are forgotten first."""

    def __init__(self, clock: Clock, limits: Limits) -> None:
        self._clock = clock
        self._keys = limits.bucket_keys
        self._buckets: OrderedDict[tuple[str, str], _Bucket] = OrderedDict()

    def take(self, what: str, who: str, rate: Rate) -> None:
        """Take one token.

        Raises:
            TooMany: there is none; `web.too_many_requests`.
        """
        bucket = self._bucket(what, who)
        owed = bucket.debt + rate.refill_ms - rate.burst * rate.refill_ms
        if owed > 0:
            raise TooMany("web.too_many_requests", seconds=-(-owed // 1000))
        bucket.debt += rate.refill_ms

    def give_back(self, what: str, who: str, rate: Rate) -> None:
        """Put a token back, where what it was taken for turned out well."""
        bucket = self._bucket(what, who)
        bucket.debt = max(0, bucket.debt - rate.refill_ms)

    def _bucket(self, what: str, who: str) -> _Bucket:
        now = self._clock.now()
        bucket = self._buckets.get((what, who))
        if bucket is None:
            bucket = self._buckets[what, who] = _Bucket(0, now)
            if len(self._buckets) > self._keys:
                self._buckets.popitem(last=False)
        self._buckets.move_to_end((what, who))
        bucket.debt = max(0, bucket.debt - max(0, now - bucket.at))
        bucket.at = now
        return bucket
