"""The terms and grades of CTCAE 5.0 and 6.0, and how a frame of values is graded."""

from collections.abc import Mapping

from monitor.clinical.ctcae import loading
from monitor.clinical.ctcae.model import VERSION_NAMES, VERSIONS, Line, Term, Version

__all__ = [
    "TERMS",
    "VERSIONS",
    "VERSION_NAMES",
    "Line",
    "Term",
    "Version",
]

TERMS: Mapping[str, Term] = loading.terms()
