from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MonitorConfig(AppConfig):
    name = "monitor"
    verbose_name = _("Monitor")

    def ready(self) -> None:
        # Not in monitor/__init__.py, so that monitor.clinical stays free of it.
        from monitor import celery  # noqa: F401
