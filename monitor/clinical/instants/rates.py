"""How a rate counts (R11): the unit of each agent, and the weight it was set with."""

from monitor.clinical.instants.values import SIX_DECIMALS
from monitor.clinical.items import catalogue

DOPAMINE, VASOPRESSIN, ANGIOTENSIN = "dopamine", "vasopressin", "angiotensin_ii"
PER_KG, PER_MINUTE = "ug/kg/min", "ug/min"
#: Agent -> the unit in which its rate counts; of the others it is micrograms a minute.
COUNTED_IN = {DOPAMINE: PER_KG, ANGIOTENSIN: "ng/kg/min", VASOPRESSIN: "[U]/min"}


def counted(code: str, number: float, unit: str, weight: float) -> tuple[float, str]:
    """A rate as it counts by the weight, kg, that the pump was set with."""
    if code == DOPAMINE and unit == PER_MINUTE:
        return round(number / weight, SIX_DECIMALS), PER_KG
    accepted = catalogue.treatment(code).units
    if code != DOPAMINE and unit == PER_KG and PER_MINUTE in accepted:
        return round(number * weight, SIX_DECIMALS), PER_MINUTE
    return number, unit


def by_weight(code: str, unit: str) -> bool:
    """Whether a vasopressor's rate in this unit counts only with a weight."""
    kind = catalogue.TREATMENTS.get(code)
    if kind is None or kind.klass not in ("vasopressor", "inotrope"):
        return False
    return counted(code, 1.0, unit, 2.0) != (1.0, unit)
