"""The programs that an installation offers to take home, each with its size and hash.

Nothing must be offered that was not built; a hash is taken of what is on disk.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from web import packages
from web.bundles import DIST
from web.static_files import FOLDER

Kind = Literal["sealer", "verifier", "wheel"]
PACKAGES = FOLDER / "downloads"
"""Where `python -m web.packages` puts what it makes."""
SEALER = DIST / "kaibiao-sealer.html"


@dataclass(frozen=True, slots=True)
class Offered:
    """A program to take home."""

    kind: Kind
    path: Path
    size: int
    sha256: str


def offered() -> Iterator[Offered]:
    """Give the programs that were built, with their hashes as they are on disk."""
    for kind, path in programs():
        told = path.stat()
        yield Offered(kind, path, told.st_size, _sha256(path, told.st_mtime_ns, told.st_size))


def programs() -> Iterator[tuple[Kind, Path]]:
    """Give those programs that were built."""
    if SEALER.exists():
        yield "sealer", SEALER
    if (PACKAGES / packages.VERIFIER).exists():
        yield "verifier", PACKAGES / packages.VERIFIER
    for wheel in PACKAGES.glob("kaibiao-*.whl"):
        yield "wheel", wheel


def sealer() -> Offered | None:
    """Return the offline sealer, where it was built."""
    return next((one for one in offered() if one.kind == "sealer"), None)


@cache
def _sha256(path: Path, changed: int, size: int) -> str:
    del changed, size
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
