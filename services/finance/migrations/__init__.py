"""Revisions of the relocation service's schema."""
