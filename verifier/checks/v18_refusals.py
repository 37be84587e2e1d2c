"""V18: refusals. The service's signed answer to exactly what was refused."""

import json

from verifier import canonical
from verifier.canonical import NotCanonical
from verifier.entries import Entry
from verifier.formats import MESSAGES
from verifier.hashing import hash_hex
from verifier.scene import Scene
from verifier.signatures import read_envelope

_LATE = {"bids.late", "bids.closed"}


def look(scene: Scene, entry: Entry) -> None:
    """Check the answer to a refused bid."""
    if entry.type != "opening.bid_refused" or entry.envelope is None:
        return
    answer = read_envelope(entry.body["answer"])
    service = bytes.fromhex(scene.container.about["service"]["key"])
    holds = answer.name == "refusal" and answer.signed_by(service)
    scene.need("V18.1", entry.seq, holds, "the service's signature", "none that holds")
    try:
        canonical.read(answer.payload)
        wrong = MESSAGES["refusal"](json.loads(answer.payload))
    except NotCanonical as error:
        wrong = str(error)
    if not scene.need("V18.2", entry.seq, wrong is None, "a refusal", wrong):
        return
    said = json.loads(answer.payload)
    wanted = (scene.state.project, hash_hex(entry.envelope.payload))
    scene.equal("V18.2", entry.seq, wanted, (said["project"], said["received"]))
    scene.need("V18.2", entry.seq, said["at"] <= entry.at, f"until {entry.at}", said["at"])
    section = scene.state.sections.get((entry.params or {}).get("section", ""))
    if said["code"] in _LATE and section is not None:
        deadline = section.terms["deadline"]
        late = said["at"] >= deadline
        scene.need("V18.3", entry.seq, late, f"late only from {deadline} on", said["at"])
