"""What a line says beside its level: what holds it, what closes it, what was typed."""

import pytest

from .charts import assessed, frame, line

WELL = "HR 80 BP 122/76 RR 16 SpO2 98 air A"
BEGIN = f"-1:00,set,T 36.7 {WELL}\n0:00,dose,aldesleukin,600000,[iU]/kg\n"
LOW = "HR 80 BP 86/50 RR 16 SpO2 98 air A"
PRESSOR = "norepinephrine"


def latest(text: str, topic: str, now: str) -> dict:
    found = assessed(BEGIN + text, now=now).latest
    return next(one for one in found if one["topic"] == topic)


# Held (R1) ---------------------------------------------------------------------------
def test_a_level_that_nothing_current_confirms_is_held():
    one = latest(f"1:00,set,T 36.8 {LOW}", "cls", "9:00")
    assert one["level"] == "warning"
    assert one["held_since"] == "2026-11-16T09:00:00Z"


def test_a_level_that_is_seen_now_is_not():
    one = latest(f"1:00,set,T 36.8 {LOW}", "cls", "1:10")
    assert (one["level"], one["held_since"]) == ("warning", None)


def test_a_level_that_is_on_its_way_down_is_not():
    one = latest(f"1:00,set,T 36.8 {LOW}\n2:00,set,T 36.8 {WELL}", "cls", "2:00")
    assert (one["level"], one["held_since"]) == ("warning", None)


def test_another_finding_of_the_same_height_confirms_it():
    text = f"1:00,set,T 38.6 {LOW}\n"
    assert latest(text, "crs", "3:00")["held_since"] is None
    assert latest(text, "crs", "9:00")["held_since"] == "2026-11-16T09:00:00Z"


def test_a_lesser_finding_does_not_confirm_it():
    text = "1:00,set,T 38.6 HR 80 BP 78/50 RR 16 SpO2 98 air A\n"
    text += "4:00,reading,TEMP,38.5,Cel\n"
    one = latest(text, "crs", "4:30")
    assert one["level"] == "critical"
    assert one["held_since"] == "2026-11-16T09:00:00Z"


def test_what_is_held_names_what_is_missing():
    one = latest(f"1:00,set,T 36.8 {LOW}", "cls", "9:00")
    gap = {"item": "SYSBP", "why": "stale", "since": "2026-11-16T09:00:00Z"}
    assert gap in one["missing"]


def test_nothing_is_held_where_all_is_clear():
    one = latest(f"1:00,set,T 36.8 {WELL}", "crs", "30:00")
    assert (one["level"], one["held_since"]) == ("unknown", None)


# Questioned (R12) --------------------------------------------------------------------
def test_the_evidence_says_that_a_check_questions_a_value_that_counts():
    text = f"4:00,set,T 38.6 {WELL}\n4:00,reading,NEUT,0.45,10*9/L\n"
    found = latest(text, "infection", "4:00")["evidence"]
    asked = {one["sign"]: one["questioned"] for one in found if one["answer"]}
    assert asked == {"fever": "", "neutrophils_low": "soft_low"}


# Closed ------------------------------------------------------------------------------
CLEAR = "\n".join(f"{hours}:00,set,T 36.8 {WELL}" for hours in range(4, 60, 4))


def test_the_line_that_closes_an_episode_says_so():
    found = assessed(f"{BEGIN}1:00,set,T 38.6 {WELL}\n{CLEAR}")
    (episode,) = [one for one in found.episodes if one.topic == "crs"]
    closing = [step["fold"]["closes"] for step in episode.steps]
    assert closing == [False] * (len(closing) - 1) + [True]
    assert episode.closed_at is not None


@pytest.mark.parametrize("topic", ["crs", "cls", "heart_lung"])
def test_every_close_of_an_episode_has_its_line(topic):
    text = f"{BEGIN}1:00,set,T 38.6 {LOW}\n1:30,set,T 38.6 {LOW}\n{CLEAR}"
    made, found = frame(text), assessed(text)
    is_open = made[f"open:{topic}"].to_list()
    closes = [
        when
        for when, before, after in zip(
            made["at"].to_list()[1:], is_open, is_open[1:], strict=False
        )
        if before and not after
    ]
    said = [
        one["at"]
        for one in found.lines
        if one["topic"] == topic and one["fold"]["closes"]
    ]
    assert said == [when.isoformat().replace("+00:00", "Z") for when in closes]


# As typed ----------------------------------------------------------------------------
@pytest.mark.parametrize("order", [1, -1])
def test_of_two_values_at_one_instant_the_deciding_one_is_shown_as_typed(order):
    rows = ["1:00,reading,TEMP,37.9,Cel", "1:00,reading,TEMP,100.6,[degF]"][::order]
    found = assessed(BEGIN + "\n".join(rows))
    entry = line(found, "crs", "1:00")["evidence"][0]
    assert (entry["value"], entry["typed"]) == (38.111111, "100.6 [degF]")


def test_a_derived_value_shows_what_it_was_derived_from():
    text = "d1 07:30,reading,WEIGHT,70.0,kg\nd2 07:30,reading,WEIGHT,158,[lb_av]\n"
    text += "d2 08:00,dose,aldesleukin,600000,[iU]/kg"
    found = assessed(BEGIN + text)
    entry = line(found, "cls", "d2 07:30")["evidence"][0]
    assert (entry["item"], entry["typed"]) == ("WEIGHT_RISE", "158 [lb_av]")
    assert entry["value"] == 1.667594


@pytest.mark.parametrize(
    ("set_to", "typed", "value"),
    [
        ("norepinephrine,0.1,ug/kg/min", "0.1 ug/kg/min × 70 kg", 7.0),
        ("norepinephrine,360,ug/h", "360 ug/h", 6.0),
        ("dopamine,350,ug/min", "350 ug/min × 70 kg", 5.0),
        ("norepinephrine,6,ug/min", None, 6.0),
        ("dopamine,5,ug/kg/min", None, 5.0),
        ("angiotensin_ii,20,ng/kg/min", None, 20.0),
        ("angiotensin_ii,0.02,ug/kg/min", "0.02 ug/kg/min", 20.0),
    ],
)
def test_a_rate_is_shown_as_it_was_set_with_its_weight_and_as_it_counts(
    set_to, typed, value
):
    text = f"-0:30,reading,WEIGHT,70,kg\n1:00,set,T 38.6 {LOW}\n1:10,treatment,{set_to}"
    one = line(assessed(BEGIN + text), "crs", "1:10")
    running = [row for row in one["evidence"] if row["threshold"] == "running"]
    assert [(row["typed"], row["value"]) for row in running] == [(typed, value)]


@pytest.mark.parametrize(
    ("time", "rate"), [("-1:00", 7.2), ("0:00", 7.0), ("1:10", 7.0), ("25:00", 7.0)]
)
def test_a_rate_per_kg_without_its_own_weight_takes_that_of_cycle_day_1(time, rate):
    """R11: not one of days before, nor one that leaked liters have raised."""
    text = "-50:00,reading,WEIGHT,72,kg\n-0:30,reading,WEIGHT,70,kg\n"
    text += "24:00,reading,WEIGHT,74,kg\n"
    text += f"{time},treatment,norepinephrine,0.1,ug/kg/min\n26:00,set,{WELL}\n"
    made = frame(BEGIN + text)
    assert made.filter(made["on:norepinephrine"])["rate:norepinephrine"].unique(
        maintain_order=True
    ).to_list() == [rate]


def test_a_sentence_says_how_a_rate_was_set_beside_what_it_comes_to():
    text = f"-0:30,reading,WEIGHT,70,kg\n1:00,set,T 38.6 {LOW}\n"
    text += "1:10,treatment,norepinephrine,0.1,ug/kg/min"
    said = line(assessed(BEGIN + text), "crs", "1:10")["explanation"]
    told = "vasopressor running (norepinephrine 7 µg/min, set as 0.1 µg/kg/min × 70 kg)"
    assert told in said


def test_a_rate_whose_weight_comes_later_is_shown_as_it_was_set():
    text = f"1:00,set,T 38.6 {LOW}\n1:10,treatment,norepinephrine,0.1,ug/kg/min\n"
    text += "3:00,reading,WEIGHT,70,kg"
    found = assessed(BEGIN + text)
    (today,) = (one for one in found.latest if one["topic"] == "crs")
    said = [
        (one["typed"], one["value"])
        for told in (line(found, "crs", "1:10"), today)
        for one in told["evidence"]
        if one["item"] == PRESSOR
    ]
    assert said == [("0.1 ug/kg/min", None), ("0.1 ug/kg/min × 70 kg", 7.0)]


# Doses that are not known ------------------------------------------------------------
def test_a_rate_that_cannot_be_known_leaves_a_floor_where_the_dose_counts():
    rate = "1:10,treatment,norepinephrine,0.4,ug/kg/min"
    one = line(assessed(f"{BEGIN}1:00,set,T 38.6 {LOW}\n{rate}"), "crs", "1:10")
    assert {"lee_2014", "penn"} <= set(one["at_least"])
    assert not {"astct", "ctcae_v6"} & set(one["at_least"])
    weight = "-0:30,reading,WEIGHT,70,kg\n"
    one = line(assessed(f"{BEGIN}{weight}1:00,set,T 38.6 {LOW}\n{rate}"), "crs", "1:10")
    assert one["at_least"] == []


# What the release is graded by -------------------------------------------------------
def graded_by(text: str, time: str) -> dict[str, bool | None]:
    one = line(assessed(BEGIN + text), "crs", time)
    return {
        row["sign"]: row["answer"] for row in one["evidence"] if row["pattern"] == "crs"
    }


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        (f"set,T 38.6 {LOW}", (True, True, False, False)),
        (
            "set,T 38.6 HR 80 BP 122/76 RR 16 SpO2 94 nasal_cannula 2L A",
            (True, False, True, False),
        ),
        ("set,T 38.6 BP 86/50", (True, True, None, None)),
    ],
)
def test_the_release_lists_what_it_is_graded_by_like_the_others(rows, found):
    names = ("fever", "low_pressure", "on_oxygen", "spo2_very_low_on_air")
    assert graded_by(f"2:00,{rows}\n", "2:00") == dict(zip(names, found, strict=True))


def test_a_release_that_is_none_and_was_none_lists_nothing():
    assert graded_by(f"2:00,set,T 38.6 {WELL}\n", "2:00") == {}


def test_each_of_its_rows_has_its_value_line_and_source():
    one = line(assessed(f"{BEGIN}2:00,set,T 38.6 {LOW}\n"), "crs", "2:00")
    (row,) = (
        row
        for row in one["evidence"]
        if (row["pattern"], row["sign"]) == ("crs", "low_pressure")
    )
    assert (row["value"], row["typed"], row["threshold"], row["at"]) == (
        86,
        "86 mm[Hg]",
        "< 90 mm[Hg]",
        "2026-11-16T10:00:00Z",
    )
    assert row["source"]
