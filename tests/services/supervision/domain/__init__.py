"""Tests of supervision's pure decisions."""
