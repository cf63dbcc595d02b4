"""02-006: hypoxia before any oxygen is charted.

Fever after dose 2, then saturation of 88 and 87 % on air. Ends critical, with CRS of
at least grade 2 (ASTCT) although no support was recorded; the investigator has it.
"""

from monitor.demo.told import Story

STORY = Story(
    code="02-006",
    trial="NARA-2",
    site="02",
    cohort=4,
    sex="M",
    age=71,
    bed="1",
    present="D2 14:26",
    notes="""
    D-3 10:00  okafor  enroll
    D1 07:20   okafor  cycle 1
    D1 07:25   haddad  plan il2_mutein 1..5 every 24 h from D1 10:30 1800 [iU]/kg IV
    D1 07:30   reyes   fact INPATIENT
    D1 07:40   reyes   ranges ALB 3.5..5.2 g/dL, CREAT 0.7..1.3 mg/dL, HCT 40..52 %
    D1 08:00   reyes   labs ALB 3.9 g/dL, CREAT 1.1 mg/dL, HCT 41.2 %, CRP 9 mg/L, NEUT 4.6 10*9/L, TROPONI 8 ng/L
    D1 10:05   reyes   set 36.7 76 126/76 97 air 16 A ; none
    D1 10:24   reyes   weight 70.2
    D1 10:30   reyes   dose il2_mutein 1
    D1 10:31   reyes   rounds until D2 09:40
    D1 14:30   reyes   set 37.4 86 122/74 96 air 17 A ; CHILLS 1 else none
    D1 22:30   moss    set 37.0 80 122/74 96 air 16 A ; FATIGUE 1 else none
    D2 08:00   reyes   labs ALB 3.7 g/dL, CREAT 1.1 mg/dL, HCT 40.6 %, CRP 44 mg/L, NEUT 5.0 10*9/L
    D2 10:00   reyes   set 36.7 78 122/74 97 air 16 A ; FATIGUE 1 else none
    D2 10:22   reyes   weight 70.9
    D2 10:28   reyes   dose il2_mutein 2
    D2 10:29   reyes   rounds until D2 13:10
    D2 12:30   reyes   set 37.4 88 120/72 96 air 17 A ; CHILLS 2 else none
    D2 13:28   reyes   set 38.4 102 116/70 94 air 20 A ; CHILLS 1 FATIGUE 1 else none

    D2 13:36   okafor  ack
    D2 13:40   reyes   give paracetamol 1000 mg oral for fever 38.4
    D2 13:50   reyes   set 38.7 108 114/68 92 air 22 A ; CHILLS 1 DYSPNEA 1 else none

    D2 14:00   reyes   set 38.8 112 112/66 88 air 24 A ; DYSPNEA 2

    D2 14:06   okafor  ack
    D2 14:18   reyes   set 38.8 112 112/66 87 air 24 A ; CHILLS 0 DYSPNEA 2

    D2 14:24   okafor  ack
    """,
)
