"""Which items are entered together, in which order, under which heading.

The vital-signs set goes airway, breathing, circulation, then temperature and the
brain. `BP` is a row of its own: both pressures, typed as 112/64.
"""

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from monitor.clinical.items import catalogue

PRESSURE = "BP"
PRESSURES = ("SYSBP", "DIABP")
#: What the check for cytokine release needs of a set, in the order of the page.
NEEDED = ("RESP", "OXYSAT", "OXYGEN_DEVICE", PRESSURE, "HR", "TEMP", "ACVPU")

#: Asked in every set; `None since last` answers those of them that are not opened.
SOLICITED = (
    "CHILLS",
    "NAUSEA",
    "VOMITING",
    "DIARRHEA",
    "HEADACHE",
    "FATIGUE",
    "RASH_MACULO_PAPULAR",
    "DYSPNEA",
    "CONFUSION",
    "EDEMA_LIMBS",
    "INJECTION_SITE_REACTION",
)
#: Of these, what is examined at the interval of the protocol and not in every set.
EXAMINED = ("EDEMA_LIMBS", "INJECTION_SITE_REACTION")
#: Smaller answers that stand beside a row: how it was measured.
BESIDE = {
    "TEMP": ("TEMP_SITE",),
    PRESSURE: ("BP_POSITION", "BP_METHOD"),
    "HR": ("RHYTHM",),
}
#: Of these, what is the same until it is changed: offered as it was, kept with a value.
CONTEXT = {"TEMP_SITE": "TEMP", "BP_POSITION": PRESSURE, "BP_METHOD": PRESSURE}


@dataclass(frozen=True)
class Section:
    """Rows under one heading."""

    title: str | Promise
    rows: tuple[str, ...]


@dataclass(frozen=True)
class Panel:
    """One form of the entry page.

    `closing` rows stand after the symptoms, `folded` ones are opened when they are
    wanted, under the name of the `fold`. A `period` has a start and an end.
    """

    key: str
    tab: str | Promise
    title: str | Promise
    sections: tuple[Section, ...]
    symptoms: tuple[str, ...] = ()
    needed: tuple[str, ...] = ()
    closing: tuple[str, ...] = ()
    folded: tuple[str, ...] = ()
    fold: str | Promise = ""
    period: bool = False
    laboratory: bool = False

    @property
    def when(self) -> str:
        """What the time of the page is called."""
        return gettext("Collected at") if self.laboratory else gettext("Observed at")

    @property
    def names(self) -> tuple[str, ...]:
        inside = [name for section in self.sections for name in section.rows]
        beside = [one for name in inside for one in BESIDE.get(name, ())]
        return (*inside, *beside, *self.closing, *self.folded)

    @property
    def items(self) -> Iterator[str]:
        """Item codes: a pressure is two."""
        for name in (*self.names, *self.symptoms):
            yield from PRESSURES if name == PRESSURE else (name,)

    def without(self, items: Container[str]) -> "Panel":
        """The panel less the rows of these items."""
        if not items:
            return self
        sections = (
            replace(one, rows=tuple(row for row in one.rows if row not in items))
            for one in self.sections
        )
        return replace(self, sections=tuple(sections))


VITAL_SIGNS = Panel(
    key="set",
    tab=_("Vital signs"),
    title=_("Vital-signs set"),
    sections=(
        Section(
            _("Airway and breathing"),
            ("RESP", "OXYSAT", "OXYGEN_DEVICE", "OXYGEN_FLOW", "FIO2"),
        ),
        Section(_("Circulation"), (PRESSURE, "HR")),
        Section(
            _("Temperature and consciousness"),
            ("TEMP", "MASKING_GIVEN", "ACVPU", "ICE"),
        ),
    ),
    symptoms=SOLICITED,
    needed=NEEDED,
    closing=("CHEST_PAIN", "NURSE_CONCERN"),
    folded=("CAP_REFILL", "GCS"),
    fold=_("Capillary refill, Glasgow coma score"),
)
SYMPTOMS = Panel(
    key="symptoms",
    tab=_("All symptoms"),
    title=_("All symptoms"),
    sections=(Section(_("Chest pain"), ("CHEST_PAIN",)),),
    symptoms=catalogue.PANELS["symptoms"],
)
LABORATORY = Panel(
    key="labs",
    tab=_("Laboratory"),
    title=_("Laboratory values"),
    sections=(
        Section(
            _("Leak and inflammation"),
            ("ALB", "PROT", "CRP", "FERRITIN", "INTLK6", "PCT", "LDH", "LACTICAC"),
        ),
        Section(_("Blood count"), ("HGB", "HCT", "PLAT", "WBC", "NEUT", "LYM", "EOS")),
        Section(
            _("Kidney and salts"),
            ("CREAT", "UREAN", "SODIUM", "K", "BICARB", "PHOS", "MG", "CA", "GLUC"),
        ),
        Section(_("Liver"), ("ALT", "AST", "ALP", "GGT", "BILI", "BILDIR", "TRIG")),
        Section(
            _("Heart and muscle"),
            ("TROPONI", "TROPONT", "BNPPRONT", "BNP", "LVEF", "CK"),
        ),
        Section(_("Clotting"), ("FIBRINO", "DDIMER", "INR", "APTT")),
        Section(
            _("Immune cells, thyroid, pancreas"),
            ("CD8", "NK", "TREG", "TSH", "FT4", "LIPASE"),
        ),
    ),
    laboratory=True,
)
FLUIDS = Panel(
    key="fluids",
    tab=_("Fluids"),
    title=_("Fluids in and out"),
    sections=(Section(_("In and out"), ("FLUID_INTAKE", "URINE_OUTPUT")),),
    period=True,
)
EXAMINATION = Panel(
    key="examination",
    tab=_("Weight and examination"),
    title=_("Weight and examination"),
    sections=(
        Section(_("Weight"), ("WEIGHT", "HEIGHT")),
        Section(_("Examination"), ("SITE_SIZE", "ECOG", "PREGNANCY_TEST")),
    ),
    # Of injections on both sides: each site is compared with itself.
    folded=("SITE_SIZE_LEFT", "SITE_SIZE_RIGHT"),
    fold=_("Injections on both sides"),
)

PANELS: Mapping[str, Panel] = MappingProxyType(
    {
        panel.key: panel
        for panel in (VITAL_SIGNS, SYMPTOMS, LABORATORY, FLUIDS, EXAMINATION)
    }
)


def panel(key: str | None) -> Panel:
    """The panel with this key; the vital signs for any other."""
    return PANELS.get(key or "", VITAL_SIGNS)
