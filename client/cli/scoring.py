"""`kaibiao score`: a scoring rule tried, or a case computed again, by whoever has the file.

It asks no service and needs no account.
"""

import asyncio
import json
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError

from client.cli import output
from client.errors import Unusable
from evaluation.scoring.case_file import CaseFile, outcome, rule_problems
from evaluation.scoring.library import LIBRARY
from evaluation.scoring.price import ScoringImpossible
from evaluation.scoring.rule import ScoringRule
from evaluation.scoring.rule_checks import RuleProblem

app = typer.Typer(
    help="Scoring rules 评分办法: begin one, try it, repeat the sums.", no_args_is_help=True
)
MOST = 64 << 20
"""The largest file that is read, bytes."""


@app.command()
def begin(
    family: Annotated[str, typer.Argument(help=f"one of {', '.join(LIBRARY)}")],
) -> None:
    """Print a rule to begin with."""

    async def do() -> ScoringRule:
        if family not in LIBRARY:
            raise Unusable("there is no such family of rules", family)
        return LIBRARY[family]

    typer.echo(output.run(do()).model_dump_json(indent=2, exclude_none=True))


@app.command()
def schema() -> None:
    """Print the JSON Schema of a case file, which holds that of a rule."""
    typer.echo(json.dumps(CaseFile.model_json_schema(), ensure_ascii=False, indent=2))


@app.command()
def run(
    file: Annotated[Path, typer.Argument(help="a case: rule, offers, marks, as JSON")],
) -> None:
    """Score a case and print what came out, with every sum on the way."""

    async def do() -> dict[str, Any]:
        return await asyncio.to_thread(_scored, file)

    typer.echo(json.dumps(output.run(do()), ensure_ascii=False, indent=2))


def _scored(file: Path) -> dict[str, Any]:
    try:
        if file.stat().st_size > MOST:
            raise Unusable("the file is too large for a case", file)
        case = CaseFile.model_validate_json(file.read_bytes())
    except OSError as error:
        raise Unusable("the file cannot be read", file) from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the whole"
        msg = f"the file is no case: {where}: {first['msg']}; in"
        raise Unusable(msg, file) from error
    wrong = rule_problems(case)
    if wrong:
        told = "; ".join(map(_said, wrong))
        msg = f"the rule cannot be used ({told}; docs/scoring.md says what to do); see"
        raise Unusable(msg, file)
    try:
        return outcome(case)
    except ScoringImpossible as error:
        about = ", ".join(error.about)
        msg = f"nothing is scored ({error.code}: {about}); see"
        raise Unusable(msg, file) from error


def _said(problem: RuleProblem) -> str:
    facts = ", ".join(f"{name} {value}" for name, value in problem.facts.items())
    return " ".join(filter(None, (problem.code, problem.where, facts)))
