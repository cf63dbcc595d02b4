"""How much oxygen support: the worse of the device's class and the flow's (R10)."""

import tomllib
from functools import cache
from typing import Any

import polars as pl

from monitor.clinical.protocol import Protocol
from monitor.clinical.thresholds import KNOWLEDGE

HOME = ("home_oxygen", "home_cpap", "home_bipap")


@cache
def devices() -> dict[str, dict[str, Any]]:
    """What each device means, from knowledge/oxygen.toml."""
    read = tomllib.loads((KNOWLEDGE / "oxygen.toml").read_text(encoding="utf-8"))
    return read["devices"]


def support_devices() -> list[str]:
    """Devices that are support beyond air and beyond what is used at home."""
    return [code for code, one in devices().items() if one["class"] != "none"]


def support(frame: pl.DataFrame, protocol: Protocol) -> pl.DataFrame:
    """Adds `now:SUPPORT`: none, low_flow, high_flow or positive_pressure (R10).

    Also `now:FIO2_USED` (percent, recorded or estimated) and, never unknown,
    `state:support_unclear` (a class that a person should look at) and
    `state:fraction_unknown`.
    """
    lines = protocol.lines
    device, flow = pl.col("now:OXYGEN_DEVICE"), pl.col("now:OXYGEN_FLOW")
    classes = {code: one["class"] for code, one in devices().items()}
    humid = [code for code, one in devices().items() if one.get("air_if_humidified")]
    air = device.is_in(humid) & (pl.col("now:FIO2") <= lines["fio2_air"])
    much_flow = (device == "nasal_cannula") & (flow > lines["oxygen_low_flow"])
    by_device = (
        pl.when(air.fill_null(False) | _baseline(lines["oxygen_flow_step"]))
        .then(pl.lit("none"))
        .when(much_flow.fill_null(False))
        .then(pl.lit("high_flow"))
        .otherwise(device.replace_strict(classes, default=None, return_dtype=pl.String))
    )
    little_flow = (device == "high_flow_cannula") & (flow <= lines["oxygen_low_flow"])
    frame = frame.with_columns(
        pl.coalesce(
            by_device, _without_device(lines["oxygen_low_flow"], lines["fio2_air"])
        ).alias("now:SUPPORT"),
        _fraction(device, flow).alias("now:FIO2_USED"),
        pl.col("fresh:OXYGEN_DEVICE").alias("fresh:SUPPORT"),
    )
    supported = (pl.col("now:SUPPORT") != "none").fill_null(False)
    return frame.with_columns(
        (much_flow | little_flow | (device.is_null() & supported))
        .fill_null(False)
        .alias("state:support_unclear"),
        (supported & pl.col("now:FIO2_USED").is_null()).alias("state:fraction_unknown"),
    )


def _baseline(flow_step: float) -> pl.Expr:
    """Unchanged or lower support than at home is no hypoxia (R10)."""
    said = pl.col("word:BASELINE_OXYGEN")
    kind = said.str.extract(r"^(\w+)")
    usual_flow = said.str.extract(r"([\d.]+)\s*(?:L|$)").cast(pl.Float64, strict=False)
    same = kind == pl.col("now:OXYGEN_DEVICE")
    more = pl.col("now:OXYGEN_FLOW") >= usual_flow + flow_step
    home = pl.col("now:OXYGEN_DEVICE").is_in(HOME)
    raised = more.fill_null(False)
    return ((home | same).fill_null(False)) & ~raised


def _without_device(low_flow: float, air: float) -> pl.Expr:
    """A flow or a fraction without a device: a floor, or air if it says so."""
    flow, fraction = pl.col("now:OXYGEN_FLOW"), pl.col("now:FIO2")
    return (
        pl.when((flow > low_flow).fill_null(False))
        .then(pl.lit("high_flow"))
        .when(((flow > 0) | (fraction > air)).fill_null(False))
        .then(pl.lit("low_flow"))
        .when((fraction <= air).fill_null(False))
        .then(pl.lit("none"))
        .otherwise(None)
    )


def _fraction(device: pl.Expr, flow: pl.Expr) -> pl.Expr:
    """The recorded fraction, else the estimate for this device and flow [GK/PROJ]."""
    estimate = pl.lit(None, dtype=pl.Float64)
    for code, one in devices().items():
        rule = one.get("fio2")
        if rule is None:
            continue
        if "by_flow" in rule:
            amount = pl.lit(None, dtype=pl.Float64)
            for liters, percent in rule["by_flow"]:
                amount = pl.when(flow >= liters).then(float(percent)).otherwise(amount)
        else:
            amount = rule["base"] + rule.get("per_liter", 0) * (
                flow if "per_liter" in rule else pl.lit(0.0)
            )
        estimate = pl.when(device == code).then(amount).otherwise(estimate)
    return pl.coalesce("now:FIO2", estimate.round(6))
