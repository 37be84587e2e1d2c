"""ZIP packages for the tests, as this project and as other programs write them."""

import hashlib
import io
import zipfile
from typing import Any

import pytest

from crypto import canonical
from crypto.canonical import JsonInput
from opening.package import (
    FORM,
    MANIFEST,
    Limits,
    PackageCause,
    PackageInvalid,
    build_package,
    read_package,
)
from opening.zip_writer import ZipWriter

BID_FORM: dict[str, JsonInput] = {"v": 1, "bidder": "甲建设有限公司"}
FILES = {
    "投标 文件.pdf": b"%PDF-1.7 " + bytes(3000),
    "技术标/施工组织设计.docx": bytes(range(256)) * 20,
    "a.txt": b"",
}


def build(files: dict[str, bytes] = FILES, form: dict[str, JsonInput] = BID_FORM) -> bytes:
    sink = io.BytesIO()
    length = build_package([(name, io.BytesIO(data)) for name, data in files.items()], form, sink)
    assert length == len(sink.getvalue())
    return sink.getvalue()


def line(name: str, data: bytes) -> dict[str, JsonInput]:
    return {"name": name, "sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}


def manifest_of(files: dict[str, bytes]) -> bytes:
    lines: list[JsonInput] = [line(name, files[name]) for name in sorted(files, key=str.encode)]
    return canonical.dumps({"v": 1, "files": lines})


class Unseekable(io.RawIOBase):
    """A sink like a pipe, which makes packers put descriptors behind the data."""

    def __init__(self) -> None:
        super().__init__()
        self.data = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.data += data
        return len(data)


def foreign(
    files: dict[str, bytes],
    method: int = zipfile.ZIP_DEFLATED,
    *,
    piped: bool = False,
    zip64: bool = False,
    mode: int = 0o100644,
) -> bytes:
    """Pack with the standard library, as another program would."""
    content = {FORM: canonical.dumps(BID_FORM), **files}
    content = {**content, MANIFEST: content.get(MANIFEST, manifest_of(content))}
    sink: Any = Unseekable() if piped else io.BytesIO()
    with zipfile.ZipFile(sink, "w", method) as archive:
        for name, data in content.items():
            info = zipfile.ZipInfo(name, (2026, 1, 2, 3, 4, 6))
            info.compress_type = method
            info.external_attr = mode << 16
            with archive.open(info, "w", force_zip64=zip64) as entry:
                entry.write(data)
    return bytes(sink.data) if piped else sink.getvalue()


def cause(data: bytes, limits: Limits | None = None) -> PackageCause:
    with pytest.raises(PackageInvalid) as caught:
        read_package(io.BytesIO(data), limits)
    return caught.value.cause


def raw_zip(entries: list[tuple[bytes, bytes]]) -> bytes:
    """Pack raw names and contents without any check."""
    sink = io.BytesIO()
    writer = ZipWriter(sink)
    for name, data in entries:
        writer.add(name, io.BytesIO(data), len(data), lambda _: None)
    writer.finish()
    return sink.getvalue()


def standard(extra: list[tuple[bytes, bytes]], manifest: bytes | None = None) -> bytes:
    form = (FORM.encode(), canonical.dumps(BID_FORM))
    named = {name.decode(errors="replace"): data for name, data in [form, *extra]}
    listed = manifest_of(named) if manifest is None else manifest
    return raw_zip([form, *extra, (MANIFEST.encode(), listed)])


def patched(data: bytes, offset: int, value: bytes, which: bytes = b"PK\x01\x02") -> bytes:
    at = data.index(which) + offset
    return data[:at] + value + data[at + len(value) :]
