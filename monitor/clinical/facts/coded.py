"""What a fact, a decision or a dose of a chart file says, where it is no free text.

What could not be read would count as never said: a usual oxygen in words of one's own
would make every liter of it new, and a dose of 0 would begin a cycle.
"""

import re
from functools import cache

import polars as pl

from monitor.clinical.items.devices import DEVICES
from monitor.clinical.study.agents import AMOUNT_PER, AMOUNTS, COUNTED

AMOUNT = r"\d+(\.\d+)?"
OXYGEN = rf"^({'|'.join(DEVICES)})( +{AMOUNT} *(L/min|L|%)?)*$"
USUAL_OXYGEN = (
    "Usual oxygen is a device of the list, and how much: nasal_cannula 2 L/min, "
    "venturi 28 %."
)
PRESSURE = "A usual pressure is a number in mm[Hg]."
# Code: how it is written, and what to write where it is not.
SAID = {
    "BASELINE_OXYGEN": (OXYGEN, USUAL_OXYGEN),
    "SPO2_TARGET": (r"^\d{2,3}-\d{2,3}$", "A target is two numbers, as 88-92."),
    "USUAL_SBP": (rf"^{AMOUNT}$", PRESSURE),
    "SCREENING_SBP": (rf"^{AMOUNT}$", PRESSURE),
    "CULTURE": (
        r"^(pending|negative|final_negative|positive( .*)?)$",
        "A culture is pending, negative, final_negative, or positive with what grew.",
    ),
    "hypotension_confirmed": (r"^(yes|no)$", "hypotension_confirmed is yes or no."),
}
DOSE_UNITS = [f"{one}{per}" for one in AMOUNTS for per in AMOUNT_PER]
NOTHING_GIVEN = (
    "0 was given? Write held or omitted for a dose that was not given, else how much."
)


def fault(code: str, value: str) -> str:
    """What to write instead; "" where the value can be read."""
    pattern, sentence = SAID.get(code, ("", ""))
    return "" if re.search(pattern, value) else sentence


@cache
def faults() -> pl.Expr:
    """The same of the columns kind, code, value and unit, doses too."""
    amount = pl.col("value").cast(pl.Float64, strict=False)
    unit = pl.col("unit")
    said = pl.when(unit == "").then(pl.lit("without a unit")).otherwise(unit)
    found = (
        pl.when((pl.col("kind") != "dose") | amount.is_null())
        .then(pl.lit(""))
        .when(amount == 0)
        .then(pl.lit(NOTHING_GIVEN))
        .when(~unit.is_in(DOSE_UNITS))
        .then(pl.concat_str(pl.lit(f"{COUNTED}, not "), said, pl.lit(".")))
        .otherwise(pl.lit(""))
    )
    for code, (pattern, sentence) in SAID.items():
        of_code = pl.col("kind").is_in(["fact", "decision"]) & (pl.col("code") == code)
        odd = of_code & ~pl.col("value").str.contains(pattern)
        found = pl.when(odd).then(pl.lit(sentence)).otherwise(found)
    return found
