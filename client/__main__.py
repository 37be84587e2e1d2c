"""`python -m client`: the command line `kaibiao`; it only puts the commands together."""

import typer

from client import up
from client.cli import (
    account,
    admin,
    bidder,
    checking,
    clarifications,
    clerk,
    corrections,
    custodian,
    discussing,
    expert,
    pausing,
    reevaluating,
    rehearse,
    results,
    scoring,
    supervisor,
    timekeeper,
)

app = typer.Typer(
    name="kaibiao",
    help="Sealed bids, opened in public on time.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
)
app.command("sign-in")(account.sign_in)
app.command()(account.accept)
app.command()(account.first)
app.command()(account.key)
app.command()(account.me)
clerk.app.command("publish-candidates")(results.publish)
clerk.app.command("answer-result-objection")(results.answer)
clerk.app.command("award")(results.award)
clerk.app.command("order-reevaluation")(reevaluating.order)
clerk.app.command("drop-reevaluation")(reevaluating.drop)
expert.app.command("remark-sheet")(reevaluating.sheet)
expert.app.command("remark")(reevaluating.remark)
clerk.app.command("result")(results.show_to_clerk)
bidder.app.command("object-to-result")(results.object_to)
bidder.app.command("result")(results.show_to_bidder)
expert.app.command("draft-clarification")(clarifications.draft)
expert.app.command("agree-clarification")(clarifications.agree)
expert.app.command("drop-clarification")(clarifications.drop)
expert.app.command("judge-answer")(clarifications.judge)
supervisor.app.command("check-question")(clarifications.check_question)
supervisor.app.command("check-answer")(clarifications.check_answer)
bidder.app.command("clarifications")(clarifications.show)
bidder.app.command("answer")(clarifications.answer)
expert.app.command("say")(discussing.say)
expert.app.command("discussion")(discussing.show)
expert.app.command("propose-correction")(corrections.propose)
expert.app.command("agree-correction")(corrections.agree)
expert.app.command("check-prices")(corrections.check_prices)
expert.app.command("judge-competition")(corrections.judge_competition)
clerk.app.command("pause-evaluation")(pausing.pause)
clerk.app.command("resume-evaluation")(pausing.resume)
bidder.app.command("corrections")(corrections.show)
bidder.app.command("confirm-correction")(corrections.confirm)
app.add_typer(bidder.app, name="bidder")
app.add_typer(custodian.app, name="custodian")
app.add_typer(timekeeper.app, name="timekeeper")
app.add_typer(clerk.app, name="clerk")
app.add_typer(supervisor.app, name="supervisor")
app.add_typer(expert.app, name="expert")
app.add_typer(admin.app, name="admin")
app.command()(checking.verify)
app.add_typer(checking.receipt, name="receipt")
app.command()(checking.export)
app.add_typer(scoring.app, name="score")
app.command()(rehearse.rehearse)
app.command()(up.up)

if __name__ == "__main__":
    app()
