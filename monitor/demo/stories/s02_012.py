"""02-012: a fever in cycle 1, reviewed and signed; now in cycle 2, and well.

Ends clear. The episode of cycle 1 (CRS, at most grade 1) is closed, and was signed an
hour ago: probable, IL-2 mutein, recovered.
"""

from monitor.demo.told import Story

STORY = Story(
    code="02-012",
    trial="NARA-2",
    site="02",
    cohort=3,
    sex="F",
    age=53,
    bed="8",
    present="D23 14:26",
    notes="""
    D-5 10:00  okafor  enroll
    D1 07:20   okafor  cycle 1
    D1 07:25   haddad  plan il2_mutein 1..5 every 24 h from D1 10:20 1200 [iU]/kg IV
    D1 07:30   reyes   fact INPATIENT
    D1 07:40   reyes   ranges ALB 3.5..5.2 g/dL, CREAT 0.5..1.1 mg/dL, HCT 36..46 %
    D1 08:00   reyes   labs ALB 4.2 g/dL, CREAT 0.7 mg/dL, HCT 40.3 %, CRP 3 mg/L, NEUT 3.0 10*9/L, LYM 1.2 10*9/L, CD8 310 /uL, NK 180 /uL, TREG 42 /uL
    D1 09:55   reyes   set 36.6 78 124/76 98 air 14 A ; none
    D1 10:15   reyes   weight 66.0
    D1 10:20   reyes   dose il2_mutein 1
    D1 10:21   reyes   rounds until D2 09:40
    D1 13:20   reyes   set 37.6 92 118/72 98 air 16 A ; CHILLS 1 else none
    D1 14:20   reyes   set 38.3 100 114/70 97 air 17 A ; CHILLS 1 FATIGUE 1 else none

    D1 14:29   okafor  ack
    D1 14:32   reyes   give paracetamol 1000 mg oral for fever 38.3

    D1 18:20   reyes   set 37.5 88 118/72 98 air 16 A ; FATIGUE 1 else none
    D2 02:20   moss    set 36.9 80 120/74 98 air 15 A ; FATIGUE 1 else none
    D2 08:00   reyes   labs ALB 4.1 g/dL, CREAT 0.7 mg/dL, HCT 39.8 %, CRP 28 mg/L, NEUT 3.3 10*9/L
    D2 09:55   reyes   set 36.7 78 122/76 98 air 14 A ; none
    D2 10:15   reyes   weight 66.4
    D2 10:21   reyes   dose il2_mutein 2
    D2 10:22   reyes   rounds until D3 09:40
    D2 14:20   reyes   set 37.3 86 118/72 98 air 16 A ; FATIGUE 1 else none
    D2 22:20   moss    set 37.0 80 120/74 98 air 15 A ; none
    D3 08:00   reyes   labs ALB 4.0 g/dL, CREAT 0.7 mg/dL, HCT 39.5 %, CRP 24 mg/L, NEUT 3.1 10*9/L
    D3 09:55   reyes   set 36.7 78 122/76 98 air 14 A ; none
    D3 10:15   reyes   weight 66.7
    D3 10:20   reyes   dose il2_mutein 3
    D3 10:21   reyes   rounds every 240 min until D4 09:40
    D3 14:20   reyes   set 37.2 84 120/74 98 air 15 A ; none

    D3 22:20   moss    set 36.9 80 120/74 98 air 15 A ; none
    D4 09:55   reyes   set 36.6 78 122/76 98 air 14 A ; none
    D4 10:15   reyes   weight 66.6
    D4 10:20   reyes   dose il2_mutein 4
    D4 10:21   reyes   rounds every 240 min until D5 09:40
    D4 18:20   reyes   set 37.0 80 120/74 98 air 15 A ; none
    D5 08:00   reyes   labs ALB 4.0 g/dL, CREAT 0.7 mg/dL, HCT 39.4 %, CRP 15 mg/L, NEUT 3.4 10*9/L, LYM 2.0 10*9/L, CD8 640 /uL, NK 520 /uL, TREG 51 /uL
    D5 09:55   reyes   set 36.6 78 122/76 98 air 14 A ; none
    D5 10:15   reyes   weight 66.5
    D5 10:20   reyes   dose il2_mutein 5
    D5 10:21   reyes   rounds every 240 min until D6 09:00
    D5 18:20   reyes   set 36.9 80 120/74 98 air 15 A ; none
    D6 09:10   reyes   set 36.6 76 122/76 98 air 14 A ; none

    D6 10:00   reyes   fact AT_HOME

    D22 07:30  okafor  cycle 2
    D22 07:35  haddad  plan il2_mutein 1..5 every 24 h from D22 10:20 1200 [iU]/kg IV
    D22 07:40  reyes   fact INPATIENT
    D22 07:45  reyes   ranges ALB 3.5..5.2 g/dL, CREAT 0.5..1.1 mg/dL, HCT 36..46 %
    D22 08:00  reyes   labs ALB 4.2 g/dL, CREAT 0.7 mg/dL, HCT 40.0 %, CRP 4 mg/L, NEUT 3.1 10*9/L, LYM 1.6 10*9/L, CD8 470 /uL, NK 260 /uL, TREG 44 /uL
    D22 09:55  reyes   set 36.6 76 124/76 98 air 14 A ; none
    D22 10:15  reyes   weight 66.1
    D22 10:20  reyes   dose il2_mutein 1
    D22 10:21  reyes   rounds until D23 09:40
    D22 14:20  reyes   set 37.2 86 120/74 98 air 15 A ; CHILLS 1 else none
    D22 22:20  moss    set 36.9 80 122/74 98 air 15 A ; none
    D23 08:00  reyes   labs ALB 4.1 g/dL, CREAT 0.7 mg/dL, HCT 39.7 %, CRP 16 mg/L, NEUT 3.2 10*9/L
    D23 09:55  reyes   set 36.6 76 122/76 98 air 14 A ; none
    D23 10:15  reyes   weight 66.4
    D23 10:20  reyes   dose il2_mutein 2
    D23 10:21  reyes   rounds until D23 14:00
    D23 13:20  okafor  look crs
    D23 13:30  okafor  sign crs cause=il2_mutein:probable,infection:unlikely,disease:unrelated,concomitant_drug:unlikely,procedure:unrelated action="il2_mutein:DOSE NOT CHANGED" outcome=RECOVERED/RESOLVED work_up=none_found note="Fever four hours after dose 1 only, gone with one dose of paracetamol."
    D23 14:20  reyes   set 37.3 88 122/74 98 air 15 A ; none
    """,
)
