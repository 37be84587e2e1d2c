"""Scoring rules for tests: one of each family, and the pieces they are made of."""

import ast
import operator
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from pydantic import TypeAdapter

from evaluation.scoring.rule import Offer, PriceRule, ScoringRule

ABOVE_AND_BELOW = {"above": [{"points": "1"}], "below": [{"points": "0.5"}]}
FAMILIES: Mapping[str, dict[str, Any]] = {
    "lowest_price": {"weight": "30"},
    "mean_base": {
        "weight": "40",
        "mean": {"trims": [{"least": 5, "high": 1, "low": 1}]},
        "coefficient": "drawn",
        "deviation": ABOVE_AND_BELOW,
    },
    "limit_and_mean": {"weight": "50", "share": "0.4", "deviation": ABOVE_AND_BELOW},
    "fixed_base": {"weight": "30", "base": "800000000", "deviation": ABOVE_AND_BELOW},
    "evaluated_price": {},
    "quality_and_cost": {"quality_share": "0.8", "price_share": "0.2"},
    "coefficient": {},
    "between_limits": {"weight": "30", "full_at": "700000000", "none_at": "900000000"},
}
ABSOLUTE = {"limit_and_mean", "fixed_base", "between_limits"}
"""Families whose rule or limit names an amount of money."""


def price_rule(family: str, **changed: object) -> PriceRule:
    """Return the price part of a rule, as it would be read from JSON."""
    told = {"family": family, **FAMILIES[family], **changed}
    found: PriceRule = TypeAdapter(PriceRule).validate_python(told)
    return found


def rule(
    family: str, *, price: Mapping[str, object] | None = None, **changed: object
) -> ScoringRule:
    """Return a rule with no items."""
    told = {"title": "评分办法", "price": {"family": family, **FAMILIES[family], **(price or {})}}
    return ScoringRule.model_validate({**told, **changed}, strict=False)


def points(item: str, highest: str, **changed: object) -> dict[str, object]:
    """Return an item that is scored by halves."""
    return {
        "kind": "points", "item": item, "title": item, "highest": highest, "step": "0.5", **changed
    }  # fmt: skip


def offers(prices: Mapping[str, str]) -> list[Offer]:
    """Return an offer a bid."""
    return [Offer(bid=bid, price=price) for bid, price in prices.items()]


_SIGNS: Mapping[type[ast.operator], Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def calculated(formula: str) -> Fraction:
    """Do the sum of a proof sheet, as a person with a pocket calculator would."""
    return _value(ast.parse(formula.replace(" x ", " * "), mode="eval").body, formula)


def _value(node: ast.expr, formula: str) -> Fraction:
    match node:
        case ast.Constant():
            return Fraction(formula[node.col_offset : node.end_col_offset])
        case ast.BinOp():
            return _SIGNS[type(node.op)](_value(node.left, formula), _value(node.right, formula))
        case ast.UnaryOp(op=ast.USub()):
            return -_value(node.operand, formula)
        case ast.Call(func=ast.Name(id="min")):
            return min(_value(one, formula) for one in node.args)
        case _:
            raise AssertionError(formula)
