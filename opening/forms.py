"""What the opening records of a bid form: its text, and whatever is not as the rules want it.

It must not stop a bid: a form that cannot be read is shown as such.
"""

from opening.events import FormProblem
from opening.terms import TermsSet


def read_form(content: bytes | None, terms: TermsSet) -> tuple[str | None, tuple[FormProblem, ...]]:
    """Return the text of a form, if it is one, and its problems.

    Args:
        content: bid-form.json; None where it is larger than 64 KiB.
        terms: the terms of the section, with the fields it adds and the price limit.
    """
    del terms
    try:
        text = content.decode() if content is not None else None
    except UnicodeDecodeError:
        text = None
    if text is None:
        return None, (FormProblem(field="bid-form.json", problem="unreadable"),)
    return text, ()
