"""Uploads by clients that others wrote: tuspy and tus-js-client."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from tusclient.client import TusClient

from tests.needs import program
from tests.opening.world import PROJECT, SECTION
from tests.web import tender
from tests.web.scene import Scene, scene

SCRIPT = Path(__file__).with_name("upload.mjs")
PLACE = {"project": PROJECT, "section": SECTION, "envelope": "1"}
CONTENT = bytes(range(256)) * 2000 + b"end"


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with scene(tmp_path_factory.mktemp("clients")) as made:
        yield made


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "投标 文件.sealed"
    path.write_bytes(CONTENT)
    return path


@pytest.mark.parametrize("part", [100_000, 1 << 30])
def test_tuspy_uploads_a_file(up: Scene, file: Path, part: int) -> None:
    client = TusClient(up.service.url + "/api/uploads", headers=tender.headers(up.bidder))
    with file.open("rb") as content:
        uploader = client.uploader(file_stream=content, chunk_size=part, metadata=PLACE)
        uploader.upload()
    where = "/api/uploads/" + str(uploader.url).rsplit("/", 1)[1]
    assert up.offset(where) == len(CONTENT)
    assert up.content(where) == CONTENT


@pytest.mark.parametrize("part", [100_000, 1 << 30])
def test_tus_js_client_uploads_a_file(up: Scene, file: Path, part: int) -> None:
    node = program("node")
    told = {
        "endpoint": up.service.url + "/api/uploads",
        "file": str(file),
        "part": part,
        "headers": tender.headers(up.bidder),
        "metadata": PLACE,
    }
    done = subprocess.run(
        [node, str(SCRIPT), json.dumps(told)], capture_output=True, check=True, text=True
    )
    last = done.stdout.splitlines()[-1]
    assert last.startswith("done "), done.stdout
    where = "/api/uploads/" + last.rsplit("/", 1)[1]
    assert up.offset(where) == len(CONTENT)
    assert up.content(where) == CONTENT
