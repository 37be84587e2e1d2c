"""What one event in a room of 1000 costs today, against a loop of send(); no goal is set yet.

Each event is an amendment that the clerk posts, shown to everybody in the hall. What it costs by
itself, measured with nobody there, is taken off.
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from load_tests.house import House, free_port, house, rss, scratch
from load_tests.http import PATH, amendments
from load_tests.listeners import CHANNEL
from load_tests.results import Goal
from tests.opening.world import PROJECT
from tests.web.tender import headers

SOCKETS = 1000
EVENTS = 40
FRAME_BYTES = 300
MICRO = 1e6


@dataclass(frozen=True, slots=True)
class Wave:
    """What events cost with a room full, and what a socket holds.

    Args:
        cpu: of the service, seconds a delivery.
        memory: of the service, bytes a socket.
    """

    cpu: float
    memory: float


def measure() -> list[Goal]:
    """Return CPU a delivery, and memory a socket."""
    with scratch() as folder, house(folder) as running:
        wave = _wave(folder, running)
    loop = _send_loop()
    return [
        Goal(
            f"rooms: CPU a delivery, {SOCKETS} in a room",
            f"{wave.cpu * MICRO:.1f} µs",
            f"{loop * MICRO:.1f} µs, loop of send()",
            wave.cpu / loop,
            None,
        ),
        Goal(
            "rooms: memory a socket",
            f"{wave.memory / 1024:.0f} KiB",
            "16 KiB, a goal to come",
            wave.memory / (16 * 1024),
            None,
        ),
    ]


def _wave(folder: Path, running: House) -> Wave:
    with httpx.Client(base_url=running.url, trust_env=False, timeout=30) as http:
        _post(http, running, "warm")
        before = cpu_of(running.pid)
        _post(http, running, "alone")
        alone = cpu_of(running.pid) - before
        held = rss(running.pid)
        with _listeners(folder, http, running) as listeners:
            memory = (rss(running.pid) - held) / SOCKETS
            _say(listeners, str(EVENTS), "counting")
            before = cpu_of(running.pid)
            _post(http, running, "wave")
            _expect(listeners, "done")
            cpu = cpu_of(running.pid) - before - alone
    return Wave(cpu / (EVENTS * SOCKETS), memory)


@contextmanager
def _listeners(
    folder: Path, http: httpx.Client, running: House
) -> Iterator["subprocess.Popen[str]"]:
    """Fill the room; entered when everybody is in."""
    clerk = running.tender.clerk
    asked = {"project": PROJECT, "channels": [CHANNEL]}
    tickets = folder / "tickets"
    with tickets.open("w") as made:
        for _ in range(SOCKETS):
            answer = http.post("/api/rooms/ticket", json=asked, headers=headers(clerk))
            made.write(answer.raise_for_status().json()["ticket"] + "\n")
    command = [sys.executable, "-m", "load_tests.listeners", str(running.port)]
    listeners = subprocess.Popen(
        [*command, f"/rooms/{PROJECT}", str(tickets)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        _expect(listeners, "ready")
        yield listeners
    finally:
        listeners.kill()
        listeners.communicate()


def _say(listeners: "subprocess.Popen[str]", line: str, answer: str) -> None:
    if listeners.stdin is not None:
        listeners.stdin.write(line + "\n")
        listeners.stdin.flush()
    _expect(listeners, answer)


def _expect(listeners: "subprocess.Popen[str]", line: str) -> None:
    told = listeners.stdout.readline().strip() if listeners.stdout is not None else ""
    if told != line:
        message = f"the listeners said {told!r} and not {line!r}"
        raise RuntimeError(message)


def _post(http: httpx.Client, running: House, label: str) -> None:
    """Post the events one after the other."""
    for command_id, body in amendments(running, label, EVENTS):
        told = headers(
            running.tender.clerk, idempotency_key=command_id, content_type="application/json"
        )
        http.post(PATH, content=body, headers=told).raise_for_status()


def cpu_of(pid: int) -> float:
    """Return what a process has used of the processor, seconds."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _send_loop() -> float:
    """Return the CPU of one send() of a ready-made frame in a loop over sockets, seconds."""
    frame, port = bytes(FRAME_BYTES), free_port()
    with socket.create_server(("127.0.0.1", port), backlog=SOCKETS) as listening:
        command = [sys.executable, "-m", "load_tests.drain", str(port), str(SOCKETS)]
        total = EVENTS * SOCKETS * FRAME_BYTES
        with subprocess.Popen([*command, str(total)]):
            sockets = [listening.accept()[0] for _ in range(SOCKETS)]
            begun = time.process_time()
            for _ in range(EVENTS):
                for one in sockets:
                    one.sendall(frame)
            took = time.process_time() - begun
        for one in sockets:
            one.close()
    return took / (EVENTS * SOCKETS)
