"""What a household's way through the register refuses: a step from the wrong state."""

from chassis.errors import Refusal


class ProcedureRequired(Refusal):
    """A round covers the village, so this goes by the procedure only."""

    code = "procedure-required"


class HouseholdNotCandidate(Refusal):
    """Only a candidate is evaluated."""

    code = "household-not-candidate"


class HouseholdNotEvaluated(Refusal):
    """Only a household that passed the three evaluations is noticed."""

    code = "household-not-evaluated"


class HouseholdNotNoticed(Refusal):
    """Only a household that was noticed twice comes onto the register by the procedure."""

    code = "household-not-noticed"


class HouseholdInPreExit(Refusal):
    """The household's exit is under way; take the pre-exit back first."""

    code = "household-in-pre-exit"


class HouseholdNotInPreExit(Refusal):
    """The household is not in pre-exit."""

    code = "household-not-in-pre-exit"


class HouseholdClosed(Refusal):
    """The household's file is closed; it takes no more changes."""

    code = "household-closed"


class HouseholdStands(Refusal):
    """The household cannot fall back to this state."""

    code = "household-stands"


class PoliciesKept(Refusal):
    """The policies that the household keeps after its exit have not ended."""

    code = "policies-kept"
