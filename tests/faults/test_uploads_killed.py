"""R3: kill -9 of the service in the middle of uploads, gone on with by clients of others."""

import io
import json
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from tusclient.client import TusClient
from tusclient.exceptions import TusCommunicationError, TusUploadFailed

from crypto.slices import file_root
from tests.faults.counts import count
from tests.faults.process import PACE, ServiceProcess
from tests.needs import program
from tests.opening.parties import Party
from tests.opening.world import PROJECT, SECTION
from tests.web import tender
from tests.web.tender import FAR, Tender

pytestmark = pytest.mark.slow

MIB = 1 << 20
PART = 2 * MIB
KILLS = count(10, 1)
SIZE = 4 * MIB * (KILLS + 1) + 77_777
SCRIPT = Path(__file__).parent.parent / "web" / "upload.mjs"
PLACE = {"project": PROJECT, "section": SECTION, "envelope": "1"}


@pytest.fixture(scope="module")
def content() -> bytes:
    return b"".join(number.to_bytes(8) for number in range(SIZE // 8)) + bytes(SIZE % 8)


@pytest.fixture
def world() -> Tender:
    return Tender(deadline=FAR, changes={"max_size": 1 << 30}).open_up()


@pytest.fixture
def service(tmp_path: Path, world: Tender) -> Iterator[ServiceProcess]:
    with ServiceProcess(world.folder(tmp_path)) as running:
        yield running
        assert running.internal_errors() == []


class Killer(threading.Thread):
    """Kills the service each time so many more bytes have come, and starts it again."""

    def __init__(self, service: ServiceProcess) -> None:
        super().__init__(daemon=True)
        self._service = service
        self.kills: list[int] = []
        """How much of the upload was on disk at each kill."""

    def run(self) -> None:
        for number in range(KILLS):
            while (size := self._arrived()) < (number + 1) * 3 * MIB:
                if self._service.ended(PACE / 10):
                    return
            self._service.kill()
            self.kills.append(size)
            self._service.start()

    def _arrived(self) -> int:
        sizes = [path.stat().st_size for path in self._service.folder.glob("uploads/*/data")]
        return max(sizes, default=0)


def check(service: ServiceProcess, who: Party, url: str, content: bytes, killer: Killer) -> None:
    """See that the file is whole and that its root is right, read again and as it came."""
    killer.join(240)
    assert len(killer.kills) == KILLS
    assert all(0 < size < SIZE for size in killer.kills)
    where = "/api/uploads/" + url.rsplit("/", 1)[1]
    head = service.http.head(where, headers=tender.tus(who))
    assert head.headers["upload-offset"] == str(SIZE)
    kept = service.folder / "uploads" / where.rsplit("/", 1)[1]
    assert (kept / "data").read_bytes() == content
    measured = json.loads((kept / "measured.json").read_bytes())
    assert measured == {"size": SIZE, "root": file_root(io.BytesIO(content))[1].hex()}


@pytest.mark.timeout(600)
def test_tuspy_goes_on_after_every_kill(
    service: ServiceProcess, world: Tender, content: bytes
) -> None:
    who = world.bidder[1]
    client = TusClient(service.url + "/api/uploads", headers=tender.headers(who))
    uploader = client.uploader(file_stream=io.BytesIO(content), chunk_size=PART, metadata=PLACE)
    killer = Killer(service)
    uploader.set_url(uploader.create_url())
    killer.start()
    while uploader.offset < SIZE:
        try:
            uploader.upload_chunk()  # type: ignore[no-untyped-call]  # tuspy has no types
        except (TusUploadFailed, TusCommunicationError):
            uploader.offset = offset_again(uploader, killer)
    check(service, who, str(uploader.url), content, killer)


def offset_again(uploader: object, killer: Killer) -> int:
    """Ask how much is kept, until the service is there again."""
    while True:
        try:
            return int(uploader.get_offset())  # type: ignore[attr-defined]  # tuspy has no types
        except TusCommunicationError:
            killer.join(PACE)


@pytest.mark.timeout(600)
def test_tus_js_client_goes_on_after_every_kill(
    service: ServiceProcess, world: Tender, content: bytes, tmp_path: Path
) -> None:
    node = program("node")
    file = tmp_path / "投标.sealed"
    file.write_bytes(content)
    told = {
        "endpoint": service.url + "/api/uploads",
        "file": str(file),
        "part": PART,
        "headers": tender.headers(world.bidder[1]),
        "metadata": PLACE,
        "retries": [0] + [200] * 300,
    }
    killer = Killer(service)
    killer.start()
    done = subprocess.run(
        [node, str(SCRIPT), json.dumps(told)], capture_output=True, text=True, check=False
    )
    last = done.stdout.splitlines()[-1]
    assert last.startswith("done "), done.stdout + done.stderr
    check(service, world.bidder[1], last.split(" ")[1], content, killer)
