"""The installation in public: its name, its keys, and the newest tree head of its log."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import PlainTextResponse, Response

from record import proofs
from record.errors import NotFound
from web.deps import ServicesDep, registry_state
from web.texts import LANGUAGES

router = APIRouter(tags=["log"])


@router.get("/api/about")
async def about(services: ServicesDep) -> dict[str, Any]:
    """Tell what an installation is called, and whether its first administrator is still to come."""
    state = await registry_state(services)
    return {
        "name": services.settings.installation_name,
        "origin": services.settings.origin_text,
        "languages": list(LANGUAGES),
        "empty": state.is_empty,
        "now": services.clock.now(),
    }


@router.get("/api/log/keys")
async def keys(services: ServicesDep) -> dict[str, str]:
    """Return the keys of log, witness and service; compare them with what was published."""
    return {
        "log": services.sequencer.log_key.encode(),
        "witness": services.settings.witness_vkey,
        "service": services.keys.refusal_spki.hex(),
    }


@router.get("/api/log/checkpoint")
async def checkpoint(services: ServicesDep) -> Response:
    """Return the newest tree head that the witness cosigned."""
    found = await services.sequencer.cosigned()
    if found is None:
        raise NotFound("web.no_checkpoint")
    return PlainTextResponse(found.note)


@router.get("/api/log/consistency")
async def consistency(
    services: ServicesDep,
    old: Annotated[int, Query(ge=1)],
    new: Annotated[int, Query(ge=1)],
) -> dict[str, list[str]]:
    """Return the proof that a later tree head continues an earlier one, both cosigned before."""
    found = await services.sequencer.cosigned()
    if found is None or not old <= new <= found.size:
        raise NotFound("web.no_checkpoint")
    proof = await proofs.consistency(services.store, old, new)
    return {"proof": [step.hex() for step in proof]}
