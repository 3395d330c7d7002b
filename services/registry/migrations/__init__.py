"""Revisions of the registry's schema."""
