"""Who reads pages is told by a page that something is not there; who reads JSON by a problem."""

from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from record.store import StoreAway
from tests.web.service import running, settings
from web import rendering
from web.app import create_app

PERSON = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8", "accept-language": "zh-CN"}


@pytest.fixture
def app(tmp_path: Path) -> FastAPI:
    app = create_app(settings(tmp_path))

    @app.get("/bug")
    async def bug() -> None:
        raise RuntimeError("canary in the cause")

    @app.get("/away")
    async def away() -> None:
        raise StoreAway("canary in the cause")

    return app


async def get(app: FastAPI, path: str, **headers: str) -> httpx.Response:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:1") as client:
        return await client.get(path, headers=headers)


@pytest.mark.parametrize("path", ["/nothing", "/join/nothing"])
async def test_an_unknown_address_is_told_as_a_page(app: FastAPI, path: str) -> None:
    answer = await get(app, path, **PERSON)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "<h1>找不到</h1>" in answer.text


@pytest.mark.parametrize(("path", "accept"), [("/nothing", "*/*"), ("/api/nothing", "text/html")])
async def test_programs_are_told_a_problem(app: FastAPI, path: str, accept: str) -> None:
    answer = await get(app, path, accept=accept)
    assert (answer.status_code, answer.json()["code"]) == (404, "web.no_such_page")


async def test_a_bug_is_told_as_a_page_with_the_requests_id(app: FastAPI) -> None:
    answer = await get(app, "/bug", **PERSON)
    assert answer.status_code == 500
    assert answer.headers["x-request-id"] in answer.text
    assert "<main" in answer.text
    assert "canary" not in answer.text


async def test_a_database_that_is_away_is_told_as_a_page_and_programs_may_ask_again(
    app: FastAPI,
) -> None:
    answer = await get(app, "/away", **PERSON)
    assert answer.status_code == 503
    assert "<h1>暂时不能</h1>" in answer.text
    assert "数据库暂时没有响应" in answer.text
    assert "canary" not in answer.text
    answer = await get(app, "/away", accept="*/*")
    assert (answer.status_code, answer.json()["code"]) == (503, "record.store_away")
    assert answer.headers["retry-after"] == "1"


async def test_a_bug_in_the_page_itself_is_a_problem(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rendering, "environment", lambda: None)
    answer = await get(app, "/bug", **PERSON)
    assert (answer.status_code, answer.json()["code"]) == (500, "web.internal")
    assert answer.json()["request"] == answer.headers["x-request-id"]


async def test_an_address_that_cannot_be_is_not_there(app: FastAPI) -> None:
    answer = await get(app, "/texts/fr/1/hall.json", **PERSON)
    assert answer.json()["code"] == "web.request_malformed"
    answer = await get(app, "/language/fr", **PERSON)
    assert answer.status_code == 404
    assert "<h1>找不到</h1>" in answer.text


@pytest.mark.parametrize("path", ["/nothing", "/admin/people/nobody", "/public/" + "0" * 32])
def test_whoever_is_signed_in_does_not_look_signed_out(tmp_path: Path, path: str) -> None:
    with running(tmp_path) as service:
        cookie = f"kaibiao={service.first().token}"
        told = service.http.get(path, headers=PERSON | {"cookie": cookie})
        assert told.status_code == 404
        assert "退出登录" in told.text
        wrong = service.http.get(path, headers=PERSON | {"cookie": "kaibiao=nothing"})
        assert "退出登录" not in wrong.text
