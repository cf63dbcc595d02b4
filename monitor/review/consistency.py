"""What in a decision contradicts itself, as a sentence for the field to mend.

The checks of the reference, section 7. Pure: the same decision, the same sentences.
"""

from django.utils.translation import gettext as _

from monitor.review import beside, naming
from monitor.review.choices import RECOVERED, RELATED
from monitor.review.deciding import Decision, Standing

__all__ = ["Decision", "Standing", "problems"]

FATAL_GRADE = 5


def problems(decision: Decision, standing: Standing) -> dict[str, str]:
    """Field -> sentence; empty when nothing contradicts anything."""
    found: dict[str, str] = {}
    for check in (_verdict, _death, _outcome, _actions, naming.of_term, *beside.CHECKS):
        for name, sentence in check(decision, standing).items():
            found.setdefault(name, sentence)
    return found


def _verdict(decision: Decision, standing: Standing) -> dict[str, str]:
    if decision.verdict == "agree":
        return _agreed(decision, standing)
    found = {}
    if not decision.reason:
        found["reason"] = _("Say why you decide otherwise than the program.")
    if decision.verdict == "regrade":
        found |= _regraded(decision, standing)
    if decision.verdict == "not_this_event" and not _other_cause(decision, standing):
        found["attribution"] = _(
            "Name the other cause: one suspect that is no study agent, at least "
            "possible."
        )
    if decision.verdict == "not_significant" and decision.serious:
        found["serious"] = _(
            "What is serious is significant. Choose no criterion, or another decision."
        )
    return found


def _agreed(decision: Decision, standing: Standing) -> dict[str, str]:
    if decision.grade == standing.suggested:
        return {}
    if standing.suggested is None:
        return _graded_alone(decision, standing)
    told = {"yours": decision.grade or "–", "shown": standing.suggested}
    sentence = _(
        "Grade %(yours)s is not the %(shown)s shown. Choose %(shown)s, or Regrade and "
        "say why."
    )
    return {"grade": sentence % told}


def _graded_alone(decision: Decision, standing: Standing) -> dict[str, str]:
    """No scale grades the event: its grade is that of the term that names it."""
    term = decision.ctcae_term
    if standing.terms and term not in ("", standing.own_term):
        return {}  # Whether there is such a term, `naming` says.
    if standing.terms and not term:
        return {"ctcae_term": _("Name the CTCAE term that this is a grade of.")}
    said = _("The scale gives no grade. To give one, choose Regrade and say why.")
    return {"verdict": said}


def _regraded(decision: Decision, standing: Standing) -> dict[str, str]:
    if decision.grade is None:
        return {"grade": _("Choose the grade.")}
    if decision.grade == standing.suggested:
        return {"grade": _("This is the grade shown. Choose Agree, or another grade.")}
    if not standing.other_scale or decision.ctcae_grade:
        return {}
    if decision.grade != FATAL_GRADE:
        said = _("Choose the grade in CTCAE too: scales do not share their numbers.")
        return {"ctcae_grade": said}
    return {}


def _other_cause(decision: Decision, standing: Standing) -> bool:
    agents = set(standing.agents)
    return any(
        how in RELATED for who, how in decision.attribution.items() if who not in agents
    )


def _death(decision: Decision, standing: Standing) -> dict[str, str]:
    """Fatal outcome, grade 5 and death among the criteria stand or fall together."""
    graded = decision.verdict in ("agree", "regrade")
    signs = {
        "outcome": decision.outcome == "FATAL",
        "serious": "AESDTH" in decision.serious,
    }
    if graded:
        signs["grade"] = decision.grade == FATAL_GRADE
    if all(signs.values()) or not any(signs.values()):
        return {}
    sentences = {
        "grade": _("Death and a fatal outcome go with grade 5."),
        "serious": _("Grade 5 and a fatal outcome go with Death."),
        "outcome": _("Grade 5 and Death go with the outcome Fatal."),
    }
    return {name: sentences[name] for name, said in signs.items() if not said}


def _outcome(decision: Decision, standing: Standing) -> dict[str, str]:
    if decision.outcome in RECOVERED and not standing.closed:
        return {
            "outcome": _(
                "The episode is still open, so it has no end. Choose Recovering, or "
                "sign when it has closed."
            )
        }
    if decision.outcome == "NOT RECOVERED/NOT RESOLVED" and standing.closed:
        return {
            "outcome": _(
                "The episode has closed, so it has an end. Choose Recovered, or say "
                "what remains."
            )
        }
    return {}


def _actions(decision: Decision, standing: Standing) -> dict[str, str]:
    """After a death no dose that is still planned speaks against anything."""
    planned = set() if decision.outcome == "FATAL" else set(standing.planned)
    return {
        f"action_{agent}": _(
            "A dose is still planned. Omit it first, or choose Drug interrupted."
        )
        for agent, action in decision.action.items()
        if action == "DRUG WITHDRAWN" and agent in planned
    }
