"""02-017: temperature and saturation were last taken at six.

Off the ward for a scan, then only pulse and pressure; dose 2 held. Ends unknown, with
what is missing named, and the set late.
"""

from monitor.demo.told import Story

STORY = Story(
    code="02-017",
    trial="NARA-2",
    site="02",
    cohort=4,
    sex="M",
    age=55,
    bed="5",
    present="D2 14:26",
    notes="""
    D-3 10:00  okafor  enroll
    D1 07:20   okafor  cycle 1
    D1 07:25   haddad  plan il2_mutein 1..5 every 24 h from D1 10:00 1800 [iU]/kg IV
    D1 07:30   reyes   fact INPATIENT
    D1 07:40   reyes   ranges ALB 3.5..5.2 g/dL, CREAT 0.7..1.3 mg/dL, HCT 40..52 %
    D1 08:00   reyes   labs ALB 4.1 g/dL, CREAT 0.9 mg/dL, HCT 44.0 %, CRP 4 mg/L, NEUT 3.9 10*9/L
    D1 09:35   reyes   set 36.6 72 124/76 98 air 14 A ; none
    D1 09:58   reyes   weight 88.3
    D1 10:05   reyes   dose il2_mutein 1
    D1 10:06   reyes   rounds until D2 06:00
    D1 14:05   reyes   set 37.3 84 120/74 98 air 16 A ; CHILLS 1 else none
    D1 22:05   moss    set 37.2 84 118/72 97 air 15 A ; none
    D2 06:10   moss    set 37.1 84 118/72 97 air 15 A ; FATIGUE 1 else none

    D2 08:00   reyes   labs ALB 4.0 g/dL, CREAT 0.9 mg/dL, HCT 43.1 %, CRP 26 mg/L, NEUT 4.2 10*9/L
    D2 09:40   reyes   weight 88.9
    D2 10:05   okafor  hold il2_mutein 2: chest scan first, no complete set before the dose
    D2 10:10   reyes   act transfer for chest scan
    D2 11:58   reyes   set - 92 116/72 - - !away - ; CHILLS 0
    """,
)
