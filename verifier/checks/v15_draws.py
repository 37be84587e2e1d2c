"""V15: draws. Commitments before the root, reveals after it, and the result again."""

from verifier.entries import Entry
from verifier.hashing import tagged
from verifier.scene import Scene
from verifier.state import Draw


def look(scene: Scene, entry: Entry) -> None:
    """Check one step of a draw."""
    name = entry.type.removeprefix("opening.")
    if name == "draw_started":
        _check_start(scene, entry)
        return
    if not name.startswith("draw_"):
        return
    found = scene.state.draw(entry.body["draw"])
    if not scene.has("V15.1", entry.seq, found is not None, "a draw") or found is None:
        return
    draw = found[1]
    runs = draw.result is None and not draw.defaulted
    scene.need("V15.1", entry.seq, runs, "a draw that is not over", "one that is", draw.entries)
    match name:
        case "draw_committed":
            fresh = entry.body["account"] in draw.parties and draw.root is None
            fresh = fresh and entry.body["account"] not in draw.commits
            scene.need("V15.2", entry.seq, fresh, "a party, once, before the root", "another case")
        case "draw_sealed":
            _check_sealed(scene, entry, draw)
        case "draw_revealed":
            _check_revealed(scene, entry, draw)
        case "draw_ended":
            _check_ended(scene, entry, draw)
        case _:
            _check_defaulted(scene, entry, draw)


def result(draw: Draw) -> tuple[str, str]:
    """Return the seed and the result of a draw in which everybody revealed."""
    root = bytes.fromhex(draw.root or "")
    secrets = [bytes.fromhex(draw.reveals[account]) for account in draw.parties]
    seed = tagged("draw-seed", draw.draw.encode(), root, *secrets)
    count = len(draw.values)
    while int.from_bytes(seed, "big") >= (1 << 256) // count * count:
        seed = tagged("draw-next", seed)
    return seed.hex(), draw.values[int.from_bytes(seed, "big") % count]


def _check_start(scene: Scene, entry: Entry) -> None:
    body, place = entry.body, (entry.body["section"], entry.body["envelope"])
    section, session = scene.state.sections.get(place[0]), scene.state.session(place)
    if section is not None:
        scene.equal("V15.1", entry.seq, section.terms["draw"], body["values"])
    scene.equal("V15.1", entry.seq, len(session.draws) + 1, body["attempt"])
    over = all(one.defaulted for one in session.draws.values())
    scene.need("V15.1", entry.seq, over, "no draw that runs or has a result", "one")
    parties = body["parties"]
    distinct = len(set(parties)) == len(parties) >= 2
    scene.need("V15.1", entry.seq, distinct, "two parties or more, each once", parties)
    if len(session.draws):
        last = list(session.draws.values())[-1]
        left = [account for account in last.parties if account not in last.defaulted]
        if entry.account == "service":
            scene.equal("V15.4", entry.seq, left, parties, last.entries)
            return
    _check_roles(scene, entry, parties)


def _check_roles(scene: Scene, entry: Entry, parties: list[str]) -> None:
    state = scene.state
    session = state.session((entry.body["section"], entry.body["envelope"]))
    present = {role for account, role in state.people if account in parties}
    wanted = {"clerk", "timekeeper"}
    if any(role == "supervisor" for _, role in state.people):
        wanted.add("supervisor")
    if any(seen["role"] == "bidder" for seen in session.sign_ins):
        wanted.add("bidder")
    missing = sorted(wanted - present)
    scene.has("V15.1", entry.seq, not missing, f"parties: {sorted(wanted)}", f"without {missing}")


def _check_sealed(scene: Scene, entry: Entry, draw: Draw) -> None:
    all_in = draw.commits.keys() == set(draw.parties) and draw.root is None
    scene.need("V15.2", entry.seq, all_in, "after all committed", list(draw.commits), draw.entries)


def _check_revealed(scene: Scene, entry: Entry, draw: Draw) -> None:
    account, secret = entry.body["account"], bytes.fromhex(entry.body["secret"])
    holds = draw.root is not None and account in draw.parties and account not in draw.reveals
    scene.need("V15.3", entry.seq, holds, "a party, once, after the root", account, draw.entries)
    commit = tagged("draw-commit", draw.draw.encode(), account.encode(), secret).hex()
    scene.equal("V15.3", entry.seq, draw.commits.get(account), commit, draw.entries)
    people = scene.state.people
    left = [one for one in draw.parties if one not in draw.reveals and one != account]
    early = (account, "timekeeper") in people and any(
        (one, "timekeeper") not in people for one in left
    )
    scene.need("V15.3", entry.seq, not early, "the timekeeper last", f"before {left}")


def _check_ended(scene: Scene, entry: Entry, draw: Draw) -> None:
    whole = draw.reveals.keys() == set(draw.parties) and draw.root is not None
    rests = draw.entries
    if scene.need("V15.5", entry.seq, whole, "after all revealed", list(draw.reveals), rests):
        wanted = result(draw)
        found = (entry.body["seed"], entry.body["result"])
        scene.equal("V15.5", entry.seq, wanted, found, rests)


def _check_defaulted(scene: Scene, entry: Entry, draw: Draw) -> None:
    done = draw.commits if draw.root is None else draw.reveals
    missing = [account for account in draw.parties if account not in done]
    people = scene.state.people
    others = [one for one in missing if (one, "timekeeper") not in people]
    wanted = missing if draw.root is None else others or missing
    scene.equal("V15.4", entry.seq, wanted, entry.body["accounts"], draw.entries)
