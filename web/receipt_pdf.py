"""A receipt as a page to print; the receipt itself is attached, and is what proves.

It shows only what the receipt says, so whoever has the receipt may have the page.
"""

import asyncio
import io
import json
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import segno
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from crypto.canonical import loads
from crypto.fingerprint import characters, words
from crypto.receipts import CheckedReceipt, ReceiptInvalid, check_receipt
from opening.envelopes import payload
from opening.events import BidAdmitted
from opening.messages import Bid, BidParams
from record.errors import NotValid
from web import texts
from web.deps import ServicesDep, Who
from web.minutes import Say, compile_pdf, day, moment
from web.problems import language_of
from web.reading import check_media, read_body

router = APIRouter(tags=["proofs"])
LIMIT = 64 * 1024


@router.post("/api/receipt-page")
async def receipt_page(request: Request, services: ServicesDep, who: Who) -> Response:
    """Return the page of the receipt in the body, once the receipt is found to hold."""
    del who
    check_media(request)
    body = await read_body(request, LIMIT, services.settings.limits.body_time)
    keys = services.sequencer.log_key.encode(), services.sequencer.witness_key.encode()
    try:
        checked = await asyncio.to_thread(check_receipt, body, *keys)
    except ReceiptInvalid as error:
        raise NotValid("web.receipt_invalid") from error
    settings = services.settings
    printed = Printed(body, checked, settings.installation_name, settings.origin_text)
    page = await services.workers.run(render, printed, language_of(request), settings.fonts_dir)
    return Response(page, media_type="application/pdf")


@dataclass(frozen=True, slots=True)
class Printed:
    """A receipt that holds, and whose installation prints it."""

    body: bytes
    checked: CheckedReceipt
    installation: str
    origin: str

    @property
    def check(self) -> str:
        """Return the address of the page that checks it; the entry's hash alone is in it.

        A hash of a salted entry tells nothing, and what stands behind the # is sent nowhere.
        """
        return f"{self.origin}/check#{self.checked.leaf.hex()}"


def render(printed: Printed, language: texts.Language, fonts: Path) -> bytes:
    """Return the page of a receipt that holds, as PDF."""
    say: Say = partial(texts.say, language)
    checked = printed.checked
    data = {
        "lang": language[:2],
        "date": day(checked.cosigned_at * 1000),
        "installation": printed.installation,
        "check": printed.check,
        "labels": {
            "title": say("Receipt of a sealed bid"),
            "code": say("Code that leads to the page where this receipt is checked"),
            "scan": say("Scan the code, or open the address, to check this file in a browser:"),
            "note": say(
                "The receipt itself is attached to this file as receipt.json. It is checked "
                "offline, without this service: kaibiao receipt check receipt.json"
            ),
        },
        "rows": [*_bid_rows(checked, say), *_log_rows(checked, say)],
    }
    told = {"address": printed.check, "code": _code(printed.check)}
    return compile_pdf("receipt.typ", fonts, data, receipt=printed.body.decode(), **told)


def _code(address: str) -> str:
    """Return an address as a QR code, drawn as SVG."""
    drawn = io.BytesIO()
    segno.make(address, error="m", micro=False).save(drawn, kind="svg", border=2, xmldecl=False)
    return drawn.getvalue().decode()


def _bid_rows(checked: CheckedReceipt, say: Say) -> list[list[str]]:
    """Return what the receipt says of a bid; nothing where it is of another act."""
    entry = checked.entry
    rows = [[say("Project id"), str(entry["project"])]]
    if entry["type"] != "opening.bid_admitted":
        return rows
    event = BidAdmitted.model_validate_json(json.dumps(entry["body"]))
    bid = Bid.read(payload(event.envelope))
    params = BidParams.model_validate(loads(bid.params.encode()))
    key_id = bytes.fromhex(params.key_id)
    return [
        *rows,
        [say("Section"), f"{params.section} · {say('Envelope')} {params.envelope}"],
        [say("Bid"), params.bid],
        [say("Revision"), str(params.revision)],
        [say("Sealed file"), f"{bid.size:,} {say('bytes')}"],
        [say("Root of the sealed file"), bid.root],
        [say("Key in words"), f"{' '.join(words(key_id))} · {''.join(characters(key_id))}"],
    ]


def _log_rows(checked: CheckedReceipt, say: Say) -> list[list[str]]:
    at = checked.entry["at"]
    return [
        [say("Received"), moment(at if isinstance(at, int) else None)],
        [say("Witnessed"), moment(checked.cosigned_at * 1000)],
        [say("Place in the log"), f"{checked.index} / {checked.checkpoint.size}"],
    ]
