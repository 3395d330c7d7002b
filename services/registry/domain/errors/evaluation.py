"""What meetings refuse; a refusal of the procedure names the rule and the document that it stands in."""

from chassis.errors import Refusal


class MeetingBeforeRound(Refusal):
    """The meeting lies before the day on which the round was opened."""

    code = "meeting-before-round"


class RollTooLong(Refusal):
    """More people stand on the roll than are entitled to come."""

    code = "roll-too-long"


class NameTwice(Refusal):
    """The same name stands on the roll twice; two people of one name are told apart on it."""

    code = "name-twice"


class MeetingNotQuorate(Refusal):
    """Too few of those entitled came to the meeting."""

    code = "meeting-not-quorate"


class TeamMemberMissing(Refusal):
    """No member of the stationed team attended the meeting."""

    code = "team-member-missing"


class MeetingRefused(Refusal):
    """At least one household could not be voted on, so nothing was recorded; errors names them."""

    code = "meeting-refused"


class HouseholdTwice(Refusal):
    """The household stands in the list twice."""

    code = "household-twice"


class VotesDoNotAddUp(Refusal):
    """Votes for, against and abstentions together are not those present."""

    code = "votes-do-not-add-up"


class TurnDownReason(Refusal):
    """A household that is turned down takes a reason of the rule pack's list, one that passes takes none."""

    code = "turn-down-reason"


class MeetingAnnulledAlready(Refusal):
    """The meeting was annulled before."""

    code = "meeting-annulled-already"
