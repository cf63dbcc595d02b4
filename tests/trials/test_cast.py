from monitor.audit.models import Event


def test_the_cast_stands_as_it_is_described(cast):
    assert sorted(cast.participants) == ["02-014", "02-015", "03-001", "X1-001"]
    assert cast.dose.status == "given"
    assert Event.objects.filter(participant="02-014").count() == 5
