"""What tests look for inside a PDF, without a library that reads PDFs."""

import re
import subprocess
import zlib
from collections.abc import Iterator

from tests.needs import program

_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)


def streams(pdf: bytes) -> Iterator[bytes]:
    """Return every stream of a PDF as it is, and inflated where it is deflated."""
    for found in _STREAM.finditer(pdf):
        yield found[1]
        try:
            yield zlib.decompressobj().decompress(found[1])
        except zlib.error:
            continue


def has_attached(pdf: bytes, content: bytes) -> bool:
    """Tell whether exactly these bytes are embedded."""
    return any(stream == content for stream in streams(pdf))


def metadata(pdf: bytes) -> str:
    """Return the XMP metadata."""
    return next(s.decode() for s in streams(pdf) if b"<x:xmpmeta" in s or b"<rdf:RDF" in s)


def is_archival(pdf: bytes) -> bool:
    """Tell whether a PDF says of itself that it is PDF/A-3a."""
    told = metadata(pdf)
    part = re.search(r"pdfaid:part(?:>|=\")(\d)", told)
    level = re.search(r"pdfaid:conformance(?:>|=\")(\w)", told)
    return part is not None and level is not None and (part[1], level[1]) == ("3", "A")


def text(pdf: bytes) -> str:
    """Return what a reader sees, without blanks."""
    return "".join(pages(pdf))


def pages(pdf: bytes) -> list[str]:
    """Return what a reader sees on each page, without blanks."""
    done = subprocess.run(
        [program("pdftotext"), "-", "-"], input=pdf, capture_output=True, check=True
    )
    return ["".join(page.split()) for page in done.stdout.decode().split("\f")]
