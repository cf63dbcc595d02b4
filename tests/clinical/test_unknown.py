"""What nobody knows is not clear: a grade is a floor, and what is missing is named."""

import pytest

from monitor.clinical.due import present
from monitor.clinical.signs.leak import EDEMA

from .charts import DOSE, assessed, line, protocol

WELL = "T 36.7 HR 78 BP 124/76 RR 16 SpO2 98 air A"
BEGIN = f"-1:00,set,{WELL}\n{DOSE}"
FEVER = f"3:00,set,{WELL.replace('36.7', '38.6')}\n"
SCALES = ["astct", "ctcae_v5", "ctcae_v6", "lee_2014", "penn"]


def crs(text: str, time: str = "4:00") -> dict:
    return line(assessed(BEGIN + text), "crs", time)


# Nothing was there to resolve --------------------------------------------------------
def test_a_low_saturation_without_any_fever_is_for_a_person_and_not_resolved():
    one = crs("3:00,set,T 36.7 HR 78 BP 124/76 RR 16 SpO2 89 air A\n")
    assert (one["level"], one["status"], one["grades"]["astct"]) == (
        "critical",
        "needs_review",
        0,
    )
    assert "resolving" not in one["explanation"]


def test_little_urine_alone_is_no_leak_that_was_resolved():
    text = "-1:00,reading,ALB,4.0,g/dL\n-1:00,reading,WEIGHT,80,kg\n"
    text += "23:00,reading,ALB,4.0,g/dL\n23:00,reading,WEIGHT,80,kg\n"
    for kind in EDEMA:
        text += f"-1:00,reading,{kind},0,{{CTCAE}}\n23:00,reading,{kind},0,{{CTCAE}}\n"
    text += f"15:00,reading,URINE_OUTPUT,60,mL,23:00\n23:00,set,{WELL}\n"
    text += DOSE.replace("0:00", "24:00", 1)
    one = line(assessed(BEGIN + text), "cls", "23:00")
    assert one["grades"]["ctcae_v5"] == 0
    assert (one["level"], one["status"]) == ("critical", "needs_review")


def test_a_release_that_is_gone_is_resolved():
    cool = f"4:00,set,{WELL}\n"
    one = crs(FEVER + cool)
    assert (one["status"], one["grades"]["astct"]) == ("resolved", 0)


# Outside the window (R7) -------------------------------------------------------------
def test_a_fever_outside_the_window_asks_for_a_persons_attribution():
    one = crs(f"400:00,set,{WELL.replace('36.7', '38.6')}\n", "400:00")
    assert (one["level"], one["status"]) == ("unknown", "not_gradable")
    assert one["if_attributed"] == dict.fromkeys(SCALES, 1)
    assert one["explanation"] == (
        "CRS not graded on ASTCT, needs attribution: if it is CRS, grade 1 on ASTCT, "
        "CTCAE v5.0, CTCAE v6.0, Lee 2014, Penn."
    )


def test_outside_the_window_nothing_is_asked_of_somebody_without_a_fever():
    one = crs(f"400:00,set,{WELL}\n", "400:00")
    assert (one["level"], one["status"], one["if_attributed"]) == ("clear", "clear", {})


# A value that was read, and is not known ---------------------------------------------
@pytest.mark.parametrize(
    "later",
    [
        "4:00,reading,SYSBP,35,mm[Hg]\n",
        "4:00,decision,unrecordable,SYSBP\n",
        "4:00,reading,OXYSAT,40,%\n",
        "4:00,decision,unrecordable,OXYSAT\n",
        "4:00,reading,OXYSAT,89,%\n",
    ],
)
def test_an_older_normal_value_makes_no_grade_final(later):
    before, after = crs(FEVER, "3:00"), crs(FEVER + later)
    assert (before["status"], before["at_least"]) == ("graded", [])
    assert (after["status"], after["at_least"]) == ("needs_review", SCALES)
    assert after["grades"]["astct"] == 1


def test_a_temperature_that_waits_for_a_person_is_unknown_and_named():
    one = crs(f"3:00,set,{WELL}\n4:00,reading,TEMP,43.5,Cel\n")
    assert (one["level"], one["status"]) == ("unknown", "not_gradable")
    assert [gap["item"] for gap in one["missing"]] == ["TEMP"]
    assert one["explanation"] == (
        "CRS not gradable on ASTCT: no current temperature, "
        "missing: T waits for a person's confirmation."
    )


def test_the_value_after_it_counts_again():
    text = f"3:00,set,{WELL}\n4:00,reading,TEMP,43.5,Cel\n4:10,reading,TEMP,36.8,Cel\n"
    assert crs(text, "4:10")["status"] == "clear"


def test_a_held_pressure_takes_its_mean_with_it():
    low = "T 36.7 HR 78 BP 92/42 RR 16 SpO2 98 air A"
    found = assessed(BEGIN + f"3:00,set,{low}\n4:00,reading,SYSBP,35,mm[Hg]\n")
    assert line(found, "cls", "3:00")["danger"] == ["map_below_60"]
    # It stands, for nothing current says that it is over.
    assert line(found, "cls", "4:00")["danger"] == ["map_below_60"]
    assert line(found, "cls", "4:00")["held_since"] is not None


# Oxygen ------------------------------------------------------------------------------
def test_oxygen_given_since_room_air_is_oxygen_by_a_device_that_nobody_named():
    one = crs(FEVER + "4:00,reading,OXYGEN_FLOW,4,L/min\n")
    assert (one["grades"]["astct"], one["danger"]) == (2, ["first_oxygen"])
    assert "astct" in one["at_least"]


def test_a_fraction_since_room_air_is_oxygen_too():
    one = crs(FEVER + "4:00,reading,FIO2,35,%\n")
    assert (one["grades"]["astct"], one["danger"]) == (2, ["first_oxygen"])


def test_room_air_after_a_flow_is_room_air():
    text = "2:00,reading,OXYGEN_FLOW,4,L/min\n" + FEVER
    assert crs(text, "3:00")["danger"] == []


def test_a_flow_of_nothing_leaves_the_room_air():
    assert crs(FEVER + "4:00,reading,OXYGEN_FLOW,0,L/min\n")["danger"] == []


@pytest.mark.parametrize(("flow", "least"), [(None, True), (6, False)])
def test_a_cannula_without_its_flow_may_be_more(flow, least):
    text = "4:00,reading,OXYGEN_DEVICE,nasal_cannula,\n"
    text += f"4:00,reading,OXYGEN_FLOW,{flow},L/min\n" if flow else ""
    one = crs(FEVER + text)
    assert (one["grades"]["astct"], "astct" in one["at_least"]) == (2, least)
    # Penn has grade 3 for any oxygen: no flow makes more of it.
    assert "penn" not in one["at_least"]


# The level is by ASTCT, whatever the scale in force (B3) ------------------------------
@pytest.mark.parametrize("scale", SCALES)
def test_no_scale_in_force_lowers_a_level(scale):
    low = WELL.replace("36.7", "39.0").replace("124/76", "92/62")
    text = f"3:00,set,{low}\n3:00,treatment,norepinephrine,6,ug/min\n"
    one = line(assessed(BEGIN + text, protocol(scale=scale)), "crs", "3:00")
    assert (one["level"], one["patterns"]["crs"]) == ("critical", True)


def test_a_scale_in_force_may_raise_it():
    """Lee grades an organ: 3, where ASTCT has a fever alone."""
    text = "2:00,range,ALT,7..40,U/L\n2:00,reading,ALT,480,U/L\n" + FEVER
    levels = [
        line(assessed(BEGIN + text, protocol(scale=scale)), "crs", "3:00")["level"]
        for scale in ("astct", "lee_2014")
    ]
    assert levels == ["warning", "critical"]


# A fever of another cause ------------------------------------------------------------
def test_what_may_be_an_infection_is_for_a_person_on_every_scale():
    count = "3:00,reading,NEUT,0.3,10*9/L\n"
    one = crs(FEVER + count)
    assert (one["grades"]["astct"], one["at_least"], one["status"]) == (
        1,
        [],
        "needs_review",
    )


# What nobody measured ----------------------------------------------------------------
def latest(text: str, topic: str) -> dict:
    """The topic's line as it stands at the end of the record."""
    return next(one for one in assessed(BEGIN + text).latest if one["topic"] == topic)


def lacks(one: dict) -> dict[str, str]:
    return {gap["item"]: gap.get("detail") or gap["why"] for gap in one["missing"]}


ORGANS = ("heart_lung", "neurotoxicity", "liver", "gut", "kidney", "skin_eye")


@pytest.mark.parametrize("topic", [*ORGANS, "endocrine", "injection_site", "hlh_like"])
def test_an_organ_that_nobody_looked_at_is_unknown_at_the_first_set(topic):
    one = line(assessed(BEGIN), topic, "-1:00")
    assert (one["level"], one["status"]) == ("unknown", "not_gradable")
    assert set(lacks(one).values()) == {"never"}


def test_alt_and_ast_as_they_should_be_clear_the_liver():
    text = BEGIN
    for item in ("ALT", "AST"):
        text += f"-1:00,range,{item},7..40,U/L\n2:00,reading,{item},30,U/L\n"
    one = line(assessed(text), "liver", "2:00")
    assert (one["level"], one["status"], one["missing"]) == ("clear", "clear", [])


def test_a_value_without_its_range_says_so():
    one = latest("2:00,reading,ALT,300,U/L\n2:00,reading,AST,20,U/L\n", "liver")
    assert (one["level"], one["status"]) == ("unknown", "not_gradable")
    assert lacks(one) == {"ALT": "no_range", "AST": "no_range"}
    assert one["explanation"] == (
        "Cannot assess liver, missing: ALT, AST without its range of normal."
    )


def test_a_troponin_without_its_range_says_so():
    one = latest("2:00,reading,TROPONI,40,ng/L\n", "heart_lung")
    assert lacks(one) == {"TROPONI": "no_range", "LVEF": "never", "RHYTHM": "never"}


def test_a_fever_without_a_count_may_be_an_infection():
    feverish = line(assessed(BEGIN + FEVER), "infection", "3:00")
    assert (feverish["level"], lacks(feverish)) == ("unknown", {"NEUT": "never"})
    well = line(assessed(BEGIN + f"3:00,set,{WELL}\n"), "infection", "3:00")
    assert (well["level"], well["missing"]) == ("clear", [])


def test_with_the_count_the_rest_of_an_infection_is_named():
    text = BEGIN + FEVER + "3:00,reading,NEUT,2.5,10*9/L\n3:00,fact,CULTURE,pending,\n"
    one = line(assessed(text), "infection", "3:00")
    assert lacks(one) == {"CULTURE": "pending", "PCT": "never"}


def test_rigors_that_nobody_asked_for_may_be_a_masked_fever():
    text = BEGIN + f"2:00,treatment,paracetamol,1000,mg\n3:00,set,{WELL}\n"
    one = line(assessed(text), "crs", "3:00")
    assert one["patterns"]["masked_fever"] is None
    assert (one["level"], lacks(one)) == ("unknown", {"CHILLS": "never"})


def test_a_rash_that_a_steroid_may_hide_cannot_be_judged():
    text = "1:00,treatment,dexamethasone,10,mg\n"
    for item in ("RASH_MACULO_PAPULAR", "BLURRED_VISION"):
        text += f"2:00,reading,{item},0,{{CTCAE}}\n"
    for item in ("BULLOUS_DERMATITIS", "VISION_DECREASED"):
        text += f"2:00,reading,{item},0,{{CTCAE}}\n"
    one = latest(text, "skin_eye")
    assert (one["level"], lacks(one)) == ("unknown", {"RASH_MACULO_PAPULAR": "hidden"})


def test_a_skin_asked_about_before_the_start_says_nothing_of_a_reaction():
    text = f"-1:00,set,{WELL}\n-1:00,reading,URTICARIA,0,{{CTCAE}}\n{DOSE}"
    one = line(assessed(text + f"0:30,set,{WELL}\n"), "infusion_reaction", "0:30")
    assert (one["level"], lacks(one)["URTICARIA"]) == ("unknown", "stale")


def test_a_held_value_is_told_as_held_beside_the_word_of_the_contract():
    one = crs(f"3:00,set,{WELL}\n4:00,reading,TEMP,43.5,Cel\n")
    gap = one["missing"][0]
    assert (gap["item"], gap["why"], gap["detail"]) == ("TEMP", "stale", "held")


# What presses nobody -----------------------------------------------------------------
def test_what_no_set_asks_for_is_no_news():
    found = assessed(BEGIN)
    speaking = {one["topic"] for one in found.latest if present.speaks(one)}
    assert speaking == {"cls"}


def test_a_value_that_cannot_be_read_is_news():
    found = assessed(BEGIN + "2:00,reading,ALT,300,U/L\n")
    one = next(one for one in found.latest if one["topic"] == "liver")
    assert present.speaks(one)
    assert [gap["item"] for gap in present.wanted(one)] == ["ALT"]


def test_a_pressure_that_lapsed_is_news_of_the_heart():
    found = assessed(BEGIN, now="12:00")
    one = next(one for one in found.latest if one["topic"] == "heart_lung")
    assert [gap["item"] for gap in present.wanted(one)] == ["HR", "SYSBP", "OXYSAT"]
