"""Subsidy: programmes, claims for industrial support, and what reached the households."""
