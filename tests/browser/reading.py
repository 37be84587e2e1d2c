"""A committee whose first bid holds files of every kind, good and bad."""

import json
import struct
import zlib

from tests.browser.committee import RULE, Bench, Road
from tests.browser.pdf_files import ENCRYPTED, LINK, SCRIPT, SONG, pdf
from tests.browser.stage import FIRMS
from tests.opening.packages import build

MANY = 5_000


def png(width: int, height: int) -> bytes:
    """Return a picture of one colour."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = (b"\0" + b"\x30\x80\xc0" * width) * height
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


FILES = {
    "1-方案.pdf": pdf([f"page {n} of the method" for n in range(1, 13)], page=LINK),
    "2-中文.pdf": pdf(["施工组织设计"], font=SONG),
    "3-脚本.pdf": pdf(["scripts in here"], catalog=SCRIPT),
    "4-加密.pdf": pdf(["secret"], trailer=ENCRYPTED),
    "5-五千页.pdf": pdf([f"page {n}" for n in range(1, MANY + 1)]),
    "6-其实是文本.pdf": "<script>alert('canary')</script> 这是文本".encode(),
    "7-坏.pdf": b"%PDF-1.7\n" + b"not at all " * 200,
    "8-图.png": png(320, 200),
    "9-表.xlsx": b"PK\x03\x04" + bytes(100),
}
"""By name, in the order of the list."""


class Filed(Road):
    """The road, where the first bidder's package holds those files."""

    def offer(self, bidder: int) -> bytes:
        if bidder != 1:
            return super().offer(bidder)
        told = {"v": 1, "bidder": FIRMS["bidder-1"][1]}
        price = {"amount": 86_543_210_55, "currency": "CNY"}
        return build(FILES, json.loads(json.dumps({**told, "price": price})))


def filed() -> Bench:
    """Return a committee that is to review bids."""
    road = Filed(rule=RULE)
    road.ended()
    made = Bench(road)
    made.bind().convene()
    road.experts = list(made.people.values())
    return made.seated()
