import inspect
from dataclasses import replace

import pytest

from evaluation import blind, pause_rules, price_rules, reevaluation_rules
from evaluation import commands as evaluation
from evaluation import rules as evaluation_rules
from opening import commands as opening
from opening import rules as opening_rules
from opening.participants import Role
from project import commands as project
from project.permissions import EXCLUDES, REGISTRY_ROLE, ROLES, SPEAKS_AS, Seat
from project.phases import (
    FIXED,
    LATE,
    PROJECT_PHASES,
    SECTION_PHASES,
    Phase,
    ProjectPhase,
    check_phase,
    phase,
    project_phase,
)
from project.rules import DECIDES, decide
from project.state import ProjectState
from record.errors import NotFound, OutOfOrder, Refused, TooLate
from record.rules import Command
from tests.project import cells
from tests.project import world as w

COMMANDS = cells.commands()
ACTORS: dict[Seat, str] = {
    "clerk": "clerk",
    "custodian": "custodian1",
    "timekeeper": "timekeeper",
    "supervisor": "supervisor",
    "bidder": "bidder1",
    "expert": "expert",
    "service": "service",
    "anyone": "stranger",
}
CLOSED = {"project.wrong_phase", "project.no_such_section", *FIXED.values(), *LATE.values()}
"""What a command is refused with where the tables have no mark."""


def of_a_kind(module: object) -> set[type[Command]]:
    found = (one for _, one in inspect.getmembers(module, inspect.isclass))
    return {one for one in found if issubclass(one, Command) and "type" in one.model_fields}


def names(commands: set[type[Command]]) -> list[str]:
    return sorted(command.__name__ for command in commands)


def refusal(state: ProjectState, command: Command, account: str) -> str:
    """Return the code a command is refused with, or nothing where the tables let it through."""
    try:
        decide(state, command, w.given(account, w.T0))
    except Refused as refused:
        return refused.code
    except TypeError as unchecked:
        assert "checked" in str(unchecked) or "read" in str(unchecked)  # noqa: PT017 - else a bug
    return ""


def test_no_command_lacks_a_row() -> None:
    abstract = {
        Command,
        opening.AtPlace,
        evaluation.OfSection,
        evaluation.OfClarification,
        evaluation.OfCorrection,
        project.KnownAccount,
    }
    every = (of_a_kind(opening) | of_a_kind(evaluation) | of_a_kind(project)) - abstract
    assert names(every) == names(set(ROLES))
    assert names(every) == names(set(PROJECT_PHASES) | set(SECTION_PHASES))
    assert names(every) == names(set(COMMANDS))


def test_no_command_has_two_rows() -> None:
    assert not set(PROJECT_PHASES) & set(SECTION_PHASES)


def test_every_command_is_decided_in_one_place() -> None:
    parts: list[set[type[Command]]] = [
        set(DECIDES),
        set(opening_rules.DECISIONS),
        set(evaluation_rules.DECIDES),
        set(price_rules.DECIDES),
        set(blind.DECIDES),
        set(pause_rules.DECIDES),
        set(reevaluation_rules.DECIDES),
    ]
    assert names(set().union(*parts)) == names(set(ROLES))
    assert sum(map(len, parts)) == len(ROLES)


def test_no_row_is_empty() -> None:
    assert all(ROLES.values())
    assert all(PROJECT_PHASES.values())
    assert all(SECTION_PHASES.values())


@pytest.mark.parametrize("wanted", Phase)
def test_the_states_of_the_cells_stand_where_they_say(wanted: Phase) -> None:
    assert phase(cells.in_phase(wanted).opening, w.SECTION) is wanted


@pytest.mark.parametrize("wanted", ProjectPhase)
def test_the_projects_of_the_cells_stand_where_they_say(wanted: ProjectPhase) -> None:
    assert project_phase(cells.in_project_phase(wanted)) is wanted


def states_of(kind: type[Command]) -> list[tuple[bool, ProjectState]]:
    """Return every state of the command's scope, and whether its row lets it in."""
    where = PROJECT_PHASES.get(kind)
    if where is not None:
        return [(one in where, cells.in_project_phase(one)) for one in ProjectPhase]
    return [(one in SECTION_PHASES[kind], cells.in_phase(one)) for one in Phase]


@pytest.mark.parametrize("kind", ROLES, ids=lambda kind: str(kind.__name__))
def test_every_cell_without_a_mark_is_refused_and_no_other(kind: type[Command]) -> None:
    for seat, account in ACTORS.items():
        role = seat if seat in EXCLUDES else "clerk"
        command = COMMANDS[kind]
        if kind in SPEAKS_AS:
            command = command.model_copy(update={"role": role})
        seated = seat in ROLES[kind] or ("anyone" in ROLES[kind] and seat != "service")
        for allowed, state in states_of(kind):
            code = refusal(state, command, account)
            assert (code == "project.not_permitted") is not seated
            if seated and not allowed:
                assert code in CLOSED
            if seated and allowed:
                assert code not in CLOSED


@pytest.mark.parametrize("kind", LATE, ids=lambda kind: str(kind.__name__))
def test_a_bid_after_the_close_is_late_and_before_the_opening_out_of_order(
    kind: type[Command],
) -> None:
    command = COMMANDS[kind]
    for wanted in (Phase.CLOSED, Phase.FAILED, Phase.OPENING1, Phase.OPENED2, Phase.TERMINATED):
        with pytest.raises(TooLate, match=r"bids\.closed"):
            check_phase(cells.in_phase(wanted), command)
    for wanted in (Phase.DRAFT, Phase.KEYS, Phase.SUSPENDED):
        with pytest.raises(OutOfOrder, match=r"project\.wrong_phase"):
            check_phase(cells.in_phase(wanted), command)


def test_a_command_without_a_row_is_refused_to_everybody() -> None:
    class Unheard(Command):
        section: str = w.SECTION

    command = Unheard(type="project.unheard")
    for account in ACTORS.values():
        assert refusal(cells.in_phase(Phase.OPEN), command, account) == "project.not_permitted"
    with pytest.raises(OutOfOrder, match=r"project\.wrong_phase"):
        check_phase(cells.in_phase(Phase.OPEN), command)


ELSEWHERE = "0f" * 16


@pytest.mark.parametrize(
    "command",
    [
        opening.ConfirmLine(bid=ELSEWHERE),
        opening.SealDraw(draw=ELSEWHERE),
        opening.AnswerObjection(objection=ELSEWHERE, answer="a"),
        opening.ExpireCeremony(sid=ELSEWHERE * 2),
        opening.JoinCeremony(message=cells.message(sid=ELSEWHERE)),
        opening.PostPartial(message=cells.message(key_id=ELSEWHERE)),
        opening.WithdrawBid(message=cells.message(bid=ELSEWHERE)),
        opening.WithdrawBid(message=cells.message(bid=7)),
        opening.AdmitBid(message=cells.message(params="not json"), upload=ELSEWHERE),
        opening.AdmitBid(message=cells.message(params='{"section":1}'), upload=ELSEWHERE),
        opening.AdmitBid(message=cells.message(), upload=ELSEWHERE),
        project.Amend(message=cells.message()),
        project.Amend(message=cells.message().model_copy(update={"payload": "*"})),
    ],
)
def test_what_names_nothing_of_this_project_is_not_found(command: Command) -> None:
    with pytest.raises(NotFound, match=r"project\.no_such_subject"):
        check_phase(cells.in_phase(Phase.OPEN), command)


def held_by(role: Role) -> list[str]:
    return names({command for command, seats in ROLES.items() if role in seats})


def test_the_supervisor_has_no_trading_act() -> None:
    assert held_by("supervisor") == [
        "ChangeKey",
        "CheckAnswer",
        "CheckQuestion",
        "CommitDraw",
        "RaiseNotice",
        "RevealDraw",
        "SignIn",
        "SignMinutes",
    ]


def test_the_clerk_touches_neither_keys_nor_bids() -> None:
    never: set[type[Command]] = {
        opening.JoinCeremony,
        opening.DealCeremony,
        opening.CertifyCeremony,
        opening.AdmitBid,
        opening.WithdrawBid,
        opening.ReleaseSecret,
        opening.PostPartial,
        opening.ReleaseKey,
        opening.EraseKey,
        opening.RecordBody,
        opening.ConfirmLine,
    }
    assert not set(held_by("clerk")) & set(names(never))


def test_what_the_service_does_nobody_else_may_do_but_for_two() -> None:
    shared = {kind for kind, seats in ROLES.items() if "service" in seats and len(seats) > 1}
    assert shared == {opening.EndWindow}


def test_whoever_anyone_may_be_the_registry_is_asked() -> None:
    anyone = {kind for kind, seats in ROLES.items() if "anyone" in seats}
    assert anyone == set(REGISTRY_ROLE)


def test_roles_exclude_each_other_mutually() -> None:
    for role, others in EXCLUDES.items():
        assert all(role in EXCLUDES[other] for other in others)
        assert ("bidder" in others) is (role != "bidder")


def test_a_released_participant_may_nothing() -> None:
    state = cells.in_phase(Phase.OPEN)
    gone = {who: one for who, one in state.opening.participants.items() if who[1] != "clerk"}
    state = replace(state, opening=replace(state.opening, participants=gone))
    assert refusal(state, COMMANDS[project.Amend], "clerk") == "project.not_permitted"


def test_a_section_is_open_until_its_last_envelope_is_closed() -> None:
    state = cells.in_phase(Phase.CLOSED).opening
    first = {place: one for place, one in state.sessions.items() if place[1] == 1}
    assert phase(replace(state, sessions=first), w.SECTION) is Phase.OPEN
    section = replace(state.sections[w.SECTION], failed=True)
    failed = replace(state, sessions=first, sections={w.SECTION: section})
    assert phase(failed, w.SECTION) is Phase.OPEN


def test_an_approval_takes_a_failed_section_on() -> None:
    state = cells.in_phase(Phase.FAILED).opening
    section = replace(state.sections[w.SECTION], approved=True)
    approved = replace(state, sections={w.SECTION: section})
    assert phase(approved, w.SECTION) is Phase.CLOSED
