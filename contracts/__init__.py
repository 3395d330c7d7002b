"""The published language: events, topics, roles and wire values that every service may know."""
