"""The lock file beside a SQLite database: one service process a database.

The kernel lets go of it when the process ends, however it ends; the file itself means nothing.
"""

import fcntl
import os
from pathlib import Path
from typing import IO

from record.store import StoreLocked


class ProcessLock:
    """Holds a lock file until it is released or the process ends."""

    def __init__(self, path: Path) -> None:
        self._file: IO[bytes] = path.open("ab")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._file.close()
            msg = f"another process has this database open; its lock is {path}"
            raise StoreLocked(msg) from error
        os.set_inheritable(self._file.fileno(), False)

    def release(self) -> None:
        """Let another process have the database."""
        self._file.close()
