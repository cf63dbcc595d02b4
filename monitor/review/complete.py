"""What a decision still lacks before somebody signs it. A draft may lack all of it.

agree, regrade     the CTCAE term and its grade, where the topic is none itself; each
                   suspect judged; what was done with each study agent; the outcome;
                   of a serious event whether it was expected
part_of            nothing more: the event that it is a part of carries all of this
not_this_event     nothing more than the other cause, which `consistency` asks for
not_significant    nothing more than its reason

Pure: the same decision, the same sentences.
"""

from django.utils.translation import gettext as _

from monitor.review import naming
from monitor.review.deciding import Decision, Standing


def lacking(decision: Decision, standing: Standing) -> dict[str, str]:
    """Field -> sentence that says what is missing; empty when it can be signed."""
    if decision.verdict not in naming.CONFIRMED:
        return {}
    return {
        **naming.unnamed(decision, standing),
        **_suspects(decision, standing),
        **_actions(decision, standing),
        **_outcome(decision),
        **_expectedness(decision, standing),
    }


def _suspects(decision: Decision, standing: Standing) -> dict[str, str]:
    missing = [
        str(label)
        for who, label in standing.suspects.items()
        if who not in decision.attribution
    ]
    if not missing:
        return {}
    said = _("Judge each suspect. Not judged yet: %(who)s.")
    return {"attribution": said % {"who": ", ".join(missing)}}


def _actions(decision: Decision, standing: Standing) -> dict[str, str]:
    said = _("What was done with %(agent)s? Choose it, also where nothing was.")
    return {
        f"action_{agent}": said % {"agent": standing.suspects.get(agent, agent)}
        for agent in standing.agents
        if agent not in decision.action
    }


def _outcome(decision: Decision) -> dict[str, str]:
    if decision.outcome:
        return {}
    return {"outcome": _("Choose the outcome as it is now, also where it is unknown.")}


def _expectedness(decision: Decision, standing: Standing) -> dict[str, str]:
    if not decision.serious or decision.expected:
        return {}
    said = _("Expected or unexpected? A serious event is reported by it. Choose one.")
    if standing.unlisted:
        by_hand = _("Until then choose by the document that you have.")
        said = f"{said} {standing.unlisted} {by_hand}"
    return {"expected": said}
