"""`python -m load_tests.large_bid FOLDER`: seals a bid of 4 GiB and opens it, and tells its memory.

Prints JSON: by how many bytes the most it held exceeds what it held when idle, and the seconds.
Sealing ends with opening the sealed file again, as it always does.
"""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

from client.notices import TrustedKey
from client.sealing import Order, Sealer
from crypto import sealing
from crypto.cobblestone import SealedReader
from load_tests.house import peak_rss, reset_peak, rss
from load_tests.results import timed
from opening.package import read_package
from opening.transcripts import key
from tests.opening.bidding import form
from tests.opening.world import PROJECT
from tests.web.tender import Tender

SIZE = 4 << 30


def main() -> None:
    """Seal, open, and print what it took."""
    folder = Path(sys.argv[1])
    with (folder / "large").open("wb") as made:
        made.truncate(SIZE)
    sealer = Sealer(_order(folder / "large"), folder)
    idle = rss(os.getpid())
    told = {"seal": _watched(sealer.seal, idle), "open": _watched(lambda: _open(sealer), idle)}
    print(json.dumps(told))


def _order(path: Path) -> Order:
    tender = Tender().open_up()
    (attempt,) = tender.state.attempts.values()
    notice = tender.whole.notice
    if notice is None:
        raise RuntimeError("the tender has no notice")
    trusted = TrustedKey(
        project=PROJECT,
        currency=notice.notice.currency,
        section=notice.notice.sections[0],
        envelope=1,
        key=key(attempt),
        start=attempt.start,
    )
    bidder = tender.bidder[1]
    return Order(trusted, bidder.organisation, 1, None, {"large": path}, form(bidder, 1))


def _watched(work: Callable[[], object], idle: int) -> dict[str, float]:
    """Return how long something took, and by how much the most memory exceeded what is idle."""
    reset_peak(os.getpid())
    seconds = timed(work)
    return {"grown": peak_rss(os.getpid()) - idle, "seconds": seconds}


def _open(sealer: Sealer) -> None:
    """Read every file of the package and compare it with the manifest."""
    bid = json.loads((sealer.folder / "bid.json").read_bytes())["bid"]
    told = json.loads(bid)
    bound, enc, ct = told["params"].encode(), bytes.fromhex(told["enc"]), bytes.fromhex(told["ct"])
    cek = sealer._cek(bound, sealer._secret)  # noqa: SLF001 - stands for what an opening computes
    context = sealing.body_key_context(bound, enc, ct)
    with (sealer.folder / "sealed").open("rb", buffering=0) as sealed:
        read_package(SealedReader(sealed, cek, context, told["size"]))


if __name__ == "__main__":
    main()
