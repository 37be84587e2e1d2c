"""Real, small sealed bids for tests, with every secret at hand."""

import io
import json
import zipfile
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from crypto import canonical, cobblestone, sealing
from crypto.hashing import ORDER
from crypto.points import decode65
from opening.messages import Bid, BidParams
from opening.state import Key
from record.rules import Facts, StoredFile
from tests.opening.parties import Party, seeded

MEDIA_TYPE = "application/zip"


@dataclass(frozen=True)
class Sealed:
    """A sealed bid before it is signed, and what only its bidder knows."""

    bid: Bid
    params: BidParams
    file: bytes
    package: bytes
    r: int
    secret: bytes
    bidder_secret: bytes | None

    @property
    def facts(self) -> Facts:
        """What the service measures of the honest upload."""
        size, root = cobblestone.file_root(io.BytesIO(self.file))
        return Facts(stored=StoredFile(size, root))


def form(bidder: Party, price: int | None) -> dict[str, Any]:
    """Return a bid form; a technical envelope's has no price."""
    value: dict[str, Any] = {"v": 1, "bidder": bidder.organisation_name}
    if price is not None:
        value["price"] = {"amount": price, "currency": "CNY"}
    return value


def package(form_bytes: bytes, files: dict[str, bytes]) -> bytes:
    """Return a package: a ZIP with the form, the files and the manifest of both."""
    entries = {"bid-form.json": form_bytes, **files}
    rows: list[dict[str, str | int]] = [
        {"name": name, "sha256": sha256(data).hexdigest(), "size": len(data)}
        for name, data in sorted(entries.items(), key=lambda entry: entry[0].encode())
    ]
    entries["manifest.json"] = canonical.dumps({"v": 1, "files": rows})
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        for name, data in entries.items():
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            archive.writestr(info, data, compress_type=zipfile.ZIP_DEFLATED)
    return sink.getvalue()


def honest_package(bidder: Party, price: int | None) -> bytes:
    """Return the package of a bidder that does as it should."""
    form_bytes = json.dumps(form(bidder, price), ensure_ascii=False).encode()
    return package(form_bytes, {"投标 文件.pdf": b"%PDF-1.7 " + bidder.account.encode()})


def seal(
    key: Key, params: BidParams, content: bytes, label: str, bidder_secret: bytes | None = None
) -> Sealed:
    """Seal a package as a bidder's client does; `label` is where its randomness comes from."""
    r = int.from_bytes(seeded("r/" + label)) % (ORDER - 1) + 1
    secret = seeded("secret/" + label)
    bound = params.payload()
    enc, ct = sealing.seal_secret(decode65(key.pk), bound, secret, r)
    sink = io.BytesIO()
    body = cobblestone.seal_stream(
        io.BytesIO(content),
        sink,
        sealing.cek(secret, bidder_secret, bound, enc, ct),
        sealing.body_key_context(bound, enc, ct),
        seeded("salt/" + label)[:24],
        len(content),
    )
    stmt = sealing.statement(bound, enc, ct, body.size, body.root)
    bid = Bid(
        v=1,
        params=bound.decode(),
        enc=enc.hex(),
        ct=ct.hex(),
        size=body.size,
        root=body.root.hex(),
        pok=sealing.prove_sealer(r, stmt, seeded("pok/" + label)).hex(),
    )
    return Sealed(bid, params, sink.getvalue(), content, r, secret, bidder_secret)
