"""What partners' questions are refused for."""

from chassis.errors import Refusal


class IdentityNumberInvalid(Refusal):
    """The identity number breaks a rule of GB 11643."""

    code = "identity-number-invalid"


class SearchRejected(Refusal):
    """A search of the Digital Convergence Initiative's interface is not answered."""

    code = "search-rejected"

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        # The interface's own word, such as rjct.filter.invalid.
        self.reason = reason
