"""The steps of the sample year: what the demo does on a business date, and to whom."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Step(StrEnum):
    """What the demo does on a business date."""

    IMPORT_DIVISIONS = "import-divisions"
    IMPORT_HOUSEHOLDS = "import-households"
    OPEN_ROUND = "open-round"
    EVALUATE_ROUND = "evaluate-round"
    REVIEW_ROUND = "review-round"
    CONFIRM_ROUND = "confirm-round"
    RECORD_DEATH = "record-death"
    CUT_NOTICE = "cut-notice"
    ANNUL_MEETING = "annul-meeting"
    OPEN_PROGRAMMES = "open-programmes"
    RECEIVE_FUND = "receive-fund"
    ALLOCATE_FUND = "allocate-fund"
    REGISTER_SITES = "register-sites"
    ALLOCATE_HOUSEHOLDS = "allocate-households"
    START_HOUSES = "start-houses"
    TOP_OUT_HOUSES = "top-out-houses"
    COMPLETE_HOUSES = "complete-houses"
    ACCEPT_HOUSES = "accept-houses"
    MOVE_IN_HOUSES = "move-in-houses"
    SUBMIT_CLAIMS = "submit-claims"
    INSPECT_CLAIMS = "inspect-claims"
    APPROVE_CLAIMS = "approve-claims"
    FREEZE_BATCH = "freeze-batch"
    SEND_BATCH = "send-batch"
    SETTLE_BATCH = "settle-batch"
    VISIT_HOUSEHOLDS = "visit-households"
    PREPARE_EXIT = "prepare-exit"
    EXIT_HOUSEHOLD = "exit-household"
    CORRECT_VISIT = "correct-visit"
    COMPARE_LIST = "compare-list"
    CORRECT_CLAIM = "correct-claim"
    CORRECT_STAGE = "correct-stage"
    CLOSE_YEAR = "close-year"
    EVALUATE_DEADLINES = "evaluate-deadlines"


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarStep:
    """One step on one business date; `refs` are keys of what it touches, empty for all of them."""

    on: date
    step: Step
    refs: tuple[str, ...] = ()
