"""What partners' questions are refused for."""

from chassis.errors import Refusal


class IdentityNumberInvalid(Refusal):
    """The identity number breaks a rule of GB 11643."""

    code = "identity-number-invalid"
