"""The area red line of relocation houses."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from contracts.values import COMPLETED
from services.supervision.domain.dossier import Dossier
from services.supervision.domain.finding import Firing
from services.supervision.domain.rule import CAP, Rulebook


def check_cap(dossier: Dossier, rules: Rulebook) -> Iterator[Firing]:
    """Fire for a finished house that is larger than its persons may have; a house at the cap is in order."""
    for house_id, house in dossier.houses.items():
        completed = house.steps.get(COMPLETED)
        if completed is None or house.floor_area_m2 is None or house.measured_event is None:
            continue
        area, persons = Decimal(house.floor_area_m2), house.persons or 0
        for rule in rules.in_force(CAP, completed.on):
            terms: Any = rule.terms
            cap = terms.m2_per_person * persons
            if area > cap:
                yield Firing(
                    rule=rule,
                    subject=f"house/{house_id}",
                    observed=f"{house.floor_area_m2} m2 for {persons} persons",
                    expected=f"at most {cap} m2",
                    evidence=(house.measured_event,),
                    values={
                        "subject": f"house/{house_id}",
                        "area": house.floor_area_m2,
                        "persons": persons,
                        "cap": cap,
                    },
                )
