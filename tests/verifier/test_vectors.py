"""The project's own vectors, read by the verifier's own arithmetic."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from verifier import cocktail, curve, sealing
from verifier.body import BodyInvalid, Package, Part
from verifier.capitals import agree
from verifier.cocktail import Ceremony, Deal
from verifier.curve import PointInvalid
from verifier.hashing import ORDER, frame, hash_hex, tagged, to_scalar

FILE = Path(__file__).resolve().parents[1] / "vectors" / "sealing.json"
VECTORS: dict[str, Any] = json.loads(FILE.read_bytes())
LENGTH = {"compressed": 33, "uncompressed": 65}


def raw(text: str) -> bytes:
    return bytes.fromhex(text)


def point(text: str) -> curve.Affine:
    return curve.decode(raw(text))


def test_the_hashes_are_the_ones_in_the_file() -> None:
    told = VECTORS["hashing"]
    assert all(frame(*map(raw, row["parts"])).hex() == row["lp"] for row in told["framed"])
    for row in told["tagged"]:
        assert tagged(row["tag"], *map(raw, row["parts"])).hex() == row["hash"]
    for row in told["to_scalar"]:
        assert to_scalar(row["purpose"], raw(row["message"])) == int(row["scalar"], 16)


def test_points_decode_from_both_forms_and_encode_again() -> None:
    for row in VECTORS["points"]["valid"]:
        found = point(row["compressed"])
        assert found == point(row["uncompressed"])
        assert curve.compressed(found).hex() == row["compressed"]
        assert curve.uncompressed(found).hex() == row["uncompressed"]


@pytest.mark.parametrize("row", VECTORS["points"]["invalid"], ids=lambda row: str(row["why"]))
def test_a_bad_point_is_refused_in_the_form_it_claims(row: dict[str, str]) -> None:
    data = raw(row["bytes"])
    if len(data) not in {33, 65} or len(data) == LENGTH[row["form"]]:
        with pytest.raises(PointInvalid):
            curve.decode(data)


def test_products_and_sums_are_those_of_the_group() -> None:
    for row in VECTORS["points"]["products"]:
        product = curve.multiply(int(row["scalar"], 16), point(row["point"]))
        assert curve.compressed(curve.real(product)).hex() == row["product"]
    assert curve.multiply(ORDER, curve.G) is None
    assert curve.add(curve.G, curve.negative(curve.G)) is None
    assert curve.add(curve.G, curve.G) == curve.multiply(2, curve.G)


@pytest.mark.parametrize("row", VECTORS["sealer_proof"], ids=lambda row: str(row["why"]))
def test_a_sealers_proof_holds_or_not(row: dict[str, str]) -> None:
    holds = sealing.sealer_knew(raw(row["pok"]), point(row["enc"]), raw(row["stmt"]))
    assert holds == (row["outcome"] == "valid")


@pytest.mark.parametrize("row", VECTORS["shares"], ids=lambda row: str(row["why"]))
def test_a_share_holds_or_not(row: dict[str, Any]) -> None:
    ids = (raw(row["key_id"]), raw(row["opening_id"]))
    ctx = sealing.share_context(row["project"], *ids, row["bid"], row["i"])
    found = sealing.share_point(raw(row["share"]), point(row["y"]), point(row["enc"]), ctx)
    assert (found is not None) == (row["outcome"] == "valid")


def test_the_ceremony_gives_its_key() -> None:
    told = VECTORS["ceremony"]
    deals = tuple(
        Deal(
            tuple(map(point, one["c"])),
            raw(one["pop"]),
            point(one["e"]),
            tuple(map(raw, one["shares"])),
        )
        for one in told["deals"]
    )
    clock = told["timekeeper"]
    static = tuple(map(point, told["static"]))
    made = Ceremony(
        raw(told["sid"]), told["k"], static, deals, point(clock["y"]), raw(clock["pop"])
    )
    commits = [cocktail.timekeeper_commitment(made.sid, made.y_t)]
    commits += [cocktail.commitment(made.sid, i, deal) for i, deal in enumerate(deals, 1)]
    assert tagged("sid", raw(told["payload"])).hex() == told["sid"]
    assert [commit.hex() for commit in commits] == told["commits"]
    assert made.context.hex() == told["context"]
    assert hash_hex(made.transcript()) == told["transcript_sha256"]
    assert curve.uncompressed(curve.real(made.key())).hex() == told["pk"]
    shares = [curve.compressed(curve.real(made.share_key(i))).hex() for i in (1, 2, 3)]
    assert shares == told["y"]
    assert sealing.fingerprint(raw(told["transcript_sha256"])) == told["fingerprint"]
    assert all(cocktail.possesses(made.context, deal) for deal in deals)
    assert cocktail.timekeeper_possesses(made.context, made.y_t, made.pop_t)
    for public, signature in zip((made.y_t, *static), told["certificates"], strict=True):
        assert cocktail.signed(public, made.transcript(), raw(signature))
        assert not cocktail.signed(public, made.transcript() + b"x", raw(signature))


@pytest.mark.parametrize("name", ["bid", "co_opened_bid"])
def test_a_bids_key_is_the_one_in_the_file(name: str) -> None:
    told, pk = VECTORS[name], VECTORS["ceremony"]["pk"]
    params, enc, ct = told["params"].encode(), raw(told["enc"]), raw(told["ct"])
    stmt = sealing.statement(params, enc, ct, told["size"], raw(told["root"]))
    assert stmt.hex() == told["stmt"]
    assert sealing.sealer_knew(raw(told["pok"]), curve.decode(enc), stmt)
    assert tagged("opening", told["order"].encode()).hex() == told["opening_id"]
    secret = sealing.open_secret(raw(told["combined_x"]), raw(pk), params, enc, ct)
    assert secret == raw(told["secret"])
    own = raw(told.get("bidder_secret", ""))
    assert sealing.content_key(secret, own, params, enc, ct).hex() == told["cek"]
    assert sealing.open_secret(bytes(32), raw(pk), params, enc, ct) is None


def test_the_close_list_is_the_known_one() -> None:
    known = "5251d201705ea01cb5a560b296ecd1e3cf8dff968c692031a6abf03f46fc9a7f"
    assert sealing.close_list([(7, "0" * 32, "live", bytes(32))]).hex() == known


def test_a_body_of_another_shape_names_its_cause() -> None:
    for data, cause in ((b"", "shape"), (bytes(65_672), "commitment")):
        part = Part(io.BytesIO(data), 0, len(data))
        with pytest.raises(BodyInvalid) as caught:
            Package(part, bytes(32), bytes(32))
        assert caught.value.cause == cause


@pytest.mark.parametrize(
    ("written", "minor", "same"),
    [
        ("壹佰万元整", 100_000_000, True),
        ("人民币：壹佰万圆", 100_000_000, True),
        ("壹拾万零伍拾元叁分", 10_005_003, True),
        ("零元整", 0, True),
        ("壹佰万元整", 100_000_001, False),
    ],
)
def test_words_agree_with_figures_or_not(written: str, minor: int, *, same: bool) -> None:
    assert agree(written, minor) == same
