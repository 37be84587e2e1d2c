"""The description of the interface for integrators, served at /api/openapi.json.

Paths and parameters come from the routes, bodies from the classes that read them, the rest from
the table of rows. It must not describe what no route does.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any, get_args

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema
from starlette.requests import Request
from starlette.responses import Response

from project.parse import COMMANDS
from project.permissions import ROLES
from record.rules import Command
from registry.commands import WireCommand
from web import openapi_blind
from web import openapi_evaluation as evaluation
from web import openapi_examples as examples
from web import openapi_papers as papers
from web.deps import services_in
from web.openapi_row import JSON, Answer, Row, Seat
from web.openapi_rows import ROWS
from web.openapi_shapes import SHAPES, Schema, ref
from web.problems import MEDIA

PATH = "/api/openapi.json"
ABOUT = """\
Sealed bids, opened in public on time. Times are integer milliseconds UTC, money is integer minor
units, bytes are lower-case hex. Unknown fields are refused. A command is sent with an
Idempotency-Key and may be sent again with it; its answer comes when it is on disk. docs/api.md
shows the first steps.\
"""

TAGS = {
    "accounts": "Signing in and out, sessions, passwords, passkeys.",
    "registry": "Organisations, accounts, roles, signing keys; applications and templates.",
    "projects": "What a project is asked for, and what one sees of it.",
    "uploads": "Sealed files, by tus 1.0.",
    "proofs": "Receipts, which are checked offline.",
    "log": "What an installation is and how it is: the log's keys and newest head, its health.",
    "rooms": "Live views; the WebSocket /rooms/{project} speaks room.v1.",
    "files": "Tender documents, sealed files of one's own, minutes, opening tables.",
    "evaluation": "A committee's work on a section, as each seat may see it, and its report.",
    "inbox": "What somebody is told, and where mail goes.",
}

PEOPLES_COMMANDS: tuple[type[Command], ...] = tuple(
    command for command in COMMANDS.values() if ROLES[command] != {"service"}
)
"""What people may send to a project; the rest are the service's own duties."""
REGISTRY_COMMANDS: tuple[type[Command], ...] = get_args(get_args(WireCommand)[0])

REFUSALS: Mapping[str, str] = {
    "401": "Nobody is signed in, or no longer.",
    "403": "The seat does not allow it.",
    "404": "There is none, or none for this seat.",
    "409": "Not now: out of order, or too late.",
    "422": "Not as it should be.",
    "429": "Too often; again after Retry-After.",
    "503": "Not at the moment; the same request may be sent again.",
    "default": "Any other refusal.",
}
SEATS: Mapping[Seat, list[dict[str, list[str]]]] = {
    "anyone": [],
    "perhaps": [{"bearer": []}, {"cookie": []}, {}],
    "account": [{"bearer": []}, {"cookie": []}],
}


def describe(app: FastAPI) -> None:
    """Let an application describe itself in full."""
    written: list[bytes] = []

    @app.get(PATH, include_in_schema=False)
    async def described(request: Request) -> Response:
        if not written:
            # a second of work, once: a session goes on meanwhile
            made = await services_in(request).workers.run(document, app)
            written.append(json.dumps(made, ensure_ascii=False).encode())
        return Response(written[0], media_type=JSON)


def document(app: FastAPI) -> dict[str, Any]:
    """Return the description of an application."""
    made = get_openapi(
        title=app.title,
        version=app.version,
        description=ABOUT,
        routes=app.routes,
        tags=[{"name": name, "description": says} for name, says in TAGS.items()],
    )
    names, schemas = _bodies()
    for path, operations in made["paths"].items():
        for method, operation in operations.items():
            _complete(operation, ROWS[method, path], names)
    cookie = "__Host-kaibiao" if app.state.settings.is_https else "kaibiao"
    made["components"] = {
        "schemas": {
            **schemas,
            **SHAPES,
            **evaluation.SHAPES,
            **papers.SHAPES,
            **openapi_blind.SHAPES,
        },
        "responses": {
            "Refused": _answer(Answer("Refused.", ref("Problem"), examples.PROBLEM, MEDIA))
        },
        "securitySchemes": {
            "bearer": {"type": "http", "scheme": "bearer"},
            "cookie": {"type": "apiKey", "in": "cookie", "name": cookie},
        },
    }
    return made


def _bodies() -> tuple[dict[type[BaseModel], str], dict[str, Schema]]:
    """Return the classes that read bodies, each with its name, and the shapes under the names."""
    classes = [row.takes for row in ROWS.values() if isinstance(row.takes, type)]
    wanted: list[tuple[type[BaseModel], JsonSchemaMode]] = [
        (one, "validation") for one in (*PEOPLES_COMMANDS, *REGISTRY_COMMANDS, *classes)
    ]
    found, told = models_json_schema(wanted, ref_template="#/components/schemas/{model}")
    names = {one: str(found[one, mode]["$ref"]).rpartition("/")[2] for one, mode in wanted}
    schemas: dict[str, Schema] = told["$defs"]
    for command in (*PEOPLES_COMMANDS, *REGISTRY_COMMANDS):
        # a command is told apart by its type, so it is never left out
        schema = schemas[names[command]]
        schema["required"] = ["type", *schema.get("required", ())]
    unions = {
        "ProjectCommand": _union(PEOPLES_COMMANDS, names),
        "RegistryCommand": _union(REGISTRY_COMMANDS, names),
    }
    return names, {**schemas, **unions}


def _union(commands: Iterable[type[Command]], names: Mapping[type[BaseModel], str]) -> Schema:
    by_type = {
        one.model_fields["type"].default: f"#/components/schemas/{names[one]}" for one in commands
    }
    return {
        "oneOf": [{"$ref": name} for name in by_type.values()],
        "discriminator": {"propertyName": "type", "mapping": by_type},
    }


def _complete(operation: dict[str, Any], row: Row, names: Mapping[type[BaseModel], str]) -> None:
    """Add to an operation what its signature does not say."""
    operation["operationId"] = row.name
    operation["security"] = SEATS[row.seat]
    operation["responses"] = {
        **{str(status): _answer(answer) for status, answer in row.answers.items()},
        **{status: _refused(says) for status, says in REFUSALS.items()},
    }
    headers = [
        {"name": name, "in": "header", "required": is_needed, "schema": schema}
        for name, (schema, is_needed) in row.headers.items()
    ]
    if headers:
        operation["parameters"] = [*operation.get("parameters", ()), *headers]
    if row.takes is not None:
        operation["requestBody"] = _body(row, names)


def _body(row: Row, names: Mapping[type[BaseModel], str]) -> dict[str, Any]:
    content: dict[str, Any]
    if isinstance(row.takes, str) and "/" in row.takes:
        content = {row.takes: {"schema": {"type": "string", "format": "binary"}}}
    else:
        name = row.takes if isinstance(row.takes, str) else names[row.takes or BaseModel]
        shown = {label: {"value": value} for label, value in row.examples.items()}
        content = {JSON: {"schema": ref(name), "examples": shown}}
    return {"required": row.needs_body, "content": content}


def _answer(answer: Answer) -> dict[str, Any]:
    made: dict[str, Any] = {"description": answer.says}
    if answer.headers:
        made["headers"] = {name: {"schema": schema} for name, schema in answer.headers.items()}
    if answer.shape is not None:
        body = {"schema": answer.shape}
        if answer.example is not None:
            body["example"] = answer.example
        made["content"] = {answer.media: body}
    return made


def _refused(says: str) -> dict[str, str]:
    return {"$ref": "#/components/responses/Refused", "description": says}
