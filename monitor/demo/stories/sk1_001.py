"""K1-001: ILKN421H alone; fever on the evening of the infusion, gone by day 3.

CRS of at most grade 1 (CTCAE v5.0, this study's scale), resolving; the level is
held, not yet lowered.
"""

from monitor.demo.told import Story

STORY = Story(
    code="K1-001",
    trial="ILKN421H",
    site="K1",
    cohort=1,
    sex="F",
    age=69,
    bed="31",
    present="D2 20:26",
    notes="""
    D-8 10:00  okafor  enroll
    D1 07:20   okafor  cycle 1
    D1 07:25   haddad  plan ilkn421h 1..1 every 504 h from D1 10:00 30 ug/kg IV
    D1 07:30   reyes   fact INPATIENT
    D1 07:40   reyes   ranges ALB 3.5..5.2 g/dL, CREAT 0.5..1.1 mg/dL, ALT 0..35 U/L, HCT 36..46 %
    D1 08:00   reyes   labs ALB 4.0 g/dL, CREAT 0.9 mg/dL, HCT 38.3 %, CRP 5 mg/L, ALT 21 U/L, NEUT 4.0 10*9/L, LYM 1.3 10*9/L
    D1 09:35   reyes   set 36.6 72 136/80 97 air 15 A ; none
    D1 09:58   reyes   weight 64.8
    D1 10:02   reyes   dose ilkn421h 1
    D1 10:03   reyes   rounds until D1 19:30
    D1 14:00   reyes   set 37.0 78 132/78 97 air 15 A ; none
    D1 18:00   reyes   set 37.7 88 128/76 97 air 16 A ; CHILLS 1 else none
    D1 20:00   moss    set 38.5 98 122/72 96 air 18 A ; CHILLS 2 MYALGIA 1 FATIGUE 1 else none

    D1 20:09   okafor  ack
    D1 20:15   moss    give paracetamol 1000 mg oral for fever 38.5
    D1 20:16   moss    rounds every 210 min until D2 19:40

    D1 22:00   moss    set 38.2 96 122/72 96 air 17 A ; MYALGIA 1 FATIGUE 1 else none
    D2 02:00   moss    set 37.5 86 124/74 97 air 16 A ; FATIGUE 1 else none
    D2 08:00   reyes   labs ALB 3.9 g/dL, CREAT 0.9 mg/dL, HCT 37.9 %, CRP 58 mg/L, ALT 34 U/L, NEUT 4.6 10*9/L, LYM 0.5 10*9/L
    D2 08:40   reyes   weight 65.1
    D2 10:00   reyes   set 36.9 80 128/76 97 air 15 A ; FATIGUE 1 else none

    D2 20:00   moss    set 36.8 76 130/78 97 air 15 A ; none
    """,
)
