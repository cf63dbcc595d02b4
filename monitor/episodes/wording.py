"""What topics, items, scales and reasons are called on a page."""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from monitor.clinical.items import catalogue, censored
from monitor.clinical.patterns import pattern_of
from monitor.clinical.patterns.danger import WORDS as DANGER_WORDS
from monitor.clinical.said.saying import NAMES

# Of these the value is a rise, not the amount itself.
RISES = ("CREAT_RISE", "WEIGHT_RISE")
GRADES = "{CTCAE}"
LONG = 10_000
LABELS = {
    "crs": gettext_lazy("CRS"),
    "cls": gettext_lazy("CLS"),
    "infection": gettext_lazy("Infection"),
    "fever": gettext_lazy("Fever outside the window"),
    "infusion_reaction": gettext_lazy("Infusion reaction"),
    "hlh_like": gettext_lazy("HLH-like picture"),
    "concern": gettext_lazy("Concern at the bedside"),
    "neurotoxicity": gettext_lazy("Neurotoxicity"),
    "heart_lung": gettext_lazy("Heart and lung"),
    "liver": gettext_lazy("Liver"),
    "gut": gettext_lazy("Gut"),
    "kidney": gettext_lazy("Kidney"),
    "skin_eye": gettext_lazy("Skin and eye"),
    "endocrine": gettext_lazy("Endocrine"),
    "injection_site": gettext_lazy("Injection site"),
}
SCALES = {
    "astct": gettext_lazy("ASTCT"),
    "ctcae_v5": gettext_lazy("CTCAE v5.0"),
    "ctcae_v6": gettext_lazy("CTCAE v6.0"),
    "lee_2014": gettext_lazy("Lee 2014"),
    "penn": gettext_lazy("Penn"),
}
CAUSES = {
    "entry": gettext_lazy("entered"),
    "late": gettext_lazy("entered late"),
    "correction": gettext_lazy("corrected"),
    "time": gettext_lazy("time passed"),
    "review": gettext_lazy("reviewed"),
}
WHY = {
    "never": gettext_lazy("never recorded"),
    "stale": gettext_lazy("too old to count"),
    "not_done": gettext_lazy("not done"),
    "unrecordable": gettext_lazy("tried, unrecordable"),
    "no_baseline": gettext_lazy("no baseline"),
    # Beside those words, where they say too little (see `clinical.lacking`).
    "held": gettext_lazy("waits for confirmation"),
    "no_range": gettext_lazy("without its range of normal"),
    "beyond": gettext_lazy("past the laboratory's limit"),
    "base_beyond": gettext_lazy("its baseline is past the laboratory's limit"),
    "pending": gettext_lazy("not read yet"),
    "hidden": gettext_lazy("cannot be judged now"),
}
PLACES = {
    "INPATIENT": gettext_lazy("In-patient"),
    "IN_CLINIC": gettext_lazy("In clinic"),
    "AT_HOME": gettext_lazy("At home"),
    "AWAY": gettext_lazy("Away"),
    "FOLLOW_UP": gettext_lazy("In follow-up"),
}
#: Past this a line has one decimal: no value is read more finely.
FINE_TO = 10
#: What may have any other cause: alone it is not called a leak (reference 11, R8).
NO_LEAK_ALONE = {"hypotension", "low_urine", "kidney"}


def label_of(family: str, topic: str) -> str:
    return str(LABELS.get(topic) or LABELS.get(family) or topic.replace("_", " "))


def numbered(episode: Any) -> str:
    """`CRS, episode 6`: an event among others."""
    told = {"label": label_of(episode.family, episode.topic), "id": episode.pk}
    return _("%(label)s, episode %(id)s") % told


def scale_label(name: str) -> str:
    return str(SCALES.get(name, name))


def item_label(code: str) -> str:
    known = catalogue.ITEMS.get(code)
    return known.label if known else code


def item_short(code: str) -> str:
    known = catalogue.ITEMS.get(code)
    return known.short if known else plain_words(code)


def plain_words(code: str) -> str:
    """`shock index`: a value made from others, or an agent, which have no short."""
    if code in RISES:
        return _("rise of %(name)s") % {"name": NAMES[code]}
    return NAMES.get(code, code.replace("_", " ").lower())


def named_value(code: str, value: str) -> str:
    """`39.1 °C` and `Nasal cannula` speak for themselves; other numbers need a name."""
    speaks = value.endswith("°C") or not any(letter.isdigit() for letter in value)
    named = code in catalogue.ITEMS and speaks
    return value if named else f"{item_short(code)} {value}".strip()


@lru_cache(maxsize=4096, typed=True)
def number_text(code: str, value: Any, typed: str = "") -> str:
    """A canonical value as it is said: fixed decimals, or the word for a choice.

    `typed`, with its unit: a laboratory's `<5` stays what it is.
    """
    if value is None or value == "":
        return ""
    known = catalogue.ITEMS.get(code)
    if isinstance(value, str):
        return _choice(code, value)
    if known:
        beyond = censored.shown(known, value, typed)
        return beyond or f"{value:.{known.decimals}f}"
    # A ratio under 1 is compared with a line under 1: one place could not tell them.
    return f"{value:.{1 if abs(value) >= 1 else 2}f}"


def _choice(code: str, value: str) -> str:
    known = catalogue.ITEMS.get(code)
    options = known.options if known else ()
    return next((one.label for one in options if one.code == value), value)


@lru_cache(maxsize=1024)
def unit_label(code: str, unit: str = "") -> str:
    known = catalogue.ITEMS.get(code)
    if known and unit in known.units:
        return known.units[unit].label
    return known.unit_label if known and not unit else unit_words(unit)


def measured(code: str, shown: str, unit: str) -> str:
    """`39.1 °C`; of a symptom `grade 2`, where a number comes before its unit."""
    known = catalogue.ITEMS.get(code)
    if known and known.kind == "symptom":
        return _("grade %(n)s") % {"n": shown}
    return f"{shown} {unit}".strip()


def amount_text(amount: float | None, unit: str) -> str:
    """`1800 IU/kg`, `600,000 IU/kg`; units as a ward writes them."""
    if amount is None:
        return ""
    # Five zeros and six look alike; four digits are as quickly read without a comma.
    said = f"{amount:g}" if abs(amount) < LONG else f"{amount:,.10g}"
    return f"{said} {unit_words(unit)}".strip()


def unit_words(unit: str) -> str:
    """UCUM as it is written by hand: `IU/kg`, `µmol/L`; a count has no unit."""
    plain = unit.replace("[iU]", "IU").replace("{dose}", "")
    return re.sub(r"\bu(?=(g|mol|L)\b)", "µ", plain)


@lru_cache(maxsize=4096)
def typed_text(item: str, typed: str) -> str:
    """`102.4 °F` of `102.4 [degF]`."""
    number, _space, unit = typed.partition(" ")
    if unit == GRADES:
        return _("grade %(n)s") % {"n": number}
    return f"{number} {unit_label(item, unit)}".strip() if unit else number


#: Lines of a change, where the value beside them is what it changed to.
DIFFERENCES = {
    frozenset(
        {
            "sbp_fall",
            "sbp_fall_strong",
            "sbp_fall_percent",
            "infusion_sbp_fall_percent",
            "spo2_fall",
            "albumin_fall",
            "albumin_fall_large",
        }
    ): gettext_lazy("a fall of %(line)s"),
    frozenset({"hr_rise", "shock_index_rise", "weight_leak_gain"}): gettext_lazy(
        "a rise of %(line)s"
    ),
}
#: Lines of a multiple, and of what: the value beside them is none.
MULTIPLES = {
    frozenset(
        {
            *("troponin_times", "il6_times_normal", "ck_times", "creatinine_grade_4"),
            *("alt_times", "expected_alt_times", "bilirubin_times"),
        }
    ): gettext_lazy("%(line)s × the upper limit of normal"),
    frozenset(
        {
            *("hct_times", "hct_times_strong", "creatinine_times", "bnp_times"),
            *("creatinine_times_warning", "creatinine_times_critical"),
        }
    ): gettext_lazy("%(line)s × the baseline"),
    frozenset(
        {
            *("alt_times_severe", "alt_times_grave", "bilirubin_times_moderate"),
            *("bilirubin_times_severe", "bilirubin_times_grave"),
            *("creatinine_grade_2", "creatinine_grade_3"),
        }
    ): gettext_lazy("%(line)s × the upper limit of normal, or the baseline"),
}


def threshold_text(item: str, text: str) -> str:
    """`< 90 mmHg` of `< 90 mm[Hg]`; signs of comparison as they are printed.

    Nothing of a choice, which is not more or less than a number, nor of a full score,
    which is compared with the baseline.
    """
    words = text.split(" ")
    known = catalogue.ITEMS.get(item)
    if words[0] == "=" or (known and known.options):
        return ""
    if words[-1] == GRADES and len(words) > 2:
        words[1:] = [_("grade %(n)s") % {"n": words[1]}]
    if known and words[-1] in known.units:
        words[-1] = known.units[words[-1]].label
    else:  # Of a value made from others, or of an agent's rate.
        words[-1] = unit_words(words[-1])
    if len(words) > 2 and words[-1] == "1":  # UCUM's unit of a ratio, which has none.
        del words[-1]
    signs = {">=": "≥", "<=": "≤"}
    return " ".join(signs.get(word, _rounded(word)) for word in words).strip()


def _rounded(word: str) -> str:
    """`119.7` of a line that was converted, 119.728; text as it is."""
    try:
        number = float(word)
    except ValueError:
        return word
    finely = number > FINE_TO and len(word.partition(".")[2]) > 1
    return f"{number:.1f}" if finely else word


def line_text(line: str | None, item: str, text: str) -> str:
    """A threshold beside a value: `a fall of ≥ 40 mmHg`, which 84 mmHg is not itself;

    `> 5 × the upper limit of normal`.

    `line`: the threshold's key.
    """
    said = threshold_text(item, text)
    for lines, words in (*DIFFERENCES.items(), *MULTIPLES.items()):
        if said and line in lines:
            return str(words % {"line": said})
    return said


def grade_words(scale: str, grade: int | None, at_least: bool) -> str:
    """`ASTCT at least grade 2`; `grade 2` on no scale, and nothing for no grade."""
    if grade is None:
        return ""
    words = _("%(scale)s at least grade %(grade)d") if at_least else ""
    words = words or _("%(scale)s grade %(grade)d")
    return (words % {"scale": scale_label(scale), "grade": grade}).lstrip()


def heading(line: dict[str, Any], scale: str) -> str:
    """What was met, not what it is: the head of a banner or of an episode."""
    family, topic, level = line["family"], line["topic"], line["level"]
    if line.get("unsupported"):
        return _("No longer supported by the data")
    if level == "clear":
        return _("%(label)s: no pattern met") % {"label": label_of(family, topic)}
    if level == "unknown":
        return _("Cannot assess %(label)s") % {"label": label_of(family, topic)}
    if topic == "cls":
        return _leak_heading(line)
    return _graded_heading(line, scale)


def _graded_heading(line: dict[str, Any], scale: str) -> str:
    label = label_of(line["family"], line["topic"])
    if line["status"] == "not_gradable":
        return _("%(label)s not gradable: fever possibly masked") % {"label": label}
    grade = (line.get("grades") or {}).get(scale)
    words = grade_words(scale, grade or None, scale in (line.get("at_least") or ()))
    if words:
        said = _("Criteria met: possible %(label)s, %(grade)s")
        return said % {"label": label, "grade": words}
    return _("Criteria met: %(label)s") % {"label": label}


def _leak_heading(line: dict[str, Any]) -> str:
    """Low pressure alone is no leak, nor is little urine (reference 11, R8)."""
    true = {key for key, answer in (line.get("patterns") or {}).items() if answer}
    if true - NO_LEAK_ALONE:
        return _("Criteria met: possible capillary leak")
    if "hypotension" in true:
        return _("Low blood pressure (leak, infection, heart, drug?)")
    if names := standing_words(line):
        return _("Criteria met: %(names)s") % {"names": ", ".join(names)}
    return _("Possible capillary leak, level held")


def standing_words(line: dict[str, Any]) -> list[str]:
    """What makes the level, by name: patterns that are true, then danger signs."""
    patterns = (line.get("patterns") or {}).items()
    true = [key for key, answer in patterns if answer and key != "crs"]
    names = [pattern_of(line["topic"], key).title for key in true]
    return [*names, *(DANGER_WORDS[key] for key in line.get("danger") or ())]


def missing_text(row: dict[str, Any], since: datetime | None, zone: Any) -> str:
    """`Lactate, last 09:50`; `ACVPU never recorded`."""
    word = row.get("detail") or row["why"]
    return _missing_text(get_language(), row["item"], word, since, zone)


@lru_cache(maxsize=4096)
def _missing_text(
    _language: str | None, item: str, word: str, since: datetime | None, zone: Any
) -> str:
    label, why = item_short(item), str(WHY.get(word, word))
    if word == "stale" and since is not None:
        at = f"{since.astimezone(zone):%H:%M}"
        return _("%(item)s too old to count since %(at)s") % {"item": label, "at": at}
    return f"{label} {why}"
