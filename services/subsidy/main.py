"""The subsidy service, as one value."""

from pathlib import Path

from chassis.service import Service
from contracts import topics
from contracts.events.subsidy import EVENTS
from services.subsidy.consumers import hear_batch
from services.subsidy.routes import PROBLEMS, router
from services.subsidy.tables import metadata

SERVICE = Service(
    name="subsidy",
    metadata=metadata,
    migrations=Path(__file__).parent / "migrations",
    routers=(router,),
    problems=PROBLEMS,
    body_limits={"/subsidy/v1/claims/bulk": 4 * 1024 * 1024},
    publishes=EVENTS,
    batch_topics=(topics.HOUSEHOLD, topics.PAYMENT),
    batch_consumer=hear_batch,
)
