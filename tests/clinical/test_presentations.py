"""The same patient under every scale: each row of the reference's table 1.4.

Each presentation is a chart; the grades are written here by hand from the reference.
"""

from functools import cache

import polars as pl
import pytest

from .charts import at, frames
from .presentations import (
    BASE,
    FEVER,
    LATER,
    SCALES,
    WARM,
    asked,
    bolus,
    graded,
    on,
    runs,
)

NONE = None

LOW = "6:00,set,T 38.7 HR 78 BP {sbp}/50 RR 16 SpO2 97 air A\n"
BACK = "6:50,set,T 38.7 HR 78 BP 104/62 RR 16 SpO2 97 air A\n"
# Row of the table: chart, time, grades by scale (None: no automatic grade), and the
# scales that ask for a person.
TABLE: dict[str, tuple[str, str, tuple[int | None, ...], tuple[str, ...]]] = {
    "a": (FEVER.replace("38.7", "38.0"), "6:00", (1, 1, 1, 1, 1), ()),
    "b": (
        FEVER.replace("38.7", "37.9") + "6:00,reading,CHILLS,1,{CTCAE}\n",
        "6:00",
        (0, 0, 0, NONE, NONE),
        (),
    ),
    "c": (
        LOW.format(sbp=86) + bolus("6:05", "6:35") + BACK,
        "6:50",
        (2, 2, 2, 2, 2),
        (),
    ),
    "d": (
        LOW.format(sbp=84) + bolus("6:05", "6:20") + bolus("6:25", "6:40") + BACK,
        "6:50",
        (2, 2, 2, 2, 3),
        (),
    ),
    "e": (
        on("nasal_cannula 2L").replace("124/76", "92/50")
        + runs("norepinephrine", 6)
        + LATER,
        "9:30",
        (3, 3, 3, 2, 3),
        (),
    ),
    "f": (WARM + runs("norepinephrine", 24) + LATER, "9:30", (3, 3, 3, 3, 4), ()),
    "g": (
        WARM + runs("norepinephrine", 8) + runs("vasopressin", 0.03, "[U]/min") + LATER,
        "9:30",
        (3, 3, 3, 3, 3),
        ("ctcae_v5", "ctcae_v6"),
    ),
    "h": (
        WARM
        + runs("norepinephrine", 12)
        + runs("vasopressin", 0.03, "[U]/min")
        + LATER,
        "9:30",
        (3, 3, 3, 3, 4),
        ("ctcae_v5", "ctcae_v6"),
    ),
    "i": (
        WARM + runs("norepinephrine", 8) + runs("phenylephrine", 60) + LATER,
        "9:30",
        (4, 4, 4, 3, 3),
        ("ctcae_v5", "ctcae_v6"),
    ),
    "j": (
        WARM + runs("vasopressin", 0.03, "[U]/min") + LATER,
        "9:30",
        (3, 3, 3, 2, 3),
        SCALES,
    ),
    "k": (on("nasal_cannula 4L"), "6:00", (2, 2, 2, 2, 3), ()),
    "l, 5 L": (on("nasal_cannula 5L"), "6:00", (2, 3, 2, 3, 3), ()),
    "l, 6 L": (on("nasal_cannula 6L"), "6:00", (2, 3, 2, 3, 3), ()),
    "m": (on("high_flow_cannula 20L FiO2 35"), "6:00", (3, 2, 3, 2, 3), ()),
    "n": (on("simple_mask 5L"), "6:00", (3, 2, 3, 2, 3), ()),
    "o": (on("venturi 4L FiO2 28"), "6:00", (3, 2, 3, 2, 3), ()),
    "p": (
        on("bipap FiO2 40", 92),
        "6:00",
        (4, 4, 4, 3, 3),
        ("ctcae_v5", "ctcae_v6"),
    ),
    "q": (
        on("invasive_ventilation FiO2 50"),
        "6:00",
        (4, 4, 4, 4, 4),
        ("ctcae_v5", "ctcae_v6"),
    ),
    "r": (
        FEVER + "6:00,reading,ALT,480,U/L\n",
        "6:00",
        (1, 1, 1, 3, 2),
        ("lee_2014",),
    ),
    "s": (
        "4:00,set,T 38.9 HR 78 BP 124/76 RR 16 SpO2 97 air A\n"
        "4:30,treatment,paracetamol,1000,mg\n"
        + LOW.format(sbp=86).replace("38.7", "37.2")
        + bolus("6:05", "6:35")
        + BACK.replace("38.7", "37.2"),
        "6:50",
        (2, 2, 2, 2, 2),
        (),
    ),
    "t": (
        LOW.format(sbp=84).replace("38.7", "37.2")
        + bolus("6:05", "6:35")
        + BACK.replace("38.7", "37.2"),
        "6:50",
        (0, NONE, NONE, NONE, NONE),
        (),
    ),
    "u": (
        "-1:00,fact,BASELINE_OXYGEN,home_cpap\n" + on("home_cpap"),
        "6:00",
        (1, 1, 1, 1, 1),
        (),
    ),
    "v": (
        "5:00,fact,PROCEDURE,intubation for seizure,,12:00\n"
        + on("invasive_ventilation FiO2 21", 98),
        "6:00",
        (1, 1, 1, 1, 1),
        SCALES,
    ),
}


@cache
def answered() -> dict[str, pl.DataFrame]:
    return frames({name: BASE + row[0] for name, row in TABLE.items()})


@pytest.mark.parametrize("name", TABLE)
def test_a_row_of_the_table(name):
    _, time, grades, review = TABLE[name]
    row = at(answered()[name], time)
    assert (graded(row), asked(row)) == (grades, review)


@pytest.mark.parametrize(
    ("name", "numbers"),
    [("b", (NONE, NONE, NONE, 1, 1)), ("t", (NONE, 2, 2, 2, 2))],
)
def test_what_attribution_would_give_stands_beside_no_grade(name, numbers):
    _, time, _, _ = TABLE[name]
    row = at(answered()[name], time)
    assert tuple(row[f"attributed:{scale}"] for scale in SCALES) == numbers
