"""The narrative in a dossier: the draft with its sources, and what a person put."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from monitor.review import narrative
from monitor.review.dossier.shapes import Facts, Part, Words
from monitor.review.dossier.source import Source
from monitor.review.narrative import Sentence


def story(source: Source) -> Iterator[Part]:
    """The draft, each sentence with the numbers of the rows it rests on."""
    sentences = narrative.draft(source)
    if source.written:
        yield from edited(source, sentences)
        yield Words(_("The draft from the record, with its sources"), "strong")
    else:
        yield Words(_("Drafted from the record; nobody has edited it."), "caption")
    yield Words(numbered(sentences))
    yield Words(noted(sentences), "caption")


def edited(source: Source, sentences: Sequence[Sentence]) -> Iterator[Part]:
    """The text that a person has put, and what has changed beneath it since."""
    last = source.written[0]
    told = {
        "n": len(source.written),
        "by": last.recorded_by.get_full_name(),
        "at": source.say(last.recorded_at),
        "why": last.reason,
    }
    said = _("Edited by %(by)s on %(at)s, version %(n)d: %(why)s")
    yield Words(said % told, "caption")
    yield Words(last.text)
    changed = narrative.moved(last.basis, sentences)
    if changed:
        yield Words(_("The record has changed since this was written."), "strong")
        yield Facts(
            [(_("It says now"), one) for one in changed.fresh]
            + [(_("It no longer says"), one) for one in changed.gone]
        )


def numbered(sentences: Sequence[Sentence]) -> str:
    """`It rose on ... [2]`: each sentence with the numbers of its sources."""
    notes = {ref: n for n, ref in enumerate(notes_of(sentences), start=1)}
    said = []
    for one in sentences:
        marks = "".join(f" [{notes[ref]}]" for ref in one.refs)
        said.append(one.text + marks)
    return " ".join(said)


def notes_of(sentences: Sequence[Sentence]) -> list[narrative.Ref]:
    return list(dict.fromkeys(ref for one in sentences for ref in one.refs))


def noted(sentences: Sequence[Sentence]) -> str:
    return "\n".join(
        f"[{n}] {ref.kind} {ref.pk}: {ref.words}"
        for n, ref in enumerate(notes_of(sentences), start=1)
    )
