"""K1-002: ILKN421H with pembrolizumab; a corrected flow that changed the grade.

Fever, then oxygen charted at 5 L/min: 40 % by the estimate of CTCAE v5.0, grade 3 and
critical. An hour later the flow is corrected to 4 L/min, "read from wrong meter". Ends
at grade 2 (CTCAE v5.0): the step of grade 3 is withdrawn, and stays readable.
"""

from monitor.demo.told import Story

STORY = Story(
    code="K1-002",
    trial="ILKN421H",
    site="K1",
    cohort=2,
    sex="M",
    age=62,
    bed="32",
    present="D2 14:26",
    notes="""
    D-7 10:00  okafor  enroll
    D1 07:20   okafor  cycle 1
    D1 07:25   haddad  plan pembrolizumab 1..1 every 504 h from D1 09:00 200 mg IV
    D1 07:26   haddad  plan ilkn421h 1..1 every 504 h from D1 10:30 30 ug/kg IV
    D1 07:30   reyes   fact INPATIENT
    D1 07:40   reyes   ranges ALB 3.5..5.2 g/dL, CREAT 0.7..1.3 mg/dL, ALT 0..45 U/L, HCT 40..52 %
    D1 08:00   reyes   labs ALB 3.9 g/dL, CREAT 1.0 mg/dL, HCT 41.0 %, CRP 12 mg/L, ALT 28 U/L, NEUT 5.1 10*9/L, LYM 1.1 10*9/L
    D1 08:35   reyes   set 36.7 76 128/76 96 air 16 A ; none
    D1 09:02   reyes   dose pembrolizumab 1
    D1 10:20   reyes   set 36.7 76 126/76 96 air 16 A ; none
    D1 10:28   reyes   weight 80.6
    D1 10:32   reyes   dose ilkn421h 1
    D1 10:33   reyes   rounds until D2 12:00
    D1 18:30   reyes   set 37.4 86 122/74 96 air 17 A ; CHILLS 1 else none
    D2 02:30   moss    set 37.3 88 118/72 96 air 17 A ; FATIGUE 1 else none
    D2 06:33   moss    set 37.5 92 118/72 96 air 18 A ; FATIGUE 1 else none
    D2 08:00   reyes   labs ALB 3.7 g/dL, CREAT 1.0 mg/dL, HCT 40.4 %, CRP 96 mg/L, ALT 52 U/L, NEUT 6.0 10*9/L, LYM 0.4 10*9/L
    D2 08:40   reyes   weight 81.2
    D2 10:30   reyes   set 38.4 102 116/70 95 air 19 A ; CHILLS 1 FATIGUE 1 else none

    D2 10:38   okafor  ack
    D2 10:40   reyes   give paracetamol 1000 mg oral for fever 38.4
    D2 11:30   reyes   set 38.6 106 114/68 93 air 21 A ; FATIGUE 2 else none

    D2 12:05   reyes   set 38.7 108 112/66 91 air 23 A ; DYSPNEA 1 FATIGUE 2 else none

    D2 12:20   reyes   set 38.7 108 112/66 95 cannula:5 22 A ; CHILLS 0

    D2 12:26   okafor  ack
    D2 12:30   okafor  look crs
    D2 12:40   okafor  act test_ordered for chest film and cultures
    D2 12:55   reyes   set 38.5 104 114/68 95 cannula:4 20 A ; FATIGUE 2 else none

    D2 13:20   reyes   correct OXYGEN_FLOW of D2 12:20 to 4: read from wrong meter

    D2 13:40   reyes   set 38.2 100 116/70 96 cannula:3 19 A ; CHILLS 0
    D2 14:18   reyes   set 37.9 96 118/72 96 cannula:2 18 A ; FATIGUE 1 else none
    """,
)
