"""The one form a container's headers have: POSIX ustar, every field but name and size fixed.

It must not take a time, an owner or a mode from anywhere, so a container is a function of what is
in it, and a reader can make each header again and compare.
"""

BLOCK = 512
SIZE_LIMIT = 8 << 30
"""A file is smaller than this: eleven octal digits."""
END = bytes(2 * BLOCK)
"""What follows the last file; nothing follows it."""

_NAME_BYTES = 100
_ZERO = b"0000000\0"


def header(name: str, size: int) -> bytes:
    """Return the block before a file."""
    encoded = name.encode("ascii")
    if not 0 < len(encoded) <= _NAME_BYTES or not 0 <= size < SIZE_LIMIT:
        raise ValueError("the name or the size has no place in a header")
    before = encoded.ljust(_NAME_BYTES, b"\0") + b"0000644\0" + _ZERO + _ZERO
    before += b"%011o\0" % size + b"00000000000\0"
    after = b"0" + bytes(100) + b"ustar\0" + b"00" + bytes(64) + _ZERO + _ZERO + bytes(167)
    checksum = sum(before) + 8 * ord(" ") + sum(after)
    return before + b"%06o\0 " % checksum + after


def padding(size: int) -> bytes:
    """Return the zeros between a file's end and the next block."""
    return bytes(-size % BLOCK)
