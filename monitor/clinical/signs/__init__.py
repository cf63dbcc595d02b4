"""One bedside sentence, one named answer: true, false, or null for unknown.

A sign sees a timeline's columns through `words` and the numbers of the protocol in
force through `lines`; one sign may rest on others. No number stands here.
"""

from monitor.clinical.signs import (
    blood,
    brain,
    breathing,
    circulation,
    fluid,
    leak,
    organs,
    symptoms,
    trends,
)
from monitor.clinical.signs.registry import SIGNS, Sign

__all__ = [
    "SIGNS",
    "Sign",
    "blood",
    "brain",
    "breathing",
    "circulation",
    "fluid",
    "leak",
    "organs",
    "symptoms",
    "trends",
]
