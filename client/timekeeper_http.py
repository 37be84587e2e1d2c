"""The timekeeper's one address: where the log asks for cosignatures. It must not serve else.

It listens on the loopback unless told otherwise; what it answers are public signatures.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, MutableMapping
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import uvicorn

from client.errors import Unusable
from client.witness import Answer, Witness

BODY_LIMIT = 256 << 10
_Message = MutableMapping[str, Any]
_Receive = Callable[[], Awaitable[_Message]]
_Send = Callable[[_Message], Awaitable[None]]


def application(witness: Witness) -> Callable[[_Message, _Receive, _Send], Awaitable[None]]:
    """Return the ASGI application of a witness."""

    async def answer(scope: _Message, receive: _Receive, send: _Send) -> None:
        if scope["type"] != "http":
            return
        found = await _route(witness, scope, receive)
        headers = [(b"content-type", found.content_type.encode())]
        start = {"type": "http.response.start", "status": found.status, "headers": headers}
        await send(start)
        await send({"type": "http.response.body", "body": found.body})

    return answer


@asynccontextmanager
async def serving(witness: Witness, host: str, port: int) -> AsyncIterator[None]:
    """Answer the log while this is entered.

    Raises:
        Unusable: the address cannot be listened on.
    """
    config = uvicorn.Config(
        application(witness),
        host=host,
        port=port,
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
    )
    server = _Server(config)
    task = asyncio.create_task(server.serve())
    try:
        while not server.started:
            if task.done():
                raise Unusable("the timekeeper cannot listen on its address", f"{host}:{port}")
            await asyncio.sleep(0.01)
        yield
    finally:
        server.should_exit = True
        await asyncio.gather(task, return_exceptions=True)


class _Server(uvicorn.Server):
    """A server that leaves signals to the process it is part of."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


async def _route(witness: Witness, scope: _Message, receive: _Receive) -> Answer:
    if scope["path"] != "/add-checkpoint":
        return Answer(404, b"no such address\n")
    if scope["method"] != "POST":
        return Answer(405, b"POST only\n")
    body = b""
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return Answer(400, b"cut short\n")
        body += message.get("body", b"")
        if len(body) > BODY_LIMIT:
            return Answer(413, b"too long\n")
        if not message.get("more_body"):
            return await witness.add_checkpoint(body)
