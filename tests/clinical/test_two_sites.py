"""Two injection sites are two: each is compared with itself (B7, R13, P18)."""

import pytest

from .charts import DOSE, assessed, at, frame, line

WELL = "T 36.7 HR 78 BP 124/76 RR 16 SpO2 98 air A"
BEGIN = f"-1:00,set,{WELL}\n{DOSE}"


def size(time: str, side: str, mm: int) -> str:
    return f"{time},reading,SITE_SIZE{side},{mm},mm\n"


LEFT = size("1:00", "_LEFT", 30)
RIGHT = size("1:00", "_RIGHT", 10)


def growing(rows: str, time: str = "5:00") -> bool | None:
    return at(frame(BEGIN + rows, now=time), time)["sign:site_growing"]


@pytest.mark.requirement("I3.2")
@pytest.mark.parametrize(
    ("rows", "wanted"),
    [
        (LEFT + size("5:00", "_LEFT", 49), False),
        (LEFT + size("5:00", "_LEFT", 50), True),
        (LEFT + size("5:00", "_LEFT", 51), True),
        # The right site is no growth of the left one, nor of one without a side.
        (RIGHT + size("5:00", "_LEFT", 30), None),
        (size("1:00", "", 10) + size("5:00", "_LEFT", 30), None),
        (LEFT + RIGHT + size("5:00", "_LEFT", 30) + size("5:00", "_RIGHT", 10), False),
        (LEFT + RIGHT + size("5:00", "_LEFT", 30) + size("5:00", "_RIGHT", 30), True),
        (LEFT + size("5:00", "_LEFT", 30) + size("5:00", "_RIGHT", 30), None),
        ("", None),
    ],
)
def test_each_site_is_compared_with_itself(rows, wanted):
    assert growing(rows) is wanted


@pytest.mark.requirement("I3.2")
def test_a_site_that_was_not_measured_again_leaves_it_unknown():
    rows = LEFT + RIGHT + size("20:00", "_LEFT", 30) + size("24:00", "_RIGHT", 10)
    assert growing(rows, "24:00") is False
    assert growing(rows, "46:00") is None


def test_the_site_that_grows_is_named():
    rows = LEFT + RIGHT + size("5:00", "_LEFT", 31) + size("5:00", "_RIGHT", 35)
    one = line(assessed(BEGIN + rows, now="5:00"), "injection_site", "5:00")
    assert one["level"] == "warning"
    assert one["explanation"] == (
        "Criteria met: Injection site, because site growing (right site +25 mm)."
    )
    seen = next(entry for entry in one["evidence"] if entry["answer"])
    assert (seen["item"], seen["value"]) == ("SITE_GROWTH_RIGHT", 25.0)
