"""When a rehearsal's deadline has to be, from what was measured so far; values only.

It must not ask a clock: how long things took on this machine is handed in.
"""

from client.rehearsal.plan import Plan

SECOND = 1000
_HEAD_START = 4 * SECOND
_MARGIN = 4 * SECOND
_BYTES_A_MS = 40_000
_BID = 100
_START = 2_500
"""How long a machine with nothing else to do takes to start the service, ms."""
_ANSWERS = 10
"""How many answers must fit before the deadline once it is to be moved."""
_SLOWEST = 2 * SECOND
"""A longer answer, ms, is one that waited for a service to come back: it says nothing of speed."""


def lead(plan: Plan, started: int, so_far: int) -> int:
    """Return how long ceremony, notice and bids will take, ms.

    Too little is no harm once the notice is out: the clerk then moves the deadline.

    Args:
        plan: what is to be played.
        started: how long service and timekeeper took to start, ms.
        so_far: how long everything took until now, ms.
    """
    keys_made = len(plan.envelopes) * (1 + plan.n) * SECOND // 2
    bids = plan.bidders * len(plan.envelopes) * (_BID + plan.size // _BYTES_A_MS)
    crashes = len(plan.envelopes) * plan.kill * _away(started)
    slower = max(_START, started)
    return _HEAD_START + crashes + so_far // 5 + (keys_made + bids) * slower // _START


def margin(plan: Plan, started: int, slowest: int) -> int:
    """Return how long before the deadline the clerk must begin to move it, ms.

    A service that is killed in that moment must be back, and answer, before the deadline.

    Args:
        plan: what is to be played.
        started: how long service and timekeeper took to start, ms.
        slowest: how long the slowest answer took so far, ms.
    """
    return max(_MARGIN, _ANSWERS * min(slowest, _SLOWEST), plan.kill * _away(started))


def _away(started: int) -> int:
    """Return how long a crash may take the service away, ms: others start beside it."""
    return _HEAD_START + 2 * started
