"""Tests of relocation's pure decisions."""
