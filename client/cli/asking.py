"""Where the command line gets secrets: environment, file or prompt; never its arguments."""

import os
from pathlib import Path

import typer

from client.errors import Unusable


def passphrase(file: Path | None = None, *, confirm: bool = False) -> str:
    """Return the passphrase: of `--passphrase-file`, of KAIBIAO_PASSPHRASE, or typed."""
    return _secret("KAIBIAO_PASSPHRASE", "Passphrase", file, confirm=confirm)


def password(file: Path | None = None, *, confirm: bool = False) -> str:
    """Return the password of an account: of a file, of KAIBIAO_PASSWORD, or typed."""
    return _secret("KAIBIAO_PASSWORD", "Password", file, confirm=confirm)


def token(file: Path | None = None) -> str:
    """Return an invitation's token: of a file, of KAIBIAO_TOKEN, or typed."""
    return _secret("KAIBIAO_TOKEN", "Token", file, confirm=False)


def _secret(variable: str, title: str, file: Path | None, *, confirm: bool) -> str:
    if file is not None:
        try:
            return file.read_text().rstrip("\n")
        except OSError as error:
            raise Unusable("the file cannot be read", file) from error
    told = os.environ.get(variable)
    if told:
        return told
    return str(typer.prompt(title, hide_input=True, confirmation_prompt=confirm, err=True))
