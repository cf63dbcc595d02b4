"""02-015: perfectly well, on scheduled paracetamol.

No fever, no rigors, nothing that a fever would bring: grade 0 and a quiet mark that an
antipyretic is on board. Ends without any episode.
"""

from monitor.demo.told import Story

STORY = Story(
    code="02-015",
    trial="NARA-2",
    site="02",
    cohort=4,
    sex="M",
    age=44,
    bed="9",
    present="D2 14:26",
    notes="""
    D-9 10:00  okafor  enroll
    D1 07:20   okafor  cycle 1
    D1 07:25   haddad  plan il2_mutein 1..5 every 24 h from D1 10:15 1800 [iU]/kg IV
    D1 07:30   reyes   fact INPATIENT
    D1 07:40   reyes   ranges ALB 3.5..5.2 g/dL, CREAT 0.7..1.3 mg/dL, HCT 40..52 %
    D1 08:00   reyes   labs ALB 4.4 g/dL, CREAT 0.9 mg/dL, HCT 45.2 %, CRP 2 mg/L, NEUT 3.5 10*9/L
    D1 09:30   reyes   regimen paracetamol 650 mg oral until D6 09:30 for premedication by protocol
    D1 09:50   reyes   set 36.5 66 126/78 99 air 14 A ; none
    D1 10:10   reyes   weight 79.5
    D1 10:15   reyes   dose il2_mutein 1
    D1 10:16   reyes   rounds until D2 09:40
    D1 14:15   reyes   set 37.0 74 124/76 98 air 15 A ; none
    D1 22:15   moss    set 36.8 70 122/76 98 air 14 A ; none
    D2 08:00   reyes   labs ALB 4.3 g/dL, CREAT 0.9 mg/dL, HCT 44.8 %, CRP 11 mg/L, NEUT 3.8 10*9/L
    D2 09:50   reyes   set 36.6 68 124/78 98 air 14 A ; none
    D2 10:12   reyes   weight 79.9
    D2 10:17   reyes   dose il2_mutein 2
    D2 10:18   reyes   rounds until D2 14:00
    D2 14:18   reyes   set 37.0 74 124/76 98 air 15 A ; none
    """,
)
