"""03-001: a fever on the first day in Uppsala, taken by the investigator there.

Ends with CRS grade 1 (ASTCT), acknowledged by Lindqvist, who referred it to Okafor, the
site's other reviewer; the paracetamol stands in the log.
"""

from monitor.demo.told import Story

STORY = Story(
    code="03-001",
    trial="NARA-2",
    site="03",
    cohort=3,
    sex="M",
    age=57,
    bed="14",
    present="D1 17:20",
    notes="""
    D-6 10:00  lindqvist  enroll
    D1 07:20   lindqvist  cycle 1
    D1 07:25   haddad     plan il2_mutein 1..5 every 24 h from D1 10:00 1200 [iU]/kg IV
    D1 07:30   berg       fact INPATIENT
    D1 07:40   berg       ranges ALB 36..48 g/L, CREAT 60..105 umol/L, HCT 39..50 %
    D1 08:00   berg       labs ALB 42 g/L, CREAT 81 umol/L, HCT 43.0 %, CRP 4 mg/L, NEUT 3.6 10*9/L
    D1 09:40   berg       set 36.6 70 130/80 98 air 14 A ; none
    D1 09:55   berg       weight 82.4
    D1 10:00   berg       dose il2_mutein 1
    D1 10:01   berg       rounds until D1 16:00
    D1 12:00   berg       set 37.1 80 126/78 98 air 15 A ; CHILLS 1 else none
    D1 14:00   berg       set 37.7 90 120/74 97 air 16 A ; CHILLS 1 else none
    D1 15:02   berg       set 38.4 98 118/72 97 air 17 A ; CHILLS 1 FATIGUE 1 else none

    D1 15:09   lindqvist  ack
    D1 15:15   berg       give paracetamol 1000 mg oral for fever 38.4

    D1 16:05   berg       set 38.3 98 118/72 97 air 17 A ; FATIGUE 1 else none
    D1 17:02   berg       set 38.0 94 120/74 97 air 16 A ; FATIGUE 1 else none

    D1 17:10   lindqvist  refer crs okafor: I treated the fever; please judge the cause.
    """,
)
