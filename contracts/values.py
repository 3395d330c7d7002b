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
REGISTERED: Final = "registered"
VERIFIED: Final = "verified"
EXITED: Final = "exited"
RETURNED: Final = "returned"
WITHDRAWN: Final = "withdrawn"
UNKNOWN: Final = "unknown"
HOUSEHOLD_STATES: Final = (CANDIDATE, REGISTERED, VERIFIED, EXITED, RETURNED, WITHDRAWN)
ON_THE_REGISTER: Final = frozenset({REGISTERED, VERIFIED, RETURNED})

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
Moment = Annotated[datetime, Meta(tz=True, description="Moment with its offset from UTC.")]
