"""A committee 评标委员会 from its naming to its chair: who sits where and who stands aside; pure.

Ties are declared before the bidders' names are shown, and the names are confirmed before any
document is: whoever has to stand aside has read nothing. It must not judge a bid.

Source: Law, article 37; Regulation, articles 46 and 48; Order 12, articles 9 to 13.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from evaluation.discussion_events import Naming
from evaluation.events import (
    ChairBallotCast,
    ChairElected,
    ChairTied,
    CommitteeConvened,
    CommitteeEvent,
    Member,
    MemberConfirmed,
    MemberReplaced,
    MemberSignedIn,
    MemberWithdrew,
    TiesDeclared,
)
from evaluation.values import Capacity
from record.errors import NotAllowed, NotFound, NotValid, OutOfOrder
from record.events import Signed

LEAST = 5
"""Members a committee has at the least."""
Standing = Literal["named", "signed_in", "declared", "confirmed", "gone"]
"""How far a member has come; `gone` leaves the seat free for another."""


@dataclass(frozen=True, slots=True)
class Seat:
    """A seat of the committee and who has it."""

    member: Member
    standing: Standing = "named"
    ties: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ballot:
    """The ballot for the chair that is under way."""

    round: int = 1
    among: tuple[str, ...] = ()
    """The seats that may be chosen; empty in the first round, for every expert's."""
    votes: Mapping[str, str] = field(default_factory=dict)
    """Seat -> the seat it chose."""


@dataclass(frozen=True, slots=True)
class Gone:
    """Who left a seat, and why."""

    seat: str
    account: str
    reason: str


@dataclass(frozen=True, slots=True)
class Committee:
    """The committee of one section."""

    section: str
    seats: Mapping[str, Seat]
    """By number, in the order they were named."""
    ballot: Ballot = field(default_factory=Ballot)
    chair: str | None = None
    gone: tuple[Gone, ...] = ()
    """In the order in which they left."""

    @property
    def is_quorate(self) -> bool:
        """Whether every seat has a member that confirmed."""
        return all(seat.standing == "confirmed" for seat in self.seats.values())

    def held_by(self, account: str) -> Seat | None:
        """Return the seat that an account has now, where it has one."""
        held = (seat for seat in self.seats.values() if seat.standing != "gone")
        return next((seat for seat in held if seat.member.account == account), None)


def convene(
    section: str,
    members: Sequence[Member],
    bids: Sequence[str],
    shown_by: Naming = "name",
) -> tuple[CommitteeConvened, ...]:
    """Name the committee of a section, and the bids it is to judge.

    Refusals: committee.too_small, committee.even, committee.too_many_of_tenderer,
    committee.seat_twice, committee.person_twice.
    """
    if len(members) < LEAST:
        raise NotValid("committee.too_small", least=LEAST)
    if len(members) % 2 == 0:
        raise NotValid("committee.even", n=len(members))
    seat = _twice([one.seat for one in members])
    if seat is not None:
        raise NotValid("committee.seat_twice", seat=seat)
    _check_persons([one.account for one in members])
    _check_capacity([one.capacity for one in members])
    named = None if shown_by == "name" else shown_by
    return (
        CommitteeConvened(
            section=section, members=tuple(members), bids=tuple(bids), shown_by=named
        ),
    )


def sign_in(committee: Committee, account: str, envelope: Signed) -> tuple[MemberSignedIn, ...]:
    """Sit down, with the signed commitment.

    Refusals: committee.not_a_member, committee.wrong_step.
    """
    seat = seat_of(committee, account)
    _check_standing(seat, "named")
    return (MemberSignedIn(section=committee.section, seat=seat.member.seat, envelope=envelope),)


def declare_ties(
    committee: Committee, account: str, ties: Sequence[str]
) -> tuple[TiesDeclared, ...]:
    """Declare ties, before any bidder's name is known.

    Refusals: committee.not_a_member, committee.wrong_step.
    """
    seat = seat_of(committee, account)
    _check_standing(seat, "signed_in")
    return (TiesDeclared(section=committee.section, seat=seat.member.seat, ties=tuple(ties)),)


def confirm(
    committee: Committee, account: str, bidders: Sequence[str]
) -> tuple[MemberConfirmed, ...]:
    """Confirm, having seen the names, that nothing speaks against it.

    Args:
        committee: the member's.
        account: the member.
        bidders: names and codes of everybody whose bid was opened.

    Refusals: committee.not_a_member, committee.wrong_step, committee.tie_found.
    """
    seat = seat_of(committee, account)
    _check_standing(seat, "declared")
    found = found_ties(seat.ties, bidders)
    if found:
        raise NotAllowed("committee.tie_found", ties=found)
    return (MemberConfirmed(section=committee.section, seat=seat.member.seat),)


def withdraw(committee: Committee, account: str, reason: str) -> tuple[MemberWithdrew, ...]:
    """Stand aside 回避; possible at any time, and for whatever reason is given.

    Refusals: committee.not_a_member.
    """
    seat = seat_of(committee, account)
    return (
        MemberWithdrew(
            section=committee.section, seat=seat.member.seat, account=account, reason=reason
        ),
    )


def replace_member(
    committee: Committee, member: Member, reason: str
) -> tuple[MemberWithdrew | MemberReplaced, ...]:
    """Give a seat to another; whoever had it is out, and what it gave is void.

    Refusals: committee.no_such_seat, committee.person_gone, committee.person_twice,
    committee.too_many_of_tenderer.
    """
    seat = committee.seats.get(member.seat)
    if seat is None:
        raise NotFound("committee.no_such_seat", seat=member.seat)
    if any(one.account == member.account for one in committee.gone):
        raise NotValid("committee.person_gone", account=member.account)
    others = [one.member for number, one in committee.seats.items() if number != member.seat]
    _check_persons([member.account, seat.member.account, *(one.account for one in others)])
    _check_capacity([member.capacity, *(one.capacity for one in others)])
    replaced = MemberReplaced(section=committee.section, member=member, reason=reason)
    if seat.standing == "gone":
        return (replaced,)
    gone = MemberWithdrew(
        section=committee.section, seat=member.seat, account=seat.member.account, reason=reason
    )
    return (gone, replaced)


def vote_chair(
    committee: Committee, account: str, choice: str
) -> tuple[ChairBallotCast | ChairElected | ChairTied, ...]:
    """Vote for the chair; the last vote of a ballot decides it, or calls the next one.

    Refusals: committee.not_a_member, committee.not_quorate, committee.has_chair,
    committee.has_voted, committee.no_such_seat, committee.not_eligible.
    """
    seat = seat_of(committee, account)
    if not committee.is_quorate:
        raise OutOfOrder("committee.not_quorate")
    if committee.chair is not None:
        raise OutOfOrder("committee.has_chair")
    ballot, own = committee.ballot, seat.member.seat
    if own in ballot.votes:
        raise OutOfOrder("committee.has_voted")
    if choice not in committee.seats:
        raise NotFound("committee.no_such_seat", seat=choice)
    if choice not in eligible(committee):
        raise NotValid("committee.not_eligible", seat=choice)
    section = committee.section
    cast = ChairBallotCast(section=section, round=ballot.round, seat=own, choice=choice)
    votes = {**ballot.votes, own: choice}
    if len(votes) < len(committee.seats):
        return (cast,)
    leading = _leading(committee, votes)
    if len(leading) == 1:
        return (cast, ChairElected(section=section, seat=leading[0]))
    return (cast, ChairTied(section=section, round=ballot.round, seats=leading))


def eligible(committee: Committee) -> tuple[str, ...]:
    """Return the seats that may be chosen as chair: experts', of those tied in a round before."""
    among = committee.ballot.among or tuple(committee.seats)
    return tuple(number for number in among if committee.seats[number].member.capacity == "expert")


def found_ties(ties: Sequence[str], bidders: Sequence[str]) -> list[str]:
    """Return the declared ties that name a bidder, whatever the blanks and the case."""
    names = {_folded(name) for name in bidders}
    return [tie for tie in ties if _folded(tie) in names]


def seat_of(committee: Committee, account: str) -> Seat:
    """Return the seat that an account has.

    Refusals: committee.not_a_member.
    """
    seat = committee.held_by(account)
    if seat is None:
        raise NotAllowed("committee.not_a_member")
    return seat


def evolve_committee(committee: Committee | None, event: CommitteeEvent) -> Committee | None:
    """Fold one event in. Never refuses: what is in the record has happened."""
    if isinstance(event, CommitteeConvened):
        return Committee(event.section, {one.seat: Seat(one) for one in event.members})
    return None if committee is None else _after(committee, event)


_Balloted = ChairBallotCast | ChairElected | ChairTied
_Sat = MemberSignedIn | TiesDeclared | MemberConfirmed


def _after(
    committee: Committee, event: _Sat | MemberWithdrew | MemberReplaced | _Balloted
) -> Committee:
    if isinstance(event, _Balloted):
        return _balloted(committee, event)
    if isinstance(event, MemberReplaced):
        return replace(committee, seats={**committee.seats, event.member.seat: Seat(event.member)})
    if isinstance(event, MemberWithdrew):
        return _without(committee, Gone(event.seat, event.account, event.reason))
    seat = committee.seats.get(event.seat)
    if seat is None:
        return committee
    return replace(committee, seats={**committee.seats, event.seat: _sat(seat, event)})


def _sat(seat: Seat, event: _Sat) -> Seat:
    match event:
        case MemberSignedIn():
            return replace(seat, standing="signed_in")
        case TiesDeclared():
            return replace(seat, standing="declared", ties=event.ties)
        case MemberConfirmed():
            return replace(seat, standing="confirmed")


def _balloted(committee: Committee, event: _Balloted) -> Committee:
    match event:
        case ChairBallotCast():
            votes = {**committee.ballot.votes, event.seat: event.choice}
            return replace(committee, ballot=replace(committee.ballot, votes=votes))
        case ChairElected():
            return replace(committee, chair=event.seat)
        case ChairTied():
            return replace(committee, ballot=Ballot(event.round + 1, event.seats))


def _without(committee: Committee, gone: Gone) -> Committee:
    """Return the committee with a free seat; its ballot begins anew, for other voters."""
    seat = committee.seats.get(gone.seat)
    if seat is None:
        return committee
    return replace(
        committee,
        seats={**committee.seats, gone.seat: replace(seat, standing="gone")},
        chair=None if committee.chair == gone.seat else committee.chair,
        ballot=Ballot(committee.ballot.round),
        gone=(*committee.gone, gone),
    )


def _leading(committee: Committee, votes: Mapping[str, str]) -> tuple[str, ...]:
    counts = Counter(votes.values())
    most = max(counts.values())
    return tuple(number for number in committee.seats if counts[number] == most)


def _check_standing(seat: Seat, wanted: Standing) -> None:
    if seat.standing != wanted:
        raise OutOfOrder("committee.wrong_step", standing=seat.standing)


def _check_capacity(capacities: Sequence[Capacity]) -> None:
    tenderers = capacities.count("tenderer")
    if tenderers * 3 > len(capacities):
        raise NotValid("committee.too_many_of_tenderer", most=len(capacities) // 3)


def _check_persons(accounts: Sequence[str]) -> None:
    account = _twice(accounts)
    if account is not None:
        raise NotValid("committee.person_twice", account=account)


def _twice(values: Sequence[str]) -> str | None:
    (value, count), *_ = Counter(values).most_common(1)
    return value if count > 1 else None


def _folded(text: str) -> str:
    return "".join(text.split()).casefold()
