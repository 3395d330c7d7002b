"""Tests of the subsidy service."""
