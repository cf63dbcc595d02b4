"""What the entry pages send, turned into the arguments of verbs."""

from monitor.bedside.forms.arranging import (
    ContactForm,
    LeaveForm,
    NotTakenForm,
    NurseForm,
    PauseForm,
    shift_end,
)
from monitor.bedside.forms.asking import AskingForm
from monitor.bedside.forms.corrections import CorrectionForm
from monitor.bedside.forms.hidden import HiddenForm
from monitor.bedside.forms.sets import SetForm
from monitor.bedside.forms.settling import SettlingForm
from monitor.bedside.forms.standards import RangesForm, UnitsForm
from monitor.bedside.forms.states import CultureForm, PlaceForm, UsualForm

__all__ = [
    "AskingForm",
    "ContactForm",
    "CorrectionForm",
    "CultureForm",
    "HiddenForm",
    "LeaveForm",
    "NotTakenForm",
    "NurseForm",
    "PauseForm",
    "PlaceForm",
    "RangesForm",
    "SetForm",
    "SettlingForm",
    "UnitsForm",
    "UsualForm",
    "shift_end",
]
