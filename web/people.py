"""The registry over HTTP: its one command route, and lists for those who may see them."""

from bisect import bisect_right
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import ValidationError
from starlette.requests import Request

from record.desk import Recorded
from record.errors import NotAllowed, NotValid
from record.store import Change
from registry.changes import (
    drop_invitations,
    drop_passkey,
    end_sessions,
    put_device,
    put_invitation,
)
from registry.commands import (
    WIRE,
    DisableAccount,
    InviteAccount,
    RegisterKey,
    RemovePasskey,
    WireCommand,
)
from registry.events import AccountInvited, KeyRegistered
from registry.possession import check_key
from registry.state import AccountEntry, RegistryState
from web.answers import CommandId, told
from web.deps import ServicesDep, Visitor, Who, registry_state
from web.devices import device_of
from web.reading import check_json, check_media, problems_of, read_body
from web.services import Services
from web.submitting import Ask, MakeChanges, ask_registry, request_digest

router = APIRouter(tags=["registry"])

After = Annotated[str, Query(max_length=64)]
BINDABLE = frozenset({"clerk", "custodian", "timekeeper", "supervisor", "expert"})
"""The roles a clerk binds others to."""


@router.post("/api/registry/commands")
async def post_command(
    request: Request, services: ServicesDep, who: Who, command_id: CommandId
) -> dict[str, Any]:
    """Ask the registry for something; the body is one command."""
    check_media(request)
    limits = services.settings.limits
    body = await read_body(request, limits.small_body, limits.body_time)
    received = services.clock.now()
    command = _parse(body)
    ask = Ask(who.account, command_id, request_digest(who.account, body), received, dict(who.trace))
    checked = None
    if isinstance(command, RegisterKey):
        checked = await services.workers.run(check_key, command)
    changes = _changes(command, device_of(request))
    outcome = await ask_registry(services, command, ask, checked=checked, changes=changes)
    if isinstance(command, DisableAccount):
        services.sessions.forget(command.account)
    return told(services, outcome)


@router.get("/api/registry/organisations")
async def organisations(services: ServicesDep, who: Who, after: After = "") -> dict[str, Any]:
    """List the organisations, by id; for administrators and clerks."""
    state = await registry_state(services)
    _check_may_list(who)
    return _page(
        services, sorted(state.organisations), after, lambda key: _organisation(state, key)
    )


@router.get("/api/registry/accounts")
async def accounts(services: ServicesDep, who: Who, after: After = "") -> dict[str, Any]:
    """List the accounts, by name: for administrators all there is, for clerks who may take part.

    Clerks do not see bidders: that would tell who might bid.
    """
    state = await registry_state(services)
    _check_may_list(who)
    sees_all = "administrator" in who.roles
    names = sorted(
        name for name, found in state.accounts.items() if sees_all or _may_be_bound(found)
    )
    return _page(services, names, after, lambda name: _account(state, name, sees_all=sees_all))


def _parse(body: bytes) -> WireCommand:
    check_json(body)
    try:
        return WIRE.validate_json(body)
    except ValidationError as error:
        raise NotValid("command.malformed", problems=problems_of(error)) from None


def _changes(command: WireCommand, device: str) -> MakeChanges:
    """Return what goes into the tables with the events a command gives.

    Args:
        command: what is asked.
        device: what it is asked with, in a few words.
    """

    def make(recorded: tuple[Recorded, ...]) -> tuple[Change, ...]:
        event = recorded[0].event
        if isinstance(command, InviteAccount) and isinstance(event, AccountInvited):
            token_hash = bytes.fromhex(command.token_hash)
            return put_invitation(event.account, event.invitation, token_hash)
        if isinstance(command, DisableAccount):
            return (end_sessions(command.account), drop_invitations(command.account))
        if isinstance(command, RemovePasskey):
            return (drop_passkey(command.account, command.passkey),)
        if isinstance(event, KeyRegistered) and device:
            return put_device(event.keyid, event.account, device)
        return ()

    return make


def _check_may_list(who: Visitor) -> None:
    if not who.roles & {"administrator", "clerk"}:
        raise NotAllowed("registry.not_permitted")


def _may_be_bound(found: AccountEntry) -> bool:
    usable = found.active and not found.disabled
    return usable and bool(BINDABLE & set(found.roles))


def _page(
    services: Services, names: list[str], after: str, show: Callable[[str], dict[str, Any]]
) -> dict[str, Any]:
    """Return the items after a name, and the name to go on after; how many there are stays open."""
    start, size = bisect_right(names, after), services.settings.limits.page
    some = names[start : start + size]
    page: dict[str, Any] = {"items": [show(name) for name in some]}
    if start + size < len(names):
        page["next"] = some[-1]
    return page


def _organisation(state: RegistryState, key: str) -> dict[str, Any]:
    found = state.organisations[key]
    return {
        "organisation": found.organisation,
        "name": found.name,
        "kind": found.kind,
        "code": found.code,
    }


def _account(state: RegistryState, name: str, *, sees_all: bool) -> dict[str, Any]:
    found = state.accounts[name]
    organisation = state.organisations[found.organisation]
    roles = found.roles if sees_all else sorted(BINDABLE & set(found.roles))
    shown: dict[str, Any] = {
        "account": found.account,
        "name": found.name,
        "organisation": found.organisation,
        "organisation_name": organisation.name,
        "roles": list(roles),
        "signs": bool(found.usable_keys),
    }
    if sees_all:
        shown |= {"active": found.active, "disabled": found.disabled, "keys": list(found.keys)}
    return shown
