"""V10: each result again. Combination, key schedule, commitment, decryption, manifest, form."""

from verifier import sealing
from verifier.body import BodyInvalid, Package, Part, digest, root
from verifier.curve import Affine
from verifier.entries import Entry
from verifier.forms import problems
from verifier.hashing import hash_hex, tagged
from verifier.package import PackageInvalid, read_package
from verifier.report import Subject
from verifier.scene import Scene
from verifier.state import Attempt, Bid, Session

_BLAME = {"file_lost": "platform"}
_WITHOUT_SHARES = {"secret_missing", "file_lost"}


class Disagree(Exception):
    """Two sets of verified shares give different points."""


def look(scene: Scene, entry: Entry) -> None:
    """Check the result of one bid, or that none is missing."""
    if entry.type in {"opening.bid_opened", "opening.bid_spoiled"}:
        bid = scene.state.bids.get(entry.body["bid"])
        if scene.has("V10.1", entry.seq, bid is not None, "an admitted bid") and bid is not None:
            _check_result(scene, entry, bid)
    elif entry.type == "opening.decryption_ended":
        place = (entry.body["section"], entry.body["envelope"])
        session = scene.state.session(place)
        wanted = {bid.bid for bid in scene.state.due(place)}
        missing = sorted(wanted - session.opened.keys() - session.spoiled.keys())
        rests = [] if session.order is None else [session.order.seq]
        what = "a result of every bid due"
        scene.has("V10.7", entry.seq, not missing, what, missing, rests)


def _check_result(scene: Scene, entry: Entry, bid: Bid) -> None:
    session = scene.state.session(bid.place)
    once = bid.bid not in session.opened and bid.bid not in session.spoiled
    scene.need("V10.1", entry.seq, once, "one result of a bid", "a second one")
    if entry.type == "opening.bid_spoiled":
        cause, blame = entry.body["cause"], entry.body["blame"]
        scene.equal("V10.6", entry.seq, _BLAME.get(cause, "bidder"), blame)
        if cause == "secret_missing":
            _check_missing(scene, entry, bid, session)
            return
        if cause == "file_lost" and (session.release is None or bid.bid in session.lost):
            holds = bid.bid in session.lost
            scene.need("V10.6", entry.seq, holds, "a file found lost", "none found")
            return
    if session.release is None or session.order is None:
        scene.has("V10.1", entry.seq, False, "a release before it")
        return
    listed = {row["bid"] for row in session.order.message["bids"]}
    scene.need("V10.1", entry.seq, bid.bid in listed, "a bid on the order", bid.bid)
    if entry.type == "opening.bid_opened":
        scene.equal("V10.1", entry.seq, session.opening_id, entry.body["opening_id"])
    _check_opened(scene, entry, bid, session)


def _check_missing(scene: Scene, entry: Entry, bid: Bid, session: Session) -> None:
    holds = bid.commit is not None and bid.bid not in session.secrets and session.order is None
    scene.has("V10.6", entry.seq, holds, "a secret that was not released", "another case")


def _check_opened(scene: Scene, entry: Entry, bid: Bid, session: Session) -> None:
    attempt = scene.state.attempt_of(bid.place)
    key = scene.state.keys.get(bid.place)
    rests = _rests(bid, session)
    if attempt is None or key is None:
        scene.report.skip("V10.2", entry.seq, "there is no key")
        return
    try:
        point = _combined(session, attempt, bid)
    except Disagree:
        scene.need("V10.2", entry.seq, False, "one point", "two from two sets of shares", rests)
        return
    if point is None:
        scene.report.skip("V10.2", entry.seq, "rests on V9.2: too few shares hold")
        return
    scene.need("V10.2", entry.seq, True, "", "")
    x = point[0].to_bytes(32, "big")
    secret = sealing.open_secret(x, key.pk, bid.params, bid.enc, bid.ct)
    opens = entry.body.get("cause") != "ciphertext"
    found = "it does not open" if secret is None else "it opens"
    wanted = "a secret that opens" if opens else "one that does not"
    if not scene.need("V10.3", entry.seq, (secret is not None) == opens, wanted, found, rests):
        return
    if secret is not None:
        own = _own_secret(bid, session)
        _check_body(
            scene, entry, bid, sealing.content_key(secret, own, bid.params, bid.enc, bid.ct)
        )


def _check_body(scene: Scene, entry: Entry, bid: Bid, key: bytes) -> None:
    part = scene.container.sealed.get(bid.bid)
    if part is None:
        because = "its sealed file is not in the export"
        for check in ("V10.4", "V10.5"):
            scene.report.skip(check, entry.seq, because)
        _check_form_alone(scene, entry, bid)
        return
    if (part.size, root(part).hex()) != (bid.size, bid.root):
        if entry.body.get("cause") != "file_lost":
            scene.report.skip("V10.4", entry.seq, "rests on V5.A8: it is another file")
        return
    found = _open(part, key, bid)
    wanted = _recorded(entry)
    rests = [*_rests(bid, scene.state.session(bid.place)), f"sealed file {bid.bid}"]
    if not scene.equal("V10.4", entry.seq, wanted[0], found[0], rests):
        return
    if entry.type == "opening.bid_opened":
        scene.equal("V10.5", entry.seq, wanted[1], found[1])
        form = found[2]
        _check_form(scene, entry, bid, form)


def _open(part: Part, key: bytes, bid: Bid) -> tuple[str, dict[str, object], bytes | None]:
    """Return how a body opens, what is inside, and its form."""
    bound = tagged("body", bid.params, bid.enc, bid.ct)
    try:
        package = Package(part, key, bound)
        contents = read_package(package)
    except BodyInvalid as error:
        return ("commitment" if error.cause == "commitment" else "body"), {}, None
    except PackageInvalid:
        return "package", {}, None
    inside: dict[str, object] = {
        "package": digest(package),
        "size": package.size,
        "manifest": hash_hex(contents.manifest),
        "files": len(contents.files),
        "form": _text(contents.form),
    }
    return "opened", inside, contents.form


def _recorded(entry: Entry) -> tuple[str, dict[str, object]]:
    if entry.type == "opening.bid_spoiled":
        return str(entry.body["cause"]), {}
    names = ("package", "size", "manifest", "files", "form")
    return "opened", {name: entry.body.get(name) for name in names}


def _check_form(scene: Scene, entry: Entry, bid: Bid, form: bytes | None) -> None:
    section = scene.state.sections.get(bid.place[0])
    if section is None:
        scene.report.skip("V10.8", entry.seq, "the section's terms are not known")
        return
    wanted = problems(form, section.terms, bid.place[1])
    scene.equal("V10.8", entry.seq, wanted, entry.body["problems"])


def _check_form_alone(scene: Scene, entry: Entry, bid: Bid) -> None:
    """Judge the form as recorded, where there is no file to read it from."""
    if entry.type != "opening.bid_opened":
        return
    if "form" in entry.body:
        _check_form(scene, entry, bid, entry.body["form"].encode())
    else:
        scene.report.skip("V10.8", entry.seq, "its sealed file is not in the export")


def _combined(session: Session, attempt: Attempt, bid: Bid) -> Affine | None:
    """Combine the k lowest shares; where there are more, the k highest must agree."""
    k = attempt.start["k"]
    last = session.points.get(0, {}).get(bid.bid)
    custodians = [i for i in session.points if i]
    held = sorted(i for i in custodians if bid.bid in session.points[i])
    if last is None or len(held) < k:
        return None
    sums = [
        sealing.combined({i: session.points[i][bid.bid] for i in chosen}, last)
        for chosen in (held[:k], held[-k:])
    ]
    if sums[0] != sums[1] or sums[0] is None:
        raise Disagree(bid.bid)
    return sums[0]


def _rests(bid: Bid, session: Session) -> list[Subject]:
    rests: list[Subject] = [bid.seq, *(one.seq for one in session.partials.values())]
    told = (session.order, session.release, session.secrets.get(bid.bid))
    return rests + [one.seq for one in told if one is not None]


def _own_secret(bid: Bid, session: Session) -> bytes:
    released = session.secrets.get(bid.bid)
    return b"" if bid.commit is None or released is None else bytes.fromhex(released.body["secret"])


def _text(form: bytes | None) -> str | None:
    try:
        return None if form is None else form.decode()
    except UnicodeDecodeError:
        return None
