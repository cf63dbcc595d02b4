"""The evidence as a reviewer reads it: each sign once, with its line."""

from datetime import timedelta
from uuid import uuid4

from monitor import clock, flow
from monitor.clinical.study.protocol import Protocol
from monitor.episodes import queries
from monitor.review.evidence import evidence_of
from tests.acts import LOW, WELL, baseline, enter_at

SWOLLEN = {**WELL, "EDEMA_LIMBS": "1", "ALB": "28"}


def test_a_sign_of_two_patterns_is_one_row(cast, now):
    baseline(cast)
    before = cast.dose.given_at - timedelta(minutes=30)
    enter_at(cast, before, {"EDEMA_LIMBS": "0", "ALB": "40"})
    enter_at(cast, now - timedelta(minutes=5), SWOLLEN)
    found = queries.result_of(cast.cycle, now).findings[0]
    assert found.topic == "cls"
    edema = [one for one in (*found.because, *found.also) if one.sign == "new_edema"]
    assert len(edema) == 1
    shown = evidence_of(found, Protocol.default().lines)
    assert [one.says for one in shown].count("New edema") == 1
    assert shown[0].reason == found.because[0]


def test_a_vasopressor_stands_with_when_and_by_whom_its_rate_was_set(cast, now):
    baseline(cast)
    told = {"code": "norepinephrine", "form": "rate", "unit": "ug/min"}
    for minutes, amount in ((40, 4.0), (30, 8.0)):
        at = now - timedelta(minutes=minutes)
        with clock.freeze(at):
            flow.log_treatment(
                cycle=cast.cycle,
                at=at,
                amount=amount,
                by=cast.reyes,
                key=uuid4(),
                **told,
            )
    enter_at(cast, now - timedelta(minutes=5), LOW)
    (found,) = [
        one for one in queries.result_of(cast.cycle, now).findings if one.topic == "crs"
    ]
    shown = evidence_of(found, Protocol.default().lines, cast.cycle)
    (pressor,) = [one.reason for one in shown if one.says == "Vasopressor running"]
    assert (pressor.value, pressor.by) == ("8.0 µg/min", "AR")
    assert pressor.at == now - timedelta(minutes=30)
