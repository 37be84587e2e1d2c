"""What the marks of a committee come to, part by part; it must not know a price."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from verifier.scoring.numbers import NOUGHT, added
from verifier.scoring.sheet import Impossible, Sheet

Fields = dict[str, Any]
Marks = Mapping[str, Mapping[str, Mapping[str, str]]]
"""Bid -> item -> member -> mark."""


@dataclass
class Quality:
    """The scores of each bid, and what has to be looked at again."""

    parts: dict[str, dict[str, Fraction]] = field(default_factory=dict)
    """Bid -> part -> score, in the rule's order."""
    findings: list[Fields] = field(default_factory=list)

    def scores(self, bid: str) -> list[Fraction]:
        """Return all scores of a bid."""
        return list(self.parts.get(bid, {}).values())

    def part(self, bid: str, name: str) -> Fraction:
        """Return one score of a bid; what is not scored is nothing."""
        return self.parts.get(bid, {}).get(name, NOUGHT)

    def is_too_low(self, rule: Fields, bid: str) -> bool:
        """Tell whether a bid is below the least technical score."""
        least = rule.get("technical_minimum")
        return least is not None and self.part(bid, "technical") < Fraction(least)


def items_of(rule: Fields, kind: str) -> list[tuple[str, Fields]]:
    """Return the rule's items of a kind, `pass` or `points`, each with its part."""
    return [
        (stage["part"], item)
        for stage in rule["stages"]
        for item in stage["items"]
        if item["kind"] == kind
    ]


def is_mark(item: Fields, mark: str) -> bool:
    """Tell whether a mark may be given for an item: in its range, and on a step or the highest."""
    low, high, given = (Fraction(one) for one in (item["lowest"], item["highest"], mark))
    if given == high or not Fraction(item["step"]):
        return low <= given == high
    steps = (given - low) / Fraction(item["step"])
    return steps >= 0 and given <= high and steps.denominator == 1


def judged(rule: Fields, members: Sequence[str], marks: Marks, sheet: Sheet) -> Quality:
    """Return what marks come to, bid by bid.

    Raises:
        Impossible: a mark is missing, or cannot be given.
    """
    if marks and not members:
        raise Impossible("member_missing", sorted(marks))
    found, order = Quality(), sorted(members)
    parts: dict[str, list[Fields]] = {}
    for part, item in items_of(rule, "points"):
        parts.setdefault(part, []).append(item)
    for bid in sorted(marks):
        scores = found.parts[bid] = {}
        for part, items in parts.items():
            table = [_row(bid, item, order, marks[bid]) for item in items]
            _look_again(found, bid, part, (rule, items, table, order))
            scores[part] = _score(rule["experts"], sheet, bid, part, items, table)
    return found


def _row(
    bid: str, item: Fields, members: list[str], marks: Mapping[str, Mapping[str, str]]
) -> list[Fraction]:
    """Return the marks of an item, in the order of members."""
    given = marks.get(item["item"], {})
    for member in members:
        about = (bid, item["item"], member)
        if member not in given:
            raise Impossible("mark_missing", about)
        if not is_mark(item, given[member]):
            raise Impossible("mark_invalid", about)
    return [Fraction(given[member]) for member in members]


def _score(
    experts: Fields,
    sheet: Sheet,
    bid: str,
    part: str,
    items: list[Fields],
    table: list[list[Fraction]],
) -> Fraction:
    """Return the score of a part: a mean of sums, or a sum of means."""
    columns = _sums(table)
    if experts["over"] == "part":
        return _mean(experts, sheet, columns, (bid, "part_mean", part))
    means = [
        _mean(experts, sheet, row, (bid, "item_mean", item["item"]))
        for item, row in zip(items, table, strict=True)
    ]
    return sheet.line(bid, "part", added(means), sum(means, NOUGHT), about=part)


def _mean(
    experts: Fields, sheet: Sheet, values: list[Fraction], of: tuple[str, str, str]
) -> Fraction:
    bid, name, about = of
    trims = [experts["trim"]] if "trim" in experts else []
    formula, mean = mean_of(values, trims)
    return sheet.line(bid, name, formula, mean, experts["decimals"], about)


def mean_of(values: Sequence[Fraction], trims: Sequence[Fields]) -> tuple[str, Fraction]:
    """Return the mean of values as a sum and as a number, by the trim that counts for so many.

    Raises:
        Impossible: the trim leaves nothing, as that of a rule with faults may.
    """
    rising, low, high = sorted(values), 0, 0
    for trim in sorted(trims, key=lambda one: one["least"], reverse=True):
        if trim["least"] <= len(rising):
            low, high = trim["low"], trim["high"]
            break
    kept = rising[low : len(rising) - high]
    if not kept:
        raise Impossible("trim_leaves_none")
    return f"({added(kept)}) / {len(kept)}", sum(kept, NOUGHT) / len(kept)


def _look_again(
    found: Quality,
    bid: str,
    part: str,
    told: tuple[Fields, list[Fields], list[list[Fraction]], list[str]],
) -> None:
    """Note objective items that differ, and sums far from the mean of all."""
    rule, items, table, members = told
    for item, row in zip(items, table, strict=True):
        if item["objective"] and min(row) < max(row):
            found.findings.append(_finding("objective_differs", bid, item["item"]))
    columns = _sums(table)
    mean = sum(columns, NOUGHT) / len(columns)
    allowed = mean * Fraction(rule["experts"]["outlier_percent"]) / 100
    for member, column in zip(members, columns, strict=True):
        if not mean - allowed <= column <= mean + allowed:
            found.findings.append(_finding("outlier", bid, part, member))


def _finding(kind: str, bid: str, about: str, member: str = "") -> Fields:
    return {"kind": kind, "bid": bid, "about": about, "member": member}


def _sums(table: list[list[Fraction]]) -> list[Fraction]:
    """Return what each member gave for all items of a part."""
    return [sum(column, NOUGHT) for column in zip(*table, strict=True)]
