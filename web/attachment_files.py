"""The attachments of bidders' answers on disk; it judges no right and knows no deadline.

```
attachments/<clarification>/<sha256>    what a bidder brought for its answer, named by its hash
attachments/<clarification>/.<random>   what is on its way; gone at the next start
attachments/waiting/<project>.<clarification>   empty: something was brought that may be dropped
```

A question waits from before its first file is begun until it was swept: whoever sweeps looks at
those that wait and at nothing else, however many were answered. A file has its name by one rename,
once all of it is durable: a crash leaves it there whole or not at all. What an answer on the record
names is kept for good; `sweep` drops the rest of a question that has ended. Methods block: they run
in threads.
"""

import codecs
import hashlib
import os
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final, Protocol

from crypto.random import fresh
from evaluation.attachments import MOST, TOGETHER, Kind, check_size
from evaluation.state import Evaluation
from record.errors import NotFound, NotValid
from record.rules import StoredAttachment

UNUSED: Final = 2
"""How many times what one answer may hold a bidder may bring for a question."""
_HEAD: Final = 8
_SIGNATURES: Final[tuple[tuple[bytes, Kind], ...]] = (
    (b"%PDF-", "pdf"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
)
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
"""What stands in no plain text; tab, line feed, form feed and carriage return do."""


class Reserve(Protocol):
    """Knows how much of the disk must stay free."""

    def check_reserve(self, more: int) -> None:
        """Refuse what would use up the last of the disk."""


class AttachmentFiles:
    """The attachments of one installation.

    Args:
        folder: where they lie.
        reserve: asked whether there is room.
    """

    def __init__(self, folder: Path, reserve: Reserve) -> None:
        self._folder = folder
        self._reserve = reserve
        self._waiting = folder / "waiting"
        self._waiting.mkdir(parents=True, exist_ok=True)
        for left in folder.glob("*/.*"):
            left.unlink()

    def begin(self, project: str, clarification: str) -> "AttachmentDraft":
        """Begin to keep an attachment; it has no name before it is whole.

        Args:
            project: whose record knows the question.
            clarification: the question.

        Raises:
            NotValid: `clarification.attachments_full`, too much was brought for this question.
        """
        folder = self._of(clarification)
        (self._waiting / f"{project}.{clarification}").touch()
        _sync(self._waiting)
        folder.mkdir(exist_ok=True)
        _sync(self._folder)
        self.check_held(clarification, 0)
        return AttachmentDraft(self, clarification, folder)

    def check_held(self, clarification: str, more: int) -> None:
        """Check that there is room for more bytes, on the disk and of what a question may hold.

        Raises:
            NotValid: `clarification.attachments_full`.
        """
        self._reserve.check_reserve(more)
        sizes = [path.stat().st_size for path in self._all(clarification)]
        if len(sizes) > UNUSED * MOST or sum(sizes) + more > UNUSED * TOGETHER:
            raise NotValid("clarification.attachments_full", most=UNUSED * TOGETHER)

    def stored(self, clarification: str, sha256: str) -> Path | None:
        """Return where an attachment lies, None when it is not here."""
        path = self._of(clarification) / sha256
        return path if len(sha256) == 64 and path.exists() else None

    def measure(self, clarification: str, names: Iterable[str]) -> tuple[StoredAttachment, ...]:
        """Read attachments again from first byte to last; those that are what their name says."""
        found = (self._measured(clarification, one) for one in dict.fromkeys(names))
        return tuple(one for one in found if one is not None)

    def sweep(self, project: str, clarification: str, kept: Collection[str]) -> int:
        """Drop what no answer of an ended question names; returns how many files went.

        After a crash in between the question waits still, and is swept again.
        """
        gone = [path for path in self._all(clarification) if path.name not in kept]
        for path in gone:
            path.unlink(missing_ok=True)
        folder = self._of(clarification)
        if not kept and folder.exists() and not any(folder.iterdir()):
            folder.rmdir()
        (self._waiting / f"{project}.{clarification}").unlink(missing_ok=True)
        return len(gone)

    def waiting(self) -> Mapping[str, Sequence[str]]:
        """Return the questions for which something was brought since they were swept, by project.

        What lies there under another name is nobody's question.
        """
        found: dict[str, list[str]] = {}
        for path in sorted(self._waiting.iterdir()):
            project, _, clarification = path.name.partition(".")
            found.setdefault(project, []).append(clarification)
        return found

    def _measured(self, clarification: str, sha256: str) -> StoredAttachment | None:
        path = self.stored(clarification, sha256)
        if path is None:
            return None
        with path.open("rb") as data:
            kind = _kind(data.read(_HEAD))
            data.seek(0)
            digest = hashlib.file_digest(data, "sha256").hexdigest()
        return StoredAttachment(sha256, path.stat().st_size, kind) if digest == sha256 else None

    def _all(self, clarification: str) -> list[Path]:
        folder = self._of(clarification)
        return list(folder.iterdir()) if folder.exists() else []

    def _of(self, clarification: str) -> Path:
        if len(clarification) != 32 or not set(clarification) <= set("0123456789abcdef"):
            raise NotFound("clarification.not_found")
        return self._folder / clarification


def attachment_paths(files: AttachmentFiles, found: Evaluation) -> dict[str, Path | None]:
    """Return where everything lies that answers of an evaluation name, by its hash."""
    return {
        sha256: files.stored(one.clarification, sha256)
        for one in found.clarifications.values()
        for sha256 in one.brought
    }


class AttachmentDraft:
    """An attachment on its way in; looked at as it arrives.

    Args:
        files: asked whether there is room.
        clarification: the question it is for.
        folder: where it will lie.
    """

    def __init__(self, files: AttachmentFiles, clarification: str, folder: Path) -> None:
        self._files = files
        self._clarification = clarification
        self._folder = folder
        self._path = folder / f".{fresh(16).hex()}"
        self._data = self._path.open("xb", buffering=0)
        self._digest = hashlib.sha256()
        self._size = 0
        self._kind: Kind | None = None
        self._text = codecs.getincrementaldecoder("utf-8")()

    def write(self, block: bytes | bytearray) -> None:
        """Go on with the next bytes; the first ones are all there are, or at least eight.

        Raises:
            NotValid: `clarification.attachment_too_large`, `clarification.attachments_full`,
                `clarification.attachment_content`.
            NoRoom: `uploads.disk_full`.
        """
        self._size += len(block)
        check_size(self._size)
        self._files.check_held(self._clarification, len(block))
        self._look(bytes(block))
        self._digest.update(block)
        left = memoryview(block)
        while left:
            left = left[self._data.write(left) :]

    def keep(self) -> StoredAttachment:
        """Keep what was written; raises NotValid `clarification.attachment_content`."""
        if self._kind is None:
            raise NotValid("clarification.attachment_content")
        if self._kind == "text":
            self._read_text(b"", is_last=True)
        os.fsync(self._data.fileno())
        sha256 = self._digest.hexdigest()
        self._path.rename(self._folder / sha256)
        _sync(self._folder)
        return StoredAttachment(sha256, self._size, self._kind)

    def drop(self) -> None:
        """Drop what was not kept."""
        self._data.close()
        self._path.unlink(missing_ok=True)

    def _look(self, block: bytes) -> None:
        """Refuse bytes of no kind that is taken, as soon as that can be told."""
        self._kind = self._kind or _kind(block[:_HEAD])
        if self._kind == "text":
            self._read_text(block)

    def _read_text(self, block: bytes, *, is_last: bool = False) -> None:
        try:
            text = self._text.decode(block, is_last)
        except UnicodeDecodeError:
            raise NotValid("clarification.attachment_content") from None
        if _CONTROL.search(text):
            raise NotValid("clarification.attachment_content")


def _kind(head: bytes) -> Kind:
    return next((kind for begins, kind in _SIGNATURES if head.startswith(begins)), "text")


def _sync(folder: Path) -> None:
    number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
