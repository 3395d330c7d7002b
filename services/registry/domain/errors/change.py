"""What is refused of change requests, and of the changes of people and households that they ask for."""

from chassis.errors import Refusal


class ChangeRequestDecided(Refusal):
    """The change request is not open any more."""

    code = "change-request-decided"


class ChangeRequestOwn(Refusal):
    """A change request is reviewed, and undone, by somebody else than its submitter."""

    code = "change-request-own"


class ChangeRequestForeign(Refusal):
    """Only its submitter takes a change request back or puts it on a new footing."""

    code = "change-request-foreign"


class ChangeRequestStale(Refusal):
    """A household has changed since this request was written; it must be re-based first."""

    code = "change-request-stale"


class ChangeRequestConflict(Refusal):
    """Another open change request touches the same household or person; errors names it."""

    code = "change-request-conflict"


class ChangeRequestNotApplied(Refusal):
    """Only an approved change request can be undone."""

    code = "change-request-not-applied"


class ChangeRequestOvertaken(Refusal):
    """Something was built on this change since; errors names the households."""

    code = "change-request-overtaken"


class PersonNotInHousehold(Refusal):
    """The person is not in the household."""

    code = "person-not-in-household"


class DateBeforeMembership(Refusal):
    """On that day somebody whom the change concerns was not yet, or not alone, in the household."""

    code = "date-before-membership"


class BornAfter(Refusal):
    """The child's date of birth lies after the day of the change."""

    code = "born-after"


class NobodyRemains(Refusal):
    """The whole household would go; ask for a move or a merge instead."""

    code = "nobody-remains"


class SplitNotAllowed(Refusal):
    """A household that is leaving the register or has left it is not split."""

    code = "split-not-allowed"


class MergeNotAllowed(Refusal):
    """Only households that stand alike are merged: both on the register, or both in the same state off it."""

    code = "merge-not-allowed"


class SameHousehold(Refusal):
    """The two are the same household or person."""

    code = "same-household"
