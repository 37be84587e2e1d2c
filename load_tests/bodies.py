"""Sealing and opening 1 GiB, against the same bytes through AES-GCM and SHA-256 alone."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from crypto.cobblestone import open_stream, seal_stream
from crypto.random import fresh
from load_tests.house import scratch
from load_tests.results import Goal, alternate, timed

GIB = 1 << 30
MIB = 1 << 20
CHUNK = 16 * 1024
THREADS = 2
ROUNDS = 3
KEY, CONTEXT, SALT = bytes(32), bytes(32), bytes(24)


class _Nowhere:
    """A sink that drops what it is given, so that the disk is not measured."""

    def write(self, data: memoryview) -> int:
        """Take everything."""
        return len(data)


def measure() -> list[Goal]:
    """Return the ratios of sealing and of opening."""
    with scratch() as folder:
        package = folder / "package"
        block = fresh(MIB)
        with package.open("wb") as made:
            for _ in range(GIB // MIB):
                made.write(block)
        sealed = folder / "sealed"
        with package.open("rb", buffering=0) as source, sealed.open("wb") as sink:
            size = seal_stream(source, sink, KEY, CONTEXT, SALT, GIB).size
        seal = alternate(ROUNDS, lambda: timed(lambda: _seal(package)), lambda: _bound(block))
        opened = alternate(
            ROUNDS, lambda: timed(lambda: _open(sealed, size)), lambda: _bound(block)
        )
    return [_goal("seal 1 GiB", *seal), _goal("open 1 GiB", *opened)]


def _goal(name: str, ours: float, bound: float) -> Goal:
    speed, limit = 1024 / ours, 1024 / bound
    peer = f"{limit:,.0f} MiB/s, AES-GCM 16 KiB + SHA-256, {THREADS} threads"
    return Goal(name, f"{speed:,.0f} MiB/s", peer, speed / limit, 0.5)


def _seal(package: Path) -> None:
    with package.open("rb", buffering=0) as source:
        seal_stream(source, _Nowhere(), KEY, CONTEXT, SALT, GIB)


def _open(sealed: Path, size: int) -> None:
    with sealed.open("rb", buffering=0) as source:
        open_stream(source, _Nowhere(), KEY, CONTEXT, size)


def _bound(block: bytes) -> float:
    """Encrypt and hash 1 GiB on as many threads, with nothing else around."""
    cipher, view = AESGCM(KEY), memoryview(block)

    def part() -> None:
        for number in range(GIB // MIB // THREADS):
            for chunk in range(MIB // CHUNK):
                nonce = (number * 64 + chunk).to_bytes(12, "big")
                cipher.encrypt(nonce, view[chunk * CHUNK : (chunk + 1) * CHUNK], None)
            hashlib.sha256(view).digest()

    def work() -> None:
        with ThreadPoolExecutor(THREADS) as pool:
            for done in [pool.submit(part) for _ in range(THREADS)]:
                done.result()

    return timed(work)
