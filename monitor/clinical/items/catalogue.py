"""Every item and every treatment the program knows, by code, read once at import."""

from collections.abc import Mapping
from types import MappingProxyType

from monitor.clinical.items import loading
from monitor.clinical.items.model import (
    Conversion,
    Grading,
    Item,
    Jump,
    Limits,
    Mask,
    Option,
    Over,
    TreatmentKind,
    UnknownItem,
    UnknownOption,
    UnknownTreatment,
    UnknownUnit,
    Validity,
)

__all__ = [
    "ITEMS",
    "PANELS",
    "TREATMENTS",
    "Conversion",
    "Grading",
    "Item",
    "Jump",
    "Limits",
    "Mask",
    "Option",
    "Over",
    "TreatmentKind",
    "UnknownItem",
    "UnknownOption",
    "UnknownTreatment",
    "UnknownUnit",
    "Validity",
    "item",
    "treatment",
]

ITEMS: Mapping[str, Item] = MappingProxyType(loading.items())
TREATMENTS: Mapping[str, TreatmentKind] = MappingProxyType(loading.treatments())

# The bedside set goes airway, breathing, circulation; then temperature and the brain.
PANEL_GROUPS = {
    "vital_signs": (
        "breathing",
        "circulation",
        "temperature",
        "consciousness",
        "concern",
    ),
    "symptoms": ("symptoms",),
    "labs": ("labs",),
    "fluids": ("fluids",),
    "examination": ("examination",),
}


def _panel(groups: tuple[str, ...]) -> tuple[str, ...]:
    chosen = [item for item in ITEMS.values() if item.group in groups]
    return tuple(item.code for item in sorted(chosen, key=lambda item: item.order))


PANELS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {name: _panel(groups) for name, groups in PANEL_GROUPS.items()}
)


def item(code: str) -> Item:
    """The item with this code (a CDISC test code or a CTCAE term).

    Raises UnknownItem with a sentence.
    """
    try:
        return ITEMS[code]
    except KeyError:
        raise UnknownItem(f"There is no item {code or 'without a code'}.") from None


def treatment(code: str) -> TreatmentKind:
    """The agent or action with this code. Raises UnknownTreatment with a sentence."""
    try:
        return TREATMENTS[code]
    except KeyError:
        sentence = f"{code or 'An empty code'} is not on the list of treatments."
        raise UnknownTreatment(sentence) from None
