"""Passkeys in the registry's record: entered by their owner, struck out by owner or administrator."""

import pytest

from registry import commands as ask
from registry.accounts import FirstRun
from registry.passkeys import PASSKEYS_AN_ACCOUNT, CheckedPasskey
from tests.registry.test_rules import FIRST, Registry

ENTER = ask.RegisterPasskey()


@pytest.fixture
def registry() -> Registry:
    made = Registry()
    made.does("root", FIRST, FirstRun())
    made.joins("wang", "bidder")
    return made


def name(number: int) -> str:
    return f"{number:064x}"


def test_a_passkey_stands_with_its_account_until_it_is_removed(registry: Registry) -> None:
    registry.does("wang", ENTER, CheckedPasskey("wang", name(1)))
    assert dict(registry.state.accounts["wang"].passkeys) == {name(1): registry.now}
    registry.does("wang", ask.RemovePasskey(account="wang", passkey=name(1)))
    assert not registry.state.accounts["wang"].passkeys


def test_only_what_the_device_proved_for_this_account_is_entered(registry: Registry) -> None:
    for checked in (None, CheckedPasskey("root", name(1))):
        assert registry.refuses("wang", ENTER, checked) == "registry.passkey_not_proved"
    mine = CheckedPasskey("nobody", name(1))
    assert registry.refuses("nobody", ENTER, mine) == "registry.not_permitted"


def test_a_credential_has_one_owner_at_a_time(registry: Registry) -> None:
    registry.does("wang", ENTER, CheckedPasskey("wang", name(1)))
    theirs = CheckedPasskey("root", name(1))
    assert registry.refuses("root", ENTER, theirs) == "registry.passkey_taken"


def test_an_account_has_only_so_many(registry: Registry) -> None:
    for number in range(PASSKEYS_AN_ACCOUNT):
        registry.does("wang", ENTER, CheckedPasskey("wang", name(number)))
    one_more = CheckedPasskey("wang", name(PASSKEYS_AN_ACCOUNT))
    assert registry.refuses("wang", ENTER, one_more) == "registry.too_many_passkeys"
    registry.does("wang", ask.RemovePasskey(account="wang", passkey=name(0)))
    registry.does("wang", ENTER, one_more)


def test_an_administrator_removes_any_and_others_none(registry: Registry) -> None:
    registry.joins("li", "bidder")
    registry.does("wang", ENTER, CheckedPasskey("wang", name(1)))
    remove = ask.RemovePasskey(account="wang", passkey=name(1))
    assert registry.refuses("li", remove) == "registry.not_permitted"
    registry.does("root", remove)
    assert registry.refuses("root", remove) == "registry.no_such_passkey"
