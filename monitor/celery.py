"""The worker's side: how tasks run, and what runs again and again."""

import os
from pathlib import Path

from celery import Celery
from celery.signals import setup_logging
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "monitor.settings")

ROOMS_WITH_TASKS = ("monitor.episodes", "monitor.notices")
SWEEP_SECONDS = 20

# Messages of the data directory are written whole before anybody can take them.
TRANSPORT_ALIASES["filesystem"] = "monitor.folder_broker:Transport"

app = Celery("monitor")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    # Polars' threads do not survive a fork, so the pool is one of threads.
    worker_pool="threads",
    # A message to a receiver that hangs may hold one; the sweep still finds another.
    worker_concurrency=4,
    worker_prefetch_multiplier=1,
    # A worker that dies gives its task back, where the broker can hold one.
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    # What came of a task stands in our own rows.
    task_ignore_result=True,
    task_store_errors_even_if_ignored=False,
    worker_enable_remote_control=False,
    worker_send_task_events=False,
    worker_hijack_root_logger=False,
    worker_cancel_long_running_tasks_on_connection_loss=True,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    timezone="UTC",
    enable_utc=True,
    beat_schedule={
        "sweep": {
            "task": "monitor.notices.tasks.sweep",
            "schedule": SWEEP_SECONDS,
            # A sweep that nobody took in time is worth nothing: the next one comes.
            "options": {"expires": SWEEP_SECONDS},
        },
        "send": {
            "task": "monitor.notices.tasks.send",
            "schedule": SWEEP_SECONDS,
            "options": {"expires": SWEEP_SECONDS},
        },
    },
)
app.autodiscover_tasks(ROOMS_WITH_TASKS)


@app.on_after_configure.connect
def make_folders(sender: Celery, **_: object) -> None:
    """The filesystem broker expects its folders to be there."""
    options = sender.conf.broker_transport_options
    for name in ("data_folder_in", "control_folder"):
        if name in options:
            Path(options[name]).mkdir(parents=True, exist_ok=True)


@setup_logging.connect
def keep_our_logging(**_: object) -> None:
    """Being connected is the point: Celery then leaves Django's logging alone."""
