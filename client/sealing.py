"""Sealing a bid on the bidder's own machine: packed, encrypted, proved, and opened again to check.

What opens the bid is never written: the secret and the ephemeral scalar are dropped when this is
done. Where the bidder co-opens, its own secret is kept in the bid's folder, read back before use.
"""

import hashlib
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from client import clock, durable
from client.blind import with_filler
from client.errors import NotTrusted, Unusable
from client.notices import TrustedKey
from crypto import canonical, random, sealing
from crypto.canonical import JsonInput
from crypto.cobblestone import SealedBody, open_stream, seal_stream
from crypto.points import decode65
from opening.bid_form import FormTerms, read_form
from opening.events import FormProblem
from opening.messages import SUITE, Bid, BidParams
from opening.package import Source, build_package

SEALED = "sealed"
BID = "bid.json"
SECRET = "bidder-secret.json"  # noqa: S105 - the name of a file
_PACKAGE = "package.zip"
Progress = Callable[[str, int, int], None]
"""Told what is being done, how many bytes of it are done, and of how many."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be sealed.

    Args:
        key: checked against notice and certificate.
        organisation: the bidder's id in the registry.
        revision: 1, or one more than this bidder's last there.
        supersedes: the id of that last bid.
        files: name in the package -> path or open file.
        form: the value of bid-form.json.
    """

    key: TrustedKey
    organisation: str
    revision: int
    supersedes: str | None
    files: Mapping[str, Source]
    form: Mapping[str, JsonInput]


def form_problems(order: Order) -> tuple[FormProblem, ...]:
    """Return what is wrong with the form, as the read-out would show it."""
    key = order.key
    is_last = key.envelope == key.section.envelopes
    fields = key.section.form
    if not is_last:
        fields = tuple(each.model_copy(update={"required": False}) for each in fields)
    limit = key.section.limit if is_last else None
    terms = FormTerms(fields=fields, priced=is_last, currency=key.currency, limit=limit)
    return read_form(canonical.dumps(order.form), terms).problems


@dataclass(frozen=True, slots=True)
class SealedBid:
    """A bid sealed to disk.

    Args:
        folder: holds the sealed file, the unsigned message and what is known of its submission.
        package: SHA-256 of the package, hex.
    """

    folder: Path
    bid: Bid
    params: BidParams
    package: str

    @property
    def path(self) -> Path:
        """The sealed file."""
        return self.folder / SEALED

    @property
    def bidder_secret(self) -> str | None:
        """The bidder's own secret, hex, where the bidder co-opens."""
        path = self.folder / SECRET
        return str(json.loads(path.read_bytes())["secret"]) if path.exists() else None


def load(folder: Path) -> SealedBid:
    """Read a bid that was sealed to disk before.

    Raises:
        Unusable: the folder holds no whole sealed bid; seal again under a new id.
    """
    try:
        value = json.loads((folder / BID).read_bytes())
        bid = Bid.read(value["bid"].encode())
        params = BidParams.read(bid.params.encode())
        return SealedBid(folder, bid, params, value["package"])
    except (OSError, ValueError, KeyError) as error:
        raise Unusable("there is no whole sealed bid", folder) from error


class Sealer:
    """Seals one bid, step by step; `seal` takes all steps.

    Args:
        order: what is to be sealed.
        folder: under which the bid gets a folder of its own, named by its id.
    """

    def __init__(self, order: Order, folder: Path, progress: Progress | None = None) -> None:
        self.order = order
        self.bid = random.fresh(16).hex()
        self.folder = folder / self.bid
        self._progress = progress
        self._r = random.scalar()
        self._secret = random.fresh(32)
        self._bidder_secret = random.fresh(32) if order.key.start.co_open else None
        self._enc = self._ct = b""

    def seal(self) -> SealedBid:
        """Pack, encrypt, prove and open again; the package itself is then removed.

        Raises:
            NotTrusted: the sealed file does not open to the package; nothing is to be submitted.
        """
        self.folder.mkdir(parents=True, mode=0o700)
        params = self._params()
        bound = params.payload()
        pk = self.order.key.key.pk
        self._enc, self._ct = sealing.seal_secret(pk, bound, self._secret, self._r)
        length = self.pack()
        package = _sha256(self.folder / _PACKAGE)
        body = self.encrypt(bound, length)
        stmt = sealing.statement(bound, self._enc, self._ct, body.size, body.root)
        bid = Bid(
            v=1,
            params=bound.decode(),
            enc=self._enc.hex(),
            ct=self._ct.hex(),
            size=body.size,
            root=body.root.hex(),
            pok=sealing.prove_sealer(self._r, stmt, random.fresh(32)).hex(),
        )
        self.check_opens(bid, package)
        (self.folder / _PACKAGE).unlink()
        value = json.dumps({"bid": bid.payload().decode(), "package": package})
        durable.write(self.folder / BID, value.encode())
        return SealedBid(self.folder, bid, params, package)

    def pack(self) -> int:
        """Write the package and return its length."""
        files = with_filler(self.order.files).items()
        with (self.folder / _PACKAGE).open("xb") as sink:
            return build_package(files, self.order.form, sink)

    def encrypt(self, bound: bytes, length: int) -> SealedBody:
        """Encrypt the package into the sealed file and make it durable."""
        context = sealing.body_key_context(bound, self._enc, self._ct)
        with (
            (self.folder / _PACKAGE).open("rb", buffering=0) as source,
            (self.folder / SEALED).open("xb", buffering=0) as sink,
        ):
            body = seal_stream(
                source,
                sink,
                self._cek(bound, self._secret),
                context,
                random.fresh(24),
                length,
                self._told("seal", length),
            )
            durable.sync_file(sink.fileno())
        durable.sync_folder(self.folder)
        return body

    def check_opens(self, bid: Bid, package: str) -> None:
        """Open what was sealed, from the disk and as the opening will, and compare.

        Raises:
            NotTrusted: it does not open to the same package.
        """
        enc, bound = bytes.fromhex(bid.enc), bid.params.encode()
        pk = self.order.key.key.pk
        dh = pk.mul_secret(self._r).x()
        secret = sealing.open_secret(dh, pk, bound, decode65(enc).uncompressed(), self._ct)
        context = sealing.body_key_context(bound, enc, self._ct)
        sink = _Hash()
        with self.folder.joinpath(SEALED).open("rb", buffering=0) as source:
            cek = self._cek(bound, secret)
            open_stream(source, sink, cek, context, bid.size, self._told("check", bid.size))
        if sink.digest.hexdigest() != package:
            raise NotTrusted("the sealed file does not open to what was packed", self.folder)

    def _cek(self, bound: bytes, secret: bytes) -> bytes:
        own = None
        if self._bidder_secret is not None:
            told = json.loads((self.folder / SECRET).read_bytes())
            own = bytes.fromhex(told["secret"])
        return sealing.cek(secret, own, bound, self._enc, self._ct)

    def _params(self) -> BidParams:
        """Make the params; a bidder's own secret is durable before it is committed to."""
        key, commit = self.order.key, None
        if self._bidder_secret is not None:
            value = {"bid": self.bid, "secret": self._bidder_secret.hex()}
            durable.write(self.folder / SECRET, json.dumps(value).encode())
            commit = sealing.bidder_secret_commit(self._bidder_secret, self.bid).hex()
        values = {
            "v": 1,
            "suite": SUITE,
            "project": key.project,
            "section": key.section.section,
            "envelope": key.envelope,
            "key": sealing.key_hash(key.key.pk).hex(),
            "key_id": key.key.key_id.hex(),
            "bidder": self.order.organisation,
            "bid": self.bid,
            "revision": self.order.revision,
            "supersedes": self.order.supersedes,
            "bidder_secret_commit": commit,
            "media_type": "application/zip",
            "created": clock.now(),
        }
        return BidParams.model_validate(values)

    def _told(self, what: str, total: int) -> Callable[[int], None] | None:
        progress = self._progress
        if progress is None:
            return None
        return lambda done: progress(what, min(done, total), total)


class _Hash(io.RawIOBase):
    """A sink that keeps nothing but the hash."""

    def __init__(self) -> None:
        super().__init__()
        self.digest = hashlib.sha256()

    def write(self, data: memoryview, /) -> int:  # type: ignore[override]  # a narrower sink
        """Take all of it."""
        self.digest.update(data)
        return len(data)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sha256(content: bytes) -> str:
    """Return the hash of a small content, hex."""
    return hashlib.sha256(content).hexdigest()
