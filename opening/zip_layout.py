"""The fixed parts of a ZIP file, as APPNOTE.TXT has them; no rule of ours stands here."""

import struct

LOCAL_SIGNATURE = 0x04034B50
CENTRAL_SIGNATURE = 0x02014B50
END_SIGNATURE = 0x06054B50
END64_SIGNATURE = 0x06064B50
LOCATOR_SIGNATURE = 0x07064B50
DESCRIPTOR_SIGNATURE = 0x08074B50

LOCAL = struct.Struct("<IHHHHHIIIHH")
"""Signature, version, flags, method, time, date, CRC, sizes stored and real, name, extra."""
CENTRAL = struct.Struct("<IHHHHHHIIIHHHHHII")
"""The same after the version that made it; then comment, disk, attributes twice, offset."""
END = struct.Struct("<IHHHHIIH")
"""Signature, disk twice, count twice, length and offset of the directory, comment."""
END64 = struct.Struct("<IQHHIIQQQQ")
LOCATOR = struct.Struct("<IIQI")

STORED = 0
DEFLATED = 8
ENCRYPTED = 0x0001 | 0x0040 | 0x2000
DESCRIBED = 0x0008
DEFLATE_LEVEL = 0x0006
UTF8_NAME = 0x0800
PLAIN_VERSION = 20
ZIP64_VERSION = 45
FULL16 = 0xFFFF
FULL32 = 0xFFFFFFFF
ZIP64_EXTRA = 0x0001
UNICODE_PATH_EXTRA = 0x7075
DATE = 0x0021
"""1 January 1980: a package must not depend on when it was made."""


def zip64_field(*values: int) -> bytes:
    """Write the extra field that holds what 32 bits cannot."""
    return struct.pack(f"<HH{len(values)}Q", ZIP64_EXTRA, 8 * len(values), *values)
