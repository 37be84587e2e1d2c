"""How organisations enter the registry; pure, and it must not know of accounts."""

from record.errors import NotFound, NotValid, OutOfOrder
from record.rules import Given
from registry.codes import CodeKind, is_valid
from registry.commands import RegisterOrganisation, RenameOrganisation
from registry.events import OrganisationRegistered, OrganisationRenamed
from registry.state import RegistryState


def enter(
    state: RegistryState, name: str, kind: CodeKind, code: str, organisation: str
) -> OrganisationRegistered:
    """Return the event that enters an organisation under a new id.

    Refusals: registry.code_not_valid, registry.code_taken.
    """
    if not is_valid(kind, code):
        raise NotValid("registry.code_not_valid", number=code)
    if (kind, code) in state.codes:
        raise OutOfOrder("registry.code_taken", number=code)
    return OrganisationRegistered(organisation=organisation, name=name, kind=kind, code=code)


def register_organisation(
    state: RegistryState, command: RegisterOrganisation, given: Given
) -> tuple[OrganisationRegistered]:
    """Enter an organisation once.

    Refusals: registry.code_not_valid, registry.code_taken.
    """
    return (enter(state, command.name, command.kind, command.code, given.new_id("organisation")),)


def rename_organisation(
    state: RegistryState, command: RenameOrganisation
) -> tuple[OrganisationRenamed]:
    """Give an organisation another name.

    Refusals: registry.no_such_organisation.
    """
    if command.organisation not in state.organisations:
        raise NotFound("registry.no_such_organisation")
    renamed = OrganisationRenamed(
        organisation=command.organisation, name=command.name, reason=command.reason
    )
    return (renamed,)
