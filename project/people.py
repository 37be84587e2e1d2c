"""Who takes part: binding, taking part, release and change of key; pure, asks no registry.

What the registry knows of an account is measured by the service and given as a `KnownAccount`.
Nobody holds two roles that exclude each other, and an organisation that ever held a role other
than bidder in a project does not bid in it. The clerk must not learn who bids, so after the notice
a role is given only within organisations that hold one already, which cannot be bidders.
"""

from opening.bids import is_closed
from opening.participants import (
    Participant,
    ParticipantBound,
    ParticipantEvent,
    ParticipantKeyChanged,
    ParticipantReleased,
    Role,
)
from project.commands import (
    BindParticipant,
    ChangeKey,
    CreateProject,
    KnownAccount,
    ReleaseParticipant,
    TakePart,
)
from project.events import ProjectCreated
from project.permissions import EXCLUDES, REGISTRY_ROLE
from project.phases import Phase, phase
from project.state import ProjectState
from record.errors import NotAllowed, NotFound, NotValid, OutOfOrder, TooLate
from record.rules import Given


def create_project(
    _: ProjectState, command: CreateProject, given: Given
) -> tuple[ProjectCreated | ParticipantBound, ...]:
    """Begin a project with its clerk.

    Refusals: project.no_such_account, project.role_not_granted, project.no_signing_key.
    """
    known = _known(given, given.actor.account)
    _check_granted(known, REGISTRY_ROLE[CreateProject])
    created = ProjectCreated(**command.model_dump(exclude={"type"}))
    return (created, _bound(known, "clerk"))


def bind_participant(
    state: ProjectState, command: BindParticipant, given: Given
) -> tuple[ParticipantBound, ...]:
    """Bind a clerk, custodian, timekeeper, supervisor or expert.

    Refusals: project.no_such_account, project.role_not_granted, project.no_signing_key,
    project.bidders_take_part, project.already_bound, project.roles_conflict,
    project.one_timekeeper, project.roster_fixed, project.new_organisation,
    project.experts_too_early, project.expert_of_a_bidder.
    """
    if command.role == "bidder":
        raise NotAllowed("project.bidders_take_part")
    known = _known(given, command.account)
    _check_granted(known, command.role)
    if command.role == "expert":
        _check_expert(state, known)
    elif state.notice is not None:
        _check_after_notice(state, known, command.role)
    _check_free(state, command.account, command.role)
    if command.role == "timekeeper" and _holders(state, "timekeeper"):
        raise OutOfOrder("project.one_timekeeper")
    return (_bound(known, command.role),)


def take_part(state: ProjectState, _: TakePart, given: Given) -> tuple[ParticipantBound, ...]:
    """Take part as a bidder, for one's own organisation.

    Refusals: project.no_such_account, project.role_not_granted, project.no_signing_key,
    project.already_bound, project.roles_conflict, project.organisation_in_office,
    project.bidding_over.
    """
    known = _known(given, given.actor.account)
    _check_granted(known, REGISTRY_ROLE[TakePart])
    _check_free(state, known.account, "bidder")
    if known.organisation in state.offices:
        raise NotAllowed("project.organisation_in_office")
    open_ended = {Phase.OPEN, Phase.SUSPENDED}
    if not any(phase(state.opening, section) in open_ended for section in state.opening.sections):
        raise TooLate("project.bidding_over")
    return (_bound(known, "bidder"),)


def release_participant(
    state: ProjectState, command: ReleaseParticipant, _: Given
) -> tuple[ParticipantReleased, ...]:
    """End a participation; never a bidder's, and never one that the opening hangs on.

    Refusals: project.bidder_stays, project.not_bound, project.holds_key, project.last_of_role,
    project.sits_on_committee.
    """
    if command.role == "bidder":
        raise NotAllowed("project.bidder_stays")
    found = state.opening.participants.get((command.account, command.role))
    if found is None:
        raise NotFound("project.not_bound", role=command.role)
    if _holds_key(state, found):
        raise OutOfOrder("project.holds_key")
    if command.role == "expert" and state.evaluation.sections_of(command.account):
        raise OutOfOrder("project.sits_on_committee")
    needed = command.role == "clerk" or (command.role == "supervisor" and state.notice is not None)
    if needed and len(_holders(state, command.role)) == 1:
        raise OutOfOrder("project.last_of_role", role=command.role)
    released = ParticipantReleased(
        account=command.account, role=command.role, reason=command.reason
    )
    return (released,)


def change_key(
    state: ProjectState, command: ChangeKey, given: Given
) -> tuple[ParticipantKeyChanged, ...]:
    """Sign with another of one's registered keys from now on.

    A ceremony and its opening go on knowing the party by the key on the roster.

    Refusals: project.no_such_account, project.not_bound, project.no_such_key, project.same_key.
    """
    known = _known(given, given.actor.account)
    found = state.opening.participants.get((given.actor.account, command.role))
    if found is None or found.keyid is None:
        raise NotFound("project.not_bound", role=command.role)
    key = dict(known.keys).get(command.keyid)
    if key is None:
        raise NotFound("project.no_such_key")
    if command.keyid == found.keyid:
        raise OutOfOrder("project.same_key")
    changed = ParticipantKeyChanged(
        account=known.account,
        role=command.role,
        old=found.keyid,
        key=key,
        keyid=command.keyid,
        reason=command.reason,
    )
    return (changed,)


def evolve_offices(offices: frozenset[str], event: ParticipantEvent) -> frozenset[str]:
    """Fold in which organisations ever held a role other than bidder."""
    if isinstance(event, ParticipantBound) and event.role != "bidder":
        return offices | {event.organisation}
    return offices


def _known(given: Given, account: str) -> KnownAccount:
    if not isinstance(given.checked, KnownAccount) or given.checked.account != account:
        raise NotFound("project.no_such_account", account=account)
    return given.checked


def _check_granted(known: KnownAccount, role: str) -> None:
    if role not in known.roles:
        raise NotAllowed("project.role_not_granted", role=role)
    if not known.keys:
        raise NotValid("project.no_signing_key", account=known.account)


def _check_free(state: ProjectState, account: str, role: Role) -> None:
    held = {bound for holder, bound in state.opening.participants if holder == account}
    if role in held:
        raise OutOfOrder("project.already_bound", role=role)
    if held & EXCLUDES[role]:
        raise NotAllowed("project.roles_conflict", role=role)


def _check_after_notice(state: ProjectState, known: KnownAccount, role: Role) -> None:
    if role in {"custodian", "timekeeper"}:
        raise OutOfOrder("project.roster_fixed")
    if known.organisation not in state.offices:
        raise NotAllowed("project.new_organisation")


def _check_expert(state: ProjectState, known: KnownAccount) -> None:
    """Check that an expert may be named: once every section is closed, and of no bidder's."""
    sections = state.opening.sections
    over = (is_closed(state.opening, name) or one.terminated for name, one in sections.items())
    if state.notice is None or not all(over):
        raise OutOfOrder("project.experts_too_early")
    if any(bid.organisation == known.organisation for bid in state.opening.bids.values()):
        raise NotAllowed("project.expert_of_a_bidder", account=known.account)


def _bound(known: KnownAccount, role: Role) -> ParticipantBound:
    keyid, key = known.keys[-1]
    return ParticipantBound(
        account=known.account,
        name=known.name,
        organisation=known.organisation,
        organisation_name=known.organisation_name,
        organisation_code=known.organisation_code,
        role=role,
        key=key,
        keyid=keyid,
    )


def _holders(state: ProjectState, role: Role) -> list[str]:
    return [account for account, bound in state.opening.participants if bound == role]


def _holds_key(state: ProjectState, found: Participant) -> bool:
    """Tell whether somebody is a party of a ceremony that runs, or of a key not yet erased."""
    if found.role not in {"custodian", "timekeeper"}:
        return False
    attempts = state.opening.attempts.values()
    counting = (one.start for one in attempts if one.status != "dead" and not one.erased)
    return any(
        key in found.keys.values()
        for start in counting
        for key in (start.timekeeper.key, *(member.key for member in start.roster))
    )
