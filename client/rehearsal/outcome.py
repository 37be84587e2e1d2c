"""Whether a rehearsal ended as it must: each bid's fate and cause, and what was opened of it.

It must not look at anything but the exported record and what the bots know.
"""

from client.record_copy import RecordCopy
from client.rehearsal.bots import Bot, Made
from client.rehearsal.report import Report
from client.sealing import sha256
from evaluation.report_facts import facts
from evaluation.state import Evaluation
from opening.state import OpeningState, Session

_STATUS = {"superseded": "superseded", "withdrawn": "withdrawn", "incomplete": "incomplete"}


def check(copy: RecordCopy, bots: list[Bot], report: Report) -> None:
    """Compare every bid's fate on the record with what its bot made of it."""
    state = copy.state.opening
    made = [one for bot in bots for one in bot.made]
    for one in made:
        found = _fate(state, one)
        name = f"bid {one.sealed.params.bid[:8]} (envelope {one.envelope})"
        report.expect(found == one.fate, f"{name} should be {one.fate}, is {found}")
        if one.fate == "opened":
            _check_opened(state, one, report)
    admitted = {one.sealed.params.bid for one in made if one.fate != "late"}
    report.expect(set(state.bids) == admitted, "the record has other bids than were admitted")
    late = sum(one.fate == "late" for one in made)
    refused = [one for one in state.refused if one.code in {"bids.late", "bids.closed"}]
    report.expect(len(refused) == late, f"{late} late bids, {len(refused)} refusals on record")
    for place, session in state.sessions.items():
        report.expect(session.stage == "ended", f"the session of {place} has not ended")
        drawn = [draw for draw in session.draws.values() if draw.result]
        report.expect(len(drawn) <= 1, "more than one draw has a result")
    for section, evaluation in copy.state.evaluation.evaluations.items():
        _check_report(copy, section, evaluation, report)
    report.figures["fates"] = {
        fate: sum(one.fate == fate for one in made) for fate in sorted({m.fate for m in made})
    }


def _fate(state: OpeningState, one: Made) -> str:
    """Return what the record made of a bid."""
    bid = one.sealed.params.bid
    found = state.bids.get(bid)
    if found is None:
        return "late" if state.refused else "unknown"
    if found.status in _STATUS:
        return _STATUS[found.status]
    session = state.sessions.get(found.place, Session())
    if bid in session.opened:
        return "opened"
    if bid in session.spoiled:
        return session.spoiled[bid].cause
    listed = session.order is not None and bid in {line.bid for line in session.order.bids}
    return "listed, but not opened" if listed else "passed_over"


def _check_report(copy: RecordCopy, section: str, found: Evaluation, report: Report) -> None:
    """Make the facts of the report again, from the record, and compare their hash."""
    told = facts(copy.state.opening, found, copy.state.evaluation.rules[section])
    report.expect(sha256(told) == found.report.facts, f"the report of {section} says other facts")
    report.expect(found.report.is_finished, f"the report of {section} is not finished")


def _check_opened(state: OpeningState, one: Made, report: Report) -> None:
    bid = one.sealed.params.bid
    session = state.sessions.get((one.sealed.params.section, one.sealed.params.envelope), Session())
    opened = session.opened.get(bid)
    if opened is None:
        return
    same = opened.package == one.sealed.package
    report.expect(same, f"bid {bid[:8]} opened to another package than was sealed")
    report.expect(not opened.problems, f"bid {bid[:8]}: {opened.problems}")
    report.expect(bid in session.read_out, f"bid {bid[:8]} was not read out")
    report.expect(bid in session.confirmed, f"bid {bid[:8]} was not confirmed")
