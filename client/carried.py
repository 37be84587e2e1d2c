"""The offline sealer's file, carried to a machine with a line, and taken apart there.

It must not write anything but the two entries it knows, nor say whether the bid is good.
"""

import json
import shutil
import zipfile
from pathlib import Path

from client import durable
from client.errors import Unusable
from client.sealing import BID, SEALED
from opening.messages import Bid, BidParams

_MESSAGE_LIMIT = 1 << 20
"""The most bytes the message of a bid may have."""


def unpacked(path: Path, folder: Path) -> Path:
    """Take the file of the offline sealer apart, and return the folder of its bid.

    A folder is returned as it is; a file taken apart before is not taken apart again.

    Args:
        path: the file, or a folder that `kaibiao bidder seal` made.
        folder: under which the bid gets a folder of its own, named by its id.

    Raises:
        Unusable: it is no file of the offline sealer, or it is damaged.
    """
    if path.is_dir():
        return path
    try:
        with zipfile.ZipFile(path) as archive:
            return _take(archive, folder)
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise Unusable("this is no sealed bid of the offline sealer", path) from error


def _take(archive: zipfile.ZipFile, folder: Path) -> Path:
    if archive.getinfo(BID).file_size > _MESSAGE_LIMIT:
        raise ValueError("the message is too long")
    message = archive.read(BID)
    bid = Bid.read(json.loads(message)["bid"].encode())
    own = folder / BidParams.read(bid.params.encode()).bid
    own.mkdir(parents=True, exist_ok=True, mode=0o700)
    if (own / BID).exists():
        return own
    with archive.open(SEALED) as source, (own / SEALED).open("wb") as sink:
        shutil.copyfileobj(source, sink, 1 << 20)
        sink.flush()
        durable.sync_file(sink.fileno())
    # the message comes last: with it the folder is whole
    durable.write(own / BID, message)
    return own
