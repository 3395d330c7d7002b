"""The consumer loop over this service's batch consumer: what cannot be applied is parked, the rest is applied."""

from collections.abc import Sequence

from chassis.bus.port import Batch, Message, Positions
from chassis.consumer import Consumer
from chassis.events import Fact
from chassis.health import Progress
from chassis.ids import new_id
from services.subsidy.main import SERVICE
from tests.kit import Harness
from tests.services.subsidy.builders import VILLAGE, approved_claim, on_register, settled


class OneBatch:
    """A bus that holds one batch and gives it again for as long as it is asked."""

    def __init__(self, messages: Sequence[Message]) -> None:
        self._batch = Batch("finance.payment/0", messages, "1")

    async def start(self, positions: Positions) -> None:
        """Begin at the beginning."""

    async def fetch(self, limit: int, timeout: float) -> Sequence[Batch]:
        """Return the batch."""
        return [self._batch] if limit and timeout else []

    async def again(self, source: str) -> None:
        """Give it again anyway."""

    async def lag(self) -> int:
        """Nothing is behind it."""
        return 0

    async def close(self) -> None:
        """Nothing is open."""


def messages_of(harness: Harness, facts: Sequence[Fact]) -> list[Message]:
    """Return facts as they lie on the bus."""
    sender = harness.unit()
    for fact in facts:
        sender.record(fact, sequence=1, area=VILLAGE)
    return [
        Message(str(number), row.topic, row.key, row.type, row.payload)
        for number, row in enumerate(sender.recorded)
    ]


async def test_money_for_a_claim_never_made_is_parked_and_the_rest_is_applied(subsidy: Harness) -> None:
    household = await on_register(subsidy)
    claim_ids = [await approved_claim(subsidy, household) for _ in range(3)]
    facts = [settled(claim_id, household) for claim_id in (claim_ids[0], str(new_id()), *claim_ids[1:])]
    consumer = Consumer(SERVICE, OneBatch(messages_of(subsidy, facts)), subsidy.unit, Progress("consumer"))

    await consumer.step()

    disbursed = [fact for fact in await subsidy.facts() if fact.type == "subsidy.subsidy-disbursed.v1"]
    (parked,) = await subsidy.sql("SELECT key, cause FROM subsidy.dead_letter")
    assert [fact.subject_id for fact in disbursed] == claim_ids
    assert parked["key"] == str(facts[1].payment_id)
    assert "claim-unknown" in parked["cause"]
