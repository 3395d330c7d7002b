"""What a round refuses; each refusal names the rule and the document that it stands in."""

from chassis.errors import Refusal


class ScopeUnknown(Refusal):
    """The scope is no county, township or village of the division tree."""

    code = "scope-unknown"


class RoundOverlaps(Refusal):
    """Another round is open in this area."""

    code = "round-overlaps"


class RoundClosedAlready(Refusal):
    """The round is closed."""

    code = "round-closed"


class RoundStillOpen(Refusal):
    """The round is still open."""

    code = "round-still-open"


class RoundUndecided(Refusal):
    """Households are not decided yet in this round; errors names them."""

    code = "round-undecided"


class RoundDoesNotClose(Refusal):
    """Opening plus added minus removed is not closing; errors names the households that nothing accounts for."""

    code = "round-does-not-close"


class SamePersonSignsOff(Refusal):
    """Who opened the round may not sign it off."""

    code = "same-person"


class NothingToRestate(Refusal):
    """The numbers as known now are those stated last."""

    code = "nothing-to-restate"


class HouseholdOutsideRound(Refusal):
    """The household has no entry in this round."""

    code = "household-outside-round"


class HouseholdEntered(Refusal):
    """The household has its entry in this round already."""

    code = "household-entered"


class ProposalUnfit(Refusal):
    """Only a household that is not on the register can be added, only one that is on it kept, removed or corrected."""

    code = "proposal-unfit"


class ProposalReason(Refusal):
    """The rule pack does not know this reason for the proposal."""

    code = "proposal-reason"


class ProposalConfirmed(Refusal):
    """The county has confirmed the proposal; it does not change any more."""

    code = "proposal-confirmed"
