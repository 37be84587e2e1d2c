"""Requests for every route of the service, by method and path; a route without one fails a test."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI
from starlette.routing import Mount, Route, WebSocketRoute

from tests.opening.world import PROJECT, SECTION
from tests.web import tender


@dataclass(frozen=True)
class Ask:
    """What is sent: the path's parts, and a body or headers where there are any."""

    path: Mapping[str, str]
    json: Any = None
    data: Mapping[str, str] | None = None
    headers: Mapping[str, str] | None = None
    params: Mapping[str, str] | None = None


NO_ID = "0" * 32
JSON = {"content-type": "application/json"}
TUS = {"tus-resumable": "1.0.0"}
PLACE = {"section": SECTION, "envelope": 1}
P = {"project": PROJECT}
HERE = {**P, "section": SECTION}
COMMAND = {**JSON, "idempotency-key": "matrix"}
CREATE = {**TUS, "upload-length": "1", "upload-metadata": tender.metadata()}
PART = {**TUS, "upload-offset": "0", "content-type": tender.PART}
SIGN_IN = {"account": "clerk", "password": "not the password"}
FIRST = {
    "token": "x",
    "organisation": "o",
    "kind": "other",
    "code": "1",
    "account": "second",
    "name": "n",
    "password": "long enough for it",
}
APPROVE = {
    "type": "opening.approve_continuation",
    "section": SECTION,
    "approval": "1",
    "reason": "r",
}
NO_CREDENTIAL = {"credential": {"id": "x"}}
APPLY = {"organisation": "o", "code": "1", "person": "p", "account": "applicant"}
RENAME = {
    "type": "registry.rename_organisation",
    "organisation": NO_ID,
    "name": "n",
    "reason": "r",
}


def asks(world: tender.Tender, upload: str) -> dict[str, Ask]:
    """Return what to send to every route of a service on a tender."""
    document = next(iter(world.whole.documents), NO_ID)
    bid = next(iter(world.sealed), NO_ID)
    file = {"upload": upload}
    return {
        "POST /api/projects/{project}/commands": Ask(P, APPROVE, headers=COMMAND),
        "POST /api/session": Ask({}, SIGN_IN),
        "GET /api/me": Ask({}),
        "POST /api/registry/first": Ask({}, FIRST),
        "POST /api/registry/invitations": Ask({}, {"token": "x", "password": "long enough it is"}),
        "POST /api/registry/invitations/look": Ask({}, {"token": "x"}),
        "GET /api/account/sessions": Ask({}),
        "DELETE /api/account/sessions/{session}": Ask({"session": NO_ID}),
        "GET /api/account/passkeys": Ask({}),
        "POST /api/account/passkeys/options": Ask({}, {"password": "wrong", "name": "n"}),
        "POST /api/account/passkeys": Ask({}, NO_CREDENTIAL),
        "POST /api/session/passkey/options": Ask({}),
        "POST /api/session/passkey": Ask({}, NO_CREDENTIAL),
        "POST /api/applications": Ask({}, APPLY),
        "POST /api/applications/status": Ask({}, {"reference": "x"}),
        "GET /api/registry/applications": Ask({}),
        "POST /api/registry/applications/{application}/decision": Ask(
            {"application": NO_ID}, {"decision": "declined", "reason": "r"}
        ),
        "POST /api/csp-reports": Ask({}, {"csp-report": {"effective-directive": "script-src"}}),
        "GET /api/admin/health": Ask({}),
        "GET /me": Ask({}),
        "GET /join": Ask({}),
        "GET /register": Ask({}),
        "POST /register": Ask({}, data=APPLY),
        "POST /register/status": Ask({}, data={"reference": "x"}),
        "GET /admin": Ask({}),
        "GET /admin/organisations": Ask({}),
        "GET /admin/people": Ask({}),
        "GET /admin/people/{account}": Ask({"account": "clerk"}),
        "GET /admin/applications": Ask({}),
        "GET /admin/templates": Ask({}),
        "GET /api/templates": Ask({}),
        "POST /api/templates": Ask({}, {"name": "t"}),
        "DELETE /api/templates/{template}": Ask({"template": NO_ID}),
        "GET /admin/settings": Ask({}),
        "GET /admin/health": Ask({}),
        "POST /api/account/password": Ask({}, {"old": "wrong", "new": "long enough it is"}),
        "POST /api/registry/commands": Ask({}, RENAME, headers=COMMAND),
        "GET /api/registry/organisations": Ask({}),
        "GET /api/registry/accounts": Ask({}),
        "GET /api/projects/{project}/receipts/{command:path}": Ask({**P, "command:path": "c1"}),
        "GET /api/projects/{project}/proven": Ask(P, params={"kind": "notice"}),
        "GET /api/projects": Ask({}),
        "POST /api/demo/here": Ask({}, {"plays": True}),
        "GET /api/demo/here": Ask({}),
        "GET /demo": Ask({}),
        "GET /api/inbox": Ask({}),
        "POST /api/inbox/read": Ask({}),
        "POST /api/account/email": Ask({}, {"address": "somebody@example.org"}),
        "GET /inbox": Ask({}),
        "GET /inbox/{entry}": Ask({"entry": NO_ID}),
        "POST /inbox/read": Ask({}),
        "POST /inbox/address": Ask({}, data={"address": ""}),
        "GET /api/projects/{project}": Ask(P),
        "GET /api/projects/{project}/record": Ask(P),
        "OPTIONS /api/uploads": Ask({}),
        "POST /api/uploads": Ask({}, headers=CREATE),
        "HEAD /api/uploads/{upload}": Ask(file, headers=TUS),
        "PATCH /api/uploads/{upload}": Ask(file, headers=PART),
        "DELETE /api/uploads/{upload}": Ask(file, headers=TUS),
        "POST /api/documents": Ask({}, {}),
        "GET /api/projects/{project}/documents/{document}": Ask({**P, "document": document}),
        "GET /api/projects/{project}/bids/{bid}/sealed": Ask({**P, "bid": bid}),
        "GET /api/projects/{project}/sections/{section}/{envelope}/minutes/{form}": Ask(
            {**P, "section": SECTION, "envelope": "1", "form": "json"}
        ),
        "GET /api/projects/{project}/sections/{section}/evaluation": Ask(HERE),
        "POST /api/projects/{project}/sections/{section}/clarifications/{clarification}"
        "/attachments": Ask({**HERE, "clarification": NO_ID}, {}),
        "GET /api/projects/{project}/sections/{section}/clarifications/{clarification}"
        "/attachments/{sha256}": Ask({**HERE, "clarification": NO_ID, "sha256": "0" * 64}),
        "GET /api/projects/{project}/sections/{section}/report/{form}": Ask(
            {**HERE, "form": "json"}
        ),
        "GET /api/scoring-rules": Ask({}),
        "POST /api/scoring-rules/preview": Ask({}, {}),
        "GET /api/projects/{project}/sections/{section}/clarifications": Ask(HERE),
        "GET /api/projects/{project}/sections/{section}/corrections": Ask(HERE),
        "GET /api/projects/{project}/sections/{section}/result": Ask(HERE),
        "GET /api/projects/{project}/sections/{section}/discussion": Ask(HERE),
        "GET /api/projects/{project}/sections/{section}/draft": Ask(HERE),
        "PUT /api/projects/{project}/sections/{section}/draft": Ask(
            HERE, {"version": 0, "marks": {}, "review": {}}
        ),
        "GET /api/projects/{project}/sections/{section}/notes": Ask(HERE),
        "PUT /api/projects/{project}/sections/{section}/notes": Ask(
            HERE, {"bid": bid, "file": 0, "page": 1, "was": "", "text": "n"}
        ),
        "GET /api/projects/{project}/sections/{section}/bids/{bid}/files": Ask(
            {**HERE, "bid": bid}
        ),
        "HEAD /api/projects/{project}/sections/{section}/bids/{bid}/files/{n}": Ask(
            {**HERE, "bid": bid, "n": "0"}
        ),
        "GET /api/projects/{project}/sections/{section}/bids/{bid}/files/{n}": Ask(
            {**HERE, "bid": bid, "n": "0"}
        ),
        "GET /api/projects/{project}/sections/{section}/blind": Ask(HERE),
        "HEAD /api/projects/{project}/sections/{section}/blind/{alias}/files/{n}": Ask(
            {**HERE, "alias": "A", "n": "0"}
        ),
        "GET /api/projects/{project}/sections/{section}/blind/{alias}/files/{n}": Ask(
            {**HERE, "alias": "A", "n": "0"}
        ),
        "GET /expert": Ask({}),
        "GET /projects/{project}/desk/{section}": Ask(HERE),
        "GET /api/projects/{project}/sections/{section}/{envelope}/order": Ask(
            {**P, "section": SECTION, "envelope": "1"}
        ),
        "GET /api/projects/{project}/sections/{section}/{envelope}/table.{form}": Ask(
            {**P, "section": SECTION, "envelope": "1", "form": "csv"}
        ),
        "POST /api/projects/{project}/verification": Ask(P, {}),
        "POST /api/receipt-page": Ask({}, {}),
        "GET /api/about": Ask({}),
        "GET /api/log/keys": Ask({}),
        "GET /api/log/checkpoint": Ask({}),
        "GET /api/log/consistency": Ask({}, params={"old": "1", "new": "2"}),
        "POST /api/rooms/ticket": Ask({}, {**P, "channels": ["supervisor"]}),
        "GET /api/rooms/{project}/watchers": Ask(P),
        "GET /api/projects/{project}/channels": Ask(P),
        "GET /api/projects/{project}/channels/{name:path}/events": Ask(
            {**P, "name:path": "clerk"}, params={"wait": "0"}
        ),
        "GET /api/projects/{project}/channels/{name:path}": Ask({**P, "name:path": "hall"}),
        "GET /": Ask({}),
        "GET /public": Ask({}),
        "GET /public/{project}": Ask(P),
        "GET /check": Ask({}),
        "GET /log": Ask({}),
        "GET /downloads": Ask({}),
        "GET /downloads/{name}": Ask({"name": "sealing.md"}),
        "GET /guide": Ask({}),
        "GET /guide/{role}": Ask({"role": "bidder"}),
        "GET /guide/pictures/{folder}/{name}": Ask({"folder": "zh", "name": "bidder-words.png"}),
        "GET /language/{language}": Ask({"language": "en"}),
        "GET /texts/{language}/{version}/{bundle}.json": Ask(
            {"language": "en", "version": "1", "bundle": "app"}
        ),
        "GET /sign-in": Ask({}),
        "POST /sign-in": Ask({}, data=SIGN_IN),
        "GET /first": Ask({}),
        "POST /first": Ask({}, data=FIRST),
        "GET /projects": Ask({}),
        "GET /projects/{project}": Ask(P),
        "GET /projects/{project}/hall/{place}": Ask({**P, "place": f"{SECTION}-1"}),
        "GET /supervisor": Ask({}),
        "GET /api/projects/{project}/preflight": Ask(P),
        "GET /bidder": Ask({}),
        "GET /projects/{project}/bid/{place}": Ask({**P, "place": f"{SECTION}-1"}),
        "GET /clerk": Ask({}),
        "GET /clerk/new": Ask({}),
        "GET /clerk/{project}": Ask(P),
        "GET /clerk/{project}/{step}": Ask({**P, "step": "people"}),
        "GET /clerk/{project}/{part}/{section}": Ask({**P, "part": "scoring", "section": SECTION}),
        "GET /custodian": Ask({}),
        "GET /api/openapi.json": Ask({}),
        "DELETE /api/account/sessions": Ask({}),
        "DELETE /api/session": Ask({}),
        "POST /sign-out": Ask({}),
    }


def routes_of(app: FastAPI) -> Iterator[str]:
    """Return every route of an application as its method and path."""
    for route in app.routes:
        match route:
            case Route():
                yield from (f"{one} {route.path}" for one in route.methods or () if one != "HEAD")
                if route.methods == {"HEAD"}:
                    yield f"HEAD {route.path}"
            case WebSocketRoute():
                yield f"SOCKET {route.path}"
            case Mount():
                yield f"MOUNT {route.path}"
            case _:
                yield f"UNKNOWN {route}"


def fill(path: str, parts: Mapping[str, str]) -> str:
    """Put the parts into a path."""
    for name, value in parts.items():
        path = path.replace("{" + name + "}", value)
    return path
