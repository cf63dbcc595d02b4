"""What each device for oxygen means, from `knowledge/oxygen.toml`."""

import tomllib
from typing import Any

from monitor.clinical.thresholds import KNOWLEDGE, BadKnowledge

CLASSES = ("none", "low_flow", "high_flow", "positive_pressure")
PARTS = {"class", "fio2", "air_if_humidified"}
ESTIMATES = {"base", "per_liter", "by_flow"}


def read_devices() -> dict[str, dict[str, Any]]:
    """What each device means, from knowledge/oxygen.toml. Raises BadKnowledge."""
    read = tomllib.loads((KNOWLEDGE / "oxygen.toml").read_text(encoding="utf-8"))
    if set(read) != {"source", "devices"} or not read["source"]:
        raise BadKnowledge("oxygen.toml: give a source, and devices.")
    for code, one in read["devices"].items():
        odd = (set(one) - PARTS) | (set(one.get("fio2", ())) - ESTIMATES)
        if odd or one.get("class") not in CLASSES:
            odd = odd or {"class"}
            raise BadKnowledge(f"oxygen.toml, {code}: mend {', '.join(sorted(odd))}.")
    return read["devices"]


DEVICES = read_devices()


def support_devices() -> list[str]:
    """Devices that are support beyond air and beyond what is used at home."""
    return [code for code, one in DEVICES.items() if one["class"] != CLASSES[0]]
