"""Answers packed for the way, where a browser takes them so; what is in them it must not change.

Pages hold no secret that a request's own words could be guessed against by how long they are: no
token stands in one, sessions travel in cookies.
"""

import gzip
from collections.abc import Mapping

from starlette.datastructures import Headers
from starlette.responses import Response

LEAST = 1000
"""Shorter bodies are sent as they are, bytes."""
LEVEL = 6


def takes(accepted: str, packing: str) -> bool:
    """Tell whether an Accept-Encoding header names a packing.

    Source: RFC 9110 section 12.5.3; a weight of 0 says no, other weights are not compared.
    """
    for part in accepted[:400].lower().split(","):
        name, _, weight = part.strip().partition(";")
        if name.strip() == packing:
            return weight.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False


def packed(
    asked: Headers, body: bytes, media_type: str, headers: Mapping[str, str], status: int = 200
) -> Response:
    """Return an answer, packed if it is long enough and the asker takes it so."""
    vary = ", ".join(filter(None, (headers.get("vary"), "accept-encoding")))
    told = {**headers, "vary": vary}
    if len(body) >= LEAST and takes(asked.get("accept-encoding", ""), "gzip"):
        told["content-encoding"] = "gzip"
        body = gzip.compress(body, LEVEL, mtime=0)
    return Response(body, status, told, media_type)
