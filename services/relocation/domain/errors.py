"""What this service refuses, each with its stable code."""

from chassis.errors import InvalidRequest, NotFound, Refusal

RETRY_SOON = {"retry-after": "2"}


class RuleNotInForce(Refusal):
    """No edition of the rule that this decision rests on is in force on that day."""

    code = "rule-not-in-force"


class RuleEditionsOverlap(Refusal):
    """Another edition of the rule is in force on some of these days."""

    code = "rule-editions-overlap"


class RuleAlreadyApplied(Refusal):
    """Something was decided by the edition in force on some of these days, and stays as it was decided."""

    code = "rule-already-applied"


class RulePeriodReversed(InvalidRequest):
    """A rule cannot end before it begins."""

    code = "rule-period-reversed"


class SiteAlreadyRegistered(Refusal):
    """A site of that name is already registered in that division."""

    code = "site-already-registered"


class BudgetTooLarge(InvalidRequest):
    """So many households at the standard in force make a budget of ten billion yuan or more."""

    code = "budget-too-large"


class SiteUnknown(NotFound):
    """No such site is known here for the caller's area."""

    code = "site-unknown"


class SiteFull(Refusal):
    """As many households have been allocated to the site as it is planned for."""

    code = "site-full"


class AreaOutsideYours(NotFound):
    """That area is outside the caller's."""

    code = "area-not-found"


class HouseholdUnknown(Refusal):
    """The household is not known here for the caller's area; if it was registered a moment ago, try again shortly."""

    code = "household-unknown"
    headers = RETRY_SOON


class HouseholdNotOnRegister(Refusal):
    """The household is not on the register."""

    code = "household-not-on-register"


class HouseholdAlreadyAllocated(Refusal):
    """The household has been given a house before; it can be given only one."""

    code = "household-already-allocated"


class AreaAboveCap(Refusal):
    """The designed floor area is above the cap for the household's persons."""

    code = "area-above-cap"


class HouseUnknown(NotFound):
    """No such house is known here for the caller's area."""

    code = "house-unknown"


class StageAlreadyReached(Refusal):
    """The house has reached that stage before; a wrong date is corrected, not repeated."""

    code = "stage-already-reached"


class StageOutOfOrder(Refusal):
    """Stages follow each other: started, topped out, completed, accepted, moved in."""

    code = "stage-out-of-order"


class StageNotReached(Refusal):
    """The house has not reached that stage."""

    code = "stage-not-reached"


class DateInFuture(Refusal):
    """What has not happened yet cannot be recorded."""

    code = "date-in-future"


class DateBeforePrevious(Refusal):
    """The date lies before that of the step before."""

    code = "date-before-previous"


class DateAfterNext(Refusal):
    """The date lies after that of the step that followed."""

    code = "date-after-next"


class FloorAreaMissing(InvalidRequest):
    """A completed house has a measured floor area."""

    code = "floor-area-missing"


class FloorAreaUnexpected(InvalidRequest):
    """The floor area is measured at completion, not before."""

    code = "floor-area-unexpected"


class NothingToCorrect(Refusal):
    """The correction changes nothing."""

    code = "nothing-to-correct"


class InstalmentNotSet(Refusal):
    """The housing programme pays no instalment for that stage."""

    code = "instalment-not-set"


class SubsidyAlreadyRequested(Refusal):
    """The instalment for that house and stage was asked for before; it is asked for only once."""

    code = "subsidy-already-requested"


class DueUnknown(NotFound):
    """No such instalment was asked for here."""

    code = "due-unknown"


class BulkRefused(InvalidRequest):
    """Some items were refused, and the request asked for all or nothing; nothing changed."""

    code = "bulk-refused"
    headers: dict[str, str] | None = None
