"""Words that travel on the wire, and the field types of events that are made of them.

A vocabulary is open on purpose: a reader that meets a new word keeps it as text instead of failing.
"""

from datetime import datetime
from typing import Annotated, Final

from msgspec import Meta

PUBLIC: Final = "public"
INTERNAL: Final = "internal"
RESTRICTED: Final = "restricted"

GENERAL: Final = "general"
DIBAO: Final = "dibao"
WUBAO: Final = "wubao"
CATEGORIES: Final = (GENERAL, DIBAO, WUBAO)

CANDIDATE: Final = "candidate"
EVALUATED: Final = "evaluated"
NOTICED: Final = "noticed"
REGISTERED: Final = "registered"
VERIFIED: Final = "verified"
PRE_EXIT: Final = "pre-exit"
EXITED: Final = "exited"
CLOSED: Final = "closed"
RETURNED: Final = "returned"
WITHDRAWN: Final = "withdrawn"
UNKNOWN: Final = "unknown"
HOUSEHOLD_STATES: Final = (
    CANDIDATE,
    EVALUATED,
    NOTICED,
    REGISTERED,
    VERIFIED,
    PRE_EXIT,
    EXITED,
    CLOSED,
    RETURNED,
    WITHDRAWN,
)
ON_THE_REGISTER: Final = frozenset({REGISTERED, VERIFIED, PRE_EXIT, RETURNED})

PROCEDURE: Final = "procedure"
TAKEOVER: Final = "takeover"
REGISTRATION_BASES: Final = (PROCEDURE, TAKEOVER)

IDENTIFICATION: Final = "identification"
LOOK_BACK: Final = "look-back"
ROUND_KINDS: Final = (IDENTIFICATION, LOOK_BACK)

KEEP: Final = "keep"
ADD: Final = "add"
REMOVE: Final = "remove"
CORRECT: Final = "correct"
PROPOSALS: Final = (KEEP, ADD, REMOVE, CORRECT)

INTERNAL_MEETING: Final = "internal-meeting"
PARTY_MEETING: Final = "party-meeting"
VILLAGERS_MEETING: Final = "villagers-meeting"
EVALUATIONS: Final = (INTERNAL_MEETING, PARTY_MEETING, VILLAGERS_MEETING)

VILLAGE_INITIAL: Final = "village-initial"
REPRESENTATIVES: Final = "representatives"
TOWNSHIP_REVIEW: Final = "township-review"
COUNTY_CONFIRMATION: Final = "county-confirmation"
DETERMINATIONS: Final = (VILLAGE_INITIAL, REPRESENTATIVES, TOWNSHIP_REVIEW, COUNTY_CONFIRMATION)

FIRST_NOTICE: Final = "first-notice"
SECOND_NOTICE: Final = "second-notice"
EXIT_NOTICE: Final = "exit-notice"
AREA_EXIT_NOTICE: Final = "area-exit-notice"
NOTICE_KINDS: Final = (FIRST_NOTICE, SECOND_NOTICE, EXIT_NOTICE, AREA_EXIT_NOTICE)

PAYROLL: Final = "payroll"
VEHICLES: Final = "vehicles"
HOUSE_OWNERS: Final = "house-owners"
BUSINESSES: Final = "businesses"
DEATHS: Final = "deaths"
CROSS_CHECK_KINDS: Final = (PAYROLL, VEHICLES, HOUSE_OWNERS, BUSINESSES, DEATHS)
EXPLAINED: Final = "explained"
CONFIRMED: Final = "confirmed"
MATCH_OUTCOMES: Final = (EXPLAINED, CONFIRMED)

MU: Final = "mu"
HEAD: Final = "head"
BIRD: Final = "bird"
SQUARE_METRE: Final = "m2"
UNITS: Final = (MU, HEAD, BIRD, SQUARE_METRE)
PER_HOUSEHOLD: Final = "household"
PER_PERSON: Final = "person"
RATE_UNITS: Final = (*UNITS, PER_HOUSEHOLD, PER_PERSON)

INDUSTRY: Final = "industry"
HOUSING: Final = "housing"
PROGRAMME_KINDS: Final = (INDUSTRY, HOUSING)

SOURCE_CLAIM: Final = "claim"
SOURCE_HOUSE_STAGE: Final = "house-stage"
SOURCE_KINDS: Final = (SOURCE_CLAIM, SOURCE_HOUSE_STAGE)

SPECIAL: Final = "special"
INTEGRATED: Final = "integrated"
DONATION: Final = "donation"
FUND_SOURCES: Final = (SPECIAL, INTEGRATED, DONATION)

CENTRALIZED: Final = "centralized"
INTERSPERSED: Final = "interspersed"
SITE_KINDS: Final = (CENTRALIZED, INTERSPERSED)

ALLOCATED: Final = "allocated"
STARTED: Final = "started"
TOPPED_OUT: Final = "topped-out"
COMPLETED: Final = "completed"
ACCEPTED: Final = "accepted"
MOVED_IN: Final = "moved-in"
HOUSE_STAGES: Final = (ALLOCATED, STARTED, TOPPED_OUT, COMPLETED, ACCEPTED, MOVED_IN)


def _words(description: str, words: tuple[str, ...]) -> Meta:
    return Meta(description=description, extra_json_schema={"x-extensible-enum": list(words)})


Category = Annotated[str, _words("Category of the household.", CATEGORIES)]
HouseholdState = Annotated[
    str, _words("State of the household on the register.", (*HOUSEHOLD_STATES, UNKNOWN))
]
RegistrationBasis = Annotated[
    str,
    _words("How the household came onto the register: by the procedure, or taken over.", REGISTRATION_BASES),
]
RoundKind = Annotated[str, _words("Kind of round.", ROUND_KINDS)]
Proposal = Annotated[str, _words("What a round proposes for a household.", PROPOSALS)]
Evaluation = Annotated[str, _words("Which of the three evaluations.", EVALUATIONS)]
Determination = Annotated[str, _words("Which of the four determinations.", DETERMINATIONS)]
NoticeKind = Annotated[str, _words("Kind of public notice.", NOTICE_KINDS)]
CrossCheckKind = Annotated[str, _words("Which office's list.", CROSS_CHECK_KINDS)]
Unit = Annotated[
    str, _words("Unit of a quantity: area in mu or m2, animals by head, poultry by bird.", UNITS)
]
RateUnit = Annotated[str, _words("Unit that a rate is paid for.", RATE_UNITS)]
ProgrammeKind = Annotated[str, _words("Kind of programme.", PROGRAMME_KINDS)]
SourceKind = Annotated[str, _words("What a payment pays for.", SOURCE_KINDS)]
FundSource = Annotated[str, _words("Where a fund's money comes from.", FUND_SOURCES)]
SiteKind = Annotated[str, _words("Kind of resettlement site.", SITE_KINDS)]
HouseStage = Annotated[str, _words("Stage of a house.", HOUSE_STAGES)]

VillageCode = Annotated[str, Meta(description="Division code of 12 digits (GB/T 2260 and GB/T 10114).")]
Quantity = Annotated[
    str, Meta(description="Decimal string; its unit stands beside it or in the field's name.")
]
Fen = Annotated[int, Meta(description="Money in integer fen (1/100 yuan, CNY).")]
Period = Annotated[str, Meta(description="Calendar year the money counts for, such as 2016.")]
Sha256 = Annotated[str, Meta(description="SHA-256 of the photo file, 64 lower-case hexadecimal digits.")]
AreaCode = Annotated[
    str, Meta(description="Beginning of a division code: 6 digits county, 9 township, 12 village.")
]
RulePackCode = Annotated[str, Meta(description="Rule pack in force, such as national-2016.")]
Moment = Annotated[datetime, Meta(tz=True, description="Moment with its offset from UTC.")]
