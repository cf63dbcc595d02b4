"""By which CTCAE terms a person may name a confirmed event, and which are proposed.

The terms that the program grades or asks for, and those of `event_terms.toml`. Where
NCI's table was loaded, the whole of it stands instead (`trials.wording`). Pure.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from monitor.clinical.ctcae import TERMS
from monitor.clinical.ctcae.model import VERSIONS, Version
from monitor.clinical.ctcae.nci import ASIDE
from monitor.clinical.items import catalogue
from monitor.clinical.items.loading import KNOWLEDGE, Keys, KnowledgeError, read_toml
from monitor.clinical.thresholds import SOURCES

FILE = "event_terms.toml"
EVERY = (1, 2, 3, 4, 5)
Held = Mapping[Version, tuple[int, ...]]
#: A term that says only where it belongs: what it was is the assessor's to say.
OTHER = "Other, specify"


@dataclass(frozen=True, slots=True)
class EventTerm:
    """A term by its name. `grades`: those that it has in the version."""

    name: str
    grades: tuple[int, ...] = EVERY
    code: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is proposed for a topic. `chosen`: the first is what the topic says."""

    terms: tuple[str, ...] = ()
    chosen: bool = False

    @property
    def first(self) -> str:
        """What stands in the field until a person takes another; "": nothing does."""
        return self.terms[0] if self.chosen and self.terms else ""


NOTHING = Proposal()


@cache
def event_terms(version: Version) -> Mapping[str, EventTerm]:
    """Name -> term, of every term that the program knows of the version, by name."""
    names: dict[str, tuple[int, ...]] = {}
    for term in TERMS.values():
        if version in term.versions:
            had = tuple(sorted({line.grade for line in term.lines[version]}))
            names[ASIDE.sub("", term.name)] = had
    for item in catalogue.ITEMS.values():
        if item.grading:
            had = tuple(n for n in EVERY if item.grading.text(n, version))
            names[item.grading.name(version)] = had
    names |= {name: held[version] for name, held in TOLD.items() if version in held}
    made = {name: EventTerm(name, names[name]) for name in sorted(names)}
    return MappingProxyType(made)


def proposed(topic: str, terms: Mapping[str, EventTerm]) -> Proposal:
    """Of these terms, what is proposed for the topic, the nearest first."""
    found = PROPOSALS.get(topic, NOTHING)
    held = tuple(name for name in found.terms if name in terms)
    return Proposal(held, found.chosen and held[:1] == found.terms[:1])


def spelled(typed: str, terms: Mapping[str, EventTerm]) -> str:
    """The term's own spelling of what was typed; as typed where there is none."""
    plain = " ".join(typed.split())
    if plain in terms:
        return plain
    found: Sequence[str] = [n for n in terms if n.casefold() == plain.casefold()]
    return found[0] if found else plain


# What is read


def told_terms(folder: Path = KNOWLEDGE) -> Mapping[str, Held]:
    """Name -> the grades that it has in each version. Raises KnowledgeError."""
    made = {}
    for row in read_toml(folder / FILE)["term"]:
        keys = Keys(FILE, row)
        name = keys.text("name")
        held = {one: keys.take(one, "") for one in VERSIONS}
        keys.finish()
        made[name] = {
            one: tuple(int(grade) for grade in grades)
            for one, grades in held.items()
            if grades
        }
    return MappingProxyType(made)


def told_proposals(folder: Path = KNOWLEDGE) -> Mapping[str, Proposal]:
    """Topic -> what is proposed for it, of both versions. Raises KnowledgeError."""
    known = {name for version in VERSIONS for name in event_terms(version)}
    made = {}
    for row in read_toml(folder / FILE)["topic"]:
        keys = Keys(FILE, row)
        name = keys.text("name")
        terms = [_known(one, known) for one in keys.take("terms")]
        keys.one_of("source", SOURCES)
        made[name] = Proposal(tuple(terms), keys.take("chosen", False))
        keys.finish()
    return MappingProxyType(made)


def _known(term: str, known: Collection[str]) -> str:
    """The term. Raises KnowledgeError where no version holds it."""
    if term not in known:
        raise KnowledgeError(f"{FILE}: {term} is a term of no version.")
    return term


TOLD = told_terms()
PROPOSALS = told_proposals()
