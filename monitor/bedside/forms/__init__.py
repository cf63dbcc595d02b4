"""What the entry pages send, turned into the arguments of verbs."""

from monitor.bedside.forms.corrections import CorrectionForm
from monitor.bedside.forms.sets import SetForm
from monitor.bedside.forms.states import PlaceForm, RangesForm, UsualForm

__all__ = ["CorrectionForm", "PlaceForm", "RangesForm", "SetForm", "UsualForm"]
