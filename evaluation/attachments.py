"""What a bidder may attach to its answer, and what of it has to be there; pure.

The bytes are measured by the service; here they are compared with what the bidder signed. It must
not look into a file.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final, Literal

from evaluation.messages import Attached
from record.errors import NotFound, NotValid
from record.rules import StoredAttachment

MIB: Final = 1 << 20
MOST: Final = 10
"""Attachments of one answer."""
LARGEST: Final = 20 * MIB
"""One attachment, bytes."""
TOGETHER: Final = 50 * MIB
"""All attachments of one answer, bytes."""
Kind = Literal["pdf", "png", "jpeg", "text"]
ENDINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "pdf": (".pdf",),
    "png": (".png",),
    "jpeg": (".jpg", ".jpeg"),
    "text": (".txt",),
}
"""How the names of each kind of file end."""
_NO_NAME: Final = frozenset('/\\:*?"<>|')


def check_attachments(attached: Sequence[Attached], stored: Iterable[StoredAttachment]) -> None:
    """Check what is attached to an answer against the limits and against what lies on disk.

    Refusals: clarification.too_many_attachments, clarification.attachment_name,
    clarification.attachment_twice, clarification.attachment_too_large,
    clarification.attachments_too_large, clarification.attachment_missing,
    clarification.attachment_kind.
    """
    if len(attached) > MOST:
        raise NotValid("clarification.too_many_attachments", most=MOST, count=len(attached))
    _check_names([one.name for one in attached])
    for one in attached:
        check_size(one.size)
    if sum(one.size for one in attached) > TOGETHER:
        raise NotValid("clarification.attachments_too_large", most=TOGETHER)
    there = {one.sha256: one for one in stored}
    for one in attached:
        found = there.get(one.sha256)
        if found is None or found.size != one.size:
            raise NotFound("clarification.attachment_missing", name=one.name)
        if not one.name.casefold().endswith(ENDINGS.get(found.kind, ())):
            raise NotValid("clarification.attachment_kind", name=one.name)


def check_size(size: int) -> None:
    """Check the size of one attachment, bytes.

    Refusals: clarification.attachment_too_large.
    """
    if size > LARGEST:
        raise NotValid("clarification.attachment_too_large", most=LARGEST)


def is_safe(name: str) -> bool:
    """Tell whether a name is one of a file alone, on any system, and as it looks."""
    return (
        name.isprintable()
        and name == name.strip()
        and not name.startswith(".")
        and not set(name) & _NO_NAME
        and name.casefold().endswith(tuple(end for ends in ENDINGS.values() for end in ends))
    )


def _check_names(names: Collection[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if not is_safe(name):
            raise NotValid("clarification.attachment_name", name=name)
        if name.casefold() in seen:
            raise NotValid("clarification.attachment_twice", name=name)
        seen.add(name.casefold())
