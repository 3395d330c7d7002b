"""Tests of the supervision service."""
