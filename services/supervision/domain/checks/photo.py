"""One photo, one claim."""

from collections.abc import Iterable, Iterator

from services.supervision.domain.dossier import Photo
from services.supervision.domain.finding import Firing, Whose
from services.supervision.domain.rule import DUPLICATE, Rulebook

# Province, prefecture, county, township, village: a common area ends at one of these lengths.
_LEVELS = (12, 9, 6, 4, 2, 0)


def common_area(codes: Iterable[str]) -> str:
    """Return the smallest division that holds all of them, in full length."""
    known = list(codes)
    for length in _LEVELS:
        heads = {code[:length] for code in known}
        if len(heads) == 1:
            return heads.pop().ljust(12, "0")
    return "0" * 12


def whose_photo(photo: Photo) -> Whose:
    """Return whom a photo concerns, and the division that holds them all."""
    uses = photo.uses.values()
    return Whose(
        area_code=common_area(use.area_code for use in uses),
        households=tuple(sorted({use.household_id for use in uses})),
    )


def check_photo(photo: Photo, rules: Rulebook) -> Iterator[Firing]:
    """Fire for a photo that stands in two claims or more."""
    claims = len(photo.uses)
    if claims <= 1:
        return
    for rule in rules.in_force(DUPLICATE, max(use.on for use in photo.uses.values())):
        subject = f"photo/{photo.sha256}"
        yield Firing(
            rule=rule,
            subject=subject,
            observed=f"used by {claims} claims",
            expected="used by one claim",
            evidence=tuple(sorted(use.event_id for use in photo.uses.values())),
            values={"subject": subject, "claims": claims},
        )
