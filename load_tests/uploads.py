"""P10: an upload of 1 GiB that is hashed and durable, against cp, nginx and another tus server.

The same client sends the same file to each over one connection in one request; the kernel does the
sending, so that the client costs little. nginx and the other server make nothing durable.
"""

import os
import shutil
import socket
import statistics
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from crypto.random import fresh
from load_tests.house import (
    House,
    free_port,
    house,
    peak_rss,
    reset_peak,
    rss,
    running,
    scratch,
)
from load_tests.results import Goal, timed
from tests.web.tender import metadata, tus

GIB = 1 << 30
MIB = 1 << 20
ROUNDS = 3
GROWTH = 16
PART = "application/offset+octet-stream"
HERE = Path(__file__).parent
OURS, CP, NGINX, TUS = "ours", "cp + fsync", "nginx dav", "@tus/server"
BOUNDS = {CP: 0.5, NGINX: 0.9, TUS: 1.5}


def measure() -> list[Goal]:
    """Return a ratio for each peer there is here, and the growth of the service's memory."""
    with ExitStack() as stack:
        folder = stack.enter_context(scratch())
        source = folder / "source"
        _fill(source)
        ours = stack.enter_context(house(folder))
        ways: dict[str, Callable[[], float]] = {
            OURS: lambda: _ours(ours, source),
            CP: lambda: _copy(source, folder / "copy"),
        }
        for name, found in ((NGINX, _nginx), (TUS, _tus_server)):
            way = stack.enter_context(found(folder, source))
            if way is not None:
                ways[name] = way
        for way in ways.values():
            way()
        before = rss(ours.pid)
        reset_peak(ours.pid)
        times: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(ROUNDS):
            for name, way in ways.items():
                times[name].append(way())
        growth = (peak_rss(ours.pid) - before) / MIB
    speed = {name: 1024 / statistics.median(took) for name, took in times.items()}
    return [*_ratios(speed), _growth(growth)]


def _ratios(speed: dict[str, float]) -> list[Goal]:
    return [
        Goal(
            f"P10 upload 1 GiB, SHA-256, fsync, against {name}",
            f"{speed[OURS]:,.0f} MiB/s",
            f"{speed[name]:,.0f} MiB/s",
            speed[OURS] / speed[name],
            bound,
        )
        for name, bound in BOUNDS.items()
        if name in speed
    ]


def _growth(growth: float) -> Goal:
    return Goal(
        "P10 memory growth of the service",
        f"{growth:.1f} MiB",
        f"{GROWTH} MiB",
        growth / GROWTH,
        1,
        at_least=False,
    )


def _fill(path: Path) -> None:
    block = fresh(MIB)
    with path.open("wb") as made:
        for _ in range(GIB // MIB):
            made.write(block)


def _ours(service: House, source: Path) -> float:
    """Upload once, and drop the upload again."""
    bidder = service.tender.bidder[1]
    created = _ask(
        service.port,
        "POST /api/uploads",
        tus(bidder, upload_length=str(GIB), upload_metadata=metadata(), content_length="0"),
    )
    where = _header(created, b"location")
    told = tus(bidder, upload_offset="0", content_type=PART, content_length=str(GIB))
    took = timed(lambda: _ask(service.port, f"PATCH {where}", told, source))
    _ask(service.port, f"DELETE {where}", tus(bidder))
    return took


def _copy(source: Path, copy: Path) -> float:
    def work() -> None:
        subprocess.run(["cp", "--reflink=never", source, copy], check=True)
        number = os.open(copy, os.O_RDONLY)
        os.fsync(number)
        os.close(number)

    took = timed(work)
    copy.unlink()
    return took


@contextmanager
def _nginx(folder: Path, source: Path) -> Iterator[Callable[[], float] | None]:
    """Run nginx to put files to, if it is installed."""
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if program is None:
        print("nginx is not installed: skipped (apt-get install nginx-light)")
        yield None
        return
    root, port = folder / "nginx", free_port()
    (root / "files").mkdir(parents=True)
    settings = (HERE / "nginx.conf").read_text().replace("ROOT", str(root))
    (root / "nginx.conf").write_text(settings.replace("PORT", str(port)))
    command = [program, "-p", str(root), "-c", str(root / "nginx.conf"), "-e", "stderr"]

    def put() -> float:
        told = {"content-length": str(GIB)}
        took = timed(lambda: _ask(port, "PUT /file", told, source))
        (root / "files" / "file").unlink()
        return took

    with running(port, command, log=folder / "nginx.log"):
        yield put


@contextmanager
def _tus_server(folder: Path, source: Path) -> Iterator[Callable[[], float] | None]:
    """Run @tus/server with its file store, if npm can install it outside the checkout."""
    with tempfile.TemporaryDirectory() as made:
        shutil.copy(HERE / "tus_server.mjs", made)
        command = ["npm", "install", "--prefix", made, "--ignore-scripts", "--no-audit", "--silent"]
        try:
            subprocess.run(
                [*command, "@tus/server@2", "@tus/file-store@2"],
                check=True,
                timeout=120,
                capture_output=True,
            )
        except (OSError, subprocess.SubprocessError) as error:
            print(f"@tus/server cannot be installed: skipped ({error})")
            yield None
            return
        port, files = free_port(), folder / "tus"
        files.mkdir()

        def send() -> float:
            created = _ask(
                port,
                "POST /files",
                {"tus-resumable": "1.0.0", "upload-length": str(GIB), "content-length": "0"},
            )
            where = "/files/" + _header(created, b"location").rsplit("/", 1)[1]
            told = {
                "tus-resumable": "1.0.0",
                "upload-offset": "0",
                "content-type": PART,
                "content-length": str(GIB),
            }
            took = timed(lambda: _ask(port, f"PATCH {where}", told, source))
            for left in files.iterdir():
                left.unlink()
            return took

        script = str(Path(made) / "tus_server.mjs")
        with running(port, ["node", script, str(port), str(files)], log=folder / "tus.log"):
            yield send


def _ask(port: int, line: str, headers: dict[str, str], body: Path | None = None) -> bytes:
    """Send one request with a file as its body and return the head of the answer."""
    told = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    with socket.create_connection(("127.0.0.1", port), timeout=120) as line_:
        line_.sendall(f"{line} HTTP/1.1\r\nhost: 127.0.0.1\r\n{told}\r\n".encode())
        if body is not None:
            with body.open("rb") as source:
                line_.sendfile(source)
        answer = b""
        while b"\r\n\r\n" not in answer:
            piece = line_.recv(65536)
            if not piece:
                break
            answer += piece
    if answer[9:10] != b"2":
        raise RuntimeError(answer.decode(errors="replace"))
    return answer


def _header(answer: bytes, name: bytes) -> str:
    """Return a header of an answer."""
    for line in answer.split(b"\r\n"):
        found, _, value = line.partition(b":")
        if found.lower() == name:
            return value.strip().decode()
    raise LookupError(name)
