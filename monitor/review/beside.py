"""What else of a decision contradicts itself: its moments, its whole, its dose limit.

As `consistency`, which asks these after its own: field -> sentence. Pure.
"""

from django.utils.translation import gettext as _

from monitor.review.choices import FIRST, RECOVERED, RELATED
from monitor.review.deciding import Decision, Standing


def time_of_death(decision: Decision, standing: Standing) -> dict[str, str]:
    """A death has its time, which is the end of the event, and nothing else has."""
    died_at, said = decision.died_at, ""
    if decision.outcome != "FATAL":
        said = _("A time of death goes with the outcome Fatal.") if died_at else ""
    elif died_at is None:
        said = _("Give the time of death: it is the end of the event.")
    elif standing.since and died_at < standing.since:
        said = _("This is before the event began. Correct one of the two.")
    elif standing.now and died_at > standing.now:
        said = _("This is still to come. Type the time of death.")
    return {"died_at": said} if said else {}


def awareness(decision: Decision, standing: Standing) -> dict[str, str]:
    """Nobody knows of an event before it began, nor from a time to come."""
    aware_at, said = decision.aware_at, ""
    if aware_at is None:
        return {}
    if not decision.serious:
        said = _("This is for a serious event. Choose a criterion, or leave it empty.")
    elif standing.since and aware_at < standing.since:
        said = _("This is before the event began. Correct one of the two.")
    elif standing.now and aware_at > standing.now:
        said = _("This is still to come. Type since when the site knows.")
    return {"aware_at": said} if said else {}


def whole(decision: Decision, standing: Standing) -> dict[str, str]:
    """A part names the event that it belongs to, and nothing else names one."""
    if decision.verdict != "part_of":
        said = _(
            "This goes with Part of another event. Choose that, or leave it empty."
        )
        return {"part_of_id": said} if decision.part_of_id else {}
    if decision.part_of_id in set(standing.others):
        return {}
    return {"part_of_id": _("Choose the event that this is a part of.")}


def split(decision: Decision, standing: Standing) -> dict[str, str]:
    """A second event begins within the first."""
    at, said = decision.split_at, ""
    if at is None:
        return {}
    if decision.verdict not in ("agree", "regrade"):
        said = _("Only an event that you confirm can be split. Leave this empty.")
    elif standing.since and at <= standing.since:
        said = _("The second event begins after the first. Type a later time.")
    elif standing.now and at > standing.now:
        said = _("This is still to come. Type when the second event began.")
    return {"split_at": said} if said else {}


def serious_parts(decision: Decision, standing: Standing) -> dict[str, str]:
    """Each of two events meets criteria of its own; a death is of the second."""
    parts = decision.serious_parts
    if not parts:
        return {}
    if decision.split_at is None:
        said = _("This is for two events. Type when the second began, or leave it.")
        return {"serious_first": said}
    if "AESDTH" in parts.get(FIRST, ()):
        said = _("Death ends the second event: the first was over by then.")
        return {"serious_first": said}
    met = {code for own in parts.values() for code in own}
    if met != set(decision.serious):
        return {"serious": _("Say of each criterion which of the two events met it.")}
    return {}


def dose_limit(decision: Decision, standing: Standing) -> dict[str, str]:
    """Dose-limiting is what began in the window and names its criterion."""
    if decision.dlt.get("verdict") != "yes":
        return {}
    if not standing.limits_dose:
        said = _("It did not begin in the window. Choose Not dose-limiting, or none.")
        return {"dlt": said}
    if decision.dlt.get("exception"):
        said = _(
            "An exception of the protocol makes it not dose-limiting. Choose that, or "
            "take the exception out."
        )
        return {"dlt_exception": said}
    if not decision.dlt.get("criterion"):
        return {"dlt_criterion": _("Name the criterion of the protocol that is met.")}
    return {}


def notes(decision: Decision, standing: Standing) -> dict[str, str]:
    """A note on a suspect stands beside a judgement of it."""
    if set(decision.suspect_notes) <= set(decision.attribution):
        return {}
    said = _("A suspect has a note and no judgement. Judge it, or take the note out.")
    return {"attribution": said}


def work_up(decision: Decision, standing: Standing) -> dict[str, str]:
    """A cytokine release is final when the search for an infection is (R20).

    What was found is judged among the suspects. A death waits for no culture.
    """
    said = decision.work_up
    if not standing.mimicked:
        sentence = _("This goes with a cytokine release. Leave it empty.")
        return {"work_up": sentence} if said else {}
    confirmed = decision.verdict in ("agree", "regrade")
    if confirmed and decision.outcome in RECOVERED and said in ("", "pending"):
        sentence = _(
            "Is the infection work-up back? Until it is, the event is not final: "
            "choose Recovering, or say what came of it."
        )
        return {"work_up": sentence}
    if said == "found" and "infection" not in decision.attribution:
        return {"attribution": _("An infection was found. Judge it as a suspect too.")}
    return {}


def infection(decision: Decision, standing: Standing) -> dict[str, str]:
    """Who confirms an infection does not say that no infection caused it."""
    confirmed = decision.verdict in ("agree", "regrade")
    judged = decision.attribution.get("infection")
    if not (standing.infectious and confirmed and judged) or judged in RELATED:
        return {}
    said = _(
        "You confirm an infection. Judge Infection at least possible, or choose Not "
        "this event."
    )
    return {"attribution": said}


def reaction(decision: Decision, standing: Standing) -> dict[str, str]:
    """Who confirms a reaction to what was given, and holds no study agent for its

    cause, says in the note what was: the scale asks for one, and knows no other.
    """
    confirmed = decision.verdict in ("agree", "regrade")
    judged = [decision.attribution.get(one) for one in standing.agents]
    held = not all(judged) or any(how in RELATED for how in judged)
    if not (standing.reaction and confirmed) or held or decision.note:
        return {}
    said = _(
        "This event is by definition a reaction to what was given, and no study agent "
        "is a possible cause. Judge one at least possible, choose Not this event, or "
        "say in the assessor's note what caused it."
    )
    return {"attribution": said}


CHECKS = (
    time_of_death,
    awareness,
    whole,
    split,
    serious_parts,
    dose_limit,
    notes,
    work_up,
    infection,
    reaction,
)
