"""What the service finds out for a command before the rules decide: who, which file, which proof.

It must not decide: what it found goes into `given`, and the rules compare it with the state.
"""

from dataclasses import dataclass, field, replace

from crypto.checkpoints import open_cosigned
from crypto.notes import NoteInvalid
from evaluation import commands as evaluation
from evaluation.attachments import MOST
from evaluation.messages import ClarificationAnswer
from evaluation.pause_rules import FoldedAgain, folded_again
from opening import commands as opening
from opening.checks import CHECKS
from opening.checks_ceremony import CheckedRehearsal
from opening.envelopes import read
from project import commands as project
from project.checks import check
from project.commands import KnownAccount
from project.permissions import permit
from project.rules import ProjectRules
from project.sections import StoredDocument
from project.state import ProjectState
from record.desk import Recorded
from record.errors import NotAllowed, NotFound, Refused
from record.events import Signed
from record.rules import Command, Facts, StoredAttachment, StoredFile
from web.asked import Asked
from web.deps import project_state, registry_state
from web.services import Services

SIGNATURE_ALONE: frozenset[type[Command]] = frozenset(
    {project.PublishNotice, project.Amend, project.DecideStage, opening.WithdrawBid}
)
"""Commands whose proof is one signature: checking it takes less than handing it to a thread."""
SHORT = 64 * 1024
"""The longest envelope that is checked without one, characters."""
LARGEST_SIZE = 19
"""Digits of the largest size a checkpoint can tell."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What goes into `given`."""

    checked: object | None = None
    facts: Facts = field(default_factory=Facts)


async def measure(services: Services, asked: Asked) -> Measured:
    """Measure what a command needs; raises Refused where nothing can be decided without it."""
    if isinstance(asked.command, project.CreateProject) and "clerk" not in asked.who.roles:
        raise NotAllowed("project.role_not_granted", role="clerk")
    match asked.command:
        case project.CreateProject() | project.TakePart() | project.ChangeKey():
            return Measured(await known_account(services, asked.who.account))
        case project.BindParticipant():
            return Measured(await known_account(services, asked.command.account))
        case project.AddDocument():
            return Measured(await _stored_document(services, asked.command.sha256))
        case evaluation.AnswerClarification():
            measured = await _measure_proof(services, asked)
            attached = await services.workers.run(_attached, services, asked.command.message)
            return replace(measured, facts=Facts(attached=attached))
        case evaluation.Resume():
            state = await project_state(services, asked.project)
            permit(state, asked.command, asked.who.actor)
            return Measured(await _folded_again(services, asked.project, asked.command.section))
        case _:
            return await _measure_proof(services, asked)


async def _folded_again(services: Services, project: str, section: str) -> FoldedAgain | None:
    """Fold the record anew from its first entry on, as what is on disk gives it."""
    rules = ProjectRules()
    state, after = rules.initial(project), 0
    while entries := await services.desk.read(project, after):
        state = await services.workers.run(_folded, rules, state, entries)
        after = entries[-1].stamp.seq
    return folded_again(state.evaluation, section)


def _folded(rules: ProjectRules, state: ProjectState, entries: list[Recorded]) -> ProjectState:
    for one in entries:
        state = rules.evolve(state, one.event, one.stamp)
    return state


async def known_account(services: Services, account: str) -> KnownAccount:
    """Return what the registry knows of an account in use; `project.no_such_account` otherwise."""
    state = await registry_state(services)
    found = state.accounts.get(account)
    if found is None or found.disabled or not found.active:
        raise NotFound("project.no_such_account", account=account)
    organisation = state.organisations[found.organisation]
    return KnownAccount(
        account=account,
        name=found.name,
        organisation=found.organisation,
        organisation_name=organisation.name,
        organisation_code=organisation.code,
        roles=found.roles,
        keys=tuple((key.keyid, key.spki) for key in found.usable_keys),
    )


async def _measure_proof(services: Services, asked: Asked) -> Measured:
    state = await project_state(services, asked.project)
    permit(state, asked.command, asked.who.actor)
    checked = await _check(services, state, asked.command)
    if isinstance(checked, CheckedRehearsal):
        checked = await _witnessed(services, checked)
    if isinstance(asked.command, opening.AdmitBid):
        stored = await services.workers.run(_stored_file, services, asked, asked.command.upload)
        return Measured(checked, Facts(stored=stored))
    return Measured(checked)


async def _check(services: Services, state: ProjectState, command: Command) -> object | None:
    """Check a command's proof: in a thread where it is heavy, at once where there is little."""
    if _is_light(command):
        return check(state, command)
    return await services.workers.run(check, state, command)


def _is_light(command: Command) -> bool:
    message = getattr(command, "message", None)
    if not isinstance(message, Signed):
        return type(command) not in CHECKS
    return type(command) in SIGNATURE_ALONE and len(message.payload) <= SHORT


async def _stored_document(services: Services, sha256: str) -> StoredDocument | None:
    """Return the size of a document that was put in before; its name is its hash."""
    path = await services.workers.run(services.files.document, sha256)
    return StoredDocument(path.stat().st_size, sha256) if path is not None else None


def _attached(services: Services, message: Signed) -> tuple[StoredAttachment, ...]:
    """Measure what an answer says is attached to it; of more than may be, nothing is read."""
    said = read(message, ClarificationAnswer)
    named = said.attachments or ()
    if len(named) > MOST:
        return ()
    return services.files.attachments.measure(said.clarification, [one.sha256 for one in named])


def _stored_file(services: Services, asked: Asked, upload: str) -> StoredFile | None:
    """Measure the uploaded file of a bid; None where this bidder has no whole one of that name."""
    try:
        about = services.files.about(upload)
        if (about.organisation, about.project) != (asked.who.organisation, asked.project):
            return None
        return services.files.measure(upload)
    except Refused:
        return None


async def _witnessed(services: Services, checked: CheckedRehearsal) -> CheckedRehearsal:
    """Look up when the witness cosigned the checkpoint that a rehearsal names."""
    text = checked.rehearsal.checkpoint.encode()
    size = text.split(b"\n", 2)[1:2]
    if not size or not size[0].isdigit() or len(size[0]) > LARGEST_SIZE:
        return checked
    found = await services.store.cosigned_holding(int(size[0]) - 1)
    if found is None or not (found.note == text or found.note.startswith(text + b"\n")):
        return checked
    sequencer = services.sequencer
    try:
        cosigned = open_cosigned(found.note, sequencer.log_key, sequencer.witness_key)
    except NoteInvalid:
        return checked
    return checked.witnessed(cosigned.cosigned_at * 1000)
