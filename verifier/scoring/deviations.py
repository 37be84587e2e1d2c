"""Points lost for lying off a base; it must not know where the base comes from."""

from fractions import Fraction
from math import ceil, floor
from typing import Any

from verifier.scoring.numbers import NOUGHT, bracketed
from verifier.scoring.sheet import Impossible, Sheet

Fields = dict[str, Any]


def off_a_base(
    rule: Fields, price: dict[str, Fraction], base: Fraction, sheet: Sheet
) -> dict[str, Fraction]:
    """Return the points of each price.

    Raises:
        Impossible: `base_zero`.
    """
    if base <= 0:
        raise Impossible("base_zero")
    found = {}
    for bid, one in price.items():
        lost = _lost(rule["deviation"], bid, one, base, sheet)
        text = f"{rule['weight']} - {bracketed(lost)}"
        left = sheet.line(bid, "points_left", text, max(Fraction(rule["weight"]) - lost, NOUGHT))
        found[bid] = sheet.line(bid, "points", bracketed(left), left, rule["decimals"])
    return found


def _lost(deviation: Fields, bid: str, price: Fraction, base: Fraction, sheet: Sheet) -> Fraction:
    """Return how many points a price loses."""
    text = f"({bracketed(price)} - {bracketed(base)}) / {bracketed(base)} x 100"
    off = (price / base - 1) * 100
    off = sheet.line(bid, "deviation_percent", text, off, deviation.get("decimals"))
    counted = _counted(deviation["counted"], bid, abs(off), sheet)
    text, lost = _along(deviation["above" if off > 0 else "below"], counted)
    lost = sheet.line(bid, "points_lost", text, lost)
    cap = deviation.get("cap")
    if cap is None or lost <= Fraction(cap):
        return lost
    return sheet.line(bid, "points_lost_capped", cap, Fraction(cap))


def _counted(how: str, bid: str, size: Fraction, sheet: Sheet) -> Fraction:
    """Return how many per cents count: all of it, or every one begun, or whole ones."""
    if how == "exactly":
        return size
    whole = ceil(size) if how == "started" else floor(size)
    return sheet.line(bid, f"percents_{how}", bracketed(size), Fraction(whole))


def _along(slope: list[Fields], counted: Fraction) -> tuple[str, Fraction]:
    """Return the sum over the segments that a deviation reaches; the first is always written."""
    ends = [Fraction(one["to"]) if "to" in one else counted for one in slope]
    starts = [NOUGHT, *ends[:-1]]
    spans = [
        (min(end, counted) - start, segment["points"])
        for start, end, segment in zip(starts, ends, slope, strict=True)
    ]
    reached = [spans[0], *(span for span in spans[1:] if span[0] > 0)]
    text = " + ".join(f"{bracketed(width)} x {points}" for width, points in reached)
    return text, sum((width * Fraction(points) for width, points in reached), NOUGHT)
