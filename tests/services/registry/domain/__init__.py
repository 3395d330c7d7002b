"""Tests of the registry's pure decisions."""
