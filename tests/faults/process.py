"""A real service in a process of its own, to be killed and started again on the same port."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

ROOT = Path(__file__).resolve().parents[2]
WIDE = {"burst": 1_000_000, "refill_ms": 1}
LIMITS: dict[str, Any] = {
    "disk_reserve": 1,
    "sign_in_by_address": WIDE,
    "sign_in_by_account": WIDE,
    "commands_by_account": WIDE,
    "reads_by_account": WIDE,
    "refusals_by_account": WIDE,
}
SERVE = ("-m", "web", "serve")
PACE = 0.02
"""How long to wait for the process to end, seconds, between two looks at what it does."""


class ServiceProcess:
    """`python -m web serve` on a folder; ends with its `with` block.

    Args:
        folder: the data of the service.
        program: what the interpreter is given.
        database: an address; SQLite in the folder where there is none.
        environment: more variables for the process.
        limits: of the settings, where they differ.
    """

    def __init__(
        self,
        folder: Path,
        *,
        program: tuple[str, ...] = SERVE,
        database: str = "",
        environment: dict[str, str] | None = None,
        **limits: Any,
    ) -> None:
        self.folder = folder
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.http = httpx.Client(base_url=self.url, trust_env=False, timeout=120)
        self.starts = 0
        self._command = [sys.executable, *program]
        kept = {name: value for name, value in os.environ.items() if "KAIBIAO" not in name}
        self._environment = {
            **kept,
            "PYTHONPATH": str(ROOT),
            "DATABASE_URL": database,
            "KAIBIAO_DATA_DIR": str(folder),
            "KAIBIAO_PORT": str(self.port),
            "KAIBIAO_ORIGIN": self.url,
            "KAIBIAO_PASSWORD_COST": json.dumps({"passes": 1, "memory_kib": 8, "lanes": 1}),
            "KAIBIAO_LIMITS": json.dumps({**LIMITS, **limits}),
            **(environment or {}),
        }
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.kill()
        self.http.close()

    @property
    def log(self) -> Path:
        return self.folder / "service.log"

    def start(self) -> None:
        """Start it and wait until it takes connections."""
        self.begin()
        while not self.answers():
            if self.ended(PACE):
                raise RuntimeError(self.log.read_text()[-4000:])

    def begin(self) -> None:
        """Start it, whatever becomes of it."""
        self.kill()
        self.starts += 1
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command, env=self._environment, cwd=ROOT, stdout=log, stderr=log
            )

    def ended(self, within: float) -> bool:
        """Wait that many seconds at most for it to end by itself."""
        if self._process is None:
            return True
        try:
            self._process.wait(within)
        except subprocess.TimeoutExpired:
            return False
        return True

    def kill(self) -> None:
        """End it at once, as the machine's power would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def stop(self) -> None:
        """End it as an operator does."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(120)
            self._process = None

    def internal_errors(self) -> list[str]:
        """Return what the service itself calls a bug of its own."""
        lines = self.log.read_text().splitlines()
        return [line for line in lines if '"event": "internal"' in line]

    def answers(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        except OSError:
            return False
        return True


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])
