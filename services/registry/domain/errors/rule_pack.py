"""What is refused of rule packs: faulty ones, steps out of their order, days that were used already."""

from chassis.errors import Refusal


class RulePackInvalid(Refusal):
    """The rule pack has faults; nothing was kept. errors names each."""

    code = "rule-pack-invalid"


class RulePackVersionTaken(Refusal):
    """Another version of the pack was proposed at the same moment; try again."""

    code = "rule-pack-version-taken"


class RulePackReviewed(Refusal):
    """The version is reviewed already."""

    code = "rule-pack-reviewed"


class RulePackReviewedByProposer(Refusal):
    """A second person reviews a rule pack, never the one who proposed it."""

    code = "rule-pack-reviewed-by-proposer"


class RulePackNotReviewed(Refusal):
    """Only a reviewed rule pack comes into force."""

    code = "rule-pack-not-reviewed"


class RulePackInForce(Refusal):
    """The version is in force on that day already."""

    code = "rule-pack-in-force"


class RulePackDayUsed(Refusal):
    """A round was opened, or an exit begun, on that day or after it, under the rules in force then."""

    code = "rule-pack-day-used"
