"""Scoring a large section with its proof sheets: how long it takes, and how that grows with bids.

The limit is a second; the cost a bid of many is compared with that of few, in turn.
"""

from collections.abc import Iterator
from fractions import Fraction

from evaluation.scoring.engine import Case, score
from evaluation.scoring.library import LIBRARY
from evaluation.scoring.rule import Offer, PointsItem, ScoringRule, Stage
from load_tests.results import Goal, alternate, timed

BIDS, FEW = 130, 13
MEMBERS, ITEMS = 7, 40
ROUNDS = 7
LIMIT_S = 1.0


def measure() -> Iterator[Goal]:
    """Yield the time of a whole section, and the time a bid of many against few."""
    rule, many, few = _rule(), _case(BIDS), _case(FEW)
    whole, small = alternate(
        ROUNDS, lambda: timed(lambda: score(rule, many)), lambda: timed(lambda: score(rule, few))
    )
    yield Goal(
        f"scoring {BIDS} bids x {MEMBERS} members x {ITEMS} items, sheets included",
        f"{whole * 1000:,.0f} ms",
        f"{LIMIT_S * 1000:,.0f} ms",
        whole / LIMIT_S,
        1,
        at_least=False,
    )
    each, of_few = whole / BIDS, small / FEW
    yield Goal(
        f"the same a bid, {BIDS} bids against {FEW}",
        f"{each * 1000:,.2f} ms",
        f"{of_few * 1000:,.2f} ms",
        each / of_few,
        1.2,
        at_least=False,
    )


def _rule() -> ScoringRule:
    items = tuple(
        PointsItem(kind="points", item=f"i{at}", title=f"item {at}", highest="1.25", step="0.05")
        for at in range(ITEMS)
    )
    stage = Stage(part="technical", title="技术", items=items)
    return LIBRARY["mean_base"].model_copy(update={"stages": (stage,)})


def _case(bids: int) -> Case:
    names = [f"{at:032x}" for at in range(bids)]
    marks = {
        bid: {
            f"i{item}": {
                f"m{member}": Fraction((at * 7 + item * 3 + member) % 26, 20)
                for member in range(MEMBERS)
            }
            for item in range(ITEMS)
        }
        for at, bid in enumerate(names)
    }
    offers = [Offer(bid=bid, price=str(10**9 + at * 1_234_567)) for at, bid in enumerate(names)]
    members = [f"m{member}" for member in range(MEMBERS)]
    return Case(offers, members, marks, drawn=Fraction("0.97"))
