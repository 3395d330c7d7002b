"""Tests of pure decisions: no database, no clock."""
