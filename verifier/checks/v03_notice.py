"""V3: the notice says what the record says, and nothing it promises changes after it."""

from typing import Any

from verifier.entries import Entry
from verifier.report import Subject
from verifier.scene import Scene
from verifier.sealing import fingerprint
from verifier.state import BEFORE_THERE_WAS, Section, State

_CORRECTED = ("number", "title", "tenderer", "agency")
_HEAD = (*_CORRECTED, "currency")
_NOT_PRINTED = {"currency", "n", "k"}
_LOOKED_AT_APART = {"keys", "scoring"}


def look(scene: Scene, entry: Entry) -> None:
    """Check a notice, an amendment, or what one of them sets off."""
    match entry.type:
        case "project.notice_published":
            _check_notice(scene, entry)
        case "project.amended":
            _check_amendment(scene, entry)
        case "project.project_corrected":
            _check_correction(scene, entry)
        case "opening.terms_set":
            _check_terms(scene, entry)
        case "opening.bids_opened_up":
            _check_opened(scene, entry)
        case "opening.deadline_moved":
            _check_moved(scene, entry)
        case "opening.bids_superseded":
            amended = scene.state.amended
            holds = (
                _same(amended, entry)
                and amended is not None
                and amended.message["bids"] == "replace"
                and amended.message["section"] == entry.body["section"]
            )
            scene.need("V3.8", entry.seq, holds, "an amendment to replace bids", "none before it")
        case "opening.ceremony_started":
            wanted = scene.container.about["witness"]
            found = entry.message["timekeeper"]["witness"]
            scene.equal("V3.5", entry.seq, wanted, found)
        case "project.document_removed":
            known = entry.body["document"] in scene.state.documents
            holds = known and entry.body["document"] not in scene.state.published
            scene.need("V3.2", entry.seq, holds, "a document nobody was promised", "another")
        case _:
            pass


def _check_terms(scene: Scene, entry: Entry) -> None:
    """Check that terms are set before the notice, and before a key is made under them."""
    state, seq = scene.state, entry.seq
    scene.need("V3.6", seq, state.notice is None, "terms set before the notice", "after it")
    held = [
        one.seq
        for one in state.attempts.values()
        if one.status != "dead" and one.place[0] == entry.body["section"]
    ]
    scene.need("V3.6", seq, not held, "terms set before a key ceremony", "under one", held)


def _check_notice(scene: Scene, entry: Entry) -> None:
    state, said = scene.state, entry.message
    scene.need("V3.1", entry.seq, state.notice is None, "one notice", "a second one")
    scene.equal("V3.1", entry.seq, state.project, said["project"])
    if scene.has("V3.1", entry.seq, state.created is not None, "a project"):
        found = {name: said.get(name) for name in _HEAD}
        heads = [one.seq for one in (state.created, state.corrected) if one is not None]
        scene.equal("V3.1", entry.seq, _head(state), found, heads)
    scene.equal("V3.2", entry.seq, list(state.documents.values()), said["documents"])
    sections = [one for one in state.sections.values() if not one.terminated]
    names = [one.terms["section"] for one in sections]
    if scene.equal("V3.3", entry.seq, names, [one["section"] for one in said["sections"]]):
        for section, told in zip(sections, said["sections"], strict=True):
            _check_section(scene, entry, section, told)


def _check_correction(scene: Scene, entry: Entry) -> None:
    """Check that a head is corrected before the notice, and to something else than it was."""
    state, seq = scene.state, entry.seq
    scene.need("V3.9", seq, state.notice is None, "corrected before the notice", "after it")
    if scene.has("V3.9", seq, state.created is not None, "a project"):
        said = {name: entry.body.get(name) for name in _CORRECTED}
        before = {name: one for name, one in _head(state).items() if name in said}
        scene.need("V3.9", seq, said != before, "another head than before", said)


def _head(state: State) -> dict[str, Any]:
    """Return what a notice must begin with: as the project was begun, or as last corrected."""
    begun = state.created.body if state.created is not None else {}
    told = begun if state.corrected is None else state.corrected.body
    return {name: (begun if name == "currency" else told).get(name) for name in _HEAD}


def _check_section(scene: Scene, entry: Entry, section: Section, told: dict[str, Any]) -> None:
    wanted = {name: one for name, one in section.terms.items() if name not in _NOT_PRINTED}
    found = {name: one for name, one in told.items() if name not in _LOOKED_AT_APART}
    for one in (wanted, found):
        one["periods"] = {**BEFORE_THERE_WAS, **one["periods"]}
    scene.equal("V3.3", entry.seq, wanted, found, [section.seq])
    early = entry.at + section.terms["periods"]["tender"]
    deadline = section.terms["deadline"]
    scene.need("V3.7", entry.seq, deadline >= early, f"a deadline from {early} on", deadline)
    keys, rests = [], list[Subject]()
    for envelope in range(1, section.terms["envelopes"] + 1):
        place = (section.terms["section"], envelope)
        key, attempt = scene.state.keys.get(place), scene.state.attempt_of(place)
        if key is None or attempt is None:
            scene.has("V3.4", entry.seq, False, f"a key of {place}")
            return
        rests += [key.seq, *attempt.entries()]
        start = attempt.start
        keys.append(
            {
                "envelope": envelope,
                "sid": key.sid,
                "key_id": key.key_id,
                "key": key.pk.hex(),
                "fingerprint": fingerprint(bytes.fromhex(key.key_id)),
                "k": start["k"],
                "roster": start["roster"],
                "timekeeper": start["timekeeper"],
            }
        )
    scene.equal("V3.4", entry.seq, keys, told["keys"], rests)


def _check_amendment(scene: Scene, entry: Entry) -> None:
    said, state = entry.message, scene.state
    scene.equal("V3.7", entry.seq, state.project, said["project"])
    for document in said["documents"]:
        name = document["document"]
        holds = state.documents.get(name) == document and name not in state.published
        scene.need("V3.2", entry.seq, holds, "a new document of the record", document["name"])
    section = state.sections.get(said["section"])
    if not scene.has("V3.7", entry.seq, section is not None, "a section") or section is None:
        return
    now, deadline = section.terms["deadline"], said["deadline"]
    scene.need("V3.7", entry.seq, entry.at < now <= deadline, f"from {now} on, in time", deadline)
    if said["affects_bids"]:
        early = entry.at + section.terms["periods"]["amendment"]
        scene.need("V3.7", entry.seq, deadline >= early, f"a deadline from {early} on", deadline)
    holds = said["affects_bids"] or said["bids"] == "stay"
    scene.need("V3.7", entry.seq, holds, "bids that stay", "bids to be replaced")


def _check_opened(scene: Scene, entry: Entry) -> None:
    notice, name = scene.state.notice, entry.body["section"]
    known = notice is not None and name in {one["section"] for one in notice.message["sections"]}
    together = _same(notice, entry)
    scene.need("V3.6", entry.seq, known and together, "opened by the notice", "by nothing")


def _check_moved(scene: Scene, entry: Entry) -> None:
    """Check that an amendment or a decision on an outage moves a deadline, in one command."""
    amended = scene.state.amended
    section = scene.state.sections.get(entry.body["section"])
    extended = (
        section is not None
        and section.outage is not None
        and section.outage.get("decision") == "extend"
        and section.outage.get("decided_by") == entry.command
    )
    holds = extended or (
        _same(amended, entry)
        and amended is not None
        and amended.message["section"] == entry.body["section"]
        and amended.message["deadline"] == entry.body["deadline"]
    )
    rests = [] if amended is None else [amended.seq]
    scene.need("V3.8", entry.seq, holds, "an amendment or an outage behind it", "neither", rests)
    if extended and not _same(amended, entry):
        later = entry.body["deadline"] > entry.at
        scene.need("V3.8", entry.seq, later, f"a deadline after {entry.at}", entry.body["deadline"])


def _same(before: Entry | None, entry: Entry) -> bool:
    return before is not None and before.command == entry.command
