"""Revisions of the supervision schema."""
