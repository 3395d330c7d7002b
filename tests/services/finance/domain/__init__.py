"""Tests of finance's decisions, without any I/O."""
