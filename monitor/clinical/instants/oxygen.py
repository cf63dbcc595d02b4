"""How much oxygen support: the worse of the device's class and the flow's (R10)."""

from functools import lru_cache

import polars as pl

from monitor.clinical.items.devices import DEVICES
from monitor.clinical.study.protocol import Lines, Protocol
from monitor.clinical.tables import Sheet, Stage
from monitor.clinical.words import known

HOME = ("home_oxygen", "home_cpap", "home_bipap")
AIR, NOTHING, CANNULA = "room_air", "none", "nasal_cannula"
# Pressure without oxygen, unless a flow or a fraction says otherwise.
HOME_PRESSURE = ("home_cpap", "home_bipap")
PRESSURE = ("cpap", "bipap", "invasive_ventilation")


def support(sheet: Sheet, protocol: Protocol) -> None:
    """Adds `now:SUPPORT`: none, low_flow, high_flow or positive_pressure (R10).

    Also `now:FIO2_USED` (percent, recorded or estimated) and, never unknown,
    `state:support_unclear` (a class that a person should look at), `state:class_least`
    (low flow, which may be more) and `state:fraction_unknown`.
    """
    sheet.follow(*_steps(protocol.lines))


@lru_cache(maxsize=32)
def _steps(lines: Lines) -> tuple[Stage, ...]:
    """What is used at home (the same from one instant to the next, so that it is read

    once), the device in use, whether that is as usual, the class and the fraction, and
    what of them is unsure.
    """
    as_usual = (_baseline(lines).alias("as_usual"),)
    made = (_usually(), _in_use(lines), as_usual, _counted(lines), _unsure(lines))
    return tuple(map(Stage, made))


def _usually() -> tuple[pl.Expr, ...]:
    """What a person said; a flow or a fraction that nobody said is that of before the

    first dose.
    """
    said = pl.col("word:BASELINE_OXYGEN")
    amounts = (("OXYGEN_FLOW", r"([\d.]+)\s*(?:L|$)"), ("FIO2", r"([\d.]+)\s*%"))
    return (
        said.str.extract(r"^(\w+)").alias("usual:OXYGEN_DEVICE"),
        *(
            pl.coalesce(
                said.str.extract(spelled).cast(pl.Float64, strict=False), f"base:{item}"
            ).alias(f"usual:{item}")
            for item, spelled in amounts
        ),
    )


DEVICE, FLOW = pl.col("now:OXYGEN_DEVICE"), pl.col("now:OXYGEN_FLOW")


def _humid() -> pl.Expr:
    """A tube through which also humid air may come."""
    every = DEVICES.items()
    return DEVICE.is_in([code for code, one in every if one.get("air_if_humidified")])


def _of_any_class() -> pl.Expr:
    """What may be a cannula or a mask: no device, humid air, or a raise of home's."""
    return DEVICE.is_null() | _humid() | DEVICE.is_in(HOME)


def _much_flow(lines: Lines) -> pl.Expr:
    return (DEVICE == CANNULA) & (lines["oxygen_low_flow"] < FLOW)


def _counted(lines: Lines) -> tuple[pl.Expr, ...]:
    """The class of the support, and its fraction."""
    classes = {code: one["class"] for code, one in DEVICES.items()}
    air = _humid() & (pl.col("now:FIO2") <= lines["fio2_air"])
    usual = pl.col("as_usual")
    much = (lines["oxygen_low_flow"] < FLOW).fill_null(False)
    by_device = (
        pl.when(air.fill_null(False) | usual.fill_null(False))
        .then(pl.lit("none"))
        .when(usual.is_null())
        .then(None)
        .when(much & DEVICE.is_in([CANNULA, *HOME]))
        .then(pl.lit("high_flow"))
        .when(DEVICE.is_in(HOME))
        .then(pl.lit("low_flow"))
        .otherwise(DEVICE.replace_strict(classes, default=None, return_dtype=pl.String))
    )
    return (
        pl.coalesce(
            by_device, _without_device(lines["oxygen_low_flow"], lines["fio2_air"])
        ).alias("now:SUPPORT"),
        _fraction(DEVICE, FLOW).alias("now:FIO2_USED"),
        pl.col("fresh:OXYGEN_DEVICE").alias("fresh:SUPPORT"),
        usual.fill_null(False).alias("state:usual_oxygen"),
    )


def _unsure(lines: Lines) -> tuple[pl.Expr, ...]:
    """What of the class and the fraction is a floor, or a person should look at."""
    device, flow = DEVICE, FLOW
    little_flow = (device == "high_flow_cannula") & (flow <= lines["oxygen_low_flow"])
    supported = (pl.col("now:SUPPORT") != "none").fill_null(False)
    low_flow = known(pl.col("now:SUPPORT") == "low_flow")
    # Without a device it may be a mask, and a cannula without its flow more than 6 L.
    open_ = device.is_null() | (known(device == CANNULA) & flow.is_null())
    return (
        (low_flow & open_).alias("state:class_least"),
        (_much_flow(lines) | little_flow | (supported & _of_any_class()))
        .fill_null(False)
        .alias("state:support_unclear"),
        (supported & pl.col("now:FIO2_USED").is_null()).alias("state:fraction_unknown"),
    )


def _in_use(lines: Lines) -> tuple[pl.Expr, ...]:
    """The device; none is known where oxygen was given since it was room air."""
    device, since = pl.col("now:OXYGEN_DEVICE"), pl.col("at:OXYGEN_DEVICE")
    given = [
        pl.when(
            known(pl.col(f"now:{item}") > air) & known(pl.col(f"at:{item}") > since)
        ).then(f"at:{item}")
        for item, air in (("OXYGEN_FLOW", 0), ("FIO2", lines["fio2_air"]))
    ]
    later = pl.when(known(device == AIR)).then(pl.max_horizontal(given))
    return (
        *(
            pl.when(later.is_null()).then(column).alias(column)
            for column in ("now:OXYGEN_DEVICE", "last:OXYGEN_DEVICE")
        ),
        pl.coalesce(later, since).alias("at:OXYGEN_DEVICE"),
    )


def _baseline(lines: Lines) -> pl.Expr:
    """Unchanged or lower support than at home is no hypoxia (R10).

    Null where the usual flow is known and that of now is not: it may be more. Where no
    usual flow is known, more than a low one is more.
    """
    usual_flow, usual_fraction = pl.col("usual:OXYGEN_FLOW"), pl.col("usual:FIO2")
    usual_device = pl.col("usual:OXYGEN_DEVICE")
    home = DEVICE.is_in(HOME).fill_null(False)
    # Home oxygen of a known flow comes through a cannula in the ward.
    cannula = (usual_device == HOME[0]) & (DEVICE == CANNULA) & usual_flow.is_not_null()
    same = ((usual_device == DEVICE) | cannula).fill_null(False)
    raised = usual_flow + lines["oxygen_flow_step"] <= FLOW
    much = _much_flow(lines) | (home & (lines["oxygen_low_flow"] < FLOW))
    more = pl.when(usual_flow.is_null()).then(known(much)).otherwise(raised)
    more = pl.when(home).then(known(more)).otherwise(more)
    return (home | same) & ~more & ~known(pl.col("now:FIO2") > usual_fraction)


def given(lines: Lines) -> pl.Expr:
    """Whether any oxygen is given at all, at home too; null where nobody said.

    A fraction of air is no oxygen, whatever the device; a person's own pressure at
    night is unknown until a flow or a fraction is recorded.
    """
    device, flow = pl.col("now:OXYGEN_DEVICE"), pl.col("now:OXYGEN_FLOW")
    fraction, air = pl.col("now:FIO2"), lines["fio2_air"]
    humid = [code for code, one in DEVICES.items() if one.get("air_if_humidified")]
    no_oxygen = (fraction <= air).fill_null(False)
    some = ((flow > 0) | (fraction > air)).fill_null(False)
    by_pressure = device.is_in([*humid, *PRESSURE, *HOME_PRESSURE])
    asked = device.is_null() | device.is_in(HOME_PRESSURE)
    return (
        pl.when(device == AIR)
        .then(False)
        .when((by_pressure | device.is_null()) & no_oxygen)
        .then(False)
        .when(some | ~asked)
        .then(True)
        .otherwise(None)
    )


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
    for code, one in DEVICES.items():
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
