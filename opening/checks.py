"""The heavy checks, made in threads before the desk: which function checks which command.

It must not change anything: a check is a function of the command and of entries that can no longer
change, and its outcome names what it was made from.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from opening import checks_bids, checks_ceremony, checks_opening, commands
from opening.envelopes import Checked
from opening.state import OpeningState
from record.rules import Command

Check: TypeAlias = Callable[[OpeningState, Any], Checked]

CHECKS: Mapping[type[Command], Check] = {
    commands.StartCeremony: checks_ceremony.check_start,
    commands.JoinCeremony: checks_ceremony.check_join,
    commands.DealCeremony: checks_ceremony.check_deal,
    commands.CertifyCeremony: checks_ceremony.check_certify,
    commands.AbortCeremony: checks_ceremony.check_abort,
    commands.RehearseKey: checks_ceremony.check_rehearsal,
    commands.EraseKey: checks_ceremony.check_erase,
    commands.AdmitBid: checks_bids.check_admit,
    commands.RefuseBid: checks_bids.check_refuse,
    commands.WithdrawBid: checks_bids.check_withdraw,
    commands.IssueOrder: checks_opening.check_order,
    commands.PostPartial: checks_opening.check_partial,
    commands.ReleaseKey: checks_opening.check_release,
    commands.SignMinutes: checks_opening.check_minutes,
}
"""Which function checks a command; a command without a row needs no heavy check."""


def check(state: OpeningState, command: Command) -> Checked | None:
    """Return the outcome of a command's heavy check, for `given.checked`.

    Raises:
        Refused: as the command's own check tells.
    """
    found = CHECKS.get(type(command))
    return None if found is None else found(state, command)
