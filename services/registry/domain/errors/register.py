"""What the registry refuses, each with its stable code."""

from chassis.errors import Refusal


class VillageUnknown(Refusal):
    """The code is not a village of the division tree."""

    code = "village-unknown"


class DivisionsInvalid(Refusal):
    """The division file has faults; nothing was taken over. errors names each line."""

    code = "divisions-invalid"


class FileNumberRegistered(Refusal):
    """The file number is already on the register of the county."""

    code = "file-number-registered"


class IdentityRegistered(Refusal):
    """A person of this household is already on the register."""

    code = "identity-registered"


class HouseholdFileInvalid(Refusal):
    """The household's file breaks rules; errors names each field."""

    code = "household-file-invalid"


class HouseholdAlreadyRegistered(Refusal):
    """The household is on the register already."""

    code = "household-already-registered"


class HouseholdAlreadyVerified(Refusal):
    """The household is verified already."""

    code = "household-already-verified"


class HouseholdNotOnRegister(Refusal):
    """The household is not on the register now."""

    code = "household-not-on-register"


class HouseholdNotExited(Refusal):
    """Only a household that has left the register returns to it."""

    code = "household-not-exited"


class HouseholdWithdrawn(Refusal):
    """The household's entry was undone; it takes no more changes."""

    code = "household-withdrawn"


class DateInFuture(Refusal):
    """The day lies after today's business date."""

    code = "date-in-future"


class DateBeforeStanding(Refusal):
    """The day lies before the one from which the household's present state or village holds."""

    code = "date-before-standing"


class NothingChanged(Refusal):
    """The file already says this."""

    code = "nothing-changed"


class WorkbookUnreadable(Refusal):
    """The document is no workbook that can be read."""

    code = "workbook-unreadable"


class WorkbookTooLarge(Refusal):
    """The workbook holds more than one import takes."""

    code = "workbook-too-large"


class ImportFaulty(Refusal):
    """The workbook has faults; nothing was taken over. errors names each cell."""

    code = "import-faulty"

    headers: dict[str, str]


class ImportNotCommitted(Refusal):
    """Only an import that was committed can be undone."""

    code = "import-not-committed"


class ImportAlreadyUndone(Refusal):
    """The import was undone before."""

    code = "import-already-undone"


class ImportOvertaken(Refusal):
    """Households of this import were changed since; errors names them."""

    code = "import-overtaken"


class BulkRefused(Refusal):
    """At least one item was refused, so none was done; errors names them."""

    code = "bulk-refused"
