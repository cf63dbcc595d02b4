"""What the pages of this room are handed: plain frozen values, already decided.

Moments are aware, in UTC. Texts are for people. Nothing here asks the database.
"""

from monitor.episodes.shapes.board import (
    Answered,
    Board,
    BoardFilters,
    BoardRow,
    DoseRow,
    DueRow,
    FollowUp,
    Identity,
    Nurse,
    Pause,
)
from monitor.episodes.shapes.duty import Duties, DutyRow, NeverRow
from monitor.episodes.shapes.episode import RANK, URGENCY, EpisodeRow, StepRow, rank
from monitor.episodes.shapes.finding import Finding, Missing, Reason, Result, Scale
from monitor.episodes.shapes.hold import Hold
from monitor.episodes.shapes.sets import Fluids, SetRow, SetValues, Value

__all__ = [
    "RANK",
    "URGENCY",
    "Answered",
    "Board",
    "BoardFilters",
    "BoardRow",
    "DoseRow",
    "DueRow",
    "Duties",
    "DutyRow",
    "EpisodeRow",
    "Finding",
    "Fluids",
    "FollowUp",
    "Hold",
    "Identity",
    "Missing",
    "NeverRow",
    "Nurse",
    "Pause",
    "Reason",
    "Result",
    "Scale",
    "SetRow",
    "SetValues",
    "StepRow",
    "Value",
    "rank",
]
