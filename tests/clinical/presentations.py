"""Charts of one patient under every scale, and what the scales say of them."""

from typing import Any

from .charts import DOSE, at, frames

SCALES = ("astct", "ctcae_v5", "ctcae_v6", "lee_2014", "penn")
NONE = None
BASE = (
    "-1:00,set,T 36.7 HR 78 BP 124/76 RR 16 SpO2 98 air A\n"
    "-1:00,range,ALT,..40,U/L\n-1:00,reading,ALT,30,U/L\n"
    "-1:00,reading,WEIGHT,80,kg\n" + DOSE
)
FEVER = "6:00,set,T 38.7 HR 78 BP 124/76 RR 16 SpO2 97 air A\n"
WARM = "6:00,set,T 38.7 HR 78 BP 92/50 RR 16 SpO2 97 air A\n"


def on(support: str, spo2: int = 95) -> str:
    return f"6:00,set,T 38.7 HR 78 BP 124/76 RR 16 SpO2 {spo2} {support} A\n"


def runs(agent: str, rate: object, unit: str = "ug/min", start: str = "6:00") -> str:
    return f"{start},treatment,{agent},{rate},{unit}\n"


def bolus(start: str, end: str, ml: int = 500) -> str:
    return f"{start},treatment,fluid_bolus,{ml},mL,{end}\n"


LATER = "9:30,reading,HR,78,/min\n"


def graded(row: dict[str, Any]) -> tuple[int | None, ...]:
    return tuple(row[f"grade:{scale}"] for scale in SCALES)


def asked(row: dict[str, Any]) -> tuple[str, ...]:
    return tuple(scale for scale in SCALES if row[f"review:{scale}"])


def shown(charts: dict[str, str], times: dict[str, str] | str) -> dict[str, Any]:
    """Each chart's row at its time, all assessed together."""
    made = frames({name: BASE + chart for name, chart in charts.items()})
    return {
        name: at(frame, times if isinstance(times, str) else times[name])
        for name, frame in made.items()
    }
