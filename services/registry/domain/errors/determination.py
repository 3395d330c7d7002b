"""What determinations refuse; each refusal names the rule and the document that it stands in."""

from chassis.errors import Refusal


class AreaUnfit(Refusal):
    """The determination is made for an area of another level."""

    code = "area-unfit"


class NothingToDetermine(Refusal):
    """No household of the area stands at the step before this determination."""

    code = "nothing-to-determine"


class DeterminationTooEarly(Refusal):
    """Households of the area have not reached the step before; errors names them."""

    code = "determination-too-early"


class NotEvaluated(Refusal):
    """Households of the area rest on a meeting that was annulled; errors names them."""

    code = "not-evaluated"


class DeterminationRefused(Refusal):
    """At least one household could not be turned down, so nothing was determined; errors names them."""

    code = "determination-refused"


class SamePersonDetermines(Refusal):
    """The same person made another determination over a village of the area in this round."""

    code = "same-person-determines"


class RuledOut(Refusal):
    """Households to be added stand on a list that rules them out; errors names them."""

    code = "ruled-out"
