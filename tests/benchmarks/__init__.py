"""Benchmarks: scripts run by hand (`python -m tests.benchmarks.NAME`), never as tests.

Each compares what it measures with something else in the same run, and says under which
conditions it ran.
"""
