"""A place in an open file, for several who read it at once; it must not write."""

import os


class At:
    """A file that several read at once, each from a place of its own."""

    def __init__(self, handle: int) -> None:
        self._handle = os.dup(handle)
        self._place = 0

    def seek(self, offset: int, /) -> int:
        """Go to a place."""
        self._place = offset
        return offset

    def readinto(self, buffer: memoryview, /) -> int:
        """Fill a buffer from where it stands."""
        got = os.preadv(self._handle, [buffer], self._place)
        self._place += got
        return got

    def close(self) -> None:
        """Let the file go."""
        os.close(self._handle)
