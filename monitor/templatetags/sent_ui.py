"""What a person had typed into a form that the program did not take."""

from __future__ import annotations

from django import template
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from monitor.audit.sentences import label, reading
from monitor.clinical.items import catalogue

register = template.Library()

#: Nothing of these is ever written onto a page again.
SECRET = ("password", "csrf", "code", "key")
LONGEST = 2000


@register.simple_tag
def sent_texts(request: HttpRequest | None) -> list[tuple[str, str]]:
    """(field, what was typed into it); nothing where nothing was sent, or by nobody."""
    user = getattr(request, "user", None)
    if request is None or request.method != "POST" or user is None:
        return []
    if not user.is_authenticated:
        return []
    return [
        (capfirst(label(name)), worded(name, shortened(text)))
        for name, texts in request.POST.lists()
        for text in texts
        if text.strip() and not any(word in name.lower() for word in SECRET)
    ]


def shortened(text: str) -> str:
    if len(text) <= LONGEST:
        return text
    return _("%(text)s … (and more)") % {"text": text[:LONGEST]}


def worded(name: str, text: str) -> str:
    """A choice as its list says it, not as its code."""
    item = catalogue.ITEMS.get(name)
    return reading(item, text) if item else text
