"""The description of the interface: valid, complete, and true of what the service does."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import hypothesis
import jsonschema
import pytest
import schemathesis
from fastapi.routing import APIRoute
from hypothesis import HealthCheck, Phase
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from schemathesis.specs.openapi.definitions import OPENAPI_31_VALIDATOR

from project.parse import COMMANDS, parse_command
from project.permissions import ROLES
from registry.commands import WIRE
from tests.opening.world import PROJECT, SECTION
from tests.web.scene import Scene, scene
from tests.web.service import Running, running, settings
from tests.web.tender import headers
from web.app import create_app
from web.openapi import PATH, TAGS, document
from web.openapi_page import render
from web.openapi_row import JSON, OCTETS
from web.openapi_rows import CSP, PART, ROWS

PAGE = Path(__file__).parents[2] / "docs" / "requests.md"
Document = dict[str, Any]
SESSIONS_END = frozenset({"signOut", "changePassword"})
"""What would end the session the other requests are sent with."""
EXAMPLES_AN_OPERATION = 6


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return create_app(settings(tmp_path_factory.mktemp("described")))


@pytest.fixture(scope="module")
def described(app: Any) -> Document:
    return document(app)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Running]:
    with running(tmp_path) as started:
        yield started


def operations(described: Document) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            yield f"{method} {path}", operation


def contents(operation: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Return every body an operation takes or answers with, by its media type."""
    yield from operation.get("requestBody", {}).get("content", {}).items()
    for answer in operation["responses"].values():
        yield from answer.get("content", {}).items()


def examples(content: dict[str, Any]) -> list[Any]:
    shown = [one["value"] for one in content.get("examples", {}).values()]
    return shown + ([content["example"]] if "example" in content else [])


def check(described: Document, schema: dict[str, Any], value: Any) -> None:
    whole = {**schema, "components": described["components"]}
    jsonschema.Draft202012Validator(whole).validate(value)


def test_the_description_is_one_of_openapi_3_1(described: Document) -> None:
    assert described["openapi"] == "3.1.0"
    OPENAPI_31_VALIDATOR.validate(described)
    for name, schema in described["components"]["schemas"].items():
        jsonschema.Draft202012Validator.check_schema(schema)
        assert name.isidentifier()


def test_it_is_served(service: Running) -> None:
    answer = service.http.get(PATH)
    assert answer.status_code == 200
    assert answer.json() == service.http.get(PATH).json()
    assert answer.json()["paths"].keys() == {path for _, path in ROWS}


def test_every_route_has_its_row_and_every_row_its_route(app: Any) -> None:
    routes = {
        (method.lower(), route.path_format)
        for route in app.routes
        if isinstance(route, APIRoute) and route.include_in_schema
        for method in route.methods or ()
    }
    assert routes == set(ROWS)


def test_the_page_of_requests_is_what_the_routes_say(app: Any) -> None:
    said = render(app)
    assert PAGE.read_text(encoding="utf-8") == said
    for method, path in ROWS:
        assert said.count(f"| `{method.upper()} {path}` |") == 1


def test_every_operation_is_of_one_area_that_says_what_it_is(described: Document) -> None:
    for name, operation in operations(described):
        (area,) = operation["tags"]
        assert area in TAGS, name


def test_every_operation_has_its_own_name(described: Document) -> None:
    names = [operation["operationId"] for _, operation in operations(described)]
    assert len(set(names)) == len(names)


def test_every_json_body_has_an_example_of_its_shape(described: Document) -> None:
    for name, operation in operations(described):
        for media, content in contents(operation):
            if media == JSON:
                assert examples(content), name
            for example in examples(content):
                check(described, content["schema"], example)


def test_every_refusal_is_a_problem_document(described: Document) -> None:
    refused = described["components"]["responses"]["Refused"]["content"]
    content = refused["application/problem+json"]
    check(described, content["schema"], content["example"])
    for name, operation in operations(described):
        told = operation["responses"]["default"]
        assert told["$ref"].endswith("/Refused"), name


def test_every_example_is_what_the_services_own_reader_takes() -> None:
    for row in ROWS.values():
        for value in row.examples.values():
            content = httpx.Request("POST", "http://127.0.0.1", json=value).content
            if row.takes == "ProjectCommand":
                assert parse_command(content).type == value["type"]
            elif row.takes == "RegistryCommand":
                assert WIRE.validate_json(content).type == value["type"]
            elif isinstance(row.takes, type):
                row.takes.model_validate_json(content)


def test_all_that_people_may_ask_of_a_project_is_described_and_no_duty(
    described: Document,
) -> None:
    schemas = described["components"]["schemas"]
    told = schemas["ProjectCommand"]["discriminator"]["mapping"]
    duties = {name for name, command in COMMANDS.items() if ROLES[command] == {"service"}}
    assert duties
    assert set(told) == set(COMMANDS) - duties
    for name, at in told.items():
        assert schemas[at.rpartition("/")[2]]["properties"]["type"]["const"] == name


def test_a_command_without_its_type_is_not_of_the_shape_described(described: Document) -> None:
    schema = {"$ref": "#/components/schemas/ProjectCommand"}
    check(described, schema, {"type": "project.take_part"})
    with pytest.raises(jsonschema.ValidationError):
        check(described, schema, {})


def test_what_takes_an_idempotency_key_says_so(described: Document) -> None:
    for name, operation in operations(described):
        needed = [
            one["name"]
            for one in operation.get("parameters", ())
            if one["in"] == "header" and one["required"]
        ]
        assert ("idempotency-key" in needed) == name.endswith("/commands")
        is_tus = "/uploads" in name and not name.startswith("options")
        assert ("Tus-Resumable" in needed) == is_tus


@pytest.fixture(scope="module")
def tender(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with scene(tmp_path_factory.mktemp("told")) as made:
        yield made


def as_bidder(tender: Scene) -> dict[str, str]:
    return headers(tender.bidder)


def as_nobody(tender: Scene) -> dict[str, str]:
    del tender
    return {}


def ask(case: Any, url: str, who: dict[str, str]) -> None:
    """Send one request the description allows, and hold the answer against the description."""
    if "project" in case.path_parameters:
        case.path_parameters["project"] = PROJECT
    if "section" in case.path_parameters:
        case.path_parameters["section"] = SECTION
    if case.operation.definition.raw["operationId"] == "channelEvents":
        case.query = {**(case.query or {}), "wait": 0}
    for header in ("Authorization", "Cookie"):
        (case.headers or {}).pop(header, None)
    (case.cookies or {}).clear()
    answer = case.call(base_url=url, headers=who)
    case.validate_response(
        answer,
        checks=[
            not_a_server_error,
            response_schema_conformance,
            status_code_conformance,
            content_type_conformance,
        ],
    )


schemathesis.serializer.alias(PART, OCTETS)
schemathesis.serializer.alias(CSP, JSON)


def asking(url: str, who: dict[str, str]) -> Callable[[Any], None]:
    def send(case: Any) -> None:
        ask(case, url, who)

    return send


@pytest.mark.slow
@pytest.mark.parametrize("who", [as_bidder, as_nobody], ids=["a bidder", "nobody"])
def test_whatever_is_sent_the_answer_is_one_that_is_described(
    tender: Scene, who: Callable[[Scene], dict[str, str]]
) -> None:
    schema = schemathesis.openapi.from_url(tender.service.url + PATH)
    said = who(tender)
    asked = 0
    for found in schema.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()
        if operation.definition.raw["operationId"] in SESSIONS_END:
            continue
        bounded = hypothesis.settings(
            max_examples=EXAMPLES_AN_OPERATION,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        bounded(hypothesis.given(operation.as_strategy())(asking(tender.service.url, said)))()
        asked += 1
    assert asked > 30
