"""A receipt as a page to print; the receipt itself is attached, and is what proves.

It shows only what the receipt says, so whoever has the receipt may have the page.
"""

import asyncio
import json
from functools import partial
from pathlib import Path

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
    page = await services.workers.run(
        render, body, checked, language_of(request), services.settings.fonts_dir
    )
    return Response(page, media_type="application/pdf")


def render(body: bytes, checked: CheckedReceipt, language: texts.Language, fonts: Path) -> bytes:
    """Return the page of a receipt that holds, as PDF."""
    say: Say = partial(texts.say, language)
    data = {
        "lang": language[:2],
        "date": day(checked.cosigned_at * 1000),
        "labels": {
            "title": say("Receipt of a sealed bid"),
            "note": say(
                "The receipt itself is attached to this file as receipt.json. It is checked "
                "offline, without this service: kaibiao receipt check receipt.json"
            ),
        },
        "rows": [*_bid_rows(checked, say), *_log_rows(checked, say)],
    }
    return compile_pdf("receipt.typ", fonts, data, receipt=body.decode())


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
