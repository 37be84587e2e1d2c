"""The parts of a report that come from the scoring: sums, places, candidates, what was found.

It must not compute a score: every number is one of the facts.
"""

import re
from collections.abc import Iterator, Sequence

from evaluation.scoring.marks import scored_items
from evaluation.scoring.price import ranks_by_price
from web.report_told import MISSING, Row, Told, part

_QUOTIENT = re.compile(r"(?<=\d)/(?=\d)")
_CORRECTED = frozenset({"price_deducted", "price_adjusted"})
"""Steps after which a price for evaluation is not the one that was read out."""


def results(told: Told) -> Iterator[Row]:
    """Return places, candidates and what else came out, or why nothing did."""
    outcome = told.facts["outcome"]
    if "impossible" in outcome:
        yield _impossible(told, outcome)
        yield from _unranked(told, {})
        return
    yield _ranking(told, outcome)
    yield _candidates(told, outcome["places"])
    yield from _unranked(told, outcome)
    yield _findings(told, outcome)


def _impossible(told: Told, outcome: Row) -> Row:
    say = told.say
    about = say(", ").join(told.about(one) for one in outcome["about"])
    why = say(f"impossible {outcome['impossible']}")
    said = say("{name} ({of})", name=why, of=about) if about else why
    if outcome["impossible"] == "competition_lacking":
        return part(say("All bids are rejected"), said)
    return part(say("The scoring rule could not be applied"), said)


def sums(told: Told) -> Iterator[Row]:
    """Return the proof sheet: what all bids share, then each bid's own; none without scores."""
    say, sheet = told.say, told.facts["outcome"].get("sheet")
    if sheet is None:
        return
    note = say(
        "Amounts are in the currency's minor unit: {currency} 1.00 is 100.", currency=told.currency
    )
    yield part(say("Proof sheet"), *([note] if told.is_money else []))
    groups = [(say("All bids together"), sheet["together"])]
    own = {one["bid"]: one["steps"] for one in sheet["by_bid"]}
    groups += [(name, own[bid]) for bid, name in told.names.items() if bid in own]
    for title, steps in groups:
        if steps:
            rows = [_step(told, step) for step in steps]
            yield part(title, level=3, columns=_columns(told), rows=rows)


def _columns(told: Told) -> Sequence[tuple[float, str]]:
    say = told.say
    return ((1.4, say("What it is")), (3, say("Formula")), (1.2, say("Result")))


def _step(told: Told, step: Row) -> list[str]:
    say = told.say
    name = say(f"sum {step['name']}")
    if "about" in step:
        name = say("{name} ({of})", name=name, of=told.about(step["about"]))
    exact, value = _spaced(step["exact"]), _spaced(step["value"])
    result = value if exact == value else f"{exact} ≈ {value}"
    return [name, _spaced(step["formula"]).replace(" x ", " × "), result]


def _spaced(text: str) -> str:
    """Return a sum in which a line may end at a fraction's bar."""
    return _QUOTIENT.sub(" / ", text)


def _ranking(told: Told, outcome: Row) -> Row:
    say, places = told.say, outcome["places"]
    scored = list(dict.fromkeys(of for of, _ in scored_items(told.rule)))
    is_corrected = any(
        step["name"] in _CORRECTED for one in outcome["sheet"]["by_bid"] for step in one["steps"]
    ) or any(one["status"] == "accepted" for one in told.facts["corrections"])
    by_price = ranks_by_price(told.rule.price)
    columns = [(0, say("Rank")), (2, say("Bidder")), (1.5, say("Price as read out"))]
    columns += [(1.3, say("Price for evaluation"))] if is_corrected else []
    columns += [(0.8, say(f"part {one}")) for one in scored]
    columns += [(1.3, say("Ranked by"))] if by_price else []
    columns += [] if by_price else [(0.8, say("Points of the price")), (0.8, say("Total score"))]
    columns += [(1.1, say("Equals decided by"))]
    rows = [
        [
            str(one["rank"]),
            told.about(one["bid"]),
            told.prices.get(one["bid"], MISSING),
            *([told.amount(one["price"])] if is_corrected else []),
            *(one["parts"].get(name, MISSING) for name in scored),
            *([told.amount(one["total"])] if by_price else [one["value"], one["total"]]),
            say(f"tie {one['decided_by']}") if "decided_by" in one else MISSING,
        ]
        for one in places
    ]
    return part(say("Ranking"), *([] if rows else [say("None.")]), columns=columns, rows=rows)


def _candidates(told: Told, places: Sequence[Row]) -> Row:
    say, by_price = told.say, ranks_by_price(told.rule.price)
    columns = (
        (1.2, say("Rank")),
        (2.4, say("Bidder")),
        (1.6, say("Price as read out")),
        (1.2, say("Ranked by") if by_price else say("Total score")),
    )
    rows = [
        [
            say("Candidate {rank}", rank=one["rank"]),
            told.about(one["bid"]),
            told.prices.get(one["bid"], MISSING),
            told.amount(one["total"]) if by_price else one["total"],
        ]
        for one in places
        if one["candidate"]
    ]
    none = [] if rows else [say("None is recommended.")]
    return part(say("Candidates"), *none, columns=columns, rows=rows)


def _unranked(told: Told, outcome: Row) -> Iterator[Row]:
    """Return the bids that have no place, each with why."""
    say, reasons = told.say, dict[str, str]()
    for row in told.facts["review"]:
        if "rejected" in row:
            reasons[row["bid"]] = say("rejected in the preliminary review")
    for bid in outcome.get("too_low", []):
        reasons[bid] = say("unpriced too_low")
    for row in told.facts["unpriced"]:
        reasons[row["bid"]] = say(f"unpriced {row['why']}")
    for row in outcome.get("invalid", []):
        reasons[row["bid"]] = say(f"invalid {row['why']}")
    rows = [
        [told.names[bid], told.prices.get(bid, MISSING), reasons[bid]]
        for bid in told.names
        if bid in reasons
    ]
    if rows:
        columns = ((2, say("Bidder")), (1.5, say("Price as read out")), (3, say("Why")))
        yield part(say("Bids without a rank"), columns=columns, rows=rows)


def _findings(told: Told, outcome: Row) -> Row:
    """Return what the committee looks at again, or asks about."""
    say = told.say
    rows = [
        [told.about(bid), say("price perhaps below cost: to be asked about")]
        for bid in outcome["to_ask"]
    ]
    rows += [
        [
            say("; ").join(told.about(bid) for bid in group),
            say("equal after all rules: lots have to be drawn"),
        ]
        for group in outcome["to_draw"]
    ]
    rows += [_finding(told, one) for one in outcome["findings"]]
    columns = ((2, say("Bidder")), (3, say("What was found")))
    none = [] if rows else [say("None.")]
    return part(say("Further findings"), *none, columns=columns, rows=rows)


def _finding(told: Told, one: Row) -> list[str]:
    say = told.say
    about = [told.about(one["about"])]
    if one.get("member"):
        about.append(told.about(one["member"]))
    said = say("{name} ({of})", name=say(f"finding {one['kind']}"), of=say(", ").join(about))
    return [told.about(one["bid"]), said]
