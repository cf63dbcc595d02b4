"""02-009: capillary leak without fever and without hemoconcentration.

Albumin 4.0 to 2.8 g/dL, 3.1 kg in three days, edema, pressure falling but never under
90; hematocrit unchanged, never a fever. Ends with a warning in the leak family, none in
cytokine release, dose 4 held, and the set half an hour late.
"""

from monitor.demo.told import Story

STORY = Story(
    code="02-009",
    trial="NARA-2",
    site="02",
    cohort=4,
    sex="F",
    age=67,
    bed="6",
    present="D4 14:26",
    notes="""
    D-4 10:00  okafor  enroll
    D1 07:20   okafor  cycle 1
    D1 07:25   haddad  plan il2_mutein 1..5 every 24 h from D1 10:00 1800 [iU]/kg IV
    D1 07:30   reyes   fact INPATIENT
    D1 07:40   reyes   ranges ALB 3.5..5.2 g/dL, CREAT 0.5..1.1 mg/dL, HCT 36..46 %
    D1 08:00   reyes   labs ALB 4.0 g/dL, CREAT 0.8 mg/dL, HCT 38.6 %, CRP 5 mg/L, NEUT 3.8 10*9/L, ALT 20 U/L
    D1 09:35   reyes   set 36.6 78 122/74 98 air 15 A ; none
    D1 09:57   reyes   weight 78.0
    D1 10:00   reyes   dose il2_mutein 1
    D1 10:01   reyes   rounds until D2 09:20
    D1 14:00   reyes   set 37.2 88 118/72 97 air 16 A ; FATIGUE 1 else none
    D1 20:00   moss    set 37.0 82 118/72 97 air 15 A ; FATIGUE 1 else none
    D2 08:00   reyes   labs ALB 3.8 g/dL, CREAT 0.8 mg/dL, HCT 38.4 %, CRP 22 mg/L, NEUT 4.1 10*9/L
    D2 09:35   reyes   set 36.7 80 118/72 97 air 15 A ; FATIGUE 1 else none
    D2 09:52   reyes   weight 78.6
    D2 09:58   reyes   dose il2_mutein 2
    D2 09:59   reyes   rounds until D3 09:20
    D2 14:00   reyes   set 37.3 92 112/68 97 air 17 A ; FATIGUE 1 else none
    D2 22:00   moss    set 37.0 88 110/66 96 air 16 A ; FATIGUE 1 EDEMA_LIMBS 1 else none
    D3 08:00   reyes   labs ALB 3.6 g/dL, CREAT 0.9 mg/dL, HCT 38.0 %, CRP 34 mg/L, NEUT 3.9 10*9/L
    D3 09:30   reyes   set 36.7 86 112/68 96 air 16 A ; FATIGUE 1 EDEMA_LIMBS 1 else none
    D3 09:50   reyes   weight 79.4
    D3 09:55   reyes   dose il2_mutein 3
    D3 09:56   reyes   rounds until D4 05:40
    D3 14:00   reyes   set 37.4 96 106/64 96 air 18 A ; FATIGUE 2 EDEMA_LIMBS 1 else none
    D3 18:00   reyes   out 420 mL over 8 h
    D3 22:00   moss    set 37.1 96 104/62 95 air 18 A ; FATIGUE 2 EDEMA_LIMBS 2 else none

    D4 02:00   moss    out 260 mL over 8 h
    D4 05:55   moss    set 36.9 98 96/58 94 air 20 A ; FATIGUE 2 EDEMA_LIMBS 2 else none

    D4 06:15   moss    set 36.9 99 95/57 94 air 20 A
    D4 06:40   moss    set 36.9 98 95/58 94 air 20 A

    D4 08:05   reyes   labs ALB 2.8 g/dL, CREAT 1.1 mg/dL, HCT 37.6 %, CRP 40 mg/L, NEUT 4.0 10*9/L, LACTICAC 1.4 mmol/L
    D4 08:20   reyes   set 37.0 98 97/58 94 air 20 A ; FATIGUE 2 EDEMA_LIMBS 2 else none
    D4 09:40   reyes   weight 81.1

    D4 09:58   okafor  ack
    D4 10:00   reyes   set 37.1 98 98/60 94 air 20 A ; FATIGUE 2 EDEMA_LIMBS 2 else none
    D4 10:10   okafor  hold il2_mutein 4: capillary leak probable, albumin 2.8 g/dL
    D4 10:12   okafor  act study_drug_hold for capillary leak probable
    D4 10:00   reyes   out 250 mL over 8 h
    D4 10:29   reyes   take until D4 19:00

    D4 10:30   reyes   give albumin_iv 25 g IV for albumin 2.8 g/dL
    D4 12:55   reyes   set 37.2 98 101/60 94 air 20 A ; FATIGUE 2 EDEMA_LIMBS 2 else none
    """,
)
