"""02-014: fever after each dose, and now a low pressure that nobody has taken yet.

Ends four minutes after a set of 39.1 °C and 86/48: CRS of at least grade 2 (ASTCT), level
warning, the notice of it not acknowledged, ACVPU missing.
"""

from monitor.demo.told import Story

STORY = Story(
    code="02-014",
    trial="NARA-2",
    site="02",
    cohort=4,
    sex="F",
    age=58,
    bed="2",
    present="D3 14:26",
    notes="""
    D-6 10:00  okafor  enroll
    D1 07:20   okafor  cycle 1
    D1 07:25   haddad  plan il2_mutein 1..5 every 24 h from D1 10:00 1800 [iU]/kg IV
    D1 07:30   reyes   fact INPATIENT
    D1 07:40   reyes   ranges ALB 3.5..5.2 g/dL, CREAT 0.5..1.1 mg/dL, HCT 36..46 %
    D1 08:00   reyes   labs ALB 4.1 g/dL, CREAT 0.8 mg/dL, HCT 39.5 %, CRP 4 mg/L, FERRITIN 110 ug/L, NEUT 3.4 10*9/L, ALT 22 U/L
    D1 09:40   reyes   set 36.6 76 128/76 98 air 14 A ; none
    D1 09:57   reyes   weight 71.4
    D1 10:05   reyes   dose il2_mutein 1
    D1 10:06   reyes   rounds until D2 09:30
    D1 12:05   reyes   set 37.1 84 122/74 98 air 15 A ; CHILLS 1 else none
    D1 14:12   reyes   set 38.2 98 116/70 97 air 17 A ; CHILLS 1 FATIGUE 1 else none

    D1 14:19   okafor  ack
    D1 14:30   reyes   give paracetamol 1000 mg oral for fever 38.2

    D1 15:10   reyes   set 38.4 100 114/68 97 air 18 A ; CHILLS 0 FATIGUE 1 else none
    D1 17:10   reyes   set 37.9 92 116/70 97 air 16 A ; CHILLS 0
    D1 20:12   moss    set 37.4 86 120/72 97 air 15 A ; FATIGUE 1 else none

    D2 06:10   moss    set 36.7 78 122/74 98 air 14 A ; CHILLS 0
    D2 08:00   reyes   labs ALB 3.8 g/dL, CREAT 0.8 mg/dL, HCT 38.9 %, CRP 38 mg/L, FERRITIN 180 ug/L, NEUT 3.9 10*9/L, ALT 27 U/L
    D2 09:40   reyes   set 36.7 78 124/74 98 air 14 A ; none
    D2 10:00   reyes   weight 72.3
    D2 10:08   reyes   dose il2_mutein 2
    D2 10:09   reyes   rounds until D3 09:30
    D2 12:10   reyes   set 37.4 88 118/72 98 air 16 A ; CHILLS 1 else none
    D2 13:18   reyes   set 38.0 102 112/68 97 air 17 A ; CHILLS 1 FATIGUE 1 else none

    D2 13:26   okafor  ack
    D2 13:50   reyes   set 38.4 108 110/66 96 air 19 A ; CHILLS 1 FATIGUE 1 else none
    D2 13:55   reyes   give paracetamol 1000 mg oral for fever 38.4
    D2 15:10   reyes   set 38.3 106 112/66 97 air 18 A ; FATIGUE 1 else none
    D2 16:12   reyes   set 38.0 102 112/68 97 air 18 A ; CHILLS 0
    D2 20:00   moss    set 37.7 92 116/70 97 air 16 A ; FATIGUE 1 else none

    D3 04:10   moss    set 36.9 80 120/72 98 air 15 A ; CHILLS 0
    D3 08:00   reyes   labs ALB 3.7 g/dL, CREAT 0.9 mg/dL, HCT 38.6 %, CRP 61 mg/L, FERRITIN 260 ug/L, NEUT 3.1 10*9/L, ALT 31 U/L
    D3 09:40   reyes   set 36.6 76 126/76 98 air 14 A ; none
    D3 09:58   reyes   weight 73.4
    D3 09:59   reyes   take until D3 19:00
    D3 10:00   reyes   out 640 mL over 8 h
    D3 10:02   okafor  decide il2_mutein 3 give: seen at the bedside, nothing new since yesterday
    D3 10:05   reyes   dose il2_mutein 3
    D3 10:16   moreau  ask CREAT 0.8 on day 2 and 0.9 today: the same laboratory?
    D3 10:20   reyes   set 36.7 80 124/74 97 air 15 A ; CHILLS 0
    D3 10:50   reyes   set 36.8 82 122/72 97 air 16 A ; CHILLS 0
    D3 11:20   reyes   set 36.9 88 118/70 97 air 16 A ; CHILLS 0
    D3 11:40   reyes   reply Yes, ours both times; today drawn before the dose.
    D3 12:20   moss    set !away
    D3 13:35   reyes   set 37.0 104 104/62 96 air 18 A ; CHILLS 0 FATIGUE 1 else none

    D3 14:00   reyes   out 150 mL over 4 h
    D3 14:22   reyes   set 39.1 124 86/48 95 air 22 - ; CHILLS 2 FATIGUE 1 else none
    """,
)
