"""R7: a disk that is full refuses what it cannot keep, loses nothing, and goes on with room.

The disk is a small tmpfs. Mounting one takes root or sudo, as installing packages does.
"""

import contextlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from record.entries import GENESIS, check_entry
from tests import needs
from tests.faults.process import ServiceProcess
from tests.opening.world import PROJECT, SECTION
from tests.web import tender
from tests.web.tender import FAR, Tender

pytestmark = pytest.mark.slow

MIB = 1 << 20


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    options = f"size=16m,mode=700,uid={os.getuid()},gid={os.getgid()}"
    mount = needs.as_root("mount", "-t", "tmpfs", "-o", options, "tmpfs", folder)
    done = subprocess.run(mount, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.fail(f"no small disk could be mounted; run sudo -v first: {done.stderr}")
    yield folder
    subprocess.run(needs.as_root("umount", folder), check=True)


@pytest.fixture
def world() -> Tender:
    return Tender(deadline=FAR, changes={"max_size": 64 * MIB}).open_up()


@pytest.fixture
def service(disk: Path, world: Tender) -> Iterator[ServiceProcess]:
    with ServiceProcess(world.folder(disk / "data")) as running:
        yield running


@contextlib.contextmanager
def filled(disk: Path) -> Iterator[None]:
    """Fill the disk up to its last byte, for as long as the block."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (MIB, 4096, 512, 1):
            with contextlib.suppress(OSError):
                while True:
                    file.write(bytes(size))
    yield
    filler.unlink()


def ask(service: ServiceProcess, world: Tender, number: int) -> httpx.Response:
    body = {"type": "project.ask_question", "section": SECTION, "text": f"{number}? " * 300}
    return tender.command(service.http, world.bidder[1], body, f"q{number}")


def test_the_record_refuses_on_a_full_disk_and_goes_on_with_room(
    service: ServiceProcess, world: Tender, disk: Path
) -> None:
    assert ask(service, world, 0).status_code == 200
    answered, refused = [0], list[int]()
    with filled(disk):
        for number in range(1, 30):
            status = ask(service, world, number).status_code
            assert status in {200, 503, 507}
            (answered if status == 200 else refused).append(number)
        assert refused
        reading = service.http.get("/api/projects", headers=tender.headers(world.bidder[1]))
        assert reading.status_code == 200
    for number in refused:
        assert ask(service, world, number).status_code == 200
    for number in answered:
        assert ask(service, world, number).status_code == 200
    assert service.internal_errors() == []
    told = tender.read_record(service.folder)[len(world.record) :]
    assert sorted(stamp.command for _, stamp in told) == sorted(f"q{n}" for n in range(30))


def test_the_record_is_whole_after_a_full_disk_and_a_kill(
    service: ServiceProcess, world: Tender, disk: Path
) -> None:
    kept = {f"q{number}" for number in range(3) if ask(service, world, number).is_success}
    with filled(disk):
        kept |= {f"q{number}" for number in range(3, 20) if ask(service, world, number).is_success}
        service.kill()
    service.start()
    assert ask(service, world, 99).status_code == 200
    service.stop()
    told = tender.read_record(service.folder)[len(world.record) :]
    assert kept <= {stamp.command for _, stamp in told}
    head = GENESIS
    for entry in tender.entries_of(service.folder, PROJECT):
        check_entry(entry, head)
        head = entry.head


def test_an_upload_stops_on_a_full_disk_and_goes_on_with_room(
    service: ServiceProcess, world: Tender, disk: Path
) -> None:
    who, content = world.bidder[1], bytes(range(256)) * (6 * MIB // 256)
    where = tender.place_of(tender.create(service.http, who, len(content)))
    assert tender.patch(service.http, who, where, 0, content[:MIB]).status_code == 204
    with filled(disk):
        answer = tender.patch(service.http, who, where, MIB, content[MIB:])
        assert (answer.status_code, answer.json()["code"]) == (507, "uploads.disk_full")
        kept = offset(service, world, where)
        assert MIB <= kept < len(content)
        assert tender.create(service.http, who, MIB).status_code == 507
    assert tender.patch(service.http, who, where, kept, content[kept:]).status_code == 204
    data = service.folder / "uploads" / where.rsplit("/", 1)[1] / "data"
    assert data.read_bytes() == content
    assert service.internal_errors() == []


def test_a_document_leaves_nothing_on_a_full_disk(
    service: ServiceProcess, world: Tender, disk: Path
) -> None:
    told = tender.headers(world.clerk)
    before = sorted((service.folder / "documents").iterdir())
    with filled(disk):
        answer = service.http.post("/api/documents", content=bytes(2 * MIB), headers=told)
        assert answer.status_code == 507
        assert sorted((service.folder / "documents").iterdir()) == before
    answer = service.http.post("/api/documents", content=bytes(2 * MIB), headers=told)
    assert answer.status_code == 201
    assert service.internal_errors() == []


def offset(service: ServiceProcess, world: Tender, where: str) -> int:
    answer = service.http.head(where, headers=tender.tus(world.bidder[1]))
    assert answer.status_code == 200
    return int(answer.headers["upload-offset"])
