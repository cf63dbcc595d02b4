"""The symbols of the sprite."""

from functools import lru_cache

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString


@lru_cache(maxsize=256)
def icon(name: str, extra: str = "") -> SafeString:
    """A decorative symbol of the sprite; the word beside it carries the meaning."""
    return format_html(
        '<svg class="icon icon-{} {}" aria-hidden="true" focusable="false">'
        '<use href="{}#{}"></use></svg>',
        name,
        extra,
        static("icons/sprite.svg"),
        name,
    )
