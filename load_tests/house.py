"""A service and a witness as real processes on the loopback, with a tender that takes bids.

It measures nothing. The tender is written into the store before the service starts; from then on
everything goes over HTTP.
"""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from load_tests.witness import SIGNER
from tests.web.tender import Tender
from web.clock import SystemClock
from web.keys import load_keys

START_SECONDS = 60
HOUR = 3_600_000
GIB = 1 << 30
VAR = Path.cwd() / "var"
_WIDE = {"burst": 10_000_000, "refill_ms": 1}
LIMITS = {
    "commands_by_account": _WIDE,
    "reads_by_account": _WIDE,
    "unfinished_bytes": 64 * GIB,
    "unfinished_count": 1000,
}


@dataclass(frozen=True, slots=True)
class House:
    """What runs.

    Args:
        port: of the service.
        pid: of the service.
        data: the service's folder.
        tender: the people and their keys.
        log: the vkey of the log.
        witness: the vkey of the witness.
    """

    port: int
    pid: int
    data: Path
    tender: Tender
    log: str
    witness: str

    @property
    def url(self) -> str:
        """Where the service answers."""
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def house(folder: Path, bidders: int = 1, tender: Tender | None = None) -> Iterator[House]:
    """Run a service with a tender, one for bids of any size unless it is told another.

    Both processes end with the block.
    """
    tender = tender or _taking_bids(bidders)
    data = tender.folder(folder / "data")
    port, witness_port = free_port(), free_port()
    origin = f"http://127.0.0.1:{port}"
    log = load_keys(data / "keys", f"127.0.0.1:{port}/kaibiao").log.verifier.encode()
    settings = {
        "KAIBIAO_DATA_DIR": str(data),
        "KAIBIAO_PORT": str(port),
        "KAIBIAO_ORIGIN": origin,
        "KAIBIAO_WITNESS_URL": f"http://127.0.0.1:{witness_port}",
        "KAIBIAO_WITNESS_VKEY": SIGNER.verifier.encode(),
        "KAIBIAO_LIMITS": json.dumps(LIMITS),
        "DATABASE_URL": "",
    }
    with ExitStack() as stack:
        witness = ("load_tests.witness", str(folder / "witnessed"), log, str(witness_port))
        stack.enter_context(process(witness_port, *witness, log=folder / "witness.log"))
        service = stack.enter_context(
            process(port, "web", "serve", log=folder / "service.log", settings=settings)
        )
        yield House(port, service.pid, data, tender, log, SIGNER.verifier.encode())


def _taking_bids(bidders: int) -> Tender:
    now = SystemClock().now()
    return Tender(
        bidders=bidders,
        now=now - 20 * HOUR,
        deadline=now + 500 * HOUR,
        changes={"max_size": 5 * GIB},
    ).open_up()


@contextmanager
def process(
    port: int, *module: str, log: Path, settings: Mapping[str, str] | None = None
) -> Iterator["subprocess.Popen[bytes]"]:
    """Run `python -m ...` until the block is left; entered when it listens on its port."""
    with running(port, [sys.executable, "-m", *module], log=log, settings=settings) as found:
        yield found


@contextmanager
def running(
    port: int, command: Sequence[str], log: Path, settings: Mapping[str, str] | None = None
) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a command until the block is left; entered when it listens on its port."""
    with log.open("wb") as told:
        started = subprocess.Popen(
            command, env={**os.environ, **(settings or {})}, stdout=told, stderr=told
        )
    try:
        wait_for_port(port, started, log)
        yield started
    finally:
        started.terminate()
        started.wait(30)


def wait_for_port(port: int, started: "subprocess.Popen[bytes]", log: Path) -> None:
    """Wait until a process listens; RuntimeError with what it said when it ended instead."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and started.poll() is None:
        with socket.socket() as asking:
            if asking.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError(log.read_text()[-2000:] or "it does not listen")


def free_port() -> int:
    """Return a port nobody listens on at the moment."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def scratch() -> Iterator[Path]:
    """Make a folder on the checkout's disk, not in memory, and remove it."""
    VAR.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=VAR, prefix="load-") as folder:
        yield Path(folder)


def peak_rss(pid: int) -> int:
    """Return the most memory a process ever held, bytes."""
    return _status(pid, "VmHWM")


def rss(pid: int) -> int:
    """Return the memory a process holds, bytes."""
    return _status(pid, "VmRSS")


def reset_peak(pid: int) -> None:
    """Let `peak_rss` count from now."""
    Path(f"/proc/{pid}/clear_refs").write_text("5")


def _status(pid: int, name: str) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(name + ":"):
            return int(line.split()[1]) * 1024
    raise LookupError(name)
