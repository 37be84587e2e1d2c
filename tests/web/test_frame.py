"""What a bug looks like from outside: an id, and nothing of what went wrong."""

import httpx
import pytest
from fastapi import FastAPI
from starlette.middleware import Middleware

from record.errors import NotValid
from web import problems
from web.frame import Frame
from web.settings import Settings


def application() -> FastAPI:
    app = FastAPI(middleware=[Middleware(Frame, is_https=True)])
    app.state.settings = Settings()
    problems.install(app)

    @app.get("/bug")
    async def bug() -> None:
        raise RuntimeError("canary in the cause")

    @app.get("/refused")
    async def refused() -> None:
        raise NotValid("some.code", status="told", extra=["fact"])

    return app


async def get(path: str) -> httpx.Response:
    transport = httpx.ASGITransport(application())
    async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
        return await client.get(path)


async def test_a_bug_is_answered_with_the_requests_id_and_no_word_more() -> None:
    answer = await get("/bug")
    told = answer.json()
    assert (answer.status_code, told["code"]) == (500, "web.internal")
    assert told["request"] == answer.headers["x-request-id"]
    assert told["request"] in told["detail"]
    assert "canary" not in answer.text


async def test_a_fact_never_stands_in_the_place_of_a_problems_own_member() -> None:
    told = (await get("/refused")).json()
    assert (told["status"], told["extra"]) == (422, ["fact"])


@pytest.mark.parametrize("path", ["/bug", "/refused", "/nothing"])
async def test_over_tls_browsers_are_told_to_stay_there(path: str) -> None:
    assert "max-age" in (await get(path)).headers["strict-transport-security"]
