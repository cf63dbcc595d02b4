"""H1-003: low pressure before any pressor, on high-dose aldesleukin.

Fever after dose 5, 82/44, a bolus, 78/40 twenty minutes later. Ends critical: the level
has risen on the pressure alone, while the grade (ASTCT, without a pressor) still says 2.
"""

from monitor.demo.told import Story

STORY = Story(
    code="H1-003",
    trial="HD-ALD",
    site="H1",
    cohort=1,
    sex="M",
    age=51,
    bed="21",
    present="D2 21:05",
    notes="""
    D-7 10:00  okafor  enroll
    D1 06:20   okafor  cycle 1
    D1 06:25   haddad  plan aldesleukin 1..14 every 8 h from D1 08:00 600000 [iU]/kg IV
    D1 06:30   reyes   fact INPATIENT
    D1 06:35   reyes   fact CENTRAL_LINE picc
    D1 06:40   reyes   ranges ALB 3.5..5.2 g/dL, CREAT 0.7..1.3 mg/dL, HCT 40..52 %
    D1 06:50   reyes   labs ALB 4.2 g/dL, CREAT 0.9 mg/dL, HCT 43.8 %, CRP 4 mg/L, NEUT 4.5 10*9/L
    D1 07:10   reyes   regimen paracetamol 650 mg oral until D6 08:00 for every 4 h by protocol
    D1 07:12   reyes   regimen indomethacin 25 mg oral until D6 08:00 for every 8 h by protocol
    D1 07:30   reyes   set 36.7 76 128/78 98 air 15 A ; none
    D1 07:55   reyes   weight 86.0
    D1 08:00   reyes   dose aldesleukin 1
    D1 08:01   reyes   rounds until D1 15:30
    D1 10:00   reyes   set 37.8 98 118/70 97 air 18 A ; CHILLS 2 else none
    D1 12:00   reyes   set 38.2 104 116/68 97 air 18 A ; FATIGUE 1 NAUSEA 1 else none

    D1 12:10   okafor  ack
    D1 15:30   reyes   set 37.4 92 118/70 97 air 16 A ; FATIGUE 1 NAUSEA 1 else none
    D1 16:00   reyes   dose aldesleukin 2
    D1 16:01   reyes   rounds until D1 23:30
    D1 19:30   moss    set 38.5 110 112/66 96 air 19 A ; CHILLS 1 FATIGUE 1 NAUSEA 1 else none
    D1 20:10   okafor  ack

    D1 23:30   moss    set 37.5 96 114/68 96 air 17 A ; FATIGUE 1 NAUSEA 1 else none
    D2 00:00   moss    dose aldesleukin 3
    D2 00:01   moss    rounds until D2 07:20
    D2 03:30   moss    set 38.6 114 108/62 96 air 20 A ; CHILLS 1 FATIGUE 2 NAUSEA 1 else none
    D2 04:00   okafor  ack
    D2 06:50   reyes   labs ALB 3.8 g/dL, CREAT 1.2 mg/dL, HCT 42.0 %, CRP 88 mg/L, NEUT 6.2 10*9/L, LACTICAC 1.7 mmol/L
    D2 07:30   reyes   set 37.4 98 110/64 96 air 18 A ; FATIGUE 2 NAUSEA 1 else none
    D2 07:55   reyes   weight 87.1
    D2 08:00   reyes   dose aldesleukin 4
    D2 08:01   reyes   rounds until D2 15:20
    D2 11:30   reyes   set 38.8 118 104/58 95 air 20 A ; CHILLS 2 FATIGUE 2 NAUSEA 2 else none
    D2 11:45   okafor  ack
    D2 15:00   reyes   out 310 mL over 8 h
    D2 15:30   reyes   set 37.8 104 106/60 95 air 19 A ; FATIGUE 2 NAUSEA 1 else none
    D2 16:05   reyes   dose aldesleukin 5
    D2 16:06   reyes   rounds until D2 19:00
    D2 18:05   reyes   set 38.6 116 100/56 95 air 21 A ; CHILLS 2 FATIGUE 2 NAUSEA 2 else none
    D2 18:15   okafor  ack
    D2 20:06   moss    set 39.3 130 82/44 94 air 23 A ; CHILLS 1 FATIGUE 2 NAUSEA 2 else none

    D2 20:11   okafor  ack
    D2 20:14   moss    give fluid_bolus 500 mL IV for BP 82/44
    D2 20:21   moss    set 39.3 130 84/46 94 air 23 A

    D2 20:38   moss    set 39.2 130 82/44 94 air 24 A ; CHILLS 0

    D2 20:45   moss    give fluid_bolus 500 mL IV for BP 82/44
    D2 21:00   moss    set 39.2 130 78/40 94 air 24 A ; CHILLS 0 FATIGUE 2 NAUSEA 1 else none
    """,
)
