"""02-018: admitted, and no set has ever arrived.

Ends unknown, the first dose planned within two hours, nothing late yet.
"""

from monitor.demo.told import Story

STORY = Story(
    code="02-018",
    trial="NARA-2",
    site="02",
    cohort=5,
    sex="F",
    age=61,
    bed="7",
    present="D1 14:26",
    notes="""
    D-8 10:00  okafor  enroll
    D1 12:50   okafor  cycle 1
    D1 12:55   haddad  plan il2_mutein 1..5 every 24 h from D1 16:00 2400 [iU]/kg IV
    D1 13:10   reyes   fact INPATIENT
    """,
)
