"""Polars' threads do not survive a fork, so nothing of ours forks after loading it."""

import pytest

from monitor.celery import SWEEP_SECONDS, app

FORKING = {"prefork", "processes"}


def unsafe(pool: str) -> bool:
    return pool in FORKING


def test_the_worker_runs_in_threads():
    assert not unsafe(app.conf.worker_pool)


@pytest.mark.parametrize("planted", sorted(FORKING))
def test_a_planted_forking_pool_is_found(planted):
    assert unsafe(planted)


def test_a_task_is_given_back_by_a_worker_that_dies():
    assert app.conf.task_acks_late
    assert app.conf.worker_prefetch_multiplier == 1


def test_nobody_steers_the_worker_from_outside():
    assert not app.conf.worker_enable_remote_control


def test_the_sweep_comes_round_often_enough():
    entry = app.conf.beat_schedule["sweep"]
    assert entry["task"] == "monitor.notices.tasks.sweep"
    assert entry["schedule"] == SWEEP_SECONDS <= 30
