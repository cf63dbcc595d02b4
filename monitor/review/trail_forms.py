"""What is sent when somebody has looked through the changes of a site."""

from django import forms
from django.utils.translation import gettext_lazy as _


class TrailForm(forms.Form):
    """A word, if any. `seen`: how many changes the page showed."""

    note = forms.CharField(label=_("What you found"), required=False, max_length=500)
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    key = forms.UUIDField(widget=forms.HiddenInput)
