"""The project's own vectors: made again they are the same bytes, and everything in them holds."""

import io
import json
from typing import Any

import pytest

from crypto import canonical, certificate, dkg, dleq, fingerprint, kit, points, sealing
from crypto.cobblestone import open_stream, seal_stream
from crypto.hashing import H, h2s, lp
from crypto.points import InvalidPoint, InvalidScalar, base_mul, decode33, decode65, encode_scalar
from tests.vectors import make_sealing

FILE = make_sealing.TARGET
VECTORS: dict[str, Any] = json.loads(FILE.read_bytes())


def raw(text: str) -> bytes:
    return bytes.fromhex(text)


def parts_of(row: dict[str, Any]) -> list[bytes]:
    return [raw(part) for part in row["parts"]]


def test_the_file_is_what_its_script_makes() -> None:
    assert FILE.read_bytes() == make_sealing.make()


def test_the_hashes_are_the_ones_in_the_file() -> None:
    told = VECTORS["hashing"]
    assert all(lp(*parts_of(row)).hex() == row["lp"] for row in told["framed"])
    assert all(H(row["tag"], *parts_of(row)).hex() == row["hash"] for row in told["tagged"])
    for row in told["to_scalar"]:
        assert encode_scalar(h2s(row["purpose"], raw(row["message"]))).hex() == row["scalar"]


def test_the_valid_points_decode_from_both_forms() -> None:
    for row in VECTORS["points"]["valid"]:
        assert decode33(raw(row["compressed"])) == decode65(raw(row["uncompressed"]))


@pytest.mark.parametrize(
    "row", VECTORS["points"]["invalid"], ids=lambda row: f"{row['form']}: {row['why']}"
)
def test_a_bad_point_is_refused(row: dict[str, str]) -> None:
    decode = {"compressed": decode33, "uncompressed": decode65}[row["form"]]
    with pytest.raises(InvalidPoint):
        decode(raw(row["bytes"]))


def test_the_x_over_p_in_the_file_would_reduce_to_a_point() -> None:
    rows = [row for row in VECTORS["points"]["invalid"] if "is on the curve" in row["why"]]
    assert len(rows) == 2
    for row in rows:
        reduced = int.from_bytes(raw(row["bytes"])[1:33]) - points.P
        assert decode33(b"\2" + reduced.to_bytes(32, "big")).x_int == reduced


@pytest.mark.parametrize("row", VECTORS["points"]["invalid_scalars"], ids=lambda row: row["why"])
def test_a_bad_scalar_is_refused(row: dict[str, str]) -> None:
    with pytest.raises(InvalidScalar):
        points.decode_scalar(raw(row["bytes"]))


def test_the_points_no_peer_may_send_are_refused() -> None:
    for text in VECTORS["points"]["not_from_a_peer"]:
        with pytest.raises(InvalidPoint):
            points.check_peer_point(decode65(raw(text)))


@pytest.mark.parametrize("row", VECTORS["sealer_proof"], ids=lambda row: row["why"] or "valid")
def test_a_sealers_proof_has_the_outcome_in_the_file(row: dict[str, str]) -> None:
    enc, stmt, pok = decode65(raw(row["enc"])), raw(row["stmt"]), raw(row["pok"])
    if row["outcome"] == "valid":
        sealing.verify_sealer(pok, enc, stmt)
    else:
        with pytest.raises(sealing.InvalidProof):
            sealing.verify_sealer(pok, enc, stmt)


@pytest.mark.parametrize("row", VECTORS["shares"], ids=lambda row: row["why"] or "valid")
def test_a_share_has_the_outcome_in_the_file(row: dict[str, Any]) -> None:
    ctx = dleq.context(
        row["project"], raw(row["key_id"]), raw(row["opening_id"]), row["bid"], row["i"]
    )
    share, y, enc = raw(row["share"]), decode33(raw(row["y"])), decode65(raw(row["enc"]))
    if row["outcome"] == "valid":
        assert dleq.verify(share, y, enc, ctx).compressed() == share[:33]
    else:
        with pytest.raises(dleq.InvalidShare):
            dleq.verify(share, y, enc, ctx)


def accepted() -> certificate.Key:
    """The key, from the public part of the ceremony in the file alone."""
    told = VECTORS["ceremony"]
    static = [decode33(raw(key)) for key in told["static"]]
    session = dkg.Session.begin(sealing.sid(raw(told["payload"])), told["k"], static)
    deals = [
        dkg.decode_deal(
            session,
            index,
            [raw(point) for point in row["c"]],
            raw(row["pop"]),
            raw(row["e"]),
            [raw(share) for share in row["shares"]],
        )
        for index, row in enumerate(told["deals"], 1)
    ]
    y_t = decode33(raw(told["timekeeper"]["y"]))
    timekeeper = dkg.TimekeeperDeal(y_t, raw(told["timekeeper"]["pop"]))
    commits = [raw(commit) for commit in told["commits"]]
    certificates = [raw(signature) for signature in told["certificates"]]
    return certificate.accept(session, commits, deals, timekeeper, certificates)


def test_the_ceremony_in_the_file_gives_its_key() -> None:
    told, key = VECTORS["ceremony"], accepted()
    assert key.pk.uncompressed().hex() == told["pk"]
    assert key.key_id.hex() == told["transcript_sha256"]
    assert [point.compressed().hex() for point in key.y] == told["y"]
    assert list(fingerprint.words(key.key_id)) == told["words"]


def test_kits_and_public_log_give_back_every_share() -> None:
    told = VECTORS["ceremony"]
    sid = raw(told["sid"])
    for index, master in enumerate(told["masters"]):
        static = base_mul(kit.derive(raw(master), kit.STATIC, sid))
        assert static.compressed().hex() == told["static"][index]
        share = int(told["secret_shares"][index], 16)
        assert base_mul(share).compressed().hex() == told["y"][index]


@pytest.mark.parametrize("name", ["bid", "co_opened_bid"])
def test_a_bid_opens_from_what_is_public_and_its_sealed_file(name: str) -> None:
    told, key = VECTORS[name], accepted()
    params, enc65, ct = told["params"].encode(), raw(told["enc"]), raw(told["ct"])
    enc, fields = decode65(enc65), canonical.loads(params)
    assert isinstance(fields, dict)
    bid = str(fields["bid"])
    assert fields["key"] == sealing.key_hash(key.pk).hex()
    stmt = sealing.statement(params, enc65, ct, told["size"], raw(told["root"]))
    assert stmt.hex() == told["stmt"]
    sealing.verify_sealer(raw(told["pok"]), enc, stmt)

    opening = sealing.opening_id(told["order"].encode())
    partials = {}
    for index, share in enumerate(told["shares"]):
        ctx = dleq.context("P-1", key.key_id, opening, bid, index)
        public = (key.y_t, *key.y)[index]
        partials[index] = dleq.verify(raw(share), public, enc, ctx)
    d_t = partials.pop(0)
    for chosen in ((1, 2), (1, 3), (2, 3)):
        dh_x = sealing.combine({index: partials[index] for index in chosen}, d_t)
        assert dh_x.hex() == told["combined_x"]
    secret = sealing.open_secret(raw(told["combined_x"]), key.pk, params, enc65, ct)
    assert secret.hex() == told["secret"]
    check_body(told, fields, secret)


def check_body(told: dict[str, Any], fields: dict[str, canonical.JsonValue], secret: bytes) -> None:
    params, enc, ct = told["params"].encode(), raw(told["enc"]), raw(told["ct"])
    bidder_secret = raw(told["bidder_secret"]) if "bidder_secret" in told else None
    if bidder_secret is not None:
        commit = sealing.bidder_secret_commit(bidder_secret, str(fields["bid"]))
        assert commit.hex() == fields["bidder_secret_commit"]
    cek = sealing.cek(secret, bidder_secret, params, enc, ct)
    context = sealing.body_key_context(params, enc, ct)
    assert (cek.hex(), context.hex()) == (told["cek"], told["context"])
    sealed, opened = io.BytesIO(), io.BytesIO()
    package = raw(told["package"])
    body = seal_stream(io.BytesIO(package), sealed, cek, context, raw(told["salt"]), len(package))
    assert (body.size, body.root.hex()) == (told["size"], told["root"])
    sealed.seek(0)
    assert open_stream(sealed, opened, cek, context, body.size) == len(package)
    assert opened.getvalue() == package
