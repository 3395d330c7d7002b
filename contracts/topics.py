"""The topics: one per owner and aggregate, keyed by the id of the subject so that its events keep their order."""

from typing import Final

HOUSEHOLD: Final = "registry.household"
ROUND: Final = "registry.round"
EVALUATION: Final = "registry.evaluation"
NOTICE: Final = "registry.notice"
RULES: Final = "registry.rules"
AREA: Final = "registry.area"
PROGRAMME: Final = "subsidy.programme"
BENEFIT: Final = "subsidy.benefit"
SITE: Final = "relocation.site"
HOUSE: Final = "relocation.house"
FUND: Final = "finance.fund"
PAYMENT: Final = "finance.payment"
BATCH: Final = "finance.batch"
FINDING: Final = "supervision.finding"
CLOCK: Final = "gateway.clock"

PARTITIONS: Final = 6
ALL_TOPICS: Final[dict[str, int]] = dict.fromkeys(
    (
        HOUSEHOLD,
        ROUND,
        EVALUATION,
        NOTICE,
        RULES,
        AREA,
        PROGRAMME,
        BENEFIT,
        SITE,
        HOUSE,
        FUND,
        PAYMENT,
        BATCH,
        FINDING,
        CLOCK,
    ),
    PARTITIONS,
)


def owner_of(topic: str) -> str:
    """Return the service that alone may publish on a topic."""
    return topic.partition(".")[0]


GATEWAY: Final = "gateway"
SERVICES: Final = tuple(dict.fromkeys(owner for topic in ALL_TOPICS if (owner := owner_of(topic)) != GATEWAY))
"""The services, in the order of their topics: whoever publishes is a service."""
