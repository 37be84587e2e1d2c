"""The order of bids, and what decides between equals; it must not draw lots."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

Fields = dict[str, Any]


@dataclass(frozen=True)
class Contender:
    """A bid with its total, and what may put it before an equal: the lower the better."""

    bid: str
    total: Fraction
    by: Mapping[str, Fraction | int | None]


@dataclass
class _Bench:
    """Contenders that are equal so far, and what put them after the bench before."""

    contenders: list[Contender]
    decided_by: str | None = None


def ranked(
    contenders: Sequence[Contender], ties: Sequence[str], *, lowest_first: bool
) -> tuple[list[Fields], list[list[str]]]:
    """Return places as `rank`, `bid` and perhaps `decided_by`, and who has to draw lots."""
    totals = sorted({one.total for one in contenders}, reverse=not lowest_first)
    benches = [_Bench(_named(one for one in contenders if one.total == total)) for total in totals]
    to_draw: list[list[str]] = []
    for tie in ties:
        waiting, benches = benches, []
        for bench in waiting:
            benches += _parted(bench, tie, to_draw)
    rows: list[Fields] = []
    for bench in benches:
        decided = {} if bench.decided_by is None else {"decided_by": bench.decided_by}
        rank = len(rows) + 1
        rows += [{"rank": rank, "bid": one.bid, **decided} for one in bench.contenders]
    return rows, to_draw


def _named(contenders: Any) -> list[Contender]:
    return sorted(contenders, key=lambda one: one.bid)


def _parted(bench: _Bench, tie: str, to_draw: list[list[str]]) -> list[_Bench]:
    """Part equals by one thing, where it is known of all of them."""
    if len(bench.contenders) == 1:
        return [bench]
    known = {one.by[tie] for one in bench.contenders}
    if None in known:
        if tie == "drawn":
            to_draw.append([one.bid for one in bench.contenders])
        return [bench]
    found = [
        _Bench([one for one in bench.contenders if one.by[tie] == value], tie)
        for value in sorted(value for value in known if value is not None)
    ]
    found[0].decided_by = bench.decided_by
    return found
