"""Revisions of the subsidy service's schema."""
