"""Charts of any course, for properties: a valid cycle as its rows arrived.

Each row is written as the bedside writes it. A chart has a baseline, a dose, a few sets
(now and then without a reading), laboratory values and treatments.
"""

from dataclasses import dataclass

from hypothesis import strategies as st

# Item: (values in steps as typed, unit). All are accepted without a question.
SIGNS = {
    "TEMP": (["36.6", "37.4", "37.9", "38.0", "38.6", "39.5", "40.0"], "Cel"),
    "SYSBP": (["78", "88", "89", "90", "96", "104", "118", "130"], "mm[Hg]"),
    "HR": (["62", "78", "96", "110", "128", "131"], "/min"),
    "RESP": (["14", "20", "24", "25", "30"], "/min"),
    "OXYSAT": (["89", "91", "92", "94", "97"], "%"),
    "ACVPU": (["A", "C", "V"], ""),
    "CHILLS": (["0", "1", "2"], "{CTCAE}"),
}
DEVICES = ["room_air", "nasal_cannula", "simple_mask"]
BLOOD = {
    "ALB": (["28", "30", "34", "35", "36", "41"], "g/L"),
    "WEIGHT": (["70.0", "71.4", "71.5", "73.0"], "kg"),
    "HCT": (["38", "42", "46"], "%"),
    "CREAT": (["70", "110", "160"], "umol/L"),
    "EDEMA_LIMBS": (["0", "1", "2"], "{CTCAE}"),
}
TREATMENTS = [
    "paracetamol,1000,mg,",
    "dexamethasone,10,mg,",
    "tocilizumab,560,mg,",
    "fluid_bolus,500,mL,",
    "norepinephrine,0.05,ug/kg/min,",
    "vasopressin,0.03,[U]/min,",
]
# Which way a reading is worse; of the others neither way is.
WORSE = {"TEMP": 1, "SYSBP": -1, "HR": 1, "RESP": 1, "OXYSAT": -1, "ALB": -1}


@dataclass(frozen=True, order=True)
class Written:
    """One row; `minute` counts from the first dose."""

    minute: int
    text: str

    @property
    def code(self) -> str:
        return self.text.split(",")[1]

    @property
    def kind(self) -> str:
        return self.text.split(",")[0]


def clock(minute: int) -> str:
    sign = "-" if minute < 0 else ""
    return f"{sign}{abs(minute) // 60}:{abs(minute) % 60:02}"


def chart(rows: list[Written]) -> str:
    """The rows as a chart in shorthand, in the order given."""
    return "\n".join(f"{clock(row.minute)},{row.text}" for row in rows)


@st.composite
def bedside_set(draw: st.DrawFn, minute: int, full: bool = False) -> list[Written]:
    """A set; unless `full`, some of its readings may not have been taken."""
    made = [
        Written(minute, f"reading,{item},{draw(st.sampled_from(values))},{unit}")
        for item, (values, unit) in SIGNS.items()
        if full or draw(st.integers(0, 5))
    ]
    device = draw(st.sampled_from(DEVICES))
    made.append(Written(minute, f"reading,OXYGEN_DEVICE,{device},"))
    if device != "room_air":
        flow = draw(st.sampled_from(["2", "6", "7"]))
        made.append(Written(minute, f"reading,OXYGEN_FLOW,{flow},L/min"))
    return made


@st.composite
def rows(draw: st.DrawFn, full: bool = False) -> list[Written]:
    """A cycle's rows in time order, from the baseline to the last set."""
    made = [
        Written(-60, "reading,TEMP,36.6,Cel"),
        Written(-60, "reading,SYSBP,124,mm[Hg]"),
        Written(-60, "reading,HR,76,/min"),
        Written(-55, "reading,ALB,40,g/L"),
        Written(-55, "reading,WEIGHT,70.0,kg"),
        Written(-55, "reading,HCT,40,%"),
        Written(-55, "reading,CREAT,70,umol/L"),
        Written(0, "dose,aldesleukin,600000,[iU]/kg"),
    ]
    gaps = draw(
        st.lists(st.sampled_from([15, 30, 60, 240, 480, 1500]), min_size=2, max_size=6)
    )
    minute = 20
    for gap in gaps:
        minute += gap
        made += draw(bedside_set(minute, full=full))
        if draw(st.booleans()):
            item = draw(st.sampled_from(sorted(BLOOD)))
            values, unit = BLOOD[item]
            value = draw(st.sampled_from(values))
            made.append(Written(minute + 2, f"reading,{item},{value},{unit}"))
        if not draw(st.integers(0, 2)):
            given = draw(st.sampled_from(TREATMENTS))
            made.append(Written(minute + 4, f"treatment,{given}"))
    return sorted(made)
