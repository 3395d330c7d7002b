"""What a gate answered that was tried before its turn."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedGate:
    """One attempt out of order, and what it was answered; a gate that let it pass has no code."""

    round: str
    gate: str
    after: str | None
    code: str | None
    rule: str | None
    basis: str | None

    @property
    def is_held(self) -> bool:
        """Tell whether it was refused by a rule that has a document."""
        return bool(self.code and self.rule and self.basis)
