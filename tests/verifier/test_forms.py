"""Both readers of a bid form, the service's and the verifier's, find the same."""

import json
from typing import Any

import pytest

from opening.forms import form_terms, recorded_form
from opening.messages import FormField
from tests.opening.world import World
from verifier.forms import problems

PRICE = {"amount": 100_000_000, "currency": "CNY", "capitals": "壹佰万元整"}
FORMS: list[Any] = [
    {"v": 1, "bidder": "甲", "price": PRICE, "extra": {"days": 3}},
    {"v": True, "bidder": " ", "price": PRICE},
    {"bidder": "甲", "price": {**PRICE, "amount": 90_000_000_001}, "extra": {}},
    {"v": 1, "bidder": "甲", "price": {**PRICE, "capitals": "壹元"}, "more": 1, "X": 2},
    {"v": 1, "bidder": "甲", "price": {"rate": "0.95", "currency": "CNY"}, "extra": {"days": "3"}},
    {"v": 1, "bidder": "甲", "price": {"rate": "0.95", "amount": 1}, "extra": {"days": 3, "x": 1}},
    {"v": 1, "bidder": "甲", "price": {"unit": 3}, "security": {"given": 1, "amount": 1.5}},
    {"v": 1, "bidder": "甲", "security": {"amount": -1, "form": ""}, "duration_days": 0},
    {"v": 1, "bidder": "甲", "price": [], "remarks": "x" * 20_001, "quality": "合格"},
    {f"f{n}": n for n in range(80)},
    [],
    "text",
]
TEXTS = [b"\xff", b"{", b'{"v":1,"v":1}', b"[" * 100_000, b" " * 70_000, None]


@pytest.mark.parametrize("envelope", [1, 2])
def test_the_same_problems_are_found_in_the_same_order(envelope: Any) -> None:
    field = FormField(field="days", title="Days", kind="integer", required=True)
    terms = World(envelopes=2).bind().terms(form=(field,))
    told = json.loads(terms.body())
    for form in [*(json.dumps(form).encode() for form in FORMS), *TEXTS]:
        _, found = recorded_form(form, form_terms(terms, envelope))
        assert problems(form, told, envelope) == [one.model_dump() for one in found]
