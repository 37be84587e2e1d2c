"""What a price loses for lying off the base 偏差率扣分, each side with slopes of its own."""

from fractions import Fraction

from evaluation.scoring.exact import exact
from evaluation.scoring.rule import Deviation, Segment
from evaluation.scoring.sheet import Sheet, term

_HUNDRED = Fraction(100)


def points(
    sheet: Sheet, bid: str, deviation: Deviation, *, price: Fraction, base: Fraction, weight: str
) -> Fraction:
    """Return the points of a price, from none to the weight, before the last rounding.

    Args:
        sheet: where each value is written down.
        bid: whose price it is.
        deviation: how it counts.
        price: as evaluated.
        base: above zero.
        weight: the points of a price on the base.
    """
    off = sheet.note(
        "deviation_percent",
        f"({term(price)} - {term(base)}) / {term(base)} x 100",
        (price - base) / base * _HUNDRED,
        deviation.decimals,
        bid,
    )
    counted = _counted(sheet, bid, deviation, off)
    slope = deviation.above if off > 0 else deviation.below
    lost, formula = _lost(slope, counted)
    lost = sheet.note("points_lost", formula, lost, bid=bid)
    if deviation.cap is not None and lost > exact(deviation.cap):
        lost = sheet.note("points_lost_capped", deviation.cap, exact(deviation.cap), bid=bid)
    left = exact(weight) - lost
    kept = max(left, Fraction(0))
    return sheet.note("points_left", f"{weight} - {term(lost)}", kept, bid=bid)


def _counted(sheet: Sheet, bid: str, deviation: Deviation, off: Fraction) -> Fraction:
    size = abs(off)
    if deviation.counted == "exactly":
        return size
    whole = Fraction(size // 1)
    if deviation.counted == "started" and whole != size:
        whole += 1
    return sheet.note(f"percents_{deviation.counted}", term(size), whole, bid=bid)


def _lost(slope: tuple[Segment, ...], counted: Fraction) -> tuple[Fraction, str]:
    lost, begun, parts = Fraction(0), Fraction(0), list[str]()
    for segment in slope:
        end = counted if segment.to is None else min(counted, exact(segment.to))
        if end <= begun and parts:
            break
        lost += (end - begun) * exact(segment.points)
        parts.append(f"{term(end - begun)} x {segment.points}")
        begun = end
    return lost, " + ".join(parts)
