"""What a service that may not start says: one sentence for whoever runs it, and no traceback.

It must not decide whether it may start; the store and the sequencer do.
"""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from record.sequencer import LogBehind
from record.store import StoreLocked

_FAILED = "lifespan.startup.failed"
_WHAT_TO_DO = {
    StoreLocked: "End that process first; two at once would break the log.",
    LogBehind: "Bring back the newest database, or the folder of checkpoints that belongs to it.",
}


class Starting:
    """Hands everything to an application; only how its start fails is told in its place.

    Args:
        app: the application.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the application does."""
        if scope["type"] == "lifespan":
            await self._live(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _live(self, scope: Scope, receive: Receive, send: Send) -> None:
        held: Message | None = None

        async def tell(message: Message) -> None:
            nonlocal held
            if message["type"] == _FAILED:
                held = message
            else:
                await send(message)

        try:
            await self._app(scope, receive, tell)
        except (StoreLocked, LogBehind) as error:
            await send({"type": _FAILED, "message": sentence(error)})
            raise
        except BaseException:
            if held is not None:
                await send(held)
            raise


def sentence(error: StoreLocked | LogBehind) -> str:
    """Return why the service does not start, and what to do."""
    said = str(error)
    return f"The service does not start: {said}. {_WHAT_TO_DO[type(error)]}"
