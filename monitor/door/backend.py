"""Which accounts may come in at all: personal, not ended, not forgotten."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.utils.translation import gettext as _

from monitor import clock
from monitor.trials.models import User


class PersonalAccounts(ModelBackend):
    """Name and password, for accounts that are open; asked again on every request."""

    def user_can_authenticate(self, user: User) -> bool:
        return super().user_can_authenticate(user) and not shut(user)


def shut(user: User) -> str:
    """Why the account is shut now, in words; "" when it is open.

    An account ends with its date, and locks when nobody has used it for a long time.
    """
    now = clock.now()
    if user.ends_at is not None and user.ends_at <= now:
        return _("The account has ended.")
    used = max(filter(None, (user.date_joined, user.last_login, user.opened_at)))
    if now - used > timedelta(days=settings.UNUSED_DAYS):
        return _("The account is locked: it was not used for a long time.")
    return ""
