"""The packages of opened bids, read where they lie: decrypted as they are read, never unpacked.

Keys and directories are kept in memory, a few of them and for a while. It decides nothing about who
may read, and writes no byte of a bid in the clear.
"""

import asyncio
import hashlib
import json
import zlib
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, suppress
from dataclasses import InitVar, dataclass, field
from pathlib import Path
from typing import IO, Any, TypeVar

from crypto import sealing
from crypto.cobblestone import BodyInvalid, SealedReader
from opening.bodies import bid_cek
from opening.package_reader import MANIFEST, index_package, read_file
from opening.package_rules import PackageInvalid
from opening.stages import session_at
from opening.state import OpeningState
from opening.zip_layout import STORED
from opening.zip_reader import ZipEntry, read_at, read_local_header
from web.clock import Clock
from web.files import Files
from web.inflated import About, Inflated
from web.kinds import HEAD_BYTES, Kind, kind_of
from web.readers import Content, Idle, Readers, Unreadable
from web.workers import Workers

T = TypeVar("T")

PACKAGES = 64
"""How many packages' keys and directories are kept at a time."""
ENTRIES = 60_000
"""How many files those may list together."""
PIECE = 256 << 10
"""Bytes decrypted and answered at a time."""
MINUTE = 60_000
KEPT_FOR = 60 * MINUTE
"""How long a key, a directory or an inflated file is kept after it was last asked for, ms."""


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A file of an opened bid.

    Args:
        path: within the package, as the bidder named it.
        start: where its content begins in the package; of a deflated one, where that form does.
    """

    path: str
    size: int
    sha256: str
    kind: Kind
    entry: ZipEntry
    start: int


@dataclass(slots=True)
class OpenedPackage:
    """A package whose directory was read, and what opens it."""

    bid: str
    sealed: Path
    size: int
    cek: bytes = field(repr=False)
    context: bytes
    files: tuple[OpenedFile, ...] = ()
    used: int = 0
    readers: Readers = field(init=False)
    idle: InitVar[Idle] = field(kw_only=True)

    def __post_init__(self, idle: Idle) -> None:
        self.readers = Readers(self._begin, idle)

    def _begin(self) -> tuple[SealedReader, IO[bytes]]:
        try:
            source = self.sealed.open("rb", buffering=0)
        except FileNotFoundError:
            raise Unreadable("reading.lost") from None
        try:
            return SealedReader(source, self.cek, self.context, self.size), source
        except BodyInvalid:
            source.close()
            raise


class OpenedPackages:
    """The packages that are being read.

    Args:
        files: where sealed files lie.
        inflated: keeps what was deflated.
        workers: threads.
        clock: by which keys grow old.
    """

    def __init__(self, files: Files, inflated: Inflated, workers: Workers, clock: Clock) -> None:
        self.inflated = inflated
        self._files = files
        self._workers = workers
        self._clock = clock
        self._known: OrderedDict[str, OpenedPackage] = OrderedDict()
        self._doing: dict[object, asyncio.Task[Any]] = {}

    @property
    def known(self) -> frozenset[str]:
        """The bids whose keys and directories are kept."""
        return frozenset(self._known)

    async def package(self, state: OpeningState, bid: str) -> OpenedPackage:
        """Return the package of an opened bid with its directory.

        Raises:
            Unreadable: `reading.lost`, `reading.damaged`.
        """
        known = self._known.get(bid)
        if known is None:
            known = await self._once(bid, lambda: self._read(state, bid))
            self._known[bid] = known
        known.used = self._clock.now()
        self._known.move_to_end(bid)
        self._bound()
        return known

    async def content(self, package: OpenedPackage, n: int) -> Content:
        """Begin to read a file; whoever does closes it.

        Raises:
            Unreadable: `reading.lost`, `reading.damaged`, `reading.too_large`.
            Busy: `reading.no_room`.
        """
        wanted = package.files[n]
        if wanted.entry.method == STORED or not wanted.size:
            return await self._workers.run_reading(Content, package.readers, wanted.start)
        name, now = (package.bid, n), self._clock.now()
        while (found := self.inflated.readers(name, now)) is None:
            await self._once(name, lambda: self._inflate(package, n))
        return await self._workers.run_reading(Content, found, 0)

    def forget_old(self) -> None:
        """Forget keys, directories and inflated files nobody asked for of late."""
        before = self._clock.now() - KEPT_FOR
        for bid, one in list(self._known.items()):
            if one.used < before:
                self._known.pop(bid).readers.close()
        self.inflated.forget(before)

    async def close(self) -> None:
        """Wait for what is under way, and forget everything."""
        await asyncio.gather(*self._doing.values(), return_exceptions=True)
        for one in self._known.values():
            one.readers.close()
        self._known.clear()
        self.inflated.forget()

    async def _once(self, name: object, work: Callable[[], T]) -> T:
        """Do something slow in a thread, once for all who wait for it meanwhile."""
        task: asyncio.Task[Any] | None = self._doing.get(name)
        if task is None:
            task = asyncio.create_task(self._workers.run(work))
            self._doing[name] = task
            task.add_done_callback(lambda done: self._done(name, done))
        found: T = await asyncio.shield(task)
        return found

    def _done(self, name: object, task: asyncio.Task[Any]) -> None:
        del self._doing[name]
        if not task.cancelled():
            task.exception()  # where all who waited have gone, nobody else looks at it

    def _bound(self) -> None:
        entries = sum(len(one.files) for one in self._known.values())
        while len(self._known) > 1 and (len(self._known) > PACKAGES or entries > ENTRIES):
            _, gone = self._known.popitem(last=False)
            entries -= len(gone.files)
            gone.readers.close()

    def _read(self, state: OpeningState, bid: str) -> OpenedPackage:
        found = state.bids[bid]
        package = OpenedPackage(
            bid=bid,
            sealed=self._files.sealed(found.root),
            size=found.size,
            cek=bid_cek(state, bid),
            context=sealing.body_key_context(found.params, found.enc, found.ct),
            idle=self.inflated.idle,
        )
        manifest = session_at(state, found.place).opened[bid].manifest
        lent = package.readers.take()
        try:
            package.files = _listed(lent[0], manifest)
        except (BodyInvalid, PackageInvalid):
            raise Unreadable("reading.damaged") from None
        finally:
            lent[1].close()
        return package

    def _inflate(self, package: OpenedPackage, n: int) -> None:
        wanted = package.files[n]
        lent = package.readers.take()
        try:
            pieces = read_file(lent[0], wanted.entry)
            about = About(wanted.size, wanted.sha256)
            self.inflated.keep((package.bid, n), about, pieces, self._clock.now())
        finally:
            package.readers.give_back(lent)


class Slots:
    """How many files are read at once, by everybody and by one account; others wait their turn.

    Args:
        most: of everybody.
        each: of one account.
    """

    def __init__(self, most: int, each: int) -> None:
        self._all = asyncio.Semaphore(most)
        self._each = each
        self._by: dict[str, tuple[asyncio.Semaphore, list[int]]] = {}

    async def take(self, account: str, stack: AsyncExitStack) -> None:
        """Wait for a place; it is given back when the stack is left."""
        own, users = self._by.setdefault(account, (asyncio.Semaphore(self._each), [0]))
        users[0] += 1
        stack.callback(self._leave, account, users)
        await stack.enter_async_context(own)
        await stack.enter_async_context(self._all)

    def _leave(self, account: str, users: list[int]) -> None:
        users[0] -= 1
        if not users[0]:
            with suppress(KeyError):
                del self._by[account]


def _listed(reader: SealedReader, recorded: str) -> tuple[OpenedFile, ...]:
    """Return what a package lists, in the manifest's order; it must be the one that was opened."""
    entries = index_package(reader)
    told = b"".join(read_file(reader, entries[MANIFEST]))
    if hashlib.sha256(told).hexdigest() != recorded:
        raise PackageInvalid("manifest", "not the one that was opened")
    rows = json.loads(told)["files"]
    # by their place, so that neighbours are decrypted once
    order = sorted(rows, key=lambda row: entries[row["name"]].offset)
    found = {row["name"]: _file(reader, row, entries[row["name"]]) for row in order}
    return tuple(found[row["name"]] for row in rows)


def _file(reader: SealedReader, row: dict[str, str | int], entry: ZipEntry) -> OpenedFile:
    start = _start(reader, entry)
    head = read_at(reader, start, min(entry.stored, HEAD_BYTES))
    if entry.method != STORED:
        head = zlib.decompressobj(-zlib.MAX_WBITS).decompress(head, HEAD_BYTES)
    kind = kind_of(head, is_whole=len(head) == entry.size)
    return OpenedFile(entry.name, entry.size, str(row["sha256"]), kind, entry, start)


def _start(reader: SealedReader, entry: ZipEntry) -> int:
    """Return where the stored form of an entry begins, its header checked."""
    return entry.offset + read_local_header(_Next(reader, entry.offset), entry)


class _Next:
    """Takes what comes next in a package."""

    def __init__(self, reader: SealedReader, place: int) -> None:
        self._reader = reader
        self._place = place

    def __call__(self, count: int) -> bytes:
        """Return the next bytes."""
        data = read_at(self._reader, self._place, count)
        self._place += count
        return data


def pieces_of(begin: int, end: int) -> Iterator[tuple[int, int]]:
    """Give the pieces in which a span is read."""
    for at in range(begin, end, PIECE):
        yield at, min(end, at + PIECE)
