"""How the grades of CTCAE terms are worded: NCI's, where it was loaded, else ours.

Grades never come from these texts; they are what a person reads beside a grade.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial

from monitor.clinical.ctcae import TERMS, VERSION_NAMES, Version
from monitor.clinical.ctcae.naming import EVERY, EventTerm, event_terms
from monitor.clinical.ctcae.nci import NOT_HELD, known_names, plain_name
from monitor.clinical.items import catalogue
from monitor.trials.models import CtcaeEntry, CtcaeTable


@dataclass(frozen=True)
class Official:
    """NCI's words for one term. `grades`: 1 to 5."""

    term: str
    code: str
    grades: tuple[str, ...]
    definition: str

    def text(self, grade: int) -> str:
        return self.grades[grade - 1] if 1 <= grade <= len(self.grades) else ""


@dataclass(frozen=True)
class Wording:
    """The words of one version. NCI's are asked for when a text is first shown."""

    version: Version = "v5"
    load: Callable[[], Mapping[str, Official]] = dict

    @cached_property
    def official(self) -> Mapping[str, Official]:
        """NCI's words by term, in small letters; empty where none were loaded."""
        return self.load()

    @property
    def name(self) -> str:
        return VERSION_NAMES[self.version]

    @property
    def is_official(self) -> bool:
        return bool(self.official)

    def term(self, name: str) -> Official | None:
        """NCI's words for a term by our name of it."""
        return self.official.get(plain_name(name))

    def of_item(self, code: str, grade: int) -> str:
        """The text of a symptom's grade; "" when the term has no such grade."""
        grading = catalogue.item(code).grading
        if grading is None:
            return ""
        ours = grading.text(grade, self.version)
        found = self.term(grading.name(self.version))
        return (found.text(grade) if found and grade else "") or ours

    def code_of(self, key: str) -> str:
        """The MedDRA code of a term; "" where no table with codes was loaded."""
        found = self.term(TERMS[key].name)
        return found.code if found else ""

    def of_term(self, key: str, grade: int) -> str:
        """The text of a laboratory value's or a sign's grade."""
        term = TERMS[key]
        if self.version not in term.versions or not grade:
            return ""
        found = self.term(term.name)
        return (found.text(grade) if found else "") or term.says(grade, self.version)


def key_of_topic(topic: str) -> str:
    """The term that words an episode's grade; "" where CTCAE has none."""
    return next((key for key, term in TERMS.items() if term.topic == topic), "")


def terms_of(version: Version) -> Mapping[str, EventTerm]:
    """Name -> term, of all by which a person may name an event: those of NCI's table,

    where it was loaded, else ours. One query, and one more for a new table.
    """
    known = _newest_key(version)
    return _listed(*known) if known else event_terms(version)


def wording_of(version: Version) -> Wording:
    """The words in use for a version: one query, and one more for a new table."""
    return Wording(version, partial(_newest, version))


def _newest(version: Version) -> Mapping[str, Official]:
    known = _newest_key(version)
    return _loaded(*known, version) if known else {}


def _newest_key(version: Version) -> tuple[int, str] | None:
    last = CtcaeTable.objects.filter(version=version).order_by("-pk")
    return last.values_list("pk", "digest").first()


@lru_cache(maxsize=8)
def _listed(pk: int, digest: str) -> Mapping[str, EventTerm]:
    """Every term of a loaded table, by name. `digest`: as in `_loaded`."""
    entries = CtcaeEntry.objects.filter(table=pk).order_by("term")
    rows = entries.values_list("term", "grades", "code")
    return {
        term: EventTerm(term, tuple(n for n in EVERY if _has(grades, n)), code)
        for term, grades, code in rows
    }


def _has(grades: Sequence[str], n: int) -> bool:
    return n <= len(grades) and grades[n - 1].strip() not in NOT_HELD


@lru_cache(maxsize=8)
def _loaded(pk: int, digest: str, version: Version) -> Mapping[str, Official]:
    """The terms in use of a loaded table, which never changes.

    `digest` tells tables of the same key apart in databases that follow one another.
    """
    names = known_names(version)
    entries = CtcaeEntry.objects.filter(table=pk)
    rows = entries.values_list("term", "code", "grades", "definition")
    return {
        term.lower(): Official(term, code, tuple(grades), definition)
        for term, code, grades, definition in rows
        if term.lower() in names
    }
