"""Who may know the dose level: by role, by trial, or because a person unblinded.

A trial says in `Trial.blinding` what it asks beyond the table of permissions:

    {"roles": ["pharmacist"], "amounts": true, "items": ["INTLK6"],
     "patterns": ["inflammation"]}

`roles`: of the roles that see dose levels, only these do; left out: all of them.
`amounts`: how much of a study drug was planned or given is hidden as the level is.
`items`: laboratory values that tell the level or arm. They are kept in a table of their
own (`bedside.HiddenReading`), which feeds nothing that a blinded person is shown.
`patterns`: warning patterns that tell it. The assessment that everybody is shown does
not ask about them. Both are seen on one page, by who sees the level.
Everything here answers for one person and costs two queries, however many rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from copy import copy
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from monitor.clinical.answers.silence import can_be_unasked
from monitor.clinical.answers.topics import TOPICS
from monitor.clinical.items import catalogue
from monitor.refusal import Refused
from monitor.trials.models import Dose, Participant, Role, Trial, Unblinding, User
from monitor.trials.permissions import Permission, held_by, roles_with

KEYS = {"roles", "amounts", "items", "patterns"}
Sees = Callable[[Participant], bool]
#: Of whom a page that is being made shows the dose level; see `watched`.
_shown: ContextVar[dict[int, Participant] | None] = ContextVar("shown", default=None)
#: Whether the page that is being made is made as if everybody were blinded.
_left_out: ContextVar[bool] = ContextVar("left_out", default=False)


@contextmanager
def watched() -> Iterator[dict[int, Participant]]:
    """Collects of whom the dose level, or an amount that tells it, is shown meanwhile.

    What puts it before a person's eyes says so with `level_shown`.
    """
    seen: dict[int, Participant] = {}
    token = _shown.set(seen)
    try:
        yield seen
    finally:
        _shown.reset(token)


def level_shown(participant: Participant) -> None:
    seen = _shown.get()
    if seen is not None:
        seen[participant.pk] = participant


@contextmanager
def left_out() -> Iterator[None]:
    """What is made meanwhile shows no dose level, whoever asks for it."""
    token = _left_out.set(True)
    try:
        yield
    finally:
        _left_out.reset(token)


def are_left_out() -> bool:
    return _left_out.get()


def seeing(user: User | None) -> Sees:
    """participant -> whether the person may know the dose level; nobody may not."""
    if user is None or are_left_out():
        return lambda participant: False
    roles = roles_with(Permission.SEE_COHORT)
    held = held_by(user).filter(role__in=roles).select_related("trial")
    places = {
        (row.trial_id, row.site_id) for row in held if row.role in roles_of(row.trial)
    }
    opened = set(
        Unblinding.objects.filter(unblinded_by=user.pk).values_list(
            "participant", flat=True
        )
    )

    def sees(participant: Participant) -> bool:
        site = participant.site
        here = {(site.trial_id, None), (site.trial_id, site.pk)}
        return participant.pk in opened or bool(places & here)

    return sees


def roles_of(trial: Trial) -> list[str]:
    """The roles that see the dose level in this trial."""
    told = trial.blinding.get("roles")
    return [
        str(role)
        for role in roles_with(Permission.SEE_COHORT)
        if told is None or role in told
    ]


def hides_amounts(trial: Trial) -> bool:
    return bool(trial.blinding.get("amounts"))


def hidden_items(trial: Trial) -> frozenset[str]:
    """Codes of the items whose values tell the level."""
    return frozenset(trial.blinding.get("items", ()))


def hidden_patterns(trial: Trial) -> frozenset[str]:
    """Keys of the patterns whose answers tell the level."""
    return frozenset(trial.blinding.get("patterns", ()))


def hides_more(trial: Trial) -> bool:
    """Whether items or patterns are hidden at all."""
    return bool(hidden_items(trial) or hidden_patterns(trial))


def check_seeing(user: User, participant: Participant) -> None:
    """Raises PermissionDenied for who is blinded about the participant."""
    if not seeing(user)(participant):
        said = _("In this trial you are blinded. Hidden values are not for you.")
        raise PermissionDenied(said)


def can_be_hidden() -> frozenset[str]:
    """Laboratory items without which nobody's warning becomes unknown."""
    needed = {item for topic in TOPICS for item in topic.needs}
    return frozenset(catalogue.PANELS["labs"]) - needed


def shown(
    user: User | None, participant: Participant, doses: Iterable[Dose]
) -> list[Dose]:
    """The doses as a page may show them: without amounts to who is blinded.

    These are copies for the eye. What is written goes from the rows themselves.
    """
    rows = list(doses)
    if not hides_amounts(participant.site.trial):
        return rows
    if not seeing(user)(participant):
        return [veiled(row) for row in rows]
    level_shown(participant)
    return rows


def veiled(dose: Dose) -> Dose:
    copied = copy(dose)
    copied.amount, copied.unit = None, ""
    return copied


def check_blinding(told: Mapping[str, Any]) -> None:
    """Raises Refused for what is no blinding."""
    seeing_roles = roles_with(Permission.SEE_COHORT)
    unknown = [key for key in told if key not in KEYS]
    if unknown:
        said = _("A blinding has roles and amounts, not %(key)s.")
        raise Refused(said % {"key": unknown[0]}, "blinding")
    for role in told.get("roles", []):
        if role not in seeing_roles:
            names = ", ".join(str(Role(one).label) for one in seeing_roles)
            said = _("Only these roles can see dose levels: %(roles)s.")
            raise Refused(said % {"roles": names}, "blinding")
    for key, allowed in (("items", can_be_hidden()), ("patterns", can_be_unasked())):
        for one in told.get(key, []):
            if one not in allowed:
                said = _("%(one)s cannot be hidden. What can: %(allowed)s.")
                names = ", ".join(sorted(allowed))
                raise Refused(said % {"one": one, "allowed": names}, "blinding")
