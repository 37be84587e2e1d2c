"""A pause of an evaluation as those are shown it who are locked out meanwhile; pure.

A bidder is told that it goes on, from when and nothing else; and only one that is asked something.
"""

from typing import Any

from crypto.fingerprint import characters, words
from evaluation.pause import OpenPause
from evaluation.pause_events import Paused, Resumed
from evaluation.reevaluation import published
from evaluation.waiting import expiring
from project.state import ProjectState

View = dict[str, Any]


def pause_view(pause: OpenPause) -> View:
    """Return a pause with its state hash, in full and as people at two places compare it."""
    state = bytes.fromhex(pause.state)
    shown: View = {
        "since": pause.since,
        "cause": pause.cause,
        "reason": pause.reason,
        "state": pause.state,
        "words": " ".join(words(state)),
        "characters": "".join(characters(state)),
    }
    return shown if pause.differed is None else {**shown, "differed": pause.differed}


def held_up(state: ProjectState, section: str) -> View:
    """Return why a bidder cannot answer now: the evaluation is over for it, or paused.

    It learns that the committee is through from its result and not before, or from the end of the
    section.
    """
    found = state.evaluation.evaluations[section]
    was_told = published(found.reevaluations, found.publication)
    if was_told or state.opening.sections[section].terminated:
        return {"over": True}
    return {} if found.pause is None else {"paused": found.pause.since}


def paused_of(event: Paused, after: ProjectState) -> View:
    """Return who is asked something in the evaluation that is paused."""
    return {"organisations": _asked(event.section, after)}


def resumed_of(event: Resumed, after: ProjectState) -> View:
    """Return who is asked something, and until when."""
    found = after.evaluation.evaluations.get(event.section)
    if found is None:
        return {}
    asked = found.clarifications.items()
    return {
        "organisations": _asked(event.section, after),
        "answers_due": {name: one.due for name, one in asked if one.awaits_bidder},
        "confirmations_due": dict(expiring(found.corrections)),
    }


def _asked(section: str, state: ProjectState) -> list[str]:
    found = state.evaluation.evaluations.get(section)
    if found is None:
        return []
    bids = [one.bid for one in found.clarifications.values() if one.awaits_bidder]
    bids += [one.bid for one in found.corrections.values() if one.status == "asked"]
    return sorted({state.opening.bids[bid].organisation for bid in bids})
