from django.db import transaction

from monitor.audit.models import Event
from tests.cast import Cast, assemble
from tests.remembered import Remembered, every_row


def test_the_cast_stands_as_it_is_described(cast):
    assert sorted(cast.participants) == ["02-014", "02-015", "03-001", "X1-001"]
    assert cast.dose.status == "given"
    assert Event.objects.filter(participant="02-014").count() == 5


def test_the_cast_put_back_is_the_cast_that_was_played(db, now):
    remembered = Remembered(assemble)
    with transaction.atomic():
        played, left = remembered(), every_row()
        transaction.set_rollback(True)
    put_back = remembered()
    assert every_row() == left
    assert names(put_back) == names(played)
    assert put_back is not played


def names(cast: Cast) -> list[str]:
    return sorted([*cast.people, *cast.participants, str(cast.dose.pk)])
