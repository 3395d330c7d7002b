"""What the county procedure refuses; each refusal names the rule and the document that it stands in."""

from chassis.errors import Refusal


class StepOutOfOrder(Refusal):
    """The step before this one is not done."""

    code = "step-out-of-order"


class StepDatedTooEarly(Refusal):
    """The day lies before that of the household's last step."""

    code = "step-dated-too-early"


class EntryDecided(Refusal):
    """The household's entry in this round is decided already."""

    code = "entry-decided"
