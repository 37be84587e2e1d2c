"""P9: a signed command over HTTP, recorded and in the Merkle log, against an empty route."""

import json
import subprocess
import sys
from pathlib import Path

from crypto.hashing import H
from load_tests.callers import REQUEST_END
from load_tests.house import House, free_port, house, process, scratch
from load_tests.results import Goal, alternate
from opening.messages import Amendment
from project.commands import Amend
from tests.opening.world import PROJECT, SECTION
from tests.web.tender import token

COUNT = 2000
CONNECTIONS = 64
ROUNDS = 3
PATH = f"/api/projects/{PROJECT}/commands"


def measure() -> list[Goal]:
    """Return the ratio: the same requests by the same client to either server."""
    with scratch() as folder, house(folder) as running:
        port = free_port()
        with process(port, "load_tests.empty", str(port), log=folder / "empty.log"):
            rounds = iter(range(ROUNDS + 1))
            ours, peer = alternate(
                ROUNDS,
                lambda: _send(folder, running.port, _requests(running, str(next(rounds)))),
                lambda: _send(folder, port, _requests(running, "empty")),
            )
    rate, limit = COUNT / ours, COUNT / peer
    return [
        Goal(
            f"P9 signed command, {CONNECTIONS} connections",
            f"{rate:,.0f} /s",
            f"{limit:,.0f} /s, empty FastAPI route",
            rate / limit,
            0.5,
        )
    ]


def amendments(running: House, label: str, count: int) -> list[tuple[str, bytes]]:
    """Return the ids and bodies of commands by which the clerk, who signs each, amends."""
    clerk = running.tender.clerk
    deadline = running.tender.state.sections[SECTION].terms.deadline
    made = []
    for place in range(count):
        message = Amendment(
            v=1,
            project=PROJECT,
            section=SECTION,
            text=f"Clarification {label}/{place}.",
            documents=(),
            affects_bids=False,
            bids="stay",
            deadline=deadline,
        )
        body = Amend(message=clerk.sign(message)).model_dump_json().encode()
        made.append((H("load", f"{label}/{place}".encode())[:16].hex(), body))
    return made


def _requests(running: House, label: str) -> bytes:
    bearer = token(running.tender.clerk)
    told = amendments(running, label, COUNT)
    return REQUEST_END.join(_request(body, bearer, command_id) for command_id, body in told)


def _request(body: bytes, bearer: str, command_id: str) -> bytes:
    head = (
        f"POST {PATH} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer {bearer}\r\n"
        f"content-type: application/json\r\nidempotency-key: {command_id}\r\n"
        f"content-length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _send(folder: Path, port: int, requests: bytes) -> float:
    """Send requests from a process of its own and return the seconds they took."""
    (folder / "requests").write_bytes(requests)
    command = [sys.executable, "-m", "load_tests.callers", str(port), str(CONNECTIONS)]
    told = subprocess.run(
        [*command, str(folder / "requests")], check=True, capture_output=True, timeout=120
    )
    found = json.loads(told.stdout)
    if found["statuses"] != {"200": COUNT}:
        message = f"not every request was accepted: {found['statuses']}"
        raise RuntimeError(message)
    return float(found["seconds"])
