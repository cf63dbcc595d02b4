"""What an event says to a person: plain words for actions, fields and values."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from monitor.audit.models import Event
from monitor.clinical import catalogue, loading
from monitor.templatetags.times import say_time

#: Every action that a verb records. A test looks for those that have no sentence.
SENTENCES = {
    "door.signed_in": lazy("%(who)s signed in."),
    "door.signed_out": lazy("%(who)s signed out."),
    "door.refused": lazy("Sign-in refused for %(who)s: name or password is wrong."),
    "door.locked": lazy("Sign-in locked for %(who)s after too many failures."),
    "user.created": lazy("%(who)s created an account."),
    "membership.granted": lazy("%(who)s gave a role."),
    "membership.ended": lazy("%(who)s ended a role."),
    "trial.opened": lazy("%(who)s opened the trial."),
    "site.added": lazy("%(who)s added a site."),
    "cohort.added": lazy("%(who)s added a cohort."),
    "protocol.drafted": lazy("%(who)s drafted a protocol version."),
    "protocol.approved": lazy("%(who)s approved a protocol version."),
    "participant.enrolled": lazy("%(who)s enrolled the participant."),
    "participant.moved": lazy("%(who)s moved the participant to another bed."),
    "participant.left": lazy("%(who)s recorded the end of study."),
    "cycle.opened": lazy("%(who)s opened a cycle."),
    "dose.planned": lazy("%(who)s planned a dose."),
    "dose.recorded": lazy("%(who)s recorded what became of a dose."),
    "dose.corrected": lazy("%(who)s corrected a dose."),
    "observation.recorded": lazy("%(who)s recorded a set."),
    "reading.corrected": lazy("%(who)s corrected a value."),
    "reading.voided": lazy("%(who)s struck out a value."),
    "reading.confirmed": lazy("%(who)s confirmed a value."),
    "range.recorded": lazy("%(who)s recorded a laboratory range."),
    "range.voided": lazy("%(who)s struck out a laboratory range."),
    "fact.recorded": lazy("%(who)s recorded a fact."),
    "fact.voided": lazy("%(who)s struck out a fact."),
    "decision.recorded": lazy("%(who)s recorded a decision."),
    "treatment.logged": lazy("%(who)s logged a treatment."),
    "treatment.corrected": lazy("%(who)s corrected a treatment."),
    "treatment.voided": lazy("%(who)s struck out a treatment."),
    "episode.opened": lazy("An episode opened on what %(who)s recorded."),
    "episode.changed": lazy("An episode changed on what %(who)s recorded."),
    "episode.treatment_linked": lazy("%(who)s said for which episode it was given."),
    "notice.delivered": lazy("%(who)s delivered a notice."),
    "notice.failed": lazy("%(who)s could not deliver a notice."),
    "notice.acknowledged": lazy("%(who)s acknowledged a notice."),
    "review.recorded": lazy("%(who)s decided on an episode."),
    "review.signed": lazy("%(who)s signed a decision."),
    "review.signature_withdrawn": lazy("What was signed changed: the signature fell."),
    "signature.refused": lazy("%(who)s typed a wrong password to sign."),
}
#: Names of fields as a page says them; items and treatments bring their own.
FIELDS = {
    "observed_at": lazy("observed at"),
    "given_at": lazy("given at"),
    "planned_at": lazy("planned at"),
    "at": lazy("at"),
    "until": lazy("until"),
    "since": lazy("since"),
    "code": lazy("code"),
    "body_site": lazy("site of injection"),
    "check_state": lazy("check"),
    "day_start": lazy("start of the ward's day"),
    "starts_at": lazy("from"),
    "ends_at": lazy("until"),
}
#: UCUM code -> how it reads on a screen.
UNITS = loading.units()
#: (object, field) that tell a blinded person the dose.
UNBLINDING = {("Dose", "amount")}


@dataclass(frozen=True, slots=True)
class Told:
    """One changed field: what it is called, what it was and what it became."""

    label: str
    old: str
    new: str

    def __str__(self) -> str:
        if self.old and self.new:
            return f"{self.label}: {self.old} → {self.new}"
        return f"{self.label}: {self.new or _('%(old)s → none') % {'old': self.old}}"


@dataclass(frozen=True, slots=True)
class Line:
    """An event as a page shows it. `when` carries the offset of the site's time."""

    event: Event
    who: str
    when: str
    sentence: str
    changes: tuple[Told, ...]
    reason: str


def line_of(event: Event, *, unblinded: bool = False) -> Line:
    """The event in words; without `unblinded`, less what would tell the dose."""
    return Line(
        event=event,
        who=who(event),
        when=say_time(event.at, event.time_zone, "signed"),
        sentence=sentence(event),
        changes=tuple(
            told(event, change)
            for change in event.changes
            if unblinded or (event.object_type, change["field"]) not in UNBLINDING
        ),
        reason=event.reason,
    )


def who(event: Event) -> str:
    return event.actor_name or event.actor


def sentence(event: Event) -> str:
    """A whole sentence; an action nobody put into words is said by its own name."""
    template = SENTENCES.get(event.action)
    if template is None:
        noun, _dot, verb = event.action.replace("_", " ").partition(".")
        return f"{who(event)}: {noun} {verb}."
    return template % {"who": who(event)}


def told(event: Event, change: dict[str, Any]) -> Told:
    field = change["field"]
    return Told(
        label=label(field),
        old=shown(field, change["old"], event.time_zone),
        new=shown(field, change["new"], event.time_zone),
    )


def label(field: str) -> str:
    if field in catalogue.ITEMS:
        return catalogue.ITEMS[field].label
    return str(FIELDS.get(field, field.replace("_", " ").lower()))


def shown(field: str, value: str | None, zone: str) -> str:
    """A recorded text as a person reads it: local time, labels, unit as printed."""
    if value is None:
        return ""
    if field in catalogue.ITEMS:
        return reading(catalogue.ITEMS[field], value)
    if field == "code" and value in catalogue.TREATMENTS:
        return catalogue.TREATMENTS[value].label
    if field == "unit":
        return UNITS.get(value, value)
    moment = as_moment(value)
    return say_time(moment, zone, "full") if moment else value


def reading(item: catalogue.Item, value: str) -> str:
    """`39.1 Cel` as `39.1 °C`, `nasal_cannula` as `Nasal cannula`."""
    for option in item.options:
        if option.code == value:
            return option.label
    number, _space, rest = value.partition(" ")
    unit, _space, typed = rest.partition(" ")
    if unit in item.units:
        return " ".join(filter(None, [number, item.units[unit].label, typed]))
    return value


def as_moment(value: str) -> datetime | None:
    """The time that the text is, if it is one with an offset."""
    if "T" not in value:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
