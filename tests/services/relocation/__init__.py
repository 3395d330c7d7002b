"""Tests of the relocation service."""
