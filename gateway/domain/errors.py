"""What the gateway refuses, in sentences with stable codes."""

from chassis.errors import Refusal, Unauthenticated


class IncompatibleRoles(Refusal):
    """Maker, checker and payer are three people: one account holds at most one of these roles."""

    code = "incompatible-roles"


class UnknownRole(Refusal):
    """A role that cannot be given here."""

    code = "unknown-role"


class AccountNameTaken(Refusal):
    """An account of that name exists."""

    code = "account-name-taken"


class ClientNameTaken(Refusal):
    """A partner client of that name exists."""

    code = "client-name-taken"


class UnusableKeys(Refusal):
    """A partner registers public keys only: Ed25519, EC P-256 or RSA of at least 2048 bits, each with a key id."""

    code = "unusable-keys"


class AreaOutsideYours(Refusal):
    """An account's area lies inside the area of the administrator who makes it."""

    code = "area-outside-yours"


class WeakPassword(Refusal):
    """A password has 12 to 128 characters, is not one character repeated, and does not contain the account's name."""

    code = "weak-password"


class PasswordUnchanged(Refusal):
    """The new password is the old one."""

    code = "password-unchanged"


class WrongNameOrPassword(Unauthenticated):
    """The name or the password is wrong."""

    code = "wrong-name-or-password"


class PasswordChangeRequired(Refusal):
    """A one-time password only opens the way to an own one: choose it at /gateway/v1/passwords, then log in with it."""

    code = "password-change-required"


class TooManyGuesses(Refusal):
    """Too many wrong passwords were given for this name; wait."""

    code = "too-many-guesses"

    def __init__(self, seconds: int) -> None:
        super().__init__(f"Too many wrong passwords were given for this name; wait {seconds} seconds.")
        self.headers = {"retry-after": str(seconds)}


class LastAdministrator(Refusal):
    """The last active administrator of an area can neither be closed nor lose the role or a part of the area."""

    code = "last-administrator"
