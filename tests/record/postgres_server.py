"""A real PostgreSQL of our own for tests: a temporary folder, a unix socket, ended by its id."""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg

UNPRIVILEGED = ("postgres", "nobody")


class PostgresAbsent(Exception):
    """The binaries are not on this machine, or nobody is there to run them as."""


class PostgresServer:
    """A server that listens on a socket in its own folder and nowhere else."""

    def __init__(self, folder: Path, binaries: Path, user: str | None) -> None:
        self.folder = folder
        self._binaries = binaries
        self._user = user
        self._process: subprocess.Popen[bytes] | None = None
        self._count = 0

    def start(self, *, is_durable: bool = False) -> None:
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.folder),
            "fsync": "on" if is_durable else "off",
            "max_connections": "60",
            "shared_buffers": "32MB",
            "autovacuum": "off",
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        program = str(self._binaries / "postgres")
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [program, "-D", str(self.folder / "data"), *options],
                user=self._user, stdout=subprocess.DEVNULL, stderr=log, cwd="/",
            )  # fmt: skip
        self._wait_until_ready()

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """End it: SIGINT is the fast way, SIGQUIT the immediate one, as after a crash."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(30)
            self._process = None

    def new_database(self) -> str:
        """Make an empty database and return its address."""
        self._count += 1
        name = f"test_{self._count}"
        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE template0".encode())
        return self.address(name)

    def address(self, database: str) -> str:
        return f"postgresql://kaibiao@/{database}?host={self.folder}"

    def _wait_until_ready(self) -> None:
        assert self._process is not None
        ready = [str(self._binaries / "pg_isready"), "-q", "-h", str(self.folder)]
        for _ in range(400):
            if subprocess.run(ready, check=False).returncode == 0:
                return
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(0.05)
                break
        raise RuntimeError((self.folder / "log").read_text())


@contextlib.contextmanager
def postgres_server(*, is_durable: bool = False) -> Iterator[PostgresServer]:
    """Run a server for as long as the block.

    Raises:
        PostgresAbsent: this machine cannot run one.
    """
    binaries, user = _find_binaries(), _find_user()
    folder = Path(tempfile.mkdtemp(prefix="kaibiao-pg-"))
    try:
        if user is not None:
            os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
        subprocess.run(
            [str(binaries / "initdb"), "-D", str(folder / "data"), "-U", "kaibiao", "-A", "trust",
             "--no-sync", "-E", "UTF8", "--locale=C"],
            user=user, check=True, capture_output=True, cwd="/",
        )  # fmt: skip
        server = PostgresServer(folder, binaries, user)
        server.start(is_durable=is_durable)
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _find_binaries() -> Path:
    installed = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3])
    )
    if installed:
        return installed[-1].parent
    found = shutil.which("initdb")
    if found is None or not (Path(found).resolve().parent / "postgres").exists():
        raise PostgresAbsent("no PostgreSQL server on this machine (apt-get install postgresql)")
    return Path(found).resolve().parent


def _find_user() -> str | None:
    if os.geteuid() != 0:
        return None
    for name in UNPRIVILEGED:
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    raise PostgresAbsent("PostgreSQL does not run as root, and no other user is here")
