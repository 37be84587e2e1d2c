"""The opening table 开标一览表 as a file for spreadsheets: what the hall shows, not a word more.

No cell can be a formula, whoever wrote what is in it.
"""

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from functools import partial
from typing import Any, Literal

import xlsxwriter
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from record.errors import NotFound, OutOfOrder
from web import texts
from web.deps import ProjectId, ServicesDep, Who, project_state
from web.downloads import EnvelopeName, SectionName
from web.file_names import saved_as
from web.moments import moment, named
from web.rendering import in_order, page_language
from web.rooms import EntranceDep, check_channels

router = APIRouter(tags=["files"])

Cell = str | int | Decimal
Row = list[Cell]
Say = Callable[..., str]
Facts = Mapping[str, Any]

BYTE_ORDER_MARK = "\ufeff"
"""Without it spreadsheets take a file of UTF-8 for something older."""
_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_NARROW, _WIDE, _AMOUNT = 12, 28, "#,##0.00"
_MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@router.get("/api/projects/{project}/sections/{section}/{envelope}/table.{form}")
async def opening_table(  # noqa: PLR0913, PLR0917 - FastAPI's parameters are the route's
    request: Request,
    services: ServicesDep,
    entrance: EntranceDep,
    who: Who,
    project: ProjectId,
    section: SectionName,
    envelope: EnvelopeName,
    form: Literal["csv", "xlsx"],
) -> Response:
    """Return the opening table as the hall has it, once the bidders are announced."""
    state = await project_state(services, project)
    await check_channels(services, state, who, ["hall"])
    view = (await entrance.hub.room(project)).projection.channel("hall").view
    terms = view.get("sections", {}).get(section)
    if terms is None:
        raise NotFound("opening.no_such_section", section=section)
    session = view.get("sessions", {}).get(f"{section}-{envelope}", {})
    if "announced" not in session:
        stage = session.get("stage", "lobby")
        raise OutOfOrder("opening.wrong_stage", stage=stage, wanted=["announced"])
    say: Say = partial(texts.say, page_language(request))
    rows = table(terms, session, say)
    run, heading = services.workers.run, say("Opening table")
    content = await (run(as_csv, rows) if form == "csv" else run(as_xlsx, rows, heading))
    number = view["project"]["number"]
    name = f"{heading} {number} {section}-{envelope} {named(services.clock.now())}.{form}"
    return Response(content, media_type=_MEDIA[form], headers=saved_as(name))


def table(terms: Facts, session: Facts, say: Say) -> list[Row]:
    """Return the table's rows, its head first.

    Args:
        terms: of the section, as the hall's view has them.
        session: the same view's session.
        say: in which language.
    """
    extra = [(one["field"], one["title"], one["kind"]) for one in terms.get("form", ())]
    head: Row = [
        say("No."),
        say("Bidder"),
        say("State"),
        f"{say('Price')} ({terms['currency']})",
        say("Price in words"),
        say("field price.rate"),
        say("field quality"),
        say("field duration_days"),
        say("field leader"),
        say("Security"),
        *(title for _, title, _ in extra),
        say("field remarks"),
        say("Read out at"),
        say("Bid"),
    ]
    bids = in_order(session.get("bids", {}))
    return [head, *(_row(bid, one, extra, say) for bid, one in bids)]


def as_csv(rows: Iterable[Row]) -> bytes:
    """Return rows as CSV that spreadsheets read rightly and never as a formula."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows([[_harmless(cell) for cell in row] for row in rows])
    return (BYTE_ORDER_MARK + text.getvalue()).encode()


def as_xlsx(rows: Iterable[Row], name: str) -> bytes:
    """Return rows as a workbook of one sheet; texts are stored as texts."""
    kept = io.BytesIO()
    book = xlsxwriter.Workbook(kept, {"in_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet(name[:31])
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    money = book.add_format({"num_format": _AMOUNT, "valign": "top"})
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(at, column, cell, wrapped if at else bold)
            else:
                sheet.write_number(at, column, cell, money if isinstance(cell, Decimal) else None)
    sheet.set_column(0, 0, _NARROW // 2)
    sheet.set_column(1, 1, _WIDE)
    sheet.set_column(2, 20, _NARROW + 4)
    sheet.freeze_panes(1, 2)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    book.close()
    return kept.getvalue()


def _row(bid: str, one: Facts, extra: list[tuple[str, str, str]], say: Say) -> Row:
    line: Facts = one.get("line", {})
    price: Facts = line.get("price", {})
    more: Facts = line.get("extra", {})
    return [
        one.get("n", ""),
        one.get("name", ""),
        _state(one, say),
        _money(price.get("amount")),
        line.get("words", price.get("capitals", "")),
        price.get("rate", ""),
        line.get("quality", ""),
        line.get("duration_days", ""),
        line.get("leader", ""),
        _security(line.get("security"), say),
        *(_extra(more.get(field), kind) for field, _, kind in extra),
        line.get("remarks", ""),
        moment(one["read_out"]) if "read_out" in one else "",
        bid,
    ]


def _state(one: Facts, say: Say) -> str:
    if "spoiled" in one:
        return say(
            "{field}: {problem}",
            field=say(f"outcome {one['spoiled']['blame']}"),
            problem=say(f"cause {one['spoiled']['cause']}"),
        )
    for name in ("confirmed", "read_out", "opened"):
        if name in one:
            return say(name.replace("_", " "))
    return say("sealed")


def _security(told: Facts | None, say: Say) -> str:
    if told is None:
        return ""
    parts = [say("given" if told["given"] else "not given")]
    if "amount" in told:
        parts.append(f"{_money(told['amount']):,}")
    return " ".join([*parts, told.get("form", "")]).strip()


def _extra(value: str | int | None, kind: str) -> Cell:
    if value is None:
        return ""
    return _money(value) if kind == "amount" and isinstance(value, int) else value


def _money(minor: int | None) -> Cell:
    return "" if minor is None else Decimal(minor).scaleb(-2)


def _harmless(cell: Cell) -> str:
    text = str(cell)
    is_text = isinstance(cell, str)
    return "'" + text if is_text and text.startswith(_BEGINS_A_FORMULA) else text
