"""A queue of one test's own, so that what others left waiting is not ours to take."""

from celery import Celery
from kombu import Queue


def use(app: Celery, name: str) -> None:
    app.conf.task_default_queue = app.conf.task_default_routing_key = name
    app.conf.task_queues = [Queue(name, routing_key=name, expires=300)]


def hurry(app: Celery, name: str) -> None:
    """The same, and its schedule asks each second."""
    for entry in app.conf.beat_schedule.values():
        entry["schedule"] = 1
        entry["options"] = {"expires": 5}
    use(app, name)
