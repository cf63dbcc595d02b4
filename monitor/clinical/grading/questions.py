"""Why a person looks at a grade of a release: each condition once.

The frame is graded by them (`review:SCALE` and `floor:SCALE` of `grades`), and the
sentence of a line says those that hold (`asides`). A condition is the same on every
scale; on which scales it is asked, and where it counts, stands beside it.
"""

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from monitor.clinical.grading.crs import arm
from monitor.clinical.grading.scales import Scale
from monitor.clinical.words import known, sign, state


@dataclass(frozen=True, slots=True)
class Question:
    """`column`: where its answer stands, which is made by `rule` unless it stands there

    anyhow. `of`: the scales on which it is asked. It makes a floor where an untreated
    finding gives the grade (`part`: of which part), or while the grade is below that of
    a finding that is unknown (`under`). Else it makes a review; `beyond_fever`: where
    more than the fever is graded.
    """

    says: str
    column: str
    rule: Callable[[], pl.Expr] | None = None
    of: Callable[[Scale], bool] = lambda scale: True
    part: str = ""
    under: str = ""
    beyond_fever: bool = False

    @property
    def reviews(self) -> bool:
        return not self.part and not self.under


def is_ctcae(scale: Scale) -> bool:
    return scale.key.startswith("ctcae")


def has_high_dose(scale: Scale) -> bool:
    return any(step.arm == "high_dose" for step in scale.part("pressure"))


def _cooled() -> pl.Expr:
    """Fever gone though nothing was given for it: state table 1.1, row five."""
    began = pl.col("since:fever")
    masked, given = pl.col("until:mask"), pl.col("at:anticytokine")
    drugged = (masked >= began) | (given >= began)
    return known(~sign("fever")) & pl.col("standing:fever") & ~known(drugged)


UNNAMED = "vasopressin, which the scale does not name"
# In the order in which a sentence says them.
QUESTIONS = (
    Question(
        "low pressure without a treatment recorded",
        "asks:untreated",
        lambda: arm("low_pressure") & ~state("pressure_treated"),
        part="pressure",
    ),
    Question(
        "oxygen support not recorded",
        "standing:arm:hypoxia_untreated",
        part="oxygen",
    ),
    Question(
        UNNAMED,
        "asks:vasopressin_alone",
        lambda: arm("vasopressin") & ~arm("any_pressor"),
    ),
    Question(
        UNNAMED,
        "asks:vasopressin_beside",
        lambda: arm("vasopressin") & arm("any_pressor"),
        of=is_ctcae,
    ),
    Question(
        "two vasopressors overlap, perhaps in a switch",
        "asks:switching",
        lambda: arm("switching") & ~arm("two_pressors"),
    ),
    Question("dopamine below the dose that counts", "state:low_dopamine"),
    Question("a vasopressor that is not counted", "state:uncounted_pressor"),
    Question(
        "angiotensin II, of which no dose is known to be high",
        "on:angiotensin_ii",
        of=has_high_dose,
    ),
    Question(
        "the rate of a vasopressor is not recorded",
        "state:rate_unknown",
        under="high_dose",
    ),
    Question(
        "support during a procedure is not graded",
        "asks:in_procedure",
        lambda: (
            state("in_procedure") & (state("pressor") | sign("on_positive_pressure"))
        ),
    ),
    Question(
        "device and flow leave open which class of oxygen it is",
        "state:support_unclear",
    ),
    Question(
        "the device, or the flow through the cannula, is not recorded",
        "state:class_least",
        under="high_flow",
    ),
    Question(
        "fever gone with no drug for it recorded",
        "asks:cooled",
        _cooled,
        beyond_fever=True,
    ),
    # A fever of another cause is none of a release: a person attributes it (P10).
    Question("the fever may be of an infection", "standing:infection_mimic"),
    Question(
        "our reading of grade 4",
        "asks:grade_4",
        lambda: arm("two_pressors") | arm("positive_pressure"),
        of=is_ctcae,
    ),
)
