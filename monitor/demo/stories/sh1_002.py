"""H1-002: doses held, reduced to fewer, and omitted, as is the norm at high dose.

Six full doses; dose 7 held for a pulse of 126, 9 and 10 omitted for the kidney.
Fever after each dose, never over 38.6; ends without one, CRS resolving (at most grade
1), three doses of fourteen not given and one reduced.
"""

from monitor.demo.told import Story

STORY = Story(
    code="H1-002",
    trial="HD-ALD",
    site="H1",
    cohort=1,
    sex="F",
    age=46,
    bed="22",
    present="D4 10:40",
    notes="""
    D-6 10:00  okafor  enroll
    D1 06:20   okafor  cycle 1
    D1 06:25   haddad  plan aldesleukin 1..14 every 8 h from D1 08:00 600000 [iU]/kg IV
    D1 06:30   reyes   fact INPATIENT
    D1 06:40   reyes   ranges ALB 3.5..5.2 g/dL, CREAT 0.5..1.1 mg/dL, HCT 36..46 %
    D1 06:50   reyes   labs ALB 4.1 g/dL, CREAT 0.8 mg/dL, HCT 39.2 %, CRP 3 mg/L, NEUT 3.9 10*9/L, PLAT 240 10*9/L
    D1 07:12   reyes   regimen indomethacin 25 mg oral until D6 08:00 for every 8 h by protocol
    D1 07:30   reyes   set 36.6 74 122/74 98 air 15 A ; none
    D1 07:55   reyes   weight 68.0
    D1 08:00   reyes   dose aldesleukin 1
    D1 08:01   reyes   rounds until D1 15:30
    D1 11:30   reyes   set 38.3 102 114/68 97 air 18 A ; CHILLS 2 else none

    D1 11:45   okafor  ack
    D1 15:30   reyes   set 37.2 88 116/70 97 air 16 A ; NAUSEA 1 else none
    D1 16:00   reyes   dose aldesleukin 2
    D1 16:01   reyes   rounds until D1 23:30
    D1 19:30   moss    set 38.4 104 112/66 97 air 18 A ; CHILLS 1 NAUSEA 1 else none
    D1 19:45   okafor  ack
    D1 23:30   moss    set 37.3 90 114/68 97 air 16 A ; NAUSEA 1 else none
    D2 00:00   moss    dose aldesleukin 3
    D2 00:01   moss    rounds until D2 07:20
    D2 03:30   moss    set 38.4 106 110/64 96 air 18 A ; CHILLS 1 NAUSEA 1 else none
    D2 04:00   okafor  ack
    D2 06:50   reyes   labs ALB 3.9 g/dL, CREAT 1.0 mg/dL, HCT 38.4 %, CRP 64 mg/L, NEUT 5.1 10*9/L, PLAT 190 10*9/L
    D2 07:30   reyes   set 37.2 92 112/66 97 air 17 A ; NAUSEA 1 else none
    D2 07:55   reyes   weight 68.9
    D2 08:00   reyes   dose aldesleukin 4
    D2 08:01   reyes   rounds until D2 15:20
    D2 11:30   reyes   set 38.6 110 108/62 96 air 19 A ; CHILLS 2 NAUSEA 1 else none
    D2 11:45   okafor  ack
    D2 15:30   reyes   set 37.4 96 110/64 96 air 17 A ; NAUSEA 1 else none
    D2 16:00   reyes   dose aldesleukin 5
    D2 16:01   reyes   rounds until D2 23:30
    D2 19:30   moss    set 38.5 112 106/62 96 air 19 A ; CHILLS 1 NAUSEA 1 else none
    D2 19:45   okafor  ack
    D2 23:30   moss    set 37.4 98 108/62 96 air 18 A ; NAUSEA 1 else none
    D3 00:00   moss    dose aldesleukin 6
    D3 00:01   moss    rounds until D3 07:20
    D3 03:30   moss    set 38.6 116 104/60 96 air 20 A ; CHILLS 1 NAUSEA 2 else none
    D3 04:00   okafor  ack
    D3 06:50   reyes   labs ALB 3.7 g/dL, CREAT 1.4 mg/dL, HCT 37.8 %, CRP 96 mg/L, NEUT 6.0 10*9/L, PLAT 132 10*9/L
    D3 07:30   reyes   set 37.5 126 104/60 96 air 19 A ; NAUSEA 1 else none
    D3 07:55   reyes   weight 69.9
    D3 08:05   okafor  hold aldesleukin 7: pulse 126 before the dose, sinus rhythm
    D3 08:06   reyes   rounds until D3 15:30
    D3 11:30   reyes   set 37.2 108 108/64 96 air 18 A ; NAUSEA 1 else none
    D3 15:30   reyes   set 37.0 98 112/66 97 air 17 A ; none
    D3 15:00   reyes   out 520 mL over 8 h
    D3 16:00   reyes   reduce aldesleukin 8 to 480000: pulse and creatinine after six full doses
    D3 16:01   reyes   rounds until D3 23:30
    D3 19:30   moss    set 38.1 108 108/62 96 air 18 A ; CHILLS 1 NAUSEA 1 else none
    D3 19:45   okafor  ack
    D3 23:00   moss    out 340 mL over 8 h
    D3 23:30   moss    set 37.3 96 110/64 96 air 17 A ; NAUSEA 1 else none
    D4 00:05   okafor  omit aldesleukin 9: urine 340 mL in 8 h, creatinine 1.4 mg/dL
    D4 00:06   moss    rounds every 210 min until D4 10:30
    D4 06:50   reyes   labs ALB 3.7 g/dL, CREAT 1.6 mg/dL, HCT 37.5 %, CRP 88 mg/L, NEUT 5.4 10*9/L, PLAT 104 10*9/L
    D4 07:00   reyes   out 410 mL over 8 h
    D4 07:30   reyes   set 36.9 92 112/66 97 air 16 A ; none
    D4 07:55   reyes   weight 70.6

    D4 08:10   okafor  omit aldesleukin 10: creatinine 1.6 mg/dL, twice the start
    D4 08:11   okafor  ack
    D4 10:30   reyes   set 36.9 90 114/68 97 air 16 A ; none
    """,
)
