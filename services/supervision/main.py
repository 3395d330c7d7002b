"""The supervision service, as one value."""

from pathlib import Path

from chassis.service import Service, Ticker
from contracts import topics
from contracts.events.supervision import EVENTS
from services.supervision.clockwork import watch
from services.supervision.consumers import hear_batch
from services.supervision.routes import PROBLEMS, router
from services.supervision.tables import metadata

SERVICE = Service(
    name="supervision",
    metadata=metadata,
    migrations=Path(__file__).parent / "migrations",
    routers=(router,),
    problems=PROBLEMS,
    publishes=EVENTS,
    batch_topics=tuple(topics.ALL_TOPICS),
    batch_consumer=hear_batch,
    tickers=(Ticker(name="deadlines", every_seconds=0.5, work=watch),),
)
