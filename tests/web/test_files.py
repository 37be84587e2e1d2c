import io
import os
from dataclasses import replace
from pathlib import Path

import pytest

from crypto.slices import file_root
from record.errors import NotFound, NotValid, OutOfOrder
from web.files import Files, NoRoom, Upload, WrongOffset
from web.settings import Limits

ID = "ab" * 16
MIB = 1 << 20
LIMITS = Limits(disk_reserve=1, unfinished_bytes=10 * MIB, unfinished_count=3)


def about(upload: str = ID, length: int = 3 * MIB + 7, organisation: str = "aa" * 16) -> Upload:
    return Upload(upload, "bo", organisation, "cc" * 16, "s1", 1, length, 1_000)


def write(files: Files, upload: Upload, offset: int, content: bytes) -> int:
    part = files.part(upload, offset, hashed=False)
    try:
        part.write(content)
        part.hash(content)
    finally:
        reached = part.close()
    return reached


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path, LIMITS)


def test_parts_add_up_to_the_file_and_its_root(files: Files) -> None:
    content = os.urandom(3 * MIB + 7)  # noqa: TID251 - a file like any other
    files.create(about())
    assert write(files, about(), 0, content[: MIB + 3]) == MIB + 3
    assert write(files, about(), MIB + 3, content[MIB + 3 :]) == len(content)
    measured = files.measure(ID)
    assert (measured.size, measured.root) == file_root(io.BytesIO(content))


def test_the_root_is_right_after_a_restart_in_the_middle(files: Files, tmp_path: Path) -> None:
    content = bytes(range(256)) * (3 * MIB // 256) + b"1234567"
    files.create(about())
    write(files, about(), 0, content[:MIB])
    again = Files(tmp_path, LIMITS)
    assert again.offset(ID) == MIB
    write(again, again.about(ID), MIB, content[MIB:])
    assert again.measure(ID).root == file_root(io.BytesIO(content))[1]
    assert Files(tmp_path, LIMITS).measure(ID) == again.measure(ID)


def test_a_part_that_begins_elsewhere_is_refused_and_told_where_the_upload_stands(
    files: Files,
) -> None:
    files.create(about())
    write(files, about(), 0, b"12345")
    with pytest.raises(WrongOffset) as refused:
        write(files, about(), 3, b"45")
    assert refused.value.facts == {"offset": 5}
    assert files.offset(ID) == 5


def test_a_file_longer_than_announced_is_cut_off_at_the_refusal(files: Files) -> None:
    files.create(about(length=4))
    with pytest.raises(NotValid):
        write(files, about(length=4), 0, b"12345")
    assert files.offset(ID) == 0


def test_a_part_taken_back_leaves_what_was_there_before(files: Files) -> None:
    files.create(about(length=8))
    write(files, about(length=8), 0, b"1234")
    part = files.part(about(length=8), 4, hashed=True)
    part.write(b"xxxx")
    part.take_back()
    assert part.close() == 4
    write(files, about(length=8), 4, b"5678")
    assert files.measure(ID).root == file_root(io.BytesIO(b"12345678"))[1]


def test_an_unfinished_upload_has_no_measure(files: Files) -> None:
    files.create(about(length=4))
    write(files, about(length=4), 0, b"12")
    with pytest.raises(OutOfOrder) as refused:
        files.measure(ID)
    assert refused.value.facts == {"offset": 2, "length": 4}


def test_an_organisation_has_its_share_and_no_more(files: Files) -> None:
    files.create(about("01" * 16, 6 * MIB))
    with pytest.raises(NoRoom) as refused:
        files.create(about("02" * 16, 5 * MIB))
    assert refused.value.code == "uploads.quota"
    files.create(about("03" * 16, 5 * MIB, organisation="bb" * 16))


def test_an_organisation_has_so_many_uploads_and_no_more(files: Files) -> None:
    for number in range(3):
        files.create(about(f"{number:032x}", 1))
    with pytest.raises(NoRoom) as refused:
        files.create(about("ff" * 16, 1))
    assert refused.value.code == "uploads.too_many"


def test_the_last_of_the_disk_is_never_given_away(tmp_path: Path) -> None:
    files = Files(tmp_path, Limits(disk_reserve=1 << 60))
    with pytest.raises(NoRoom) as refused:
        files.create(about(length=1))
    assert refused.value.code == "uploads.disk_full"
    assert list(files.uploads()) == []


def test_an_upload_expires_and_its_bytes_go(files: Files) -> None:
    files.create(about(length=4))
    write(files, about(length=4), 0, b"1234")
    end = 1_000 + LIMITS.unfinished_age
    assert files.drop_expired(end - 1) == []
    assert files.drop_expired(end) == [ID]
    with pytest.raises(NotFound):
        files.about(ID)


def test_adopting_twice_is_once(files: Files) -> None:
    files.create(about(length=4))
    write(files, about(length=4), 0, b"1234")
    root = files.measure(ID).root
    files.adopt(ID, root)
    files.adopt(ID, root)
    assert files.sealed(root).read_bytes() == b"1234"
    assert files.remeasure(root) is not None
    assert list(files.uploads()) == []


def test_a_crash_between_admission_and_move_is_made_up_for_at_the_start(
    files: Files, tmp_path: Path
) -> None:
    files.create(about(length=4))
    write(files, about(length=4), 0, b"1234")
    root = files.measure(ID).root
    again = Files(tmp_path, LIMITS)
    again.recover([root])
    assert again.sealed(root).read_bytes() == b"1234"


def test_a_crash_between_adopting_and_dropping_stops_nobody(files: Files, tmp_path: Path) -> None:
    files.create(about(length=5))
    write(files, about(length=5), 0, b"12345")
    root = files.measure(ID).root
    (tmp_path / "uploads" / ID / "data").rename(files.sealed(root))
    files.create(about("cd" * 16))
    again = Files(tmp_path, LIMITS)
    again.recover([root])
    assert [upload.upload for upload in again.uploads()] == ["cd" * 16]
    assert again.sealed(root).read_bytes() == b"12345"


def test_what_was_not_admitted_is_not_adopted(files: Files) -> None:
    files.create(about(length=4))
    write(files, about(length=4), 0, b"1234")
    files.measure(ID)
    files.recover([b"\x01" * 32])
    assert [upload.upload for upload in files.uploads()] == [ID]


def test_a_name_that_is_no_id_finds_nothing(files: Files) -> None:
    for name in ("..", "../sealed", "A" * 32, "ab" * 15, ""):
        with pytest.raises(NotFound):
            files.about(name)


def test_two_uploads_with_the_same_bytes_do_not_disturb_each_other(files: Files) -> None:
    other = replace(about(length=4), upload="cd" * 16)
    for upload in (about(length=4), other):
        files.create(upload)
        write(files, upload, 0, b"1234")
    root = files.measure(ID).root
    files.adopt(ID, root)
    assert files.measure(other.upload).root == root
    files.adopt(other.upload, root)
    assert files.sealed(root).read_bytes() == b"1234"


def test_a_document_is_named_by_its_hash(files: Files) -> None:
    name = files.keep_document(b"tender")
    path = files.document(name)
    assert path is not None
    assert path.read_bytes() == b"tender"
    assert files.keep_document(b"tender") == name


def test_a_document_that_is_too_large_leaves_nothing(tmp_path: Path) -> None:
    files = Files(tmp_path, Limits(disk_reserve=1, tender_document=3))
    draft = files.begin_document()
    with pytest.raises(NotValid):
        draft.write(b"1234")
    draft.drop()
    assert list((tmp_path / "documents").iterdir()) == []
