"""H1-005: a late neutropenic fever, outside the window of the drug.

Eight days after the last dose, with a central line and ANC 0.3: 38.9 °C and rigors.
Ends with the fever outside the window at warning and cytokine release not graded;
cultures pending, the first antibiotic within the hour.
"""

from monitor.demo.told import Story

STORY = Story(
    code="H1-005",
    trial="HD-ALD",
    site="H1",
    cohort=1,
    sex="M",
    age=38,
    bed="23",
    present="D13 14:26",
    notes="""
    D-9 10:00  okafor  enroll
    D1 06:20   okafor  cycle 1
    D1 06:25   haddad  plan aldesleukin 1..14 every 8 h from D1 08:00 600000 [iU]/kg IV
    D1 06:30   reyes   fact INPATIENT
    D1 06:35   reyes   fact CENTRAL_LINE picc
    D1 06:40   reyes   ranges ALB 3.5..5.2 g/dL, CREAT 0.7..1.3 mg/dL, HCT 40..52 %, NEUT 1.8..7.5 10*9/L
    D1 06:50   reyes   labs ALB 4.0 g/dL, CREAT 0.9 mg/dL, HCT 38.1 %, CRP 6 mg/L, NEUT 2.1 10*9/L
    D1 07:30   reyes   set 36.7 80 124/76 98 air 15 A ; none
    D1 07:55   reyes   weight 77.0
    D1 08:00   reyes   dose aldesleukin 1
    D1 08:01   reyes   rounds until D1 15:30
    D1 11:30   reyes   set 37.8 100 116/70 97 air 18 A ; CHILLS 1 else none
    D1 15:30   reyes   set 37.2 92 118/70 97 air 16 A ; none
    D1 16:00   reyes   dose aldesleukin 2
    D1 16:01   reyes   rounds until D1 23:30
    D1 19:30   moss    set 37.9 104 112/66 97 air 18 A ; CHILLS 1 else none
    D1 23:30   moss    set 37.3 94 114/68 97 air 16 A ; NAUSEA 1 else none
    D2 00:00   moss    dose aldesleukin 3
    D2 00:01   moss    rounds until D2 07:30
    D2 03:30   moss    set 37.9 106 110/64 96 air 18 A ; NAUSEA 1 else none

    D2 06:50   reyes   labs ALB 3.7 g/dL, CREAT 1.1 mg/dL, HCT 36.8 %, CRP 60 mg/L, NEUT 1.4 10*9/L
    D2 07:30   reyes   set 37.2 94 112/66 97 air 16 A ; NAUSEA 1 else none
    D2 07:55   reyes   weight 77.8
    D2 08:00   reyes   dose aldesleukin 4
    D2 08:01   reyes   rounds until D2 15:30
    D2 11:30   reyes   set 37.9 108 108/64 96 air 18 A ; NAUSEA 2 else none
    D2 15:30   reyes   set 37.2 94 112/66 97 air 16 A ; NAUSEA 1 else none
    D2 16:05   okafor  omit aldesleukin 5..14: participant's wish
    D2 16:06   reyes   rounds every 230 min until D4 09:00
    D3 07:30   reyes   set 36.8 84 116/70 97 air 15 A ; none
    D4 09:10   reyes   set 36.7 80 120/74 98 air 15 A ; none

    D4 11:00   reyes   fact AT_HOME
    D8 10:00   reyes   labs ALB 3.9 g/dL, CREAT 0.9 mg/dL, HCT 35.2 %, NEUT 0.9 10*9/L
    D11 09:30  reyes   phone 36.8 - - - - - - ; none

    D13 12:20  reyes   phone 38.4 - - - - - - ; CHILLS 1

    D13 12:31  okafor  ack
    D13 13:25  reyes   fact INPATIENT
    D13 13:26  reyes   set 38.9 116 112/66 96 air 20 A ; CHILLS 2 FATIGUE 2 else none

    D13 13:30  reyes   labs NEUT 0.3 10*9/L, WBC 0.9 10*9/L, CRP 148 mg/L, CREAT 1.0 mg/dL, ALB 3.8 g/dL, LACTICAC 1.6 mmol/L

    D13 13:40  reyes   fact CULTURE pending
    D13 14:02  okafor  ack
    D13 14:06  reyes   give antibiotic 2 g IV for fever with ANC 0.3
    D13 14:20  reyes   set 38.8 114 110/64 96 air 20 A ; CHILLS 0 FATIGUE 2 else none
    """,
)
