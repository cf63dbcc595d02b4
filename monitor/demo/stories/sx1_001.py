"""X1-001: IRX-2, five of ten injections given, indomethacin three times a day.

Redness at the injection site, never a fever. Both sides of the neck are injected. At home for the weekend between the two
weeks of injections, which is schedule and no missed set. Ends without an episode.
"""

from monitor.demo.told import Story

STORY = Story(
    code="X1-001",
    trial="IRX-2",
    site="X1",
    cohort=1,
    sex="M",
    age=63,
    bed="",
    present="D9 14:26",
    notes="""
    D-9 10:00  okafor  enroll
    D-1 10:20  okafor  cycle 1
    D-1 10:25  haddad  plan cyclophosphamide 1..1 every 24 h from D1 10:00 300 mg/m2 IV
    D-1 10:26  haddad  plan irx_2 1..5 every 24 h from D4 09:30 230 [U] perilymphatic
    D-1 10:27  haddad  plan irx_2 6..10 every 24 h from D11 09:30 230 [U] perilymphatic
    D1 08:30   reyes   fact IN_CLINIC
    D1 08:40   reyes   ranges ALB 3.5..5.2 g/dL, CREAT 0.7..1.3 mg/dL, NEUT 1.8..7.5 10*9/L
    D1 08:45   reyes   labs ALB 4.0 g/dL, CREAT 0.9 mg/dL, HCT 42.5 %, CRP 5 mg/L, NEUT 4.2 10*9/L
    D1 09:00   reyes   regimen indomethacin 25 mg oral until D21 20:00 for three times a day by protocol
    D1 09:01   reyes   regimen omeprazole 20 mg oral until D21 20:00 for stomach, by protocol
    D1 09:02   reyes   regimen zinc 65 mg oral until D21 20:00 for by protocol
    D1 09:10   reyes   surgery D25
    D1 09:40   reyes   set 36.6 74 134/80 97 air 15 A ; none
    D1 10:00   reyes   dose cyclophosphamide 1
    D1 12:00   reyes   set 36.7 76 130/78 97 air 15 A ; NAUSEA 1 else none

    D1 12:30   reyes   fact AT_HOME
    D4 08:50   reyes   fact IN_CLINIC
    D4 08:55   reyes   labs ALB 4.0 g/dL, CREAT 0.9 mg/dL, HCT 42.0 %, CRP 4 mg/L, NEUT 3.4 10*9/L
    D4 09:00   reyes   set 36.6 72 132/80 97 air 15 A ; none
    D4 09:20   reyes   weight 74.0
    D4 09:30   reyes   dose irx_2 1
    D4 09:32   reyes   inject irx_2 1 left level_2 1 palpation topical
    D4 09:36   reyes   inject irx_2 1 right level_2 1 palpation topical
    D4 10:00   reyes   set 36.7 76 130/78 97 air 15 A ; INJECTION_SITE_REACTION 1 else none
    D4 10:30   reyes   set 36.8 76 130/78 97 air 15 A ; INJECTION_SITE_REACTION 1 else none

    D4 10:50   reyes   fact AT_HOME
    D5 08:50   reyes   fact IN_CLINIC
    D5 09:00   reyes   set 36.6 72 132/80 97 air 15 A ; INJECTION_SITE_REACTION 1 else none
    D5 09:20   reyes   weight 74.1
    D5 09:30   reyes   dose irx_2 2
    D5 09:32   reyes   inject irx_2 2 left level_2 1 palpation topical
    D5 09:36   reyes   inject irx_2 2 right level_2 1 palpation topical
    D5 10:00   reyes   set 36.8 78 130/78 97 air 15 A ; INJECTION_SITE_REACTION 1 else none
    D5 10:30   reyes   set 36.9 78 130/78 97 air 15 A ; INJECTION_SITE_REACTION 1 else none
    D5 10:50   reyes   fact AT_HOME
    D6 08:50   reyes   fact IN_CLINIC
    D6 09:00   reyes   set 36.7 74 130/78 97 air 15 A ; INJECTION_SITE_REACTION 1 else none
    D6 09:20   reyes   weight 74.1
    D6 09:30   reyes   dose irx_2 3
    D6 09:32   reyes   inject irx_2 3 left level_3 1 palpation topical
    D6 09:36   reyes   inject irx_2 3 right level_3 1 palpation topical
    D6 10:00   reyes   set 36.9 80 128/78 97 air 15 A ; INJECTION_SITE_REACTION 1 FATIGUE 1 else none
    D6 10:30   reyes   set 37.1 80 128/78 97 air 15 A ; INJECTION_SITE_REACTION 1 FATIGUE 1 else none
    D6 10:50   reyes   fact AT_HOME

    D7 08:50   reyes   fact IN_CLINIC
    D7 08:55   reyes   labs ALB 3.9 g/dL, CREAT 1.0 mg/dL, HCT 41.4 %, CRP 12 mg/L, NEUT 2.6 10*9/L
    D7 09:00   reyes   set 36.8 74 130/78 97 air 15 A ; INJECTION_SITE_REACTION 1 FATIGUE 1 else none
    D7 09:20   reyes   weight 74.2
    D7 09:30   reyes   dose irx_2 4
    D7 09:32   reyes   inject irx_2 4 left level_3 1 palpation topical
    D7 09:36   reyes   inject irx_2 4 right level_3 1 palpation topical
    D7 10:00   reyes   set 37.0 80 128/78 97 air 15 A ; INJECTION_SITE_REACTION 1 FATIGUE 1 else none
    D7 10:30   reyes   set 37.2 82 128/78 97 air 15 A ; INJECTION_SITE_REACTION 1 FATIGUE 1 else none
    D7 10:50   reyes   fact AT_HOME
    D8 08:50   reyes   fact IN_CLINIC
    D8 09:00   reyes   set 36.8 74 130/78 97 air 15 A ; INJECTION_SITE_REACTION 1 FATIGUE 1 else none
    D8 09:20   reyes   weight 74.0
    D8 09:30   reyes   dose irx_2 5
    D8 09:32   reyes   inject irx_2 5 left level_2 1 palpation topical
    D8 09:36   reyes   inject irx_2 5 right level_2 1 palpation topical
    D8 10:00   reyes   set 37.0 80 128/78 97 air 15 A ; INJECTION_SITE_REACTION 1 FATIGUE 1 else none
    D8 10:32   reyes   set 37.2 80 128/78 97 air 15 A ; INJECTION_SITE_REACTION 1 FATIGUE 1 else none

    D8 10:50   reyes   fact AT_HOME
    """,
)
