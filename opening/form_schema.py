"""The bid form as a JSON Schema, published so that others can make forms.

It must not be what forms are judged by: `opening.bid_form` reads them, and a test holds the two
together. What no schema can say (capitals, the price limit) only the reading finds.
"""

import json
from typing import Any, TypeAlias

from opening.bid_form import FormTerms
from opening.form_checks import (
    AMOUNT_BOUND,
    CURRENCY,
    DATE,
    DAYS_LIMIT,
    DECIMAL,
    LINE_LENGTH,
    PROSE_LENGTH,
)

Schema: TypeAlias = dict[str, Any]

_LINE: Schema = {"type": "string", "minLength": 1, "maxLength": LINE_LENGTH, "pattern": r"\S"}
_PROSE: Schema = {**_LINE, "maxLength": PROSE_LENGTH}
_AMOUNT: Schema = {"type": "integer", "minimum": 0, "maximum": AMOUNT_BOUND - 1}
_KINDS: dict[str, Schema] = {
    "text": _PROSE,
    "amount": _AMOUNT,
    "integer": {**_AMOUNT, "minimum": 1 - AMOUNT_BOUND},
    "decimal": {"type": "string", "pattern": f"^{DECIMAL}$"},
    "date": {"type": "string", "pattern": f"^{DATE}$", "format": "date"},
}


def form_schema(terms: FormTerms) -> Schema:
    """Return the JSON Schema of the form that a section asks for."""
    properties: Schema = {
        "v": {"const": 1, "type": "integer"},
        "bidder": {**_LINE, "title": "投标人 Bidder"},
        **({"price": _price(terms)} if terms.priced else {}),
        "security": _object(
            "投标保证金 Bid security",
            {"given": {"type": "boolean"}, "amount": _AMOUNT, "form": _LINE},
            ["given"],
        ),
        "quality": {**_LINE, "title": "质量目标 Quality target"},
        "duration_days": {
            "type": "integer",
            "minimum": 1,
            "maximum": DAYS_LIMIT,
            "title": "工期 Time limit, days",
        },
        "leader": {**_LINE, "title": "项目负责人 Project leader"},
        "remarks": {**_PROSE, "title": "备注 Remarks"},
        "extra": _extra(terms),
    }
    required = ["v", "bidder", *(["price"] if terms.priced else [])]
    if properties["extra"]["required"]:
        required.append("extra")
    whole = _object("投标函附录 Bid form", properties, required)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **whole}


def schema_text(terms: FormTerms) -> str:
    """Return the schema as it is published."""
    return json.dumps(form_schema(terms), ensure_ascii=False, indent=2) + "\n"


def _price(terms: FormTerms) -> Schema:
    currency: Schema = {"type": "string", "pattern": f"^{CURRENCY}$"}
    if terms.currency is not None:
        currency = {"const": terms.currency}
    amount = _object(
        "总价 Amount",
        {
            "amount": {**_AMOUNT, "title": "最小货币单位 Minor units"},
            "currency": currency,
            "unit": _LINE,
            "capitals": {**_LINE, "title": "大写 In words"},
        },
        ["amount", "currency"],
    )
    rate = _object("费率 Rate", {"rate": _KINDS["decimal"], "unit": _LINE}, ["rate"])
    return {"title": "投标报价 Price", "oneOf": [amount, rate]}


def _extra(terms: FormTerms) -> Schema:
    fields = {each.field: {**_KINDS[each.kind], "title": each.title} for each in terms.fields}
    required = [each.field for each in terms.fields if each.required]
    return _object("其他 Further fields", fields, required)


def _object(title: str, properties: Schema, required: list[str]) -> Schema:
    return {
        "title": title,
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }
