"""Random scoring cases: rules of every family with nothing wrong with them, offers and marks."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from evaluation.scoring.case_file import CaseFile, rule_problems
from evaluation.scoring.rule import ScoringRule

Draw = st.DrawFn
Fields = dict[str, Any]
MEMBERS = ("1", "2", "3", "10", "11", "20", "21")
BIDS = ("0a", "1f", "7", "a", "b", "c-1", "d")
TIES = ("price", "technical", "commercial", "earlier", "drawn")
FAMILIES = (
    "lowest_price", "mean_base", "limit_and_mean", "fixed_base", "evaluated_price",
    "quality_and_cost", "coefficient", "between_limits",
)  # fmt: skip
STEPS = (Fraction(1), Fraction(1, 2), Fraction(3, 4))
NAMED = {"title", "kind", "family", "item", "deduction", "over", "counted", "v", "candidates"}
"""Fields that stay as they are when a rule is spoiled."""
DECIMALS = st.none() | st.integers(0, 4)


def text(value: Fraction) -> str:
    """Return a value of at most six decimals as the shortest text."""
    whole, rest = divmod(round(value * 10**6), 10**6)
    return f"{whole}.{rest:06d}".rstrip("0").rstrip(".")


def numbers(low: int, high: int, places: int = 2) -> st.SearchStrategy[str]:
    """Return texts of numbers from low to high, of so many decimals."""
    scale = 10**places
    return st.integers(low * scale, high * scale).map(lambda one: text(Fraction(one, scale)))


@st.composite
def slopes(draw: Draw) -> list[Fields]:
    ends = sorted(draw(st.sets(st.integers(1, 12), max_size=2)))
    points = numbers(0, 3)
    return [
        *({"points": draw(points), "to": str(end)} for end in ends),
        {"points": draw(points)},
    ]


@st.composite
def deviations(draw: Draw) -> Fields:
    return {
        "above": draw(slopes()),
        "below": draw(slopes()),
        "counted": draw(st.sampled_from(("exactly", "started", "whole"))),
        "decimals": draw(DECIMALS),
        "cap": draw(st.none() | numbers(0, 20)),
    }


@st.composite
def trims(draw: Draw, least: int = 0) -> Fields:
    high, low = draw(st.integers(0, 2)), draw(st.integers(0, 2))
    return {"least": max(least, high + low + 1 + draw(st.integers(0, 3))), "high": high, "low": low}


@st.composite
def prices(draw: Draw, family: str, weight: str) -> Fields:
    told: Fields = {"family": family}
    if family != "evaluated_price":
        told["decimals"] = draw(st.integers(0, 4))
    if family not in {"evaluated_price", "coefficient", "quality_and_cost"}:
        told["weight"] = weight
    if family in {"mean_base", "limit_and_mean", "fixed_base"}:
        told["deviation"] = draw(deviations())
    if family in {"mean_base", "limit_and_mean"}:
        told["base_decimals"] = draw(DECIMALS)
        lines = draw(st.lists(trims(), max_size=2, unique_by=lambda one: one["least"]))
        told["mean"] = {"trims": lines, "decimals": draw(DECIMALS)}
    match family:
        case "mean_base":
            told["coefficient"] = draw(st.just("drawn") | numbers(1, 2, 3))
        case "limit_and_mean":
            told["share"] = draw(numbers(0, 1, 3))
            told["lowering"] = draw(st.sampled_from(("drawn", "0.05", "0")))
        case "fixed_base":
            told["base"] = draw(numbers(50, 150))
        case "quality_and_cost":
            share = draw(st.integers(0, 100))
            told["quality_share"] = text(Fraction(share, 100))
            told["price_share"] = text(Fraction(100 - share, 100))
        case "between_limits":
            told["full_at"], told["none_at"] = draw(numbers(60, 90)), draw(numbers(91, 140))
        case _:
            pass
    return told


@st.composite
def stages(draw: Draw, family: str) -> list[Fields]:
    """Return parts with items, a small quality each where it is a coefficient."""
    found: list[Fields] = [
        {"part": "formal", "title": "F", "items": [{"kind": "pass", "item": "p1", "title": "P"}]}
    ]
    if family == "evaluated_price":
        return found
    unit = Fraction(1, 100) if family == "coefficient" else Fraction(1)
    parts = draw(st.lists(st.sampled_from(("commercial", "technical")), max_size=3))
    for number, part in enumerate(parts):
        items = []
        for place in range(draw(st.integers(1, 2))):
            high = draw(st.integers(2, 14))
            low = draw(st.integers(0, high - 1))
            items.append(
                {
                    "kind": "points", "item": f"i-{number}-{place}", "title": "I",
                    "lowest": text(low * unit), "highest": text(high * unit),
                    "step": text(draw(st.sampled_from(STEPS)) * unit),
                    "objective": draw(st.booleans()),
                }
            )  # fmt: skip
        found.append({"part": part, "title": "T", "items": items})
    return found


@st.composite
def rules(draw: Draw) -> Fields:
    """Return a rule that adds up."""
    family = draw(st.sampled_from(FAMILIES))
    parts = draw(stages(family))
    weight = draw(st.integers(10, 60))
    highest = [
        Fraction(item["highest"])
        for stage in parts
        for item in stage["items"]
        if item["kind"] == "points"
    ]
    if family == "quality_and_cost":
        left = 100 - sum(highest, Fraction(0))
        item = {"kind": "points", "item": "rest", "title": "R", "highest": text(left), "step": "1"}
        parts.append({"part": "technical", "title": "R", "items": [item]})
    over = {"over": draw(st.sampled_from(("item", "part"))), "decimals": draw(st.integers(0, 4))}
    trim = draw(st.none() | trims())
    return {
        "title": "评分办法",
        "stages": parts,
        "experts": {**over, "trim": trim, "outlier_percent": draw(numbers(0, 60))},
        "price": draw(prices(family, str(weight))),
        "deductions": [{"deduction": "small", "title": "S", "percent": draw(numbers(0, 30))}],
        "full": text(sum(highest, Fraction(weight))),
        "total_decimals": draw(st.integers(0, 3)),
        "technical_minimum": draw(st.none() | st.just("0")),
        "low_percent_of_limit": draw(st.none() | numbers(60, 99)),
        "low_percent_of_mean": draw(st.none() | numbers(60, 99)),
        "ties": draw(st.lists(st.sampled_from(TIES), unique=True, max_size=5)),
        "candidates": draw(st.integers(1, 3)),
    }


@st.composite
def cases(draw: Draw) -> CaseFile:
    """Return a case; prices lie close together, so that some are equal and some above the limit."""
    rule = draw(rules())
    technical = [
        Fraction(item["highest"])
        for stage in rule["stages"]
        for item in stage["items"]
        if item["kind"] == "points" and stage["part"] == "technical"
    ]
    if rule["technical_minimum"] is not None:
        rule["technical_minimum"] = text(
            sum(technical, Fraction(0)) * draw(st.integers(0, 10)) / 10
        )
    bids = draw(st.lists(st.sampled_from(BIDS), unique=True, max_size=6))
    members = draw(st.lists(st.sampled_from(MEMBERS), unique=True, min_size=1, max_size=7))
    amounts = st.sampled_from(("80", "90", "95.5", "100")) | numbers(0, 130)
    told = {
        "rule": rule,
        "offers": [_offer(draw, bid, draw(amounts)) for bid in bids],
        "members": members,
        "marks": {bid: _marks(draw, rule, members) for bid in bids},
        "limit": draw(numbers(95, 130)),
        "drawn": draw(numbers(0, 1, 3)),
        "submitted": _order(draw, bids),
        "lots": _order(draw, bids),
    }
    found = CaseFile.model_validate(told, strict=False)
    assert not rule_problems(found), rule_problems(found)
    return found


def _offer(draw: Draw, bid: str, price: str) -> Fields:
    told: Fields = {"bid": bid, "price": price}
    if draw(st.integers(0, 4)) == 0:
        told["deduction"] = "small"
    if draw(st.integers(0, 4)) == 0:
        told["adjustments"] = [{"reason": "early", "amount": draw(st.sampled_from(("-7.5", "3")))}]
    return told


def _marks(draw: Draw, rule: Fields, members: list[str]) -> Mapping[str, Mapping[str, str]]:
    found = {}
    for stage in rule["stages"]:
        for item in stage["items"]:
            if item["kind"] == "points":
                marks = st.sampled_from(_allowed(item))
                found[item["item"]] = {member: draw(marks) for member in members}
    return found


def _allowed(item: Fields) -> list[str]:
    low, high, step = (Fraction(item.get(name, "0")) for name in ("lowest", "highest", "step"))
    return [*(text(low + n * step) for n in range(int((high - low) / step) + 1)), text(high)]


def _order(draw: Draw, bids: list[str]) -> Mapping[str, int]:
    """Return places of all bids or, rarely, of some."""
    known = bids if draw(st.integers(0, 3)) else bids[1:]
    return {bid: place for place, bid in enumerate(draw(st.permutations(known)), 1)}


@st.composite
def spoiled_rules(draw: Draw) -> ScoringRule:
    """Return a rule in form, in which a few values are others than they should be."""
    told = ScoringRule.model_validate(draw(rules()), strict=False).model_dump(exclude_none=True)
    for _ in range(draw(st.integers(1, 3))):
        holder, name = draw(st.sampled_from(_places(told)))
        holder[name] = draw(st.sampled_from(_instead(name, holder[name])))
    return ScoringRule.model_validate(told, strict=False)


def _places(value: Any) -> list[tuple[Any, Any]]:
    """Return everything a value is made of, as what it stands in and under which name."""
    names = value.keys() if isinstance(value, dict) else range(len(value))
    inner = [value[name] for name in names if isinstance(value[name], dict | list | tuple)]
    found = [(value, name) for name in names] if isinstance(value, dict) else []
    return found + [place for one in inner for place in _places(one)]


def _instead(name: Any, value: Any) -> list[Any]:
    """Return what may stand in the place of a value."""
    if name in NAMED or isinstance(value, dict | bool) or (name == "to" and value is None):
        return [value]
    if name == "part":
        return ["formal", "technical"]
    if isinstance(value, list | tuple):
        return [(*value, value[0]) if value and len(value) < 5 else value, value]
    if name in {"coefficient", "lowering"}:
        return ["0", "1", "drawn"]
    return ["0", "0.3", "1", "100", "200"] if isinstance(value, str) else [0, 1]
