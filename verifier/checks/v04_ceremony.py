"""V4: the key ceremony. Every public check again, the transcript, and the key."""

from collections.abc import Callable
from typing import Any

from verifier import cocktail, curve
from verifier.cocktail import Ceremony, Deal
from verifier.curve import Affine, PointInvalid
from verifier.entries import Entry
from verifier.hashing import hash_hex
from verifier.scene import Scene
from verifier.state import Attempt

_STEP = {
    "opening.ceremony_joined": "join",
    "opening.ceremony_dealt": "deal",
    "opening.ceremony_certified": "certify",
}


def look(scene: Scene, entry: Entry) -> None:
    """Check one step of a ceremony."""
    if entry.type == "opening.ceremony_started":
        _check_start(scene, entry)
    elif entry.type == "opening.key_rehearsed":
        _check_rehearsal(scene, entry)
    elif entry.type in _CHECKS:
        attempt = scene.state.attempts.get(entry.message.get("sid") or entry.body.get("sid", ""))
        if not scene.has("V4.1", entry.seq, attempt is not None, "an attempt") or attempt is None:
            return
        if _check_turn(scene, entry, attempt):
            _CHECKS[entry.type](scene, entry, attempt)


def _check_start(scene: Scene, entry: Entry) -> None:
    start, state = entry.message, scene.state
    place = (start["section"], start["envelope"])
    scene.equal("V4.1", entry.seq, state.project, start["project"])
    section = state.sections.get(start["section"])
    if scene.has("V4.1", entry.seq, section is not None, "a section") and section is not None:
        names = ("n", "k", "co_open")
        wanted = [section.terms[name] for name in names]
        scene.equal("V4.1", entry.seq, wanted, [start[name] for name in names], [section.seq])
        holds = start["envelope"] <= section.terms["envelopes"] and not section.open
        scene.need("V4.1", entry.seq, holds, "an envelope of the section, before bids", place)
    same = [one for one in state.attempts.values() if one.place == place]
    number = 1 + max((one.start["attempt"] for one in same), default=0)
    scene.equal("V4.1", entry.seq, number, start["attempt"])
    over = all(one.status == "dead" for one in same)
    scene.need("V4.1", entry.seq, over, "no attempt running and no key", "one of them")
    times = [entry.at, start["join_by"], start["deal_by"], start["certify_by"]]
    holds = times == sorted(set(times))
    scene.need("V4.1", entry.seq, holds, "deadlines one after the other", times)
    _check_roster(scene, entry)


def _check_roster(scene: Scene, entry: Entry) -> None:
    start = entry.message
    keys = [member["key"] for member in start["roster"]] + [start["timekeeper"]["key"]]
    holds = len(set(keys)) == len(keys) == start["n"] + 1 and 2 <= start["k"] <= start["n"]
    scene.need("V4.2", entry.seq, holds, "n custodians with keys of their own", len(keys) - 1)
    for member in start["roster"]:
        person = scene.state.holder("custodian", hash_hex(bytes.fromhex(member["key"])))
        found = (member["name"], member["organisation"])
        bound = person is not None and (person.name, person.organisation_name) == found
        scene.has("V4.2", entry.seq, bound, f"a bound custodian {found}")
    clock = start["timekeeper"]
    person = scene.state.holder("timekeeper", hash_hex(bytes.fromhex(clock["key"])))
    bound = person is not None and person.name == clock["name"]
    scene.has("V4.2", entry.seq, bound, f"a bound timekeeper {clock['name']}")


def _check_turn(scene: Scene, entry: Entry, attempt: Attempt) -> bool:
    """Check that an attempt is at the step of an entry, in time, and the party's turn is due."""
    open_ = attempt.status == "open"
    holds = scene.need("V4.3", entry.seq, open_, "an open attempt", attempt.status)
    step = _STEP.get(entry.type)
    if not holds or step is None:
        return holds
    now, done = attempt.step
    party = entry.message["i"]
    holds = now == step and party in attempt.parties and party not in done
    scene.need("V4.3", entry.seq, holds, f"step {now}, once a party", f"{step} of {party}")
    until = attempt.start[step + "_by"]
    scene.need("V4.3", entry.seq, entry.at < until, f"before {until}", entry.at)
    return holds


def _check_join(scene: Scene, entry: Entry, attempt: Attempt) -> None:
    message = entry.message
    is_clock = message["i"] == 0
    holds = ("p" in message) != is_clock
    if holds and not is_clock:
        point = _point(message["p"])
        holds = point is not None and point[0] != curve.G[0]
    scene.need("V4.4", entry.seq, holds, "a point that a secret may multiply", "another")
    others = [one.message for one in attempt.joins.values()]
    fresh = all(message["commit"] != one["commit"] for one in others) and not any(
        "p" in message and message["p"] == one.get("p") for one in others
    )
    scene.need("V4.4", entry.seq, fresh, "nothing posted twice", "a point or commitment again")


def _check_deal(scene: Scene, entry: Entry, attempt: Attempt) -> None:
    message, joins = entry.message, attempt.joins
    party = message["i"]
    rests = [one.seq for one in joins.values()]
    sid, static = bytes.fromhex(attempt.sid), _static(attempt)
    if static is None:
        scene.report.skip("V4.5", entry.seq, "rests on V4.4")
        return
    within = cocktail.context(sid, static)
    if party == 0:
        y, pop = _point(message["y"]), bytes.fromhex(message["pop"])
        proved = y is not None and cocktail.timekeeper_possesses(within, y, pop)
        commit = cocktail.timekeeper_commitment(sid, y) if y is not None else b""
    else:
        deal = _deal(message, attempt)
        proved = deal is not None and cocktail.possesses(within, deal)
        commit = cocktail.commitment(sid, party, deal) if deal is not None else b""
    promised = joins[party].message["commit"]
    holds = commit.hex() == promised
    if scene.need("V4.5", entry.seq, holds, "what was committed to", "something else", rests):
        scene.need("V4.6", entry.seq, proved, "a proof of possession", "none that holds", rests)


def _check_certify(scene: Scene, entry: Entry, attempt: Attempt) -> None:
    rests = attempt.entries()
    sums = attempt.sums = attempt.sums or _sums(attempt)
    if sums is None:
        scene.report.skip("V4.7", entry.seq, "rests on V4.5")
        return
    signed = sums.transcript()
    scene.equal("V4.7", entry.seq, hash_hex(signed), entry.message["key_id"], rests)
    party = entry.message["i"]
    public = sums.y_t if party == 0 else sums.static[party - 1]
    holds = cocktail.signed(public, signed, bytes.fromhex(entry.message["sig"]))
    scene.need("V4.7", entry.seq, holds, "a signature of the transcript", "none", rests)


def _check_key(scene: Scene, entry: Entry, attempt: Attempt) -> None:
    rests = attempt.entries()
    done = len(attempt.certifies)
    whole = done == len(attempt.parties)
    scene.need("V4.8", entry.seq, whole, f"{len(attempt.parties)} certificates", done, rests)
    sums = attempt.sums
    if sums is None:
        scene.report.skip("V4.8", entry.seq, "rests on V4.7")
        return
    pk = sums.key()
    y = [sums.share_key(index) for index in range(1, attempt.start["n"] + 1)]
    if pk is None or None in y or None in sums.coefficients():
        scene.need("V4.8", entry.seq, False, "points", "the identity", rests)
        return
    wanted = {
        "sid": attempt.sid,
        "key_id": hash_hex(sums.transcript()),
        "pk": curve.uncompressed(pk).hex(),
        "y_t": curve.compressed(sums.y_t).hex(),
        "y": [curve.compressed(curve.real(point)).hex() for point in y],
    }
    scene.equal("V4.8", entry.seq, wanted, entry.body, rests)


def _check_abort(scene: Scene, entry: Entry, attempt: Attempt) -> None:
    message = entry.message
    party, secret = message["i"], message.get("d")
    if secret is None:
        holds = message["cause"] != "share" and message["offender"] == party
        scene.need("V4.9", entry.seq, holds, "evidence against another", "none")
        scene.equal("V4.9", entry.seq, [party], entry.body["offenders"])
        return
    sums = _sums(attempt)
    holds = party != 0 and message["cause"] == "share" and party not in attempt.certifies
    if not scene.need("V4.9", entry.seq, holds and sums is not None, "deals to judge", "none"):
        return
    d = int(secret, 16)
    if sums is None or curve.multiply(d, curve.G) != sums.static[party - 1]:
        scene.need("V4.9", entry.seq, False, "the accuser's own secret", "another")
        return
    wanted = list(cocktail.bad_dealers(sums, party, d)) or [party]
    scene.equal("V4.9", entry.seq, wanted, entry.body["offenders"], attempt.entries())


def _check_expired(scene: Scene, entry: Entry, attempt: Attempt) -> None:
    step, done = attempt.step
    missing = [party for party in attempt.parties if party not in done]
    wanted = {"sid": attempt.sid, "step": step, "missing": missing}
    scene.equal("V4.9", entry.seq, wanted, entry.body)
    until = attempt.start[step + "_by"]
    scene.need("V4.9", entry.seq, entry.at >= until, f"from {until} on", entry.at)


def _check_rehearsal(scene: Scene, entry: Entry) -> None:
    message = entry.message
    key = scene.state.key_by_id(message["key_id"])
    if not scene.has("V4.10", entry.seq, key is not None, "a key") or key is None:
        return
    holds = message["i"] <= len(key.y) and cocktail.rehearsed(
        key.y[message["i"] - 1],
        bytes.fromhex(key.key_id),
        message["checkpoint"].encode(),
        bytes.fromhex(message["sig"]),
    )
    scene.need("V4.10", entry.seq, holds, "a proof with the share", "none", [key.seq])
    closed = scene.state.session(key.place).closed
    scene.need("V4.10", entry.seq, closed is None, "before the close", "after it")
    origin = scene.container.about["log"].partition("+")[0]
    named = message["checkpoint"].split("\n")[0]
    scene.equal("V4.10", entry.seq, origin, named)


def _sums(attempt: Attempt) -> Ceremony | None:
    """Return what all deals come to; None where one is missing or out of form."""
    static = _static(attempt)
    if static is None or len(attempt.deals) < len(attempt.parties):
        return None
    deals = [_deal(attempt.deals[party].message, attempt) for party in attempt.parties if party]
    y_t = _point(attempt.deals[0].message["y"])
    pop_t = bytes.fromhex(attempt.deals[0].message["pop"])
    whole = [deal for deal in deals if deal is not None]
    if y_t is None or len(whole) < len(deals):
        return None
    sid = bytes.fromhex(attempt.sid)
    return Ceremony(sid, attempt.start["k"], static, tuple(whole), y_t, pop_t)


def _static(attempt: Attempt) -> tuple[Affine, ...] | None:
    custodians = [party for party in attempt.parties if party]
    if any(party not in attempt.joins for party in attempt.parties):
        return None
    points = [_point(attempt.joins[party].message.get("p", "")) for party in custodians]
    found = tuple(point for point in points if point is not None)
    return found if len(found) == len(points) else None


def _deal(message: dict[str, Any], attempt: Attempt) -> Deal | None:
    shares = tuple(bytes.fromhex(share) for share in message["shares"])
    if len(message["c"]) != attempt.start["k"] or len(shares) != attempt.start["n"]:
        return None
    c = [_point(point) for point in message["c"]]
    e = _point(message["e"])
    whole = tuple(point for point in c if point is not None)
    if e is None or e[0] == curve.G[0] or len(whole) < len(c):
        return None
    if any(len(share) != 48 for share in shares):
        return None
    return Deal(whole, bytes.fromhex(message["pop"]), e, shares)


def _point(text: str) -> Affine | None:
    try:
        return curve.decode(bytes.fromhex(text))
    except PointInvalid:
        return None


_CHECKS: dict[str, Callable[[Scene, Entry, Attempt], None]] = {
    "opening.ceremony_joined": _check_join,
    "opening.ceremony_dealt": _check_deal,
    "opening.ceremony_certified": _check_certify,
    "opening.key_made": _check_key,
    "opening.ceremony_aborted": _check_abort,
    "opening.ceremony_expired": _check_expired,
}
