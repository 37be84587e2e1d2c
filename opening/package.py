"""The package inside a seal: a bidder's files, its bid form and their manifest, as one ZIP.

It must not unpack to a disk or hold a file in memory; whoever reads decides where bytes go.
"""

import hashlib
import io
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import BinaryIO, TypeAlias

from crypto import canonical
from crypto.canonical import JsonInput
from opening.package_reader import (
    FORM,
    FORM_LIMIT,
    MANIFEST,
    OpenedPackage,
    PackageFile,
    index_package,
    read_file,
    read_package,
)
from opening.package_rules import Limits, PackageCause, PackageInvalid, check_name
from opening.zip_reader import ZipEntry
from opening.zip_writer import ZipWriter

__all__ = [
    "FORM",
    "FORM_LIMIT",
    "MANIFEST",
    "Limits",
    "OpenedPackage",
    "PackageCause",
    "PackageFile",
    "PackageInvalid",
    "ZipEntry",
    "build_package",
    "index_package",
    "read_file",
    "read_package",
]

Source: TypeAlias = Path | BinaryIO
Progress: TypeAlias = Callable[[int], None]


def build_package(
    files: Iterable[tuple[str, Source]],
    bid_form: Mapping[str, JsonInput],
    sink: BinaryIO,
    progress: Progress | None = None,
) -> int:
    """Pack files into a sink and return the length of the package.

    Nothing is compressed: what is large in a bid is compressed already, and the same files give
    the same bytes everywhere.

    Args:
        files: name, relative with `/`, and a path or a seekable file, read to its end.
        bid_form: the value of bid-form.json.
        sink: seekable, written from where it stands.
        progress: told the bytes packed so far.

    Raises:
        PackageInvalid: a name is outside the rule, reserved, or there twice.
        ValueError: a file changed while it was packed.
    """
    sources: dict[bytes, Source] = {}
    for name, source in files:
        check_name(name)
        if name in {FORM, MANIFEST}:
            raise PackageInvalid("name", "reserved: " + name)
        if name.encode() in sources:
            raise PackageInvalid("duplicate", name)
        sources[name.encode()] = source
    sources[FORM.encode()] = io.BytesIO(canonical.dumps(bid_form))
    packer = _Packer(ZipWriter(sink), progress)
    listed = [packer.pack(name, sources[name]) for name in sorted(sources)]
    packer.pack(MANIFEST.encode(), io.BytesIO(canonical.dumps({"v": 1, "files": listed})))
    return packer.writer.finish()


class _Packer:
    """Packs one file after another and adds up what was packed."""

    def __init__(self, writer: ZipWriter, progress: Progress | None) -> None:
        self.writer = writer
        self._progress = progress
        self._packed = 0

    def pack(self, name: bytes, source: Source) -> dict[str, JsonInput]:
        """Pack a file and return its line of the manifest."""
        if isinstance(source, Path):
            with source.open("rb") as opened:
                return self.pack(name, opened)
        start = source.tell()
        size = source.seek(0, io.SEEK_END) - start
        source.seek(start)
        digest = hashlib.sha256()

        def see(piece: memoryview) -> None:
            digest.update(piece)
            self._packed += len(piece)
            if self._progress is not None:
                self._progress(self._packed)

        self.writer.add(name, source, size, see)
        return {"name": name.decode(), "sha256": digest.hexdigest(), "size": size}
