"""Marks of several members become one score for each part of the review of each bid.

Neither the order of members nor of bids matters. It must not correct a mark: what is out of range
or missing was refused before, and is refused here again.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from evaluation.scoring.exact import exact
from evaluation.scoring.price import ScoringImpossible, trim_for, trimmed
from evaluation.scoring.rule import Part, PointsItem, ScoringRule
from evaluation.scoring.sheet import Sheet, sum_of

Marks = Mapping[str, Mapping[str, Mapping[str, Fraction]]]
"""By bid, by item, by member."""
Problem = Literal["off_range", "off_step"]
_ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something the committee looks at again before its report 复核; never a verdict.

    Kinds: objective_differs (members have different marks for what leaves no choice), outlier (a
    member's sum far from the mean of all).
    """

    kind: Literal["objective_differs", "outlier"]
    bid: str
    about: str
    """The item, or the part."""
    member: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of the marks."""

    parts: Mapping[str, Mapping[Part, Fraction]]
    """By bid: the score of each part that is scored."""
    sheet: Sheet
    findings: Sequence[Finding]


def scored_items(rule: ScoringRule) -> Iterator[tuple[Part, PointsItem]]:
    """Yield every item that is scored, with its part, in the rule's order."""
    for stage in rule.stages:
        for item in stage.items:
            if isinstance(item, PointsItem):
                yield stage.part, item


@dataclass(frozen=True, slots=True)
class Range:
    """What may be given for an item."""

    lowest: Fraction
    highest: Fraction
    step: Fraction

    @classmethod
    def of(cls, item: PointsItem) -> "Range":
        """Return the range of an item."""
        return cls(exact(item.lowest), exact(item.highest), exact(item.step))

    def problem(self, mark: Fraction) -> Problem | None:
        """Return why a mark cannot be given; None where it can."""
        if not self.lowest <= mark <= self.highest:
            return "off_range"
        if mark != self.highest and (mark - self.lowest) % self.step != 0:
            return "off_step"
        return None


def judge(rule: ScoringRule, members: Sequence[str], marks: Marks) -> Judged:
    """Return the scores of every bid there are marks of.

    Args:
        rule: the rule, with nothing wrong with it.
        members: everybody whose marks count.
        marks: of exactly these members, for every item of every bid.

    Raises:
        ScoringImpossible: mark_missing, mark_invalid, about bid, item and member; member_missing.
    """
    if marks and not members:
        raise ScoringImpossible("member_missing", sorted(marks))
    bench = _Bench(rule, tuple(sorted(members)))
    parts = {bid: bench.judge(bid, marks[bid]) for bid in sorted(marks)}
    return Judged(parts, bench.sheet, bench.findings)


class _Bench:
    """Judges one bid after the other by the same rule."""

    def __init__(self, rule: ScoringRule, members: tuple[str, ...]) -> None:
        self._experts = rule.experts
        self._trims = [] if rule.experts.trim is None else [rule.experts.trim]
        self._outlier = exact(rule.experts.outlier_percent) / 100
        self._members = members
        self._parts: dict[Part, list[tuple[PointsItem, Range]]] = {}
        for part, item in scored_items(rule):
            self._parts.setdefault(part, []).append((item, Range.of(item)))
        self.sheet = Sheet()
        self.findings: list[Finding] = []

    def judge(self, bid: str, marks: Mapping[str, Mapping[str, Fraction]]) -> dict[Part, Fraction]:
        return {
            part: self._part(
                bid,
                part,
                [(item, self._checked(bid, item, range_, marks)) for item, range_ in items],
            )
            for part, items in self._parts.items()
        }

    def _checked(
        self,
        bid: str,
        item: PointsItem,
        range_: Range,
        marks: Mapping[str, Mapping[str, Fraction]],
    ) -> list[Fraction]:
        given = marks.get(item.item, {})
        for member in self._members:
            if member not in given:
                raise ScoringImpossible("mark_missing", (bid, item.item, member))
            if range_.problem(given[member]) is not None:
                raise ScoringImpossible("mark_invalid", (bid, item.item, member))
        return [given[member] for member in self._members]

    def _part(
        self, bid: str, part: Part, items: Sequence[tuple[PointsItem, list[Fraction]]]
    ) -> Fraction:
        sums = [sum(of, _ZERO) for of in zip(*(marks for _, marks in items), strict=True)]
        self._look(bid, part, items, sums)
        if self._experts.over == "part":
            return self._mean(sums, "part_mean", bid, part)
        means = [self._mean(marks, "item_mean", bid, item.item) for item, marks in items]
        return self.sheet.note("part", sum_of(means), sum(means, _ZERO), bid=bid, about=part)

    def _mean(self, values: Sequence[Fraction], name: str, bid: str, about: str) -> Fraction:
        kept = trimmed(sorted(values), trim_for(self._trims, len(values)))
        formula = f"({sum_of(kept)}) / {len(kept)}"
        mean = sum(kept, _ZERO) / len(kept)
        return self.sheet.note(name, formula, mean, self._experts.decimals, bid, about)

    def _look(
        self,
        bid: str,
        part: Part,
        items: Sequence[tuple[PointsItem, list[Fraction]]],
        sums: Sequence[Fraction],
    ) -> None:
        """Note what the committee looks at again."""
        self.findings += [
            Finding("objective_differs", bid, item.item)
            for item, marks in items
            if item.objective and len(set(marks)) > 1
        ]
        mean = sum(sums, _ZERO) / len(sums)
        self.findings += [
            Finding("outlier", bid, part, member)
            for member, one in zip(self._members, sums, strict=True)
            if abs(one - mean) > mean * self._outlier
        ]
