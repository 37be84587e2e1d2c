"""The browser's code in Node: its own tests, and its bids opened by Python's code."""

import hashlib
import io
import json
import os
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from crypto import canonical, points, sealing, signatures
from crypto.checkpoints import Checkpoint, add_cosignature, cosign, sign_checkpoint
from crypto.cobblestone import open_stream
from crypto.hashing import H, lp
from crypto.merkle import leaf_hash, node_hash
from crypto.notes import COSIGNATURE_V1, ED25519, NoteSigner
from crypto.receipts import make_receipt
from crypto.slices import file_root
from opening.messages import Bid, BidParams

ROOT = Path(__file__).resolve().parents[2]

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("browser_packages")]


def node(
    *arguments: str | Path, given: str = "", env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["node", *map(str, arguments)],
        cwd=ROOT,
        input=given,
        env={**os.environ, **(env or {})},
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )


def built(what: str, folder: Path) -> Path:
    made = node("web/browser/build.mjs", what, folder)
    assert made.returncode == 0, made.stderr
    return folder


@pytest.fixture(scope="module")
def seal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built("node", tmp_path_factory.mktemp("node")) / "seal.mjs"


@dataclass(frozen=True)
class Sealed:
    """A bid made in Node, and the secrets it was made for."""

    section_key: ec.EllipticCurvePrivateKey
    signing_key: ec.EllipticCurvePrivateKey
    out: Path
    told: dict[str, object]

    def bid(self) -> Bid:
        return Bid.read((self.out / "bid.json").read_bytes())


FILES = {
    "技术/投标 文件.pdf": b"%PDF " * 50_000,
    "价格.xlsx": b"",
    "a.bin": bytes(range(256)) * 5000,
}


@pytest.fixture(scope="module", params=[False, True], ids=["plain", "co-opened"])
def sealed(
    request: pytest.FixtureRequest, seal: Path, tmp_path_factory: pytest.TempPathFactory
) -> Sealed:
    folder = tmp_path_factory.mktemp("bid")
    section_key, signing_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    (folder / "key.pem").write_bytes(
        signing_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    listed = []
    for number, (name, content) in enumerate(FILES.items()):
        path = folder / str(number)
        path.write_bytes(content)
        listed.append({"name": name, "path": str(path)})
    asked = {
        "pk": uncompressed(section_key).hex(),
        "params": {
            "project": "ab" * 16,
            "section": "s1",
            "envelope": 1,
            "key_id": "cd" * 32,
            "bidder": "ef" * 16,
            "revision": 2,
            "supersedes": "12" * 16,
            "created": 1_760_000_000_000,
        },
        "files": listed,
        "bid_form": {"price": 12_345, "remarks": "无"},
        "signing_key": str(folder / "key.pem"),
        "co_open": request.param,
        "out": str(folder / "out"),
    }
    ran = node(seal, given=json.dumps(asked))
    assert ran.returncode == 0, ran.stderr
    return Sealed(section_key, signing_key, folder / "out", json.loads(ran.stdout))


def uncompressed(key: ec.EllipticCurvePrivateKey) -> bytes:
    numbers = key.public_key().public_numbers()
    return b"\4" + numbers.x.to_bytes(32) + numbers.y.to_bytes(32)


def secret_by_an_independent_hpke(sealed: Sealed, bid: Bid) -> bytes:
    suite = hpke.Suite(hpke.KEM.P256, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
    info = lp(b"kaibiao-v1/hpke-info", bid.params.encode())
    return suite.decrypt(bytes.fromhex(bid.enc + bid.ct), sealed.section_key, info=info)


def test_the_tests_written_in_typescript_pass(tmp_path: Path) -> None:
    tests = built("tests", tmp_path / "tests")
    files = sorted(tests.glob("*.test.mjs"))
    handed = {"KAIBIAO_RECEIPT": str(receipt_in(tmp_path)), "NODE_OPTIONS": ""}
    ran = node("--test", "--test-reporter=tap", *files, env=handed)
    assert ran.returncode == 0, ran.stdout[-8000:]
    assert "\n# fail 0\n" in ran.stdout
    assert "\n# pass 0\n" not in ran.stdout


def receipt_in(folder: Path) -> Path:
    log = NoteSigner("log.example/1", ED25519, Ed25519PrivateKey.generate())
    witness = NoteSigner("time.example/1", COSIGNATURE_V1, Ed25519PrivateKey.generate())
    entry, salt = canonical.dumps({"v": 1, "type": "opening.bid_admitted"}), bytes(32)
    first = leaf_hash(bytes(32))
    leaf = leaf_hash(H("leaf", salt, entry))
    head = Checkpoint(log.name, 2, node_hash(first, leaf))
    note = add_cosignature(sign_checkpoint(head, log), cosign(head, witness, 1_760_000_000))
    handed = {
        "receipt": make_receipt(entry, salt, 1, (first,), note).decode(),
        "log": log.verifier.encode(),
        "witness": witness.verifier.encode(),
        "index": 1,
        "cosigned_at": 1_760_000_000,
    }
    path = folder / "receipt.json"
    path.write_text(json.dumps(handed))
    return path


def test_a_bid_sealed_in_node_satisfies_every_admission_check_of_its_own(sealed: Sealed) -> None:
    bid = sealed.bid()
    params = BidParams.read(bid.params.encode())
    assert params.bid == sealed.told["bid"]
    assert params.key == hashlib.sha256(uncompressed(sealed.section_key)).hexdigest()
    with (sealed.out / "sealed").open("rb") as body:
        size, root = file_root(body)
    assert (bid.size, bid.root) == (size, root.hex())
    enc = points.decode65(bytes.fromhex(bid.enc))
    points.check_peer_point(enc)
    ct, pok = bytes.fromhex(bid.ct), bytes.fromhex(bid.pok)
    stmt = sealing.statement(bid.params.encode(), enc.uncompressed(), ct, size, root)
    sealing.verify_sealer(pok, enc, stmt)


def test_the_envelope_made_in_node_opens_with_the_bidders_key(sealed: Sealed) -> None:
    envelope = signatures.parse_envelope((sealed.out / "envelope.json").read_bytes())
    spki = signatures.public_spki(sealed.signing_key)
    payload = signatures.open_envelope(envelope, signatures.payload_type("bid"), spki)
    assert payload == (sealed.out / "bid.json").read_bytes()


def test_a_bid_sealed_in_node_opens_to_its_files(sealed: Sealed) -> None:
    bid = sealed.bid()
    params, enc, ct = bid.params.encode(), bytes.fromhex(bid.enc), bytes.fromhex(bid.ct)
    pk = points.decode65(uncompressed(sealed.section_key))
    dh = sealed.section_key.exchange(
        ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), enc)
    )
    secret = sealing.open_secret(dh, pk, params, enc, ct)
    assert secret == secret_by_an_independent_hpke(sealed, bid)
    kept = sealed.out / "bidder-secret"
    own = bytes.fromhex(kept.read_text()) if kept.exists() else None
    if own is not None:
        commit = sealing.bidder_secret_commit(own, str(sealed.told["bid"]))
        assert BidParams.read(params).bidder_secret_commit == commit.hex()
    cek = sealing.cek(secret, own, params, enc, ct)
    package = io.BytesIO()
    with (sealed.out / "sealed").open("rb") as body:
        context = sealing.body_key_context(params, enc, ct)
        assert open_stream(body, package, cek, context, bid.size) == sealed.told["package"]
    check_package(package)


def check_package(package: io.BytesIO) -> None:
    with zipfile.ZipFile(package) as archive:
        assert archive.testzip() is None
        contents = {name: archive.read(name) for name in archive.namelist()}
    manifest = canonical.loads(contents.pop("manifest.json"))
    assert canonical.loads(contents["bid-form.json"]) == {"price": 12_345, "remarks": "无"}
    assert contents == {**FILES, "bid-form.json": contents["bid-form.json"]}
    assert manifest == {
        "v": 1,
        "files": [
            {"name": name, "sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
            for name, data in sorted(contents.items(), key=lambda item: item[0].encode())
        ],
    }


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda asked: asked.update(pk="04" + "00" * 64), "point.not_on_curve"),
        (lambda asked: asked.update(extra=1), "json.field_unknown"),
        (lambda asked: asked["params"].pop("supersedes"), "params.supersedes"),
        (lambda asked: asked["files"].append({"name": "../x", "path": "x"}), "package.name"),
    ],
)
def test_a_request_that_is_wrong_is_refused_in_one_line(
    seal: Path, tmp_path: Path, change: Callable[[dict[str, object]], object], told: str
) -> None:
    asked: dict[str, object] = {
        "pk": uncompressed(ec.generate_private_key(ec.SECP256R1())).hex(),
        "params": {
            "project": "ab" * 16,
            "section": "s1",
            "envelope": 1,
            "key_id": "cd" * 32,
            "bidder": "ef" * 16,
            "revision": 2,
            "supersedes": "12" * 16,
            "created": 1,
        },
        "files": [],
        "bid_form": {},
        "out": str(tmp_path / "out"),
    }
    change(asked)
    ran = node(seal, given=json.dumps(asked))
    assert ran.returncode == 1
    assert ran.stderr.startswith(told)
    assert ran.stderr.count("\n") == 1
    assert not (tmp_path / "out" / "bid.json").exists()
