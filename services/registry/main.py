"""The registry service, as one value."""

from pathlib import Path

from chassis.service import Service
from contracts.events import notice, policy, procedure, registry, visit
from services.registry.domain.errors.area import AreaExitedAlready
from services.registry.domain.errors.cross_check import CrossCheckListImported, MatchResolved, MatchSamePerson
from services.registry.domain.errors.determination import SamePersonDetermines
from services.registry.domain.errors.evaluation import MeetingAnnulledAlready
from services.registry.domain.errors.register import (
    FileNumberRegistered,
    IdentityRegistered,
    ImportAlreadyUndone,
)
from services.registry.domain.errors.rule_pack import (
    RulePackReviewed,
    RulePackReviewedByProposer,
    RulePackVersionTaken,
)
from services.registry.routes.every import PROBLEMS, ROUTERS
from services.registry.routes.household import CARD
from services.registry.tables.every import metadata

MEBIBYTE = 1024 * 1024

SERVICE = Service(
    name="registry",
    metadata=metadata,
    migrations=Path(__file__).parent / "migrations",
    quick_reads=(CARD,),
    routers=ROUTERS,
    problems=PROBLEMS,
    constraints={
        "uq_household_file_number": FileNumberRegistered,
        "uq_person_identity_hash": IdentityRegistered,
        "uq_change_set_reverts": ImportAlreadyUndone,
        "uq_area_exit_area_code": AreaExitedAlready,
        "uq_cross_check_list_document": CrossCheckListImported,
        "pk_cross_check_resolution": MatchResolved,
        "ck_cross_check_resolution_second_person": MatchSamePerson,
        "pk_meeting_annulment": MeetingAnnulledAlready,
        "fk_determination_village_determiner": SamePersonDetermines,
        "pk_rule_pack": RulePackVersionTaken,
        "pk_rule_pack_review": RulePackReviewed,
        "ck_rule_pack_review_second_person": RulePackReviewedByProposer,
    },
    body_limits={
        "/registry/v1/imports": 20 * MEBIBYTE,
        "/registry/v1/divisions/imports": 8 * MEBIBYTE,
        "/registry/v1/cross-checks": 20 * MEBIBYTE,
    },
    publishes=(*registry.EVENTS, *visit.EVENTS, *procedure.EVENTS, *notice.EVENTS, *policy.EVENTS),
)
