"""Make sealing.json, the vectors that Python, TypeScript and the verifier are tested against.

Everything in it follows from fixed labels: run again, it writes the same bytes.
Run as `python -m tests.vectors.make_sealing` from the checkout.
"""

import hashlib
import io
import json
import sys
from pathlib import Path

from crypto import canonical, certificate, dkg, dleq, fingerprint, kit, points, sealing
from crypto.cobblestone import seal_stream
from crypto.hashing import ORDER, H, h2s, lp
from crypto.points import Point, base_mul, encode_scalar

TARGET = Path(__file__).with_name("sealing.json")
VALID, INVALID = "valid", "invalid"
N, K = 3, 2
SMALL_X = 5  # there is a point with it, and with p added it still has 32 bytes


def draw(label: str, length: int = 32) -> bytes:
    return hashlib.shake_256(b"kaibiao sealing vectors: " + label.encode()).digest(length)


def scalar(label: str) -> int:
    return 1 + int.from_bytes(draw(label, 48)) % (ORDER - 1)


def pattern(length: int) -> bytes:
    return bytes(place % 251 for place in range(length))


def flipped(data: bytes, place: int) -> bytes:
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


def hashing_vectors() -> dict[str, object]:
    messages = (b"", b"abc", draw("message", 200))
    tagged = ((), (b"",), (b"", b""), (b"ab", b"c"), (b"a", b"bc"), (draw("part", 300),))
    return {
        "framed": [{"parts": [part.hex() for part in row], "lp": lp(*row).hex()} for row in tagged],
        "tagged": [
            {"tag": "leaf", "parts": [part.hex() for part in row], "hash": H("leaf", *row).hex()}
            for row in tagged
        ],
        "to_scalar": [
            {
                "purpose": purpose,
                "message": message.hex(),
                "scalar": encode_scalar(h2s(purpose, message)).hex(),
            }
            for purpose in ("sealer-pok", "dleq", "nonce")
            for message in messages
        ],
    }


def point_vectors() -> dict[str, object]:
    valid = [base_mul(number) for number in (1, 2, 3, ORDER - 1, scalar("point"))]
    x, y = points.GENERATOR.x(), points.GENERATOR.uncompressed()[33:]
    p = points.P.to_bytes(32, "big")
    small = points.decode33(b"\2" + SMALL_X.to_bytes(32, "big"))
    small_y = small.uncompressed()[33:]
    too_large = (points.P + SMALL_X).to_bytes(32, "big")
    invalid = [
        ("compressed", b"", "empty"),
        ("compressed", b"\0", "the identity"),
        ("compressed", bytes(33), "the identity, padded"),
        ("compressed", b"\4" + x, "prefix of another form"),
        ("compressed", b"\5" + x, "prefix of no form"),
        ("compressed", b"\2" + x[:-1], "too short"),
        ("compressed", b"\2" + x + b"\0", "too long"),
        ("compressed", b"\2" + p, "x is p"),
        ("compressed", b"\2" + too_large, "x is over p, and x - p is on the curve"),
        ("compressed", b"\2" + (1).to_bytes(32, "big"), "no point has this x"),
        ("compressed", b"\4" + x + y, "the other form"),
        ("uncompressed", b"", "empty"),
        ("uncompressed", bytes(65), "the identity, padded"),
        ("uncompressed", b"\4" + bytes(64), "x and y zero"),
        ("uncompressed", b"\6" + x + y, "hybrid form"),
        ("uncompressed", b"\7" + x + y, "hybrid form"),
        ("uncompressed", b"\2" + x, "the other form"),
        ("uncompressed", b"\4" + x + y[:-1], "too short"),
        ("uncompressed", b"\4" + x + y + b"\0", "too long"),
        ("uncompressed", b"\4" + x + flipped(y, 31), "off the curve"),
        ("uncompressed", b"\4" + y + x, "coordinates swapped"),
        ("uncompressed", b"\4" + p + y, "x is p"),
        ("uncompressed", b"\4" + x + (points.P).to_bytes(32, "big"), "y is p"),
        ("uncompressed", b"\4" + too_large + small_y, "x is over p, and x - p, y is on the curve"),
    ]
    return {
        "valid": [
            {"compressed": point.compressed().hex(), "uncompressed": point.uncompressed().hex()}
            for point in valid
        ],
        "invalid": [{"form": form, "bytes": data.hex(), "why": why} for form, data, why in invalid],
        "not_from_a_peer": [
            points.GENERATOR.uncompressed().hex(),
            points.GENERATOR.neg().uncompressed().hex(),
        ],
        "invalid_scalars": [
            {"bytes": data.hex(), "why": why}
            for data, why in (
                (b"", "empty"),
                (bytes(31), "too short"),
                (bytes(33), "too long"),
                (ORDER.to_bytes(32, "big"), "q"),
                (b"\xff" * 32, "over q"),
            )
        ],
        "products": [product(name) for name in ("one", "two", "three")],
    }


def product(name: str) -> dict[str, str]:
    point, factor = base_mul(scalar("base " + name)), scalar("factor " + name)
    return {
        "point": point.compressed().hex(),
        "scalar": encode_scalar(factor).hex(),
        "product": point.mul_secret(factor).compressed().hex(),
    }


def verdicts(base: dict[str, object], name: str, rows: list[tuple[bytes, str]]) -> list[object]:
    """One row per variant of a field; the first is the valid one."""
    return [
        {**base, name: data.hex(), "outcome": INVALID if why else VALID, "why": why}
        for data, why in rows
    ]


def sealer_vectors() -> list[object]:
    r, stmt = scalar("sealer"), draw("sealer statement")
    pok = sealing.prove_sealer(r, stmt, draw("sealer fresh"))
    over = (int.from_bytes(pok[33:]) + ORDER).to_bytes(33, "big")[-32:]
    enc = base_mul(r)
    rows = [
        (pok, ""),
        (flipped(pok, 10), "another commitment"),
        (flipped(pok, 64), "another response"),
        (pok[:-1], "too short"),
        (pok + b"\0", "too long"),
        (bytes([pok[0] ^ 1]) + pok[1:], "the commitment negated"),
        (pok[:33] + over, "the response is not the one below q"),
        (bytes(33) + pok[33:], "the commitment is the identity"),
        (sealing.prove_sealer(r, draw("other statement"), draw("f")), "of another bid"),
    ]
    base: dict[str, object] = {"enc": enc.uncompressed().hex(), "stmt": stmt.hex()}
    return verdicts(base, "pok", rows)


def share_vectors() -> list[object]:
    x_i, enc = scalar("share"), base_mul(scalar("enc"))
    key_id, opening = draw("key id"), draw("opening id")
    bid = draw("bid", 16).hex()
    ctx = dleq.context("P-1", key_id, opening, bid, 2)
    share = dleq.prove(x_i, enc, ctx, draw("dleq fresh"))
    other = dleq.prove(x_i, enc, dleq.context("P-1", key_id, opening, bid, 1), draw("g"))
    rows = [
        (share, ""),
        (flipped(share, 130), "another response"),
        (bytes([share[0] ^ 1]) + share[1:], "the point negated"),
        (base_mul(scalar("wrong")).compressed() + share[33:], "another point"),
        (share[:33] + share[66:99] + share[33:66] + share[99:], "commitments swapped"),
        (share[:130], "too short"),
        (share[:99] + ORDER.to_bytes(32, "big"), "the response is q"),
        (other, "for another number"),
        (dleq.prove(scalar("stranger"), enc, ctx, draw("h")), "with another share"),
    ]
    base: dict[str, object] = {
        "project": "P-1",
        "key_id": key_id.hex(),
        "opening_id": opening.hex(),
        "bid": bid,
        "i": 2,
        "y": base_mul(x_i).compressed().hex(),
        "enc": enc.uncompressed().hex(),
    }
    return verdicts(base, "share", rows)


def body_vectors() -> list[object]:
    rows = []
    for length in (0, 1, 65528, 65529, 1_100_000):
        cek, context = draw(f"cek {length}"), draw(f"context {length}")
        salt = draw(f"salt {length}", 24)
        sealed, sink = b"", io.BytesIO()
        body = seal_stream(io.BytesIO(pattern(length)), sink, cek, context, salt, length)
        sealed = sink.getvalue()
        rows.append(
            {
                "package_length": length,
                "package_pattern": "byte n is n mod 251",
                "cek": cek.hex(),
                "context": context.hex(),
                "salt": salt.hex(),
                "size": body.size,
                "root": body.root.hex(),
                "sha256": hashlib.sha256(sealed).hexdigest(),
                "head": sealed[:96].hex(),
                "tail": sealed[-32:].hex(),
            },
        )
    return list(rows)


class Ceremony:
    """A ceremony of two in three, every secret derived from a label."""

    def __init__(self) -> None:
        self.payload = b'{"v":1,"what":"a ceremony of the vectors"}'
        self.sid = sealing.sid(self.payload)
        self.masters = [draw(f"master {index}") for index in range(1, N + 1)]
        self.secrets = [self.derived(master) for master in self.masters]
        static = [base_mul(secret.static) for secret in self.secrets]
        self.session = dkg.Session.begin(self.sid, K, static)
        self.deals = [
            dkg.deal(self.session, index, secret, draw(f"pop {index}"))
            for index, secret in enumerate(self.secrets, 1)
        ]
        self.x_t = scalar("timekeeper")
        self.timekeeper = dkg.timekeeper_deal(self.session, self.x_t, draw("pop 0"))
        self.commits = [
            dkg.timekeeper_commitment(self.sid, self.timekeeper.y),
            *(
                dkg.dealer_commitment(self.sid, index, dealt.c, dealt.e)
                for index, dealt in enumerate(self.deals, 1)
            ),
        ]
        self.key = certificate.key(self.session, self.deals, self.timekeeper)
        signers = [self.x_t, *(secret.static for secret in self.secrets)]
        self.certificates = [
            certificate.certify(secret, self.key.transcript, draw(f"certify {index}"))
            for index, secret in enumerate(signers)
        ]
        self.shares = [
            dkg.secret_share(self.session, index, secret.static, self.deals)
            for index, secret in enumerate(self.secrets, 1)
        ]

    def derived(self, master: bytes) -> dkg.DealerSecrets:
        return dkg.DealerSecrets(
            kit.derive(master, kit.STATIC, self.sid),
            kit.derive(master, kit.EPHEMERAL, self.sid),
            tuple(kit.coefficient(master, place, self.sid) for place in range(K)),
        )

    def told(self) -> dict[str, object]:
        return {
            "payload": self.payload.hex(),
            "sid": self.sid.hex(),
            "n": N,
            "k": K,
            "masters": [master.hex() for master in self.masters],
            "x_t": encode_scalar(self.x_t).hex(),
            "static": hexes(self.session.static),
            "context": self.session.context.hex(),
            "commits": [commit.hex() for commit in self.commits],
            "timekeeper": {
                "y": self.timekeeper.y.compressed().hex(),
                "pop": self.timekeeper.pop.hex(),
            },
            "deals": [
                {
                    "c": hexes(dealt.c),
                    "pop": dealt.pop.hex(),
                    "e": dealt.e.compressed().hex(),
                    "shares": [share.hex() for share in dealt.shares],
                }
                for dealt in self.deals
            ],
            "transcript_sha256": self.key.key_id.hex(),
            "certificates": [signature.hex() for signature in self.certificates],
            "secret_shares": [encode_scalar(share).hex() for share in self.shares],
            "pk": self.key.pk.uncompressed().hex(),
            "y": hexes(self.key.y),
            "fingerprint": list(fingerprint.numbers(self.key.key_id)),
            "words": list(fingerprint.words(self.key.key_id)),
        }


def hexes(several: tuple[Point, ...]) -> list[str]:
    return [point.compressed().hex() for point in several]


def bid_vector(ceremony: Ceremony, *, co_open: bool) -> dict[str, object]:
    name = "co-opened bid" if co_open else "bid"
    bid = draw(name, 16).hex()
    bidder_secret = draw(name + " bidder secret") if co_open else None
    fields: dict[str, canonical.JsonInput] = {
        "v": 1,
        "suite": sealing.SUITE,
        "project": "P-1",
        "section": "S-1",
        "envelope": 1,
        "key": sealing.key_hash(ceremony.key.pk).hex(),
        "key_id": ceremony.key.key_id.hex(),
        "bidder": "甲公司",
        "bid": bid,
        "revision": 1,
        "media_type": "application/zip",
        "created": 1_760_000_000_000,
    }
    if bidder_secret is not None:
        commit = sealing.bidder_secret_commit(bidder_secret, bid)
        fields["bidder_secret_commit"] = commit.hex()
    params = canonical.dumps(fields)
    secret, r = draw(name + " secret"), scalar(name + " r")
    enc, ct = sealing.seal_secret(ceremony.key.pk, params, secret, r)
    cek = sealing.cek(secret, bidder_secret, params, enc, ct)
    context = sealing.body_key_context(params, enc, ct)
    package, salt = pattern(1000), draw(name + " salt", 24)
    sink = io.BytesIO()
    body = seal_stream(io.BytesIO(package), sink, cek, context, salt, len(package))
    stmt = sealing.statement(params, enc, ct, body.size, body.root)
    told: dict[str, object] = {
        "params": params.decode(),
        "r": encode_scalar(r).hex(),
        "secret": secret.hex(),
        "enc": enc.hex(),
        "ct": ct.hex(),
        "cek": cek.hex(),
        "context": context.hex(),
        "salt": salt.hex(),
        "package": package.hex(),
        "size": body.size,
        "root": body.root.hex(),
        "sealed_sha256": hashlib.sha256(sink.getvalue()).hexdigest(),
        "stmt": stmt.hex(),
        "pok": sealing.prove_sealer(r, stmt, draw(name + " pok")).hex(),
        **opening_vector(ceremony, points.decode65(enc), bid),
    }
    if bidder_secret is not None:
        told["bidder_secret"] = bidder_secret.hex()
    return told


def opening_vector(ceremony: Ceremony, enc: Point, bid: str) -> dict[str, object]:
    order = canonical.dumps({"v": 1, "what": "an order of the vectors", "bid": bid})
    opening = sealing.opening_id(order)
    secrets = [ceremony.x_t, *ceremony.shares]
    publics = [ceremony.key.y_t, *ceremony.key.y]
    contexts = [
        dleq.context("P-1", ceremony.key.key_id, opening, bid, index) for index in range(N + 1)
    ]
    shares = [
        dleq.prove(secret, enc, contexts[index], draw(f"partial {bid} {index}"))
        for index, secret in enumerate(secrets)
    ]
    parts = [
        dleq.verify(share, publics[index], enc, contexts[index])
        for index, share in enumerate(shares)
    ]
    return {
        "order": order.decode(),
        "opening_id": opening.hex(),
        "shares": [share.hex() for share in shares],
        "combined_x": sealing.combine({1: parts[1], 3: parts[3]}, parts[0]).hex(),
    }


def make() -> bytes:
    ceremony = Ceremony()
    vectors = {
        "about": "Known answers of sealing and opening; bytes in hex, texts as they are.",
        "hashing": hashing_vectors(),
        "points": point_vectors(),
        "sealer_proof": sealer_vectors(),
        "shares": share_vectors(),
        "bodies": body_vectors(),
        "ceremony": ceremony.told(),
        "bid": bid_vector(ceremony, co_open=False),
        "co_opened_bid": bid_vector(ceremony, co_open=True),
    }
    return json.dumps(vectors, indent=1, ensure_ascii=False).encode() + b"\n"


if __name__ == "__main__":
    TARGET.write_bytes(make())
    sys.stdout.write(f"wrote {TARGET}\n")
