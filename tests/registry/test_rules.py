"""The registry's rules as stories: given what happened, when somebody asks, then this follows."""

import hashlib
from itertools import count
from typing import Any

import pytest

from crypto import signatures
from record.errors import Refused
from record.events import Actor, Event, Signed, Stamp
from record.rules import Given
from registry import commands as ask
from registry.accounts import INVITATION_AGE, FirstRun, HeldInvitation
from registry.commands import RegistryCommand
from registry.events import KeyRegistration
from registry.keys import KEYS_AN_ACCOUNT
from registry.permissions import PERMISSIONS
from registry.possession import check_key
from registry.rules import RegistryRules
from registry.state import RegistryState

T0 = 1_800_000_000_000
FIRST = ask.BeginInstallation(
    organisation_name="交易中心",
    kind="uscc",
    code="91350100M000100Y43",
    account="root",
    name="Root",
)


class Registry:
    """The registry's record, told event by event."""

    def __init__(self) -> None:
        self.rules = RegistryRules()
        self.state: RegistryState = self.rules.initial("registry")
        self.now = T0
        self._ids = count(1)

    def does(
        self, account: str, command: RegistryCommand, checked: object = None
    ) -> tuple[Event, ...]:
        name = f"c{next(self._ids)}"
        fresh = hashlib.sha256(name.encode()).digest()
        given = Given(Actor(account), self.now, name, fresh, checked=checked)
        events = self.rules.decide(self.state, command, given)
        for event in events:
            back = self.rules.parse(event.type, event.body())
            assert back == event
            self.state = self.rules.evolve(self.state, back, Stamp(1, self.now, given.actor, name))
        return events

    def refuses(self, account: str, command: RegistryCommand, checked: object = None) -> str:
        before = self.state
        with pytest.raises(Refused) as refused:
            self.does(account, command, checked)
        assert self.state == before
        return refused.value.code

    @property
    def organisation(self) -> str:
        return next(iter(self.state.organisations))

    def opens(self, account: str, *roles: Any) -> None:
        command = ask.OpenAccount(
            account=account, name=account, organisation=self.organisation, roles=frozenset(roles)
        )
        self.does("root", command)

    def invites(self, account: str) -> HeldInvitation:
        self.does("root", ask.InviteAccount(account=account, token_hash="0" * 64))
        invitation = self.state.accounts[account].invitation
        assert invitation is not None
        return HeldInvitation(account, invitation.invitation)

    def joins(self, account: str, *roles: Any) -> None:
        self.opens(account, *roles)
        held = self.invites(account)
        self.does(account, ask.AcceptInvitation(account=account), held)

    def registers(self, account: str, number: int = 0) -> str:
        command = registration(account, number)
        self.does(account, command, check_key(command))
        return list(self.state.accounts[account].keys)[-1]


def registration(account: str, number: int = 0, signer: int | None = None) -> ask.RegisterKey:
    key, other = (_key(account, n) for n in (number, number if signer is None else signer))
    message = KeyRegistration(v=1, account=account, key=signatures.public_spki(key).hex())
    envelope = signatures.sign(KeyRegistration.payload_type(), message.payload(), other)
    return ask.RegisterKey(message=Signed.model_validate_json(signatures.envelope_bytes(envelope)))


def _key(account: str, number: int) -> signatures.PrivateKey:
    return signatures.ed25519_private_key(hashlib.sha256(f"{account}/{number}".encode()).digest())


@pytest.fixture
def registry() -> Registry:
    begun = Registry()
    begun.does("root", FIRST, FirstRun())
    return begun


def test_the_first_administrator_needs_the_printed_token() -> None:
    empty = Registry()
    assert empty.refuses("root", FIRST) == "registry.first_token_wrong"


def test_a_second_first_administrator_is_refused(registry: Registry) -> None:
    again = FIRST.model_copy(update={"account": "other"})
    assert registry.refuses("other", again, FirstRun()) == "registry.not_empty"


def test_an_organisation_is_entered_once_by_its_number(registry: Registry) -> None:
    command = ask.RegisterOrganisation(name="甲", kind="uscc", code="91350100M000100Y43")
    assert registry.refuses("root", command) == "registry.code_taken"
    other = ask.RegisterOrganisation(name="甲", kind="other", code="91350100M000100Y43")
    assert len(registry.does("root", other)) == 1


def test_a_wrong_check_digit_is_refused(registry: Registry) -> None:
    command = ask.RegisterOrganisation(name="甲", kind="uscc", code="91350100M000100Y4Z")
    assert registry.refuses("root", command) == "registry.code_not_valid"


def test_an_organisation_gets_another_name(registry: Registry) -> None:
    command = ask.RenameOrganisation(organisation=registry.organisation, name="新名", reason="r")
    registry.does("root", command)
    assert registry.state.organisations[registry.organisation].name == "新名"
    unknown = command.model_copy(update={"organisation": "0" * 32})
    assert registry.refuses("root", unknown) == "registry.no_such_organisation"


@pytest.mark.parametrize(
    ("name", "code"), [("root", "registry.account_taken"), ("service", "registry.name_reserved")]
)
def test_an_accounts_name_is_free_and_not_reserved(
    registry: Registry, name: str, code: str
) -> None:
    command = ask.OpenAccount(
        account=name, name="x", organisation=registry.organisation, roles=frozenset({"bidder"})
    )
    assert registry.refuses("root", command) == code


def test_an_account_belongs_to_a_registered_organisation(registry: Registry) -> None:
    command = ask.OpenAccount(
        account="x", name="x", organisation="0" * 32, roles=frozenset({"bidder"})
    )
    assert registry.refuses("root", command) == "registry.no_such_organisation"


def test_an_account_can_do_nothing_before_its_invitation_is_accepted(registry: Registry) -> None:
    registry.opens("wang", "administrator")
    command = ask.ChooseLanguage(language="en")
    assert registry.refuses("wang", command) == "registry.not_permitted"


def test_an_invitation_counts_once_and_in_its_time(registry: Registry) -> None:
    registry.opens("wang", "bidder")
    accept = ask.AcceptInvitation(account="wang")
    held = registry.invites("wang")
    registry.now += INVITATION_AGE
    assert registry.refuses("wang", accept, held) == "registry.invitation_expired"
    registry.now -= 1
    registry.does("wang", accept, held)
    assert registry.state.accounts["wang"].active
    assert registry.refuses("wang", accept, held) == "registry.invitation_unknown"


def test_an_invitation_for_one_account_is_none_for_another(registry: Registry) -> None:
    registry.opens("wang", "bidder")
    registry.opens("li", "bidder")
    held = registry.invites("wang")
    registry.invites("li")
    accept = ask.AcceptInvitation(account="li")
    assert registry.refuses("li", accept, held) == "registry.invitation_unknown"
    assert registry.refuses("li", accept, None) == "registry.invitation_unknown"


def test_the_last_administrator_stays(registry: Registry) -> None:
    roles = ask.ChangeRoles(account="root", roles=frozenset(), reason="r")
    assert registry.refuses("root", roles) == "registry.last_administrator"
    registry.joins("second", "administrator")
    registry.does("root", roles)
    assert registry.refuses("root", roles) == "registry.not_permitted"
    disable = ask.DisableAccount(account="second", reason="r")
    assert registry.refuses("second", disable) == "registry.own_account"


def test_a_disabled_account_has_no_rights_until_it_is_enabled(registry: Registry) -> None:
    registry.joins("wang", "bidder")
    disable = ask.DisableAccount(account="wang", reason="left")
    registry.does("root", disable)
    language = ask.ChooseLanguage(language="en")
    assert registry.refuses("wang", language) == "registry.not_permitted"
    assert registry.refuses("root", disable) == "registry.account_disabled"
    invite = ask.InviteAccount(account="wang", token_hash="0" * 64)
    assert registry.refuses("root", invite) == "registry.account_disabled"
    enable = ask.EnableAccount(account="wang", reason="back")
    registry.does("root", enable)
    registry.does("wang", language)
    assert registry.refuses("root", enable) == "registry.nothing_to_change"
    assert registry.refuses("wang", language) == "registry.nothing_to_change"


def test_a_key_is_registered_by_itself_and_by_its_owner(registry: Registry) -> None:
    registry.joins("wang", "bidder")
    keyid = registry.registers("wang")
    assert [key.keyid for key in registry.state.accounts["wang"].usable_keys] == [keyid]
    again = registration("wang")
    assert registry.refuses("wang", again, check_key(again)) == "registry.key_taken"
    assert registry.refuses("root", again, check_key(again)) == "registry.key_of_another"
    assert registry.refuses("wang", again) == "registry.key_not_proved"


def test_a_registration_signed_by_another_key_proves_nothing() -> None:
    with pytest.raises(Refused, match="key_not_proved"):
        check_key(registration("wang", 0, signer=1))


def test_a_revoked_key_is_not_usable_and_never_comes_back(registry: Registry) -> None:
    registry.joins("wang", "bidder")
    registry.joins("li", "bidder")
    revoke = ask.RevokeKey(account="wang", keyid=registry.registers("wang"), reason="lost")
    assert registry.refuses("li", revoke) == "registry.not_permitted"
    registry.does("root", revoke)
    assert registry.state.accounts["wang"].usable_keys == ()
    assert registry.refuses("wang", revoke) == "registry.key_revoked"
    again = registration("wang")
    assert registry.refuses("wang", again, check_key(again)) == "registry.key_taken"
    unknown = revoke.model_copy(update={"keyid": "0" * 64})
    assert registry.refuses("wang", unknown) == "registry.no_such_key"


def test_an_account_registers_only_so_many_keys(registry: Registry) -> None:
    registry.joins("wang", "bidder")
    for number in range(KEYS_AN_ACCOUNT):
        registry.registers("wang", number)
    one_more = registration("wang", KEYS_AN_ACCOUNT)
    assert registry.refuses("wang", one_more, check_key(one_more)) == "registry.too_many_keys"


def test_somebody_unknown_is_not_there(registry: Registry) -> None:
    for command in (
        ask.InviteAccount(account="nobody", token_hash="0" * 64),
        ask.ChangeRoles(account="nobody", roles=frozenset(), reason="r"),
        ask.DisableAccount(account="nobody", reason="r"),
        ask.EnableAccount(account="nobody", reason="r"),
    ):
        assert registry.refuses("root", command) == "registry.no_such_account"


@pytest.mark.parametrize(
    "command",
    [
        ask.RegisterOrganisation(name="x", kind="other", code="1"),
        ask.RenameOrganisation(organisation="0" * 32, name="x", reason="r"),
        ask.OpenAccount(account="x", name="x", organisation="0" * 32, roles=frozenset()),
        ask.InviteAccount(account="root", token_hash="0" * 64),
        ask.ChangeRoles(account="root", roles=frozenset(), reason="r"),
        ask.DisableAccount(account="root", reason="r"),
        ask.EnableAccount(account="root", reason="r"),
    ],
)
def test_what_administrators_do_nobody_else_does(
    registry: Registry, command: RegistryCommand
) -> None:
    registry.joins("wang", "bidder", "clerk", "supervisor")
    for account in ("wang", "nobody"):
        assert registry.refuses(account, command) == "registry.not_permitted"


def test_every_command_has_a_row_of_permissions() -> None:
    assert set(PERMISSIONS) == set(ask.RegistryCommand.__args__)


def test_an_unknown_event_is_an_error() -> None:
    with pytest.raises(ValueError, match="no such event"):
        RegistryRules().parse("registry.unheard_of", b"{}")
