"""What the pages of an account say of a session."""

from __future__ import annotations

from django import template

from monitor.door.devices import device_words

register = template.Library()
register.filter("device_words", device_words)
