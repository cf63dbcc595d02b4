"""The closed lists of a review: who is suspected, how surely, and what was done.

Codes are those of the reference, section 7 (CDISC ACN and OUT, ICH E2A), words ours.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from monitor.clinical.study.protocol import Protocol

#: The families of events, for a menu.
FAMILIES = {
    "crs": _("CRS"),
    "cls": _("CLS"),
    "other_cause": _("Other cause"),
    "organ": _("Organ"),
}
#: Suspects beside the study's own agents.
OTHER_SUSPECTS = {
    "infection": _("Infection"),
    "disease": _("Disease"),
    "concomitant_drug": _("Concomitant drug"),
    "procedure": _("Procedure"),
}
CAUSALITY = {
    "unrelated": _("Unrelated"),
    "unlikely": _("Unlikely"),
    "possible": _("Possible"),
    "probable": _("Probable"),
    "definite": _("Definite"),
}
#: From here on a suspect counts as a cause.
RELATED = ("possible", "probable", "definite")
SERIOUS = {
    "AESDTH": _("Death"),
    "AESLIFE": _("Life-threatening"),
    "AESHOSP": _("Admission or stay prolonged"),
    "AESDISAB": _("Disability"),
    "AESCONG": _("Birth defect"),
    "AESMIE": _("Medically important"),
}
#: The two events of one that was split.
FIRST, SECOND = "first", "second"
#: Against the reference safety information in force at onset.
EXPECTED = {
    "expected": _("Expected"),
    "unexpected": _("Unexpected"),
}
#: What came of the search for an infection, before a cytokine release is final.
WORK_UP = {
    "none_found": _("Back, no infection found"),
    "found": _("Back, infection found"),
    "pending": _("Not back yet"),
    "not_sent": _("None was sent"),
}
RECHALLENGE = {
    "not_done": _("Not given again"),
    "came_back": _("Given again, it came back"),
    "stayed_away": _("Given again, it did not"),
    "unknown": _("Given again, not known"),
}
DLT = {
    "yes": _("Dose-limiting"),
    "no": _("Not dose-limiting"),
    "not_evaluable": _("Not evaluable"),
}
ACTIONS = {
    "DOSE NOT CHANGED": _("Dose not changed"),
    "DRUG INTERRUPTED": _("Drug interrupted"),
    "DOSE REDUCED": _("Dose reduced"),
    "DOSE RATE REDUCED": _("Dose rate reduced"),
    "DOSE INCREASED": _("Dose increased"),
    "DRUG WITHDRAWN": _("Drug withdrawn"),
    "NOT APPLICABLE": _("Not applicable"),
    "UNKNOWN": _("Unknown"),
}
OUTCOMES = {
    "NOT RECOVERED/NOT RESOLVED": _("Not recovered"),
    "RECOVERING/RESOLVING": _("Recovering"),
    "RECOVERED/RESOLVED": _("Recovered"),
    "RECOVERED/RESOLVED WITH SEQUELAE": _("Recovered with sequelae"),
    "FATAL": _("Fatal"),
    "UNKNOWN": _("Unknown"),
}
RECOVERED = ("RECOVERED/RESOLVED", "RECOVERED/RESOLVED WITH SEQUELAE")
MEANING = _("I reviewed the evidence, graded and attributed this event.")


def agents_of(protocol: Protocol) -> Mapping[str, str]:
    """The study agents by code; a protocol that names none has one."""
    named = {agent.code: agent.label for agent in protocol.agents}
    return named or {"study_drug": str(_("Study drug"))}


def suspects_of(protocol: Protocol) -> Mapping[str, str]:
    """Everyone suspected, the study agents first."""
    agents = agents_of(protocol)
    extra = {code: code.replace("_", " ").capitalize() for code in protocol.suspects}
    return {**agents, **extra, **OTHER_SUSPECTS, **agents}


def in_order(
    said: Mapping[str, str], suspects: Mapping[str, Any]
) -> list[tuple[str, str]]:
    """What was said of each, in the order of the suspects: PostgreSQL keeps none."""
    place = {who: n for n, who in enumerate(suspects)}
    return sorted(said.items(), key=lambda one: place.get(one[0], len(place)))
