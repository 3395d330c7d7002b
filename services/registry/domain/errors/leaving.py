"""What a household's exit and return refuse; each refusal names the rule and the document that it stands in."""

from chassis.errors import Refusal


class ExitCriteriaFail(Refusal):
    """The household does not meet the criteria of exit; errors names each that fails."""

    code = "exit-criteria-fail"


class ReturnNeedsRelapse(Refusal):
    """A visit after the exit must show that the household is poor again."""

    code = "return-needs-relapse"


class HouseholdEmptied(Refusal):
    """Nobody is left in the household's file, so it does not come back to the register."""

    code = "household-emptied"


class VisitUnknown(Refusal):
    """The household has no such visit."""

    code = "visit-unknown"


class VisitTooLate(Refusal):
    """What the decision rests on happened after it."""

    code = "visit-too-late"
