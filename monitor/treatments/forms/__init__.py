"""What the pages of the management log send, turned into the arguments of verbs."""

from monitor.treatments.forms.amount import AmountField, refuse_all
from monitor.treatments.forms.doses import DoseForm
from monitor.treatments.forms.injections import InjectionForm
from monitor.treatments.forms.lines import LogCorrectionForm, TreatmentForm
from monitor.treatments.forms.rates import RateForm

__all__ = [
    "AmountField",
    "DoseForm",
    "InjectionForm",
    "LogCorrectionForm",
    "RateForm",
    "TreatmentForm",
    "refuse_all",
]
