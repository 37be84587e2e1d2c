"""`python -m client`: the command line; it only puts the groups together."""

import typer

from client.cli import rehearse, timekeeper

app = typer.Typer(
    name="kaibiao",
    help="Sealed bids, opened in public on time.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
)
app.add_typer(timekeeper.app, name="timekeeper")
app.command()(rehearse.rehearse)

if __name__ == "__main__":
    app()
