"""Which section a command is about, found in the command and the state; judges nothing.

Messages are only looked into here: the rule that takes the command reads them strictly.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from opening import commands as opening
from opening.envelopes import payload
from opening.state import OpeningState
from project import commands as project
from project.state import ProjectState
from record.events import Signed
from record.rules import Command

Find = Callable[[ProjectState, Any], str | None]


def section_of(state: ProjectState, command: Command) -> str | None:
    """Return the section a command is about; None when it names none that can be found."""
    find = _FIND.get(type(command), _by_name)
    return find(state, command)


def _by_name(_: ProjectState, command: Any) -> str | None:
    section: str | None = getattr(command, "section", None)
    return section


def _told(message: Signed, name: str) -> str | None:
    """Return one text of a signed message; None when it has none or is no message at all."""
    try:
        value = json.loads(payload(message))
    except (ValueError, RecursionError):
        return None
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, str) else None


def _in_message(_: ProjectState, command: Any) -> str | None:
    return _told(command.message, "section")


def _in_params(_: ProjectState, command: opening.AdmitBid) -> str | None:
    text = _told(command.message, "params")
    try:
        params = json.loads(text or "")
    except (ValueError, RecursionError):
        return None
    section = params.get("section") if isinstance(params, dict) else None
    return section if isinstance(section, str) else None


def _attempt(state: ProjectState, sid: str | None) -> str | None:
    found = state.opening.attempts.get(sid or "")
    return None if found is None else found.start.section


def _bid(state: ProjectState, bid: str | None) -> str | None:
    found = state.opening.bids.get(bid or "")
    return None if found is None else found.place[0]


def _by_sid(state: ProjectState, command: opening.ExpireCeremony) -> str | None:
    return _attempt(state, command.sid)


def _by_sid_in_message(state: ProjectState, command: Any) -> str | None:
    return _attempt(state, _told(command.message, "sid"))


def _by_key_in_message(state: ProjectState, command: Any) -> str | None:
    key_id = _told(command.message, "key_id")
    places = (key.place for key in state.opening.keys.values() if key.key_id == key_id)
    return next((place[0] for place in places), None)


def _by_bid(state: ProjectState, command: Any) -> str | None:
    return _bid(state, command.bid)


def _by_bid_in_message(state: ProjectState, command: opening.WithdrawBid) -> str | None:
    return _bid(state, _told(command.message, "bid"))


def _session_with(state: OpeningState, kind: str, name: str) -> str | None:
    sessions = state.sessions.items()
    return next((place[0] for place, session in sessions if name in getattr(session, kind)), None)


def _by_draw(state: ProjectState, command: Any) -> str | None:
    return _session_with(state.opening, "draws", command.draw)


def _by_objection(state: ProjectState, command: opening.AnswerObjection) -> str | None:
    return _session_with(state.opening, "objections", command.objection)


def _by_question(state: ProjectState, command: project.AnswerQuestion) -> str | None:
    found = state.questions.get(command.question)
    return None if found is None else found.section


def _by_notice(state: ProjectState, command: project.AcknowledgeNotice) -> str | None:
    found = state.notices.get(command.notice)
    return None if found is None else found.section


_FIND: Mapping[type[Command], Find] = {
    project.Amend: _in_message,
    project.DecideStage: _in_message,
    project.AnswerQuestion: _by_question,
    project.AcknowledgeNotice: _by_notice,
    opening.StartCeremony: _in_message,
    opening.JoinCeremony: _by_sid_in_message,
    opening.DealCeremony: _by_sid_in_message,
    opening.CertifyCeremony: _by_sid_in_message,
    opening.AbortCeremony: _by_sid_in_message,
    opening.ExpireCeremony: _by_sid,
    opening.RehearseKey: _by_key_in_message,
    opening.EraseKey: _by_sid_in_message,
    opening.AdmitBid: _in_params,
    opening.WithdrawBid: _by_bid_in_message,
    opening.ReleaseSecret: _by_bid,
    opening.IssueOrder: _in_message,
    opening.PostPartial: _by_key_in_message,
    opening.ReleaseKey: _by_key_in_message,
    opening.RecordBody: _by_bid,
    opening.CommitDraw: _by_draw,
    opening.SealDraw: _by_draw,
    opening.RevealDraw: _by_draw,
    opening.ConfirmLine: _by_bid,
    opening.AnswerObjection: _by_objection,
}
