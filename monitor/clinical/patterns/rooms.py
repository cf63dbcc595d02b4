"""The pattern files in the order in which a line names what they hold."""

from monitor.clinical.patterns import (
    cls,
    cls_fluid,
    concern,
    crs,
    crs_trends,
    heart_brain,
    mimics,
    organs,
    other_cause,
)

__all__ = [
    "cls",
    "cls_fluid",
    "concern",
    "crs",
    "crs_trends",
    "heart_brain",
    "mimics",
    "organs",
    "other_cause",
]
