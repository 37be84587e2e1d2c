"""V20: the scoring rule. Set before the notice, which holds its hash; one that can be applied."""

from typing import Any

from verifier.committee import rule_hash
from verifier.entries import Entry
from verifier.scene import Scene
from verifier.scoring.faults import faults

Fields = dict[str, Any]


def look(scene: Scene, entry: Entry) -> None:
    """Check a rule that is set, or what a notice says of all of them."""
    state = scene.state
    if entry.type == "evaluation.rule_set":
        early = state.notice is None
        scene.need("V20.1", entry.seq, early, "a rule set before the notice", "after it")
        known = entry.body["section"] in state.sections
        scene.has("V20.1", entry.seq, known, "a section with terms")
    elif entry.type == "project.notice_published":
        for section in entry.message["sections"]:
            _check_section(scene, entry, section)


def _check_section(scene: Scene, entry: Entry, said: Fields) -> None:
    """Check what the notice says of the rule of one section."""
    ruled = scene.state.rules.get(said["section"])
    if ruled is None:
        found = said.get("scoring")
        scene.has("V20.2", entry.seq, found is None, "no scoring rule, as none was set", found)
        return
    rule = ruled.body["rule"]
    scene.equal("V20.2", entry.seq, rule_hash(rule), said.get("scoring"), [ruled.seq])
    wrong = faults(rule, has_limit="limit" in said, drawn=said["draw"])
    scene.need("V20.3", ruled.seq, not wrong, "a rule that can be applied", wrong)
