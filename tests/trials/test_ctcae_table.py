"""NCI's wording: loaded by the owner, kept by version, shown instead of our own.

The table here is made up: NCI's own texts do not stand in the project.
"""

import csv
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from monitor.audit.models import Event
from monitor.clinical.ctcae.nci import known_names, read_table
from monitor.episodes.models import Episode
from monitor.refusal import Refused
from monitor.trials import actions
from monitor.trials.models import CtcaeEntry, CtcaeTable
from monitor.trials.wording import wording_of
from tests.acts import LOW, baseline, enter

GRADES = [f"Grade {n}" for n in range(1, 6)]
HEAD = ["MedDRA Code", "CTCAE v5.0 SOC", "CTCAE v5.0 Term", *GRADES, "Definition"]


def rows_of(version="v5", words="as printed"):
    for number, name in enumerate(sorted(known_names(version)), 10000001):
        texts = [f"{name} grade {n}, {words}" for n in range(1, 6)]
        yield [str(number), "A class", name.capitalize(), *texts, "What it is."]


@pytest.fixture
def table(tmp_path):
    def write(head=HEAD, rows=None, name="ctcae.csv"):
        path = tmp_path / name
        with path.open("w", newline="") as file:
            csv.writer(file).writerows([head, *(rows or rows_of())])
        return path

    return write


def load(path, by="vance", **more):
    out = StringIO()
    call_command("load_ctcae", str(path), by=by, stdout=out, **more)
    return out.getvalue().strip()


def test_it_is_loaded_by_version_with_who_and_why(cast, now, table):
    said = load(table(), reason="First installation.")
    terms = len(known_names("v5"))
    assert said == f"CTCAE v5.0: {terms} terms, {terms} with MedDRA codes: loaded."
    made = CtcaeTable.objects.get()
    assert (made.version, made.loaded_by, made.loaded_at) == ("v5", cast.vance, now)
    event = Event.objects.get(action="ctcae.loaded")
    assert (event.actor, event.reason) == ("vance", "First installation.")


def test_loading_it_again_adds_nothing(cast, table):
    load(table())
    assert load(table()).endswith("was loaded before, nothing is added.")
    assert CtcaeTable.objects.count() == 1
    assert Event.objects.filter(action="ctcae.loaded").count() == 1


def test_a_newer_table_of_the_version_is_what_counts(cast, table):
    load(table())
    load(table(rows=list(rows_of(words="with its errata"))))
    assert CtcaeTable.objects.count() == 2
    assert wording_of("v5").of_item("CHILLS", 1) == "chills grade 1, with its errata"


def test_without_a_table_our_own_words_stay(cast):
    wording = wording_of("v5")
    assert not wording.is_official
    assert wording.of_item("CHILLS", 1) == "feels cold, shivers, teeth chatter"
    assert wording.of_term("HYPOALBUMINEMIA", 3) == "below 20 g/L"
    assert wording.code_of("HYPOALBUMINEMIA") == ""


def test_a_table_of_one_version_words_only_that(cast, table):
    load(table())
    assert wording_of("v5").of_term("ANEMIA", 2) == "anemia grade 2, as printed"
    assert not wording_of("v6").is_official
    assert wording_of("v6").of_term("ANEMIA", 2) == "below 100 g/L, 80 or more"


def test_a_value_of_its_own_takes_the_words_of_its_term(cast, table):
    load(table())
    found = wording_of("v5").of_term("HYPOCALCEMIA_IONIZED", 1)
    assert found == "hypocalcemia grade 1, as printed"


def test_no_symptom_is_worded_by_us_alone(cast, table):
    load(table())
    assert wording_of("v5").of_item("CHILLS", 0) == "no chills"


def test_only_the_owner_loads_it(cast, table):
    with pytest.raises(CommandError, match="Only the owner"):
        load(table(), by="okafor")
    with pytest.raises(Refused, match="Say why"):
        actions.load_ctcae(table=read_table(table()), by=cast.vance, reason=" ")
    assert not CtcaeTable.objects.exists()


@pytest.mark.parametrize(
    ("head", "rows", "sentence"),
    [
        (["a", "b"], [["1", "2"]], "no column for the term, grade 1"),
        (HEAD[:-2], None, "no column for grade 5"),
        (HEAD, [["1", "x", "Anemia", *"12345", ""]], "it lacks"),
        ([*HEAD[:1], "SOC", "Term", *HEAD[3:]], None, "does not say its version"),
        (HEAD, [*rows_of(), *rows_of()], "stands twice"),
    ],
)
def test_a_wrong_file_gets_a_sentence(cast, table, head, rows, sentence):
    with pytest.raises(CommandError, match=sentence) as fault:
        load(table(head, rows))
    assert fault.value.returncode == 2
    assert not CtcaeEntry.objects.exists()


def test_a_workbook_is_told_to_be_saved_as_csv(cast, tmp_path):
    path = tmp_path / "ctcae.xlsx"
    path.write_bytes(b"PK\x03\x04\xff\xfe\x00")
    with pytest.raises(CommandError, match="Save NCI's workbook as CSV"):
        load(path)


def test_a_version_that_the_file_does_not_say_is_named(cast, table):
    path = table([*HEAD[:1], "SOC", "Term", *HEAD[3:]])
    assert load(path, ctcae="v5").startswith("CTCAE v5.0")
    with pytest.raises(CommandError, match=r"The file is CTCAE v5\.0, not v6"):
        load(table(), ctcae="v6")


def test_the_public_tables_can_be_loaded(cast, shared_data):
    folder = shared_data / "ctcae"
    assert load(folder / "ctcae_v5_0.csv").startswith("CTCAE v5.0: 837 terms, 0 with")
    assert load(folder / "ctcae_v6_0.csv").startswith("CTCAE v6.0: 850 terms, 0 with")
    for version in ("v5", "v6"):
        wording = wording_of(version)
        assert set(wording.official) == known_names(version)


# On the pages


def read(client, page):
    return " ".join(client.get(page).content.decode().split())


def test_the_cards_at_the_bedside_show_whose_words_they_are(cast, client, table):
    client.force_login(cast.reyes)
    page = "/participants/02-014/observe/"
    ours = read(client, page)
    assert "CTCAE v5.0, grade text in our words" in ours
    assert "feels cold, shivers, teeth chatter" in ours
    load(table())
    theirs = read(client, page)
    assert "CTCAE v5.0, grade text of NCI" in theirs
    assert "chills grade 1, as printed" in theirs
    assert "feels cold, shivers" not in theirs


def test_the_episode_says_what_its_grade_means(cast, now, client, table):
    baseline(cast)
    enter(cast, now, LOW)
    client.force_login(cast.okafor)
    page = f"/episodes/{Episode.objects.get(topic='crs').pk}/"
    ours = read(client, page)
    assert "Cytokine release syndrome, CTCAE v5.0 grade 2:" in ours
    assert "low pressure that fluids mend" in ours
    load(table())
    theirs = read(client, page)
    assert "cytokine release syndrome grade 2, as printed" in theirs
    assert "low pressure that fluids mend" not in theirs
    number = 10000001 + sorted(known_names("v5")).index("cytokine release syndrome")
    assert f"MedDRA {number}" in theirs
