"""From an admitted bid to its verified receipt: what log, checkpoint and cosignature add.

Bids are submitted 20 a second over HTTP, each by a bidder of its own, to a service on SQLite whose
checkpoints the timekeeper's witness, another process, cosigns.
"""

import asyncio
import statistics
import time
from dataclasses import dataclass

import httpx

from crypto.receipts import check_receipt
from load_tests.house import House, house, scratch
from load_tests.results import Goal
from tests.opening.world import PROJECT
from tests.web.tender import headers, metadata, tus

BIDS = 160
WARM_UP = 20
A_SECOND = 20
MOST_MS = 50
PART = "application/offset+octet-stream"


@dataclass(frozen=True, slots=True)
class Submission:
    """A command that submits an uploaded bid."""

    command_id: str
    headers: dict[str, str]
    body: dict[str, object]


def measure() -> list[Goal]:
    """Return how the median fares."""
    with scratch() as folder, house(folder, bidders=BIDS) as running:
        answered, added = asyncio.run(_submit_all(running))
    return [
        Goal(
            f"receipt after the answer, {A_SECOND} bids a second, median",
            f"{added:.1f} ms",
            f"{MOST_MS} ms; the answer itself {answered:.1f} ms",
            added / MOST_MS,
            1,
            at_least=False,
        )
    ]


async def _submit_all(running: House) -> tuple[float, float]:
    """Upload everything, then submit at an even pace; returns the two medians in ms."""
    async with httpx.AsyncClient(base_url=running.url, trust_env=False, timeout=30) as http:
        bids = [await _upload(http, running, number) for number in range(1, BIDS + 1)]
        begun = time.perf_counter()
        tasks = []
        for number, bid in enumerate(bids):
            await asyncio.sleep(begun + number / A_SECOND - time.perf_counter())
            tasks.append(asyncio.create_task(_submit(http, running, bid)))
        took = (await asyncio.gather(*tasks))[WARM_UP:]
    answered = statistics.median(answer for answer, _ in took)
    return answered * 1000, statistics.median(receipt for _, receipt in took) * 1000


async def _upload(http: httpx.AsyncClient, running: House, number: int) -> Submission:
    """Bring a bid's sealed file and return the command that submits it."""
    tender = running.tender
    sealed = tender.seal(number)
    bidder = tender.bidder[number]
    told = tus(bidder, upload_length=str(len(sealed.file)), upload_metadata=metadata())
    created = await http.post(
        "/api/uploads", headers={**told, "content-type": PART}, content=sealed.file
    )
    created.raise_for_status()
    upload = created.headers["location"].rsplit("/", 1)[1]
    command_id = sealed.params.bid
    admission = tender.admission(number, sealed, upload)
    return Submission(command_id, headers(bidder, idempotency_key=command_id), admission)


async def _submit(http: httpx.AsyncClient, running: House, bid: Submission) -> tuple[float, float]:
    """Submit a bid and check its receipt; returns the seconds until the answer, and from it on."""
    begun = time.perf_counter()
    where = f"/api/projects/{PROJECT}"
    answer = await http.post(f"{where}/commands", headers=bid.headers, json=bid.body)
    answer.raise_for_status()
    answered = time.perf_counter()
    receipt = await http.get(f"{where}/receipts/{bid.command_id}", headers=bid.headers)
    if receipt.status_code != 200:
        raise RuntimeError(receipt.text)
    checked = check_receipt(receipt.content, running.log, running.witness)
    if checked.entry["command"] != bid.command_id:
        raise RuntimeError("a receipt of another command")
    return answered - begun, time.perf_counter() - answered
