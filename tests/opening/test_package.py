import hashlib
import io
import struct
import sys
import zipfile
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto import canonical
from crypto.canonical import JsonInput
from crypto.cobblestone import SealedReader, seal_stream
from opening.package import (
    FORM,
    FORM_LIMIT,
    MANIFEST,
    Limits,
    PackageInvalid,
    build_package,
    index_package,
    read_file,
    read_package,
)
from opening.zip_writer import ZipWriter, _central_record, _ending, _local_header
from tests.opening.packages import (
    BID_FORM,
    FILES,
    build,
    cause,
    foreign,
    line,
    manifest_of,
    patched,
    raw_zip,
    standard,
)

ZIP64 = pytest.param(
    True,
    marks=pytest.mark.skipif(
        sys.version_info < (3, 11, 4),
        reason="zipfile wrote the large field of a local header without announcing it",
    ),
)


def test_a_package_reads_back() -> None:
    data = build()
    found = read_package(io.BytesIO(data))
    assert found.length == len(data)
    assert found.sha256 == hashlib.sha256(data).hexdigest()
    assert found.bid_form == canonical.dumps(BID_FORM)
    every = {**FILES, FORM: canonical.dumps(BID_FORM)}
    assert found.manifest_sha256 == hashlib.sha256(manifest_of(every)).hexdigest()
    assert {name: (file.size, file.sha256) for name, file in found.files.items()} == {
        name: (len(content), hashlib.sha256(content).hexdigest()) for name, content in every.items()
    }


def test_the_standard_library_reads_the_same_package() -> None:
    with zipfile.ZipFile(io.BytesIO(build())) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [*sorted([*FILES, FORM], key=str.encode), MANIFEST]
        assert {name: archive.read(name) for name in FILES} == FILES


def test_the_same_files_give_the_same_bytes() -> None:
    turned = dict(reversed(FILES.items()))
    assert build() == build(turned)
    assert hashlib.sha256(build()).hexdigest() == (
        "c096410cff0e746b5ae45a9d5d2fc8394550a2e9503fdd4acc087238673b4c47"
    )


def test_files_are_packed_from_paths(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"content")
    sink = io.BytesIO(b"before")
    sink.seek(6)
    told: list[int] = []
    build_package([("x", tmp_path / "x")], BID_FORM, sink, told.append)
    assert sink.getvalue()[6:] == build({"x": b"content"})
    assert told == sorted(told)


NAMES = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\\/:"), min_size=1
).filter(lambda name: name not in {".", ".."} and len(name.encode()) < 200)


@given(st.dictionaries(NAMES, st.binary(max_size=2000), max_size=5), st.booleans())
def test_any_files_read_back(files: dict[str, bytes], piped: bool) -> None:  # noqa: FBT001 - drawn
    files.pop(FORM, None)
    files.pop(MANIFEST, None)
    for data in (build(files), foreign(files, piped=piped)):
        reader = io.BytesIO(data)
        found = read_package(reader)
        index = index_package(reader)
        for name, content in files.items():
            assert b"".join(read_file(reader, found.files[name].entry)) == content
            assert index[name] == found.files[name].entry


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize("piped", [False, True])
@pytest.mark.parametrize("zip64", [False, ZIP64])
def test_packages_of_other_programs_are_read(method: int, *, piped: bool, zip64: bool) -> None:
    files = {**FILES, "big.bin": bytes(range(256)) * 9000}
    data = foreign(files, method, piped=piped, zip64=zip64)
    reader = io.BytesIO(data)
    found = read_package(reader)
    assert found.sha256 == hashlib.sha256(data).hexdigest()
    for name, content in files.items():
        assert b"".join(read_file(reader, found.files[name].entry)) == content


def test_a_package_is_read_inside_its_seal() -> None:
    data = build({"big.bin": bytes(range(251)) * 9000})
    sink = io.BytesIO()
    body = seal_stream(io.BytesIO(data), sink, bytes(32), b"c", bytes(24), len(data))
    reader = SealedReader(sink, bytes(32), b"c", body.size)
    told: list[int] = []
    found = read_package(reader, progress=told.append)
    assert found.sha256 == hashlib.sha256(data).hexdigest()
    assert b"".join(read_file(reader, found.files["big.bin"].entry)) == bytes(range(251)) * 9000
    assert told[-1] == len(data)


BAD_NAMES = {
    "climbs": "../x",
    "climbs inside": "a/../x",
    "absolute": "/etc/passwd",
    "drive": "C:/x",
    "drive alone": "c:x",
    "backslash": "a\\b",
    "here": "./x",
    "empty part": "a//b",
    "folder": "a/",
    "nothing": "",
    "newline": "a\nb",
    "null": "a\x00b",
    "delete": "a\x7fb",
    "long": "标" * 342,
}


@pytest.mark.parametrize("name", BAD_NAMES.values(), ids=BAD_NAMES.keys())
def test_a_name_that_leaves_the_package_is_refused(name: str) -> None:
    assert cause(raw_zip([(name.encode(), b"x")])) == "name"
    with pytest.raises(PackageInvalid, match="name"):
        build({name: b"x"})


def test_a_name_that_is_not_utf_8_is_refused() -> None:
    assert cause(raw_zip([(b"\xff", b"x")])) == "name"
    with pytest.raises(PackageInvalid, match="name"):
        build({"\ud800": b"x"})
    marked = bytearray(raw_zip([("标".encode(), b"x")]))
    at = marked.index(b"PK\x01\x02")
    marked[at + 8 : at + 10] = bytes(2)
    assert cause(bytes(marked)) == "name"


@pytest.mark.parametrize("name", [FORM, MANIFEST])
def test_our_own_names_are_not_for_files(name: str) -> None:
    with pytest.raises(PackageInvalid, match="reserved"):
        build({name: b"x"})


def test_a_name_twice_is_refused() -> None:
    assert cause(standard([(b"x", b"1"), (b"x", b"2")])) == "duplicate"
    with pytest.raises(PackageInvalid, match="duplicate"):
        build_package([("x", io.BytesIO()), ("x", io.BytesIO())], BID_FORM, io.BytesIO())


def test_a_link_is_refused() -> None:
    assert cause(foreign({"x": b"/etc/passwd"}, mode=0o120777)) == "link"
    assert cause(foreign({"x": b""}, mode=0o040755)) == "link"


def test_encrypted_entries_and_other_methods_are_refused() -> None:
    good = standard([])
    assert cause(patched(good, 8, b"\x01\x08")) == "encrypted"
    assert cause(patched(good, 8, b"\x40\x08")) == "encrypted"
    assert cause(patched(good, 8, b"\x10\x08")) == "directory"
    assert cause(patched(good, 10, b"\x0c\x00")) == "method"
    assert cause(foreign({"x": b"y" * 100}, zipfile.ZIP_BZIP2)) == "method"


def test_a_bomb_is_refused_before_it_is_inflated() -> None:
    bomb = foreign({"x": bytes(5 << 20)})
    assert cause(bomb) == "ratio"
    assert cause(bomb, Limits(ratio=10_000, inflated=4 << 20)) == "size"
    parts = foreign({str(number): bytes(1 << 20) for number in range(4)})
    assert cause(parts, Limits(inflated=3 << 20)) == "size"
    assert cause(foreign({str(number): b"" for number in range(9)}), Limits(files=10)) == "count"


def test_a_bomb_that_lies_about_its_size_is_refused() -> None:
    content = {"x": bytes(3 << 20)}
    data = foreign(content)
    real = (3 << 20).to_bytes(4, "little")
    lied = data.replace(real, (1000).to_bytes(4, "little"))
    assert lied != data
    assert cause(lied) == "content"


def test_two_entries_on_the_same_bytes_are_refused() -> None:
    sink = io.BytesIO()
    sink.write(_local_header(b"x", 1) + b"1")
    crc = zlib.crc32(b"1")
    records = [_central_record(b"x", 1, crc, 0), _central_record(b"y", 1, crc, 0)]
    form = canonical.dumps(BID_FORM)
    for name, data in ((FORM.encode(), form), (MANIFEST.encode(), b"{}")):
        records.append(_central_record(name, len(data), zlib.crc32(data), sink.tell()))
        header = bytearray(_local_header(name, len(data)))
        header[14:18] = zlib.crc32(data).to_bytes(4, "little")
        sink.write(bytes(header) + data)
    at = sink.tell()
    directory = b"".join(records)
    sink.write(directory + _ending(4, len(directory), at))
    assert cause(sink.getvalue()) in {"layout", "directory"}


def test_bytes_that_belong_to_nothing_are_refused() -> None:
    good = build()
    assert cause(b"MZ" + good) == "directory"
    assert cause(good + b"\x00") == "directory"
    commented = good[:-2] + b"\x01\x00!"
    assert cause(commented) == "directory"
    at = good.index(b"PK\x01\x02")
    gap = good[:at] + bytes(4) + good[at:]
    moved = gap[:-6] + (at + 4).to_bytes(4, "little") + gap[-2:]
    assert cause(moved) == "layout"
    prefixed = shifted(good, b"#!/bin/sh\n")
    assert cause(prefixed) == "layout"


def shifted(data: bytes, prefix: bytes) -> bytes:
    """Put bytes before a ZIP and move every offset, as self-extracting archives do."""
    start = int.from_bytes(data[-6:-2], "little")
    directory = bytearray(data[start:])
    at = 0
    while directory[at : at + 4] == b"PK\x01\x02":
        offset = int.from_bytes(directory[at + 42 : at + 46], "little")
        directory[at + 42 : at + 46] = (offset + len(prefix)).to_bytes(4, "little")
        name, extra = struct.unpack_from("<HH", directory, at + 28)
        at += 46 + name + extra
    directory[-6:-2] = (start + len(prefix)).to_bytes(4, "little")
    return prefix + data[:start] + bytes(directory)


def test_a_descriptor_that_says_something_else_is_refused() -> None:
    data = foreign({"x": b"content"}, zipfile.ZIP_STORED, piped=True)
    at = data.index(b"PK\x07\x08")
    assert cause(data[: at + 4] + b"\x00\x00\x00\x00" + data[at + 8 :]) == "layout"


def test_a_header_that_differs_from_the_directory_is_refused() -> None:
    good = standard([(b"x", b"content")])
    for offset, value in ((0, b"PK\x05\x06"), (8, b"\x08\x00"), (14, b"abcd"), (22, b"\x01")):
        assert cause(patched(good, offset, value, b"PK\x03\x04")) == "directory"
    renamed = good.replace(b"bid-form.json", b"bid-farm.json", 1)
    assert cause(renamed) == "directory"


def test_content_with_another_checksum_is_refused() -> None:
    good = standard([(b"x", b"content")])
    assert cause(good.replace(b"content", b"c0ntent", 1)) == "content"
    with pytest.raises(PackageInvalid, match="content"):
        list(
            read_file(
                io.BytesIO(good.replace(b"content", b"c0ntent", 1)),
                index_package(io.BytesIO(good))["x"],
            )
        )


def test_deflated_data_that_goes_on_or_stops_early_is_refused() -> None:
    raw = zlib.compressobj(wbits=-15)
    content = b"content" * 50
    data = raw.compress(content) + raw.flush()
    for stored in (data + b"\x00", data[:-1], b"\xff" * 10, b""):
        name = b"x"
        sink = io.BytesIO()
        head = bytearray(_local_header(name, len(stored)))
        head[8:10] = b"\x08\x00"
        head[14:18] = zlib.crc32(content).to_bytes(4, "little")
        head[22:26] = len(content).to_bytes(4, "little")
        record = bytearray(_central_record(name, len(stored), zlib.crc32(content), 0))
        record[10:12] = b"\x08\x00"
        record[24:28] = len(content).to_bytes(4, "little")
        sink.write(bytes(head) + stored)
        sink.write(bytes(record) + _ending(1, len(record), len(head) + len(stored)))
        with pytest.raises(PackageInvalid, match="content"):
            list(read_file(sink, index_package(sink)["x"]))


def test_a_package_without_manifest_or_form_is_refused() -> None:
    assert cause(raw_zip([(b"x", b"y")])) == "manifest"
    assert cause(raw_zip([(MANIFEST.encode(), manifest_of({}))])) == "form"
    assert cause(raw_zip([])) == "manifest"


def listing(lines: list[JsonInput], **more: JsonInput) -> bytes:
    return canonical.dumps({"v": 1, "files": lines, **more})


FORM_LINE: JsonInput = line(FORM, canonical.dumps(BID_FORM))
X_LINE: dict[str, JsonInput] = line("x", b"y")

WRONG_MANIFESTS = {
    "not JSON": b"",
    "another version": canonical.dumps({"v": 2, "files": [FORM_LINE, X_LINE]}),
    "true for one": listing([FORM_LINE, X_LINE]).replace(b'"v":1', b'"v":true'),
    "one missing": listing([FORM_LINE]),
    "one too many": listing([FORM_LINE, X_LINE, line("z", b"")]),
    "another order": listing([X_LINE, FORM_LINE]),
    "another hash": listing([FORM_LINE, line("x", b"z")]),
    "another size": listing([FORM_LINE, {**X_LINE, "size": 2}]),
    "an unknown field": listing([FORM_LINE, X_LINE], more=1),
    "not canonical": listing([FORM_LINE, X_LINE]) + b"\n",
    "itself": listing([FORM_LINE, line(MANIFEST, b""), X_LINE]),
}


@pytest.mark.parametrize("manifest", WRONG_MANIFESTS.values(), ids=WRONG_MANIFESTS.keys())
def test_a_manifest_that_does_not_list_what_is_there_is_refused(manifest: bytes) -> None:
    assert cause(standard([(b"x", b"y")], manifest)) == "manifest"


def test_a_right_manifest_by_hand_is_taken() -> None:
    data = standard([(b"x", b"y")], listing([FORM_LINE, X_LINE]))
    assert set(read_package(io.BytesIO(data)).files) == {FORM, "x"}


def test_a_form_too_large_to_show_is_no_fault() -> None:
    form: dict[str, JsonInput] = {"v": 1, "remarks": "标" * FORM_LIMIT}
    found = read_package(io.BytesIO(build({}, form)))
    assert found.bid_form is None
    assert found.files[FORM].size > FORM_LIMIT


@given(st.data())
def test_a_flipped_bit_anywhere_is_found_or_harmless(data: st.DataObject) -> None:
    good = build()
    at = data.draw(st.integers(0, len(good) - 1))
    broken = good[:at] + bytes([good[at] ^ (1 << data.draw(st.integers(0, 7)))]) + good[at + 1 :]
    try:
        found = read_package(io.BytesIO(broken))
    except PackageInvalid:
        return
    assert found.sha256 != hashlib.sha256(good).hexdigest()
    whole = read_package(io.BytesIO(good))
    assert {n: f.sha256 for n, f in found.files.items()} == {
        n: f.sha256 for n, f in whole.files.items()
    }


@given(st.integers(0, 300), st.integers(0, 300))
def test_a_cut_package_is_refused(head: int, tail: int) -> None:
    good = build()
    cut = good[head : len(good) - tail]
    if cut != good:
        assert cause(cut) in {"directory", "layout", "name", "method", "encrypted"}


def test_a_file_that_changes_while_it_is_packed_stops_it() -> None:
    for size in (2, 4):
        with pytest.raises(ValueError, match="while it was packed"):
            ZipWriter(io.BytesIO()).add(b"x", io.BytesIO(b"abc"), size, lambda _: None)
