"""V17: what must be answered is. Questions, objections, the supervisor's notices."""

from verifier.entries import Entry
from verifier.scene import Scene

_WAIT = {
    "opening.order_issued": "an order",
    "opening.session_ended": "the end of a session",
    "evaluation.stage_decided": "a result",
}


def look(scene: Scene, entry: Entry) -> None:
    """Check an answer, or that nothing unanswered is left behind."""
    state, body = scene.state, entry.body
    match entry.type:
        case "project.question_answered":
            asked = state.questions.get(body["question"])
            scene.has("V17.1", entry.seq, asked is False, "a question without answer", asked)
        case "opening.objection_answered":
            found = state.objection(body["objection"])
            holds = found is not None and found[1].answer is None
            scene.has("V17.2", entry.seq, holds, "an objection without answer")
        case "opening.minutes_drawn_up":
            session = state.session((body["section"], body["envelope"]))
            left = [one.objection for one in session.objections.values() if one.answer is None]
            scene.need("V17.2", entry.seq, not left, "every objection answered", left)
        case "project.supervisor_notice_acknowledged":
            notice = state.notices.get(body["notice"])
            holds = notice is not None and not notice.reply
            scene.has("V17.3", entry.seq, holds, "a notice without reply")
        case _:
            pass
    if entry.type in _WAIT:
        section = entry.message.get("section") or body.get("section")
        left = [name for name, one in state.notices.items() if one.section == section]
        left = [name for name in left if not state.notices[name].reply]
        scene.need("V17.3", entry.seq, not left, f"replies before {_WAIT[entry.type]}", left)
