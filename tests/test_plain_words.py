"""No form, and no row, says one of Django's own sentences: ours say what to do."""

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any

import django
import pytest
from django import forms
from django.apps import apps
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import models
from django.test import Client

import monitor
from monitor.episodes.models import Episode
from tests.acts import LOW, baseline, enter
from tests.review.whole import typed

PACKAGE = Path(django.__file__).parent
SPOKEN = ("conf", "contrib/auth")
FOLDER = "locale/en/LC_MESSAGES/django.po"


def django_says() -> set[str]:
    """Every sentence that Django can say, as its catalogue of words has them."""
    found: set[str] = set()
    for part in SPOKEN:
        text, joined = (PACKAGE / part / FOLDER).read_text(), ""
        for line in [*text.splitlines(), ""]:
            if line.startswith(("msgid ", "msgid_plural ")):
                joined = ast.literal_eval(line.split(" ", 1)[1])
            elif line.startswith('"') and joined is not None:
                joined += ast.literal_eval(line)
            else:
                found.add(joined)
                joined = ""
    return found - {""}


DJANGO = django_says()


def every_form() -> list[type[forms.BaseForm]]:
    for module in walk_packages(monitor.__path__, "monitor."):
        if module.name.split(".")[-1].endswith("forms") or ".forms." in module.name:
            import_module(module.name)
    return sorted(descended(forms.BaseForm), key=lambda one: one.__qualname__)


def descended(kind: type) -> Iterator[type]:
    for one in kind.__subclasses__():
        if one.__module__.startswith("monitor"):
            yield one
        yield from descended(one)


def said(message: object) -> set[str]:
    """The sentence, or both where it depends on a number."""
    numbered = getattr(message, "_kw", {})
    if "plural" in numbered:
        return {numbered["singular"], numbered["plural"]}
    return {str(message)}


def spoken(field: forms.Field | models.Field) -> set[str]:
    """Whatever a field can say of what was typed, its judges' sentences included."""
    found: set[str] = set()
    for message in field.error_messages.values():
        found |= said(message)
    for judge in field.validators:
        for code, message in sentences_of(judge):
            if code not in field.error_messages:
                found |= said(message)
    return found


def sentences_of(judge: Any) -> Iterator[tuple[str, object]]:
    """(code, sentence) of a validator; a bare function says what it says by code."""
    if hasattr(judge, "messages"):
        yield from judge.messages.items()
    elif hasattr(judge, "code"):
        yield judge.code, judge.message
    else:
        yield "invalid", ""


def test_the_catalogue_of_djangos_words_is_read():
    assert "This field is required." in DJANGO
    assert "Enter a whole number." in DJANGO
    most = "Ensure this value has at most %(limit_value)d characters (it has "
    assert any(one.startswith(most) for one in DJANGO)
    assert "This password is too common." in DJANGO


def test_there_are_forms_to_look_at():
    assert len(every_form()) > 40


@pytest.mark.parametrize("form", every_form(), ids=lambda form: form.__qualname__)
def test_no_field_of_a_form_says_what_django_says(form):
    told = {name: spoken(one) & DJANGO for name, one in form.base_fields.items()}
    assert {name: own for name, own in told.items() if own} == {}


FIELDS = {
    forms.CharField: {"max_length": 3, "min_length": 2},
    forms.IntegerField: {"max_value": 3, "min_value": 1, "step_size": 1},
    forms.FloatField: {"max_value": 3, "min_value": 1},
    forms.DecimalField: {"max_digits": 3, "decimal_places": 1},
    forms.DateField: {},
    forms.TimeField: {},
    forms.DateTimeField: {},
    forms.DurationField: {},
    forms.EmailField: {},
    forms.URLField: {"assume_scheme": "https"},
    forms.SlugField: {},
    forms.UUIDField: {},
    forms.JSONField: {},
    forms.BooleanField: {},
    forms.ChoiceField: {},
    forms.MultipleChoiceField: {},
    forms.FileField: {"max_length": 3},
    forms.ImageField: {},
}


@pytest.mark.parametrize("kind", FIELDS, ids=lambda kind: kind.__name__)
def test_no_kind_of_field_that_a_form_may_get_says_it(kind):
    """Forms make some of their fields as they open: these are of the same kinds."""
    assert spoken(kind(**FIELDS[kind])) & DJANGO == set()


def every_row() -> list[models.Field]:
    return [
        field
        for model in apps.get_app_config("monitor").get_models()
        for field in model._meta.concrete_fields
    ]


def test_no_field_of_a_row_says_it():
    told = {str(one): spoken(one) & DJANGO for one in every_row()}
    assert {name: own for name, own in told.items() if own} == {}


def test_a_constraint_without_words_of_its_own_says_ours():
    plain = models.CheckConstraint(condition=models.Q(pk=1), name="one")
    worded = models.CheckConstraint(
        condition=models.Q(pk=1), name="two", violation_error_message="Say why."
    )
    assert plain.get_violation_error_message() == (
        "These values do not go together. Look at them again."
    )
    assert worded.get_violation_error_message() == "Say why."


@pytest.mark.parametrize("form", [AuthenticationForm, PasswordChangeForm])
def test_the_forms_at_the_door_say_ours(form):
    own = {
        name: str(one)
        for name, one in form.error_messages.items()
        if str(one) in DJANGO and name != "invalid_login" and name != "inactive"
    }
    assert own == {}


@pytest.mark.parametrize("password", ["short", "password1234", "vance-vance-vance"])
def test_a_password_is_refused_in_our_words(cast, password):
    with pytest.raises(ValidationError) as refused:
        validate_password(password, cast.vance)
    assert set(refused.value.messages) & DJANGO == set()
    assert refused.value.messages != []


@pytest.mark.parametrize(
    ("typed_in", "said_of_it"),
    [
        (
            {"note": "x" * 2001},
            "Shorten this to 2000 characters: it has 2001.",
        ),
        ({"verdict": "perhaps"}, "Choose one of those that are offered."),
        ({"serious": ["AEODD"]}, "Choose from those that are offered."),
    ],
)
def test_a_page_says_what_to_do_and_keeps_the_rest(cast, now, typed_in, said_of_it):
    baseline(cast)
    enter(cast, now, LOW)
    episode = Episode.objects.get(topic="crs")
    client = Client()
    client.force_login(cast.okafor)
    told = typed(episode) | {"verdict": "agree", "grade": "2", "reason": "kept?"}
    answer = client.post(f"/episodes/{episode.pk}/", told | typed_in)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert said_of_it in text
    assert 'value="kept?"' in text
