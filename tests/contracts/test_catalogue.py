"""Every event says who owns it, where it travels, who may see it, and when it happens."""

import re

import pytest

from contracts.catalogue import ALL_EVENTS, BY_TYPE
from contracts.roles import ALL_ROLES
from contracts.topics import ALL_TOPICS, owner_of
from contracts.values import INTERNAL, PUBLIC, RESTRICTED


def test_no_event_type_occurs_twice() -> None:
    assert len(BY_TYPE) == len(ALL_EVENTS)


@pytest.mark.parametrize("event", ALL_EVENTS, ids=lambda event: event.event_type)
def test_an_event_type_names_owner_fact_and_version(event: type) -> None:
    assert re.fullmatch(r"[a-z]+\.[a-z]+(-[a-z]+)*\.v[1-9]", event.event_type)  # type: ignore[attr-defined]


@pytest.mark.parametrize("event", ALL_EVENTS, ids=lambda event: event.event_type)
def test_an_event_travels_on_a_known_topic_of_its_owner(event: type) -> None:
    topic = event.topic  # type: ignore[attr-defined]

    assert topic in ALL_TOPICS
    assert owner_of(topic) == owner_of(event.event_type)  # type: ignore[attr-defined]


@pytest.mark.parametrize("event", ALL_EVENTS, ids=lambda event: event.event_type)
def test_an_event_says_who_may_see_it_and_when_it_happens(event: type) -> None:
    assert event.data_class in {PUBLIC, INTERNAL, RESTRICTED}  # type: ignore[attr-defined]
    assert event.__doc__


def test_every_topic_has_events_and_six_partitions() -> None:
    assert {event.topic for event in ALL_EVENTS} == set(ALL_TOPICS)
    assert set(ALL_TOPICS.values()) == {6}


def test_the_roles_are_eleven() -> None:
    assert len(ALL_ROLES) == 11
