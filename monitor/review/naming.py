"""By which CTCAE term an event is named, and what that contradicts or lacks.

As `consistency`: field -> sentence. Pure.
"""

from django.utils.translation import gettext as _

from monitor.clinical.ctcae.naming import OTHER
from monitor.review.deciding import Decision, Standing

CONFIRMED = ("agree", "regrade")


def of_term(decision: Decision, standing: Standing) -> dict[str, str]:
    """A term names what is confirmed, is one of its version, and has the grade."""
    said = decision.ctcae_term
    if not said or said == standing.own_term:
        return {}
    if decision.verdict not in CONFIRMED:
        return {"ctcae_term": _("Only an event that you confirm is named by a term.")}
    if not standing.terms:
        return {"ctcae_term": _("This event has its term. Leave it empty.")}
    term = standing.named(decision)
    if term is None:
        sentence = _(
            "The trial's version of CTCAE has no such term. Choose one of the list, or "
            "one that ends in Other, specify."
        )
        return {"ctcae_term": sentence}
    if decision.grade is None or decision.grade in term.grades:
        return {}
    told = {"term": term.name, "has": ", ".join(str(one) for one in term.grades)}
    sentence = _("%(term)s has these grades in CTCAE: %(has)s. Choose one of them.")
    return {"grade": sentence % told}


def unnamed(decision: Decision, standing: Standing) -> dict[str, str]:
    """What a signature asks for besides: the term, its grade, and what *other* is."""
    if not standing.terms:
        return {}
    term = standing.named(decision)
    if term is None:
        sentence = _(
            "Name the event by its CTCAE term. Where none fits, choose one that ends "
            "in Other, specify."
        )
        return {} if standing.own_term else {"ctcae_term": sentence}
    if decision.grade is None:
        return {"grade": _("Choose its grade in CTCAE, the highest it reached.")}
    if term.name.endswith(OTHER) and not decision.note:
        return {"note": _("Other: say in the assessor's note what it was.")}
    return {}
