"""Detailed scoring 详细评审: each member's marks, signed, given alone and for good; pure.

Nobody's marks are shown to anybody before every member's are in: then they are locked, and the
scores are what the rule makes of them. It must not score; `evaluation.scoring` does.

Source: Order 12, articles 35 and 41; Order 87, article 55.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from crypto import canonical
from evaluation.blind_events import AliasesDrawn
from evaluation.committee import Committee, seat_of
from evaluation.events import MarkingEvent, MarksLocked, MarksSubmitted
from evaluation.messages import ItemMark, Remarks, ScoreSheet
from evaluation.review import Review
from evaluation.scoring.exact import exact
from evaluation.scoring.marks import Marks, Range, scored_items
from evaluation.scoring.rule import ScoringRule
from opening.envelopes import payload
from record.errors import NotValid, OutOfOrder
from record.events import Signed


@dataclass(frozen=True, slots=True)
class Marking:
    """The detailed scoring of one section."""

    section: str
    sheets: Mapping[str, Signed] = field(default_factory=dict)
    """Seat -> the signed sheet."""
    is_locked: bool = False
    draw: str | None = None
    """The draw of aliases that new sheets go by; none where there is none, or it is void."""
    draws: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Every draw there was -> alias -> bid; told to nobody before the lock."""
    salts: Mapping[str, str] = field(default_factory=dict)
    """Draw -> what keeps its table from being tried out; as secret as that is."""
    amended: tuple[Mapping[str, Signed], ...] = ()
    """Seat -> marks given again, of every re-evaluation whose marks count, in their order."""


def rule_hash(rule: ScoringRule) -> str:
    """Return the SHA-256 of a rule's canonical bytes, hex."""
    return hashlib.sha256(canonical.dumps(rule_json(rule))).hexdigest()


def rule_json(rule: ScoringRule) -> dict[str, Any]:
    """Return a rule as its hash has it: what is left out is left out."""
    return rule.model_dump(mode="json", exclude_none=True)


def submit_marks(
    committee: Committee,
    review: Review,
    marking: Marking,
    rule: ScoringRule,
    *,
    account: str,
    sheet: ScoreSheet,
    envelope: Signed,
) -> tuple[MarksSubmitted | MarksLocked, ...]:
    """Submit all marks of a member, signed; the last member's lock everybody's.

    Args:
        committee: quorate, with its chair.
        review: closed.
        marking: so far.
        rule: the section's.
        account: who submits.
        sheet: what the envelope holds.
        envelope: its signature is checked.

    Refusals: committee.not_a_member, marks.too_early, marks.locked, marks.submitted,
    marks.other_seat, marks.other_rule, marks.other_section, marks.bids, marks.items, marks.range,
    marks.aliases_awaited, marks.other_aliases, marks.aliases.
    """
    seat = seat_of(committee, account).member.seat
    if not review.is_closed:
        raise OutOfOrder("marks.too_early")
    if marking.is_locked:
        raise OutOfOrder("marks.locked")
    if seat in marking.sheets:
        raise OutOfOrder("marks.submitted")
    if sheet.seat != seat:
        raise NotValid("marks.other_seat", seat=sheet.seat)
    if sheet.section != marking.section:
        raise NotValid("marks.other_section")
    if sheet.rule != rule_hash(rule):
        raise NotValid("marks.other_rule")
    _check_marks(review, rule, sheet)
    _check_blind(marking, rule, sheet)
    submitted = MarksSubmitted(section=marking.section, seat=seat, envelope=envelope)
    if {*marking.sheets, seat} >= set(committee.seats):
        return (submitted, MarksLocked(section=marking.section))
    return (submitted,)


def _check_marks(review: Review, rule: ScoringRule, sheet: ScoreSheet) -> None:
    if sorted(one.bid for one in sheet.marks) != sorted(review.valid):
        raise NotValid("marks.bids", bids=list(review.valid))
    ranges = _ranges(rule, blind=False)
    for of in sheet.marks:
        _check_items(ranges, of.bid, of.items)


def _check_blind(marking: Marking, rule: ScoringRule, sheet: ScoreSheet) -> None:
    """Check that blind items are marked under every alias in force, and nothing else is."""
    ranges, said = _ranges(rule, blind=True), sheet.blind
    if not ranges:
        if said is not None:
            raise NotValid("marks.aliases", aliases=[])
        return
    if marking.draw is None:
        raise OutOfOrder("marks.aliases_awaited")
    aliases = marking.draws[marking.draw]
    if said is not None and said.draw != marking.draw:
        raise NotValid("marks.other_aliases")
    if said is None or sorted(one.alias for one in said.marks) != sorted(aliases):
        raise NotValid("marks.aliases", aliases=list(aliases))
    for of in said.marks:
        _check_items(ranges, of.alias, of.items)


def _ranges(rule: ScoringRule, *, blind: bool) -> Mapping[str, Range]:
    return {item.item: Range.of(item) for _, item in scored_items(rule) if item.blind is blind}


def _check_items(ranges: Mapping[str, Range], name: str, items: tuple[ItemMark, ...]) -> None:
    """Check the marks of a bid, or of what stands under an alias."""
    if sorted(one.item for one in items) != sorted(ranges):
        raise NotValid("marks.items", bid=name, items=list(ranges))
    for one in items:
        if ranges[one.item].problem(exact(one.mark)) is not None:
            raise NotValid("marks.range", bid=name, item=one.item, mark=one.mark)


def marks_of(marking: Marking) -> Marks:
    """Return the marks of every sheet, exact, by bid, item and seat."""
    return {
        bid: {item: {seat: exact(mark) for seat, mark in of.items()} for item, of in items.items()}
        for bid, items in signed_marks(marking).items()
    }


def signed_marks(marking: Marking) -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """Return the marks as signed, by bid, item and seat, those given again in place of the former.

    Of locked ones alone.
    """
    found: dict[str, dict[str, dict[str, str]]] = {}
    for seat, sheet in sheets_of(marking).items():
        for bid, items in _by_bid(marking, sheet):
            for one in items:
                found.setdefault(bid, {}).setdefault(one.item, {})[seat] = one.mark
    for again in marking.amended:
        for seat, signed in again.items():
            for mark in Remarks.read(payload(signed)).marks:
                found[mark.bid][mark.item][seat] = mark.mark
    return found


def sheets_of(marking: Marking) -> Mapping[str, ScoreSheet]:
    """Return what every sheet that counts says, by seat."""
    return {seat: ScoreSheet.read(payload(one)) for seat, one in marking.sheets.items()}


def _by_bid(marking: Marking, sheet: ScoreSheet) -> Iterator[tuple[str, tuple[ItemMark, ...]]]:
    """Give the marks of a sheet with the bids they are of, its aliases opened."""
    for of in sheet.marks:
        yield of.bid, of.items
    if sheet.blind is not None:
        behind = marking.draws[sheet.blind.draw]
        for under in sheet.blind.marks:
            yield behind[under.alias], under.items


def evolve_marking(marking: Marking, event: MarkingEvent | AliasesDrawn) -> Marking:
    """Fold one event in. Never refuses: what is in the record has happened."""
    match event:
        case AliasesDrawn():
            drawn = {one.alias: one.bid for one in event.aliases}
            return replace(
                marking,
                draw=event.draw,
                draws={**marking.draws, event.draw: drawn},
                salts={**marking.salts, event.draw: event.salt},
            )
        case MarksSubmitted():
            return replace(marking, sheets={**marking.sheets, event.seat: event.envelope})
        case MarksLocked():
            return replace(marking, is_locked=True)


def of_bids(marking: Marking, valid: tuple[str, ...]) -> Marking:
    """Return the scoring without sheets that are of other bids than those that are in now."""
    sheets = {
        seat: sheet
        for seat, sheet in marking.sheets.items()
        if {one.bid for one in ScoreSheet.read(payload(sheet)).marks} == set(valid)
    }
    return replace(marking, sheets=sheets)


def without(marking: Marking, seat: str) -> Marking:
    """Return the scoring without what a seat gave: its member is another now, and nothing locks.

    Whoever marks from now on does so under other aliases: those of a lock before are known.
    """
    sheets = {one: sheet for one, sheet in marking.sheets.items() if one != seat}
    return replace(marking, sheets=sheets, is_locked=False, draw=None)
