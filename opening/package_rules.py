"""What a package may be: its limits, its names, and the causes it is refused for.

It must not read anything; the readers ask it.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from opening.zip_layout import (
    DEFLATE_LEVEL,
    DEFLATED,
    DESCRIBED,
    ENCRYPTED,
    STORED,
    UTF8_NAME,
)

PackageCause: TypeAlias = Literal[
    "directory",
    "layout",
    "count",
    "size",
    "ratio",
    "name",
    "duplicate",
    "link",
    "encrypted",
    "method",
    "content",
    "manifest",
    "form",
]
"""Why a package is refused.

directory: the end, the directory or a header is not what the format says.
layout: entries overlap, leave gaps, or do not fill the file from its first byte.
count, size, ratio: more files, bytes or inflation than the limits allow.
name, duplicate, link: a name outside the rule, a name twice, an entry that is no plain file.
encrypted, method: an entry that is encrypted, or neither stored nor deflated.
content: data that does not inflate to its size and checksum.
manifest, form: manifest.json missing or not what is there; bid-form.json missing.
"""

NAME_BYTES = 1024

_DETAIL_LENGTH = 200
_REGULAR = (0o000000, 0o100000)


class PackageInvalid(ValueError):
    """A package that is not as the rules want it: the fault of whoever made it."""

    def __init__(self, cause: PackageCause, detail: str) -> None:
        detail = detail[:_DETAIL_LENGTH]
        super().__init__(f"{cause}: {detail}")
        self.cause: PackageCause = cause
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Limits:
    """What a package may hold.

    Args:
        files: entries, the manifest and the bid form included.
        inflated: bytes of all entries together.
        ratio: how many times larger than its stored form an entry may be, a megabyte aside.
    """

    files: int = 10_000
    inflated: int = 16 << 30
    ratio: int = 200


def check_name(name: str) -> None:
    """Refuse a name that leaves the package or that a reader could take for another.

    Raises:
        PackageInvalid: name.
    """
    try:
        length = len(name.encode())
    except UnicodeEncodeError as error:
        raise PackageInvalid("name", "not UTF-8") from error
    is_drive = name[:1].isascii() and name[:1].isalpha() and name[1:2] == ":"
    has_control = any(c < " " or c in "\x7f\\" for c in name)
    if length > NAME_BYTES or has_control or is_drive:
        raise PackageInvalid("name", repr(name[:100]))
    if any(part in {"", ".", ".."} for part in name.split("/")):
        raise PackageInvalid("name", repr(name[:100]))


def check_kind(name: str, flags: int, method: int, mode: int) -> None:
    """Refuse an entry that is not a plain file, stored or deflated, in the open.

    Args:
        name: for whoever reads the cause.
        flags: the general purpose flags.
        method: the number of the method.
        mode: the file's mode as Unix has it, 0 where the packer gave none.
    """
    if flags & ENCRYPTED:
        raise PackageInvalid("encrypted", name)
    if flags & ~(DESCRIBED | DEFLATE_LEVEL | UTF8_NAME):
        raise PackageInvalid("directory", "an unknown flag: " + name)
    if method not in {STORED, DEFLATED}:
        raise PackageInvalid("method", name)
    if mode & 0o170000 not in _REGULAR:
        raise PackageInvalid("link", name)
