"""The grade of a capillary leak that is suggested (reference 2.0); a person sets it.

CTCAE names no number for it, so what gives which grade is our operational reading, in
`knowledge/leak.toml`. It counts while albumin, weight or edema speaks of a leak (R8).
"""

import polars as pl

from monitor.clinical.grading import composite
from monitor.clinical.grading.crs import arm
from monitor.clinical.grading.scales import load_steps
from monitor.clinical.words import any_of, highest, known

# The two versions that have the term grade it alike.
SCALES = ("ctcae_v5", "ctcae_v6")
SPEAKS_OF_A_LEAK = ("albumin", "weight", "edema")
# Findings of a release that count here as they do there.
OF_A_RELEASE = (
    *("any_pressor", "vasopressin", "two_pressors", "mechanical_support"),
    *("oxygen", "positive_pressure"),
    *("creatinine_3", "bilirubin_3", "transaminases_3"),
)
# Which support is life-threatening, and what vasopressin adds: no source says (R10).
REVIEWED = ("positive_pressure", "two_pressors", "mechanical_support", "vasopressin")
OWN = ("leak", "edema", "hypotension", "drained_weight", "fluid_in_chest")
STEPS = load_steps("leak.toml", {*OWN, *OF_A_RELEASE})


def there() -> pl.Expr:
    """Whether anything speaks of a leak. Never unknown."""
    return any_of(map(composite.standing, SPEAKS_OF_A_LEAK))


def suggested() -> pl.Expr:
    """The highest grade of which a finding stands; 0 without a leak."""
    findings = {**_own(), **{name: arm(name) for name in OF_A_RELEASE}}
    return highest((step.grade, there() & findings[step.arm]) for step in STEPS)


def _own() -> dict[str, pl.Expr]:
    weight, edema = composite.standing("weight"), composite.standing("edema")
    since = composite.since("weight")
    return {
        "leak": there(),
        "edema": edema,
        "hypotension": composite.standing("pressure"),
        "drained_weight": weight & known(pl.col("at:diuretic") >= since),
        "fluid_in_chest": edema & pl.col("held:fluid_in_chest"),
    }
