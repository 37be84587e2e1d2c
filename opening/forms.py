"""What a section asks of the bid form in each envelope, and what the opening records of a form.

It must not stop a bid: a form that cannot be read is shown as such.
"""

from opening.bid_form import FormTerms, read_form
from opening.events import FormProblem
from opening.messages import EnvelopeNumber
from opening.terms import TermsSet


def form_terms(terms: TermsSet, envelope: EnvelopeNumber) -> FormTerms:
    """Return what the form of an envelope must hold.

    The price stands in the last envelope alone. The fields that a project adds are required there;
    a first envelope of two may hold them too, but need not.
    """
    if envelope == terms.envelopes:
        return FormTerms(fields=terms.form, priced=True, currency=terms.currency, limit=terms.limit)
    fields = tuple(each.model_copy(update={"required": False}) for each in terms.form)
    return FormTerms(fields=fields, priced=False, currency=terms.currency)


def recorded_form(
    content: bytes | None, terms: FormTerms
) -> tuple[str | None, tuple[FormProblem, ...]]:
    """Return the text of a form, where it is one, and everything that is not as the terms want it.

    Args:
        content: bid-form.json; None where it is larger than 64 KiB.
        terms: from `form_terms`.
    """
    problems = read_form(content, terms).problems
    try:
        return (None if content is None else content.decode()), problems
    except UnicodeDecodeError:
        return None, problems
