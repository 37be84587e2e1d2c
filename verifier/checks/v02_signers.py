"""V2.11: every message was signed by the key that the record binds to whoever must sign it."""

from verifier.entries import Entry
from verifier.scene import Scene

_BY_PARTY = frozenset(
    "opening." + name
    for name in (
        "ceremony_joined", "ceremony_dealt", "ceremony_certified", "ceremony_aborted",
        "key_rehearsed", "key_erased", "partial_posted", "key_released",
    )
)  # fmt: skip
_BY_ROLE = {
    "project.notice_published": "clerk",
    "project.amended": "clerk",
    "evaluation.stage_decided": "clerk",
    "evaluation.candidates_published": "clerk",
    "opening.ceremony_started": "clerk",
    "opening.order_issued": "clerk",
    "opening.bid_admitted": "bidder",
    "opening.bid_withdrawn": "bidder",
    "evaluation.member_signed_in": "expert",
    "evaluation.clarification_answered": "bidder",
    "evaluation.correction_answered": "bidder",
    "evaluation.marks_submitted": "expert",
    "evaluation.marks_given_again": "expert",
    "evaluation.report_signed": "expert",
}


def look(scene: Scene, entry: Entry) -> None:
    """Check the signature of an entry's message."""
    if entry.envelope is None:
        return
    if entry.type in _BY_PARTY:
        _check(scene, entry, _party_key(scene, entry), "a party of the ceremony")
    elif entry.type == "opening.bid_refused":
        _check(scene, entry, _refused_key(scene, entry), "a bidder of that organisation")
    else:
        role = _BY_ROLE.get(entry.type) or entry.body["role"]
        person = scene.state.people.get((entry.account, role))
        key = person.keys.get(person.keyid or "") if person is not None else None
        _check(scene, entry, key, f"{entry.account} as {role}")


def _check(scene: Scene, entry: Entry, key: str | None, whose: str) -> None:
    if scene.has("V2.11", entry.seq, key is not None, f"a bound key of {whose}") and key:
        holds = entry.envelope is not None and entry.envelope.signed_by(bytes.fromhex(key))
        scene.need("V2.11", entry.seq, holds, f"a signature of {whose}", "none that holds")


def _refused_key(scene: Scene, entry: Entry) -> str | None:
    keyid = entry.envelope.keyid if entry.envelope is not None else ""
    person = scene.state.holder("bidder", keyid)
    if person is None or person.organisation != entry.body["organisation"]:
        return None
    return person.keys.get(keyid)


def _party_key(scene: Scene, entry: Entry) -> str | None:
    """Return the roster's key of the party, if its account ever had it in that role."""
    message, state = entry.message, scene.state
    sid = message.get("sid")
    if sid is None:
        key = state.key_by_id(message["key_id"])
        sid = "" if key is None else key.sid
    attempt = state.attempts.get(sid)
    if attempt is None:
        return None
    party = message.get("i", 0)
    spki = attempt.key_of(party)
    person = state.people.get((entry.account, "custodian" if party else "timekeeper"))
    return spki if person is not None and spki in person.keys.values() else None
