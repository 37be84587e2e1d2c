"""Reads a package whole and checks every byte, or one file of a package that was checked before.

It must not unpack to a disk or hold a file in memory; whoever reads decides where bytes go.
"""

import hashlib
import zlib
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from types import TracebackType
from typing import Self, TypeAlias

from crypto import canonical
from crypto.canonical import JsonInput
from crypto.slices import fill
from opening.package_rules import Limits, PackageInvalid
from opening.zip_layout import STORED
from opening.zip_reader import (
    Directory,
    Seekable,
    ZipEntry,
    check_descriptor,
    inflate,
    read_at,
    read_directory,
    read_local_header,
)

FORM = "bid-form.json"
MANIFEST = "manifest.json"
FORM_LIMIT = 64 << 10
MANIFEST_LIMIT = 16 << 20

_BLOCK = 1 << 20
_DESCRIPTOR_BYTES = 24

Progress: TypeAlias = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class PackageFile:
    """A file of a package whose content was found to be what the manifest says."""

    name: str
    size: int
    sha256: str
    entry: ZipEntry


@dataclass(frozen=True, slots=True)
class OpenedPackage:
    """A package every byte of which was checked.

    Args:
        length: bytes of the package.
        sha256: hex hash of the package.
        manifest_sha256: hex hash of manifest.json.
        files: what the manifest lists, by name, the bid form included.
        bid_form: bid-form.json; None when it is larger than `FORM_LIMIT`, never a fault here.
    """

    length: int
    sha256: str
    manifest_sha256: str
    files: Mapping[str, PackageFile]
    bid_form: bytes | None


def read_package(
    reader: Seekable, limits: Limits | None = None, progress: Progress | None = None
) -> OpenedPackage:
    """Read a whole package once and check every byte of it, in constant memory.

    Args:
        reader: the package, seekable; a `SealedReader` or a file.
        limits: what it may hold.
        progress: told the bytes read so far.

    Raises:
        PackageInvalid: it is not as the rules want it.
    """
    directory = read_directory(reader, limits or Limits())
    names = {entry.name for entry in directory.entries}
    if MANIFEST not in names:
        raise PackageInvalid("manifest", "there is none")
    if FORM not in names:
        raise PackageInvalid("form", "there is none")
    with _Sweep(reader, progress) as sweep:
        found = {
            entry.name: _check_entry(sweep, entry, end) for entry, end in _with_ends(directory)
        }
        sha256 = sweep.finish(directory.length)
    manifest = found.pop(MANIFEST)
    files = {name: content.file() for name, content in found.items()}
    _check_manifest(manifest.kept, files)
    return OpenedPackage(directory.length, sha256, manifest.file().sha256, files, found[FORM].kept)


def index_package(reader: Seekable, limits: Limits | None = None) -> Mapping[str, ZipEntry]:
    """Return the entries of a package that was checked before, by name; reads the directory alone.

    Raises:
        PackageInvalid: the directory is not as the rules want it.
    """
    directory = read_directory(reader, limits or Limits())
    return {entry.name: entry for entry in directory.entries}


def read_file(reader: Seekable, entry: ZipEntry) -> Iterator[bytes]:
    """Give the content of one entry in pieces; the last comes only when size and checksum hold.

    Raises:
        PackageInvalid: the content is not what the directory says.
    """
    place = entry.offset

    def take(count: int) -> bytes:
        nonlocal place
        data = read_at(reader, place, count)
        place += count
        return data

    read_local_header(take, entry)
    crc = 0
    held = b""
    for piece in inflate(_stored_form(reader, place, entry.stored), entry):
        if held:
            yield held
        held = bytes(piece)
        crc = zlib.crc32(held, crc)
    if crc != entry.crc:
        raise PackageInvalid("content", "wrong checksum: " + entry.name)
    yield held


class _Content:
    """What is found out about one entry while its content passes by."""

    def __init__(self, entry: ZipEntry) -> None:
        self.entry = entry
        self.kept: bytes | None = None
        limit = {FORM: FORM_LIMIT, MANIFEST: MANIFEST_LIMIT}.get(entry.name, -1)
        if entry.size <= limit:
            self.kept = b""
        self._hash = hashlib.sha256()
        self._crc = 0

    def update(self, piece: memoryview) -> None:
        """See the next piece of the content."""
        self._hash.update(piece)
        self._crc = zlib.crc32(piece, self._crc)
        if self.kept is not None:
            self.kept += piece

    def check(self) -> None:
        """Refuse content whose checksum is not the directory's."""
        if self._crc != self.entry.crc:
            raise PackageInvalid("content", "wrong checksum: " + self.entry.name)

    def file(self) -> PackageFile:
        """Return the file as it was found."""
        return PackageFile(self.entry.name, self.entry.size, self._hash.hexdigest(), self.entry)


class _Sweep:
    """One pass over the package from its first byte to its last, hashing all of it on the way.

    The package's hash and an entry's are each made on a thread of their own, in order, while the
    next block is read and decrypted; a buffer is filled anew only when both are done with it.
    """

    def __init__(self, reader: Seekable, progress: Progress | None) -> None:
        self._reader = reader
        self._progress = progress
        self._hash = hashlib.sha256()
        self._hashing = ThreadPoolExecutor(1, "package")
        self._checking = ThreadPoolExecutor(1, "entry")
        self._buffers = [memoryview(bytearray(_BLOCK)) for _ in range(2)]
        self._tasks: list[list[Future[None]]] = [[], []]
        self._turn = 0
        self.place = 0
        reader.seek(0)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._hashing.shutdown()
        self._checking.shutdown()

    def pieces(self, count: int) -> Iterator[memoryview]:
        """Give the next bytes in blocks; each is good until the next."""
        while count:
            self._turn ^= 1
            self._wait()
            part = fill(self._reader, self._buffers[self._turn][:count])
            if not part:
                raise PackageInvalid("directory", "it ends too early")
            self._tasks[self._turn].append(self._hashing.submit(self._hash.update, part))
            count -= len(part)
            self.place += len(part)
            yield part
            if self._progress is not None:
                self._progress(self.place)

    def take(self, count: int) -> bytes:
        """Return the next bytes."""
        return b"".join(bytes(piece) for piece in self.pieces(count))

    def pass_to(self, content: _Content) -> None:
        """Let an entry's content see all of itself."""
        pieces = inflate(self.pieces(content.entry.stored), content.entry)
        if content.entry.method == STORED:
            for piece in pieces:
                self._tasks[self._turn].append(self._checking.submit(content.update, piece))
        else:
            for piece in pieces:
                content.update(piece)
        self._checking.submit(content.check).result()

    def finish(self, length: int) -> str:
        """Pass over the rest and return the hex hash of the whole package."""
        for _ in self.pieces(length - self.place):
            pass
        return self._hashing.submit(self._hash.hexdigest).result()

    def _wait(self) -> None:
        for task in self._tasks[self._turn]:
            task.result()
        self._tasks[self._turn].clear()


def _with_ends(directory: Directory) -> Iterator[tuple[ZipEntry, int]]:
    """Give each entry with the place it must end at: where the next begins, or the directory."""
    starts = [entry.offset for entry in directory.entries]
    return zip(directory.entries, [*starts[1:], directory.start], strict=True)


def _check_entry(sweep: _Sweep, entry: ZipEntry, end: int) -> _Content:
    if entry.offset != sweep.place:
        raise PackageInvalid("layout", "entries overlap or leave a gap: " + entry.name)
    read_local_header(sweep.take, entry)
    gap = end - sweep.place - entry.stored
    if not 0 <= gap <= _DESCRIPTOR_BYTES:
        raise PackageInvalid("layout", "entries overlap or leave a gap: " + entry.name)
    content = _Content(entry)
    sweep.pass_to(content)
    check_descriptor(sweep.take(gap), entry)
    return content


def _check_manifest(manifest: bytes | None, files: Mapping[str, PackageFile]) -> None:
    """Require the manifest to be the one text that lists what is there."""
    expected: list[JsonInput] = [
        {"name": name, "sha256": files[name].sha256, "size": files[name].size}
        for name in sorted(files, key=str.encode)
    ]
    if manifest != canonical.dumps({"v": 1, "files": expected}):
        raise PackageInvalid("manifest", "it does not list what is there")


def _stored_form(reader: Seekable, place: int, count: int) -> Iterator[memoryview]:
    buffer = memoryview(bytearray(min(_BLOCK, count)))
    while count:
        reader.seek(place)
        part = fill(reader, buffer[:count])
        if not part:
            raise PackageInvalid("directory", "it ends too early")
        yield part
        place += len(part)
        count -= len(part)
