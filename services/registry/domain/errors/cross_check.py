"""What is refused of other offices' lists and of the people found on them."""

from chassis.errors import Refusal


class CrossCheckListInvalid(Refusal):
    """The list has faults; nothing was taken over. errors names each line."""

    code = "cross-check-list-invalid"


class CrossCheckListImported(Refusal):
    """The very same document was imported before."""

    code = "cross-check-list-imported"


class MatchResolved(Refusal):
    """The match is explained or confirmed already; who corrects that names the resolution and says why."""

    code = "cross-check-resolved"


class MatchNotSoResolved(Refusal):
    """The match is not resolved as the correction says; look at it again."""

    code = "cross-check-not-so-resolved"


class MatchSamePerson(Refusal):
    """Somebody else than the one who resolved the match corrects that."""

    code = "cross-check-same-person"


class MatchReasonUnknown(Refusal):
    """A match is confirmed with a reason for which a round removes or corrects."""

    code = "cross-check-reason-unknown"
