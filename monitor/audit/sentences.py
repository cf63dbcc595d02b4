"""What an event says to a person: plain words for actions, fields and values."""

import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from monitor.audit.models import Event
from monitor.clinical.ctcae.model import VERSION_NAMES
from monitor.clinical.items import catalogue, loading
from monitor.templatetags.times import say_time

#: Every action that a verb records. A test looks for those that have no sentence.
SENTENCES = {
    "door.signed_in": lazy("%(who)s signed in."),
    "door.signed_out": lazy("%(who)s signed out."),
    "door.timed_out": lazy("The session of %(who)s ended: nobody was at work in it."),
    "door.session_ended": lazy("%(who)s ended a session on another device."),
    "door.password_changed": lazy("%(who)s changed the password."),
    "door.factor_added": lazy("%(who)s added a second factor."),
    "door.factor_removed": lazy("%(who)s took a second factor away."),
    "door.codes_renewed": lazy("%(who)s made new recovery codes."),
    "door.recovery_used": lazy("%(who)s signed in with a recovery code."),
    "door.code_refused": lazy("%(who)s typed a wrong code to sign in."),
    "door.password_refused": lazy(
        "%(who)s typed a wrong password for something of the account."
    ),
    "door.linked": lazy("%(who)s linked the account at the hospital."),
    "door.unlinked": lazy("%(who)s took away the link to the hospital."),
    "door.refused": lazy("Sign-in refused for %(who)s: name or password is wrong."),
    "door.locked": lazy("Sign-in locked for %(who)s after too many failures."),
    "user.created": lazy("%(who)s created an account."),
    "user.password_given": lazy("%(who)s gave a password to be changed at once."),
    "user.lock_lifted": lazy("%(who)s let an account try to sign in again."),
    "user.factor_taken": lazy("%(who)s took a lost second factor away."),
    "user.locked": lazy("%(who)s locked an account."),
    "user.opened": lazy("%(who)s opened an account again."),
    "membership.granted": lazy("%(who)s gave a role."),
    "membership.ended": lazy("%(who)s ended a role."),
    "trial.opened": lazy("%(who)s opened the trial."),
    "trail.reviewed": lazy("%(who)s reviewed what was changed."),
    "trial.blinded": lazy("%(who)s said who sees dose levels."),
    "unblinding.done": lazy("%(who)s unblinded the participant in an emergency."),
    "unblinding.assessed": lazy("%(who)s wrote what the unblinding did to the trial."),
    "unblinding.refused": lazy("%(who)s typed a wrong password to unblind."),
    "site.added": lazy("%(who)s added a site."),
    "cohort.added": lazy("%(who)s added a cohort."),
    "protocol.drafted": lazy("%(who)s drafted a protocol version."),
    "ctcae.loaded": lazy("%(who)s loaded NCI's table of CTCAE terms."),
    "protocol.approved": lazy("%(who)s approved a protocol version."),
    "participant.enrolled": lazy("%(who)s enrolled the participant."),
    "participant.moved": lazy("%(who)s moved the participant to another bed."),
    "participant.died": lazy("%(who)s signed that the participant died."),
    "participant.not_died": lazy("%(who)s signed that the participant did not die."),
    "participant.left": lazy("%(who)s recorded the end of study."),
    "cycle.opened": lazy("%(who)s opened a cycle."),
    "dose.planned": lazy("%(who)s planned a dose."),
    "dose.recorded": lazy("%(who)s recorded what became of a dose."),
    "dose.corrected": lazy("%(who)s corrected a dose."),
    "injection.logged": lazy("%(who)s logged where a dose was injected."),
    "injection.struck": lazy("%(who)s struck out a site of injection."),
    "observation.recorded": lazy("%(who)s recorded a set."),
    "reading.corrected": lazy("%(who)s corrected a value."),
    "reading.voided": lazy("%(who)s struck out a value."),
    "text.remarked": lazy("%(who)s sent a text that looks as if it told who this is."),
    "identity.kept": lazy("%(who)s kept who the participant is."),
    "identity.changed": lazy("%(who)s changed what is kept of who this is."),
    "identity.looked": lazy("%(who)s looked at who the participant is."),
    "identity.erased": lazy("%(who)s erased who the participant is."),
    "identity.erasure_refused": lazy(
        "%(who)s recorded that a request for erasure was refused."
    ),
    "identity.resealed": lazy("%(who)s sealed all identities under the newest key."),
    "hidden.recorded": lazy("%(who)s entered a hidden value."),
    "hidden.voided": lazy("%(who)s struck out a hidden value."),
    "hidden.looked": lazy("%(who)s looked at the hidden values."),
    "level.seen": lazy("%(who)s was shown the dose level."),
    "reading.confirmed": lazy("%(who)s confirmed a value."),
    "range.recorded": lazy("%(who)s recorded a laboratory range."),
    "sets.settled": lazy("%(who)s compared two sets and said which counts."),
    "ranges.taken_over": lazy("The limits of a laboratory were taken over."),
    "laboratory.range": lazy("%(who)s recorded the limits of a laboratory."),
    "laboratory.range_voided": lazy("%(who)s struck out a laboratory's limits."),
    "unit.chosen": lazy("%(who)s chose the unit of a field for the site."),
    "range.voided": lazy("%(who)s struck out a laboratory range."),
    "fact.recorded": lazy("%(who)s recorded a fact."),
    "fact.voided": lazy("%(who)s struck out a fact."),
    "decision.recorded": lazy("%(who)s recorded a decision."),
    "contact.planned": lazy("%(who)s planned a contact."),
    "set.not_taken": lazy("%(who)s said why a set was not taken."),
    "monitoring.paused": lazy("%(who)s paused the monitoring."),
    "arrangement.ended": lazy("%(who)s ended what was arranged."),
    "nurse.assigned": lazy("%(who)s said whose participant this is."),
    "treatment.logged": lazy("%(who)s logged a treatment."),
    "treatment.corrected": lazy("%(who)s corrected a treatment."),
    "treatment.voided": lazy("%(who)s struck out a treatment."),
    "episode.opened": lazy("An episode opened on what %(who)s recorded."),
    "episode.changed": lazy("An episode changed on what %(who)s recorded."),
    "episode.treatment_linked": lazy("%(who)s said for which episode it was given."),
    "notice.delivered": lazy("%(who)s delivered a notice."),
    "notice.failed": lazy("%(who)s could not deliver a notice."),
    "notice.acknowledged": lazy("%(who)s acknowledged a notice."),
    "notice.lapsed": lazy("An acknowledgement lapsed: nothing followed it."),
    "notice.snoozed": lazy("%(who)s put a notice off."),
    "notice.judged": lazy("%(who)s said whether a notice was useful."),
    "rota.planned": lazy("%(who)s planned a shift on call."),
    "rota.overridden": lazy("%(who)s gave a duty on call to somebody else."),
    "rota.struck": lazy("%(who)s struck out a shift on call."),
    "user.reached_at": lazy("%(who)s changed where notices are mailed."),
    "review.recorded": lazy("%(who)s decided on an episode."),
    "review.referred": lazy("%(who)s referred an episode to somebody else."),
    "review.opinion_asked": lazy("%(who)s asked somebody for a second opinion."),
    "review.signed": lazy("%(who)s signed a decision."),
    "review.signature_withdrawn": lazy("What was signed changed: the signature fell."),
    "review.second_opinion": lazy("%(who)s gave a second opinion on a decision."),
    "event.kept": lazy("An adverse event was recorded as %(who)s signed it."),
    "event.reported": lazy("%(who)s recorded that a serious event was reported."),
    "events.exported": lazy("%(who)s exported adverse events."),
    "chart.exported": lazy("%(who)s took the chart out as a file."),
    "participant_trail.exported": lazy("%(who)s took the audit trail out as a file."),
    "record.exported": lazy("%(who)s took the whole record out as a file."),
    "trail.exported": lazy("%(who)s took the whole audit trail out as a file."),
    "backup.begun": lazy("%(who)s began a backup of everything."),
    "backup.restored": lazy("Everything was put back from a backup."),
    "question.asked": lazy("%(who)s asked a question."),
    "question.answered": lazy("%(who)s answered a question."),
    "question.reopened": lazy("%(who)s asked again."),
    "question.closed": lazy("%(who)s closed a question."),
    "dose.decided": lazy("%(who)s decided on a dose."),
    "dose.deviation": lazy("A dose was given otherwise than was decided."),
    "dossier.exported": lazy("%(who)s took the dossier of an event out as a file."),
    "narrative.written": lazy("%(who)s wrote a version of an event's narrative."),
    "signature.refused": lazy("%(who)s typed a wrong password to sign."),
}
#: Names of fields as a page says them; items and treatments bring their own.
FIELDS = {
    "observed_at": lazy("observed at"),
    "reported_at": lazy("reported at"),
    "given_at": lazy("given at"),
    "planned_at": lazy("planned at"),
    "sent_at": lazy("sent at"),
    "at": lazy("at"),
    "until": lazy("until"),
    "since": lazy("since"),
    "code": lazy("code"),
    "read_from": lazy("written down from"),
    "deviation": lazy("protocol deviation"),
    "body_site": lazy("site of injection"),
    "check_reason": lazy("asked about"),
    "check_state": lazy("check"),
    "day_start": lazy("start of the ward's day"),
    "starts_at": lazy("from"),
    "ends_at": lazy("until"),
}
#: A code by its form: words of small letters, joined.
CODE = re.compile(r"[a-z0-9]+(_[a-z0-9]+)+")
#: UCUM code -> how it reads on a screen.
UNITS = loading.units()
#: (object, field) that tell a blinded person the dose.
UNBLINDING = {("Dose", "amount"), ("UnblindingImpact", "impact")}
#: Their values stand on a page of their own, where each look is kept.
KEPT_APART = ("HiddenReading",)


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
            if may_be_told(event, change["field"], unblinded)
        ),
        reason=event.reason,
    )


def may_be_told(event: Event, field: str, unblinded: bool) -> bool:
    if event.object_type in KEPT_APART:
        return False
    return unblinded or (event.object_type, field) not in UNBLINDING


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
        grade, _word, began = value.partition(" began ")
        moment = as_moment(began)
        words = reading(catalogue.ITEMS[field], grade)
        return f"{words}, {onset(moment, zone)}" if moment else words
    if field in ("code", "treatment") and value in catalogue.TREATMENTS:
        return catalogue.TREATMENTS[value].label
    if field == "unit":
        return UNITS.get(value, value)
    moment = as_moment(value)
    return say_time(moment, zone, "full") if moment else plain(value)


def plain(value: str) -> str:
    """`needs review`, `disease: unrelated; study drug: likely`: codes as words.

    The exported trail has them as they were recorded.
    """
    if value[:1] in ("{", "["):
        try:
            return listed(json.loads(value))
        except ValueError:
            return value
    answers = {"true": _("yes"), "false": _("no")}
    return answers.get(value) or (spaced(value) if CODE.fullmatch(value) else value)


def listed(told: Any) -> str:
    if isinstance(told, dict):
        parts = [f"{spaced(str(key))}: {listed(one)}" for key, one in told.items()]
        return "; ".join(parts) or _("none")
    if isinstance(told, list):
        return ", ".join(listed(one) for one in told) or _("none")
    return plain(told) if isinstance(told, str) else plain(json.dumps(told))


def spaced(code: str) -> str:
    return code.replace("_", " ")


def onset(at: datetime, zone: str) -> str:
    return _("began %(at)s") % {"at": say_time(at, zone, "full")}


def reading(item: catalogue.Item, value: str) -> str:
    """`39.1 Cel` as `39.1 °C`, `nasal_cannula` as `Nasal cannula`."""
    for option in item.options:
        if option.code == value:
            return option.label
    number, _space, rest = value.partition(" ")
    if item.kind == "symptom" and number.isdecimal():
        return graded(number, rest.rpartition(" ")[2])
    unit, _space, typed = rest.partition(" ")
    if unit in item.units:
        return " ".join(filter(None, [number, item.units[unit].label, typed]))
    return value


def graded(number: str, version: str) -> str:
    """`grade 2 (CTCAE v5.0)`; older entries do not say the version."""
    words = _("grade %(n)s") % {"n": number}
    name = VERSION_NAMES.get(version)
    return f"{words} ({name})" if name else words


def as_moment(value: str) -> datetime | None:
    """The time that the text is, if it is one with an offset."""
    if "T" not in value:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
