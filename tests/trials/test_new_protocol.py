"""The next version of a protocol, at the shell."""

from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from monitor import clinical
from monitor.clinical.study.reference_safety import editions
from monitor.trials.models import ProtocolVersion, Role
from tests.cast import hire

MUTEIN = Path(clinical.__file__).parent / "protocols" / "mutein.toml"


@pytest.fixture
def document(tmp_path):
    """The protocol of the library, as version 9.0."""
    path = tmp_path / "protocol.toml"

    def write(version='version = "9.0"'):
        text = MUTEIN.read_text("utf-8")
        path.write_text(text.replace('version = "2.4"', version), "utf-8")
        return path

    return write


def versions():
    return set(ProtocolVersion.objects.values_list("number", "status"))


def test_a_document_becomes_the_version_that_is_in_force(cast, document, capsys):
    call_command("new_protocol", "NARA-2", document(), by="vance")
    assert "NARA-2 protocol 9.0 is approved." in capsys.readouterr().out
    newest = ProtocolVersion.objects.get(trial=cast.trial, number="9.0")
    assert (newest.status, newest.approved_by) == ("approved", cast.vance)
    assert [one.since for one in editions(newest.document)] == [date(2026, 3, 1)]


@pytest.mark.parametrize(
    ("told", "by", "says"),
    [
        ('version = "1.0"', "vance", "cannot be used"),
        ("", "vance", "does not say its version"),
        ("nonsense", "vance", "cannot be used"),
        ('version = "9.0"', "reyes", "Nothing was approved."),
        ('version = "9.0"', "nobody", "There is no such trial or account."),
    ],
)
def test_what_cannot_be_is_said_and_leaves_the_protocol_as_it_was(
    cast, document, told, by, says
):
    before = versions()
    with pytest.raises(CommandError) as refused:
        call_command("new_protocol", "NARA-2", document(told), by=by)
    assert says in str(refused.value)
    assert versions() == before


def test_one_administrator_drafts_and_another_approves(cast, document):
    hire(cast, "quinn", "D. Quinn", Role.ADMINISTRATOR)
    with pytest.raises(CommandError, match=r"another person approves it: D\. Quinn"):
        call_command("new_protocol", "NARA-2", document(), by="vance")
    told = {"by": "vance", "approved_by": "quinn"}
    call_command("new_protocol", "NARA-2", document(), **told)
    made = ProtocolVersion.objects.get(number="9.0", trial=cast.trial)
    assert made.created_by.get_username() == "vance"
    assert made.approved_by.get_username() == "quinn"
