"""Forgeries of what a committee did, logged and cosigned as if they were true: V20 to V27."""

from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from typing import Any

from crypto import canonical
from evaluation.events import MemberWithdrew, RuleSet
from opening.terms import SectionSuspended
from tests.forgeries.forging import adds, drops, row_of, says, signs, told
from tests.forgeries.of_the_record import Change, added, event, message
from tests.opening.parties import Party
from tests.opening.world import SECTION
from tests.project.sitting import expert
from tests.verifier.evaluated import SCORED
from tests.verifier.logbook import Logbook, Row
from tests.verifier.told import Told

Fields = dict[str, Any]
NOBODY = "ab" * 32
AGAIN = {
    "vote": "evaluation.vote_cast",
    "ballot": "evaluation.chair_ballot_cast",
    "sheet": "evaluation.marks_submitted",
    "signature": "evaluation.report_signed",
}


def who(number: int) -> Callable[[Told], Party]:
    return lambda _: expert(number)


def again(what: str, before: str, nth: int = 0, of: int = 0) -> Change:
    """Let somebody act a second time, right before another event."""

    def change(_: Told, book: Logbook) -> None:
        row, at = book.rows[book.find(AGAIN[what], of)], book.rows[book.find(before, nth)]
        adds(book, before, replace(row, at=at.at, command="again", cosigned=at.cosigned), nth)

    return change


def acts_as(name: str, nth: int, account: str) -> Change:
    """Let an act be somebody else's."""

    def change(_: Told, book: Logbook) -> None:
        place = book.find(name, nth)
        book.rows[place] = replace(book.rows[place], actor=account)

    return change


def _rule_after_the_notice(_: Told) -> RuleSet:
    return RuleSet(section=SECTION, rule=SCORED)


def _notice_says(world: Told, book: Logbook, scoring: str | None) -> None:
    (section,) = told(book.rows[book.find("project.notice_published")])["sections"]
    section = {name: one for name, one in section.items() if name != "scoring"}
    said = section if scoring is None else {**section, "scoring": scoring}
    signs(book, "project.notice_published", world.clerk, sections=[said])


def _rule(**changed: Any) -> Change:
    """Let everybody have gone by another rule."""

    def change(world: Told, book: Logbook) -> None:
        told_ = {**SCORED.model_dump(mode="json", exclude_none=True), **changed}
        says(book, "evaluation.rule_set", rule=told_)
        _notice_says(world, book, sha256(canonical.dumps(told_)).hexdigest())

    return change


def _without_steps() -> list[Fields]:
    stages = SCORED.model_dump(mode="json", exclude_none=True)["stages"]
    return [
        {**one, "items": [{**i, "step": "0"} if "step" in i else i for i in one["items"]]}
        for one in stages
    ]


_TRIM = {"least": 5, "high": 3, "low": 3}
_ALL_LEFT_OUT = {"over": "part", "decimals": 2, "outlier_percent": "30", "trim": _TRIM}
_LINE = {
    "family": "between_limits", "weight": "50", "decimals": 2, "full_at": "9", "none_at": "9",
}  # fmt: skip
_QUALITY = {"family": "coefficient", "decimals": 2}
_EACH_A_THIRD = [
    {
        "part": "technical", "title": "T", "items": [
            {
                "kind": "points", "item": item, "title": "T", "lowest": "0", "highest": highest,
                "step": "0.5", "objective": False, "blind": False,
            } for item, highest in (("quality-plan", "0.5"), ("safety", "0.25"), ("record", "0.25"))
        ],
    },
]  # fmt: skip


def _members(change: Callable[[list[Fields]], list[Fields]]) -> Change:
    def changed(_: Told, book: Logbook) -> None:
        members = book.rows[book.find("evaluation.committee_convened")].body["members"]
        says(book, "evaluation.committee_convened", members=change(members))

    return changed


def _one_more(members: list[Fields]) -> list[Fields]:
    return [*members, {**members[0], "seat": "6", "account": "expert-102", "capacity": "expert"}]


def _of_the_tenderer(members: list[Fields]) -> list[Fields]:
    return [{**one, "capacity": "tenderer"} for one in members[:2]] + members[2:]


def _seat_twice(members: list[Fields]) -> list[Fields]:
    return [*members[:4], {**members[4], "seat": "4"}]


def _a_supervisor(members: list[Fields]) -> list[Fields]:
    return [{**members[0], "account": "supervisor"}, *members[1:]]


def _other_order(_: Told, book: Logbook) -> None:
    bids = book.rows[book.find("evaluation.committee_convened")].body["bids"]
    says(book, "evaluation.committee_convened", bids=bids[::-1])


def _successor(**fields: Any) -> Change:
    def change(_: Told, book: Logbook) -> None:
        member = book.rows[book.find("evaluation.member_replaced")].body["member"]
        says(book, "evaluation.member_replaced", member={**member, **fields})

    return change


def _tied_to_a_bidder(world: Told, book: Logbook) -> None:
    ties = [world.bidder[2].organisation_name.replace(" ", "").upper()]
    says(book, "evaluation.ties_declared", 3, ties=ties)


def _no_reason(_: Told, book: Logbook) -> None:
    verdicts = book.rows[book.find("evaluation.bid_reviewed")].body["verdicts"]
    assert not any(one["passed"] for one in verdicts)
    bare = [{name: one[name] for name in ("item", "passed")} for one in verdicts]
    says(book, "evaluation.bid_reviewed", verdicts=bare)


def _vote_on_what_all_say(_: Told, book: Logbook) -> None:
    opened, closed = (
        book.rows[book.find("evaluation." + name)] for name in ("vote_opened", "bid_rejected")
    )
    body = {**opened.body, "item": "licence"}
    row = replace(opened, body=body, at=closed.at, command="again", cosigned=closed.cosigned)
    adds(book, "evaluation.bid_rejected", row)


def _another_rejected(_: Told, book: Logbook) -> None:
    bids = book.rows[book.find("evaluation.committee_convened")].body["bids"]
    says(book, "evaluation.bid_rejected", -1, bid=bids[1])


def _sheet(change: Callable[[list[Fields]], list[Fields]], nth: int = 0) -> Change:
    """Let a member sign other marks."""

    def changed(_: Told, book: Logbook) -> None:
        row = book.rows[book.find("evaluation.marks_submitted", nth)]
        marks = change(told(row)["marks"])
        signs(book, "evaluation.marks_submitted", _member(row), nth, marks=marks)

    return changed


def _member(row: Row) -> Party:
    return expert(int(row.actor.removeprefix("expert-")))


def _mark(mark: str) -> Change:
    """Let a member's mark for quality be another."""

    def change(rows: list[Fields]) -> list[Fields]:
        (quality,) = [one for one in rows[0]["items"] if one["item"] == "quality-plan"]
        assert quality["mark"] != mark
        rest = [one for one in rows[0]["items"] if one != quality]
        return [{**rows[0], "items": [{**quality, "mark": mark}, *rest]}, *rows[1:]]

    return _sheet(change)


def _without_the_last_sheet(_: Told, book: Logbook) -> None:
    drops(book, "evaluation.marks_submitted", 4)


def _shown_before_the_lock(_: Told, book: Logbook) -> None:
    """Open the sheets to somebody while the last one is awaited."""
    del book.rows[book.find("evaluation.marks_submitted", 4) :]


def _without_the_chairs_signature(_: Told, book: Logbook) -> None:
    signed = [
        place
        for place, row in enumerate(book.rows)
        if row.type == "evaluation.report_signed" and row.body["seat"] == "3"
    ]
    del book.rows[signed[-1]]
    unsigned = book.rows[book.find("evaluation.report_finished")].body["unsigned"]
    says(book, "evaluation.report_finished", unsigned=sorted(["3", *unsigned]))


def _passes_another(world: Told, book: Logbook) -> None:
    """Let the clerk pass one bidder less than the committee; the record ends there."""
    said = told(book.rows[book.find("evaluation.stage_decided")])
    out, *passed = said["passed"]
    failed = [*said["failed"], {"organisation": out, "reason": "r"}]
    signs(book, "evaluation.stage_decided", world.clerk, passed=passed, failed=failed)
    says(book, "opening.bids_passed_on", organisations=passed)
    del book.rows[book.find("opening.bids_passed_on") + 1 :]
    book.sealed = {}


def _decides_alone(world: Told, book: Logbook) -> None:
    """Leave the committee out altogether."""
    _passes_another(world, book)
    book.rows = [
        row
        for row in book.rows
        if not row.type.startswith("evaluation.")
        or row.type in {"evaluation.stage_decided", "evaluation.rule_set"}
    ]


def _withdraws_late(_: Told, book: Logbook) -> None:
    """Let a member leave between the result and the second session, where the record ends."""
    left = MemberWithdrew(section=SECTION, seat="2", account="expert-2", reason="r")
    at = book.find("opening.bids_passed_on")
    del book.rows[at + 2 :]
    adds(book, book.rows[-1].type, row_of(book, book.rows[-1].type, left, "expert-2", -1), -1)
    book.sealed = {}


def _leaves_a_standing_report(_: Told, book: Logbook) -> None:
    left = MemberWithdrew(section=SECTION, seat="3", account="expert-3", reason="r")
    book.rows.append(row_of(book, "evaluation.report_finished", left, "expert-3"))


def _comes_back(_: Told, book: Logbook) -> None:
    """Give a seat to somebody who left another one, where the record ends."""
    left = book.rows[book.find("evaluation.member_withdrew")].body["account"]
    place = book.find("evaluation.member_replaced", 1)
    member = book.rows[place].body["member"]
    del book.rows[place + 1 :]
    says(book, "evaluation.member_replaced", 1, member={**member, "account": left})


def _suspended(world: Told, book: Logbook) -> None:
    """Let a member review while the section is suspended, where the record ends."""
    del book.rows[book.find("evaluation.bid_reviewed") + 1 :]
    row = row_of(
        book,
        "evaluation.bid_reviewed",
        SectionSuspended(section=SECTION, reason="r"),
        world.clerk.account,
    )
    adds(book, "evaluation.bid_reviewed", row)
    book.sealed, book.documents = {}, []


def _of_a_bidder(world: Told, book: Logbook) -> None:
    place = book.find("opening.participant_bound", -1)
    body = {**book.rows[place].body, "organisation": world.bidder[1].organisation}
    book.rows[place] = replace(book.rows[place], body=body)


def _expert_too_early(world: Told, book: Logbook) -> None:
    made = row_of(book, "opening.bids_closed", expert(9).bound(), world.clerk.account)
    adds(book, "opening.bids_closed", made)


def _released(world: Told, book: Logbook) -> None:
    """Release a member while it sits."""
    bound = row_of(book, "evaluation.member_withdrew", expert(5).bound(), world.clerk.account)
    body = {"account": "expert-5", "role": "expert", "reason": "r"}
    row = replace(bound, type="opening.participant_released", body=body)
    adds(book, "evaluation.member_withdrew", row)
    del book.rows[book.find("evaluation.member_withdrew") :]
    book.sealed = {}


FORGERIES: dict[str, tuple[str, str, Change]] = {
    "expert of a bidder": ("V13.3", "evaluated", _of_a_bidder),
    "expert before the close": ("V13.2", "evaluated", _expert_too_early),
    "member released": ("V13.4", "evaluated", _released),
    "rule after the notice": (
        "V20.1", "evaluated", added("opening.files_checked", _rule_after_the_notice, "clerk"),
    ),
    "notice of another rule": (
        "V20.2", "evaluated", lambda world, book: _notice_says(world, book, NOBODY),
    ),
    "notice without the rule": (
        "V20.2", "evaluated", lambda world, book: _notice_says(world, book, None),
    ),
    "notice of a rule that nobody set": (
        "V20.2", "plain", lambda world, book: _notice_says(world, book, NOBODY),
    ),
    "rule that does not add up": ("V20.3", "evaluated", _rule(full="90")),
    "rule without steps": ("V20.3", "evaluated", _rule(stages=_without_steps())),
    "rule that leaves all marks out": ("V20.3", "evaluated", _rule(experts=_ALL_LEFT_OUT)),
    "rule without a line": ("V20.3", "evaluated", _rule(price=_LINE)),
    "rule of too much quality": (
        "V20.3", "evaluated", _rule(price=_QUALITY, stages=_EACH_A_THIRD),
    ),
    "bids in another order": ("V21.1", "evaluated", _other_order),
    "four members": ("V21.2", "evaluated", _members(lambda members: members[:4])),
    "an even committee": ("V21.2", "evaluated", _members(_one_more)),
    "too many of the tenderer's": ("V21.2", "evaluated", _members(_of_the_tenderer)),
    "a seat twice": ("V21.2", "evaluated", _members(_seat_twice)),
    "a successor too many of the tenderer's": (
        "V21.2", "evaluated", _successor(capacity="tenderer"),
    ),
    "a member who supervises": ("V21.3", "evaluated", _members(_a_supervisor)),
    "commitment for another seat": (
        "V21.4", "evaluated", message("evaluation.member_signed_in", who(2), seat="3"),
    ),
    "ties declared by another": ("V21.4", "evaluated", acts_as("evaluation.ties_declared", 3, "expert-3")),
    "confirmed without declaring ties": (
        "V21.5", "evaluated", lambda _, book: drops(book, "evaluation.ties_declared", 3),
    ),
    "confirmed with a tie": ("V21.6", "evaluated", _tied_to_a_bidder),
    "withdrawn for another": (
        "V21.7", "evaluated", event("evaluation.member_withdrew", account="expert-3"),
    ),
    "replaced on a seat that is taken": (
        "V21.7", "evaluated", lambda _, book: drops(book, "evaluation.member_withdrew"),
    ),
    "back on another seat": ("V21.7", "evaluated", _comes_back),
    "left after the report stands": ("V21.7", "evaluated", _leaves_a_standing_report),
    "a ballot cast twice": (
        "V22.1", "evaluated", again("ballot", "evaluation.chair_ballot_cast", 4),
    ),
    "a vote for the tenderer's": (
        "V22.2", "evaluated", event("evaluation.chair_ballot_cast", 6, choice="1"),
    ),
    "a chair with fewer votes": ("V22.3", "evaluated", event("evaluation.chair_elected", seat="4")),
    "a tie of others": ("V22.3", "evaluated", event("evaluation.chair_tied", seats=["3", "5"])),
    "failed without a reason": ("V23.1", "evaluated", _no_reason),
    "vote on what nobody disputes": ("V23.2", "evaluated", _vote_on_what_all_say),
    "vote opened by another": ("V23.2", "evaluated", acts_as("evaluation.vote_opened", 0, "expert-1")),
    "a vote cast twice": ("V23.3", "evaluated", again("vote", "evaluation.vote_cast", 4)),
    "a rejection that was not decided": ("V23.4", "evaluated", _another_rejected),
    "closed with a vote open": (
        "V23.5", "evaluated", lambda _, book: drops(book, "evaluation.vote_cast"),
    ),
    "a sheet of another seat": (
        "V24.1", "evaluated", message("evaluation.marks_submitted", who(1), seat="2"),
    ),
    "a sheet by another rule": (
        "V24.1", "evaluated", message("evaluation.marks_submitted", who(1), rule=NOBODY),
    ),
    "a bid left out of a sheet": ("V24.2", "evaluated", _sheet(lambda rows: rows[1:])),
    "a bid twice in a sheet": ("V24.2", "evaluated", _sheet(lambda rows: [*rows, rows[0]])),
    "a mark out of range": ("V24.3", "evaluated", _mark("30.5")),
    "a mark between two steps": ("V24.3", "evaluated", _mark("20.25")),
    "a sheet given twice": (
        "V24.4", "evaluated", again("sheet", "evaluation.marks_submitted", 3),
    ),
    "locked before the last": ("V24.5", "evaluated", _without_the_last_sheet),
    "marks shown before the lock": ("V24.6", "evaluated", _shown_before_the_lock),
    "one mark changed": ("V25.1", "evaluated", _mark("12.5")),
    "other facts of a report": (
        "V25.1", "evaluated", event("evaluation.report_drawn_up", facts=NOBODY),
    ),
    "a report before the lock": (
        "V25.2", "evaluated", lambda _, book: drops(book, "evaluation.marks_locked", -1),
    ),
    "size of a report": ("V25.3", "evaluated", event("evaluation.report_drawn_up", pdf_size=7)),
    "signature of another report": (
        "V26.1", "evaluated", message("evaluation.report_signed", who(1), pdf=NOBODY),
    ),
    "signed twice": ("V26.2", "evaluated", again("signature", "evaluation.report_finished", of=-1)),
    "a dissent without reasons": (
        "V26.2", "evaluated", message("evaluation.report_signed", who(102), 2, reasons=None),
    ),
    "finished without the chair's signature": (
        "V26.3", "evaluated", _without_the_chairs_signature,
    ),
    "finished by another": ("V26.3", "evaluated", event("evaluation.report_finished", unsigned=[])),
    "a stage decision other than the committee's": (
        "V27.1", "evaluated_twice", _passes_another,
    ),
    "replaced after the stage decision": ("V27.1", "evaluated_twice", _withdraws_late),
    "reviewed while suspended": ("V14.5", "evaluated", _suspended),
    "a stage decision without a committee": ("V27.1", "evaluated_twice", _decides_alone),
}  # fmt: skip
"""What is forged: the one check that must find it, in which story, and how."""
