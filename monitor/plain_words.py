"""What a form says when a value cannot be taken: our sentences in place of Django's.

Django's say what is wrong ("Ensure this value has at most 500 characters"); ours say
what to do. They are the defaults of its own field classes, so that no form, and no row
that is asked about itself, can be forgotten. A field's own `error_messages` go before.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.contrib.auth.password_validation import (
    CommonPasswordValidator,
    MinimumLengthValidator,
    UserAttributeSimilarityValidator,
)
from django.db import models
from django.db.models.constraints import BaseConstraint
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

CHOOSE = _("Choose one of those that are offered.")
CHOOSE_SOME = _("Choose from those that are offered.")
NUMBER = _("Type a number, as 12 or 12.5.")
WHOLE = _("Type a whole number, as 12.")
DATE = _("Type a date, as 2026-11-19.")
TIME = _("Type a time, as 14:30.")
MOMENT = _("Type a date and a time, as 2026-11-19 14:30.")
LASTS = _("Type how long it lasts, as 1:30:00.")
AGAIN = _("The page has sent something else than it showed. Open it again.")
TAKEN = _("This %(field_label)s is taken. Choose another.")
FILE = _("Choose the file again: it did not arrive whole.")
EMPTY = _("Choose a file that holds something: this one is empty.")

DJANGOS_FORMS = (AuthenticationForm, PasswordChangeForm)

#: Of every field, by the code of what is wrong; the numbers are named as Django does.
ANY: dict[str, Any] = {
    "required": _("Fill this in."),
    "null": _("Fill this in."),
    "blank": _("Fill this in."),
    "max_length": ngettext_lazy(
        "Shorten this to %(limit_value)d character: it has %(show_value)d.",
        "Shorten this to %(limit_value)d characters: it has %(show_value)d.",
        "limit_value",
    ),
    "min_length": ngettext_lazy(
        "Type at least %(limit_value)d character: it has %(show_value)d.",
        "Type at least %(limit_value)d characters: it has %(show_value)d.",
        "limit_value",
    ),
    "max_value": _("Type %(limit_value)s or less."),
    "min_value": _("Type %(limit_value)s or more."),
    "step_size": _("Type a multiple of %(limit_value)s."),
    "max_digits": _("Type at most %(max)s digits in all."),
    "max_decimal_places": _("Type at most %(max)s digits after the point."),
    "max_whole_digits": _("Type at most %(max)s digits before the point."),
    "null_characters_not_allowed": _(
        "Type this by hand: what was pasted holds a character that cannot be kept."
    ),
    "unique": TAKEN,
    "unique_for_date": TAKEN,
}

#: Of one class and those made from it.
OF_FORMS: dict[type[forms.Field], dict[str, Any]] = {
    forms.Field: ANY,
    forms.BooleanField: {"required": _("Tick this to go on.")},
    forms.IntegerField: {"invalid": WHOLE},
    forms.FloatField: {"invalid": NUMBER},
    forms.DecimalField: {"invalid": NUMBER},
    forms.DateField: {"invalid": DATE},
    forms.TimeField: {"invalid": TIME},
    forms.DateTimeField: {"invalid": MOMENT},
    forms.DurationField: {
        "invalid": LASTS,
        "overflow": _("Type at most {max_days} days and at least {min_days}."),
    },
    forms.RegexField: {"invalid": _("Type this in the form that is shown.")},
    forms.EmailField: {
        "invalid": _("Type an e-mail address, as name@hospital.example.")
    },
    forms.URLField: {"invalid": _("Type an address, as https://hospital.example.")},
    forms.SlugField: {"invalid": _("Type letters, digits, - and _ alone.")},
    forms.UUIDField: {"required": AGAIN, "invalid": AGAIN},
    forms.GenericIPAddressField: {"invalid": _("Type an address, as 192.0.2.1.")},
    forms.JSONField: {"invalid": AGAIN},
    forms.ChoiceField: {"required": CHOOSE, "invalid_choice": CHOOSE},
    forms.MultipleChoiceField: {
        "required": _("Choose at least one."),
        "invalid_choice": CHOOSE_SOME,
        "invalid_list": CHOOSE_SOME,
    },
    forms.ModelChoiceField: {"required": CHOOSE, "invalid_choice": CHOOSE},
    forms.ModelMultipleChoiceField: {
        "required": _("Choose at least one."),
        "invalid_choice": CHOOSE_SOME,
        "invalid_list": CHOOSE_SOME,
        "invalid_pk_value": CHOOSE_SOME,
    },
    forms.MultiValueField: {
        "invalid": AGAIN,
        "incomplete": _("Fill in each of these."),
    },
    forms.SplitDateTimeField: {"invalid_date": DATE, "invalid_time": TIME},
    forms.FileField: {
        "required": _("Choose a file."),
        "invalid": FILE,
        "missing": FILE,
        "empty": EMPTY,
        "max_length": ngettext_lazy(
            "Shorten the file's name to %(max)d character: it has %(length)d.",
            "Shorten the file's name to %(max)d characters: it has %(length)d.",
            "max",
        ),
        "contradiction": _("Choose a file or remove the one that is kept, not both."),
    },
    forms.ImageField: {
        "invalid_image": _("Choose a picture: this file is none."),
        "invalid_extension": _("Choose a picture: this file is none."),
    },
}
OF_ROWS: dict[type[Any], dict[str, Any]] = {
    models.Field: ANY | {"invalid_choice": CHOOSE},
    models.BooleanField: {"invalid": AGAIN, "invalid_nullable": AGAIN},
    models.IntegerField: {"invalid": WHOLE},
    models.FloatField: {"invalid": NUMBER},
    models.DecimalField: {"invalid": NUMBER},
    models.DateField: {"invalid": DATE, "invalid_date": DATE},
    models.TimeField: {"invalid": TIME, "invalid_time": TIME},
    models.DateTimeField: {
        "invalid": MOMENT,
        "invalid_date": DATE,
        "invalid_datetime": MOMENT,
    },
    models.DurationField: {"invalid": LASTS},
    models.SlugField: OF_FORMS[forms.SlugField],
    models.EmailField: OF_FORMS[forms.EmailField],
    models.UUIDField: {"invalid": AGAIN},
    models.GenericIPAddressField: OF_FORMS[forms.GenericIPAddressField],
    models.JSONField: {"invalid": AGAIN},
    models.ForeignKey: {"invalid": CHOOSE},
}


def speak() -> None:
    """Give Django's fields, and its judges of passwords, our sentences."""
    for kind, said in (*OF_FORMS.items(), *OF_ROWS.items()):
        own = vars(kind).get("default_error_messages", {})
        kind.default_error_messages = {**own, **said}
    # Its method, not its default: that would be a change of every migrated constraint.
    BaseConstraint.get_violation_error_message = _broken  # type: ignore[method-assign]
    PasswordChangeForm.error_messages = {
        **PasswordChangeForm.error_messages,
        "password_incorrect": _("This is not your password. Type it again."),
        "password_mismatch": _("The two new passwords differ. Type both again."),
    }
    for form in DJANGOS_FORMS:  # Their fields were made before they could learn this.
        for field in form.base_fields.values():
            for kind in reversed(type(field).__mro__):
                field.error_messages |= OF_FORMS.get(kind, {})
    name = get_user_model()._meta.get_field("username")
    name.error_messages |= {
        "unique": TAKEN,
        "invalid": _("Type letters, digits and . - _ + @ alone, without a space."),
    }
    for judge, said in PASSWORDS.items():
        judge.get_error_message = said


def _broken(constraint: BaseConstraint) -> str:
    """What a constraint says of itself; else that its values do not go together."""
    own = constraint.violation_error_message
    if own == constraint.default_violation_error_message:
        return _now("These values do not go together. Look at them again.")
    return own % {"name": constraint.name}


def _short(judge: MinimumLengthValidator) -> str:
    said = _now("Choose a longer password: it has at least %(n)d characters.")
    return said % {"n": judge.min_length}


def _common(_judge: CommonPasswordValidator) -> str:
    return _now("Many people have this password. Choose a few words of your own.")


def _similar(_judge: UserAttributeSimilarityValidator) -> str:
    return _now("This password is too much like your %(verbose_name)s. Choose another.")


PASSWORDS: dict[type[Any], Any] = {
    MinimumLengthValidator: _short,
    CommonPasswordValidator: _common,
    UserAttributeSimilarityValidator: _similar,
}
