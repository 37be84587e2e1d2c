"""A rule tried on example prices: what it makes of them, and why it cannot."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from evaluation.marking import rule_json
from evaluation.scoring.library import LIBRARY
from tests.web.scene import Scene, scene
from tests.web.tender import headers
from web.price_preview import PREVIEW

FIXED: dict[str, Any] = {
    "title": "标底法",
    "price": {
        "family": "fixed_base",
        "weight": "100",
        "base": "10000",
        "deviation": {
            "above": [{"points": "1", "to": "5"}, {"points": "2"}],
            "below": [{"points": "0.5"}],
        },
    },
}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with scene(tmp_path_factory.mktemp("preview")) as made:
        yield made


def asked(made: Scene, rule: Any, prices: list[str], **more: str) -> httpx.Response:
    body = {"rule": rule, "prices": prices, **more}
    return made.http.post(PREVIEW, json=body, headers=headers(made.world.clerk))


def deviating(**changes: Any) -> dict[str, Any]:
    deviation = {**FIXED["price"]["deviation"], **changes}
    return {**FIXED, "price": {**FIXED["price"], "deviation": deviation}}


def values(answer: httpx.Response) -> list[str]:
    return [row.get("value", "") for row in answer.json()["rows"]]


@pytest.mark.parametrize(
    ("changes", "points"),
    [
        ({}, ["100", "97", "85", "99"]),
        ({"cap": "3"}, ["100", "97", "97", "99"]),
        ({"above": [{"points": "4"}]}, ["100", "88", "60", "99"]),
    ],
)
def test_points_follow_the_slopes_and_the_limit_of_what_is_lost(
    running: Scene, changes: dict[str, Any], points: list[str]
) -> None:
    answer = asked(running, deviating(**changes), ["10000", "10300", "11000", "9800"])
    assert values(answer) == points


@pytest.mark.parametrize(
    ("counted", "points"), [("exactly", "97.5"), ("started", "97"), ("whole", "98")]
)
def test_per_cents_are_counted_as_the_rule_says(running: Scene, counted: str, points: str) -> None:
    assert values(asked(running, deviating(counted=counted), ["10250"])) == [points]


@pytest.mark.parametrize("family", sorted(LIBRARY))
def test_every_rule_of_the_library_can_be_tried(running: Scene, family: str) -> None:
    rule = rule_json(LIBRARY[family])
    answer = asked(running, rule, ["90000", "95000"], limit="100000", drawn="0.05")
    assert answer.status_code == 200
    assert all(values(answer))
    assert all(row["steps"] for row in answer.json()["rows"])


def test_what_keeps_prices_from_being_worked_out_is_named_and_other_faults_do_not(
    running: Scene,
) -> None:
    falling = [{"points": "1", "to": "5"}, {"points": "2", "to": "4"}, {"points": "3"}]
    answer = asked(running, deviating(above=falling), ["10000"])
    assert answer.json() == {"problems": ["slope_not_rising above"]}
    unsummed = {**FIXED, "price": {**FIXED["price"], "weight": "90"}}
    assert values(asked(running, unsummed, ["10000"])) == ["90"]


def test_a_price_of_nothing_above_the_limit_and_perhaps_too_low_are_told_apart(
    running: Scene,
) -> None:
    assert asked(running, FIXED, ["0"]).json() == {"impossible": "price_zero"}
    rule = {**FIXED, "low_percent_of_limit": "50"}
    rows = asked(running, rule, ["20000", "10000", "4000"], limit="15000").json()["rows"]
    assert [row.get("invalid") for row in rows] == ["above_limit", None, None]
    assert [row["is_low"] for row in rows] == [False, False, True]


@pytest.mark.parametrize(
    "body", [{}, {"rule": FIXED, "prices": []}, {"rule": FIXED, "prices": ["1"] * 21}]
)
def test_a_preview_of_another_form_is_refused(running: Scene, body: dict[str, Any]) -> None:
    answer = running.http.post(PREVIEW, json=body, headers=headers(running.world.clerk))
    assert (answer.status_code, answer.json()["code"]) == (422, "web.body_malformed")
