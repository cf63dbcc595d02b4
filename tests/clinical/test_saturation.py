"""The same saturation is never less of a danger because oxygen is given (11.1, R22)."""

import pytest

from .charts import DOSE, assessed, line

BEFORE = f"-1:00,set,T 36.7 HR 78 BP 124/76 RR 16\n-1:00,reading,OXYSAT,98,%\n{DOSE}"
# Some support, the saturation, the level of the topic that oxygen belongs to.
PLAYS = [
    ("air", 89, "critical"),
    ("air", 90, "warning"),
    ("nasal_cannula 2L", 70, "critical"),
    ("nasal_cannula 2L", 89, "critical"),
    ("nasal_cannula 2L", 90, "warning"),
    ("blow_by 4L", 89, "critical"),
    ("blow_by 4L", 90, "warning"),
    # Nobody said what it was taken on: on air it is low, and oxygen would be new.
    ("", 89, "critical"),
    ("", 90, "warning"),
    ("", 91, "warning"),
]


def found(temp: str, support: str, saturation: int, before: str = BEFORE) -> list[dict]:
    text = f"{before}3:00,set,T {temp} HR 78 BP 124/76 RR 16"
    if support:
        return assessed(f"{text} SpO2 {saturation} {support}\n")
    return assessed(f"{text}\n3:00,reading,OXYSAT,{saturation},%\n")


@pytest.mark.parametrize(("support", "saturation", "level"), PLAYS)
def test_without_a_fever_it_is_of_heart_and_lungs(support, saturation, level):
    answers = found("36.8", support, saturation)
    assert line(answers, "heart_lung", "3:00")["level"] == level


@pytest.mark.parametrize(("support", "saturation", "level"), PLAYS)
def test_with_a_fever_it_is_of_the_release(support, saturation, level):
    answers = found("38.4", support, saturation)
    assert line(answers, "crs", "3:00")["level"] == level


@pytest.mark.parametrize(
    ("saturation", "heart", "demand"),
    [
        (91, "warning", True),
        (92, "unknown", True),
        (93, "unknown", True),
        (94, "unknown", None),
    ],
)
def test_what_holds_on_air_and_on_oxygen_holds_where_nobody_said(
    saturation, heart, demand
):
    """Under 92 a warning (11.1), to 93 a rising demand (P7); above, nobody knows."""
    before = BEFORE.replace("OXYSAT,98", "OXYSAT,96")
    answers = found("36.8", "", saturation, before)
    assert line(answers, "heart_lung", "3:00")["level"] == heart
    release = line(answers, "crs", "3:00")
    assert release["patterns"]["rising_oxygen"] is demand
    assert release["level"] == {91: "warning", 94: "unknown"}.get(saturation, "watch")


@pytest.mark.parametrize(
    ("saturation", "level"), [(84, "critical"), (85, "warning"), (89, "warning")]
)
def test_a_documented_target_moves_the_line_on_oxygen_too(saturation, level):
    before = f"-1:00,fact,SPO2_TARGET,88-92\n{BEFORE}"
    answers = found("36.8", "nasal_cannula 2L", saturation, before)
    assert line(answers, "heart_lung", "3:00")["level"] == level


def test_it_says_what_is_seen():
    one = line(found("38.4", "nasal_cannula 2L", 89), "crs", "3:00")
    assert "spo2_below_90_not_on_air" in one["danger"]
    assert "very low saturation, not on air" in one["explanation"]
