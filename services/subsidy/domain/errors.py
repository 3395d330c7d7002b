"""What this service refuses, each with its stable code."""

from chassis.errors import InvalidRequest, NotFound, Refusal


class HouseholdUnknown(NotFound):
    """No such household is known here for the caller's area."""

    code = "household-unknown"


class HouseholdNotOnRegister(Refusal):
    """The household was not on the register on the day of the claim."""

    code = "household-not-on-register"


class ProgrammeNotInForce(Refusal):
    """No edition of the programme is in force on that day."""

    code = "programme-not-in-force"


class ProgrammeEditionsOverlap(Refusal):
    """Another edition of the programme is in force on some of these days."""

    code = "programme-editions-overlap"


class ProgrammeAlreadyApplied(Refusal):
    """Claims were filed under the edition in force on some of these days, and stay under it."""

    code = "programme-already-applied"


class ProgrammePeriodReversed(InvalidRequest):
    """A programme cannot end before it begins."""

    code = "programme-period-reversed"


class UnitNotOfProgramme(Refusal):
    """The programme pays by another unit."""

    code = "unit-not-of-programme"


class QuantityNotPositive(InvalidRequest):
    """A quantity is greater than zero."""

    code = "quantity-not-positive"


class QuantityNotWhole(InvalidRequest):
    """Animals and poultry are counted in whole numbers."""

    code = "quantity-not-whole"


class AmountTooHigh(InvalidRequest):
    """No claim is worth more than 10000000.00."""

    code = "amount-too-high"


class QuantityAboveDeclared(Refusal):
    """No more can be accepted than was declared."""

    code = "quantity-above-declared"


class EvidenceMissing(InvalidRequest):
    """A claim needs at least one photo with its time and place."""

    code = "evidence-missing"


class EvidenceRepeated(InvalidRequest):
    """The same photo was handed in twice with one claim."""

    code = "evidence-repeated"


class EvidenceFromTheFuture(Refusal):
    """A photo is dated after the day of the claim."""

    code = "evidence-from-the-future"


class ClaimAlreadyDecided(Refusal):
    """The claim was decided before."""

    code = "claim-already-decided"


class ClaimNotInspected(Refusal):
    """The claim has not been accepted by an inspector."""

    code = "claim-not-inspected"


class InspectorMayNotApprove(Refusal):
    """The person who inspected a claim cannot approve it."""

    code = "inspector-may-not-approve"


class NothingToCorrect(Refusal):
    """The correction changes nothing."""

    code = "nothing-to-correct"


class BulkRefused(InvalidRequest):
    """Some items were refused, and the request asked for all or nothing; nothing changed."""

    code = "bulk-refused"


class FloorNotSet(NotFound):
    """No programme sets a floor for that year."""

    code = "floor-not-set"


class AreaOutsideYours(NotFound):
    """That area is outside the caller's."""

    code = "area-not-found"


class ClaimUnknown(NotFound):
    """No such claim is known here."""

    code = "claim-unknown"
