"""Scoring rules 评分办法 to begin with, as data; it must not set one, a project's clerk does."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter

from evaluation.marking import rule_hash, rule_json
from evaluation.scoring.library import LIBRARY
from project.state import ProjectState
from web.deps import Who

router = APIRouter(tags=["evaluation"])


@router.get("/api/scoring-rules")
async def scoring_rules(_who: Who) -> dict[str, Any]:
    """List rules to begin with, one of each family."""
    items = [{"family": family, "rule": rule_json(rule)} for family, rule in LIBRARY.items()]
    return {"items": items}


def published_rules(state: ProjectState) -> Mapping[str, Mapping[str, Any]]:
    """Return the rules that a notice binds, by section, each with its hash."""
    if state.notice is None:
        return {}
    rules = state.evaluation.rules
    return {
        one.section: {"hash": one.scoring, "rule": rule_json(rules[one.section])}
        for one in state.notice.notice.sections
        if one.scoring is not None and one.scoring == rule_hash(rules[one.section])
    }
