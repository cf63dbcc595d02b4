"""Neurologic toxicity (ICANS): ICE, consciousness and seizures, the worst of them.

The findings are latched like those of cytokine release: a grade falls only after its
finding has been known to be gone for its time (B4, row P13). Which grade each gives
stands in `knowledge/icans.toml`. A suggestion: the cause is a person's to say.
"""

from monitor.clinical.grading.crs import ArmRule
from monitor.clinical.grading.scales import load_steps
from monitor.clinical.words import sign

# The scales that have this term: CTCAE v5.0 has none.
SCALES = ("astct", "ctcae_v6")
ARMS = (
    ArmRule("ice_mild", lambda lines: sign("ice_fallen"), "ICE"),
    ArmRule("ice_moderate", lambda lines: sign("ice_moderate"), "ICE"),
    ArmRule("ice_severe", lambda lines: sign("ice_severe"), "ICE"),
    ArmRule("confused", lambda lines: sign("newly_confused"), "ACVPU"),
    ArmRule("wakes_to_voice", lambda lines: sign("wakes_to_voice"), "ACVPU"),
    ArmRule("wakes_to_pain", lambda lines: sign("wakes_to_pain"), "ACVPU"),
    ArmRule("cannot_be_woken", lambda lines: sign("cannot_be_woken"), "ACVPU"),
    ArmRule("seizure", lambda lines: sign("seizure"), "seizure"),
    ArmRule("seizure_prolonged", lambda lines: sign("seizure_prolonged"), "seizure"),
)

STEPS = load_steps("icans.toml", {one.name for one in ARMS})
