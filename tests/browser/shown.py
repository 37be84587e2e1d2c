"""A service on localhost as browsers reach it, with the origin they will name."""

import asyncio
import socket
import threading
from pathlib import Path
from typing import Any, Self

import uvicorn
from fastapi import FastAPI

from tests.web.service import settings
from web.app import create_app
from web.clock import SetClock
from web.services import Services


class Shown:
    """Runs until its `with` block is left.

    Args:
        folder: the data folder.
        clock: what the service goes by.
        port: 0 for a free one.
    """

    def __init__(self, folder: Path, clock: SetClock, port: int = 0, **changes: Any) -> None:
        self._listening = socket.create_server(("127.0.0.1", port))
        self.port = self._listening.getsockname()[1]
        self.url = f"http://localhost:{self.port}"
        self.app: FastAPI = create_app(settings(folder, origin=self.url, **changes), clock)
        self._server = uvicorn.Server(
            uvicorn.Config(
                self.app,
                log_config=None,
                access_log=False,
                ws="websockets-sansio",
                ws_per_message_deflate=False,
            )
        )
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._server.serve([self._listening])), daemon=True
        )

    def __enter__(self) -> Self:
        self._thread.start()
        while not self._server.started:
            if not self._thread.is_alive():
                raise RuntimeError("the service did not start")
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Stop the service; sockets are closed."""
        self._server.should_exit = True
        self._thread.join(20)

    @property
    def services(self) -> Services:
        services: Services = self.app.state.services
        return services
