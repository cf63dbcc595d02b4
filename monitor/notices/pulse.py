"""The heartbeat that leaves the program: a watcher outside misses it when it stops."""

import http.client
import logging
import urllib.request

from django.conf import settings

logger = logging.getLogger(__name__)

PATIENCE = 5


def tell() -> bool:
    """Say that the sweep ran, where somebody listens. Whether it was heard."""
    if not settings.MONITOR_HEARTBEAT_URL:
        return False
    asked = urllib.request.Request(settings.MONITOR_HEARTBEAT_URL, data=b"")
    try:
        # http or https: any other address was refused at the start.
        with urllib.request.urlopen(asked, timeout=PATIENCE):  # nosec B310
            return True
    except (OSError, http.client.HTTPException):
        logger.warning("Nobody took the heartbeat.")
        return False
