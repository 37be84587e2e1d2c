"""The key ceremony as rules: who may post which message when, and what an attempt comes to.

It must not do arithmetic: `opening.checks_ceremony` did, before the desk.
"""

from opening import transcripts
from opening.checks_ceremony import (
    CheckedAbort,
    CheckedCertify,
    CheckedDeal,
    CheckedJoin,
    CheckedStart,
    attempt_by_sid,
)
from opening.commands import (
    AbortCeremony,
    CertifyCeremony,
    DealCeremony,
    ExpireCeremony,
    JoinCeremony,
    StartCeremony,
)
from opening.envelopes import acting, acting_signer, expect, keyid, read
from opening.events import (
    CeremonyAborted,
    CeremonyCertified,
    CeremonyDealt,
    CeremonyExpired,
    CeremonyJoined,
    CeremonyStarted,
    KeyMade,
)
from opening.messages import (
    CeremonyJoin,
    CeremonyStart,
    RosterMember,
)
from opening.participants import Participant, Participants, Role
from opening.state import Attempt, OpeningState, Place
from opening.terms import TermsSet
from record.errors import NotAllowed, NotFound, NotValid, OutOfOrder, TooLate
from record.rules import Given


def start_ceremony(
    state: OpeningState, command: StartCeremony, given: Given
) -> tuple[CeremonyStarted, ...]:
    """Start one attempt at the key of a place.

    Refusals: opening.not_bound, message.not_signer, ceremony.wrong_project,
    ceremony.no_such_section, ceremony.section_over, ceremony.key_made, ceremony.running,
    ceremony.attempt, ceremony.not_the_terms, ceremony.roster, ceremony.timekeeper,
    ceremony.deadlines.
    """
    checked = expect(given, CheckedStart, command.message)
    acting_signer(state, given, "clerk", checked)
    start = checked.start
    if start.project != state.project:
        raise NotValid("ceremony.wrong_project")
    _check_terms(start, _terms(state, start.section))
    _check_attempt(state, start)
    _check_roster(state, start)
    if not given.received < start.join_by < start.deal_by < start.certify_by:
        raise NotValid("ceremony.deadlines")
    return (CeremonyStarted(envelope=command.message),)


def join_ceremony(
    state: OpeningState, command: JoinCeremony, given: Given
) -> tuple[CeremonyJoined, ...]:
    """Commit to a part in an attempt.

    Refusals: ceremony.no_such_attempt, ceremony.not_open, opening.not_bound,
    ceremony.not_this_party, ceremony.already_joined, ceremony.late, ceremony.posted_twice.
    """
    join = expect(given, CheckedJoin, command.message).join
    attempt = _open_attempt(state, given, join.sid, join.i)
    if join.i in attempt.joins:
        raise OutOfOrder("ceremony.already_joined")
    _check_in_time(attempt, "join", given)
    for signed in attempt.joins.values():
        other = read(signed, CeremonyJoin)
        if join.commit == other.commit or (join.p is not None and join.p == other.p):
            raise NotValid("ceremony.posted_twice", party=other.i)
    return (CeremonyJoined(envelope=command.message),)


def deal_ceremony(
    state: OpeningState, command: DealCeremony, given: Given
) -> tuple[CeremonyDealt, ...]:
    """Deal, once all parties have committed.

    Refusals: ceremony.no_such_attempt, ceremony.not_open, opening.not_bound,
    ceremony.not_this_party, ceremony.already_dealt, ceremony.not_all_joined, ceremony.late.
    """
    deal = expect(given, CheckedDeal, command.message).deal
    attempt = _open_attempt(state, given, deal.sid, deal.i)
    if deal.i in attempt.deals:
        raise OutOfOrder("ceremony.already_dealt")
    if len(attempt.joins) <= attempt.start.n:
        raise OutOfOrder("ceremony.not_all_joined")
    _check_in_time(attempt, "deal", given)
    return (CeremonyDealt(envelope=command.message),)


def certify_ceremony(
    state: OpeningState, command: CertifyCeremony, given: Given
) -> tuple[CeremonyCertified | KeyMade, ...]:
    """Sign the transcript, once all parties have dealt; the last signature makes the key.

    Refusals: ceremony.no_such_attempt, ceremony.not_open, opening.not_bound,
    ceremony.not_this_party, ceremony.already_certified, ceremony.not_all_dealt, ceremony.late.
    """
    checked = expect(given, CheckedCertify, command.message)
    party = checked.certify.i
    attempt = _open_attempt(state, given, checked.certify.sid, party)
    if party in attempt.certifies:
        raise OutOfOrder("ceremony.already_certified")
    if len(attempt.deals) <= attempt.start.n:
        raise OutOfOrder("ceremony.not_all_dealt")
    _check_in_time(attempt, "certify", given)
    certified = CeremonyCertified(envelope=command.message)
    if len(attempt.certifies) < attempt.start.n:
        return (certified,)
    made = KeyMade(
        sid=attempt.sid,
        key_id=checked.key.key_id.hex(),
        pk=checked.key.pk.uncompressed().hex(),
        y_t=checked.key.y_t.compressed().hex(),
        y=tuple(point.compressed().hex() for point in checked.key.y),
    )
    return (certified, made)


def abort_ceremony(
    state: OpeningState, command: AbortCeremony, given: Given
) -> tuple[CeremonyAborted, ...]:
    """End an attempt on evidence of who broke it, or because the party itself cannot go on.

    Refusals: ceremony.no_such_attempt, ceremony.not_open, opening.not_bound,
    ceremony.not_this_party, ceremony.already_certified.
    """
    checked = expect(given, CheckedAbort, command.message)
    attempt = _open_attempt(state, given, checked.abort.sid, checked.abort.i)
    if checked.abort.d is not None and checked.abort.i in attempt.certifies:
        raise OutOfOrder("ceremony.already_certified")
    return (CeremonyAborted(envelope=command.message, offenders=checked.offenders),)


def expire_ceremony(
    state: OpeningState, command: ExpireCeremony, given: Given
) -> tuple[CeremonyExpired, ...]:
    """End an attempt because parties missed the deadline of its present step.

    Refusals: ceremony.no_such_attempt, ceremony.not_open, ceremony.not_expired.
    """
    attempt = attempt_by_sid(state, command.sid)
    if attempt.status != "open":
        raise OutOfOrder("ceremony.not_open")
    at = transcripts.step(attempt)
    if given.received < transcripts.step_deadline(attempt.start, at):
        raise OutOfOrder("ceremony.not_expired")
    missing = transcripts.missing(attempt)
    return (CeremonyExpired(sid=attempt.sid, step=at, missing=missing),)


def _terms(state: OpeningState, section: str) -> TermsSet:
    found = state.sections.get(section)
    if found is None:
        raise NotFound("ceremony.no_such_section", section=section)
    if found.terminated or found.failed or found.taking_bids:
        raise OutOfOrder("ceremony.section_over", section=section)
    return found.terms


def _check_terms(start: CeremonyStart, terms: TermsSet) -> None:
    if start.envelope > terms.envelopes:
        raise NotValid("ceremony.not_the_terms", field="envelope")
    for name in ("n", "k", "co_open"):
        if getattr(start, name) != getattr(terms, name):
            raise NotValid("ceremony.not_the_terms", field=name)


def _check_attempt(state: OpeningState, start: CeremonyStart) -> None:
    place: Place = (start.section, start.envelope)
    if place in state.keys:
        raise OutOfOrder("ceremony.key_made")
    attempts = [
        attempt
        for attempt in state.attempts.values()
        if (attempt.start.section, attempt.start.envelope) == place
    ]
    if any(attempt.status == "open" for attempt in attempts):
        raise OutOfOrder("ceremony.running")
    expected = 1 + max((attempt.start.attempt for attempt in attempts), default=0)
    if start.attempt != expected:
        raise NotValid("ceremony.attempt", expected=expected)


def _check_roster(state: OpeningState, start: CeremonyStart) -> None:
    """Check that the parties are bound with these names and keys, each once.

    Custodians may be bound who are not on the roster: they stand by for another attempt.
    """
    if len(start.roster) != start.n:
        raise NotValid("ceremony.roster", missing="members")
    if len({*(member.key for member in start.roster), start.timekeeper.key}) != start.n + 1:
        raise NotValid("ceremony.roster", missing="distinct keys")
    custodians = {found.key: found for found in _bound(state.participants, "custodian")}
    for member in start.roster:
        found = custodians.get(member.key)
        if found is None or not _is_member(found, member):
            raise NotValid("ceremony.roster", missing=member.name)
    if not any(
        (found.key, found.name) == (start.timekeeper.key, start.timekeeper.name)
        for found in _bound(state.participants, "timekeeper")
    ):
        raise NotValid("ceremony.timekeeper", missing=start.timekeeper.name)


def _bound(participants: Participants, role: Role) -> list[Participant]:
    return [found for (_, bound_role), found in participants.items() if bound_role == role]


def _is_member(found: Participant, member: RosterMember) -> bool:
    return (found.name, found.organisation_name) == (member.name, member.organisation)


def _open_attempt(state: OpeningState, given: Given, sid: str, party: int) -> Attempt:
    """Return an open attempt after checking that the actor is the party that signed."""
    attempt = attempt_by_sid(state, sid)
    check_party(state, given, attempt, party)
    if attempt.status != "open":
        raise OutOfOrder("ceremony.not_open")
    return attempt


def check_party(state: OpeningState, given: Given, attempt: Attempt, party: int) -> None:
    """Check that the actor is this party of an attempt.

    A ceremony and its opening know a party by the key on the roster, whatever key its account
    signs other things with since.

    Refusals: opening.not_bound, ceremony.not_this_party.
    """
    role: Role = "timekeeper" if party == transcripts.TIMEKEEPER else "custodian"
    key = transcripts.party_key(attempt.start, party)
    if key is None or keyid(key) not in acting(state, given, role).keys:
        raise NotAllowed("ceremony.not_this_party", party=party)


def _check_in_time(attempt: Attempt, at: transcripts.Step, given: Given) -> None:
    if given.received >= transcripts.step_deadline(attempt.start, at):
        raise TooLate("ceremony.late", step=at)
