"""Thin: what the worker runs. Each calls one verb of `flow`."""

from celery import shared_task

from monitor import clock, flow


@shared_task
def sweep() -> None:
    """Every few seconds: the guarantee."""
    flow.sweep(clock.now())


@shared_task
def wake() -> None:
    """After a save: the hint. It does what the sweep would do a little later."""
    flow.sweep(clock.now())
