"""V16: the minutes. Their facts again, the files, the signatures, and who did not sign."""

from verifier.entries import Entry
from verifier.facts import facts
from verifier.hashing import hash_hex
from verifier.scene import Scene
from verifier.state import Session


def look(scene: Scene, entry: Entry) -> None:
    """Check minutes drawn up or signed, or the end of a session."""
    match entry.type:
        case "opening.minutes_drawn_up":
            _check_drawn_up(scene, entry)
        case "opening.minutes_signed":
            _check_signed(scene, entry)
        case "opening.session_ended":
            _check_ended(scene, entry)
        case _:
            pass


def _check_drawn_up(scene: Scene, entry: Entry) -> None:
    body, place = entry.body, (entry.body["section"], entry.body["envelope"])
    session = scene.state.session(place)
    scene.need("V16.2", entry.seq, not session.windows, "no window open", list(session.windows))
    told = facts(scene.state, place)
    if told is None:
        scene.report.skip("V16.1", entry.seq, "the record lacks terms or key")
    else:
        wanted = hash_hex(told)
        before = facts(scene.state, place, only_bound=True) or told
        holds = body["facts"] in {wanted, hash_hex(before)}
        scene.has("V16.1", entry.seq, holds, wanted, body["facts"], range(1, entry.seq))
    pdf = scene.container.documents.get(body["pdf"])
    if pdf is None:
        scene.report.skip("V16.3", entry.seq, "the PDF is not in the export")
    else:
        rests = ["document " + body["pdf"]]
        scene.equal("V16.3", entry.seq, body["pdf_size"], pdf.size, rests)


def _check_signed(scene: Scene, entry: Entry) -> None:
    said = entry.message
    place = (said["section"], said["envelope"])
    session = scene.state.session(place)
    scene.equal("V16.4", entry.seq, scene.state.project, said["project"])
    minutes = session.minutes
    if scene.has("V16.4", entry.seq, minutes is not None, "minutes before") and minutes:
        wanted = (minutes.body["facts"], minutes.body["pdf"])
        scene.equal("V16.4", entry.seq, wanted, (said["facts"], said["pdf"]), [minutes.seq])
    fresh = entry.body["account"] not in session.signed
    scene.need("V16.4", entry.seq, fresh, "one signature each", "a second one")
    if entry.body["role"] == "bidder":
        person = scene.state.people.get((entry.account, "bidder"))
        announced = _announced(session)
        holds = person is None or person.organisation in announced
        scene.need("V16.4", entry.seq, holds, "a bidder that was announced", "another")


def _check_ended(scene: Scene, entry: Entry) -> None:
    place = (entry.body["section"], entry.body["envelope"])
    session = scene.state.session(place)
    by_clerk = "clerk" in session.signed.values()
    scene.has("V16.5", entry.seq, by_clerk, "minutes signed by a clerk", list(session.signed))
    people = scene.state.people
    signed = {
        people[one, "bidder"].organisation for one in session.signed if (one, "bidder") in people
    }
    wanted = [one for one in _announced(session) if one not in signed]
    scene.equal("V16.5", entry.seq, wanted, entry.body["unsigned"])


def _announced(session: Session) -> list[str]:
    if session.announced is None:
        return []
    return [one["organisation"] for one in session.announced.body["bidders"]]
