"""`python -m web serve` runs the service, `python -m web migrate` updates its database alone."""

import argparse
import asyncio
import gc
import sys
from contextlib import suppress

import uvicorn

from record.sql import SqlStore
from web.app import create_app
from web.logs import set_up_logs
from web.settings import Settings
from web.starting import Starting

GRACE_SECONDS = 10
GARBAGE_LOOK = 10_000
"""How many more objects there must be before the youngest are looked through for garbage."""
WS_MAX_SIZE = 64 * 1024
"""The largest message read from a socket, bytes; rooms take far less and say so."""


def main() -> None:
    """Run what the command line names."""
    parser = argparse.ArgumentParser(prog="python -m web", description=__doc__)
    parser.add_argument("command", choices=("serve", "migrate"))
    command = parser.parse_args().command
    settings = Settings()
    set_up_logs()
    if command == "migrate":
        asyncio.run(_migrate(settings))
    else:
        serve(settings)


def serve(settings: Settings) -> None:
    """Serve until a signal ends it; requests under way are finished first.

    Ends with 1 where the service may not start.
    """
    app = create_app(settings)
    # What is loaded by now stays for good; looking through it for garbage again and again took a
    # quarter of the time of a command.
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE_LOOK)
    config = uvicorn.Config(
        Starting(app),
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http="httptools",
        ws="websockets-sansio",
        ws_max_size=WS_MAX_SIZE,
        ws_per_message_deflate=False,
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=bool(settings.forwarded_allow_ips),
        forwarded_allow_ips=settings.forwarded_allow_ips or None,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    server = uvicorn.Server(config)
    with suppress(KeyboardInterrupt, SystemExit):
        server.run()
    if not server.started:
        sys.exit(1)


async def _migrate(settings: Settings) -> None:
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    store = await SqlStore.open(settings.database)
    await store.close()


if __name__ == "__main__":
    main()
