"""What a rule's price part makes of example prices, for whoever writes one; it records nothing.

It must not be taken for a result: no bid is in it, and marks are as high as the rule lets them be.
"""

from fractions import Fraction
from typing import Annotated, Any, Final

from fastapi import APIRouter
from pydantic import Field
from starlette.requests import Request

from evaluation.scoring.engine import highest
from evaluation.scoring.exact import Positive, exact, shown
from evaluation.scoring.price import Given, Priced, ScoringImpossible, price_scores
from evaluation.scoring.rule import Offer, ScoringRule
from evaluation.scoring.rule_checks import problems
from record.events import Frozen
from web.deps import ServicesDep, Who
from web.reading import read_json

router = APIRouter(tags=["evaluation"])

PREVIEW: Final = "/api/scoring-rules/preview"
MOST_BODY: Final = 64 * 1024
MOST_PRICES: Final = 20
ABOUT_PRICES: Final = frozenset(
    {
        "base_zero",
        "coefficient_zero",
        "draw_missing",
        "limit_missing",
        "limits_crossed",
        "lowering_too_high",
        "quality_too_high",
        "share_above_one",
        "slope_not_rising",
        "slope_open",
        "trim_leaves_none",
        "trim_twice",
    }
)
"""Problems with which no price can be worked out; with any other the prices still can."""


class PreviewBody(Frozen):
    """A rule and the prices to try it on, in minor units or as rates."""

    rule: ScoringRule
    prices: Annotated[tuple[Positive, ...], Field(min_length=1, max_length=MOST_PRICES)]
    limit: Positive | None = None
    drawn: Positive | None = None


@router.post(PREVIEW)
async def preview_prices(request: Request, services: ServicesDep, _who: Who) -> dict[str, Any]:
    """Work out what a rule makes of example prices, each with its sums."""
    body = await read_json(request, PreviewBody, MOST_BODY, services.settings.limits.body_time)
    found = problems(body.rule, has_limit=body.limit is not None, has_draw=body.drawn is not None)
    blocking = [one for one in found if one.code in ABOUT_PRICES]
    if blocking:
        return {"problems": [" ".join(filter(None, (one.code, one.where))) for one in blocking]}
    try:
        return _told(_priced(body), len(body.prices))
    except ScoringImpossible as impossible:
        return {"impossible": impossible.code}


def _priced(body: PreviewBody) -> Priced:
    names = [_name(n) for n in range(len(body.prices))]
    offers = [Offer(bid=name, price=one) for name, one in zip(names, body.prices, strict=True)]
    top = highest(body.rule)
    given = Given(_number(body.limit), _number(body.drawn), dict.fromkeys(names, top), top)
    return price_scores(body.rule, offers, given)


def _told(priced: Priced, count: int) -> dict[str, Any]:
    rows: list[dict[str, Any]] = []
    for name in map(_name, range(count)):
        steps = [
            {"name": one.name, "formula": one.formula, "value": one.value}
            for one in priced.sheet.by_bid.get(name, [])
        ]
        row: dict[str, Any] = {"is_low": name in priced.low, "steps": steps}
        if name in priced.values:
            row["value"] = shown(priced.values[name])
        if name in priced.invalid:
            row["invalid"] = priced.invalid[name]
        rows.append(row)
    together = [
        {"name": one.name, "formula": one.formula, "value": one.value}
        for one in priced.sheet.together
    ]
    return {"better": priced.better, "together": together, "rows": rows}


def _name(number: int) -> str:
    return f"{number:02}"


def _number(text: str | None) -> Fraction | None:
    return None if text is None else exact(text)
