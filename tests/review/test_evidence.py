"""The evidence as a reviewer reads it: each sign once, with its line."""

from datetime import timedelta

from monitor.clinical.protocol import Protocol
from monitor.episodes import queries
from monitor.review.evidence import evidence_of
from tests.acts import WELL, baseline, enter_at

SWOLLEN = {**WELL, "EDEMA_LIMBS": "1", "ALB": "28"}


def test_a_sign_of_two_patterns_is_one_row(cast, now):
    baseline(cast)
    before = cast.dose.given_at - timedelta(minutes=30)
    enter_at(cast, before, {"EDEMA_LIMBS": "0", "ALB": "40"})
    enter_at(cast, now - timedelta(minutes=5), SWOLLEN)
    found = queries.result_of(cast.cycle, now).findings[0]
    assert found.topic == "cls"
    edema = [one for one in (*found.because, *found.also) if one.sign == "new_edema"]
    assert len(edema) == 2
    shown = evidence_of(found, Protocol.default().lines)
    assert [one.says for one in shown].count("New edema") == 1
    assert shown[0].reason == found.because[0]
