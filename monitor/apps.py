import gc

from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

#: A page makes a hundred thousand rows and words that die with it, none in a circle:
#: to look for circles after every 700, as Python does, is a fifth of a long page, and
#: after every 50,000 still one in sixteen.
RARELY = (100_000, 20, 100)


class MonitorConfig(AppConfig):
    name = "monitor"
    verbose_name = _("Monitor")

    def ready(self) -> None:
        gc.set_threshold(*RARELY)
        # Not in monitor/__init__.py, so that monitor.clinical stays free of it.
        from monitor import celery, plain_words  # noqa: F401
        from monitor.audit.checks import every_trigger_stands
        from monitor.audit.triggers import install
        from monitor.door.checks import ready_for_production

        plain_words.speak()
        # The only signal we use: it puts triggers back and touches no row.
        post_migrate.connect(install, sender=self, dispatch_uid="audit-triggers")
        checks.register(every_trigger_stands, checks.Tags.database)
        checks.register(ready_for_production, checks.Tags.security, deploy=True)
