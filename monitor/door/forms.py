"""The forms at the door."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from monitor.door import slowing

MINUTES_IN_HOUR = 60


class SignInForm(AuthenticationForm):
    """Name and password. What is wrong with them is never said more closely."""

    #: Seconds for which the address waits; then no password is looked at.
    slowed = 0

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-control"
        self.fields["username"].label = _("Name")
        if self.is_bound:  # The name is kept: the password is what is typed again.
            del self.fields["username"].widget.attrs["autofocus"]
            self.fields["password"].widget.attrs["autofocus"] = True
        self.fields["username"].error_messages["required"] = _("Type your name.")
        self.fields["password"].error_messages["required"] = _("Type your password.")

    def clean(self) -> dict[str, Any]:
        username = self.cleaned_data.get("username")
        if username and self.cleaned_data.get("password"):
            self.slowed = slowing.seconds_to_wait(self.request, username)
        if self.slowed:
            said = _(
                "Many wrong passwords came from this address. Wait %(seconds)d seconds "
                "and type yours again. This locks no name."
            )
            raise ValidationError(said % {"seconds": self.slowed}, code="slowed")
        return super().clean()

    @property
    def locked(self) -> bool:
        """Whether this name is refused for a while, whatever the password."""
        return bool(getattr(self.request, "axes_locked_out", False))

    def get_invalid_login_error(self) -> ValidationError:
        if not self.locked:
            said = _("Name or password is wrong. Type the password again.")
            return ValidationError(said, code="invalid_login")
        minutes = round(float(settings.AXES_COOLOFF_TIME) * MINUTES_IN_HOUR)
        said = _(
            "Sign-in is locked after too many failures. Wait %(minutes)d minutes and "
            "try again, or ask an administrator."
        )
        return ValidationError(said % {"minutes": minutes}, code="locked")


class CodeForm(forms.Form):
    """Six digits of the device, or a recovery code."""

    code = forms.CharField(
        label=_lazy("Code"),
        max_length=20,
        error_messages={"required": _lazy("Type the code.")},
        widget=forms.TextInput(
            attrs={
                "class": "form-control",
                "autocomplete": "one-time-code",
                "autofocus": True,
            }
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)


class NewPasswordForm(PasswordChangeForm):
    """The old password, and the new one twice. Verbs judge both, not the form."""

    def clean_old_password(self) -> str:
        return self.cleaned_data["old_password"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-control"
