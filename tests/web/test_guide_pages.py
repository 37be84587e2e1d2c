"""The guides as pages: in the visitor's language, with their pictures, and nothing else of docs."""

import re
import struct
from collections.abc import Iterator
from typing import get_args

import httpx
import pytest

from tests.web.service import running
from web.pages_guides import GUIDES, Role, rendered

ROLES = get_args(Role)


@pytest.fixture(scope="module")
def http(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with running(tmp_path_factory.mktemp("guides")) as service:
        yield service.http


@pytest.mark.parametrize(
    ("language", "title"), [("zh-CN", "投标人指南"), ("en", "Guide for bidders")]
)
def test_every_guide_is_a_page_with_its_pictures(
    http: httpx.Client, language: str, title: str
) -> None:
    told = {"accept-language": language}
    assert title in http.get("/guide", headers=told).text
    for role in ROLES:
        answer = http.get(f"/guide/{role}", headers=told)
        assert answer.status_code == 200
        assert "**" not in answer.text
        pictures = re.findall(r'<img src="([^"]+)"', answer.text)
        assert pictures
        for where in pictures:
            assert http.get(where).headers["content-type"] == "image/png"
        for where in re.findall(r'href="(/guide/[^"]+)"', answer.text):
            assert http.get(where).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/guide/nobody",
        "/guide/..%2Fthreats",
        "/guide/pictures/zh/texts.json",
        "/guide/pictures/zh/bidder-nothing.png",
        "/guide/pictures/fr/bidder-words.png",
        "/guide/pictures/zh/..%2Fbidder.md",
    ],
)
def test_nothing_else_is_served(http: httpx.Client, path: str) -> None:
    assert http.get(path).status_code in {404, 422}


def test_html_in_a_guide_is_text() -> None:
    shown = rendered("# A\n\n<script>x</script> [b](public.md)\n\n![c](pictures/d-e.png)\n", "zh")
    assert "<script" not in shown
    assert 'href="/guide/public"' in shown
    assert 'src="/guide/pictures/zh/d-e.png"' in shown


def test_a_picture_has_its_room_before_it_is_loaded() -> None:
    path = GUIDES / "zh" / "pictures" / "bidder-words.png"
    shown = rendered(f"![the words](pictures/{path.name})", "zh")
    width, height = (int(side) for side in re.findall(r'(?:width|height)="(\d+)"', shown))
    assert path.read_bytes()[16:24] == struct.pack(">2I", width, height)
    assert 'loading="lazy"' in shown
