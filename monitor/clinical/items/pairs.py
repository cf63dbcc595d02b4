"""Values of one instant that must agree: pressures, parts of a whole, oxygen.

A number that cannot stand beside another is refused; which of two pressures is wrong
cannot be told, so both are (section 8, R12).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from monitor.clinical.items import catalogue, sentences
from monitor.clinical.items.limits import Outcome
from monitor.clinical.items.model import Item

DEVICE, FLOW = "OXYGEN_DEVICE", "OXYGEN_FLOW"
UNIT = r"\s*(?:[mM]{2}\s*[hH][gG]\s*)?"
PRESSURE = re.compile(rf"\s*([0-9]{{1,3}})\s*[/ .,-]\s*([0-9]{{1,3}}){UNIT}")
#: By touch or by Doppler there is no diastolic pressure: 80, 80/ or 80/p.
ALONE = re.compile(rf"\s*([0-9]{{1,3}})\s*(?:/\s*[pP?-]?)?{UNIT}")
#: A pad of digits has no stroke: 11264 and 8648 can only be split in one way, for a
#: systolic pressure of three digits begins with 1, 2 or 3.
RUN_TOGETHER = re.compile(rf"\s*([123][0-9]{{2}}|[4-9][0-9])([0-9]{{2,3}}){UNIT}")


class NotAPressure(ValueError):
    """The text is neither two whole numbers with a stroke between them nor one."""


@dataclass(frozen=True, slots=True)
class PairFault:
    """What is wrong with the value of `code` beside the others of its instant."""

    code: str
    outcome: Outcome
    check: str
    template: str
    gaps: Mapping[str, str]

    @property
    def sentence(self) -> str:
        return self.template.format(**self.gaps)


def read_pressure(typed: str) -> tuple[str, str]:
    """`112/64`, or `11264`, as systolic and diastolic, still text.

    `80`, `80/` and `80/p` are a systolic pressure alone: the other is "". Raises
    NotAPressure.
    """
    if alone := ALONE.fullmatch(typed):
        return alone[1], ""
    match = PRESSURE.fullmatch(typed) or RUN_TOGETHER.fullmatch(typed)
    if match is None:
        raise NotAPressure(f"Type the pressure as 112/64, not {typed or 'nothing'}.")
    return match[1], match[2]


def pair_check(
    numbers: Mapping[str, float], choices: Mapping[str, str] | None = None
) -> dict[str, PairFault]:
    """Item code -> what is wrong with it beside the others of the same instant.

    `numbers` are canonical, `choices` the coded answers; give only values that feed.
    """
    faults = {fault.code: fault for fault in _parts(numbers)}
    device = (choices or {}).get(DEVICE)
    if device is not None and FLOW in numbers:
        faults |= {fault.code: fault for fault in flow_faults(device, numbers[FLOW])}
    return faults


def bounded_items() -> tuple[Item, ...]:
    """The items that may not exceed another one of the same instant."""
    return tuple(item for item in catalogue.ITEMS.values() if item.not_above)


def _parts(numbers: Mapping[str, float]) -> Iterator[PairFault]:
    for part in bounded_items():
        whole = part.not_above
        if part.code not in numbers or whole not in numbers:
            continue
        if numbers[part.code] > numbers[whole]:
            yield part_fault(part, part.code)
            if part.refuse_both:
                yield part_fault(part, whole)


def part_fault(part: Item, code: str) -> PairFault:
    """The fault of `part` over the item that bounds it, said of `code`."""
    template = sentences.PAIR if part.refuse_both else sentences.PART
    other = catalogue.item(part.not_above)
    gaps = {"label": part.label, "other": other.label}
    return PairFault(code, "refused", "pair", template, gaps)


def flow_faults(device: str, flow: float) -> tuple[PairFault, ...]:
    """What is wrong with a flow (L/min) by this device: none, one or both of them."""
    option = catalogue.item(DEVICE).option(device)
    side = option.flow.side(flow)
    if side == "":
        return ()
    if option.group == "air":
        said = sentences.FLOW_ON_AIR
        return tuple(
            PairFault(code, "refused", "flow_on_air", said, {})
            for code in (DEVICE, FLOW)
        )
    limit = option.flow.low if side == "low" else option.flow.high
    template = sentences.FLOW_LOW if side == "low" else sentences.FLOW_HIGH
    gaps = {"label": option.label, "limit": f"{limit:g}"}
    return (PairFault(FLOW, "questioned", f"flow_{side}", template, gaps),)
