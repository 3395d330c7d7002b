"""What this service refuses, each with its stable code."""

from chassis.errors import InvalidRequest, NotFound


class FindingUnknown(NotFound):
    """No such finding is visible to the caller."""

    code = "finding-unknown"


class RuleTermsInvalid(InvalidRequest):
    """The parameters do not fit the kind of rule."""

    code = "rule-terms-invalid"


class RulePeriodReversed(InvalidRequest):
    """A rule cannot end before it begins."""

    code = "rule-period-reversed"


class RuleKindChanged(InvalidRequest):
    """A new version of a rule keeps its kind; another kind needs another code."""

    code = "rule-kind-changed"
