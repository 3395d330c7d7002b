"""Every router of the registry, and which refusal has which status; unlisted business refusals answer 409."""

from chassis.errors import Refusal
from services.registry.routes import (
    area,
    category,
    change,
    cross_check,
    dci,
    disclosure,
    evaluation,
    household,
    leaving,
    line,
    look,
    notice,
    person,
    prints,
    rule_pack,
    statistic,
    visit,
    workbook,
)
from services.registry.routes import round as rounds
from services.registry.routes.status import PROBLEMS as OF_THE_REGISTER

ROUTERS = (
    household.router,
    workbook.router,
    disclosure.router,
    cross_check.router,
    rule_pack.router,
    line.router,
    rounds.router,
    visit.router,
    notice.router,
    leaving.router,
    look.router,
    prints.router,
    change.router,
    dci.router,
    evaluation.router,
    person.router,
    statistic.router,
    category.router,
    area.router,
)
PROBLEMS: dict[type[Refusal], int] = {
    **OF_THE_REGISTER,
    **cross_check.PROBLEMS,
    **rule_pack.PROBLEMS,
    **rounds.PROBLEMS,
    **change.PROBLEMS,
    **visit.PROBLEMS,
    **evaluation.PROBLEMS,
    **area.PROBLEMS,
    **notice.PROBLEMS,
    **leaving.PROBLEMS,
}
