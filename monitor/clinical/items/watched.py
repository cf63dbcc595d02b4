"""Which items the rules ask for, and how long a value derived from readings counts."""

VITALS = (
    *("TEMP", "SYSBP", "DIABP", "MAP", "HR", "RESP", "OXYSAT"),
    *("OXYGEN_FLOW", "FIO2", "ICE", "WEIGHT"),
    *("SITE_SIZE", "SITE_SIZE_LEFT", "SITE_SIZE_RIGHT"),
)
LABS = (
    *("ALB", "HCT", "HGB", "CREAT", "K", "LACTICAC", "CRP", "FERRITIN", "INTLK6"),
    *("PCT", "WBC", "NEUT", "PLAT", "FIBRINO", "ALT", "AST", "BILI", "CK"),
    *("TSH", "FT4"),
    *("TROPONI", "TROPONT", "BNPPRONT", "LVEF"),
)
SYMPTOMS = (
    *("CHILLS", "NAUSEA", "FATIGUE", "HEADACHE", "MYALGIA", "MALAISE"),
    *("EDEMA_LIMBS", "GENERALIZED_EDEMA", "EDEMA_FACE", "LOCALIZED_EDEMA"),
    *("NECK_EDEMA", "VOICE_ALTERATION", "BULLOUS_DERMATITIS", "HEMATOCHEZIA"),
    *("PULMONARY_EDEMA", "PLEURAL_EFFUSION", "DYSPNEA", "PNEUMONITIS"),
    "CHEST_PAIN_CARDIAC",
    *("STRIDOR", "LARYNGEAL_EDEMA", "BRONCHOSPASM", "DYSPHAGIA", "SYNCOPE"),
    "DIZZINESS",
    *("SEIZURE", "CONFUSION", "SOMNOLENCE", "DEPRESSED_CONSCIOUSNESS"),
    *("AGITATION", "HALLUCINATIONS", "BLURRED_VISION", "VISION_DECREASED"),
    *("DIARRHEA", "COLITIS", "RASH_MACULO_PAPULAR", "URTICARIA", "FLUSHING"),
    *("INJECTION_SITE_REACTION", "SOFT_TISSUE_INFECTION"),
)
# Derived from readings of more than one time (`weights`, `fluids`, `trends`).
LIVES_LIKE = {
    "WEIGHT_RISE": "WEIGHT",
    "WEIGHT_REFERENCE": "WEIGHT",
    "URINE_8H": "URINE_OUTPUT",
    "URINE_HOURLY": "URINE_OUTPUT",
    "URINE_HOURLY_12H": "URINE_OUTPUT",
    "BALANCE_24H": "URINE_OUTPUT",
    "BALANCE_72H": "URINE_OUTPUT",
    "CREAT_RISE": "CREAT",
    "CRP_CHANGE": "CRP",
    "FERRITIN_CHANGE": "FERRITIN",
    "INTLK6_CHANGE": "INTLK6",
    "SITE_GROWTH": "SITE_SIZE",
    "SITE_GROWTH_LEFT": "SITE_SIZE_LEFT",
    "SITE_GROWTH_RIGHT": "SITE_SIZE_RIGHT",
    "CONCERN_APART": "NURSE_CONCERN",
}
NUMBERS = (*VITALS, *LABS, *SYMPTOMS, *LIVES_LIKE)
CODED = ("OXYGEN_DEVICE", "ACVPU", "RHYTHM", "NURSE_CONCERN", "CHEST_PAIN")
WATCHED = (*NUMBERS, *CODED)
# Items whose reference range decides a sign; others keep theirs for the lab grading.
RANGED = (
    *("INTLK6", "ALT", "AST", "BILI", "CK", "CREAT", "TSH", "FT4", "PLAT"),
    *("TROPONI", "TROPONT"),
)
# Where the catalogue says "until changed" or "covered", the longest a value counts.
LONGEST_HOURS = {
    "OXYGEN_DEVICE": 6.0,
    "OXYGEN_FLOW": 6.0,
    "FIO2": 6.0,
    "URINE_OUTPUT": 8.0,
}
UNRECORDABLE = ("SYSBP", "OXYSAT", "HR")
# Topics that a person may say are over: decision, resolved, TOPIC.
CLOSABLE = (
    *("crs", "cls", "infection", "fever", "infusion_reaction", "hlh_like", "concern"),
    *("neurotoxicity", "heart_lung", "liver", "gut", "kidney", "skin_eye"),
    *("endocrine", "injection_site"),
)
