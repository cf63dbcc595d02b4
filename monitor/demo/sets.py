"""One set as a line: temperature, pulse, pressure, saturation, oxygen, breaths, ACVPU.

    39.1 124 86/48 95 air 22 A ; CHILLS 2 else none
    38.4 118 92/54 93 cannula:4 26 A
    - 92 116/72 - - !away A

A dash was not asked, `!away` not done and why. After the semicolon stand symptoms with
their grade; `else none` answers the others that every set asks about.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from monitor.bedside.entry import NewReading, not_done, read_reading
from monitor.bedside.panels import NEEDED, PRESSURE, PRESSURES, SOLICITED
from monitor.clinical.items.entry import Previous

DEVICES = {
    "air": "room_air",
    "cannula": "nasal_cannula",
    "mask": "simple_mask",
    "high_flow": "high_flow_cannula",
}
COLUMNS = ("TEMP", "HR", PRESSURE, "OXYSAT", "OXYGEN_DEVICE", "RESP", "ACVPU")
WHOLE = {*NEEDED, *PRESSURES} - {PRESSURE}
NOT_DONE = "!"


@dataclass(frozen=True)
class Set:
    """What was typed, by item; `oxygen` as the line has it."""

    typed: Mapping[str, str]
    oxygen: str
    symptoms: Mapping[str, str]
    all_asked: bool = False

    @property
    def complete(self) -> bool:
        """All that the check needs: from one such set to the next one can draw."""
        done = {item for item, text in self.typed.items() if text[0] != NOT_DONE}
        return done >= WHOLE

    @property
    def answers(self) -> dict[str, str]:
        asked = SOLICITED if self.all_asked else ()
        return {**self.typed, **dict.fromkeys(asked, "0"), **self.symptoms}


def read_set(text: str) -> Set:
    """Raises ValueError for a line with too few or too many columns."""
    vitals, _, symptoms = text.partition(";")
    words = [word for word in symptoms.split() if word != "else"]
    all_asked = words[-1:] == ["none"]
    graded = words[:-1] if all_asked else words
    told = told_columns(vitals.split())
    return Set(
        dict(typed(told)),
        told.get("OXYGEN_DEVICE", ""),
        dict(zip(graded[::2], graded[1::2], strict=True)),
        all_asked,
    )


def told_columns(words: list[str]) -> dict[str, str]:
    if len(words) == 1 and words[0].startswith(NOT_DONE):
        words = words * len(COLUMNS)
    told = zip(COLUMNS, words, strict=True)
    return {name: word for name, word in told if word != "-"}


def typed(told: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name, word in told.items():
        if name == PRESSURE:
            parts = word.split("/") if "/" in word else [word, word]
            yield from zip(PRESSURES, parts, strict=True)
        elif name == "OXYGEN_DEVICE" and not word.startswith(NOT_DONE):
            yield from oxygen(word)
        else:
            yield name, word


def oxygen(word: str) -> Iterator[tuple[str, str]]:
    device, _, flow = word.partition(":")
    yield "OXYGEN_DEVICE", DEVICES[device]
    if flow:
        yield "OXYGEN_FLOW", flow


def readings_of(
    answers: Mapping[str, str],
    previous: Mapping[str, Previous] | None = None,
    unit: Mapping[str, str] | None = None,
    **when: Any,
) -> list[NewReading]:
    """The answers as readings, in the item's unit or `unit`. A jump was kept."""
    before, units = previous or {}, unit or {}
    return [
        not_done(item, text.removeprefix(NOT_DONE))
        if text.startswith(NOT_DONE)
        else read_reading(
            item, text, units.get(item), before.get(item), confirmed=True, **when
        )
        for item, text in answers.items()
    ]
