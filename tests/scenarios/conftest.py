"""One small rehearsal with real processes, played once for all tests that look at its outcome."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Rehearsed:
    """What a rehearsal left behind."""

    code: int
    output: str
    folder: Path

    @property
    def report(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads((self.folder / "report.json").read_bytes())
        return told

    @property
    def record(self) -> bytes:
        return (self.folder / "record").read_bytes()


def rehearse(folder: Path, *options: str) -> Rehearsed:
    """Play a rehearsal as the command line does."""
    command = [sys.executable, "-m", "client", "rehearse", "--out", str(folder), *options]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return Rehearsed(done.returncode, done.stdout + done.stderr, folder)


@pytest.fixture(scope="session")
def rehearsed(tmp_path_factory: pytest.TempPathFactory) -> Rehearsed:
    return rehearse(tmp_path_factory.mktemp("rehearsal"), "--size", "1MB", "--no-erase")
