"""`check_protocol FILE` says in words whether a document can be used; no database."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from monitor.clinical.thresholds import KNOWLEDGE

LIBRARY = sorted((KNOWLEDGE.parent / "protocols").glob("*.toml"))
LINE = '[thresholds.sbp_low]\nvalue = {}\nunit = "{}"\nwhy = "the ward is slow"\n'


def checked(path: Path) -> str:
    out = StringIO()
    call_command("check_protocol", str(path), stdout=out)
    return out.getvalue()


def written(folder: Path, text: str) -> Path:
    path = folder / "trial.toml"
    path.write_text(f'name = "A trial"\nversion = "1"\n{text}', encoding="utf-8")
    return path


@pytest.mark.parametrize("path", LIBRARY, ids=lambda path: path.stem)
def test_every_protocol_of_the_library_can_be_used(path):
    assert ": scale " in checked(path)


@pytest.mark.parametrize("value", [70, 90, 110])
def test_a_line_within_its_bounds_is_taken(tmp_path, value):
    said = checked(written(tmp_path, LINE.format(value, "mm[Hg]")))
    assert said == "A trial 1: scale astct, 1 thresholds of its own, 3 intensities.\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (LINE.format(69, "mm[Hg]"), "70"),
        (LINE.format(111, "mm[Hg]"), "110"),
        (LINE.format(85, "kPa"), "the unit is mm[Hg]"),
        (LINE.format(85, "mm[Hg]").replace('why = "the ward is slow"\n', ""), "why"),
        (LINE.format(85, "mm[Hg]").replace("sbp_low", "sbp_lo"), "sbp_lo"),
        ('scale = "astc"\n', "astc"),
        ("wards = 3\n", "wards"),
        ("name = \n", "trial.toml"),
    ],
)
def test_what_is_to_be_mended_is_named(tmp_path, text, said):
    with pytest.raises(CommandError) as refused:
        checked(written(tmp_path, text))
    assert refused.value.returncode == 2
    assert said in str(refused.value)


def test_a_file_that_is_not_there_is_said(tmp_path):
    with pytest.raises(CommandError) as refused:
        checked(tmp_path / "none.toml")
    assert refused.value.returncode == 2


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.toml", 'name = "M\xfcnchen"'.encode("latin-1"), "is no text in UTF-8."),
        ("b.toml", b"name A", "is not written in TOML: Expected"),
        ("c.json", b"{name}", "is not written in JSON: Expecting"),
    ],
)
def test_a_document_that_is_none_says_in_what_it_should_be(
    tmp_path, name, content, said
):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(CommandError) as refused:
        checked(path)
    assert str(refused.value).startswith(f"{path} {said}")


def test_a_document_that_is_not_there_is_named(tmp_path):
    with pytest.raises(CommandError) as refused:
        checked(tmp_path / "none.toml")
    said = f"{tmp_path / 'none.toml'} cannot be read: No such file or directory."
    assert str(refused.value) == said
