"""What a visit to a household refuses."""

from chassis.errors import Refusal


class VisitInvalid(Refusal):
    """The visit breaks rules of the form; errors names each field."""

    code = "visit-invalid"


class TeamTooSmall(Refusal):
    """A household is visited by more people together."""

    code = "team-too-small"


class VisitBeforeRound(Refusal):
    """The visit took place before the round was opened."""

    code = "visit-before-round"


class PhotoTwice(Refusal):
    """The same photo stands in a visit to another household."""

    code = "photo-twice"


class VisitAnnulledAlready(Refusal):
    """The visit was annulled; it takes no more changes."""

    code = "visit-annulled"
