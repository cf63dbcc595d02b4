"""02-016: a fever that scheduled paracetamol may hide.

Rigors and a pulse 32 above the morning's, 37.4 °C, two hours after dose 1. Ends not
gradable (fever possibly masked), level watch, grade null and never 0.
"""

from monitor.demo.told import Story

STORY = Story(
    code="02-016",
    trial="NARA-2",
    site="02",
    cohort=4,
    sex="F",
    age=49,
    bed="3",
    present="D1 14:26",
    notes="""
    D-6 10:00  okafor  enroll
    D-1 09:20  okafor  cycle 1
    D-1 09:25  haddad  plan il2_mutein 1..5 every 24 h from D1 11:45 1800 [iU]/kg IV
    D1 07:30   reyes   fact INPATIENT
    D1 07:40   reyes   ranges ALB 3.5..5.2 g/dL, CREAT 0.5..1.1 mg/dL, HCT 36..46 %
    D1 08:00   reyes   labs ALB 4.3 g/dL, CREAT 0.7 mg/dL, HCT 40.1 %, CRP 3 mg/L, NEUT 3.2 10*9/L
    D1 11:10   reyes   regimen paracetamol 650 mg oral until D6 11:00 for premedication by protocol
    D1 11:20   reyes   set 36.8 76 118/72 98 air 15 A ; none
    D1 11:40   reyes   weight 63.4
    D1 11:46   reyes   dose il2_mutein 1
    D1 11:47   reyes   rounds until D1 13:30
    D1 12:46   reyes   set 36.9 82 118/70 98 air 16 A ; none
    D1 13:42   reyes   set 37.3 106 114/68 97 air 18 A ; CHILLS 2 else none

    D1 13:58   reyes   set 37.4 108 112/68 97 air 18 A ; CHILLS 2 NAUSEA 1 else none
    """,
)
