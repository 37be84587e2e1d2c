"""Requests byte by byte: what a client that breaks off, waits or lies sends."""

import socket
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from tests.web.service import PATIENCE

CONTINUE = b"HTTP/1.1 100 Continue"


class Raw:
    """One connection; every read has a time limit, so a test ends."""

    def __init__(self, url: str) -> None:
        where = urlsplit(url)
        self._host = where.netloc
        self._socket = socket.create_connection((where.hostname, where.port), timeout=PATIENCE)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._socket.close()

    def ask(self, method: str, path: str, headers: dict[str, str], length: int) -> None:
        """Send the head of a request and wait for leave to send its body of so many bytes."""
        told = {"host": self._host, "expect": "100-continue", **headers}
        lines = [f"{name}: {value}" for name, value in told.items()]
        if length >= 0:
            lines.append(f"content-length: {length}")
        self.send("\r\n".join([f"{method} {path} HTTP/1.1", *lines, "", ""]).encode())

    def send(self, content: bytes) -> None:
        self._socket.sendall(content)

    def head(self) -> bytes:
        """Read up to the end of the next head."""
        found = b""
        while not found.endswith(b"\r\n\r\n"):
            byte = self._socket.recv(1)
            if not byte:
                break
            found += byte
        return found

    def status(self) -> int:
        """Read the next head and return its status; 0 when the line was closed."""
        first = self.head().split(b" ", 2)
        return int(first[1]) if len(first) > 1 else 0

    def break_off(self) -> None:
        """End what is sent, and wait until the other side has noticed."""
        self._socket.shutdown(socket.SHUT_WR)
        while self._socket.recv(4096):
            pass
