"""Every checkpoint the log signed, in a file outside the database; it must not sign or judge one.

One line a checkpoint, `{"checkpoint": note}` in canonical JSON, appended and synced before anybody
is shown it. So a database that was put back to an earlier day meets a file that knows better.
A crash in the middle of a line leaves a tail without its end; nobody saw that checkpoint, and the
tail is cut off.
"""

import os
from pathlib import Path

from crypto import canonical

_TAIL = 256 << 10


class CheckpointFileInvalid(Exception):
    """The file's last line is whole and is not a checkpoint's line; somebody else wrote it."""


class CheckpointFile:
    """Appends notes to a file and tells the last one.

    Args:
        path: in a folder that exists; the file is made when it is not there.
    """

    def __init__(self, path: Path) -> None:
        is_new = not path.exists()
        self._file = path.open("a+b", buffering=0)
        self._end = self._file.seek(0, os.SEEK_END)
        try:
            self.last = self._read_last()
        except CheckpointFileInvalid:
            self._file.close()
            raise
        self._file.truncate(self._end)
        os.fsync(self._file.fileno())
        if is_new:
            _sync_folder(path.parent)

    def append(self, note: bytes) -> None:
        """Append a note; on return it is on disk. After an error it can be tried again."""
        line = canonical.dumps({"checkpoint": note.decode()}) + b"\n"
        self._file.truncate(self._end)
        written = 0
        while written < len(line):
            written += self._file.write(line[written:]) or 0
        os.fsync(self._file.fileno())
        self._end += len(line)
        self.last = note

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def _read_last(self) -> bytes | None:
        start = max(0, self._end - _TAIL)
        self._file.seek(start)
        tail = self._file.read(self._end - start) or b""
        whole = tail.rfind(b"\n") + 1
        self._end = start + whole
        lines = tail[:whole].splitlines()
        if not lines:
            if tail and start:
                raise CheckpointFileInvalid("no line ends in the last part of the file")
            return None
        try:
            value = canonical.loads(lines[-1])
        except canonical.NotCanonical as error:
            raise CheckpointFileInvalid("the last line is not canonical JSON") from error
        if not isinstance(value, dict) or not isinstance(value.get("checkpoint"), str):
            raise CheckpointFileInvalid("the last line is not a checkpoint's")
        return str(value["checkpoint"]).encode()


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
