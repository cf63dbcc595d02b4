"""The pattern files in the order in which a line names what they hold."""

from monitor.clinical.patterns import cls, crs, other_cause

__all__ = ["cls", "crs", "other_cause"]
