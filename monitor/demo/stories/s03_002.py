"""03-002: cycle 2 begun on an albumin that has not recovered.

Albumin fell to 30 g/L in cycle 1 and was 33 g/L before the first dose of cycle 2: low
from the start, so the leak family stands at watch in cycle 2 without any other sign.
Lindqvist signed the leak of cycle 1 on its day and reported it in time, as of special
interest. Before the dose of cycle 2 it is signed again; Okafor disagrees, and it waits
for an answer.
"""

from monitor.demo.told import Story

STORY = Story(
    code="03-002",
    trial="NARA-2",
    site="03",
    cohort=3,
    sex="F",
    age=66,
    bed="12",
    present="D29 14:26",
    notes="""
    D-5 10:00  lindqvist  enroll
    D1 07:20   lindqvist  cycle 1
    D1 07:25   haddad     plan il2_mutein 1..5 every 24 h from D1 10:00 1200 [iU]/kg IV
    D1 07:30   berg       fact INPATIENT
    D1 07:40   berg       ranges ALB 36..48 g/L, CREAT 45..90 umol/L, HCT 35..46 %
    D1 08:00   berg       labs ALB 40 g/L, CREAT 68 umol/L, HCT 38.0 %, CRP 6 mg/L, NEUT 3.7 10*9/L
    D1 09:40   berg       set 36.6 74 120/72 97 air 15 A ; none
    D1 09:55   berg       weight 61.2
    D1 10:00   berg       dose il2_mutein 1
    D1 10:01   berg       rounds until D2 09:20
    D1 14:00   berg       set 37.3 86 114/70 97 air 16 A ; CHILLS 1 else none

    D1 22:00   berg       set 37.0 80 116/70 97 air 15 A ; none
    D2 08:00   berg       labs ALB 37 g/L, CREAT 70 umol/L, HCT 37.6 %, CRP 30 mg/L
    D2 09:40   berg       set 36.7 78 116/70 97 air 15 A ; FATIGUE 1 else none
    D2 09:55   berg       weight 61.9
    D2 10:00   berg       dose il2_mutein 2
    D2 10:01   berg       rounds every 240 min until D3 09:20
    D2 14:00   berg       set 37.4 88 112/68 96 air 16 A ; FATIGUE 1 else none

    D2 22:00   berg       set 37.0 84 112/68 96 air 16 A ; FATIGUE 1 else none
    D3 08:00   berg       labs ALB 34 g/L, CREAT 72 umol/L, HCT 37.3 %, CRP 38 mg/L
    D3 09:40   berg       set 36.7 80 112/68 96 air 15 A ; FATIGUE 1 EDEMA_LIMBS 1 else none
    D3 09:55   berg       weight 62.6
    D3 10:05   berg       dose il2_mutein 3
    D3 10:06   berg       rounds every 240 min until D4 09:20
    D3 14:00   berg       set 37.3 88 110/66 96 air 16 A ; FATIGUE 1 EDEMA_LIMBS 1 else none
    D4 08:00   berg       labs ALB 30 g/L, CREAT 76 umol/L, HCT 37.0 %, CRP 41 mg/L
    D4 09:40   berg       set 36.8 84 110/66 96 air 16 A ; FATIGUE 1 EDEMA_LIMBS 1 else none
    D4 09:55   berg       weight 63.3

    D4 10:04   lindqvist  ack
    D4 10:05   lindqvist  hold il2_mutein 4: albumin 30 g/L, 10 g/L below the start
    D4 10:06   berg       rounds every 240 min until D6 09:00
    D4 10:20   lindqvist  sign cls cause=il2_mutein:probable,infection:unrelated,disease:unlikely,concomitant_drug:unrelated,procedure:unrelated action="il2_mutein:DRUG INTERRUPTED" outcome="NOT RECOVERED/NOT RESOLVED" note="Albumin down by 10 g/L, ankles swollen; pressure and saturation as before."
    D4 10:45   lindqvist  report cls: e-mail to the sponsor's safety desk
    D5 08:00   berg       labs ALB 31 g/L, CREAT 74 umol/L, HCT 37.1 %, CRP 28 mg/L
    D5 09:40   berg       set 36.7 80 114/68 96 air 15 A ; EDEMA_LIMBS 1 else none
    D5 09:55   berg       weight 63.0
    D5 10:05   lindqvist  omit il2_mutein 5: albumin 31 g/L
    D6 09:00   berg       weight 62.1
    D6 09:10   berg       set 36.6 76 116/70 97 air 15 A ; none
    D6 12:00   berg       fact AT_HOME

    D29 07:20  lindqvist  cycle 2
    D29 07:25  haddad     plan il2_mutein 1..5 every 24 h from D29 10:00 1200 [iU]/kg IV
    D29 07:30  berg       fact INPATIENT
    D29 07:40  berg       ranges ALB 36..48 g/L, CREAT 45..90 umol/L, HCT 35..46 %
    D29 08:00  berg       labs ALB 33 g/L, CREAT 66 umol/L, HCT 37.9 %, CRP 5 mg/L, NEUT 3.5 10*9/L
    D29 09:40  berg       set 36.6 76 118/72 97 air 15 A ; none
    D29 09:55  berg       weight 61.0
    D29 10:00  berg       dose il2_mutein 1
    D29 10:01  berg       rounds until D29 14:00
    D29 14:05  berg       set 37.1 82 116/70 97 air 15 A ; none

    D29 14:12  lindqvist  sign cls cause=il2_mutein:probable,infection:unrelated,disease:unlikely,concomitant_drug:unrelated,procedure:unrelated action="il2_mutein:DRUG INTERRUPTED" outcome=RECOVERING/RESOLVING reason="Seen again before cycle 2" note="Albumin and edema of the first cycle; nothing of it but the albumin is left."
    D29 14:20  okafor     disagree cls: The disease is at least possible: the albumin fell before the second dose.
    """,
)
