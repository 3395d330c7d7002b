"""What the registry refuses about areas, their figures and their exit; each with its stable code."""

from chassis.errors import Refusal


class FigureInvalid(Refusal):
    """The figure is not written as its kind asks."""

    code = "figure-invalid"


class AreaExitUnruled(Refusal):
    """The rule pack in force says nothing of how an area of this level leaves."""

    code = "area-exit-unruled"


class AreaExitCriteriaUnmet(Refusal):
    """The area does not meet the criteria of exit; errors names each that fails or is unknown."""

    code = "area-exit-criteria"


class AreaExitNoticeMissing(Refusal):
    """No notice of the exit hung its whole time in the area."""

    code = "area-exit-notice"


class AreaExitedAlready(Refusal):
    """The area has left already."""

    code = "area-exited"
