"""The sealed files and tender documents on disk; it judges no right and knows no deadline.

```
uploads/<id>/about.json      whose it is and for what; written once
uploads/<id>/data            the bytes; the offset of an upload is the size of this file
uploads/<id>/measured.json   size and root, once the upload is whole
sealed/<root>                the sealed file of an admitted bid, named by its Merkle root
documents/<sha256>           tender documents and minutes, named by their hash
attachments/                 see `web.attachment_files`
```

Every step is one rename, so a crash leaves either the step before or the step after. A bid is
admitted on the record first and its file moved after; `recover` makes up for a crash in between.
Methods block: they run in threads. The same contract fits a store of objects: create with a
condition, append as parts, and copy to the final name.
"""

import contextlib
import errno
import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Lock
from typing import Self

from crypto.random import fresh
from crypto.slices import SliceTree, file_root
from record.errors import Busy, NotFound, NotValid, OutOfOrder
from record.rules import StoredFile
from web.attachment_files import AttachmentFiles
from web.settings import Limits


class NoRoom(Busy):
    """The disk, or the organisation's share of it, is full."""

    status = 507


class WrongOffset(OutOfOrder):
    """The part does not begin where the upload stands."""


@dataclass(frozen=True, slots=True)
class Upload:
    """What an upload is for; `length` in bytes, times in ms UTC."""

    upload: str
    account: str
    organisation: str
    project: str
    section: str
    envelope: int
    length: int
    created: int

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read what was written when the upload was created."""
        return cls(**json.loads((folder / "about.json").read_bytes()))


class Files:
    """The files of one installation.

    Args:
        folder: where they lie; one disk.
        limits: how much of it may be used.
    """

    def __init__(self, folder: Path, limits: Limits) -> None:
        self._limits = limits
        self._uploads = folder / "uploads"
        self._sealed = folder / "sealed"
        self._documents = folder / "documents"
        self._making = Lock()
        self._trees: dict[str, SliceTree] = {}
        self.attachments = AttachmentFiles(folder / "attachments", self)
        """What bidders attach to answers; each file for one question alone."""
        for made in (self._uploads, self._sealed, self._documents):
            made.mkdir(parents=True, exist_ok=True)
        for left in self._uploads.glob(".*"):
            shutil.rmtree(left)
        for left in self._documents.glob(".*"):
            left.unlink()

    # uploads

    def create(self, about: Upload) -> None:
        """Make room for an upload, or refuse.

        Raises:
            NoRoom: `uploads.quota`, `uploads.too_many`, `uploads.disk_full`.
        """
        with self._making, room():
            self._check_room(about)
            draft = self._uploads / f".{about.upload}"
            draft.mkdir()
            _write(draft / "about.json", json.dumps(asdict(about)).encode())
            _write(draft / "data", b"")
            _sync_folder(draft)
            draft.rename(self._uploads / about.upload)
            _sync_folder(self._uploads)

    def about(self, upload: str) -> Upload:
        """Return what an upload is for; NotFound `uploads.unknown`."""
        try:
            return Upload.read(self._folder(upload))
        except FileNotFoundError:
            raise NotFound("uploads.unknown") from None

    def offset(self, upload: str) -> int:
        """Return how many bytes of an upload are kept for good, wherever power may fail."""
        try:
            with (self._folder(upload) / "data").open("rb") as data:
                os.fsync(data.fileno())
                return os.fstat(data.fileno()).st_size
        except FileNotFoundError:
            raise NotFound("uploads.unknown") from None

    def part(self, about: Upload, offset: int, *, hashed: bool) -> "Part":
        """Open an upload for its next bytes, `hashed` when a checksum came with them.

        Raises:
            WrongOffset: `uploads.offset`, with the offset it stands at.
        """
        stands = self.offset(about.upload)
        if stands != offset:
            raise WrongOffset("uploads.offset", offset=stands)
        tree = self._trees.pop(about.upload, None)
        if tree is None or tree.size != offset:
            tree = SliceTree() if offset == 0 else None
        part = Part(self, self._folder(about.upload) / "data", about, offset, tree)
        if hashed:
            part.digest = hashlib.sha256()
        return part

    def keep_tree(self, upload: str, tree: SliceTree) -> None:
        """Remember the hashing of an unfinished upload, so that it need not be read again."""
        self._trees[upload] = tree

    def measure(self, upload: str) -> StoredFile:
        """Return size and root of a whole upload, reading it again only if it must.

        Raises:
            NotFound: `uploads.unknown`.
            OutOfOrder: `uploads.unfinished`, with offset and length.
        """
        folder, about = self._folder(upload), self.about(upload)
        with contextlib.suppress(FileNotFoundError):
            told = json.loads((folder / "measured.json").read_bytes())
            return StoredFile(told["size"], bytes.fromhex(told["root"]))
        size = self.offset(upload)
        if size != about.length:
            raise OutOfOrder("uploads.unfinished", offset=size, length=about.length)
        tree = self._trees.pop(upload, None)
        if tree is not None and tree.size == size:
            root = tree.root()
        else:
            with (folder / "data").open("rb", buffering=0) as data:
                size, root = file_root(data)
        told = json.dumps({"size": size, "root": root.hex()}).encode()
        with room():
            _write(folder / "measured.new", told)
        (folder / "measured.new").rename(folder / "measured.json")
        _sync_folder(folder)
        return StoredFile(size, root)

    def drop(self, upload: str) -> None:
        """Forget an upload and its bytes."""
        self._trees.pop(upload, None)
        gone = self._uploads / f".{upload}"
        with contextlib.suppress(FileNotFoundError):
            self._folder(upload).rename(gone)
            _sync_folder(self._uploads)
            shutil.rmtree(gone)

    def drop_expired(self, now: int) -> list[str]:
        """Drop every upload older than its age and return their ids."""
        old = [
            about.upload
            for about in self.uploads()
            if now >= about.created + self._limits.unfinished_age
        ]
        for upload in old:
            self.drop(upload)
        return old

    def uploads(self, organisation: str | None = None) -> Iterator[Upload]:
        """Return the uploads that wait to be finished or used."""
        for folder in sorted(self._uploads.glob("[0-9a-f]*")):
            with contextlib.suppress(FileNotFoundError):
                about = Upload.read(folder)
                if organisation in (None, about.organisation):
                    yield about

    # sealed files

    def adopt(self, upload: str, root: bytes) -> None:
        """Make a whole upload the sealed file of an admitted bid; doing it twice is once."""
        kept = self._sealed / root.hex()
        if not kept.exists():
            (self._folder(upload) / "data").rename(kept)
            _sync_folder(self._sealed)
        self.drop(upload)

    def recover(self, roots: Iterable[bytes]) -> None:
        """Adopt what a crash left behind: whole uploads with the root of an admitted bid.

        What was adopted and not dropped before the crash is dropped now.
        """
        for about in list(self.uploads()):
            if not (self._folder(about.upload) / "data").exists():
                self.drop(about.upload)
        wanted = {root for root in roots if not (self._sealed / root.hex()).exists()}
        for about in list(self.uploads()) if wanted else []:
            with contextlib.suppress(OutOfOrder, NotFound):
                measured = self.measure(about.upload)
                if measured.root in wanted:
                    self.adopt(about.upload, measured.root)

    def sealed(self, root: bytes) -> Path:
        """Return where the sealed file of an admitted bid lies, or would lie."""
        return self._sealed / root.hex()

    def remeasure(self, root: bytes) -> StoredFile | None:
        """Read a sealed file again from its first byte to its last; None when it is gone."""
        try:
            with self.sealed(root).open("rb", buffering=0) as data:
                return StoredFile(*file_root(data))
        except FileNotFoundError:
            return None

    # documents

    def begin_document(self) -> "Draft":
        """Begin to keep a document; it has no name before it is whole."""
        return Draft(self, self._documents, self._limits.tender_document)

    def keep_document(self, content: bytes) -> str:
        """Keep a document made by the service and return its SHA-256 in hex."""
        draft = self.begin_document()
        try:
            draft.write(content)
            return draft.keep()[1]
        finally:
            draft.drop()

    def document(self, sha256: str) -> Path | None:
        """Return where a document lies, None when it is not here."""
        path = self._documents / sha256
        return path if path.exists() else None

    # room

    def check_reserve(self, more: int) -> None:
        """Refuse what would use up the last of the disk; NoRoom `uploads.disk_full`."""
        if shutil.disk_usage(self._uploads).free - more < self._limits.disk_reserve:
            raise NoRoom("uploads.disk_full")

    def _check_room(self, about: Upload) -> None:
        own = list(self.uploads(about.organisation))
        if len(own) >= self._limits.unfinished_count:
            raise NoRoom("uploads.too_many", most=self._limits.unfinished_count)
        held = sum(upload.length for upload in own)
        if held + about.length > self._limits.unfinished_bytes:
            raise NoRoom("uploads.quota", held=held, most=self._limits.unfinished_bytes)
        promised = sum(self._missing(upload) for upload in self.uploads())
        self.check_reserve(promised + about.length)

    def _missing(self, upload: Upload) -> int:
        """Return how many bytes an upload still wants; none once its bid is admitted."""
        try:
            return upload.length - (self._folder(upload.upload) / "data").stat().st_size
        except FileNotFoundError:
            return 0

    def _folder(self, upload: str) -> Path:
        if len(upload) != 32 or not set(upload) <= set("0123456789abcdef"):
            raise NotFound("uploads.unknown")
        return self._uploads / upload


class Draft:
    """A document on its way in.

    Args:
        files: asked whether there is room.
        folder: where documents lie.
        most: the largest document taken, bytes.
    """

    def __init__(self, files: Files, folder: Path, most: int) -> None:
        self._files = files
        self._folder = folder
        self._most = most
        self._path = folder / f".{fresh(16).hex()}"
        self._data = self._path.open("xb")
        self._digest = hashlib.sha256()
        self._size = 0

    def write(self, block: bytes | bytearray) -> None:
        """Go on with the next bytes.

        Raises:
            NotValid: `documents.too_large`.
            NoRoom: `uploads.disk_full`.
        """
        self._size += len(block)
        if self._size > self._most:
            raise NotValid("documents.too_large", most=self._most)
        self._files.check_reserve(len(block))
        self._digest.update(block)
        with room():
            self._data.write(block)

    def keep(self) -> tuple[int, str]:
        """Keep what was written for good; returns its size and SHA-256 in hex."""
        with room():
            self._data.flush()
            os.fsync(self._data.fileno())
        self._path.rename(self._folder / self._digest.hexdigest())
        _sync_folder(self._folder)
        return self._size, self._digest.hexdigest()

    def drop(self) -> None:
        """Drop what was not kept."""
        self._data.close()
        self._path.unlink(missing_ok=True)


class Part:
    """One run of bytes appended to an upload; a context manager that never leaves a torn end.

    Args:
        files: whose hashing is kept for the next part.
        path: the file of bytes.
        about: the upload.
        offset: where the part begins.
        tree: the hashing so far, None when it must be made from disk later.
    """

    def __init__(
        self, files: Files, path: Path, about: Upload, offset: int, tree: SliceTree | None
    ) -> None:
        self._files = files
        self._about = about
        self._begin = offset
        self._tree = tree
        self._data = path.open("r+b", buffering=0)
        self._data.seek(offset)
        self.offset = offset
        self.digest: hashlib._Hash | None = None
        """The hash of what was written through this part, where one is asked for."""

    def write(self, *pieces: bytes) -> None:
        """Append pieces as they arrived; a few hundred at most, in one call of the system.

        Raises:
            NotValid: `uploads.too_long`, more bytes than the upload announced.
            NoRoom: `uploads.disk_full`.
        """
        size = sum(map(len, pieces))
        if self.offset + size > self._about.length:
            raise NotValid("uploads.too_long", length=self._about.length)
        self._files.check_reserve(size)
        with room():
            _write_all(self._data.fileno(), pieces)
        self.offset += size

    def flush(self) -> None:
        """Make what was written so far durable, while more is written."""
        with room():
            os.fdatasync(self._data.fileno())

    def hash(self, *pieces: bytes) -> None:
        """Go on hashing with pieces given to `write` too; on a thread of its own, in order."""
        for piece in pieces:
            if self.digest is not None:
                self.digest.update(piece)
            if self._tree is not None:
                self._tree.update(piece)

    def take_back(self) -> None:
        """Drop what was written through this part."""
        self._data.truncate(self._begin)
        self._tree = None
        self.offset = self._begin

    def close(self) -> int:
        """Make what was written durable and return the offset."""
        try:
            with room():
                os.fsync(self._data.fileno())
        finally:
            self._data.close()
        if self._tree is not None and self._tree.size == self.offset:
            self._files.keep_tree(self._about.upload, self._tree)
        return self.offset


@contextlib.contextmanager
def room() -> Iterator[None]:
    """Refuse with NoRoom `uploads.disk_full` where the disk has none left; a bug stays one."""
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
            raise NoRoom("uploads.disk_full") from error
        raise


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as made:
        made.write(content)
        made.flush()
        os.fsync(made.fileno())


def _write_all(number: int, pieces: Sequence[bytes]) -> None:
    """Write pieces behind one another, all of them."""
    left = [memoryview(piece) for piece in pieces if piece]
    while left:
        written = os.writev(number, left)
        while left and written >= len(left[0]):
            written -= len(left.pop(0))
        if written:
            left[0] = left[0][written:]


def _sync_folder(folder: Path) -> None:
    number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
