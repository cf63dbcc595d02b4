"""02-008: at home since yesterday, after a cycle without a finding.

Ends without an episode; this morning's telephone contact (36.9 °C, nothing to report)
stands as reported. Nothing is late: at home only the next contact is due.
"""

from monitor.demo.told import Story

STORY = Story(
    code="02-008",
    trial="NARA-2",
    site="02",
    cohort=4,
    sex="M",
    age=59,
    bed="",
    present="D7 14:26",
    notes="""
    D-4 10:00  okafor  enroll
    D1 07:20   okafor  cycle 1
    D1 07:25   haddad  plan il2_mutein 1..5 every 24 h from D1 10:40 1800 [iU]/kg IV
    D1 07:30   reyes   fact INPATIENT
    D1 07:40   reyes   ranges ALB 3.5..5.2 g/dL, CREAT 0.7..1.3 mg/dL, HCT 40..52 %
    D1 08:00   reyes   labs ALB 4.3 g/dL, CREAT 1.0 mg/dL, HCT 44.4 %, CRP 3 mg/L, NEUT 4.1 10*9/L
    D1 10:15   reyes   set 36.6 72 128/78 98 air 14 A ; none
    D1 10:35   reyes   weight 90.1
    D1 10:40   reyes   dose il2_mutein 1
    D1 10:41   reyes   rounds until D2 10:00
    D1 14:40   reyes   set 37.4 84 124/76 98 air 15 A ; CHILLS 1 else none

    D1 22:40   moss    set 37.0 78 124/76 98 air 15 A ; none
    D2 08:00   reyes   labs ALB 4.2 g/dL, CREAT 1.0 mg/dL, HCT 44.0 %, CRP 14 mg/L, NEUT 4.4 10*9/L
    D2 10:15   reyes   set 36.7 74 126/78 98 air 14 A ; none
    D2 10:35   reyes   weight 90.6
    D2 10:40   reyes   dose il2_mutein 2
    D2 10:41   reyes   rounds every 240 min until D3 10:00
    D2 14:40   reyes   set 37.5 86 122/76 98 air 15 A ; CHILLS 1 else none
    D2 22:40   moss    set 37.0 78 124/76 98 air 15 A ; none
    D3 08:00   reyes   labs ALB 4.1 g/dL, CREAT 1.0 mg/dL, HCT 43.6 %, CRP 20 mg/L, NEUT 4.2 10*9/L
    D3 10:15   reyes   set 36.7 74 126/78 98 air 14 A ; none
    D3 10:35   reyes   weight 91.1
    D3 10:40   reyes   dose il2_mutein 3
    D3 10:41   reyes   rounds every 240 min until D4 10:00
    D3 14:40   reyes   set 37.4 86 122/76 98 air 15 A ; FATIGUE 1 else none

    D3 22:40   moss    set 37.0 78 124/76 98 air 15 A ; FATIGUE 1 else none
    D4 08:00   reyes   labs ALB 4.1 g/dL, CREAT 1.0 mg/dL, HCT 43.5 %, CRP 22 mg/L, NEUT 4.0 10*9/L
    D4 10:15   reyes   set 36.7 74 126/78 98 air 14 A ; FATIGUE 1 else none
    D4 10:35   reyes   weight 91.3
    D4 10:40   reyes   dose il2_mutein 4
    D4 10:41   reyes   rounds every 240 min until D5 10:00
    D4 14:40   reyes   set 37.3 84 122/76 98 air 15 A ; FATIGUE 1 else none
    D4 22:40   moss    set 36.9 78 124/76 98 air 15 A ; FATIGUE 1 else none
    D5 08:00   reyes   labs ALB 4.0 g/dL, CREAT 1.0 mg/dL, HCT 43.2 %, CRP 18 mg/L, NEUT 4.1 10*9/L
    D5 10:15   reyes   set 36.6 74 126/78 98 air 14 A ; FATIGUE 1 else none
    D5 10:35   reyes   weight 91.2
    D5 10:40   reyes   dose il2_mutein 5
    D5 10:41   reyes   rounds every 240 min until D6 15:00
    D5 14:40   reyes   set 37.2 82 124/76 98 air 15 A ; FATIGUE 1 else none

    D6 08:00   reyes   labs ALB 4.1 g/dL, CREAT 1.0 mg/dL, HCT 43.4 %, CRP 12 mg/L, NEUT 4.0 10*9/L
    D6 10:35   reyes   weight 90.8
    D6 15:10   reyes   set 36.8 78 126/78 98 air 14 A ; none

    D6 15:40   reyes   fact AT_HOME
    D6 15:41   reyes   contact telephone D7 20:00
    D7 09:05   reyes   phone 36.9 - - - - - - ; none
    """,
)
