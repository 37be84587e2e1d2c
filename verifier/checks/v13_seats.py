"""V13: who did what. Each actor held the role its act needs; nobody holds two that exclude."""

from collections.abc import Mapping

from verifier.entries import Entry
from verifier.hashing import hash_hex
from verifier.scene import Scene

SERVICE = "service"

_CLERK = frozenset({"clerk"})
_BIDDER = frozenset({"bidder"})
_SERVICE = frozenset({SERVICE})
_EXPERT = frozenset({"expert"})
_KEY_HOLDERS = frozenset({"custodian", "timekeeper"})
_DRAWING = frozenset({"bidder", "clerk", "supervisor", "timekeeper"})
_ANY = _DRAWING | {"custodian"}

SEATS: Mapping[str, frozenset[str]] = {
    "project.project_corrected": _CLERK,
    "project.document_added": _CLERK,
    "project.document_removed": _CLERK,
    "project.notice_published": _CLERK,
    "project.amended": _CLERK,
    "project.document_fetched": _SERVICE,
    "project.question_asked": _BIDDER,
    "project.question_answered": _CLERK,
    "project.outage_noted": _SERVICE,
    "project.outage_decided": _CLERK,
    "project.supervisor_notice_raised": frozenset({"supervisor"}),
    "project.supervisor_notice_acknowledged": _CLERK,
    "project.record_viewed": _SERVICE,
    "opening.participant_released": _CLERK,
    "opening.participant_key_changed": _ANY | _EXPERT,
    "opening.terms_set": _CLERK,
    "opening.bids_opened_up": _CLERK,
    "opening.deadline_moved": _CLERK,
    "opening.bids_superseded": _CLERK,
    "opening.section_suspended": _CLERK,
    "opening.section_resumed": _CLERK,
    "opening.section_terminated": _CLERK,
    "opening.bids_passed_on": _CLERK,
    "opening.ceremony_started": _CLERK,
    "opening.ceremony_joined": _KEY_HOLDERS,
    "opening.ceremony_dealt": _KEY_HOLDERS,
    "opening.ceremony_certified": _KEY_HOLDERS,
    "opening.ceremony_aborted": _KEY_HOLDERS,
    "opening.ceremony_expired": _SERVICE,
    "opening.key_made": _KEY_HOLDERS,
    "opening.key_rehearsed": frozenset({"custodian"}),
    "opening.key_erased": frozenset({"timekeeper"}),
    "opening.bid_admitted": _BIDDER,
    "opening.bid_refused": _SERVICE,
    "opening.bid_withdrawn": _BIDDER,
    "opening.bids_closed": _SERVICE,
    "opening.section_failed": _SERVICE,
    "opening.continuation_approved": _CLERK,
    "opening.signed_in": _ANY,
    "opening.files_checked": _SERVICE,
    "opening.session_announced": _CLERK,
    "opening.window_opened": _CLERK | _SERVICE,
    "opening.window_extended": _CLERK,
    "opening.window_ended": _DRAWING | _SERVICE,
    "opening.secret_released": _BIDDER,
    "opening.order_issued": _CLERK,
    "opening.partial_posted": frozenset({"custodian"}),
    "opening.key_released": frozenset({"timekeeper"}),
    "opening.bid_opened": _SERVICE,
    "opening.bid_spoiled": _CLERK | _SERVICE,
    "opening.decryption_ended": _CLERK | _SERVICE,
    "opening.bid_read_out": _CLERK,
    "opening.draw_started": _CLERK | _SERVICE,
    "opening.draw_committed": _DRAWING,
    "opening.draw_sealed": _SERVICE,
    "opening.draw_revealed": _DRAWING,
    "opening.draw_defaulted": _CLERK | _SERVICE,
    "opening.draw_ended": _DRAWING,
    "opening.line_confirmed": _BIDDER,
    "opening.objection_raised": _BIDDER,
    "opening.objection_answered": _CLERK,
    "opening.minutes_drawn_up": _SERVICE,
    "opening.minutes_signed": frozenset({"clerk", "supervisor", "bidder"}),
    "opening.session_ended": _CLERK,
    "opening.session_paused": _CLERK,
    "opening.session_resumed": _CLERK,
    "evaluation.stage_decided": _CLERK,
    "evaluation.rule_set": _CLERK,
    "evaluation.committee_convened": _CLERK,
    "evaluation.member_withdrew": _CLERK | _EXPERT,
    "evaluation.member_replaced": _CLERK,
    "evaluation.question_checked": frozenset({"supervisor"}),
    "evaluation.clarification_answered": _BIDDER,
    "evaluation.answer_checked": frozenset({"supervisor"}),
    "evaluation.clarification_expired": _SERVICE,
    "evaluation.correction_answered": _BIDDER,
    "evaluation.correction_expired": _SERVICE,
    "evaluation.aliases_drawn": _SERVICE,
    "evaluation.report_drawn_up": _SERVICE,
    "evaluation.candidates_published": _CLERK,
    "evaluation.result_objected": _BIDDER,
    "evaluation.result_objection_answered": _CLERK,
    "evaluation.awarded": _CLERK,
    "evaluation.reevaluation_ordered": _CLERK,
    "evaluation.reevaluation_dropped": _CLERK,
    "evaluation.publication_withdrawn": _CLERK,
    "evaluation.publication_restored": _CLERK,
    "evaluation.paused": _CLERK,
    "evaluation.resumed": _CLERK,
    "evaluation.state_differed": _CLERK,
    **dict.fromkeys(
        (
            "evaluation." + name
            for name in (
                "member_signed_in",
                "ties_declared",
                "member_confirmed",
                "chair_ballot_cast",
                "chair_elected",
                "chair_tied",
                "bid_reviewed",
                "vote_opened",
                "vote_cast",
                "bid_rejected",
                "review_closed",
                "clarification_drafted",
                "clarification_agreed",
                "clarification_dropped",
                "answer_judged",
                "competition_judged",
                "correction_proposed",
                "correction_voted",
                "correction_asked",
                "prices_checked",
                "marks_submitted",
                "marks_locked",
                "marks_given_again",
                "remarks_locked",
                "report_signed",
                "report_finished",
                "said",
            )
        ),
        _EXPERT,
    ),
}
"""Event -> the roles one of which its actor must hold; creation and binding are looked at apart."""

EXCLUDES: Mapping[str, frozenset[str]] = {
    "bidder": (_ANY | _EXPERT) - _BIDDER,
    "clerk": frozenset({"bidder", "timekeeper", "supervisor", "expert"}),
    "custodian": frozenset({"bidder", "timekeeper", "expert"}),
    "timekeeper": (_ANY | _EXPERT) - {"timekeeper"},
    "supervisor": frozenset({"bidder", "clerk", "timekeeper", "expert"}),
    "expert": _ANY,
}

_OWN = frozenset(
    {
        "opening.signed_in", "opening.participant_key_changed", "opening.draw_committed",
        "opening.draw_revealed", "opening.line_confirmed", "opening.minutes_signed",
    }
)  # fmt: skip
"""Events whose `account` is the actor's own."""


def look(scene: Scene, entry: Entry) -> None:
    """Check who did what."""
    if entry.type == "project.project_created":
        scene.equal("V13.2", entry.seq, 1, entry.seq)
        return
    if entry.type == "opening.participant_bound":
        _check_bound(scene, entry)
        return
    held = _held(scene, entry.account)
    allowed = SEATS.get(entry.type, frozenset())
    if entry.account == SERVICE or allowed == _SERVICE:
        holds = entry.account == SERVICE and SERVICE in allowed
        scene.need("V13.1", entry.seq, holds, _told(allowed), entry.account)
    else:
        found = f"{entry.account}: {_told(held)}"
        scene.has("V13.1", entry.seq, bool(held & allowed), _told(allowed), found)
    if entry.type in _OWN and "account" in entry.body:
        scene.equal("V13.1", entry.seq, entry.account, entry.body["account"])
    if entry.type in _OWN and "role" in entry.body:
        role = entry.body["role"]
        scene.has("V13.1", entry.seq, role in held, role, _told(held))
    _check_organisation(scene, entry)
    if entry.type == "opening.participant_key_changed":
        _check_change(scene, entry)
    elif entry.type == "opening.participant_released":
        _check_released(scene, entry)


def _check_bound(scene: Scene, entry: Entry) -> None:
    body, state = entry.body, scene.state
    account, role = body["account"], body["role"]
    held = _held(scene, account)
    created = state.created
    is_first = created is not None and created.command == entry.command
    if role == "bidder":
        scene.equal("V13.2", entry.seq, entry.account, account)
        published = state.notice is not None
        scene.need("V13.2", entry.seq, published, "bidders after the notice", "before it")
        office = state.offices.get(body["organisation"])
        found = f"it has a role since entry {office}"
        scene.need("V13.3", entry.seq, office is None, "an organisation without office", found)
    elif is_first:
        scene.equal("V13.2", entry.seq, (entry.account, "clerk"), (account, role))
    else:
        by = _held(scene, entry.account)
        scene.has("V13.2", entry.seq, "clerk" in by, "bound by a clerk", f"by {_told(by)}")
        if role == "expert":
            _check_expert(scene, entry)
        elif state.notice is not None:
            holds = role not in _KEY_HOLDERS and body["organisation"] in state.offices
            scene.has("V13.2", entry.seq, holds, "a roster fixed by the notice", role)
    free = role not in held and not held & EXCLUDES[role]
    scene.need("V13.3", entry.seq, free, f"roles that go with {role}", _told(held))
    keyid = hash_hex(bytes.fromhex(body.get("key", "")))
    scene.equal("V13.2", entry.seq, keyid, body.get("keyid"))


def _check_expert(scene: Scene, entry: Entry) -> None:
    """Check that an expert is named once nobody can bid any more, and is of no bidder's."""
    state = scene.state
    running = [
        name
        for name, section in state.sections.items()
        if state.session((name, 1)).closed is None and not section.terminated
    ]
    over = state.notice is not None and not running
    scene.has("V13.2", entry.seq, over, "experts after every close", f"{running} not closed")
    bidders = {bid.organisation for bid in state.bids.values()}
    holds = entry.body["organisation"] not in bidders
    scene.need("V13.3", entry.seq, holds, "an expert of no bidder", entry.body["organisation"])


def _check_change(scene: Scene, entry: Entry) -> None:
    body = entry.body
    person = scene.state.people.get((body["account"], body["role"]))
    keyid = hash_hex(bytes.fromhex(body["key"]))
    scene.equal("V13.4", entry.seq, keyid, body["keyid"])
    if person is not None:
        scene.equal("V13.4", entry.seq, person.keyid, body["old"], [person.seq])
    who = f"{body['account']} as {body['role']}"
    said = f"{who} changed from key {body['old'][:16]} to {keyid[:16]} without the old key"
    scene.report.note(entry.seq, said)


def _check_released(scene: Scene, entry: Entry) -> None:
    body, state = entry.body, scene.state
    person = state.people.get((body["account"], body["role"]))
    scene.has("V13.4", entry.seq, person is not None, "somebody bound")
    scene.need("V13.4", entry.seq, body["role"] != "bidder", "no bidder", "a bidder")
    if person is None:
        return
    busy = [
        attempt.seq
        for attempt in state.attempts.values()
        if attempt.status != "dead"
        and attempt.erased is None
        and any(attempt.key_of(party) in person.keys.values() for party in attempt.parties)
    ]
    holds = not busy or body["role"] not in _KEY_HOLDERS
    scene.need("V13.4", entry.seq, holds, "nobody that holds a key", f"attempts {busy}")
    sits = body["role"] == "expert" and any(
        seat.account == body["account"] and seat.step != "gone"
        for found in state.evaluations.values()
        for seat in found.seats.values()
    )
    scene.need("V13.4", entry.seq, not sits, "nobody that sits on a committee", body["account"])


def _check_organisation(scene: Scene, entry: Entry) -> None:
    """Check that an organisation named beside an actor is the actor's own."""
    if entry.account == SERVICE or "organisation" not in entry.body:
        return
    role = entry.body.get("role", "bidder")
    person = scene.state.people.get((entry.account, role))
    if person is not None:
        scene.equal("V13.1", entry.seq, person.organisation, entry.body["organisation"])


def _held(scene: Scene, account: str) -> set[str]:
    return {role for who, role in scene.state.people if who == account}


def _told(roles: set[str] | frozenset[str]) -> str:
    return ", ".join(sorted(roles)) or "no role"
