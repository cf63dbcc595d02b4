"""02-011: cytokine release that rises to grade 3 and resolves.

Norepinephrine and oxygen after dose 3, tocilizumab, everything off the next morning.
Ends three days later: maximum grade 3 (ASTCT), grade 0 now, resolved, and still to be
signed; doses 4 and 5 were held and omitted.
"""

from monitor.demo.told import Story

STORY = Story(
    code="02-011",
    trial="NARA-2",
    site="02",
    cohort=4,
    sex="M",
    age=64,
    bed="4",
    present="D6 14:26",
    notes="""
    D-5 10:00  okafor  enroll
    D1 07:20   okafor  cycle 1
    D1 07:25   haddad  plan il2_mutein 1..5 every 24 h from D1 09:30 1800 [iU]/kg IV
    D1 07:30   reyes   fact INPATIENT
    D1 07:40   reyes   ranges ALB 3.5..5.2 g/dL, CREAT 0.7..1.3 mg/dL, HCT 40..52 %
    D1 07:50   reyes   labs ALB 4.2 g/dL, CREAT 1.0 mg/dL, HCT 43.0 %, CRP 6 mg/L, FERRITIN 150 ug/L, NEUT 4.0 10*9/L, ALT 25 U/L, LACTICAC 1.1 mmol/L
    D1 09:10   reyes   set 36.7 74 132/80 97 air 15 A ; none
    D1 09:27   reyes   weight 84.0
    D1 09:35   reyes   dose il2_mutein 1
    D1 09:36   reyes   rounds until D2 09:00
    D1 12:35   reyes   set 37.2 82 128/78 97 air 15 A ; CHILLS 1 else none
    D1 14:35   reyes   set 37.8 90 122/74 97 air 16 A ; FATIGUE 1 else none
    D1 21:35   moss    set 37.0 80 126/76 97 air 15 A ; FATIGUE 1 else none

    D2 07:50   reyes   labs ALB 4.0 g/dL, CREAT 1.0 mg/dL, HCT 42.6 %, CRP 52 mg/L, FERRITIN 240 ug/L, NEUT 4.4 10*9/L
    D2 09:05   reyes   set 36.8 78 128/78 97 air 15 A ; FATIGUE 1 else none
    D2 09:28   reyes   weight 84.8
    D2 09:35   reyes   dose il2_mutein 2
    D2 09:36   reyes   rounds until D3 09:00
    D2 11:35   reyes   set 37.5 90 122/74 97 air 17 A ; CHILLS 2 else none
    D2 12:35   reyes   set 38.6 104 116/70 96 air 19 A ; CHILLS 1 FATIGUE 2 else none

    D2 12:42   okafor  ack
    D2 12:50   reyes   give paracetamol 1000 mg oral for fever 38.6
    D2 14:35   reyes   set 38.9 108 114/68 96 air 19 A ; FATIGUE 2 NAUSEA 1 else none
    D2 17:35   reyes   set 38.2 100 116/70 96 air 18 A ; FATIGUE 2 else none
    D2 21:40   moss    set 37.6 92 120/72 97 air 16 A ; FATIGUE 1 else none

    D3 05:30   moss    set 37.1 84 122/74 97 air 15 A ; CHILLS 0
    D3 07:50   reyes   labs ALB 3.8 g/dL, CREAT 1.1 mg/dL, HCT 41.8 %, CRP 118 mg/L, FERRITIN 520 ug/L, NEUT 3.6 10*9/L, LACTICAC 1.6 mmol/L
    D3 09:05   reyes   set 37.0 82 124/74 97 air 15 A ; FATIGUE 1 else none
    D3 09:28   reyes   weight 85.9
    D3 09:35   reyes   dose il2_mutein 3
    D3 09:36   reyes   rounds until D3 12:00
    D3 11:35   reyes   set 38.3 106 114/66 96 air 20 A ; CHILLS 2 FATIGUE 2 else none

    D3 11:48   okafor  ack
    D3 12:20   reyes   set 39.4 122 98/56 94 air 24 A ; CHILLS 2 FATIGUE 2 NAUSEA 1 else none

    D3 12:50   reyes   set 39.5 126 84/46 92 air 26 A ; CHILLS 1

    D3 12:52   okafor  ack
    D3 12:54   reyes   give paracetamol 1000 mg IV for fever 39.5
    D3 12:54   reyes   give fluid_bolus 500 mL IV for BP 84/46
    D3 13:08   reyes   set 39.4 128 82/44 91 air 26 A

    D3 13:12   reyes   start norepinephrine 6 ug/min for BP 82/44 after 500 mL

    D3 13:14   okafor  ack
    D3 13:20   okafor  act transfer for intensive care, norepinephrine
    D3 13:25   reyes   set 39.2 124 90/52 93 cannula:4 26 A ; CHILLS 0

    D3 13:40   reyes   set 39.0 122 91/53 93 cannula:4 26 A
    D3 13:55   reyes   set 38.9 120 92/54 93 cannula:4 26 A
    D3 14:15   reyes   set 38.6 118 92/54 93 cannula:4 26 A ; CHILLS 0
    D3 14:45   reyes   set 38.6 116 94/54 93 cannula:4 25 A
    D3 15:20   reyes   set 38.5 116 95/55 94 cannula:4 25 A
    D3 15:00   okafor  act study_drug_hold for CRS grade 3
    D3 15:00   reyes   labs LACTICAC 2.4 mmol/L, CREAT 1.3 mg/dL, INTLK6 640 pg/mL, CRP 164 mg/L
    D3 15:20   reyes   give tocilizumab 672 mg IV for CRS grade 3
    D3 16:01   reyes   rounds every 45 min until D4 07:30
    D3 16:00   reyes   set 38.4 114 96/56 94 cannula:4 24 A ; CHILLS 0

    D3 17:00   reyes   set 38.2 110 98/58 95 cannula:3 22 A ; CHILLS 0
    D3 18:30   reyes   set 38.1 108 98/58 95 cannula:3 20 A ; FATIGUE 2 else none
    D3 18:32   reyes   start norepinephrine 4 ug/min for weaning
    D3 20:00   moss    set 37.7 100 102/60 95 cannula:3 20 A ; CHILLS 0
    D3 21:30   moss    set 37.5 96 106/62 96 cannula:2 18 A ; CHILLS 0
    D3 22:40   moss    set 37.3 92 110/64 96 cannula:2 18 A ; FATIGUE 2 else none
    D3 23:30   moss    stop norepinephrine ug/min

    D4 01:30   moss    set 37.1 88 112/64 96 cannula:2 17 A ; CHILLS 0
    D4 03:40   moss    set 37.0 86 110/64 96 cannula:1 17 A ; CHILLS 0
    D4 05:30   moss    set 36.9 84 114/66 96 cannula:1 16 A ; FATIGUE 2 else none
    D4 07:40   reyes   set 36.8 84 116/68 96 air 16 A ; FATIGUE 1 else none

    D4 07:50   reyes   labs ALB 3.8 g/dL, CREAT 1.2 mg/dL, HCT 40.9 %, CRP 142 mg/L, FERRITIN 890 ug/L, NEUT 3.2 10*9/L, LACTICAC 1.3 mmol/L
    D4 09:20   reyes   weight 86.9
    D4 09:28   okafor  decide il2_mutein 4 hold: CRS grade 3 on day 3
    D4 09:30   okafor  hold il2_mutein 4: CRS grade 3 on day 3
    D4 09:35   reyes   rounds every 210 min until D6 13:00
    D4 09:40   reyes   set 36.8 84 118/70 96 air 16 A ; FATIGUE 1 else none

    D4 09:50   okafor  ack
    D4 17:35   reyes   set 36.9 82 118/70 97 air 16 A ; FATIGUE 1 else none
    D5 07:50   reyes   labs ALB 3.9 g/dL, CREAT 1.1 mg/dL, HCT 41.2 %, CRP 74 mg/L, FERRITIN 610 ug/L, NEUT 3.0 10*9/L
    D5 09:20   reyes   weight 86.0
    D5 09:30   okafor  omit il2_mutein 5: dose-limiting toxicity under review
    D5 13:40   reyes   set 36.8 78 122/74 97 air 15 A ; FATIGUE 1 else none
    D6 07:50   reyes   labs ALB 4.0 g/dL, CREAT 1.0 mg/dL, HCT 41.5 %, CRP 30 mg/L, FERRITIN 420 ug/L, NEUT 3.3 10*9/L
    D6 09:20   reyes   weight 84.9
    D6 13:40   reyes   set 36.7 76 126/76 98 air 15 A ; none
    """,
)
