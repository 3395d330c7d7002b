"""What a public notice refuses; where a rule stands behind it, the refusal names the rule and its document."""

from chassis.errors import Refusal


class NothingToPost(Refusal):
    """No household of the village waits for this notice."""

    code = "nothing-to-post"


class NoticeHangsTooShort(Refusal):
    """The notice has not hung its whole time."""

    code = "notice-hangs-too-short"


class ObjectionOpen(Refusal):
    """An objection to the notice is not answered yet."""

    code = "objection-open"


class NoticeNotOpen(Refusal):
    """The notice does not hang any more."""

    code = "notice-not-open"


class NoticeUsed(Refusal):
    """The procedure has gone on from the notice, so nothing can be objected to it any more."""

    code = "notice-used"


class NoticeNotClosed(Refusal):
    """Only a notice that hung its whole time is announced, and once."""

    code = "notice-not-closed"


class NoticeTakenDownAlready(Refusal):
    """When the notice was taken down is on record already."""

    code = "notice-taken-down-already"


class NoticeDayInvalid(Refusal):
    """The day lies before the notice was posted."""

    code = "notice-day-invalid"


class ObjectionHouseholdUnknown(Refusal):
    """The household is none of the area of the notice."""

    code = "objection-household-unknown"


class ObjectionDecided(Refusal):
    """The objection is answered already."""

    code = "objection-decided"


class ObjectionSamePerson(Refusal):
    """Whoever recorded the objection does not decide it."""

    code = "objection-same-person"


class EffectsRefused(Refusal):
    """The announcement cannot take effect for some households; errors names them."""

    code = "effects-refused"
